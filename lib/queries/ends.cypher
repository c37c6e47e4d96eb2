// The element ids of the nodes of these ids, and which of these element ids belong to nodes without such an id.
MATCH (e:Entity)
WHERE e.id IN $ids
RETURN collect({id: e.id, element: elementId(e)}) AS found
UNION ALL
MATCH (e)
WHERE elementId(e) IN $elements
RETURN collect({id: e.id, element: elementId(e)}) AS found
