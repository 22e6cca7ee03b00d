//+ title = "Ready for Part 4 of the Domestic Abuse Act 2021"
//+ question = "Which seats, assessments, strategies and reports that Part 4 of the Domestic Abuse Act 2021 asks for are on record?"
//+ caveats = ["Part 4 binds the tier one authorities of England: county, metropolitan and unitary councils, and the Greater London Authority.", "Not recorded does not mean that there is none.", "Who sits on the board is what the newest source says, whatever the day asked about.", "To be confirmed also stands where a source names a seat or a document and does not say how it stands.", "A document whose years are over stays on record: see its last day."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ facts = ["seats", "sectors", "areas", "groups"]
//+ reads = ["record", "partnership", "name", "duty", "standing", "state", "begins", "until", "proof"]
//+ answer = "part_4"
//+ shows = ["requirement", "state", "named", "until", "law"]
//+ returns = ["requirement", "state", "named", "until", "law", "evidence"]
MATCH (x:Body|Instrument)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without AND size(x.duty) > 0
RETURN x.id AS record, x.partnership AS partnership, x.name AS name, x.duty AS duty,
       x.standing AS standing, x.state AS state, coalesce(x.opened_first, x.period_first) AS begins,
       x.period_last AS until,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY record
