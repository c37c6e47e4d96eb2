// Deletes every relationship that has one of these ids.
MATCH ()-[r:RELATION]->()
WHERE r.id IN $ids
DELETE r
