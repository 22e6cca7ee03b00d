"""The answers about capacity: places, and services asked for more than they can do.

Figures are those of the sources. Units are never mixed, and nothing is shared out: a figure about
several services at once, or about an agency, belongs to no one service.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from graph.ids import record_id
from ontology.namespaces import SHARED
from queries.asked import Answerer, Asked
from queries.fits import widening
from queries.recorded import LIMITS, RUNNING, fallen
from queries.rows import Row

UNITS = ("family place", "bed space", "property", "household")
"""The units of places where people can stay; the unit 'place' counts venues and areas."""
REFUGE = record_id(SHARED, "service-type", "refuge")
"""The type of service that the benchmark of 2008 is about, with its narrower types."""
_PEOPLE = 10_000


def limits(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `capacity.limits`: a row for each limit of a service that has not ended."""
    gone = _gone(asked)
    rows = [
        {
            "partnership": service["partnership"],
            "service": service["service"],
            "name": service["name"],
            "state": state,
            "wait": service["wait"],
            "evidence": [service["proof"]],
        }
        for service in asked.rows
        if service["service"] not in gone
        for state in service["availability"] or ()
        if state in LIMITS
    ]
    order = {state: n for n, state in enumerate(LIMITS)}
    return sorted(rows, key=lambda r: (r["partnership"], order[r["state"]], r["name"]))


