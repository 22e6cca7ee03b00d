//+ title = "Things that can be imagined lost"
//+ question = "Which agencies, bodies, funds, services and posts are there?"
//+ returns = ["thing", "name"]
MATCH (x:Agency|Body|Fund|Service|Post)
RETURN x.id AS thing, x.name AS name
ORDER BY thing
