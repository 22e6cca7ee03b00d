//+ title = "What if this were lost or added"
//+ question = "What changes for services, client groups and needs if the things named were lost, or others added?"
//+ caveats = ["It is the difference of two answers: what is recorded with the things and without them. Without anything imagined lost or added, nothing changes.", "What is added is imagined and is written into no release. Records that it changes have the basis imagined. A shortage that a source states stays, since nobody has said whether the addition is enough.", "What other help people would find, and what a partnership would do about it, no source says."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ facts = ["services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups", "needs", "things", "organisations"]
//+ reads = ["gap", "partnership", "name", "kind", "terms", "needs", "areas", "proof"]
//+ answer = "what_if"
//+ empty = "Nothing changes on record."
//+ sections = "change"
//+ shows = ["name", "group_name", "need_name", "area_name", "before", "after", "because"]
//+ returns = ["change", "thing", "name", "group", "group_name", "need", "need_name", "area", "area_name", "before", "after", "because", "evidence"]
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
