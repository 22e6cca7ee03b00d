//+ title = "Objectives without actions"
//+ question = "Which aims, priorities and objectives does no action serve?"
//+ caveats = ["Visions, themes and wanted outcomes are left out: actions hang on the levels below them. So is what terms of reference ask of a board.", "A plan may not say which priority an action serves: then none is on record."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ sections = "kind"
//+ shows = ["name", "kind"]
//+ returns = ["objective", "name", "kind", "evidence"]
MATCH (x:Objective)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without
      AND x.kind IN ['aim', 'priority', 'recommendation', 'objective']
      AND NOT EXISTS { MATCH (x)-[:HAS_INSTRUMENT]->(i:Instrument)
                       WHERE i.kind = 'terms of reference' }
      AND NOT EXISTS { MATCH (y:Action)-[:HAS_OBJECTIVE]->(x) WHERE NOT y.id IN $without }
      AND NOT EXISTS { MATCH (z:Action)-[:HAS_OBJECTIVE]->(w:Objective)-[:PART_OF]->(x)
                       WHERE NOT z.id IN $without }
RETURN x.partnership AS partnership, x.id AS objective, x.name AS name, x.kind AS kind,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS evidence
ORDER BY objective
