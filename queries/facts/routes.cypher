//+ title = "Routes and awards that can be imagined lost"
//+ question = "Which referral routes and awards are there?"
//+ returns = ["thing", "name"]
MATCH (a)-[r:REFERRAL|AWARD]->(b)
RETURN r.id AS thing, b.name AS name
ORDER BY thing
