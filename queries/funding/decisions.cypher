//+ title = "Money that needs a decision"
//+ question = "On which money must something be decided in the months from the day on, and by when?"
//+ caveats = ["Where no decision day is recorded, the last day of the money is shown. The decision is needed before that.", "Money whose end is not recorded is here only where a decision day is.", "The day to which money may be extended is no promise that it will be.", "A decision that was taken and that no source records cannot be seen."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ params.months = { type = "integer", about = "how many months to look ahead", default = 18 }
//+ facts = ["services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups", "needs", "funds"]
//+ reads = ["service", "partnership", "name", "agencies", "proof"]
//+ answer = "decisions"
//+ sections = "section"
//+ shows = ["name", "kind", "due", "ends", "pounds", "fund_name", "funder", "extension", "notice"]
//+ returns = ["award", "service", "name", "kind", "section", "due", "ends", "pounds", "fund_name", "funder", "extension", "notice", "evidence"]
MATCH (x:Service|Post)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without
OPTIONAL MATCH (x)-[:HAS_AGENCY]->(g:Agency)
RETURN x.id AS service, x.partnership AS partnership, x.name AS name,
       collect(DISTINCT g.id) AS agencies,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY service
