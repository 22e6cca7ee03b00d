//+ title = "What we conclude"
//+ question = "Which facts does no source state in so many words, and from what are they concluded?"
//+ caveats = ["Until a post has confirmed it, every answer that rests on one of these says so."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ shows = ["record", "ground", "other_side"]
//+ audience = "editor"
//+ returns = ["record", "ground", "other_side", "evidence"]
MATCH (x:Agency|Body|Post|Service|Fund|Gap|Objective|Action|Progress|Instrument|Training|Measure|Observation|Area)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without AND x.basis = 'inferred'
RETURN x.partnership AS partnership, x.id AS record, x.ground AS ground,
       x.other_side AS other_side,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS evidence
UNION ALL
MATCH (a)-[x:AWARD|PROVISION|REACH|REFERRAL|MEMBERSHIP|SHARING|LEAD|DEPENDENCE]->(b)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without AND x.basis = 'inferred'
RETURN x.partnership AS partnership, x.id AS record, x.ground AS ground,
       x.other_side AS other_side,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS evidence
ORDER BY record
