// Makes each node equal to its row: properties that the row does not name are removed.
UNWIND $rows AS row
MERGE (e:Entity {id: row.id})
SET e = row
