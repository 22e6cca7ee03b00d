//+ title = "Who holds funds"
//+ question = "Which agency or body holds which fund?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["fund", "holder", "basis", "proof"]
MATCH (f:Fund)-[:HELD_BY]->(h:Agency|Body)
WHERE f.partnership IN $partnerships
RETURN f.id AS fund, h.id AS holder, f.basis AS basis,
       {record: f.id, source: f.source, place: f.place, basis: f.basis} AS proof
ORDER BY fund, holder
