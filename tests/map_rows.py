"""Rows for maps, made up: every file that a map is drawn from, small or as large as is wanted.

Leaves out: anything that draws them.
"""

import datetime
from typing import Any

from worlds import award, provision, reach, service

from queries.asked import Partnership
from queries.losing import FACTS as LOSING
from visualise.map.chart import FACTS

Row = dict[str, Any]
KNOWN = datetime.date(2012, 9, 6)
HERE = Partnership("t", "Testborough", "t/area/home", "Home", KNOWN, False, True)
GROUP = "shared/client-group/men"
HOMES = {"t": "t/area/home"}


def proof(record: str) -> Row:
    return {"record": record, "source": "t/source/s", "place": ["paragraph 2"], "basis": "stated"}


def map_rows(**tables: list[Row]) -> dict[str, list[Row]]:
    """The rows of a map with nothing on it but what is given."""
    areas = [{"area": "t/area/home", "name": "Home", "within": None}]
    source = {"source": "t/source/s", "partnership": "t", "title": "The plan", "records": 1}
    empty: dict[str, list[Row]] = {name: [] for name in (*FACTS, *LOSING)}
    return {**empty, "areas": areas, "sources": [source], **tables}


def thing(identifier: str, name: str = "", **changes: Any) -> Row:
    row = dict.fromkeys(("standing", "filled", "sector", "about", "visibility"))
    return {
        **row,
        "thing": identifier,
        "name": name or identifier.rsplit("/", 1)[-1],
        "basis": "stated",
        "proof": proof(identifier),
        **changes,
    }


def route(identifier: str, origin: str, target: str, status: str = "working") -> Row:
    return {
        "route": identifier,
        "origin": origin,
        "target": target,
        "status": status,
        "condition": None,
        "basis": "stated",
        "proof": proof(identifier),
    }


def gap(identifier: str, terms: list[str], affects: list[str]) -> Row:
    return {
        "gap": identifier,
        "name": identifier.rsplit("/", 1)[-1],
        "kind": "shortage",
        "severity": None,
        "about": None,
        "visibility": None,
        "terms": terms,
        "needs": [],
        "affects": affects,
        "others": [],
        "proof": proof(identifier),
    }


def group(term: str, broader: tuple[str, ...] = ()) -> Row:
    name = term.rsplit("/", 1)[-1]
    return {"term": term, "name": name, "broader": list(broader), "excluded": []}


def large(count: int) -> dict[str, list[Row]]:
    """A partnership of `count` things: services of five types, agencies, funds, some groups."""
    groups = [group(f"shared/client-group/g{n:02}") for n in range(20)]
    third = (count - len(groups)) // 3
    services = [f"t/service/s{n:04}" for n in range(count - len(groups) - 2 * third)]
    agencies = [f"t/agency/a{n:04}" for n in range(third)]
    funds = [f"t/fund/f{n:04}" for n in range(third)]
    last = datetime.date(2013, 3, 31)
    return map_rows(
        groups=groups,
        services=[service(s, types=[f"t/type/{n % 5}"]) for n, s in enumerate(services)],
        service_types=[
            {"term": f"t/type/{n}", "name": f"type {n}", "broader": []} for n in range(5)
        ],
        map_things=[
            *(thing(one, f"Service number {one[-4:]} for people") for one in services),
            *(thing(one, sector=("police", "health")[n % 2]) for n, one in enumerate(agencies)),
            *(thing(one) for one in funds),
        ],
        provisions=[
            provision(f"t/provision/{n}", s, agencies[n % third]) for n, s in enumerate(services)
        ],
        awards=[
            award(f"t/award/{n}", s, fund=funds[n % third], fund_name="F", last=last, holders=[])
            for n, s in enumerate(services)
        ],
        reaches=[reach(f"t/reach/{n}", s, groups[n % 20]["term"]) for n, s in enumerate(services)],
    )
