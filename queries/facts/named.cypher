//+ title = "Groups and needs that are named"
//+ question = "Which client groups and needs does each partnership name, in whatever kind of record?"
//+ returns = ["partnership", "terms"]
MATCH (x:Action|Gap|Objective)-[:GROUPS]->(g:ClientGroup)
RETURN x.partnership AS partnership, collect(DISTINCT g.id) AS terms
UNION ALL
MATCH (x:Action|Gap|Objective|Service)-[:NEEDS]->(n:Need)
RETURN x.partnership AS partnership, collect(DISTINCT n.id) AS terms
UNION ALL
MATCH (s:Service)-[:REACH]->(g:ClientGroup)
RETURN s.partnership AS partnership, collect(DISTINCT g.id) AS terms
UNION ALL
MATCH (s:Service)-[r:REACH]->(g:ClientGroup)
RETURN s.partnership AS partnership, r.only_for_needs AS terms
UNION ALL
MATCH (x:Instrument|Observation)-[:ABOUT]->(g:ClientGroup)
RETURN x.partnership AS partnership, collect(DISTINCT g.id) AS terms
UNION ALL
MATCH (x:Gap)-[:RAISED_BY]->(g:ClientGroup)
RETURN x.partnership AS partnership, collect(DISTINCT g.id) AS terms
UNION ALL
MATCH (g:ClientGroup)-[r:REFERRAL]->(x:Service|Agency|Body|Post)
RETURN r.partnership AS partnership, collect(DISTINCT g.id) AS terms
UNION ALL
MATCH (o:Agency|Service|Body|Post|ClientGroup)-[r:REFERRAL]->(x:Service|Agency|Body|Post)
RETURN r.partnership AS partnership, r.for_groups AS terms
UNION ALL
MATCH (o:Agency|Service|Body|Post|ClientGroup)-[r:REFERRAL]->(x:Service|Agency|Body|Post)
RETURN r.partnership AS partnership, r.for_needs AS terms
ORDER BY partnership
