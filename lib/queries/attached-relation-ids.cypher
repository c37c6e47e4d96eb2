// The ids of some of the relations that are tied to these nodes.
MATCH (e:Entity)-[r:RELATION]-()
WHERE e.id IN $ids AND r.id > ''
WITH DISTINCT r.id AS id
LIMIT $limit
RETURN collect(id) AS ids
