//+ title = "Needs that all other services meet"
//+ question = "Which needs are met, and how strongly, by services of all partnerships that are for none of certain client groups?"
//+ params.groups = { type = "ids", about = "the groups that the services are not for" }
//+ returns = ["strength", "only_needs", "need"]
MATCH (s:Service)-[r:REACH]->(g:ClientGroup)
WHERE NOT EXISTS { MATCH (s)-[:REACH]->(x:ClientGroup) WHERE x.id IN $groups }
OPTIONAL MATCH (s)-[:NEEDS]->(n:Need)
RETURN DISTINCT r.strength AS strength, r.only_for_needs AS only_needs, n.id AS need
ORDER BY strength, need
