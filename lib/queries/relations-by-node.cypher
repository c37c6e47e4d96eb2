// For each of these nodes: how many relations are tied to it, and the ids of the first of them in their order.
MATCH (e:Entity)
WHERE e.id IN $ids
CALL {
  WITH e
  MATCH (e)-[r:RELATION]-()
  WHERE r.id > ''
  WITH r.id AS id
  ORDER BY id
  LIMIT $limit
  RETURN collect(id) AS first
}
CALL {
  WITH e
  MATCH (e)-[r:RELATION]-()
  WHERE r.id > ''
  RETURN count(r) AS total
}
RETURN e.id AS id, total, first
