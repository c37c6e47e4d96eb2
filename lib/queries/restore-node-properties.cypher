// Gives nodes of these element ids their properties back.
UNWIND $rows AS row
MATCH (e) WHERE elementId(e) = row.element
SET e = row.properties
