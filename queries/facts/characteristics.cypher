//+ title = "Protected characteristics"
//+ question = "Which protected characteristics of the Equality Act 2010 does each client group share?"
//+ returns = ["term", "characteristics"]
MATCH (g:ClientGroup)
RETURN g.id AS term, g.characteristic AS characteristics
ORDER BY term
