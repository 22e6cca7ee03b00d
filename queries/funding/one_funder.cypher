//+ title = "Paid by one funder alone"
//+ question = "Which services and posts have money on the day that all hangs on one funder?"
//+ caveats = ["Only recorded money counts. A service may have other money that no source speaks of.", "Money that several funders hold together does not hang on one of them.", "Where the holder of a fund is not named, the fund stands for its holder. Two such funds may have the same holder."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ facts = ["services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups", "needs", "funds"]
//+ reads = ["service", "partnership", "name", "agencies", "proof"]
//+ answer = "one_funder"
//+ shows = ["name", "kind", "funder_name", "ends", "pounds"]
//+ returns = ["service", "name", "kind", "funder", "funder_name", "ends", "pounds", "evidence"]
MATCH (x:Service|Post)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without
OPTIONAL MATCH (x)-[:HAS_AGENCY]->(g:Agency)
RETURN x.id AS service, x.partnership AS partnership, x.name AS name,
       collect(DISTINCT g.id) AS agencies,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY service
