// How many nodes and relationships have an id and no timestamp.
MATCH (e:Entity)
WHERE e.id > '' AND e.last_updated_at IS NULL
RETURN count(e) AS without_timestamp
UNION ALL
MATCH ()-[r:RELATION]->()
WHERE r.id > '' AND r.last_updated_at IS NULL
RETURN count(r) AS without_timestamp
