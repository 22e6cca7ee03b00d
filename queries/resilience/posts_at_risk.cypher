//+ title = "Posts that are vacant, leaving or not yet there"
//+ question = "Which posts are not filled or about to be left, and what hangs on them?"
//+ caveats = ["For staff: a single post that is about to be left can identify its holder."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ shows = ["name", "filled", "hangs_on_it"]
//+ returns = ["post", "name", "filled", "hangs_on_it", "evidence"]
MATCH (x:Post)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without
      AND x.filled IN ['vacant', 'recruiting', 'proposed', 'away', 'leaving']
OPTIONAL MATCH (d:Service|Action|Body|Post)-[:DEPENDENCE]->(x)
RETURN x.partnership AS partnership, x.id AS post, x.name AS name, x.filled AS filled,
       collect(DISTINCT d.name) AS hangs_on_it,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS evidence
ORDER BY post
