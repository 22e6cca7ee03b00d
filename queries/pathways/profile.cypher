//+ title = "What a household with all these circumstances can use"
//+ question = "What can somebody use who is in all of these circumstances at once?"
//+ caveats = ["Choose at least one circumstance: a household is looked at as a whole, and without any circumstance nothing is told.", "Not said is not the same as not taken: nobody has written down whether the service takes people in that circumstance.", "A service fits if a source records that it reaches the group or a wider one, and none that it does not take it. Whether it has room for this household, only the service can say.", "Services that are recorded to reach none of the circumstances are not listed.", "A programme for people who abuse is told of only where they are asked for."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ params.group = { type = "groups", about = "the circumstances of the household, all at once" }
//+ params.need = { type = "needs", about = "what it needs (any of them; all needs, if none is chosen)" }
//+ facts = ["services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups", "needs", "steps", "map_posts", "agencies", "service_types"]
//+ reads = ["service", "partnership"]
//+ answer = "profile"
//+ empty = "No running service is recorded for these circumstances. Where none was chosen, choose at least one: --set group=women"
//+ sections = "section"
//+ shows = ["name", "needs", "fits", "not_said", "limits", "way_in"]
//+ returns = ["service", "name", "section", "needs", "fits", "not_said", "limits", "way_in", "evidence"]
MATCH (s:Service)
WHERE s.partnership IN $partnerships AND NOT s.id IN $without
RETURN s.id AS service, s.partnership AS partnership
ORDER BY service
