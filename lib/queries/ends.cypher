// The nodes with these ids, and the nodes with these element ids: of each the id and the element id.
MATCH (e:Entity)
WHERE e.id IN $ids
RETURN collect({id: e.id, element: elementId(e)}) AS found
UNION ALL
MATCH (e)
WHERE elementId(e) IN $elements
RETURN collect({id: e.id, element: elementId(e)}) AS found
