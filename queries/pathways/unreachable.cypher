//+ title = "Services that nobody can reach on record"
//+ question = "Which running services has nobody a recorded way into?"
//+ caveats = ["Only ways that a source names are here: people may well reach a service of which nobody has written down how.", "A service of which it is not recorded how people come to it, and to which no route is recorded, is not listed.", "It is not asked here whether the service has room."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ facts = ["services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups", "needs", "steps", "map_posts"]
//+ reads = ["service", "partnership"]
//+ answer = "unreachable"
//+ sections = "section"
//+ shows = ["name", "access", "routes"]
//+ returns = ["service", "name", "section", "access", "routes", "evidence"]
MATCH (s:Service)
WHERE s.partnership IN $partnerships AND NOT s.id IN $without
RETURN s.id AS service, s.partnership AS partnership
ORDER BY service
