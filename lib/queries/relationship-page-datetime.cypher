// The same page as relationship-page.cypher, with timestamps in microseconds since 1970, which is quicker.
// It fails if a timestamp is no DateTime; then relationship-page.cypher is asked.
MATCH ()-[r:RELATION]->()
WHERE r.id > $after AND r.id <= $until AND r.last_updated_at IS NOT NULL
WITH r.id AS id, r.last_updated_at AS timestamp
ORDER BY id
LIMIT $limit
RETURN collect(id) AS ids, collect(timestamp.epochMillis * 1000 + timestamp.microsecond % 1000) AS timestamps
