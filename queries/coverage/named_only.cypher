//+ title = "Groups that plans name and no service is recorded for"
//+ question = "Which client groups do the partnership's actions, objectives or gaps name, without any service on record for them?"
//+ caveats = ["'Not recorded' means that no source speaks of help; it does not mean that there is none.", "A group that is named with a need is listed with that need. 'Unspecified' stands where no record gives a need.", "A group is left out as soon as any service is connected with it, whatever the need, and also if that service does not run or does not take it.", "A gap that says that help is missing or short is no mere naming: the questions on missing help have it."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ facts = ["services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups", "needs"]
//+ reads = ["record", "partnership", "name", "kind", "terms", "needs", "areas", "proof"]
//+ answer = "named_only"
//+ shows = ["group_name", "need_name", "area_name", "named_in", "might_serve"]
//+ returns = ["group", "group_name", "need", "need_name", "area", "area_name", "named_in", "might_serve", "evidence"]
MATCH (x:Action|Gap|Objective)-[:GROUPS]->(g:ClientGroup)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without
OPTIONAL MATCH (x)-[:NEEDS]->(n:Need)
OPTIONAL MATCH (x)-[:HAS_AREA]->(a:Area)
RETURN x.id AS record, x.partnership AS partnership, x.name AS name, x.kind_of_gap AS kind,
       collect(DISTINCT g.id) AS terms, collect(DISTINCT n.id) AS needs,
       collect(DISTINCT a.id) AS areas,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY record
