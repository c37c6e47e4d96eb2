// The relationships that are tied to these nodes: the ids of relations, and an empty text for any other.
MATCH (e:Entity)-[r]-()
WHERE e.id IN $ids
WITH e, CASE type(r) WHEN 'RELATION' THEN coalesce(r.id, '') ELSE '' END AS id
LIMIT $limit
RETURN collect({id: e.id, relation: id}) AS tied
