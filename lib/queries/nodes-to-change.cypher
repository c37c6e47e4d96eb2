// These nodes, whole, as they stand before a change.
MATCH (e:Entity)
WHERE e.id IN $ids
RETURN collect([e.id, e.type, e.last_updated_at, e]) AS states
