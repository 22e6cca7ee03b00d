//+ title = "Help with limits"
//+ question = "For which client group, need and area is help on record that is partial, not enough, contested, or about to lose its money, and why?"
//+ caveats = ["Partial help is help: with a condition, a waiting list, a full house, for a time, from outside the area, or only said to be possible.", "A stated shortage beside a service makes the help not enough, or partial where every service is limited."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ facts = ["services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups", "needs"]
//+ reads = ["gap", "partnership", "name", "kind", "terms", "needs", "areas", "proof"]
//+ answer = "limited"
//+ sections = "section"
//+ shows = ["group_name", "need_name", "area_name", "services", "reason"]
//+ returns = ["group", "group_name", "need", "need_name", "area", "area_name", "section", "state", "reason", "services", "evidence"]
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
