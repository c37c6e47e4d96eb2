// Those of the entities of these nodes that have the most relationships, of any type.
MATCH (e:Entity)
WHERE e.id IN $ids
OPTIONAL MATCH (e)-[r]-()
WITH e.id AS id, min(coalesce(toStringOrNull(e.type), '')) AS type,
     left(min(toStringOrNull(e.title)), 200) AS title, count(DISTINCT r) AS relations
ORDER BY relations DESC
LIMIT $limit
RETURN id, type, title, relations
