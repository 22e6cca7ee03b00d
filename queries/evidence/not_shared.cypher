//+ title = "Data that are not shared"
//+ question = "Which data are not shared, not known to be shared, or only being arranged?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ shows = ["start_name", "end_name", "what", "status"]
//+ sections = "status"
//+ returns = ["sharing", "start_name", "end_name", "what", "status", "evidence"]
MATCH (a:Agency|Service|Body)-[x:SHARING]->(b:Agency|Body|Post|Partnership)
WHERE a.partnership IN $partnerships AND NOT a.id IN $without AND x.status <> 'shared'
RETURN a.partnership AS partnership, x.id AS sharing, a.name AS start_name, b.name AS end_name,
       x.what AS what, x.status AS status,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS evidence
ORDER BY sharing
