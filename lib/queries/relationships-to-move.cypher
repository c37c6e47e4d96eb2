// Some of the relationships, of any type, that are tied to these nodes: locked first, then read. Only a relation has an
// id; any other relationship has none, whatever its properties say.
MATCH (copy)
WHERE id(copy) IN $nodes
MATCH (copy)-[r]-()
WITH DISTINCT r
LIMIT $limit
SET r.id = r.id
WITH r, startNode(r) AS source, endNode(r) AS target
RETURN collect({
  number: id(r),
  relationship: r,
  relation: CASE type(r) WHEN 'RELATION' THEN r.id END,
  source: source.id,
  target: target.id,
  source_number: id(source),
  target_number: id(target)
}) AS relationships
