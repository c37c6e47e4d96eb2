// Gives nodes what deleted copies of them had, labels in the place of the one here. Their timestamps go, or become one
// of long ago where a constraint asks for one: a run that stops here leaves an entity that the next check finds.
UNWIND $rows AS row
MATCH (e) WHERE id(e) = row.number
SET e:`labels of the row`, e += row.properties, e.last_updated_at = $timestamp
