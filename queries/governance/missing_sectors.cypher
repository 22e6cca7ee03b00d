//+ title = "Sectors that no member of a board comes from"
//+ question = "Of which sectors is no member recorded on which board?"
//+ caveats = ["Only boards with three or more recorded members are asked about: a list of one or two says nothing of the rest.", "A member whose sector no source gives may come from the sector that seems to be missing.", "An empty seat counts for its sector. One who only observes or is to be invited does not."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ facts = ["seats", "sectors"]
//+ reads = ["body", "partnership", "name", "proof"]
//+ answer = "missing_sectors"
//+ shows = ["name", "sector", "members", "sector_unknown"]
//+ returns = ["body", "name", "sector", "members", "sector_unknown", "evidence"]
MATCH (b:Body)
WHERE b.partnership IN $partnerships AND NOT b.id IN $without
      AND b.kind IN ['strategic board', 'operational board', 'board']
RETURN b.id AS body, b.partnership AS partnership, b.name AS name,
       {record: b.id, source: b.source, place: b.place, basis: b.basis} AS proof
ORDER BY body
