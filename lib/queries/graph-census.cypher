// How many nodes and relationships there are, and how many of them the pages will show: the others have no id or no timestamp.
MATCH (any) WITH count(any) AS count RETURN 'all nodes' AS name, count
UNION ALL
MATCH (e:Entity) WITH count(e) AS count RETURN 'nodes' AS name, count
UNION ALL
MATCH ()-[r:RELATION]->() WITH count(r) AS count RETURN 'relationships' AS name, count
UNION ALL
MATCH (e:Entity) WHERE e.id > '' AND e.last_updated_at IS NOT NULL
WITH count(e) AS count RETURN 'nodes in pages' AS name, count
UNION ALL
MATCH ()-[r:RELATION]->() WHERE r.id > '' AND r.last_updated_at IS NOT NULL
WITH count(r) AS count RETURN 'relationships in pages' AS name, count
