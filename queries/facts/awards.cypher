//+ title = "Awards"
//+ question = "Which money pays for which services and posts, from when until when, and who holds it?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["award", "subject", "fund", "fund_name", "status", "live_from", "live_until", "begun", "undated", "amount", "known_on", "decide_by", "extension", "notice", "holders", "holder_names", "proof"]
MATCH (f:Fund)-[a:AWARD]->(x:Service|Post)
WHERE x.partnership IN $partnerships
OPTIONAL MATCH (f)-[:HELD_BY]->(h:Agency|Body)
RETURN a.id AS award, x.id AS subject, f.id AS fund, f.name AS fund_name, a.status AS status,
       a.live_from AS live_from, a.live_until AS live_until, a.period_first AS begun,
       a.undated AS undated, a.amount AS amount, a.known_on AS known_on,
       a.decide_by_last AS decide_by, a.extension_until_last AS extension, a.notice AS notice,
       collect(DISTINCT h.id) AS holders,
       collect(DISTINCT h.name) AS holder_names,
       {record: a.id, source: a.source, place: a.place, basis: a.basis} AS proof
ORDER BY award
