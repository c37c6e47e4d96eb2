-- Changed lately in PostgreSQL and long ago in Neo4j: --changed-after must not make it look absent there.
INSERT INTO entity VALUES
  ('00000000-0000-0001-0000-000000000001', '{"type":"ttp","title":"changed"}',   '2020-01-01Z', '2024-06-01Z'),
  ('00000000-0000-0001-0000-000000000002', '{"type":"ttp","title":"unchanged"}', '2020-01-01Z', '2023-06-01Z');
