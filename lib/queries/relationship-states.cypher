// What Neo4j holds of these ids as relationships, with the ids of their ends. An end counts only if it has the label.
// index: CREATE INDEX relation_id IF NOT EXISTS FOR ()-[r:RELATION]-() ON (r.id)
MATCH (s)-[r:RELATION]->(t)
WHERE r.id IN $ids
RETURN collect([r.id, 'relation', r.last_updated_at, properties(r),
                CASE WHEN s:Entity THEN s.id END, CASE WHEN t:Entity THEN t.id END]) AS states
