//+ title = "Progress"
//+ question = "What do sources say has become of which actions and objectives, and of which day do they speak?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["progress", "partnership", "about", "about_name", "description", "status", "dated", "known_on", "proof"]
MATCH (p:Progress)-[:HAS_ACTION]->(x:Action|Objective)
WHERE p.partnership IN $partnerships
RETURN p.id AS progress, p.partnership AS partnership, x.id AS about, x.name AS about_name,
       p.description AS description, p.status AS status, p.dated_last AS dated,
       p.known_on AS known_on,
       {record: p.id, source: p.source, place: p.place, basis: p.basis} AS proof
ORDER BY progress, about
