//+ title = "Who holds funds"
//+ question = "Which agency or body holds which fund?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["fund", "holder", "basis"]
MATCH (f:Fund)-[:HELD_BY]->(h:Agency|Body)
WHERE f.partnership IN $partnerships
RETURN f.id AS fund, h.id AS holder, f.basis AS basis
ORDER BY fund, holder
