// Takes the write locks of these nodes by setting a property to what it is: nothing is written.
// What the same transaction then reads of them cannot change until its end.
MATCH (e:Entity)
WHERE e.id IN $ids
SET e.id = e.id
