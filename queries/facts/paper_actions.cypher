//+ title = "Actions, as a paper tells of them"
//+ question = "Which actions are there, what are they to do, who leads them, until when, and how far are they?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["action", "name", "about", "status", "deadline", "due", "lead_as_given", "leads", "supports", "instruments", "visibility", "proof"]
MATCH (x:Action)
WHERE x.partnership IN $partnerships
OPTIONAL MATCH (x)-[l:LEAD]->(y:Agency|Body|Post)
WHERE l.role = 'lead'
OPTIONAL MATCH (x)-[m:LEAD]->(z:Agency|Body|Post)
WHERE m.role <> 'lead'
OPTIONAL MATCH (x)-[:HAS_INSTRUMENT]->(i:Instrument)
RETURN x.id AS action, x.name AS name, x.description AS about, x.status AS status,
       x.deadline_as_given AS deadline, x.deadline_last AS due,
       x.lead_as_given AS lead_as_given, collect(DISTINCT y.name) AS leads,
       collect(DISTINCT z.name) AS supports, collect(DISTINCT i.name) AS instruments,
       x.visibility AS visibility,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY action
