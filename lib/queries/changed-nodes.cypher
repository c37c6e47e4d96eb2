// The ids of nodes that were changed after a time, in no order: at most so many for each encoding of a timestamp.
// All texts are given, whatever they say: Neo4j does not compare them as times.
// Asked if the index is there; else all pages are read.
// index: CREATE INDEX entity_last_updated_at IF NOT EXISTS FOR (e:Entity) ON (e.last_updated_at)
CALL {
  MATCH (e:Entity) WHERE e.last_updated_at > $instant RETURN e.id AS id LIMIT $limit
  UNION ALL
  MATCH (e:Entity) WHERE e.last_updated_at > $local RETURN e.id AS id LIMIT $limit
  UNION ALL
  MATCH (e:Entity) WHERE e.last_updated_at >= $millis RETURN e.id AS id LIMIT $limit
  UNION ALL
  MATCH (e:Entity) WHERE e.last_updated_at >= '' RETURN e.id AS id LIMIT $limit
}
RETURN collect(id) AS ids
