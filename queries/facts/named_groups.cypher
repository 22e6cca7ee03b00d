//+ title = "Groups that anybody names"
//+ question = "Which client groups do the plans, gaps and services of all partnerships name?"
//+ returns = ["term"]
MATCH (x:Action|Objective|Gap)-[:GROUPS]->(g:ClientGroup)
RETURN DISTINCT g.id AS term
UNION
MATCH (s:Service)-[:REACH]->(g:ClientGroup)
RETURN DISTINCT g.id AS term
ORDER BY term
