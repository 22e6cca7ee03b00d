//+ title = "Asked for more than they can do"
//+ question = "Which services are asked for more than they can do?"
//+ caveats = ["A figure is compared with a figure only where both are about the same service in the same unit. People, referrals and places are never compared with each other.", "A shortage is named under the services that the source says it affects. A shortage of a kind of help, which names no service, is under who is helped."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ facts = ["services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups", "needs", "observations"]
//+ reads = ["gap", "name", "service", "proof"]
//+ answer = "above_capacity"
//+ sections = "section"
//+ shows = ["name", "reason", "demand", "capacity", "unit"]
//+ returns = ["service", "name", "section", "reason", "demand", "capacity", "unit", "evidence"]
MATCH (x:Gap)-[:AFFECTS]->(s:Service)
WHERE x.partnership IN $partnerships AND x.kind_of_gap = 'shortage'
RETURN x.id AS gap, x.name AS name, s.id AS service,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY gap, service
