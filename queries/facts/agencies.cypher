//+ title = "Agencies and their parts"
//+ question = "Which agencies are there, and of which wider agency is each a part?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["agency", "name", "part_of", "proof"]
MATCH (g:Agency)
WHERE g.partnership IN $partnerships
OPTIONAL MATCH (g)-[:PART_OF]->(w:Agency)
RETURN g.id AS agency, g.name AS name, collect(DISTINCT w.id) AS part_of,
       {record: g.id, source: g.source, place: g.place, basis: g.basis} AS proof
ORDER BY agency
