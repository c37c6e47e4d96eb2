// The indexes that can be used now to find nodes and relationships by a property. Text, point and full-text indexes do
// not count: they find only some values.
SHOW INDEXES YIELD entityType, labelsOrTypes, properties, state, type
WHERE state = 'ONLINE' AND properties IS NOT NULL AND type IN ['RANGE', 'BTREE']
RETURN entityType, labelsOrTypes, properties
