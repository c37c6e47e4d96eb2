-- Which database cluster this is: restoring or promoting a copy keeps the system identifier, initdb makes a new one.
-- Some hosters let nobody see it.
SELECT system_identifier FROM pg_control_system()
