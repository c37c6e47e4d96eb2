-- A type was ingested anew: every indicator has another title since July, and Neo4j has not heard of it.
-- Five indicators, each with a relation to a threat actor, and ten threat actors more.
INSERT INTO entity
SELECT CAST('00000000-0000-0001-0000-' || lpad(to_hex(i), 12, '0') AS uuid),
       '{"type":"indicator","title":"a"}', '2020-01-01Z', '2024-06-01Z'
FROM generate_series(1, 5) AS i;
INSERT INTO entity
SELECT CAST('00000000-0000-0002-0000-' || lpad(to_hex(i), 12, '0') AS uuid),
       '{"type":"threat-actor","title":"b"}', '2020-01-01Z', '2024-06-01Z'
FROM generate_series(1, 15) AS i;
INSERT INTO entity
SELECT CAST('00000000-0000-0003-0000-' || lpad(to_hex(i), 12, '0') AS uuid),
       jsonb_build_object('type', 'relation', 'key', 'uses',
                          'source', '00000000-0000-0001-0000-' || lpad(to_hex(i), 12, '0'),
                          'target', '00000000-0000-0002-0000-' || lpad(to_hex(i), 12, '0')),
       '2020-01-01Z', '2024-06-01Z'
FROM generate_series(1, 5) AS i;

UPDATE entity SET data = data || '{"title":"anew"}', last_updated_at = '2024-07-01Z' WHERE data->>'type' = 'indicator';
