// The indexes that can be used now to find nodes and relationships by a property: no text, point or full-text index,
// which finds only some.
SHOW INDEXES YIELD entityType, labelsOrTypes, properties, state, type
WHERE state = 'ONLINE' AND properties IS NOT NULL AND type IN ['RANGE', 'BTREE']
RETURN entityType, labelsOrTypes, properties
