// What Neo4j holds of these ids as relationships, with the ids of their ends, and how many characters of text each has.
// An end counts only if it has the label. A relationship with more text than $longest is given without its properties.
// index: CREATE INDEX relation_id IF NOT EXISTS FOR ()-[r:RELATION]-() ON (r.id)
MATCH (s)-[r:RELATION]->(t)
WHERE r.id IN $ids
WITH s, r, t, properties(r) AS copy
WITH s, r, t, copy, reduce(sum = 0, name IN keys(copy) |
                           sum + CASE WHEN copy[name] >= '' THEN size(copy[name]) ELSE 0 END) AS length
RETURN collect({
  id: r.id,
  type: 'relation',
  last_updated_at: r.last_updated_at,
  copy: CASE WHEN length <= $longest THEN copy END,
  length: length,
  source: CASE WHEN s:Entity THEN s.id END,
  target: CASE WHEN t:Entity THEN t.id END
}) AS states
