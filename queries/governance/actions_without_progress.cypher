//+ title = "Actions of which no progress is recorded"
//+ question = "Of which actions does no source say how far they are?"
//+ caveats = ["Not recorded does not mean that nothing was done.", "What is said of an action that it is part of, or that is part of it, is not counted here."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ shows = ["name", "deadline_as_given"]
//+ returns = ["action", "name", "deadline_as_given", "evidence"]
MATCH (x:Action)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without AND x.status = 'not recorded'
      AND NOT EXISTS { MATCH (y:Progress)-[:HAS_ACTION]->(x) }
RETURN x.partnership AS partnership, x.id AS action, x.name AS name,
       x.deadline_as_given AS deadline_as_given,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS evidence
ORDER BY action
