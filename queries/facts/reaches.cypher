//+ title = "Reaches"
//+ question = "Which services are for which client groups, how far, and under which condition?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["service", "term", "strength", "condition", "only_needs", "only_areas", "proof"]
MATCH (s:Service)-[r:REACH]->(g:ClientGroup)
WHERE s.partnership IN $partnerships
RETURN s.id AS service, g.id AS term, r.strength AS strength, r.condition AS condition,
       r.only_for_needs AS only_needs, r.only_in_areas AS only_areas,
       {record: r.id, source: r.source, place: r.place, basis: r.basis} AS proof
ORDER BY service, term, strength, r.id
