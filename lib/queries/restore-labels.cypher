// Gives nodes of these element ids labels that they had.
UNWIND $rows AS row
MATCH (e) WHERE elementId(e) = row.element
SET e:$(row.names)
