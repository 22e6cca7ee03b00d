//+ title = "Whose posts they are"
//+ question = "Which post belongs to which agency?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["post", "agency", "basis"]
MATCH (p:Post)-[:HAS_AGENCY]->(g:Agency)
WHERE p.partnership IN $partnerships
RETURN p.id AS post, g.id AS agency, p.basis AS basis
ORDER BY post, agency
