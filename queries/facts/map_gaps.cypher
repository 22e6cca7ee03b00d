//+ title = "Gaps on the map"
//+ question = "Which gaps do sources name, how grave are they, and whom and what do they concern?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["gap", "name", "kind", "severity", "about", "visibility", "terms", "needs", "affects", "others", "proof"]
MATCH (x:Gap)
WHERE x.partnership IN $partnerships
OPTIONAL MATCH (x)-[:GROUPS]->(g:ClientGroup)
OPTIONAL MATCH (x)-[:NEEDS]->(n:Need)
OPTIONAL MATCH (x)-[:AFFECTS]->(a:Service|Agency|Body|Post|Fund)
OPTIONAL MATCH (x)-[:AFFECTS]->(o:Instrument|Training)
RETURN x.id AS gap, x.name AS name, x.kind_of_gap AS kind, x.severity AS severity,
       x.description AS about, x.visibility AS visibility, collect(DISTINCT g.id) AS terms,
       collect(DISTINCT n.name) AS needs, collect(DISTINCT a.id) AS affects,
       collect(DISTINCT o.name) AS others,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY gap
