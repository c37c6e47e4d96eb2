// Creates placeholders for missing nodes, to tie relationships to. A placeholder has all of its row but the timestamp,
// or one of 1970: a run that stops here leaves an entity that the next check finds.
UNWIND $rows AS row
MERGE (e:Entity {id: row.id})
ON CREATE SET e = row
