// The same page as relationship-page.cypher, its timestamps as microseconds since 1970, which are quicker to send.
// It fails, and that one is asked instead, where a timestamp is no DateTime.
MATCH ()-[r:RELATION]->()
WHERE r.id > $after AND r.last_updated_at IS NOT NULL
WITH r.id AS id, r.last_updated_at AS timestamp
ORDER BY id
LIMIT $limit
RETURN collect(id) AS ids, collect(timestamp.epochMillis * 1000 + timestamp.microsecond % 1000) AS timestamps
