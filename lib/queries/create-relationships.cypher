// Creates relationships. A row with a missing end creates none; a row with a duplicate end creates two.
UNWIND $rows AS row
MATCH (s:Entity {id: row.source})
MATCH (t:Entity {id: row.target})
CREATE (s)-[r:RELATION]->(t)
SET r = row.properties
RETURN collect(row.id) AS created
