//+ title = "Routes missing or only being drafted"
//+ question = "Which referral routes are missing, proposed, being drafted or to be reinforced?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ shows = ["start_name", "end_name", "status", "condition"]
//+ sections = "status"
//+ returns = ["route", "start_name", "end_name", "status", "condition", "evidence"]
MATCH (a:Agency|Service|Body|Post|ClientGroup)-[x:REFERRAL]->(b:Service|Agency|Body|Post)
WHERE b.partnership IN $partnerships AND NOT a.id IN $without AND NOT b.id IN $without
      AND NOT x.id IN $without
      AND x.status IN ['missing', 'being drafted', 'proposed', 'to be reinforced']
RETURN b.partnership AS partnership, x.id AS route, a.name AS start_name, b.name AS end_name,
       x.status AS status, x.condition AS condition,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS evidence
ORDER BY route
