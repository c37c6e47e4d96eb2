// Deletes nodes whose relationships are gone already.
MATCH (e:Entity)
WHERE e.id IN $ids
DETACH DELETE e
