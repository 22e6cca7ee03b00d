//+ title = "Sources"
//+ question = "Which sources are loaded, and for which date do they speak?"
//+ returns = ["source", "partnership", "title", "dated", "publisher", "records"]
MATCH (s:Source)
RETURN s.id AS source, s.partnership AS partnership, s.title AS title, coalesce(s.date_last, s.date_first) AS dated,
       s.publisher AS publisher, s.records AS records
ORDER BY source
