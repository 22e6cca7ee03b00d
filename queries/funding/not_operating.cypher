//+ title = "Funded, and not operating"
//+ question = "Which services have money on the day and do not run on record?"
//+ caveats = ["Funded is not operating: the source does not say that it runs."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ shows = ["name", "standing", "funds"]
//+ returns = ["service", "name", "standing", "funds", "evidence"]
MATCH (f:Fund)-[a:AWARD]->(x:Service)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without AND NOT f.id IN $without
      AND a.live_from <= $as_of AND ($as_of <= a.live_until OR a.undated = true)
      AND NOT x.standing IN ['operating', 'needs reviving']
RETURN x.partnership AS partnership, x.id AS service, x.name AS name, x.standing AS standing,
       collect(DISTINCT f.name) AS funds,
       collect(DISTINCT {record: a.id, source: a.source, place: a.place, basis: a.basis}) AS evidence
ORDER BY service
