// Gives nodes the labels and properties of their deleted duplicates; the labels stand in place of the one here. Their
// timestamps are removed, or set to 1970 where a constraint asks for one: a run that stops here leaves an entity that
// the next check finds.
UNWIND $rows AS row
MATCH (e) WHERE id(e) = row.number
SET e:`labels of the row`, e += row.properties, e.last_updated_at = $timestamp
