// The same page as node-page-datetime.cypher with what the nodes hold: the comment in it is where the columns of
// entity-projection.sql are put. Where it fails, the nodes of the page are looked up by their ids.
MATCH (e:Entity)
WHERE e.id > $after AND e.id <= $until AND e.last_updated_at IS NOT NULL
WITH e
ORDER BY e.id
LIMIT $limit
RETURN /* content of e */
       collect(e.id) AS ids,
       collect(e.last_updated_at.epochMillis * 1000 + e.last_updated_at.microsecond % 1000) AS timestamps
