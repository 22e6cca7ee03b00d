//+ title = "Empty seats"
//+ question = "Which seats on which boards are empty or still to be confirmed?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ shows = ["name", "member", "role", "seat"]
//+ returns = ["body", "name", "seat", "member", "role", "evidence"]
MATCH (m:Agency|Body|Post)-[x:MEMBERSHIP]->(b:Body)
WHERE b.partnership IN $partnerships AND NOT b.id IN $without
      AND x.seat IN ['empty', 'to be confirmed']
RETURN b.partnership AS partnership, b.id AS body, b.name AS name, x.seat AS seat,
       m.name AS member, x.role AS role,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS evidence
ORDER BY body, member
