//+ title = "What changed"
//+ question = "What changed in the months before the day: money, deadlines, services, progress and cover?"
//+ caveats = ["The day is the first on which it is so: the day after the last day of money or of a deadline.", "Money of which no source says when it began is never told as new; money that is told as new may follow other money that no source names.", "How cover changed is a comparison of the first day with the last. What came and went between them is not told.", "Only what the sources date can be seen to change."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ params.months = { type = "integer", about = "how many months to look back", default = 3 }
//+ facts = ["gaps", "deadlines", "progress", "services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups", "needs"]
//+ reads = ["thing", "partnership", "name", "standing", "whereabouts", "opened", "closed", "agencies", "proof"]
//+ answer = "changes"
//+ empty = "Nothing on record changed in these months."
//+ sections = "section"
//+ shows = ["on_day", "name", "before", "after"]
//+ returns = ["section", "on_day", "thing", "name", "group", "need", "area", "before", "after", "evidence"]
MATCH (x:Service|Post)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without
OPTIONAL MATCH (x)-[:HAS_AGENCY]->(g:Agency)
RETURN x.id AS thing, x.partnership AS partnership, x.name AS name, x.standing AS standing,
       x.whereabouts AS whereabouts, x.opened_first AS opened, x.closed_last AS closed,
       collect(DISTINCT g.id) AS agencies,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY thing
