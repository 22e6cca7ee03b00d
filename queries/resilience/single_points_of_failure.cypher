//+ title = "Single points of failure"
//+ question = "What, if it alone were lost, would leave a client group and need with no recorded help?"
//+ caveats = ["'The only one recorded' is what is meant: help that no source speaks of cannot be counted.", "Exact, as if each thing were taken away in turn; no estimate.", "Help of a weaker kind never stands in for a stronger one: a service open to all does not replace one led by and for the group.", "A finding is inferred where anything in its chain is inferred."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ facts = ["services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups", "needs", "organisations"]
//+ reads = ["thing", "name"]
//+ answer = "single_points_of_failure"
//+ shows = ["name", "kind", "group_name", "need_name", "area_name", "strength", "basis"]
//+ returns = ["thing", "name", "kind", "group", "group_name", "need", "need_name", "area", "area_name", "strength", "services", "basis", "witness", "evidence"]
MATCH (x:Agency|Body|Fund|Service|Post)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without
RETURN x.id AS thing, x.name AS name
ORDER BY thing
