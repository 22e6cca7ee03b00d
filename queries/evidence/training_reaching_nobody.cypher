//+ title = "Training that reaches nobody"
//+ question = "Which training cannot be given, is needed and not arranged, or names nobody who is trained?"
//+ caveats = ["Needed is what a source says; nobody may have written down that it was arranged since.", "Training that is needed and names nobody stands under both headings."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ sections = "section"
//+ shows = ["name", "audience", "state"]
//+ returns = ["training", "name", "section", "audience", "state", "evidence"]
MATCH (x:Training)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without
      AND x.state IN ['not possible', 'needed']
RETURN x.partnership AS partnership, x.id AS training, x.name AS name,
       CASE x.state WHEN 'needed' THEN 'needed, not arranged' ELSE 'cannot be given' END AS section,
       x.audience AS audience, x.state AS state,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS evidence
UNION ALL
MATCH (x:Training)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without
      AND NOT EXISTS { MATCH (x)-[:TRAINS]->(y:Agency|Body|Post|Service) WHERE NOT y.id IN $without }
RETURN x.partnership AS partnership, x.id AS training, x.name AS name,
       'nobody named' AS section,
       x.audience AS audience, x.state AS state,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS evidence
ORDER BY training
