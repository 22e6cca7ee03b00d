//+ title = "Service types"
//+ question = "Which types of services are there, and under which wider ones do they fall?"
//+ returns = ["term", "name", "broader"]
MATCH (t:ServiceType)
OPTIONAL MATCH (t)-[:BROADER]->(b:ServiceType)
RETURN t.id AS term, t.name AS name, collect(DISTINCT b.id) AS broader
ORDER BY term
