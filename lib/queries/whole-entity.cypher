// All that Neo4j holds of an entity: its nodes and its relationships, whole. The console shows it.
MATCH (e:Entity {id: $id})
RETURN e AS found
UNION ALL
MATCH ()-[r:RELATION {id: $id}]->()
RETURN r AS found
