// Makes sure that there are nodes to tie relationships to. A new one has all of its row but the timestamp, or one
// of long ago: a run that stops here leaves an entity that the next check finds.
UNWIND $rows AS row
MERGE (e:Entity {id: row.id})
ON CREATE SET e = row
