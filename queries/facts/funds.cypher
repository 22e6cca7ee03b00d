//+ title = "Funds and who holds them"
//+ question = "Which funds pay for services and posts, who holds each of them, and which record says so?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["fund", "name", "holder", "holder_name", "proof"]
MATCH (f:Fund)-[:AWARD]->(x:Service|Post)
WHERE x.partnership IN $partnerships
OPTIONAL MATCH (f)-[:HELD_BY]->(h:Agency|Body)
RETURN DISTINCT f.id AS fund, f.name AS name, h.id AS holder, h.name AS holder_name,
       {record: f.id, source: f.source, place: f.place, basis: f.basis} AS proof
ORDER BY fund, holder
