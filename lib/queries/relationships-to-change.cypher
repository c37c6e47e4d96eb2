// These relationships, whole, as they stand before a change, and the ids of their ends.
MATCH (s)-[r:RELATION]->(t)
WHERE r.id IN $ids
RETURN collect([r.id, 'relation', r.last_updated_at, r, s.id, t.id]) AS states
