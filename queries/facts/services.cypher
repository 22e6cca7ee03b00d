//+ title = "Services"
//+ question = "Which services are there, which needs do they meet and where?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["service", "partnership", "name", "standing", "opened", "closed", "access", "availability", "whereabouts", "known_on", "needs", "areas", "proof"]
MATCH (s:Service)
WHERE s.partnership IN $partnerships
OPTIONAL MATCH (s)-[:NEEDS]->(n:Need)
OPTIONAL MATCH (s)-[:HAS_AREA]->(a:Area)
RETURN s.id AS service, s.partnership AS partnership, s.name AS name, s.standing AS standing,
       s.opened_first AS opened, s.closed_last AS closed, s.access AS access,
       s.availability AS availability, s.whereabouts AS whereabouts, s.known_on AS known_on,
       collect(DISTINCT n.id) AS needs, collect(DISTINCT a.id) AS areas,
       {record: s.id, source: s.source, place: s.place, basis: s.basis} AS proof
ORDER BY service
