// How many relationships are tied to these nodes: relations by key, others by type. One between two of these nodes
// is counted once.
MATCH (e:Entity)-[r]-()
WHERE e.id IN $ids
WITH DISTINCT r
RETURN CASE WHEN type(r) = 'RELATION' THEN coalesce(toStringOrNull(r.key), '') ELSE type(r) END AS key,
       count(r) AS relations
