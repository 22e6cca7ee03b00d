//+ title = "Routes that lead back to where they began"
//+ question = "Where do working routes lead round in a circle?"
//+ caveats = ["A circle can be right: a conference sends a case to an advocate, and the advocate brings another to the conference.", "Each route may be for other people and needs, so that nobody is ever sent all the way round.", "Circles of more than six steps are not looked for."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ audience = "editor"
//+ facts = ["services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups", "needs", "map_posts"]
//+ reads = ["route", "partnership", "origin", "origin_name", "target", "status", "proof"]
//+ answer = "circles"
//+ shows = ["name"]
//+ returns = ["things", "name", "evidence"]
MATCH (a:Agency|Service|Body|Post)-[x:REFERRAL]->(b:Service|Agency|Body|Post)
WHERE x.partnership IN $partnerships AND NOT a.id IN $without AND NOT b.id IN $without
      AND NOT x.id IN $without
RETURN x.id AS route, x.partnership AS partnership, a.id AS origin, a.name AS origin_name,
       b.id AS target, x.status AS status,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY route
