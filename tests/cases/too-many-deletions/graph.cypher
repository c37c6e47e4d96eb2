UNWIND range(1, 8) AS i
CREATE (:Entity {id: '00000000-0000-0001-0000-00000000000' + i, type: 'ttp', title: 'a',
                 created_at: datetime('2020-01-01T00:00Z'), last_updated_at: datetime('2024-06-01T00:00Z')});
