//+ title = "Services"
//+ question = "Which services are there, which needs do they meet and where?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["service", "partnership", "name", "standing", "opened", "closed", "access", "availability", "whereabouts", "known_on", "legal_basis", "wait", "needs", "areas", "types", "part_of", "perhaps_the_same", "proof"]
// Which they are first, then what is known of those alone: a filter reads each column whole.
MATCH (k:Service)
WHERE k.partnership IN $partnerships
WITH k.id AS found
MATCH (s:Service)
WHERE s.id = found
OPTIONAL MATCH (s)-[:NEEDS]->(n:Need)
OPTIONAL MATCH (s)-[:HAS_AREA]->(a:Area)
OPTIONAL MATCH (s)-[:TYPE]->(t:ServiceType)
OPTIONAL MATCH (s)-[:PART_OF]->(w:Service)
OPTIONAL MATCH (s)-[:POSSIBLY_THE_SAME_AS]->(o:Service)
RETURN s.id AS service, s.partnership AS partnership, s.name AS name, s.standing AS standing,
       s.opened_first AS opened, s.closed_last AS closed, s.access AS access,
       s.availability AS availability, s.whereabouts AS whereabouts, s.known_on AS known_on,
       s.legal_basis AS legal_basis, s.wait AS wait,
       collect(DISTINCT n.id) AS needs, collect(DISTINCT a.id) AS areas,
       collect(DISTINCT t.id) AS types, collect(DISTINCT w.id) AS part_of,
       collect(DISTINCT o.id) AS perhaps_the_same,
       {record: s.id, source: s.source, place: s.place, basis: s.basis} AS proof
ORDER BY service
