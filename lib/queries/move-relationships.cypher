// Ties relationships to other nodes: each is created again. Its type stands in place of the one here.
UNWIND $rows AS row
MATCH ()-[old]->() WHERE id(old) = row.number
MATCH (s) WHERE id(s) = row.source
MATCH (t) WHERE id(t) = row.target
WITH old, s, t, properties(old) AS properties
DELETE old
CREATE (s)-[r:`type of the row`]->(t)
SET r = properties
RETURN count(r) AS moved
