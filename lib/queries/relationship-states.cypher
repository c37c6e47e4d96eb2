// What Neo4j holds of these ids as relationships, with the ids of their ends.
// index: CREATE INDEX relation_id IF NOT EXISTS FOR ()-[r:RELATION]-() ON (r.id)
MATCH (s)-[r:RELATION]->(t)
WHERE r.id IN $ids
RETURN collect([r.id, 'relation', r.last_updated_at, properties(r), s.id, t.id]) AS states
