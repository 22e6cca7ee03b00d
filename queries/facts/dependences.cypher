//+ title = "Posts that services depend on"
//+ question = "Which services cannot go on without which posts, and whose posts are they?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["service", "post", "post_name", "filled", "agencies", "proof"]
MATCH (s:Service)-[d:DEPENDENCE]->(p:Post)
WHERE s.partnership IN $partnerships
OPTIONAL MATCH (p)-[:HAS_AGENCY]->(g:Agency)
RETURN s.id AS service, p.id AS post, p.name AS post_name, p.filled AS filled,
       collect(DISTINCT g.id) AS agencies,
       {record: d.id, source: d.source, place: d.place, basis: d.basis} AS proof
ORDER BY service, post
