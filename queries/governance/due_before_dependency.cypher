//+ title = "Actions that wait for something else"
//+ question = "Which actions are due before what they depend on, or depend on something that has no date to compare?"
//+ caveats = ["Posts and documents have no date by which they are there, so that there is nothing to compare.", "An action that is said to be done waits for nothing, and nothing waits for it."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ sections = "section"
//+ shows = ["name", "due", "needs_name", "needs_due"]
//+ returns = ["action", "name", "section", "due", "needs", "needs_name", "needs_due", "evidence"]
MATCH (x:Action)-[d:DEPENDENCE]->(y:Action|Body|Instrument|Post|Service)
WHERE x.partnership IN $partnerships AND NOT x.id IN $without AND NOT y.id IN $without
      AND x.status <> 'said to be done'
      AND NOT coalesce(y.status, 'not recorded') = 'said to be done'
WITH x, d, y,
     CASE WHEN x.deadline_kind IN ['fixed', 'inherited'] THEN x.deadline_last END AS due,
     CASE WHEN y.deadline_kind IN ['fixed', 'inherited'] THEN y.deadline_last
          ELSE y.opened_first END AS needs_due
WHERE due IS NULL OR needs_due IS NULL OR due < needs_due
RETURN x.partnership AS partnership, x.id AS action, x.name AS name,
       CASE WHEN due < needs_due THEN 'due before what it depends on'
            ELSE 'no date to compare' END AS section,
       due AS due, y.id AS needs, y.name AS needs_name, needs_due AS needs_due,
       [{record: d.id, source: d.source, place: d.place, basis: d.basis},
        {record: x.id, source: x.source, place: x.place, basis: x.basis},
        {record: y.id, source: y.source, place: y.place, basis: y.basis}] AS evidence
ORDER BY section, action, needs
