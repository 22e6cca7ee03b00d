"""Answers over the whole country, each against the slow, obvious way beside it.

Targets are those of national scale, 333 partnerships; at any other number absolute limits and
growth have no verdict. Whole answers are compared, but for removals, of which there is a sample.
"""

import datetime
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from itertools import cycle, pairwise
from pathlib import Path
from typing import Any

import ladybug
import networkx as nx
import numpy as np
from bench_pairs import Pair, Timing, whole
from rapidfuzz import process
from rapidfuzz.distance import OSA

from graph.collecting import no_circles
from graph.ids import partnership_of
from graph.stores.embedded import EmbeddedStore
from queries.ask import fact, partnerships
from queries.cut_sets import pairs as pairs_of_things
from queries.cut_sets import single_points_of_failure
from queries.directory.words import Texts, WordIndex, words_of
from queries.national.matrix import NationalMatrix, by_rows, national_matrix
from queries.national.reach import Breaks, Door, Joint, Link, Reached, breaks, reached
from queries.national.referrals import Network, network
from queries.national.referrals import by_rows as network_by_rows
from queries.organisations import one_of, with_equals
from queries.recorded import STRENGTHS, UNSPECIFIED, Cell, Facts, read_facts, recorded
from queries.rows import Row

COUNT, SEED = 333, 1
DAY = datetime.date(2025, 9, 15)
_POOL = 12 << 30
"""Bytes of cache for the counting of every cell, which fails with a third of them."""

Open = set[tuple[Cell, str]]


def pairs(folder: Path, small: Path, count: int, fewer: int) -> Iterator[Pair | Timing]:
    """The pairs of the country: folders of built stores of so many partnerships, and of fewer."""
    with closing(EmbeddedStore(folder)) as store, closing(EmbeddedStore(small)) as few:
        yield from _matrices(folder, store)
        yield from _losses(store, few, count, fewer)
        yield from _routes(store, count)
        yield from _searches(store, count)


# ---------------------------------------------------------------- the matrix

_HELPED = """
OPTIONAL MATCH (s:Service)-[:REACH]->(g), (s)-[:NEEDS]->(:Need)-[:BROADER*0..3]->(n),
               (s)-[:HAS_AREA]->(:Area)<-[:WITHIN*0..3]-(a)
"""
_EVERY_CELL = f"""
MATCH (a:Area)
MATCH (g:ClientGroup)
MATCH (n:Need)
{_HELPED}
RETURN offset(id(g)) AS term, offset(id(n)) AS need, offset(id(a)) AS area,
       count(DISTINCT s) AS services
"""
_CELLS_COUNTED = """
MATCH (s:Service)-[:REACH]->(g:ClientGroup)
MATCH (s)-[:NEEDS]->(:Need)-[:BROADER*0..3]->(n:Need)
MATCH (s)-[:HAS_AREA]->(:Area)<-[:WITHIN*0..3]-(a:Area)
RETURN offset(id(g)) AS term, offset(id(n)) AS need, offset(id(a)) AS area,
       count(DISTINCT s) AS services
"""
_CELLS_WITH_SERVICES = """
MATCH (s:Service)-[:REACH]->(g:ClientGroup)
MATCH (s)-[:NEEDS]->(n:Need)
MATCH (s)-[:HAS_AREA]->(w:Area)
WITH DISTINCT g, n, w
MATCH (n)-[:BROADER*0..3]->(m:Need)
MATCH (w)<-[:WITHIN*0..3]-(a:Area)
RETURN DISTINCT offset(id(g)) AS term, offset(id(m)) AS need, offset(id(a)) AS area
"""
"""The least that Cypher can be asked: which cells have a service at all, others left out."""


def _matrices(folder: Path, store: EmbeddedStore) -> Iterator[Pair]:
    """Every form of Cypher tells less: no day, money, limits, gaps or states, just services."""

    def ours() -> NationalMatrix:
        return national_matrix(store, DAY)

    for against, asked, threads, target in (
        ("Cypher in every cell, one thread as ours", _EVERY_CELL, 1, 50),
        ("Cypher in every cell, two threads", _EVERY_CELL, 2, 50),
        ("Cypher that counts where there is any", _CELLS_COUNTED, 2, None),
        ("Cypher, only whether there is any", _CELLS_WITH_SERVICES, 2, None),
    ):
        yield Pair(
            "coverage matrix, national",
            ours,
            against,
            partial(_cypher, folder, asked, threads),
            at_least=target,
            rounds=3,
        )
    yield Pair(
        "coverage matrix, national",
        ours,
        "every rule for each help (slow path)",
        lambda: _matrix_by_rows(store),
        form=whole,
        rounds=3,
    )


