// Makes relationships equal to what is given for their ids; each is there once, and between the right ends.
// By the relationship's id, since the way over a node takes the longer the more relationships that has.
MATCH ()-[r:RELATION]->()
WHERE r.id IN $ids
SET r = $properties[r.id]
