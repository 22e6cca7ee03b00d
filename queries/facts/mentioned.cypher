//+ title = "Plans and gaps that name some groups"
//+ question = "Which plans and gaps of all partnerships name certain client groups, with which other groups and needs?"
//+ params.groups = { type = "ids", about = "the groups looked for" }
//+ returns = ["record", "term", "needs"]
MATCH (x:Action|Objective|Gap)-[:GROUPS]->(y:ClientGroup)
WHERE y.id IN $groups
MATCH (x)-[:GROUPS]->(g:ClientGroup)
OPTIONAL MATCH (x)-[:NEEDS]->(n:Need)
RETURN x.id AS record, g.id AS term, collect(DISTINCT n.id) AS needs
ORDER BY record, term
