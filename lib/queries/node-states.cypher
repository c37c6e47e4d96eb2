// What Neo4j holds of these ids as nodes.
// index: CREATE INDEX entity_id IF NOT EXISTS FOR (e:Entity) ON (e.id)
MATCH (e:Entity)
WHERE e.id IN $ids
RETURN collect([e.id, e.type, e.last_updated_at, properties(e)]) AS states
