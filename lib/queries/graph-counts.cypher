// How many nodes and relationships there are, by the counts that Neo4j keeps.
// If pages give fewer, the others have no id or no timestamp: a check then looks for those.
MATCH (any) WITH count(any) AS count RETURN 'all nodes' AS name, count
UNION ALL
MATCH (e:Entity) WITH count(e) AS count RETURN 'nodes' AS name, count
UNION ALL
MATCH ()-[r:RELATION]->() WITH count(r) AS count RETURN 'relationships' AS name, count
