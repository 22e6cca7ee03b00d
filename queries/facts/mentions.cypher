//+ title = "Groups named in plans"
//+ question = "Which client groups and needs do actions and objectives name?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["record", "partnership", "term", "needs", "proof"]
MATCH (x:Action|Objective|Gap)-[:GROUPS]->(g:ClientGroup)
WHERE x.partnership IN $partnerships
OPTIONAL MATCH (x)-[:NEEDS]->(n:Need)
RETURN x.id AS record, x.partnership AS partnership, g.id AS term,
       collect(DISTINCT n.id) AS needs,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY record, term
