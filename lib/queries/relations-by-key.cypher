// How many relations are tied to these nodes, by key; one between two of them is counted once.
MATCH (e:Entity)-[r:RELATION]-(other)
WHERE e.id IN $ids AND (startNode(r) = e OR NOT coalesce(other.id, '') IN $ids)
RETURN coalesce(toString(r.key), '') AS key, count(r) AS relations
