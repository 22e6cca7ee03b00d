//+ title = "Progress, as a paper tells of it"
//+ question = "What do sources say has been done or begun, for which actions, and when?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["progress", "about", "status", "dated_first", "dated_last", "actions", "others", "visibility", "proof"]
MATCH (p:Progress)
WHERE p.partnership IN $partnerships
OPTIONAL MATCH (p)-[:HAS_ACTION]->(x:Action|Objective)
OPTIONAL MATCH (p)-[:ABOUT]->(y:Agency|Body|Service|Post|Fund|Instrument|Training)
RETURN p.id AS progress, p.description AS about, p.status AS status,
       p.dated_first AS dated_first, p.dated_last AS dated_last,
       collect(DISTINCT x.name) AS actions, collect(DISTINCT y.name) AS others,
       p.visibility AS visibility,
       {record: p.id, source: p.source, place: p.place, basis: p.basis} AS proof
ORDER BY progress
