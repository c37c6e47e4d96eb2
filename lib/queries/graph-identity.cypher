// Which Neo4j database this is.
CALL db.info() YIELD id, name
CALL dbms.components() YIELD versions
RETURN id, name, versions[0] AS version
LIMIT 1
