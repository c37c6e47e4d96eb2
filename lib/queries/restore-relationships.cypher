// Creates deleted relationships again, between nodes of these element ids. Before Neo4j 5.26 the type stands in the
// query's text.
UNWIND $rows AS row
MATCH (s) WHERE elementId(s) = row.source
MATCH (t) WHERE elementId(t) = row.target
CREATE (s)-[r:$(row.names)]->(t)
SET r = row.properties
RETURN count(r) AS done
