// Which of these ids, in whatever way they are written, nodes and relationships have.
MATCH (e:Entity)
WHERE e.id IN $ids
RETURN collect(DISTINCT e.id) AS ids
UNION ALL
MATCH ()-[r:RELATION]->()
WHERE r.id IN $ids
RETURN collect(DISTINCT r.id) AS ids
