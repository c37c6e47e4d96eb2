// Takes the write locks of these nodes by a change that changes nothing and is not written.
// What the same transaction reads of them after that holds until its end.
MATCH (e:Entity)
WHERE e.id IN $ids
SET e.id = e.id
