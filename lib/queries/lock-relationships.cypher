// Takes the write locks of these relationships, likewise.
MATCH ()-[r:RELATION]->()
WHERE r.id IN $ids
SET r.id = r.id