def _cypher(folder: Path, asked: str, threads: int) -> int:
    """How many rows a question has, its answer taken as columns."""
    name = (folder / "current").read_text().strip()
    with (
        closing(
            ladybug.Database(folder / f"{name}.lbug", read_only=True, buffer_pool_size=_POOL)
        ) as database,
        closing(ladybug.Connection(database, num_threads=threads)) as connection,
    ):
        answer: Any = connection.execute(asked)
        return int(answer.get_as_arrow(-1).num_rows)


def _matrix_by_rows(store: EmbeddedStore) -> NationalMatrix:
    with no_circles():
        return by_rows(store, DAY)


# ---------------------------------------------------------------- losses

_FACTS = (
    "services", "reaches", "awards", "provisions", "dependences", "referrals", "areas", "groups",
    "needs", "organisations",
)  # fmt: skip
_SAMPLE = 60


@dataclass(frozen=True, slots=True)
class _Country:
    """What losses are worked out from: the things that can be lost, and the facts."""

    things: Sequence[Row]
    facts: Facts
    first: dict[str, str]

    def single(self) -> list[dict[str, Any]]:
        with no_circles():
            return single_points_of_failure(self.things, self.facts, DAY, self.first)

    def pairs(self) -> list[dict[str, Any]]:
        with no_circles():
            return pairs_of_things(self.things, self.facts, DAY, self.first)


def _country(store: EmbeddedStore) -> _Country:
    known = partnerships(store)
    rows = {name: fact(store, name, [p.slug for p in known]) for name in _FACTS}
    return _Country(
        fact(store, "things"),
        read_facts(rows, {p.slug: p.area for p in known}, frozenset()),
        one_of(rows["organisations"], "agency"),
    )


