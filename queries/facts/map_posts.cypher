//+ title = "Whose posts they are"
//+ question = "Which post belongs to which agency?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["post", "agency", "basis", "proof"]
MATCH (p:Post)-[:HAS_AGENCY]->(g:Agency)
WHERE p.partnership IN $partnerships
RETURN p.id AS post, g.id AS agency, p.basis AS basis,
       {record: p.id, source: p.source, place: p.place, basis: p.basis} AS proof
ORDER BY post, agency
