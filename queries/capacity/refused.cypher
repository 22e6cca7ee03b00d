//+ title = "Turned away"
//+ question = "How many were turned away, by whom, in which unit, and over which period?"
//+ caveats = ["No rate is made of these: one person may be refused several times, and by several services.", "Why people were turned away, and where they came from, is empty where the source does not say."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ shows = ["measure", "value", "unit", "refused_by", "population", "period", "reason", "origin", "qualifier"]
//+ returns = ["observation", "measure", "value", "unit", "refused_by", "population", "period", "reason", "origin", "qualifier", "evidence"]
MATCH (x:Observation)-[:HAS_MEASURE]->(m:Measure)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without AND m.kind = 'refused'
OPTIONAL MATCH (x)-[:ABOUT]->(b:Service|Agency|Body|Post)
WHERE NOT b.id IN $without
RETURN x.partnership AS partnership, x.id AS observation, m.name AS measure, x.value AS value,
       x.unit AS unit, collect(DISTINCT b.name) AS refused_by, x.population AS population,
       x.period_as_given AS period, x.reason AS reason, x.origin AS origin,
       x.qualifier AS qualifier,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS evidence
ORDER BY observation
