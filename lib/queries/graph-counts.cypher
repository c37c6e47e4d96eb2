// How many nodes and relationships there are, from Neo4j's own counts:
// what the pages do not show of them has no id or no timestamp, and is looked for apart.
MATCH (any) WITH count(any) AS count RETURN 'all nodes' AS name, count
UNION ALL
MATCH (e:Entity) WITH count(e) AS count RETURN 'nodes' AS name, count
UNION ALL
MATCH ()-[r:RELATION]->() WITH count(r) AS count RETURN 'relationships' AS name, count
