// The same page as node-page.cypher, with timestamps in microseconds since 1970, which is quicker.
// It fails if a timestamp is no DateTime; then node-page.cypher is asked.
MATCH (e:Entity)
WHERE e.id > $after AND e.id <= $until AND e.last_updated_at IS NOT NULL
WITH e.id AS id, e.last_updated_at AS timestamp
ORDER BY id
LIMIT $limit
RETURN collect(id) AS ids, collect(timestamp.epochMillis * 1000 + timestamp.microsecond % 1000) AS timestamps
