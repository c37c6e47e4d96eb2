// Those of these nodes that have the most relations.
MATCH (e:Entity)
WHERE e.id IN $ids
OPTIONAL MATCH (e)-[r:RELATION]-()
WITH e, count(r) AS relations
ORDER BY relations DESC
LIMIT $limit
RETURN e.id AS id, coalesce(toString(e.type), '') AS type, relations
