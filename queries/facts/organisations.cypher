//+ title = "Agencies with an org-id"
//+ question = "Which agencies have which org-id?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["agency", "org_id"]
MATCH (g:Agency)
WHERE g.partnership IN $partnerships AND g.org_id IS NOT NULL
RETURN g.id AS agency, g.org_id AS org_id
ORDER BY agency
