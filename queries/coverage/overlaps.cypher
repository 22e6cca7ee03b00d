//+ title = "Several services for the same group and need"
//+ question = "For which client group, need and area do two or more services help with the same strength?"
//+ caveats = ["Several services side by side are no waste by themselves: look at the state of the cell, at who each is for, and at what each can take.", "A service that is a part of another does not count beside it. Services that may be one and the same are named.", "A service that works in a part of the area only is set beside others there, not in the whole area.", "Help with a narrower need is help with the wider one, so the same services may stand in more than one row."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ facts = ["services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups", "needs"]
//+ reads = ["gap", "partnership", "name", "kind", "terms", "needs", "areas", "proof"]
//+ answer = "overlaps"
//+ sections = "strength"
//+ shows = ["group_name", "need_name", "area_name", "services", "perhaps_the_same", "state"]
//+ returns = ["group", "group_name", "need", "need_name", "area", "area_name", "strength", "services", "perhaps_the_same", "state", "evidence"]
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
