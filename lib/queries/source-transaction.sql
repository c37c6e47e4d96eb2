-- Settings for one transaction, set before its query. Nothing is set for the session, which a pooler gives to others
-- next. With row_security off, PostgreSQL refuses a query from which a policy would hide rows. With a custom plan, a
-- page of all types is read from an index alone.
SELECT set_config('transaction_read_only', 'on', true),
       set_config('row_security', 'off', true),
       set_config('application_name', :application_name, true),
       set_config('statement_timeout', :statement_timeout, true),
       set_config('idle_in_transaction_session_timeout', :statement_timeout, true),
       set_config('plan_cache_mode', 'force_custom_plan', true),
       set_config('TimeZone', 'UTC', true),
       pg_backend_pid() AS backend,
       pg_is_in_recovery() AS standby
