//+ title = "Gaps"
//+ question = "Which gaps do sources name, of which kind, for which client groups, needs and areas?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["gap", "partnership", "name", "kind", "terms", "needs", "areas", "proof"]
MATCH (x:Gap)
WHERE x.partnership IN $partnerships
OPTIONAL MATCH (x)-[:GROUPS]->(g:ClientGroup)
OPTIONAL MATCH (x)-[:NEEDS]->(n:Need)
OPTIONAL MATCH (x)-[:HAS_AREA]->(a:Area)
RETURN x.id AS gap, x.partnership AS partnership, x.name AS name, x.kind_of_gap AS kind,
       collect(DISTINCT g.id) AS terms, collect(DISTINCT n.id) AS needs,
       collect(DISTINCT a.id) AS areas,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY gap
