//+ title = "Funded, and hardly used"
//+ question = "Which services have money on the day and are hardly used?"
//+ caveats = ["Used is not sufficient, and unused is not unneeded: the source's own reasons count."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ shows = ["name", "availability", "funds"]
//+ returns = ["service", "name", "availability", "funds", "evidence"]
MATCH (f:Fund)-[a:AWARD]->(x:Service)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without AND NOT f.id IN $without
      AND a.live_from <= $as_of AND ($as_of <= a.live_until OR a.undated = true)
      AND 'hardly used' IN x.availability
RETURN x.partnership AS partnership, x.id AS service, x.name AS name,
       x.availability AS availability, collect(DISTINCT f.name) AS funds,
       collect(DISTINCT {record: a.id, source: a.source, place: a.place, basis: a.basis}) AS evidence
ORDER BY service
