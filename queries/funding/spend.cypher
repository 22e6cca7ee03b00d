//+ title = "What the money is for, and whose it is"
//+ question = "How much recorded money is there on the day by need, by funder, by legal basis, and for services led by and for those they help?"
//+ caveats = ["Amounts are for the whole period of each award, not for a year.", "A service with several needs counts in full under each of them, and money held by several funders under each of them. Never add the lines of a heading up.", "Where no amount is recorded there is no sum. It does not mean that nothing is paid.", "Money for a post stands under not recorded, except by funder.", "A service not said to be led by and for a group may be so all the same."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ facts = ["services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups", "needs", "funds"]
//+ reads = ["service", "partnership", "name", "agencies", "proof"]
//+ answer = "spend"
//+ sections = "by"
//+ shows = ["name", "pounds", "percent", "awards", "without_amount"]
//+ returns = ["by", "what", "name", "pounds", "percent", "awards", "without_amount", "evidence"]
MATCH (x:Service|Post)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without
OPTIONAL MATCH (x)-[:HAS_AGENCY]->(g:Agency)
RETURN x.id AS service, x.partnership AS partnership, x.name AS name,
       collect(DISTINCT g.id) AS agencies,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY service
