//+ title = "Types of service that others have and this partnership has not"
//+ question = "Which types of service does another partnership have running on record, and this one has not?"
//+ caveats = ["Only the partnerships that are chosen are compared, each on its own day; with one alone there is nothing to compare.", "Not on record does not mean that there is none: one document may list services that another leaves out.", "A service of a narrower type counts for the wider ones. A service that works outside the area only counts where it is recorded.", "A service whose source does not say whether it runs counts as running."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ facts = ["services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups", "needs"]
//+ reads = ["term", "name", "broader"]
//+ answer = "compare_service_types"
//+ across = true
//+ empty = "No type of service is missing here that another partnership compared has. Choose two at least: --partnership dudley --partnership luton"
//+ shows = ["name", "elsewhere", "not_running"]
//+ returns = ["type", "name", "elsewhere", "not_running", "evidence"]
MATCH (t:ServiceType)
OPTIONAL MATCH (t)-[:BROADER]->(b:ServiceType)
RETURN t.id AS term, t.name AS name, collect(DISTINCT b.id) AS broader
ORDER BY term
