-- What the doctor asks of PostgreSQL: what the user may do, what kind of table it is, and its clock.
SELECT has_table_privilege('entity', 'INSERT') OR has_table_privilege('entity', 'UPDATE')
           OR has_table_privilege('entity', 'DELETE') AS may_write,
       (SELECT CAST(relkind AS text) FROM pg_class WHERE oid = to_regclass('entity')) AS kind,
       clock_timestamp() AS clock
