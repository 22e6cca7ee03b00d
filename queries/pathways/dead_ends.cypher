//+ title = "Routes to services that are no help now"
//+ question = "Which working routes lead to a service that does not run, has lost its money, or takes nobody without a wait?"
//+ caveats = ["The route itself works. It is the service at its end that is no help now.", "Each route stands under the first heading that applies: a service that is full may have a waiting list too.", "A service whose recorded money has ended may go on all the same."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ facts = ["services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups", "needs", "steps", "map_posts"]
//+ reads = ["service", "partnership"]
//+ answer = "dead_ends"
//+ sections = "section"
//+ shows = ["start_name", "name", "condition", "wait"]
//+ returns = ["route", "start_name", "service", "name", "section", "wait", "condition", "evidence"]
MATCH (s:Service)
WHERE s.partnership IN $partnerships AND NOT s.id IN $without
RETURN s.id AS service, s.partnership AS partnership
ORDER BY service
