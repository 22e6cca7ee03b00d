//+ title = "Needs that services for some groups meet"
//+ question = "Which services of all partnerships are for certain client groups, for whom else, and which needs do they meet?"
//+ params.groups = { type = "ids", about = "the groups looked for" }
//+ returns = ["service", "term", "strength", "only_needs", "needs"]
MATCH (f:Service)-[:REACH]->(x:ClientGroup)
WHERE x.id IN $groups
WITH DISTINCT f.id AS found
MATCH (s:Service)-[r:REACH]->(g:ClientGroup)
WHERE s.id = found
OPTIONAL MATCH (s)-[:NEEDS]->(n:Need)
RETURN s.id AS service, g.id AS term, r.strength AS strength, r.only_for_needs AS only_needs,
       collect(DISTINCT n.id) AS needs
ORDER BY service, term, strength
