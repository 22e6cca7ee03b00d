//+ title = "Groups and needs with no help made for them, or not enough"
//+ question = "For which client group, need and area does a source say that there is no help, or is none recorded?"
//+ caveats = ["'Not recorded' means that no source speaks of help; it does not mean that there is none.", "'Unspecified' stands where a source names a group and no need.", "A missing protocol, figure or plan never makes anybody uncovered.", "Help that is partial, also from outside the area, is help: the question 'Help with limits' has it.", "Services that are open to all are listed as perhaps serving the group and do not count as help made for it.", "'Complete' names a list of one type of service that somebody signed as whole for an area and a day: of that type there was then no more than is recorded. It stands beside the needs that only services of the type meet in what is loaded."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ facts = ["services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups", "needs", "mentions", "service_types", "completeness"]
//+ reads = ["gap", "partnership", "name", "kind", "terms", "needs", "areas", "proof"]
//+ answer = "uncovered"
//+ sections = "section"
//+ shows = ["group_name", "need_name", "area_name", "reason", "might_serve", "complete"]
//+ returns = ["group", "group_name", "need", "need_name", "area", "area_name", "section", "state", "reason", "might_serve", "complete", "evidence"]
MATCH (x:Gap)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without
OPTIONAL MATCH (x)-[:GROUPS]->(g:ClientGroup)
OPTIONAL MATCH (x)-[:NEEDS]->(n:Need)
OPTIONAL MATCH (x)-[:HAS_AREA]->(a:Area)
RETURN x.id AS gap, x.partnership AS partnership, x.name AS name, x.kind_of_gap AS kind,
       collect(DISTINCT g.id) AS terms, collect(DISTINCT n.id) AS needs,
       collect(DISTINCT a.id) AS areas,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY gap
