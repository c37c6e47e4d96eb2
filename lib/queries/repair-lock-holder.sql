-- Who has taken that lock, and since when. PostgreSQL shows the time to the same user and to pg_read_all_stats.
SELECT holder.application_name AS name,
       holder.usename AS database_user,
       holder.backend_start AS since,
       held.pid
FROM pg_locks held
LEFT JOIN pg_stat_activity holder ON holder.pid = held.pid
WHERE held.locktype = 'advisory'
  AND held.classid = CAST(CAST(:tool AS int) AS oid)
  AND held.objid = CAST(CAST(:graph AS int) AS oid)
  AND held.objsubid = 2
  AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND held.granted
