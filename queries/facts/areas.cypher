//+ title = "Areas"
//+ question = "Which areas are there, and which area takes each of them in?"
//+ returns = ["area", "name", "within"]
MATCH (a:Area)
OPTIONAL MATCH (a)-[:WITHIN]->(b:Area)
RETURN a.id AS area, a.name AS name, b.id AS within
ORDER BY area, within
