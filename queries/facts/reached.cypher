//+ title = "Groups named by services"
//+ question = "Which client groups does each partnership connect with a service?"
//+ returns = ["partnership", "term"]
MATCH (s:Service)-[:REACH]->(g:ClientGroup)
RETURN DISTINCT s.partnership AS partnership, g.id AS term
ORDER BY partnership, term
