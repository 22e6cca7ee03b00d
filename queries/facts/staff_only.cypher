//+ title = "What is for staff alone"
//+ question = "Which records are marked for staff alone, or are of a post that one person is about to leave?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["record"]
MATCH (x:Agency|Body|Fund|Service|Post|Instrument|Training|Objective|Action|Gap|Progress|Measure|Observation|Completeness)
WHERE x.partnership IN $partnerships AND x.visibility = 'staff'
RETURN x.id AS record
UNION
MATCH (p:Post)
WHERE p.partnership IN $partnerships AND p.filled = 'leaving'
RETURN p.id AS record
UNION
MATCH (a)-[r:PROVISION|REACH|REFERRAL|AWARD|DEPENDENCE|MEMBERSHIP|LEAD|SHARING]->(b)
WHERE r.partnership IN $partnerships AND r.visibility = 'staff'
RETURN r.id AS record
ORDER BY record
