// Creates deleted nodes again. Before Neo4j 5.26 the labels stand in the query's text, for rows that all have the same.
UNWIND $rows AS row
CREATE (e:$(row.names))
SET e = row.properties
