-- Takes the lock that one repair of one graph holds at a time, if nobody has it. It needs no table, and goes with the session.
SELECT pg_try_advisory_lock(CAST(:tool AS int), CAST(:graph AS int)) AS taken
