//+ title = "Who carries the plan"
//+ question = "How many actions does each agency, body or post lead?"
//+ caveats = ["An action led by an agency and by a post of it counts for both."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ shows = ["name", "actions"]
//+ returns = ["leader", "name", "actions", "evidence"]
MATCH (a:Action)-[l:LEAD]->(x:Agency|Body|Post)
WHERE a.partnership IN $partnerships AND NOT x.id IN $without AND NOT a.id IN $without
      AND l.role = 'lead'
RETURN x.partnership AS partnership, x.id AS leader, x.name AS name,
       count(DISTINCT a.id) AS actions,
       collect(DISTINCT {record: l.id, source: l.source, place: l.place, basis: l.basis}) AS evidence
ORDER BY actions DESC, leader
