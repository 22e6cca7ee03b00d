//+ title = "Observations"
//+ question = "Which figures are recorded, of which kind, in which unit, and about what?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["observation", "partnership", "kind", "value", "unit", "qualifier", "population", "period", "until", "known_on", "about", "proof"]
MATCH (x:Observation)-[:HAS_MEASURE]->(m:Measure)
WHERE x.partnership IN $partnerships
OPTIONAL MATCH (x)-[:ABOUT]->(b:Service|Area|Agency|Training|Post|Body|ClientGroup)
RETURN x.id AS observation, x.partnership AS partnership, m.kind AS kind, x.value AS value,
       x.unit AS unit, x.qualifier AS qualifier, x.population AS population,
       x.period_as_given AS period, x.period_last AS until, x.known_on AS known_on,
       collect(DISTINCT b.id) AS about,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY observation
