// Deletes some of the relationships, of any type, that are tied to these nodes. If $relations is not null, only those
// with these ids.
// Gives what they were, and the ids of relations; any other relationship has no id, whatever its properties say.
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
