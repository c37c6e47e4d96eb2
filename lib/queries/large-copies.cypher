// Those of these ids whose copies in Neo4j hold much text, each with about how many characters. Such are looked at a
// few at a time.
MATCH (e:Entity)
WHERE e.id IN $ids
WITH e.id AS id, reduce(length = 0, name IN keys(e) | length + coalesce(size(toStringOrNull(e[name])), 0)) AS length
WHERE length > 10000
RETURN id, length
UNION ALL
MATCH ()-[r:RELATION]->()
WHERE r.id IN $ids
WITH r.id AS id, reduce(length = 0, name IN keys(r) | length + coalesce(size(toStringOrNull(r[name])), 0)) AS length
WHERE length > 10000
RETURN id, length
