//+ title = "Probably the same"
//+ question = "Which records may be one and the same thing?"
//+ caveats = ["Nothing is merged on this."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ shows = ["name", "other_name"]
//+ audience = "editor"
//+ returns = ["thing", "name", "other", "other_name", "evidence"]
MATCH (x:Agency|Body|Post|Service|Fund|Instrument)-[:POSSIBLY_THE_SAME_AS]->(y:Agency|Body|Post|Service|Fund|Instrument)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without
RETURN x.partnership AS partnership, x.id AS thing, x.name AS name, y.id AS other,
       y.name AS other_name,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS evidence
ORDER BY thing, other
