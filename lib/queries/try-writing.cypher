// Asks for the privileges that a repair needs; its transaction is always rolled back.
MATCH (e:Entity)
WHERE e.id > ''
WITH e
LIMIT 1
SET e.id = e.id
CREATE (copy:Entity)
DELETE copy
