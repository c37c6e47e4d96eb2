UNWIND range(1, 5) AS i
CREATE (:Entity {id: '00000000-0000-0001-0000-00000000000' + i, type: 'indicator', title: 'a',
                 created_at: datetime('2020-01-01T00:00Z'), last_updated_at: datetime('2024-06-01T00:00Z')});
UNWIND range(1, 15) AS i
CREATE (:Entity {id: '00000000-0000-0002-0000-00000000000' + substring('0123456789abcdef', i, 1),
                 type: 'threat-actor', title: 'b',
                 created_at: datetime('2020-01-01T00:00Z'), last_updated_at: datetime('2024-06-01T00:00Z')});
UNWIND range(1, 5) AS i
MATCH (s:Entity {id: '00000000-0000-0001-0000-00000000000' + i})
MATCH (t:Entity {id: '00000000-0000-0002-0000-00000000000' + i})
CREATE (s)-[:RELATION {id: '00000000-0000-0003-0000-00000000000' + i, key: 'uses',
                       created_at: datetime('2020-01-01T00:00Z'), last_updated_at: datetime('2024-06-01T00:00Z')}]->(t);
