//+ title = "Awards, as a paper tells of them"
//+ question = "Which money pays for what, for which purpose and period, and how does it stand?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["award", "subject", "name", "fund", "fund_name", "holder_names", "purpose", "form", "status", "amount", "period", "last", "until", "undated", "extension", "decide_by", "notice", "risk", "visibility", "proof"]
MATCH (f:Fund)-[a:AWARD]->(x:Service|Post)
WHERE x.partnership IN $partnerships
OPTIONAL MATCH (f)-[:HELD_BY]->(h:Agency|Body)
RETURN a.id AS award, x.id AS subject, x.name AS name, f.id AS fund, f.name AS fund_name,
       collect(DISTINCT h.name) AS holder_names, a.purpose AS purpose, a.form AS form,
       a.status AS status, a.amount AS amount, a.period_as_given AS period,
       a.period_last AS last,
       a.live_until AS until, a.undated AS undated, a.extension_until_last AS extension,
       a.decide_by_last AS decide_by, a.notice AS notice, a.risk AS risk,
       a.visibility AS visibility,
       {record: a.id, source: a.source, place: a.place, basis: a.basis} AS proof
ORDER BY award
