"""What the national matrix is made from: the facts of all partnerships, and of them the least.

The rows are those of `queries/facts`, with what bears on the state of a cell and without names,
places and proofs, of which a whole country has too many. Nothing can be imagined lost in them.
"""

from collections.abc import Iterable
from typing import Any

from graph.stores.protocol import Store
from queries.ask import fact
from queries.cells import gap_effects
from queries.recorded import EMPTY_POST, Facts
from queries.rows import Row, rows_by

_SERVICES = """
MATCH (s:Service)
RETURN s.id AS service, s.partnership AS partnership, s.standing AS standing,
       s.opened_first AS opened, s.closed_last AS closed, s.access AS access,
       s.availability AS availability, s.whereabouts AS whereabouts, s.known_on AS known_on,
       s.basis AS basis
ORDER BY service
"""
_NEEDS = "MATCH (s:Service)-[:NEEDS]->(n:Need) RETURN s.id AS service, n.id AS needs"
_AREAS = "MATCH (s:Service)-[:HAS_AREA]->(a:Area) RETURN s.id AS service, a.id AS areas"
_REACHES = """
MATCH (s:Service)-[r:REACH]->(g:ClientGroup)
RETURN s.id AS service, g.id AS term, r.strength AS strength, r.condition AS condition,
       r.only_for_needs AS only_needs, r.only_in_areas AS only_areas, r.basis AS basis
"""
_AWARDS = """
MATCH (f:Fund)-[a:AWARD]->(x:Service)
RETURN a.id AS award, x.id AS subject, f.id AS fund, a.status AS status, a.live_from AS live_from,
       a.live_until AS live_until, a.period_first AS begun, a.undated AS undated
"""
_POSTS = """
MATCH (s:Service)-[:DEPENDENCE]->(p:Post)
WHERE p.filled IN $empty
RETURN s.id AS service, p.name AS post_name, p.filled AS filled
"""
_ROUTES = """
MATCH ()-[r:REFERRAL]->(s:Service)
WHERE s.access = "referral only"
RETURN DISTINCT s.id AS service, r.status AS status
"""
_GAPS = """
MATCH (x:Gap)-[:GROUPS]->(g:ClientGroup)
MATCH (x)-[:NEEDS]->(n:Need)
WHERE x.kind_of_gap IN $kinds
OPTIONAL MATCH (x)-[:HAS_AREA]->(a:Area)
RETURN x.id AS gap, x.partnership AS partnership, x.kind_of_gap AS kind, g.id AS term, n.id AS need,
       a.id AS area
"""
"""What the files in queries/facts ask for, and of it only what bears on the state of a cell. Who
provides, holds or fills something does not, as long as nothing is imagined lost."""


def national_facts(store: Store) -> Facts:
    """The facts of all partnerships, with what bears on the states of cells and nothing else."""
    needs, areas = (_lists(store.read(asked, {})) for asked in (_NEEDS, _AREAS))
    services = {row["service"]: row for row in _with_proof(store.read(_SERVICES, {}))}
    for identifier, row in services.items():
        row["name"] = identifier
        row["needs"], row["areas"] = needs.get(identifier, []), areas.get(identifier, [])
    awards = store.read(_AWARDS, {})
    for row in awards:
        row["holders"] = ()
    wheres, groups, wants = (fact(store, name) for name in ("areas", "groups", "needs"))
    return Facts(
        services=services,
        reaches=_with_proof(store.read(_REACHES, {})),
        awards=rows_by(awards, "subject"),
        provisions={},
        dependences=rows_by(store.read(_POSTS, {"empty": list(EMPTY_POST)}), "service"),
        referrals=rows_by(store.read(_ROUTES, {}), "service"),
        within={r["area"]: r["within"] for r in wheres if r["within"]},
        area_names={r["area"]: r["name"] for r in wheres},
        groups={r["term"]: r for r in groups},
        needs={r["term"]: r for r in wants},
        homes=_homes(store),
    )


def _with_proof(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows, each with as much of its proof as a state depends on: its basis."""
    proofs: dict[str | None, Row] = {}
    for row in rows:
        row["proof"] = proofs.setdefault(row["basis"], {"basis": row["basis"]})
    return rows


def _homes(store: Store) -> dict[str, str]:
    return {row["partnership"]: row["area"] for row in fact(store, "partnerships")}


def _lists(rows: Iterable[Row]) -> dict[str, list[str]]:
    """The second column of two by the first."""
    found: dict[str, list[str]] = {}
    for identifier, value in (row.values() for row in rows):
        found.setdefault(identifier, []).append(value)
    return found


def national_gaps(store: Store) -> list[Row]:
    """The gaps that bear on cells, a row for each of their groups, needs and areas."""
    rows = store.read(_GAPS, {"kinds": sorted(gap_effects())})
    return [
        {
            **row,
            "terms": [row["term"]],
            "needs": [row["need"]],
            "areas": [row["area"]] if row["area"] else [],
        }
        for row in rows
    ]
