UNWIND ['1', '2'] AS n
CREATE (:Entity {id: '00000000-0000-0001-0000-00000000000' + n, type: 'ttp',
                 last_updated_at: datetime('2023-01-01T00:00Z')});
