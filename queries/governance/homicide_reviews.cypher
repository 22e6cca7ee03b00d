//+ title = "Open actions after homicide reviews"
//+ question = "Which actions that follow from homicide reviews, or make ready for them, are not said to be done?"
//+ caveats = ["An action belongs here where it, or the plan, recommendation, action or procedure that it belongs to or is about, serves the duty to review homicides.", "The status is what the newest source says."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ shows = ["name", "status", "deadline_as_given"]
//+ returns = ["action", "name", "status", "deadline_as_given", "evidence"]
MATCH (x:Action)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without AND x.status <> 'said to be done'
OPTIONAL MATCH (x)-[:HAS_INSTRUMENT|HAS_OBJECTIVE|PART_OF|ABOUT]->(y:Action|Instrument|Objective)
WHERE 'homicide review' IN y.duty
WITH x, [{record: x.id, source: x.source, place: x.place, basis: x.basis}] AS own,
     collect(DISTINCT {record: y.id, source: y.source, place: y.place, basis: y.basis}) AS others,
     count(DISTINCT y.id) AS found
WHERE found > 0 OR 'homicide review' IN x.duty
RETURN x.partnership AS partnership, x.id AS action, x.name AS name, x.status AS status,
       x.deadline_as_given AS deadline_as_given, own + others AS evidence
ORDER BY action
