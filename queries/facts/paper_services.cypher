//+ title = "Services, as a paper tells of them"
//+ question = "What is recorded of each service: what it is, where, how it stands and how people come to it?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["service", "name", "about", "standing", "tier", "availability", "wait", "access", "opened", "whereabouts", "visibility", "types", "type_names", "need_names", "area_names", "proof"]
MATCH (s:Service)
WHERE s.partnership IN $partnerships
OPTIONAL MATCH (s)-[:TYPE]->(t:ServiceType)
OPTIONAL MATCH (s)-[:NEEDS]->(n:Need)
OPTIONAL MATCH (s)-[:HAS_AREA]->(a:Area)
RETURN s.id AS service, s.name AS name, s.description AS about, s.standing AS standing,
       s.tier AS tier, s.availability AS availability, s.wait AS wait, s.access AS access,
       s.opened_first AS opened, s.whereabouts AS whereabouts, s.visibility AS visibility,
       collect(DISTINCT t.id) AS types, collect(DISTINCT t.name) AS type_names,
       collect(DISTINCT n.name) AS need_names, collect(DISTINCT a.name) AS area_names,
       {record: s.id, source: s.source, place: s.place, basis: s.basis} AS proof
ORDER BY service
