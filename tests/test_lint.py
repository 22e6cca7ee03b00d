"""What a query may not say, each with the reason; and that every shipped one says none of it."""

from pathlib import Path

import pytest

from queries import lint

QUERIES = Path(lint.__file__).parent

GOOD = """
// Comments may say CREATE, and quoted text 'SET x = 1', "sum(x)" or 'http://a.example/'.
MATCH (s:Service)-[r:REACH]->(g:ClientGroup|Need)
WHERE s.partnership IN $partnerships AND NOT s.id IN $without
  AND s.opened_first <= $as_of AND s.name STARTS WITH 'A'
OPTIONAL MATCH (f:Fund)-[a:AWARD]->(s) WHERE a.live_until >= date($day)
WITH s, g, r, count(DISTINCT a.id) AS awards, count(f) + count(a) AS number
WHERE EXISTS { MATCH (s)-[:NEEDS]->(n:Need) WHERE n.id <> '' }
  AND COUNT { MATCH (s)<-[:PROVISION]-(p:Agency) } > 1
  AND NOT (s)-[:EXCLUDES]->(g)
RETURN DISTINCT s.id AS service, g.load AS load_text, r.type AS kind, size(s.needs) AS size,
       CASE WHEN awards > 0 THEN 'paid' ELSE coalesce(s.standing, '') END AS state,
       collect(DISTINCT g.id) AS terms, {record: s.id, place: s.place} AS proof, number AS number
ORDER BY service, kind
"""

BAD = [
    ("CREATE (n:Agency {id: $x}) RETURN n.id AS x ORDER BY x", "only reads"),
    ("create (n:Agency) RETURN n.id AS x ORDER BY x", "only reads"),
    ("MATCH (n:Agency) SET n.name = 'x' RETURN n.id AS x ORDER BY x", "only reads"),
    ("MATCH (n:Agency) set n.name = 'x' RETURN n.id AS x ORDER BY x", "only reads"),
    ("MERGE (n:Agency) RETURN n.id AS x ORDER BY x", "only reads"),
    ("MATCH (n:Agency) DETACH DELETE n", "only reads"),
    ("MATCH (n:Agency) REMOVE n.name RETURN n.id AS x ORDER BY x", "only reads"),
    ("LOAD FROM '/etc/passwd' RETURN * ORDER BY x", "only reads"),
    ("COPY (MATCH (n:Agency) RETURN n.id AS x ORDER BY x) TO 'x.csv'", "only reads"),
    ("INSTALL httpfs", "only reads"),
    ("CALL db.labels() YIELD label RETURN label AS x ORDER BY x", "no procedures"),
    ("MATCH (n:A) CALL { MATCH (m:B) RETURN m.id AS y } RETURN y AS y ORDER BY y", "no procedures"),
    ("MATCH (a:A)-[r:R]->(b:B) RETURN type(r) AS x ORDER BY x", "missing in one store"),
    ("MATCH (n:A) RETURN labels(n) AS x ORDER BY x", "missing in one store"),
    ("MATCH (n:A) RETURN HEAD(n.l) AS x ORDER BY x", "missing in one store"),
    ("MATCH (n:A) RETURN reduce(s = 0, y IN n.l | s) AS x ORDER BY x", "missing in one store"),
    (
        "MATCH p = shortestPath((a:A)-[:R]->(b:B)) RETURN a.id AS x ORDER BY x",
        "missing in one store",
    ),
    ("MATCH (n:A) RETURN toString(n.age) AS x ORDER BY x", "no conversions"),
    ("MATCH (n:A) RETURN tointeger(n.age) AS x ORDER BY x", "no conversions"),
    ("MATCH (n:A) WHERE n.d < date() RETURN n.id AS x ORDER BY x", "no clock"),
    ("MATCH (n:A) WHERE n.d < datetime($x) RETURN n.id AS x ORDER BY x", "no clock"),
    ("MATCH (n:A) WHERE n.d < timestamp() RETURN n.id AS x ORDER BY x", "no clock"),
    ("MATCH (n:A) WHERE n.d < localtime() RETURN n.id AS x ORDER BY x", "no clock"),
    ("MATCH (n:A) RETURN COLLECT { MATCH (m:B) RETURN m.id AS y } AS x ORDER BY x", "COLLECT"),
    ("MATCH (n:A) RETURN [y IN n.l | y + 1] AS x ORDER BY x", "list comprehensions"),
    ("MATCH (n:A) RETURN n { .name } AS x ORDER BY x", "map projection"),
    ("MATCH (n:A) RETURN n.a || n.b AS x ORDER BY x", "|| on text"),
    ("MATCH (n) WHERE n:Agency RETURN n.id AS x ORDER BY x", "label into the pattern"),
    ("MATCH (n) WHERE NOT n:Agency RETURN n.id AS x ORDER BY x", "label into the pattern"),
    ("MATCH (n) WHERE n.id <> '' AND n:Agency RETURN n.id AS x ORDER BY x", "label into the"),
    ("MATCH (n:Agency:Body) RETURN n.id AS x ORDER BY x", "one label a node"),
    ("MATCH (n:Agency&Body) RETURN n.id AS x ORDER BY x", "one label a node"),
    ("MATCH (a:A)-[:R*1..3]->(b:B) RETURN a.id AS x ORDER BY x", "variable-length"),
    ("MATCH (a:A)-[*]->(b:B) RETURN a.id AS x ORDER BY x", "variable-length"),
    ("MATCH ((a:A)-[:R]->(b:A)){1,3} RETURN count(a) AS x ORDER BY x", "quantified"),
    ("MATCH ((a:A)-[:R]->(b:A))+ RETURN count(a) AS x ORDER BY x", "quantified"),
    ("MATCH (a:A)-[:R]->+(b:A) RETURN a.id AS x ORDER BY x", "quantified"),
    ("MATCH (a:A)-->(b:B) RETURN a.id AS x ORDER BY x", "name the relationship"),
    ("MATCH (a:A) --> (b:B) RETURN a.id AS x ORDER BY x", "name the relationship"),
    ("MATCH (a:A)<--(b:B) RETURN a.id AS x ORDER BY x", "name the relationship"),
    ("MATCH (a:A)--(b:B) RETURN a.id AS x ORDER BY x", "name the relationship"),
    ("MATCH (a:A)-[r]->(b:B) RETURN a.id AS x ORDER BY x", "name the relationship"),
    ("MATCH (a:A)-[]-(b:B) RETURN a.id AS x ORDER BY x", "name the relationship"),
    ("MATCH (n:A) RETURN n.l[0] AS x ORDER BY x", "no indexes"),
    ("MATCH (n:A) RETURN n.l[$i] AS x ORDER BY x", "no indexes"),
    ("MATCH (n:A) RETURN sum(n.age) AS x ORDER BY x", "no sum"),
    ("MATCH (n:A) RETURN SUM (n.age) AS x ORDER BY x", "no sum"),
    ("MATCH (n:A) RETURN n.id AS end ORDER BY n.id", "word of the language"),
    ("MATCH (n:A) RETURN n.id AS Group ORDER BY n.id", "word of the language"),
    ("MATCH (n:A) WHERE $d IS NULL OR n.d = $d RETURN n.id AS x ORDER BY x", "optional parameters"),
    ("MATCH (n:A) WHERE $d IS NOT NULL RETURN n.id AS x ORDER BY x", "optional parameters"),
    ("MATCH (n:A) WITH n ORDER BY n.d LIMIT 1 RETURN n.id AS x", "order at the end"),
    ("MATCH (n:A) WHERE EXISTS { (n)-[:R]->(:B) } RETURN n.id AS x ORDER BY x", "begin the braces"),
    ("MATCH (n:A) WHERE count { (n)-[:R]->(:B) } > 1 RETURN n.id AS x ORDER BY x", "begin the"),
    ("MATCH (a:A), (b:B) RETURN a.id AS x ORDER BY x", "one pattern a MATCH"),
    ("MATCH (a:A)-[:R]->(b:B), (c:C) RETURN a.id AS x ORDER BY x", "one pattern a MATCH"),
    ("MATCH (n:A) RETURN n.id ORDER BY n.id", "name every column"),
    ("MATCH (n:A) RETURN n.id AS x, n.name ORDER BY x", "name every column"),
    ("MATCH (n:A) RETURN n AS x ORDER BY x", "never a whole node"),
    ("MATCH (n:A {id: 'x'}) RETURN n AS x ORDER BY x", "never a whole node"),
    ("MATCH (a:A)-[r:R]->(b) RETURN a.id AS x, r AS y ORDER BY x", "never a whole node"),
    ("MATCH (a:A)-[r:R]->(b) RETURN a.id AS x, collect(DISTINCT b) AS y ORDER BY x", "never a"),
    ("MATCH (n:A) RETURN n.id AS x", "ORDER BY is missing"),
]


