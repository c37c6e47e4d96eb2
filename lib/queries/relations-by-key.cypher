// How many relationships are tied to these nodes: relations by key, others by type; one between two of them
// is counted once.
MATCH (e:Entity)-[r]-()
WHERE e.id IN $ids
WITH DISTINCT r
RETURN CASE WHEN type(r) = 'RELATION' THEN coalesce(toStringOrNull(r.key), '') ELSE type(r) END AS key,
       count(r) AS relations
