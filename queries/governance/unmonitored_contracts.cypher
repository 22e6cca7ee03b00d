//+ title = "Commissioned services with no monitor on record"
//+ question = "Which commissioned services have no agency on record that monitors them?"
//+ caveats = ["Not recorded does not mean that nobody does it."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ shows = ["name", "commissioner"]
//+ returns = ["service", "name", "commissioner", "evidence"]
MATCH (a:Agency)-[x:PROVISION]->(s:Service)
WHERE s.partnership IN $partnerships AND NOT s.id IN $without AND NOT a.id IN $without
      AND x.role = 'commissions'
      AND NOT EXISTS { MATCH (b:Agency)-[p:PROVISION]->(s)
                       WHERE p.role = 'monitors' AND p.standing <> 'proposed' AND NOT b.id IN $without }
      AND NOT EXISTS { MATCH (c:Agency)-[r:PROVISION]->(s)
                       WHERE r.role = 'monitors' AND r.standing IS NULL AND NOT c.id IN $without }
RETURN s.partnership AS partnership, s.id AS service, s.name AS name, a.name AS commissioner,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS evidence
ORDER BY service, commissioner
