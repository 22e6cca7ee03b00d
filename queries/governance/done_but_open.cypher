//+ title = "Said to be done, and still open"
//+ question = "Which actions are said to be done in one place and open in another?"
//+ caveats = ["Both may be true, above all where only a step is said to be done: the row shows what each place says.", "What was said to be open is settled by a report of a later date that it is done."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ facts = ["progress"]
//+ reads = ["action", "partnership", "name", "status", "deadline_as_given", "deadline_kind", "known_on", "part_of", "proof"]
//+ answer = "done_but_open"
//+ sections = "section"
//+ shows = ["name", "said_done", "still_open"]
//+ returns = ["action", "name", "section", "said_done", "still_open", "evidence"]
MATCH (x:Action)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without
OPTIONAL MATCH (x)-[:PART_OF]->(w:Action)
RETURN x.id AS action, x.partnership AS partnership, x.name AS name, x.status AS status,
       x.deadline_as_given AS deadline_as_given, x.deadline_kind AS deadline_kind,
       x.known_on AS known_on, w.id AS part_of,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY action
