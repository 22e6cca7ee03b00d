//+ title = "Periods of awards"
//+ question = "From when until when is money given, sought or said to have ended, in the source's words, and what for?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["award", "period", "period_last", "purpose", "risk"]
MATCH (f:Fund)-[a:AWARD]->(x:Service|Post)
WHERE x.partnership IN $partnerships
RETURN a.id AS award, a.period_as_given AS period, a.period_last AS period_last,
       a.purpose AS purpose, a.risk AS risk
ORDER BY award
