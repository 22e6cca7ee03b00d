//+ title = "Lists that are signed as complete"
//+ question = "For which type of service, area and date has whom signed that the list is complete?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["type", "type_name", "area", "area_name", "dated", "signed_by", "proof"]
MATCH (c:Completeness)-[:TYPE]->(t:ServiceType)
MATCH (c)-[:HAS_AREA]->(a:Area)
MATCH (c)-[:SIGNED_BY]->(p:Post)
WHERE c.partnership IN $partnerships
RETURN t.id AS type, t.name AS type_name, a.id AS area, a.name AS area_name,
       c.dated_last AS dated, p.name AS signed_by,
       {record: c.id, source: c.source, place: c.place, basis: c.basis} AS proof
ORDER BY type, area, dated
