//+ title = "Provisions"
//+ question = "Which agencies provide, run or give access to which services?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["service", "agency", "role", "standing", "proof"]
MATCH (g:Agency)-[p:PROVISION]->(s:Service)
WHERE s.partnership IN $partnerships
RETURN s.id AS service, g.id AS agency, p.role AS role, p.standing AS standing,
       {record: p.id, source: p.source, place: p.place, basis: p.basis} AS proof
ORDER BY service, agency, role
