//+ title = "Needs that services meet"
//+ question = "Which services of all partnerships meet which needs, of which types are they, and for whom?"
//+ returns = ["service", "term", "strength", "only_needs", "needs", "types"]
MATCH (s:Service)
OPTIONAL MATCH (s)-[r:REACH]->(g:ClientGroup)
OPTIONAL MATCH (s)-[:NEEDS]->(n:Need)
OPTIONAL MATCH (s)-[:TYPE]->(t:ServiceType)
RETURN s.id AS service, g.id AS term, r.strength AS strength, r.only_for_needs AS only_needs,
       collect(DISTINCT n.id) AS needs, collect(DISTINCT t.id) AS types
ORDER BY service, term, strength
