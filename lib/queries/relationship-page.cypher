// One page of the relationships that have a timestamp, in the order of their ids.
// index: CREATE INDEX relation_id_last_updated_at IF NOT EXISTS FOR ()-[r:RELATION]-() ON (r.id, r.last_updated_at)
MATCH ()-[r:RELATION]->()
WHERE r.id > $after AND r.id <= $until AND r.last_updated_at IS NOT NULL
WITH r.id AS id, r.last_updated_at AS timestamp
ORDER BY id
LIMIT $limit
RETURN collect(id) AS ids, collect(timestamp) AS timestamps
