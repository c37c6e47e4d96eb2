// The nodes of these ids, each with Neo4j's own number of it and how many relationships are tied to it.
MATCH (e:Entity)
WHERE e.id IN $ids
OPTIONAL MATCH (e)-[r]-()
WITH e, count(r) AS relationships
RETURN collect({id: e.id, number: id(e), node: e, relationships: relationships}) AS nodes
