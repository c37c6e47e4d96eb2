-- Other services keep labels, nodes and relationships of their own. A repair leaves them alone.
INSERT INTO entity VALUES
  ('00000000-0000-0001-0000-000000000001', '{"type":"ttp","title":"new"}', '2020-01-01Z', '2024-06-01Z');
