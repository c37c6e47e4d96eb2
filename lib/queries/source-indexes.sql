-- The indexes of all rows that can be used now: the table, and the columns in their order. An expression is null.
SELECT t.relname AS "table",
       array_agg(a.attname ORDER BY k.position) AS columns
FROM pg_index i
JOIN pg_class t ON t.oid = i.indrelid
CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (attnum, position)
LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
WHERE i.indisvalid AND i.indpred IS NULL AND pg_table_is_visible(t.oid)
GROUP BY i.indexrelid, t.relname
