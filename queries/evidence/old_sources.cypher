//+ title = "Old sources"
//+ question = "Which sources that records are drawn from are older than some months on the day?"
//+ caveats = ["An old source may still be right: nobody has said since.", "A source that another one takes a figure from is listed too, with the number of such figures."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ params.months = { type = "integer", about = "how many months old a source may be", default = 24 }
//+ reads = ["source", "partnership", "name", "dated", "publisher", "records", "figures", "proof"]
//+ answer = "old_sources"
//+ shows = ["name", "dated", "publisher", "records", "figures"]
//+ returns = ["source", "name", "dated", "publisher", "records", "figures", "evidence"]
MATCH (s:Source)
WHERE s.partnership IN $partnerships AND NOT s.id IN $without
OPTIONAL MATCH (o:Observation) WHERE o.originally_from = s.id
WITH s, count(o) AS figures
WHERE s.records > 0 OR figures > 0
RETURN s.id AS source, s.partnership AS partnership, s.title AS name,
       coalesce(s.date_last, s.date_first) AS dated, s.publisher AS publisher,
       s.records AS records, figures AS figures,
       {record: s.id, source: s.id, place: ['the whole source'],
        basis: CASE WHEN s.date_ground IS NULL THEN 'stated' ELSE 'inferred' END} AS proof
ORDER BY source
