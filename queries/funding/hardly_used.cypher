//+ title = "Funded, and hardly used"
//+ question = "Which services have money on the day and are hardly used?"
//+ caveats = ["Used is not sufficient, and unused is not unneeded: the source's own reasons count."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ facts = ["services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups", "needs"]
//+ reads = ["service", "partnership", "name", "availability", "proof"]
//+ answer = "hardly_used"
//+ shows = ["name", "availability", "funds"]
//+ returns = ["service", "name", "availability", "funds", "evidence"]
MATCH (x:Service)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without AND 'hardly used' IN x.availability
RETURN x.id AS service, x.partnership AS partnership, x.name AS name, x.availability AS availability,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY service
