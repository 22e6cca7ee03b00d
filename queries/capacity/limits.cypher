//+ title = "Full, waiting, closed or temporary"
//+ question = "Which services are full, have a waiting list, are closed to referrals or stand in for the time being?"
//+ caveats = ["As the source says on its date; places change from day to day.", "A service with several limits has a row for each."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ facts = ["services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups", "needs"]
//+ reads = ["service", "partnership", "name", "availability", "wait", "proof"]
//+ answer = "limits"
//+ sections = "state"
//+ shows = ["name", "wait"]
//+ returns = ["service", "name", "state", "wait", "evidence"]
// Which they are first, then what is known of those alone: a filter reads each column whole.
MATCH (k:Service)
WHERE k.partnership IN $partnerships
WITH k.id AS found
MATCH (x:Service)
WHERE x.id = found AND x.standing <> 'ended'
RETURN x.id AS service, x.partnership AS partnership, x.name AS name,
       x.availability AS availability, x.wait AS wait,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY service
