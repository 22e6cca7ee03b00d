//+ title = "Actions without a lead on record"
//+ question = "For which actions is no post, agency or body recorded as the lead?"
//+ caveats = ["An action that is part of another has that one's lead.", "Where a source names a person and no post, somebody leads and no post is recorded: posts are recorded, never people. The column 'lead as given' says so.", "Empty there means that the source gives no lead."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ shows = ["name", "lead_as_given", "status", "deadline_as_given"]
//+ returns = ["action", "name", "lead_as_given", "status", "deadline_as_given", "evidence"]
MATCH (x:Action)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without
      AND NOT EXISTS { MATCH (x)-[l:LEAD]->(y:Agency|Body|Post)
                       WHERE l.role = 'lead' AND NOT y.id IN $without }
      AND NOT EXISTS { MATCH (x)-[:PART_OF]->(w:Action)-[m:LEAD]->(z:Agency|Body|Post)
                       WHERE m.role = 'lead' AND NOT z.id IN $without }
RETURN x.partnership AS partnership, x.id AS action, x.name AS name,
       x.lead_as_given AS lead_as_given, x.status AS status,
       x.deadline_as_given AS deadline_as_given,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS evidence
ORDER BY action
