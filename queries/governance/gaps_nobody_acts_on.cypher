//+ title = "Gaps that no recorded action answers"
//+ question = "Which stated gaps does no action answer?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ shows = ["name", "kind_of_gap", "severity"]
//+ returns = ["gap", "name", "kind_of_gap", "severity", "evidence"]
MATCH (x:Gap)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without
      AND NOT EXISTS { MATCH (y:Action)-[:ANSWERS_GAP]->(x) WHERE NOT y.id IN $without }
RETURN x.partnership AS partnership, x.id AS gap, x.name AS name, x.kind_of_gap AS kind_of_gap,
       x.severity AS severity,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS evidence
ORDER BY gap
