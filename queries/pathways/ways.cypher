//+ title = "Ways to help"
//+ question = "How does somebody of a client group get to help with a need?"
//+ caveats = ["Only working routes that a source names are here. Where no way in is recorded, there may be one all the same.", "A condition or a risk level must hold for the step beside which it stands. Nobody has checked here whether it does for a person.", "A route that is recorded for other groups or other needs is left out. One for which no group or need is recorded is taken to be for all.", "Somebody of a group is also helped by what is there for a wider group, unless a source says that it does not take the group.", "A way that goes round by others, when fewer of them would do, is left out."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ params.group = { type = "groups", about = "the client groups of the person (any, if none is chosen)" }
//+ params.need = { type = "needs", about = "what the person needs (any, if none is chosen)" }
//+ params.start = { type = "things", about = "the agency, body, post or service where the person is now (any, if none is chosen)" }
//+ facts = ["services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups", "needs", "steps", "map_posts", "agencies"]
//+ reads = ["service", "partnership"]
//+ answer = "ways"
//+ shows = ["group_name", "need_name", "name", "way", "conditions", "limits"]
//+ returns = ["group", "group_name", "need", "need_name", "service", "name", "first_door", "way", "steps", "conditions", "limits", "evidence"]
MATCH (s:Service)
WHERE s.partnership IN $partnerships AND NOT s.id IN $without
RETURN s.id AS service, s.partnership AS partnership
ORDER BY service
