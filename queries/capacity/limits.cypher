//+ title = "Full, waiting, closed or temporary"
//+ question = "Which services are full, have a waiting list, are closed to referrals or stand in for the time being?"
//+ caveats = ["As the source says on its date; places change from day to day."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ shows = ["name", "availability", "wait"]
//+ returns = ["service", "name", "availability", "wait", "evidence"]
MATCH (x:Service)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without 
      AND ('full' IN x.availability OR 'waiting list' IN x.availability
           OR 'closed to referrals' IN x.availability OR 'temporary' IN x.availability
           OR 'partly out of use' IN x.availability OR 'above capacity' IN x.availability)
      AND x.standing <> 'ended'
RETURN x.partnership AS partnership, x.id AS service, x.name AS name,
       x.availability AS availability, x.wait AS wait,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS evidence
ORDER BY service
