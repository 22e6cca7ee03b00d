//+ title = "Who reports to whom"
//+ question = "Which body reports to which body or agency?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["body", "target", "proof"]
MATCH (b:Body)-[:REPORTS_TO]->(x:Body|Agency)
WHERE b.partnership IN $partnerships
RETURN b.id AS body, x.id AS target,
       {record: b.id, source: b.source, place: b.place, basis: b.basis} AS proof
ORDER BY body, target
