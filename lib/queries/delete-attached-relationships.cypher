// Deletes some of the relationships, of any type, that are tied to these nodes.
MATCH (e:Entity)-[r]-()
WHERE e.id IN $ids
WITH DISTINCT r
LIMIT $limit
DELETE r
RETURN count(*) AS deleted
