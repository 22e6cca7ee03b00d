//+ title = "Agencies from which nobody is sent on, on record"
//+ question = "From which agencies that meet people first is no working route to help recorded?"
//+ caveats = ["It does not mean that an agency sends nobody on: only routes that a source names are here.", "What an agency's parts, posts and services do counts as done by the agency.", "A route of which the source does not say whether it works does not count as working.", "Only police, health, education, housing, local authority, probation and justice are asked about. An agency whose sector is not recorded is not listed."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ facts = ["services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups", "needs", "steps", "map_posts", "agencies"]
//+ reads = ["agency", "partnership", "name", "sector", "areas", "proof"]
//+ answer = "silent_referrers"
//+ sections = "section"
//+ shows = ["name", "sector", "routes"]
//+ returns = ["agency", "name", "section", "sector", "routes", "evidence"]
MATCH (g:Agency)
WHERE g.partnership IN $partnerships AND NOT g.id IN $without
      AND g.sector IN ['police', 'health', 'education', 'housing', 'local authority',
                       'probation and justice']
      AND NOT coalesce(g.benchmark, false)
OPTIONAL MATCH (g)-[:HAS_AREA]->(a:Area)
RETURN g.id AS agency, g.partnership AS partnership, g.name AS name, g.sector AS sector,
       collect(DISTINCT a.id) AS areas,
       {record: g.id, source: g.source, place: g.place, basis: g.basis} AS proof
ORDER BY agency
