//+ title = "Contested facts"
//+ question = "On which facts do sources or places disagree, and what does each side say?"
//+ caveats = ["A stated shortage beside a service is no contradiction."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ shows = ["record", "ground", "other_side"]
//+ returns = ["record", "ground", "other_side", "evidence"]
MATCH (x:Agency|Body|Post|Service|Fund|Gap|Objective|Action|Progress|Instrument|Training|Measure|Observation|Area)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without AND x.basis = 'contested'
RETURN x.partnership AS partnership, x.id AS record, x.ground AS ground,
       x.other_side AS other_side,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS evidence
UNION ALL
MATCH (a)-[x:AWARD|PROVISION|REACH|REFERRAL|MEMBERSHIP|SHARING|LEAD|DEPENDENCE]->(b)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without AND x.basis = 'contested'
RETURN x.partnership AS partnership, x.id AS record, x.ground AS ground,
       x.other_side AS other_side,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS evidence
ORDER BY record
