//+ title = "Routes that end at an agency and not at a service"
//+ question = "Which routes lead to an agency, a post or a body, and to no service by name?"
//+ caveats = ["The agency may well know which service is meant. The source does not say it.", "A conference that plans for cases is a proper end of a route, and is not listed."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ shows = ["start_name", "end_name", "status", "condition"]
//+ returns = ["route", "start_name", "end_name", "status", "condition", "evidence"]
MATCH (a:Agency|Service|Body|Post|ClientGroup)-[x:REFERRAL]->(b:Agency|Body|Post)
WHERE b.partnership IN $partnerships AND NOT a.id IN $without AND NOT b.id IN $without
      AND NOT x.id IN $without AND coalesce(b.kind, '') <> 'conference'
RETURN b.partnership AS partnership, x.id AS route, a.name AS start_name, b.name AS end_name,
       x.status AS status, x.condition AS condition,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS evidence
ORDER BY route
