// Creates deleted relationships again, between nodes of these element ids; their type stands in the place of the one here.
// One that has no id is left out where the same is there, but for those that this run made before.
UNWIND $rows AS row
MATCH (s) WHERE elementId(s) = row.source
MATCH (t) WHERE elementId(t) = row.target
WITH row, s, t
WHERE row.id IS NOT NULL OR COUNT { MATCH (s)-[same:`type of the row`]->(t) WHERE properties(same) = row.properties } <= row.before
CREATE (s)-[r:`type of the row`]->(t)
SET r = row.properties
RETURN collect(row.number) AS restored
