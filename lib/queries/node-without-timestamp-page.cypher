// One page of the nodes that have an id and no timestamp, in the order of their ids; read only where there are any.
MATCH (e:Entity)
WHERE e.id > $after AND e.id <= $until AND e.last_updated_at IS NULL
WITH e.id AS id
ORDER BY id
LIMIT $limit
RETURN collect(id) AS ids
