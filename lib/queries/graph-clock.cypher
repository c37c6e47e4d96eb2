// The clock of Neo4j's machine.
RETURN datetime.realtime() AS clock
