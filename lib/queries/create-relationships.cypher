// Creates relationships; a row whose end is not there creates none, and one whose end is there twice creates two.
UNWIND $rows AS row
MATCH (s:Entity {id: row.source})
MATCH (t:Entity {id: row.target})
CREATE (s)-[r:RELATION]->(t)
SET r = row.properties
RETURN collect(row.id) AS created
