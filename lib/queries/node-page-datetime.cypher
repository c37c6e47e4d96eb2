// The same page as node-page.cypher, its timestamps as microseconds since 1970, which are quicker to send.
// It fails, and that one is asked instead, where a timestamp is no DateTime.
MATCH (e:Entity)
WHERE e.id > $after AND e.last_updated_at IS NOT NULL
WITH e.id AS id, e.last_updated_at AS timestamp
ORDER BY id
LIMIT $limit
RETURN collect(id) AS ids, collect(timestamp.epochMillis * 1000 + timestamp.microsecond % 1000) AS timestamps
