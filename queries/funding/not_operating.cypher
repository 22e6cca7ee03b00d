//+ title = "Funded, and not operating"
//+ question = "Which services have money on the day and do not run on record?"
//+ caveats = ["Funded is not operating: the source does not say that it runs."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ facts = ["services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups", "needs"]
//+ reads = ["service", "partnership", "name", "standing", "proof"]
//+ answer = "not_operating"
//+ shows = ["name", "standing", "funds"]
//+ returns = ["service", "name", "standing", "funds", "evidence"]
MATCH (x:Service)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without AND NOT x.standing IN ['operating', 'needs reviving']
RETURN x.id AS service, x.partnership AS partnership, x.name AS name, x.standing AS standing,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY service
