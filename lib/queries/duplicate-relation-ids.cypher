// Which of these ids more than one relationship has.
MATCH ()-[r:RELATION]->()
WHERE r.id IN $ids
WITH r.id AS id, count(*) AS copies
WHERE copies > 1
RETURN collect(id) AS ids