def reasons(cypher: str) -> list[str]:
    return [finding.reason for finding in lint.findings(cypher)]


def test_a_query_that_says_none_of_it_is_accepted() -> None:
    assert reasons(GOOD) == []


@pytest.mark.parametrize(("cypher", "reason"), BAD, ids=lambda text: text[:50])
def test_what_a_query_may_not_say_is_refused_with_the_reason(cypher: str, reason: str) -> None:
    assert [r for r in reasons(cypher) if reason in r]


def test_every_rule_refuses_something_here() -> None:
    told = {reason for cypher, _ in BAD for reason in reasons(cypher)}
    assert {reason for _, reason in lint._RULES} <= told


def test_a_finding_names_its_line() -> None:
    cypher = "// sum(x)\nMATCH (n:A)\n\nRETURN sum(n.age) AS x,\n  n.id ORDER BY x\n"
    assert [f.line for f in lint.findings(cypher)] == [4, 4]


@pytest.mark.parametrize(
    "path", sorted(QUERIES.glob("*/*.cypher")), ids=lambda path: f"{path.parent.name}.{path.stem}"
)
def test_every_shipped_query_is_portable(path: Path) -> None:
    assert reasons(path.read_text(encoding="utf-8")) == []


def test_columns_are_read_from_every_return() -> None:
    cypher = (
        "MATCH (n:A) RETURN DISTINCT n.id AS x, {a: n.b, c: [1, 2]} AS y ORDER BY x "
        "UNION MATCH (n:B) RETURN n.id AS x, count(DISTINCT n.c) AS y ORDER BY x"
    )
    assert lint.columns(cypher) == [["x", "y"], ["x", "y"]]


def test_parameters_are_those_outside_comments_and_quotes() -> None:
    cypher = "// $no\nMATCH (n:A) WHERE n.id = $yes AND n.name = '$never' OR n.b IN $also"
    assert lint.parameters(cypher) == {"yes", "also"}


def test_a_long_query_is_read_quickly() -> None:
    """No rule may take time that grows faster than the text does much."""
    step = "OPTIONAL MATCH (a:A)-[r:R]->(b:B) WHERE a.id IN $x AND NOT b.id IN [1, 2]\n"
    cypher = "MATCH (a:A)\n" + step * 300 + "RETURN a.id AS x ORDER BY x"
    assert reasons(cypher) == []
