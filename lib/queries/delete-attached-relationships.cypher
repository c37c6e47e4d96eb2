// Deletes some of the relationships, of any type, that are tied to these nodes: where $relations is not null, only
// those of these ids.
// Gives what they were, and the id of each that is a relation; any other has none, whatever its properties say.
MATCH (e:Entity)-[r]-()
WHERE e.id IN $ids AND ($relations IS NULL OR r.id IN $relations)
WITH DISTINCT r
LIMIT $limit
WITH r, elementId(r) AS element, type(r) AS type, properties(r) AS properties,
     startNode(r) AS source, endNode(r) AS target
DELETE r
RETURN collect({
  element: element,
  type: type,
  properties: properties,
  source: source,
  target: target,
  relation: CASE type WHEN 'RELATION' THEN properties.id END
}) AS deleted
