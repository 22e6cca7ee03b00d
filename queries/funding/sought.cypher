//+ title = "Money only sought or proposed"
//+ question = "Which money does somebody look for or propose, and is there other money beside it on the day?"
//+ caveats = ["Money that is sought or proposed is not there.", "Other money means money that is there on the day. What has ended or begins later does not count.", "Whether the money was found later is known only where a source says so."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ facts = ["services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups", "needs", "funds"]
//+ reads = ["service", "partnership", "name", "agencies", "proof"]
//+ answer = "sought"
//+ sections = "section"
//+ shows = ["name", "kind", "status", "pounds", "fund_name", "funder"]
//+ returns = ["award", "service", "name", "kind", "section", "status", "pounds", "fund_name", "funder", "evidence"]
MATCH (x:Service|Post)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without
OPTIONAL MATCH (x)-[:HAS_AGENCY]->(g:Agency)
RETURN x.id AS service, x.partnership AS partnership, x.name AS name,
       collect(DISTINCT g.id) AS agencies,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY service
