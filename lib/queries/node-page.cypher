// One page of the nodes that have a timestamp, in the order of their ids.
// index: CREATE INDEX entity_id_last_updated_at IF NOT EXISTS FOR (e:Entity) ON (e.id, e.last_updated_at)
MATCH (e:Entity)
WHERE e.id > $after AND e.id <= $until AND e.last_updated_at IS NOT NULL
WITH e.id AS id, e.last_updated_at AS timestamp
ORDER BY id
LIMIT $limit
RETURN collect(id) AS ids, collect(timestamp) AS timestamps
