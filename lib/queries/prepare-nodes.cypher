// Makes sure that there are nodes to tie relationships to. A new one has no timestamp,
// so that a run stopped here leaves an entity that the next check finds.
UNWIND $ids AS id
MERGE (e:Entity {id: id})
