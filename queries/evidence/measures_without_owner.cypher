//+ title = "Measures without an owner or a value"
//+ question = "Which measures does nobody answer for, or has nobody given a value of?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ shows = ["name", "owned", "values"]
//+ returns = ["measure", "name", "owned", "values", "evidence"]
MATCH (x:Measure)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without
OPTIONAL MATCH (x)-[:OWNER]->(w:Agency|Body|Post)
OPTIONAL MATCH (v:Observation)-[:HAS_MEASURE]->(x)
WITH x, count(DISTINCT w.id) AS owners, count(DISTINCT v.id) AS found
WHERE owners = 0 OR found = 0
RETURN x.partnership AS partnership, x.id AS measure, x.name AS name,
       owners > 0 AS owned, found AS values,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS evidence
ORDER BY measure
