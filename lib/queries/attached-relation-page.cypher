// One page of the ids of the relations that are tied to these nodes, in their order.
MATCH (e:Entity)-[r:RELATION]-()
WHERE e.id IN $ids AND r.id > $after
WITH DISTINCT r.id AS id
ORDER BY id
LIMIT $limit
RETURN collect(id) AS ids
