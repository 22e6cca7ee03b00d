//+ title = "Overdue actions"
//+ question = "Which actions were due before the day asked about and are not said to be done?"
//+ caveats = ["A month or year runs to its last day.", "A deadline tied to an event or a condition is never overdue by itself, and an action without one neither.", "The status is what the newest source says: an action may have been finished since."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ empty = "No action with a date is overdue on record. Actions without one are a question of their own."
//+ shows = ["name", "deadline", "due", "status"]
//+ returns = ["action", "name", "deadline", "due", "status", "evidence"]
MATCH (x:Action)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without
      AND x.deadline_last < $as_of AND x.status <> 'said to be done'
      AND x.deadline_kind IN ['fixed', 'inherited']
RETURN x.partnership AS partnership, x.id AS action, x.name AS name,
       x.deadline_as_given AS deadline, x.deadline_last AS due, x.status AS status,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS evidence
ORDER BY due, action
