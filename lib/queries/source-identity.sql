-- Which PostgreSQL this is: restoring or promoting a copy keeps the system identifier, initdb makes a new one.
SELECT current_database() AS name,
       current_setting('server_version') AS version,
       (SELECT system_identifier FROM pg_control_system()) AS system_identifier
