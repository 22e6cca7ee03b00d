//+ title = "Sectors"
//+ question = "Of which sector is each agency, of which wider agency is it a part, and where does it work?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["agency", "partnership", "sector", "benchmark", "part_of", "areas", "proof"]
MATCH (g:Agency)
WHERE g.partnership IN $partnerships
OPTIONAL MATCH (g)-[:PART_OF]->(w:Agency)
OPTIONAL MATCH (g)-[:HAS_AREA]->(a:Area)
RETURN g.id AS agency, g.partnership AS partnership, g.sector AS sector, g.benchmark AS benchmark,
       w.id AS part_of, collect(DISTINCT a.id) AS areas,
       {record: g.id, source: g.source, place: g.place, basis: g.basis} AS proof
ORDER BY agency
