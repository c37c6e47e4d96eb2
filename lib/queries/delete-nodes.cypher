// Deletes nodes to which no relationship is tied.
MATCH (e:Entity)
WHERE e.id IN $ids AND NOT (e)--()
WITH e, e.id AS id
DELETE e
RETURN collect(id) AS deleted
