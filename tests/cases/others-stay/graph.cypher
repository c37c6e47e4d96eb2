CREATE (e:Entity:Watched {id: '00000000-0000-0001-0000-000000000001', type: 'ttp', title: 'old',
                          last_updated_at: datetime('2024-01-01T00:00Z')})
CREATE (e)-[:SCORED]->(:Score {value: 7});
