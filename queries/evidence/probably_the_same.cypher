//+ title = "Probably the same"
//+ question = "Which records may be one and the same thing?"
//+ caveats = ["Nothing is merged on this.", "Each pair stands here once, also where both records say it."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ shows = ["name", "other_name"]
//+ audience = "editor"
//+ returns = ["thing", "name", "other", "other_name", "evidence"]
MATCH (x:Agency|Body|Post|Service|Fund|Instrument)-[:POSSIBLY_THE_SAME_AS]->(y:Agency|Body|Post|Service|Fund|Instrument)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without AND NOT y.id IN $without
RETURN x.partnership AS partnership,
       CASE WHEN x.id < y.id THEN x.id ELSE y.id END AS thing,
       CASE WHEN x.id < y.id THEN x.name ELSE y.name END AS name,
       CASE WHEN x.id < y.id THEN y.id ELSE x.id END AS other,
       CASE WHEN x.id < y.id THEN y.name ELSE x.name END AS other_name,
       collect(DISTINCT {record: x.id, source: x.source, place: x.place, basis: x.basis}) AS evidence
ORDER BY thing, other
