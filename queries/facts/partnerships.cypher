//+ title = "Partnerships"
//+ question = "Which partnerships are loaded, and which area is theirs?"
//+ returns = ["partnership", "name", "area", "area_name", "historical", "fictional"]
MATCH (p:Partnership)-[:HAS_AREA]->(a:Area)
RETURN p.partnership AS partnership, p.name AS name, a.id AS area, a.name AS area_name,
       p.historical AS historical, p.fictional AS fictional
ORDER BY partnership
