//+ title = "Money that has ended, is not recorded, or has no end on record"
//+ question = "Which services and posts have no secured money on a given day?"
//+ caveats = ["Not recorded does not mean that there is none: only what a source says of money is here.", "Money that ended does not mean that the service closed.", "Undated money is no finding of being unfunded: it is on record, and nobody has written down when it ends.", "Posts are asked about where they are paid by a recorded award, where a service depends on them, or where they are still to be filled."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ facts = ["awards"]
//+ reads = ["service", "partnership", "name", "standing", "filled", "whereabouts", "dependents", "proof"]
//+ answer = "unfunded"
//+ sections = "section"
//+ shows = ["name", "kind", "state", "last_funder", "ended", "standing"]
//+ returns = ["service", "name", "kind", "section", "state", "last_funder", "ended", "standing", "evidence"]
MATCH (x:Service|Post)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without
OPTIONAL MATCH (d:Service)-[:DEPENDENCE]->(x) WHERE NOT d.id IN $without
RETURN x.id AS service, x.partnership AS partnership, x.name AS name, x.standing AS standing,
       x.filled AS filled, x.whereabouts AS whereabouts, count(DISTINCT d.id) AS dependents,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY service
