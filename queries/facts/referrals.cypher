//+ title = "Routes to services"
//+ question = "From where can people be referred to which services, and does the route work?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["service", "route", "origin", "status", "proof"]
MATCH (o:Agency|Service|Body|Post|ClientGroup)-[r:REFERRAL]->(s:Service)
WHERE s.partnership IN $partnerships
RETURN s.id AS service, r.id AS route, o.id AS origin, r.status AS status,
       {record: r.id, source: r.source, place: r.place, basis: r.basis} AS proof
ORDER BY service, route
