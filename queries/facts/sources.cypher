//+ title = "Sources"
//+ question = "Which sources are loaded, and for which date do they speak?"
//+ returns = ["source", "partnership", "title", "dated", "publisher", "cited"]
MATCH (s:Source)
OPTIONAL MATCH (p:SourcePart) WHERE p.source = s.id
RETURN s.id AS source, s.partnership AS partnership, s.title AS title, s.date_last AS dated,
       s.publisher AS publisher, count(p.id) AS cited
ORDER BY source
