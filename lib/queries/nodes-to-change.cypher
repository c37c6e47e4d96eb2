// These nodes, whole, as they stand before a change.
MATCH (e:Entity)
WHERE e.id IN $ids
RETURN collect({id: e.id, type: e.type, last_updated_at: e.last_updated_at, copy: e}) AS states
