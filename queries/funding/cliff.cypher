//+ title = "What changes in the months ahead, day by day"
//+ question = "Which services, posts and cells (client group, need and area) change how they stand, and on which day, if nothing else is recorded?"
//+ caveats = ["It is what today's records say of later days. Renewals, closures and new services that no source speaks of cannot be seen.", "Money without a recorded end does not appear here when what is known of it grows old: nobody says that it ends.", "A service whose money ends is not said to close. A cell that turns to not recorded may still be helped.", "A cell is at risk from the day on which the end of all its money is twelve months away."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ params.months = { type = "integer", about = "how many months to look ahead", default = 24 }
//+ facts = ["services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups", "needs", "funds", "gaps"]
//+ reads = ["service", "partnership", "name", "agencies", "proof"]
//+ answer = "cliff"
//+ empty = "Nothing on record changes in these months."
//+ sections = "kind"
//+ shows = ["on_day", "name", "group_name", "need_name", "area_name", "before", "after", "because"]
//+ returns = ["on_day", "kind", "thing", "name", "group", "group_name", "need", "need_name", "area", "area_name", "before", "after", "because", "evidence"]
MATCH (x:Service|Post)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without
OPTIONAL MATCH (x)-[:HAS_AGENCY]->(g:Agency)
RETURN x.id AS service, x.partnership AS partnership, x.name AS name,
       collect(DISTINCT g.id) AS agencies,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY service
