//+ title = "Seats"
//+ question = "Who sits on which body, in which part, for whom, and from which agency?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["body", "member", "name", "kind", "role", "seat", "represents", "agency", "proof", "member_proof"]
MATCH (m:Agency|Body|Post)-[x:MEMBERSHIP]->(b:Body)
WHERE b.partnership IN $partnerships
OPTIONAL MATCH (m)-[:HAS_AGENCY]->(g:Agency)
RETURN b.id AS body, m.id AS member, m.name AS name, m.kind AS kind, x.role AS role,
       x.seat AS seat, x.represents AS represents, g.id AS agency,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof,
       {record: m.id, source: m.source, place: m.place, basis: m.basis} AS member_proof
ORDER BY body, member, role
