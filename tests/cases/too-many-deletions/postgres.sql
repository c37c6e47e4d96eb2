-- PostgreSQL holds half of what Neo4j holds. That may be a restore that has not finished: nothing is deleted.
INSERT INTO entity
SELECT CAST('00000000-0000-0001-0000-00000000000' || i AS uuid),
       '{"type":"ttp","title":"a"}', '2020-01-01Z', '2024-06-01Z'
FROM generate_series(1, 4) AS i;
