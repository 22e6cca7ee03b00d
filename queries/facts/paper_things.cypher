//+ title = "What else a paper tells of"
//+ question = "Which agencies, boards, posts, funds, plans, training and aims are recorded, and what is said of them?"
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ returns = ["thing", "name", "about", "kind", "state", "standing", "filled", "sector", "period", "audience", "meets", "quorum", "visibility", "proof"]
MATCH (x:Agency|Body|Fund|Post|Instrument|Training|Objective)
WHERE x.partnership IN $partnerships
RETURN x.id AS thing, x.name AS name, x.description AS about, x.kind AS kind,
       x.state AS state, x.standing AS standing, x.filled AS filled, x.sector AS sector,
       x.period_as_given AS period, x.audience AS audience, x.meets AS meets,
       x.quorum AS quorum, x.visibility AS visibility,
       {record: x.id, source: x.source, place: x.place, basis: x.basis} AS proof
ORDER BY thing
