//+ title = "Routes on the map"
//+ question = "From where to where are people referred, and does the route work?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["route", "origin", "target", "status", "condition", "basis", "proof"]
MATCH (a:Agency|Service|Body|Post|ClientGroup)-[r:REFERRAL]->(b:Service|Agency|Body|Post)
WHERE r.partnership IN $partnerships
RETURN r.id AS route, a.id AS origin, b.id AS target, r.status AS status,
       r.condition AS condition, r.basis AS basis,
       {record: r.id, source: r.source, place: r.place, basis: r.basis} AS proof
ORDER BY route
