// These relationships, whole, as they stand before a change, and the ids of their ends. An end counts only if it has
// the label.
MATCH (s)-[r:RELATION]->(t)
WHERE r.id IN $ids
RETURN collect({
  id: r.id,
  type: 'relation',
  last_updated_at: r.last_updated_at,
  copy: r,
  source: CASE WHEN s:Entity THEN s.id END,
  target: CASE WHEN t:Entity THEN t.id END
}) AS states
