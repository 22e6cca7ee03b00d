//+ title = "Money whose end is not recorded"
//+ question = "Which money is there on the day, as far as anybody has written down, and has no recorded end?"
//+ caveats = ["It is no finding of being unfunded: the money is on record, and nobody has written down when it ends.", "Whether it is still there is only known for the day that the source speaks for."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ facts = ["services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups", "needs", "funds"]
//+ reads = ["service", "partnership", "name", "agencies", "proof"]
//+ answer = "undated"
//+ shows = ["name", "kind", "fund_name", "funder", "known_on"]
//+ returns = ["award", "service", "name", "kind", "fund_name", "funder", "known_on", "evidence"]
MATCH (x:Service|Post)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without
OPTIONAL MATCH (x)-[:HAS_AGENCY]->(g:Agency)
RETURN x.id AS service, x.partnership AS partnership, x.name AS name,
       collect(DISTINCT g.id) AS agencies,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY service
