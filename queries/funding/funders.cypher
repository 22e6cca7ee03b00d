//+ title = "What hangs on each funder"
//+ question = "Which services and posts does each funder pay on the day, and what would be left if the funder were lost?"
//+ caveats = ["Only recorded money counts, with amounts for the whole period of each award. Where no amount is recorded there is no sum.", "Money that several funders hold together counts in full under each of them, and hangs on none of them alone.", "A funder that also provides services or sends people to them is imagined lost with all it does.", "Left with nothing means nothing recorded. Other help may exist that no source speaks of."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ facts = ["services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups", "needs", "funds"]
//+ reads = ["service", "partnership", "name", "agencies", "proof"]
//+ answer = "funders"
//+ shows = ["name", "pounds", "percent", "services", "sole_for", "cells"]
//+ returns = ["funder", "name", "pounds", "percent", "services", "sole_for", "cells", "evidence"]
MATCH (x:Service|Post)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without
OPTIONAL MATCH (x)-[:HAS_AGENCY]->(g:Agency)
RETURN x.id AS service, x.partnership AS partnership, x.name AS name,
       collect(DISTINCT g.id) AS agencies,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY service
