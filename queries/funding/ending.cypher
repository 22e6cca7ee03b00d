//+ title = "Money that ends soon"
//+ question = "Which services and posts have money on the day that all ends within some months after it?"
//+ caveats = ["A renewal that no source records cannot be seen.", "Undated money is not here: nobody has written down when it ends."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ params.months = { type = "integer", about = "how many months to look ahead", default = 12 }
//+ facts = ["awards"]
//+ reads = ["service", "partnership", "name", "standing", "proof"]
//+ answer = "ending"
//+ shows = ["name", "kind", "ends", "funder", "pounds"]
//+ returns = ["service", "name", "kind", "ends", "funder", "pounds", "evidence"]
MATCH (x:Service|Post)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without
RETURN x.id AS service, x.partnership AS partnership, x.name AS name, x.standing AS standing,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY service
