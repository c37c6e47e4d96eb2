// The relationships of a type between two nodes of these element ids, by the row's number.
UNWIND $rows AS row
MATCH (s) WHERE elementId(s) = row.source
MATCH (t) WHERE elementId(t) = row.target
MATCH (s)-[r]->(t)
WHERE type(r) = row.type
RETURN collect({number: row.number, relationship: r}) AS found
