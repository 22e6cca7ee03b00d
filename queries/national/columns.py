"""The facts of all partnerships as columns of an embedded store: things are numbers, not rows.

What is read is what `national_facts` reads; no rule is applied here but those that the statements
of both share. Things are known by their places in the store, groups, needs and areas by their
places among the sorted identifiers.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph.stores.embedded import EmbeddedStore
from queries.ask import fact
from queries.cells import gap_effects
from queries.national.cases import Column, Lists, Numbers, by_owner
from queries.recorded import EMPTY_POST
from queries.rows import Row

_SERVICES = """
MATCH (s:Service)
RETURN offset(id(s)) AS place, s.partnership AS partnership, s.standing AS standing,
       s.opened_first AS opened, s.closed_last AS closed, s.access AS access,
       s.availability AS availability, s.whereabouts AS whereabouts, s.known_on AS known_on,
       s.basis AS basis
"""
_NEEDS = "MATCH (s:Service)-[:NEEDS]->(n:Need) RETURN offset(id(s)) AS whose, offset(id(n)) AS what"
_AREAS = (
    "MATCH (s:Service)-[:HAS_AREA]->(a:Area) RETURN offset(id(s)) AS whose, offset(id(a)) AS what"
)
_REACHES = """
MATCH (s:Service)-[r:REACH]->(g:ClientGroup)
RETURN offset(id(s)) AS service, offset(id(g)) AS term, r.strength AS strength,
       r.condition AS condition, r.only_for_needs AS only_needs, r.only_in_areas AS only_areas,
       r.basis AS basis
"""
_AWARDS = """
MATCH (f:Fund)-[a:AWARD]->(s:Service)
RETURN offset(id(s)) AS service, a.status AS status, a.live_from AS live_from,
       a.live_until AS live_until, a.period_first AS begun, a.undated AS undated
"""
_POSTS = """
MATCH (s:Service)-[:DEPENDENCE]->(p:Post)
WHERE p.filled IN $empty
RETURN offset(id(s)) AS service
"""
_ROUTES = """
MATCH ()-[r:REFERRAL]->(s:Service)
WHERE s.access = "referral only"
RETURN DISTINCT offset(id(s)) AS service, r.status AS status
"""
_WITHIN = """
MATCH (a:Area)-[:WITHIN]->(b:Area)
RETURN offset(id(a)) AS area, offset(id(b)) AS wider
"""
_GAPS = """
MATCH (x:Gap)
WHERE x.kind_of_gap IN $kinds
RETURN offset(id(x)) AS place, x.kind_of_gap AS kind, x.partnership AS partnership
"""
_GAP_GROUPS = (
    "MATCH (x:Gap)-[:GROUPS]->(g:ClientGroup) RETURN offset(id(x)) AS whose, offset(id(g)) AS what"
)
_GAP_NEEDS = "MATCH (x:Gap)-[:NEEDS]->(n:Need) RETURN offset(id(x)) AS whose, offset(id(n)) AS what"
_GAP_AREAS = (
    "MATCH (x:Gap)-[:HAS_AREA]->(a:Area) RETURN offset(id(x)) AS whose, offset(id(a)) AS what"
)


@dataclass(frozen=True, slots=True)
class Terms:
    """The identifiers of a kind of thing in order, and the number of each place in the store."""

    ids: tuple[str, ...]
    number: Numbers


@dataclass(frozen=True, slots=True)
class Columns:
    """What bears on the states of cells. Services and gaps are numbered as their columns are."""

    groups: Terms
    needs: Terms
    areas: Terms
    broader: Mapping[str, Row]
    within: Mapping[str, str]
    homes: Mapping[str, str]
    services: Mapping[str, Column]
    service_needs: Lists
    service_areas: Lists
    reaches: Mapping[str, Column]
    awards: Mapping[str, Column]
    empty_posts: Numbers
    routes: Mapping[str, Column]
    gaps: Mapping[str, Column]
    gap_groups: Lists
    gap_needs: Lists
    gap_areas: Lists


def read_columns(store: EmbeddedStore) -> Columns:
    """The facts of all partnerships, with what bears on the states of cells and nothing else."""
    groups, needs, areas = (_terms(store, label) for label in ("ClientGroup", "Need", "Area"))
    services, at = _numbered(_read(store, _SERVICES))
    gaps, gap_at = _numbered(_read(store, _GAPS, kinds=sorted(gap_effects())))
    reaches, awards, routes = (_read(store, asked) for asked in (_REACHES, _AWARDS, _ROUTES))
    for table in (reaches, awards, routes):
        table["service"] = at[table["service"]]
    reaches["term"] = groups.number[reaches["term"]]
    return Columns(
        groups=groups,
        needs=needs,
        areas=areas,
        broader={row["term"]: row for row in fact(store, "needs")},
        within=_within(store, areas),
        homes={row["partnership"]: row["area"] for row in fact(store, "partnerships")},
        services=services,
        service_needs=_lists(store, _NEEDS, at, needs),
        service_areas=_lists(store, _AREAS, at, areas),
        reaches=reaches,
        awards=awards,
        empty_posts=at[_read(store, _POSTS, empty=list(EMPTY_POST))["service"]],
        routes=routes,
        gaps=gaps,
        gap_groups=_lists(store, _GAP_GROUPS, gap_at, groups),
        gap_needs=_lists(store, _GAP_NEEDS, gap_at, needs),
        gap_areas=_lists(store, _GAP_AREAS, gap_at, areas),
    )


def _read(store: EmbeddedStore, asked: str, **given: list[str]) -> dict[str, Column]:
    """The columns of an answer; numbers as numpy has them."""
    table = store.columns(asked, given)
    columns = {name: table[name].combine_chunks() for name in table.column_names}
    return {n: c.to_numpy() if pa.types.is_integer(c.type) else c for n, c in columns.items()}


def _terms(store: EmbeddedStore, label: str) -> Terms:
    table = _read(store, f"MATCH (x:{label}) RETURN offset(id(x)) AS place, x.id AS thing")
    order = pc.sort_indices(table["thing"])
    number = _by_place(table["place"])
    number[table["place"][order.to_numpy()]] = np.arange(len(order))
    return Terms(tuple(table["thing"].take(order).to_pylist()), number)


def _within(store: EmbeddedStore, areas: Terms) -> dict[str, str]:
    table = _read(store, _WITHIN)
    ends = (areas.number[table[end]].tolist() for end in ("area", "wider"))
    return {areas.ids[area]: areas.ids[wider] for area, wider in zip(*ends, strict=True)}


def _numbered(table: dict[str, Column]) -> tuple[dict[str, Column], Numbers]:
    """A table of things, and the row of each place in the store."""
    rows = _by_place(table["place"])
    rows[table["place"]] = np.arange(len(table["place"]))
    return table, rows


def _by_place(places: Numbers) -> Numbers:
    """Room for a number of each place; of places that no row has, it is none."""
    return np.full(int(places.max(initial=-1)) + 1, -1, np.int64)


def _lists(store: EmbeddedStore, asked: str, at: Numbers, terms: Terms) -> Lists:
    """The terms of each thing; of things that are left out, nothing."""
    table = _read(store, asked)
    whose = np.append(at, -1)[np.minimum(table["whose"], len(at))]
    is_kept = whose >= 0
    many = int(np.count_nonzero(at >= 0))
    return by_owner(whose[is_kept], terms.number[table["what"][is_kept]], many)
