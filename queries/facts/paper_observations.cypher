//+ title = "Figures, as a paper tells of them"
//+ question = "Which figures are recorded, of what, in which unit, over which period, and about whom?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["observation", "measure", "kind", "value", "unit", "qualifier", "population", "period", "reason", "origin", "about_names", "visibility", "proof"]
MATCH (x:Observation)-[:HAS_MEASURE]->(m:Measure)
WHERE x.partnership IN $partnerships
OPTIONAL MATCH (x)-[:ABOUT]->(b:Service|Area|Agency|Training|Post|Body|ClientGroup)
RETURN x.id AS observation, m.name AS measure, m.kind AS kind, x.value AS value,
       x.unit AS unit, x.qualifier AS qualifier, x.population AS population,
       x.period_as_given AS period, x.reason AS reason, x.origin AS origin,
       collect(DISTINCT b.name) AS about_names, x.visibility AS visibility,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY observation
