// The same page as relationship-page-datetime.cypher with what the relationships hold, and their ends: the comment in
// it is where the columns of relation-projection.sql are put. Where it fails, the relationships of the page are looked
// up by their ids. An end counts only if it has the label.
MATCH (s)-[r:RELATION]->(t)
WHERE r.id > $after AND r.id <= $until AND r.last_updated_at IS NOT NULL
WITH s, r, t
ORDER BY r.id
LIMIT $limit
RETURN /* content of r */
       collect(r.id) AS ids,
       collect(r.last_updated_at.epochMillis * 1000 + r.last_updated_at.microsecond % 1000) AS timestamps,
       collect(coalesce(CASE WHEN s:Entity THEN s.id END, false)) AS source,
       collect(coalesce(CASE WHEN t:Entity THEN t.id END, false)) AS target
