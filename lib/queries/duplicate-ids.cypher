// Which of these ids more than one node has.
MATCH (e:Entity)
WHERE e.id IN $ids
WITH e.id AS id, count(*) AS copies
WHERE copies > 1
RETURN collect(id) AS ids
