// Deletes nodes to which no relationship is tied.
MATCH (copy)
WHERE id(copy) IN $nodes AND NOT (copy)--()
WITH copy, id(copy) AS number
DELETE copy
RETURN collect(number) AS deleted
