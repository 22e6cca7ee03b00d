//+ title = "Steps of ways to help"
//+ question = "Who sends people to whom, for which groups and needs, how and under which condition?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["route", "partnership", "origin", "origin_name", "target", "target_name", "status", "for_groups", "for_needs", "condition", "risk_levels", "self_referral", "mode", "proof"]
MATCH (a:Agency|Service|Body|Post|ClientGroup)-[r:REFERRAL]->(b:Service|Agency|Body|Post)
WHERE r.partnership IN $partnerships
RETURN r.id AS route, r.partnership AS partnership, a.id AS origin, a.name AS origin_name,
       b.id AS target, b.name AS target_name, r.status AS status, r.for_groups AS for_groups,
       r.for_needs AS for_needs, r.condition AS condition, r.risk_level AS risk_levels,
       r.self_referral AS self_referral, r.mode AS mode,
       {record: r.id, source: r.source, place: r.place, basis: r.basis} AS proof
ORDER BY route
