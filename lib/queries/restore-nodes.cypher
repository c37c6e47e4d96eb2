// Creates deleted nodes again; their labels stand in the place of the one here.
UNWIND $rows AS row
CREATE (e:`labels of the row`)
SET e = row.properties
RETURN collect([row.element, elementId(e)]) AS restored
