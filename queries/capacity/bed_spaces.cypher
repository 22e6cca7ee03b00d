//+ title = "Places"
//+ question = "How many places has each service, how many of them are out of use, and how many refuge places is that for 10,000 people?"
//+ caveats = ["Family places, bed spaces and homes are different units and are never added together.", "Benchmark: one family place in a refuge for 10,000 people (Council of Europe, Combating violence against women: minimum standards for support services, 2008). Add up the column to compare a partnership with it.", "Only family places of refuges that run in the area count for the benchmark, without those out of use, and only where a number of people is on record.", "Places that a source gives for an agency, or for several services together, are not shared out and are not here."]
//+ params.partnerships = { type = "ids", about = "the partnerships asked about" }
//+ params.as_of = { type = "date", about = "the day asked about" }
//+ params.without = { type = "ids", about = "things imagined lost" }
//+ facts = ["services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups", "needs", "service_types", "observations"]
//+ reads = ["service"]
//+ answer = "bed_spaces"
//+ shows = ["name", "types", "standing", "places", "unit", "out_of_use", "qualifier", "per_10000", "population_year"]
//+ returns = ["service", "name", "types", "standing", "area_names", "population", "unit", "places", "out_of_use", "qualifier", "period", "per_10000", "residents", "population_year", "evidence"]
MATCH (x:Service)
WHERE x.partnership IN $partnerships AND x.standing <> 'ended'
RETURN x.id AS service
ORDER BY service
