// Removes all properties but the id from nodes that are then written in the same transaction:
// otherwise two nodes could not swap a value that has to be unique.
MATCH (e:Entity)
WHERE e.id IN $ids
SET e = {id: e.id}
