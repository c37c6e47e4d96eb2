// The ids of relationships that were changed after a time, likewise.
// index: CREATE INDEX relation_last_updated_at IF NOT EXISTS FOR ()-[r:RELATION]-() ON (r.last_updated_at)
CALL {
  MATCH ()-[r:RELATION]->() WHERE r.last_updated_at > $instant RETURN r.id AS id LIMIT $limit
  UNION ALL
  MATCH ()-[r:RELATION]->() WHERE r.last_updated_at > $local RETURN r.id AS id LIMIT $limit
  UNION ALL
  MATCH ()-[r:RELATION]->() WHERE r.last_updated_at >= $millis RETURN r.id AS id LIMIT $limit
  UNION ALL
  MATCH ()-[r:RELATION]->() WHERE r.last_updated_at >= '' RETURN r.id AS id LIMIT $limit
}
RETURN collect(id) AS ids
