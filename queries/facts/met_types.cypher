//+ title = "Types of services that meet needs"
//+ question = "Which services of all partnerships meet which needs, and of which types are they?"
//+ returns = ["service", "needs", "types"]
MATCH (s:Service)-[:NEEDS]->(n:Need)
OPTIONAL MATCH (s)-[:TYPE]->(t:ServiceType)
RETURN s.id AS service, collect(DISTINCT n.id) AS needs, collect(DISTINCT t.id) AS types
ORDER BY service
