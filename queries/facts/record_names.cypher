//+ title = "What records are about, by name"
//+ question = "What is each record about?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["record", "name"]
MATCH (x:Agency|Area|Body|Fund|Service|Post|Instrument|Training|Objective|Action|Gap|Measure)
WHERE x.partnership IN $partnerships
RETURN x.id AS record, x.name AS name
UNION
MATCH (o:Observation)-[:HAS_MEASURE]->(m:Measure)
WHERE o.partnership IN $partnerships
RETURN o.id AS record, m.name AS name
UNION
MATCH (a)-[r:PROVISION|REACH|REFERRAL|AWARD]->(b)
WHERE r.partnership IN $partnerships
RETURN r.id AS record, b.name AS name
ORDER BY record
