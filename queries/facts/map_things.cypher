//+ title = "Things on the map"
//+ question = "Which agencies, bodies, funds, services and posts has a partnership, and how do they stand?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["thing", "name", "standing", "filled", "sector", "about", "visibility", "basis", "proof"]
MATCH (x:Agency|Body|Fund|Service|Post)
WHERE x.partnership IN $partnerships
RETURN x.id AS thing, x.name AS name, x.standing AS standing, x.filled AS filled,
       x.sector AS sector, x.description AS about, x.visibility AS visibility, x.basis AS basis,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY thing
