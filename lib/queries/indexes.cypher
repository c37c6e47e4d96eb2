// The indexes that can be used now.
SHOW INDEXES YIELD labelsOrTypes, properties, state
WHERE state = 'ONLINE' AND properties IS NOT NULL
RETURN labelsOrTypes, properties
