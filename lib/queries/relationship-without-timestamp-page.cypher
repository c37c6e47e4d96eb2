// One page of the relationships that have an id and no timestamp, in the order of their ids; read only where there are
// any.
MATCH ()-[r:RELATION]->()
WHERE r.id > $after AND r.id <= $until AND r.last_updated_at IS NULL
WITH r.id AS id
ORDER BY id
LIMIT $limit
RETURN collect(id) AS ids
