//+ title = "Turned away"
//+ question = "How many were turned away, in which unit, and over which period?"
//+ caveats = ["No rate is made of these: one person may be refused several times, and by several services."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ shows = ["measure", "value", "unit", "population", "period", "qualifier"]
//+ returns = ["observation", "measure", "value", "unit", "population", "period", "qualifier", "evidence"]
MATCH (x:Observation)-[:HAS_MEASURE]->(m:Measure)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without AND m.kind = 'refused'
RETURN x.partnership AS partnership, x.id AS observation, m.name AS measure, x.value AS value,
       x.unit AS unit, x.population AS population, x.period_as_given AS period,
       x.qualifier AS qualifier,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS evidence
ORDER BY observation
