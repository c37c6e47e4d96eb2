// Which of these ids nodes and relationships have. The ids may be written in any way.
MATCH (e:Entity)
WHERE e.id IN $ids
RETURN collect(DISTINCT e.id) AS ids
UNION ALL
MATCH ()-[r:RELATION]->()
WHERE r.id IN $ids
RETURN collect(DISTINCT r.id) AS ids
