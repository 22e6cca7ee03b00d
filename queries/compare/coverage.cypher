//+ title = "Help that others have on record and this partnership has not"
//+ question = "For which client group and need has another partnership help on record, and this one has none?"
//+ caveats = ["Only the partnerships that are chosen are compared, each on its own day; with one alone there is nothing to compare.", "That one partnership has help on record and another has not may only mean that its document says more.", "Partial help counts as help here too. The groups and needs are the shared ones; a partnership's own terms are not compared.", "The shipped partnerships are years apart: what one had then, another may have had later."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ facts = ["services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups", "needs"]
//+ reads = ["gap", "partnership", "name", "kind", "terms", "needs", "areas", "proof"]
//+ answer = "compare_coverage"
//+ across = true
//+ empty = "Nothing is missing here that another partnership compared has on record, or only one was asked about. Choose two at least: --partnership dudley --partnership luton"
//+ shows = ["group_name", "need_name", "state", "reason", "elsewhere"]
//+ returns = ["group", "group_name", "need", "need_name", "state", "reason", "elsewhere", "evidence"]
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
