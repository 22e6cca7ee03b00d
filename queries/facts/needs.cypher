//+ title = "Needs"
//+ question = "Which needs are there, and under which wider ones do they fall?"
//+ returns = ["term", "name", "broader"]
MATCH (n:Need)
OPTIONAL MATCH (n)-[:BROADER]->(b:Need)
RETURN n.id AS term, n.name AS name, collect(DISTINCT b.id) AS broader
ORDER BY term
