// Counts of nodes and relationships without an id, and of those whose id is no text: they belong to no entity.
MATCH (e:Entity)
WHERE NOT coalesce(e.id > '', false)
RETURN count(e) - count(e.id) AS without_id, count(e.id) AS with_other_id
UNION ALL
MATCH ()-[r:RELATION]->()
WHERE NOT coalesce(r.id > '', false)
RETURN count(r) - count(r.id) AS without_id, count(r.id) AS with_other_id
