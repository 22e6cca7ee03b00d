//+ title = "Client groups"
//+ question = "Which client groups are there, and under which wider ones do they fall?"
//+ returns = ["term", "name", "broader", "excluded"]
MATCH (g:ClientGroup)
OPTIONAL MATCH (g)-[:BROADER]->(b:ClientGroup)
OPTIONAL MATCH (g)-[:EXCLUDES]->(x:ClientGroup)
RETURN g.id AS term, g.name AS name, collect(DISTINCT b.id) AS broader,
       collect(DISTINCT x.id) AS excluded
ORDER BY term
