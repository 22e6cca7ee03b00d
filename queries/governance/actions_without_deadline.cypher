//+ title = "Actions without a deadline"
//+ question = "Which actions have no deadline, or one that is still to be confirmed?"
//+ caveats = ["No deadline is not \"on time\"."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ shows = ["name", "deadline_kind", "deadline_as_given", "status"]
//+ returns = ["action", "name", "deadline_kind", "deadline_as_given", "status", "evidence"]
MATCH (x:Action)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without
      AND x.deadline_kind IN ['none', 'to be confirmed']
RETURN x.partnership AS partnership, x.id AS action, x.name AS name,
       x.deadline_kind AS deadline_kind, x.deadline_as_given AS deadline_as_given,
       x.status AS status,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS evidence
ORDER BY action