def above_capacity(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `capacity.above_capacity`: by what a source says, then by figures."""
    gone = _gone(asked)
    figures = asked.facts["observations"]
    rows = []
    for service in asked.facts["services"]:
        if service["service"] in gone or service["standing"] == "ended":
            continue
        gaps = [g for g in asked.rows if g["service"] == service["service"]]
        said = (
            [LIMITS["above capacity"]]
            if "above capacity" in (service["availability"] or ())
            else []
        )
        said += [g["name"] for g in gaps]
        none = {"demand": None, "capacity": None, "unit": None}
        if said:
            proofs = [service["proof"], *(g["proof"] for g in gaps)]
            rows.append(_above(service, "a source says so", "; ".join(said), none, proofs))
        for demand, capacity in _compared(figures, service["service"], asked.day):
            if demand["value"] > capacity["value"]:
                told = {"demand": demand["value"], "capacity": capacity["value"]}
                told["unit"] = demand["unit"]
                proofs = [service["proof"], demand["proof"], capacity["proof"]]
                rows.append(_above(service, "by its figures", None, told, proofs))
    return sorted(rows, key=lambda r: (r["partnership"], r["section"], r["name"], r["unit"] or ""))


def _above(
    service: Row, section: str, reason: str | None, figures: Row, proofs: Sequence[Row]
) -> dict[str, Any]:
    return {
        "partnership": service["partnership"],
        "service": service["service"],
        "name": service["name"],
        "section": section,
        "reason": reason,
        **figures,
        "evidence": proofs,
    }


def _compared(figures: Iterable[Row], service: str, day: datetime.date) -> list[tuple[Row, Row]]:
    """The newest demand on a service with its newest capacity, unit by unit."""
    found: dict[str, dict[str, list[Row]]] = {}
    for figure in figures:
        if _subject(figure) == service and not _areas(figure):
            found.setdefault(figure["unit"], {}).setdefault(figure["kind"], []).append(figure)
    return [
        (_newest(kinds["demand"], day), _newest(kinds["capacity"], day))
        for unit, kinds in sorted(found.items())
        if kinds.keys() >= {"demand", "capacity"}
    ]


Counted = tuple[str, str, str, tuple[str, ...]]
"""What places are counted by: service, unit, for whom, and the parts of the area, if any."""


def bed_spaces(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `capacity.bed_spaces`: the newest figures of each service, unit by unit.

    A figure about a part of the area only is left out where there is one for the whole service: the
    part is in the whole.
    """
    gone = _gone(asked)
    wanted = {r["service"] for r in asked.rows} - gone
    found: dict[Counted, dict[str, list[Row]]] = {}
    for figure in asked.facts["observations"]:
        subject = _subject(figure)
        if subject is None or subject not in wanted:
            continue
        if figure["unit"] in UNITS and figure["kind"] in _OF_PLACES:
            counted = (subject, figure["unit"], figure["population"] or "", _areas(figure))
            found.setdefault(counted, {}).setdefault(figure["kind"], []).append(figure)
    rows = [
        _places(asked, counted, {kind: _newest(f, asked.day) for kind, f in kinds.items()})
        for counted, kinds in sorted(found.items())
        if not counted[3] or (*counted[:3], ()) not in found
    ]
    return sorted(rows, key=lambda r: (r["partnership"], r["name"], r["unit"]))


_OF_PLACES = ("capacity", "out of use")


def _places(asked: Asked, counted: Counted, figures: Mapping[str, Row]) -> dict[str, Any]:
    subject, unit, population, where = counted
    (service,) = (s for s in asked.facts["services"] if s["service"] == subject)
    types = {t["term"]: t for t in asked.facts["service_types"]}
    areas = {a["area"]: a["name"] for a in asked.facts["areas"]}
    places, unused = (figures[k]["value"] if k in figures else None for k in _OF_PLACES)
    told = figures.get("capacity") or figures["out of use"]
    proofs = [service["proof"], *(figure["proof"] for figure in figures.values())]
    rate, residents = None, None
    if places is not None and unit == "family place" and _is_refuge_here(service, types):
        home = asked.homes[service["partnership"]]
        residents = _residents(asked.facts["observations"], home, asked.day)
        if residents:
            rate = round((places - (unused or 0)) * _PEOPLE / residents["value"], 2)
            proofs.append(residents["proof"])
    return {
        "partnership": service["partnership"],
        "service": subject,
        "name": service["name"],
        "types": sorted(types[t]["name"] for t in service["types"]),
        "standing": service["standing"],
        "area_names": sorted(areas[a] for a in where),
        "population": population or None,
        "unit": unit,
        "places": places,
        "out_of_use": unused,
        "qualifier": told["qualifier"],
        "period": told["period"],
        "per_10000": rate,
        "residents": residents["value"] if residents else None,
        "population_year": _spoken(residents).year if residents else None,
        "evidence": proofs,
    }


def _gone(asked: Asked) -> frozenset[str]:
    """The services that are gone with what is imagined lost."""
    # Where nothing is lost the facts need not be read.
    return fallen(asked.recorded, asked.day, asked.lost) if asked.lost else frozenset()


def _subject(figure: Row) -> str | None:
    """The one service that a figure is about."""
    services = [about for about in figure["about"] if about.split("/")[1] == "service"]
    return services[0] if len(services) == 1 else None


def _areas(figure: Row) -> tuple[str, ...]:
    return tuple(sorted(about for about in figure["about"] if about.split("/")[1] == "area"))


def _spoken(figure: Row) -> datetime.date:
    """The last day that a figure speaks for."""
    day: datetime.date = figure["until"] or figure["known_on"]
    return day


def _newest(figures: Iterable[Row], day: datetime.date) -> Row:
    """The newest figure up to a day; the newest of all where every one is later."""
    found = list(figures)
    known = [f for f in found if _spoken(f) <= day] or found
    return max(known, key=lambda f: (_spoken(f), f["observation"]))


def _residents(figures: Iterable[Row], home: str, day: datetime.date) -> Row | None:
    """The newest number of people who live in an area."""
    found = [
        f
        for f in figures
        if f["kind"] == "population" and f["unit"] == "person" and list(f["about"]) == [home]
    ]
    return _newest(found, day) if found else None


def _is_refuge_here(service: Row, types: Mapping[str, Row]) -> bool:
    """Whether a service is a refuge that runs, and not only outside the area."""
    wider = widening(types)
    above = {wide for kind in service["types"] for wide in wider[kind]}
    return (
        REFUGE in above and service["standing"] in RUNNING and service["whereabouts"] != "outside"
    )


ANSWERS: Mapping[str, Answerer] = {
    "limits": limits,
    "above_capacity": above_capacity,
    "bed_spaces": bed_spaces,
}
