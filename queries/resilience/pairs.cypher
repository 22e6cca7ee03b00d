//+ title = "Pairs whose loss together leaves nothing"
//+ question = "Which two things, neither of which alone, would together leave a client group and need with no recorded help?"
//+ caveats = ["'Nothing recorded' is what is meant: help that no source speaks of cannot be counted.", "Exact, and every pair is named: a cell with two services has a row for each thing that one of them stands on with each thing that the other stands on.", "What alone is enough is under single points of failure and not here.", "Help of a weaker kind never stands in for a stronger one. A finding is inferred where anything in its chain is inferred."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ facts = ["services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups", "needs", "organisations"]
//+ reads = ["thing", "name"]
//+ answer = "pairs"
//+ audience = "editor"
//+ shows = ["first_name", "second_name", "group_name", "need_name", "area_name", "strength", "basis"]
//+ returns = ["first", "first_name", "second", "second_name", "group", "group_name", "need", "need_name", "area", "area_name", "strength", "services", "basis", "witness", "evidence"]
MATCH (x:Agency|Body|Fund|Service|Post)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without
RETURN x.id AS thing, x.name AS name
ORDER BY thing
