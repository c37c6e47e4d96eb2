MATCH (e:Entity:Watched {title: 'new'})-[:SCORED]->(s:Score {value: 7}) RETURN count(*) = 1;
MATCH (n) RETURN count(n) = 2;
