// Makes relationships, each there once and between the right ends, equal to their rows.
UNWIND $rows AS row
MATCH (s:Entity {id: row.source})-[r:RELATION {id: row.id}]->(t:Entity {id: row.target})
SET r = row.properties
