//+ title = "Deadlines"
//+ question = "Which actions that are not said to be done have a deadline with a date?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["action", "partnership", "name", "due", "proof"]
MATCH (x:Action)
WHERE x.partnership IN $partnerships AND x.deadline_kind IN ['fixed', 'inherited']
      AND x.deadline_last IS NOT NULL AND x.status <> 'said to be done'
RETURN x.id AS action, x.partnership AS partnership, x.name AS name, x.deadline_last AS due,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY action
