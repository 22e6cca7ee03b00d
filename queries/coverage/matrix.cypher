//+ title = "Every group and need, and how it stands"
//+ question = "For every client group and need that is named anywhere: is there help on record, and how does it stand?"
//+ caveats = ["'Not recorded' means that no source speaks of help; it does not mean that there is none.", "'Covered' means that a running service is recorded for exactly this group and need; it does not mean that there is enough of it.", "The groups and needs are those that any of the loaded partnerships names. What is loaded decides how many rows there are.", "A narrower area has rows only where a record names the group and the need there. For the rest, look at the whole area.", "Perpetrators are asked about only with changing abusive behaviour and with needs that a record connects with them.", "Services that are open to all are listed as perhaps serving the group and do not count as help made for it.", "'Complete' names a list of one type of service that somebody signed as whole for an area and a day: of that type there was then no more than is recorded. It stands beside the needs that only services of the type meet in what is loaded."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ facts = ["services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups", "needs", "mentions", "named", "service_types", "completeness"]
//+ reads = ["gap", "partnership", "name", "kind", "terms", "needs", "areas", "proof"]
//+ answer = "matrix"
//+ sections = "state"
//+ shows = ["group_name", "need_name", "area_name", "services", "reason", "might_serve", "complete"]
//+ returns = ["group", "group_name", "need", "need_name", "area", "area_name", "state", "reason", "services", "might_serve", "complete", "evidence"]
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
