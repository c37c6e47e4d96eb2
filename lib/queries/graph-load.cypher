// How busy Neo4j is: transactions of others. To see other users' transactions takes the privilege SHOW TRANSACTION (*).
SHOW TRANSACTIONS YIELD metaData, status
WHERE status STARTS WITH 'Running' AND coalesce(metaData.application, '') <> 'sync-data'
RETURN count(*) AS running
