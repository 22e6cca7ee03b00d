//+ title = "What survivors raised and nobody answers"
//+ question = "Which gaps that survivors or users of services raised does no action answer?"
//+ caveats = ["Who raised a gap is known only where a source says so."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ shows = ["name", "kind_of_gap", "raised_by", "severity"]
//+ returns = ["gap", "name", "kind_of_gap", "raised_by", "severity", "evidence"]
MATCH (x:Gap)-[:RAISED_BY]->(r:Body|ClientGroup)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without AND NOT r.id IN $without
      AND (r.kind = "survivors' forum" OR r.kind IS NULL)
      AND NOT EXISTS { MATCH (y:Action)-[:ANSWERS_GAP]->(x) WHERE NOT y.id IN $without }
WITH x, collect(DISTINCT r.name) AS raised_by
RETURN x.partnership AS partnership, x.id AS gap, x.name AS name, x.kind_of_gap AS kind_of_gap,
       raised_by AS raised_by, x.severity AS severity,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS evidence
ORDER BY gap
