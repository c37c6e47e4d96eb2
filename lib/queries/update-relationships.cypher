// Makes relationships equal to what is given for their ids. Each is there once, and between the right ends.
// They are found by their ids: the way over a node takes longer, the more relationships it has.
MATCH ()-[r:RELATION]->()
WHERE r.id IN $ids
SET r = $properties[r.id]
