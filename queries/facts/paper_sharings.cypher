//+ title = "Sharing of data, as a paper tells of it"
//+ question = "Who shares which data with whom, and is it so or only arranged?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["sharing", "start_name", "end_name", "what", "status", "visibility", "proof"]
MATCH (a:Agency|Service|Body)-[x:SHARING]->(b:Agency|Body|Post|Partnership)
WHERE a.partnership IN $partnerships
RETURN x.id AS sharing, a.name AS start_name, b.name AS end_name, x.what AS what,
       x.status AS status, x.visibility AS visibility,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY sharing
