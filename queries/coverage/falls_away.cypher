//+ title = "Groups that fall away between objectives and actions"
//+ question = "Which client groups does an objective name that no action takes up?"
//+ caveats = ["A group that no action names may still be meant by an action for everybody.", "An action takes up its own groups and those of the gaps that it answers. An action for a narrower group counts for the wider one; an action for a wider group does not count for the narrower one and is listed beside it.", "Services may help the group all the same: the questions on help say whether."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ facts = ["groups"]
//+ reads = ["record", "partnership", "name", "term", "proof"]
//+ answer = "falls_away"
//+ shows = ["group_name", "named_in", "only_wider"]
//+ returns = ["group", "group_name", "named_in", "only_wider", "evidence"]
MATCH (x:Action|Objective)-[:GROUPS]->(g:ClientGroup)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without
RETURN x.id AS record, x.partnership AS partnership, x.name AS name, g.id AS term,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
UNION ALL
MATCH (x:Action)-[:ANSWERS_GAP]->(y:Gap)
MATCH (y)-[:GROUPS]->(g:ClientGroup)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without
RETURN x.id AS record, x.partnership AS partnership, x.name AS name, g.id AS term,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY record, term
