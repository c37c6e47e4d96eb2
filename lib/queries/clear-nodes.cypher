// Takes all but its id from each of these nodes, which is then written in the same transaction:
// two that swap a value which must be unique would stand in each other's way.
MATCH (e:Entity)
WHERE e.id IN $ids
SET e = {id: e.id}
