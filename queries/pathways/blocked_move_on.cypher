//+ title = "Safe places that people cannot move on from"
//+ question = "From which safe or temporary accommodation is the way on to a settled home blocked, or not recorded?"
//+ caveats = ["No way on recorded does not mean that there is none: only routes that a source names are here.", "Only a route that leads straight to help with a settled home counts as a way on.", "Security for people's own homes counts as safe accommodation in law, and is left out: nobody has to move on from it."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ facts = ["services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups", "needs", "steps", "map_posts", "service_types"]
//+ reads = ["gap", "partnership", "name", "kind", "needs", "services", "proof"]
//+ answer = "blocked_move_on"
//+ sections = "section"
//+ shows = ["name", "gaps"]
//+ returns = ["service", "name", "section", "gaps", "evidence"]
MATCH (x:Gap)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without
OPTIONAL MATCH (x)-[:NEEDS]->(n:Need)
OPTIONAL MATCH (x)-[:AFFECTS]->(s:Service)
RETURN x.id AS gap, x.partnership AS partnership, x.name AS name, x.kind_of_gap AS kind,
       collect(DISTINCT n.id) AS needs, collect(DISTINCT s.id) AS services,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY gap
