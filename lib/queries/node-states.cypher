// What Neo4j holds of these ids as nodes, and how many characters of text each node has. A node with more of them than
// $longest is given without its properties: the code asks for such by themselves, a few at a time.
// index: CREATE INDEX entity_id IF NOT EXISTS FOR (e:Entity) ON (e.id)
MATCH (e:Entity)
WHERE e.id IN $ids
WITH e, properties(e) AS copy
WITH e, copy, reduce(sum = 0, name IN keys(copy) |
                     sum + CASE WHEN copy[name] >= '' THEN size(copy[name]) ELSE 0 END) AS length
RETURN collect({
  id: e.id,
  type: e.type,
  last_updated_at: e.last_updated_at,
  copy: CASE WHEN length <= $longest THEN copy END,
  length: length
}) AS states