def _losses(store: EmbeddedStore, few: EmbeddedStore, count: int, fewer: int) -> Iterator[Pair]:
    country, small = _country(store), _country(few)
    removal = _Removal(country)
    names = [thing["thing"] for thing in country.things]
    sample = names[:: max(len(names) // _SAMPLE, 1)]
    points = {(_one(country, r["thing"]), *_cell(r)) for r in country.single()}
    yield Pair(
        "single points, national",
        country.single,
        f"one removal each ({len(sample)} of all)",
        lambda: {thing: removal.opens(thing) for thing in sample},
        at_least=20,
        same=lambda ours, theirs: _same_points(country, ours, theirs),
        scale=len(names) / len(sample),
        rounds=3,
    )
    twos = _twos(country, names)
    sizes = Counter(map(partnership_of, names)).values()
    yield Pair(
        "all pairs, national",
        country.pairs,
        f"removals in twos ({len(twos)}) in a place",
        lambda: {two: removal.opens(*two) for two in twos},
        at_least=20,
        same=lambda ours, theirs: _same_pairs(country, points, ours, theirs),
        scale=sum(n * (n - 1) // 2 for n in sizes) / len(twos),
        rounds=3,
    )
    limit = 12 if count == COUNT else None
    yield _growth(f"single points: {fewer} to {count}", country.single, small.single, limit)
    yield _growth(f"all pairs: {fewer} to {count}", country.pairs, small.pairs, limit)


def _growth(
    what: str,
    ours: Callable[[], list[dict[str, Any]]],
    small: Callable[[], list[dict[str, Any]]],
    limit: float | None,
) -> Pair:
    return Pair(what, ours, "ours of the fewer", small, at_most=limit, rounds=3)


def _cell(row: Row) -> tuple[Cell, str]:
    return (row["group"], row["need"], row["area"]), row["strength"]


def _one(country: _Country, thing: str) -> str:
    return country.first.get(thing, thing)


class _Removal:
    """Losses looked for by taking things away and looking again, where they are and nowhere else.

    To look again at the whole country for each would take hundreds of times as long.
    """

    def __init__(self, country: _Country) -> None:
        self._first = country.first
        self._shares = _shares(country.facts)
        self._before = {slug: _helped(facts, DAY) for slug, facts in self._shares.items()}

    def opens(self, *things: str) -> Open:
        """The cells, within a strength, that have help on record and none without some things."""
        lost = with_equals(things, self._first)
        found: Open = set()
        for slug in {partnership_of(thing) for thing in lost}:
            left = _helped(replace(self._shares[slug], lost=lost), DAY)
            found |= {
                (cell, strength)
                for cell, strengths in self._before[slug].items()
                for strength in strengths
                if min(map(STRENGTHS.__getitem__, left.get(cell, ())), default=9)
                > STRENGTHS[strength]
            }
        return found


def _helped(facts: Facts, day: datetime.date) -> dict[Cell, set[str]]:
    """By cell: the strengths of its help."""
    found: dict[Cell, set[str]] = {}
    for one in recorded(facts, day)[0]:
        if one.cell[1] != UNSPECIFIED:
            found.setdefault(one.cell, set()).add(one.strength)
    return found


def _shares(facts: Facts) -> dict[str, Facts]:
    """The facts of each partnership by itself."""
    parts: dict[str, dict[str, dict[str, Any]]] = {slug: {} for slug in facts.homes}
    tables = ("services", "awards", "provisions", "dependences", "referrals")
    for name in tables:
        for thing, row in getattr(facts, name).items():
            parts[partnership_of(thing)].setdefault(name, {})[thing] = row
    reaches: dict[str, list[Row]] = {}
    for reach in facts.reaches:
        reaches.setdefault(partnership_of(reach["service"]), []).append(reach)
    found = {}
    for slug, part in parts.items():
        own: dict[str, Any] = {name: part.get(name, {}) for name in tables}
        found[slug] = replace(facts, reaches=reaches.get(slug, []), **own)
    return found


def _twos(country: _Country, names: Sequence[str]) -> list[tuple[str, str]]:
    """Some pairs that are found, evenly spread, and as many neighbours in the list of things."""
    found = [(row["first"], row["second"]) for row in country.pairs()]
    near = [(a, b) for a, b in pairwise(names) if partnership_of(a) == partnership_of(b)]
    some = [*found[:: max(len(found) // _SAMPLE, 1)], *near[:: max(len(near) // _SAMPLE, 1)]]
    return sorted(set(some))


def _same_points(country: _Country, ours: list[Row], theirs: dict[str, Open]) -> bool:
    found: dict[str, Open] = {}
    for row in ours:
        found.setdefault(row["thing"], set()).add(_cell(row))
    return all(found.get(_one(country, t), set()) == cells for t, cells in theirs.items())


def _same_pairs(
    country: _Country,
    points: set[tuple[str, Cell, str]],
    ours: list[Row],
    theirs: dict[tuple[str, str], Open],
) -> bool:
    """What two things open is what either opens alone and what they open as a pair."""
    found: dict[frozenset[str], Open] = {}
    for row in ours:
        found.setdefault(frozenset((row["first"], row["second"])), set()).add(_cell(row))
    alone: dict[str, Open] = {}
    for thing, cell, strength in points:
        alone.setdefault(thing, set()).add((cell, strength))
    ones = {two: [_one(country, thing) for thing in two] for two in theirs}
    return all(
        found.get(frozenset(ones[two]), set()).union(*(alone.get(t, set()) for t in ones[two]))
        == cells
        for two, cells in theirs.items()
    )


# ---------------------------------------------------------------- routes


def _routes(store: EmbeddedStore, count: int) -> Iterator[Pair | Timing]:
    def ours() -> tuple[Reached, Breaks]:
        found = network(store)
        return reached(found), breaks(found)

    yield Timing("reach and breaks, from the store", ours, 120, rounds=15, judged=count == COUNT)
    yield Pair(
        "reach and breaks, from the store",
        ours,
        "rows and networkx",
        lambda: _by_networkx(network_by_rows(store, [], [])),
        form=whole,
        rounds=3,
    )


def _by_networkx(world: Network) -> tuple[Reached, Breaks]:
    numbers = np.arange(len(world.things))
    routes = list(zip(world.named(world.origins), world.named(world.targets), strict=True))
    return (
        _reached_by_networkx(
            routes, world.named(numbers[world.first]), world.named(numbers[world.services])
        ),
        _breaks_by_networkx(routes),
    )


def _reached_by_networkx(
    routes: list[tuple[str, str]], first: list[str], services: list[str]
) -> Reached:
    graph: nx.DiGraph[str] = nx.DiGraph(routes)
    joined = set(graph)
    graph.add_edges_from(("start", door) for door in first)
    before = nx.immediate_dominators(graph, "start")
    doors: dict[str, list[str]] = {}
    for service in services:
        thing = before.get(service) if service in before else None
        while thing is not None and thing != "start":
            doors.setdefault(thing, []).append(service)
            thing = before[thing]
    found = [Door(thing, tuple(sorted(behind))) for thing, behind in doors.items()]
    return Reached(
        tuple(sorted(s for s in services if s in joined and s not in before)),
        tuple(sorted(found, key=lambda door: (-len(door.leads_to), door.thing))),
    )


def _breaks_by_networkx(routes: list[tuple[str, str]]) -> Breaks:
    graph: nx.Graph[str] = nx.Graph((a, b) for a, b in routes if a != b)
    pieces = Counter(thing for block in nx.biconnected_components(graph) for thing in block)
    joints = [Joint(thing, many) for thing, many in pieces.items() if many > 1]
    times = Counter(map(frozenset, routes))
    single = {frozenset(pair) for pair in nx.bridges(graph)}
    links = [Link(*r) for r in routes if frozenset(r) in single and times[frozenset(r)] == 1]
    return Breaks(
        tuple(sorted(joints, key=lambda joint: (-joint.pieces, joint.thing))),
        tuple(sorted(links, key=lambda link: (link.origin, link.target))),
    )


# ---------------------------------------------------------------- search

_TOLD = (
    "MATCH (s:Service)-[:REACH]->(x:ClientGroup) RETURN s.id AS service, x.name AS told",
    "MATCH (s:Service)-[:NEEDS]->(x:Need) RETURN s.id AS service, x.name AS told",
    "MATCH (s:Service)-[:TYPE]->(x:ServiceType) RETURN s.id AS service, x.name AS told",
    "MATCH (x:Agency)-[:PROVISION]->(s:Service) RETURN s.id AS service, x.name AS told",
)
_QUERIES, _FEW = 1000, 100


class _ByLooking(WordIndex):
    """The same index, where words like one are found by comparing all words with it."""

    def _like(self, word: str) -> set[str]:
        slips = 2 if len(word) >= 8 else 1 if len(word) >= 4 else 0
        near = process.extract(
            word, self._words, scorer=OSA.distance, score_cutoff=slips, limit=None
        )
        begin = {w for w in self._words if w.startswith(word)} if len(word) >= 4 else set()
        return begin | ({w for w, _, _ in near} if slips else set())


def _searches(store: EmbeddedStore, count: int) -> Iterator[Pair | Timing]:
    texts = _texts(store)
    index, looking = WordIndex(texts), _ByLooking(texts)
    asked = _slips(texts, random.Random(SEED))  # noqa: S311
    queries = cycle(asked)
    yield Timing(
        f"a slip among {len(texts):,} services",
        lambda: index.search([next(queries)]),
        1,
        share=0.95,
        rounds=_QUERIES,
        judged=count == COUNT,
    )
    few = asked[:_FEW]
    yield Pair(
        f"{_FEW} searches, each with a slip",
        lambda: [index.search([word]) for word in few],
        "rapidfuzz over every word",
        lambda: [looking.search([word]) for word in few],
        form=lambda hits: [dict(h) for h in hits],
        rounds=3,
    )


def _texts(store: EmbeddedStore) -> dict[str, Texts]:
    rest: dict[str, list[str]] = {}
    for cypher in _TOLD:
        for row in store.read(f"{cypher} ORDER BY service, told", {}):
            rest.setdefault(row["service"], []).append(row["told"])
    names = store.read("MATCH (s:Service) RETURN s.id AS service, s.name AS told", {})
    return {
        row["service"]: Texts((row["told"],), tuple(rest.get(row["service"], ()))) for row in names
    }


def _slips(texts: dict[str, Texts], chance: random.Random) -> list[str]:
    """A word of a service with one slip of the pen, for each query."""
    services = sorted(texts)
    found: list[str] = []
    while len(found) < _QUERIES:
        told = texts[chance.choice(services)]
        words = [w for w in words_of(" ".join((*told.names, *told.rest))) if len(w) > 4]
        if words:
            found.append(_slipped(chance.choice(words), chance))
    return found


def _slipped(word: str, chance: random.Random) -> str:
    """A word with a letter left out, put in, changed, or turned round with the next."""
    at, letter = chance.randrange(len(word)), chance.choice("abcdefghijklmnopqrstuvwxyz")
    return chance.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + letter + word[at + 1 :],
            word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
        ]
    )
