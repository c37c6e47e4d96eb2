// Which Neo4j database this is.
CALL db.info() YIELD id, name
CALL dbms.components() YIELD name AS component, versions
WITH id, name, component, versions
WHERE component STARTS WITH 'Neo4j'
RETURN id, name, versions[0] AS version
LIMIT 1
