"""Which help and which gaps bear on which cells of the country, worked out from columns.

The rules are those of `queries/recorded.py`, one by one: each looks at few columns, and is asked
once for each different case of them. Help counts where every rule lets it count, and is limited
where any limits it; that is all that is said here.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
import pyarrow as pa

from graph.dates import add_months
from queries.cells import gap_cells
from queries.money import HORIZON, Money, money
from queries.national.bearing import Bearing, bits_of_gap, bits_of_help, numbered
from queries.national.cases import (
    Column,
    Lists,
    Marks,
    Numbers,
    by_owner,
    cases,
    each,
    examples,
    lists_of,
)
from queries.national.columns import Columns
from queries.recorded import (
    STRENGTHS,
    UNSPECIFIED,
    is_contested,
    is_in_part,
    is_outside,
    limits_of_place,
    limits_of_reach,
    limits_of_room,
    limits_of_standing,
    money_gone,
    no_way_in,
    not_running,
    outside_its_days,
    own_needs,
    parts_helped,
    with_wider,
)

_SOMEWHERE = "somewhere"
"""Stands for the parts, or the group, where only whether there are any matters."""


def ends_by(state: Money, horizon: datetime.date) -> bool:
    """Whether all money is there now and ends up to a day."""
    return state.ends is not None and state.ends <= horizon


# ---------------------------------------------------------------- services


@dataclass(frozen=True, slots=True)
class _Services:
    """How each service stands: whether it counts at all, has limits, and money that ends soon."""

    counts: Marks
    limited: Marks
    soon: Marks
    home: Numbers


def _services(found: Columns, day: datetime.date) -> _Services:
    state, states = _money(found.awards, len(found.services["place"]), day)
    horizon = add_months(day, HORIZON)
    soon = np.array([ends_by(one, horizon) for one in states], np.bool_)[state]
    home = _homes(found.services["partnership"], found)
    counts = _counts(found, day) & (home >= 0)
    counts &= each(
        lambda n, known_on: not money_gone(states[n], known_on, day),
        state,
        found.services["known_on"],
    )
    return _Services(counts, _limited(found), soon, home)


def _counts(found: Columns, day: datetime.date) -> Marks:
    """Whether each service runs, is there on the day, and lets people in."""
    services = found.services
    routes, statuses = _routes(found.routes, len(services["place"]))
    counts = each(lambda *row: not not_running(*row), services["standing"], services["basis"])
    counts &= each(
        lambda first, last: not outside_its_days(first, last, day),
        services["opened"],
        services["closed"],
    )
    return counts & each(
        lambda access, n: not no_way_in(access, statuses[n]), services["access"], routes
    )


def _limited(found: Columns) -> Marks:
    """Whether each service has limits for everybody."""
    services = found.services
    limited = each(
        lambda *row: bool(limits_of_standing(*row)), services["standing"], services["basis"]
    )
    limited |= each(lambda room: bool(limits_of_room(room)), services["availability"])
    limited[found.empty_posts] = True
    return limited


def _homes(partnership: Column, found: Columns) -> Numbers:
    """The number of the area of a partnership; none where it has no area."""
    areas, slugs = numbered(found.areas.ids), cases(partnership)
    homes = [found.homes.get(slug) for (slug,) in examples(slugs, partnership)]
    return np.array([-1 if home is None else areas[home] for home in homes], np.int64)[slugs.number]


def _money(
    awards: Mapping[str, Column], size: int, day: datetime.date
) -> tuple[Numbers, list[Money]]:
    """The state of each service's money, by number, and the different states."""
    names = ("status", "live_from", "live_until", "begun", "undated")
    kinds = cases(*(awards[name] for name in names))
    rows = [
        dict(zip(names, row, strict=True))
        for row in examples(kinds, *(awards[name] for name in names))
    ]
    own = by_owner(awards["service"], kinds.number, size)
    different = own.cases()
    states = [money([rows[n] for n in own.at(owner)], day) for owner in different.example]
    return different.number, states


def _routes(routes: Mapping[str, Column], size: int) -> tuple[Numbers, list[list[str | None]]]:
    """The statuses of the routes to each service, by number, and the different lists of them."""
    kinds = cases(routes["status"])
    statuses = [status for (status,) in examples(kinds, routes["status"])]
    own = by_owner(routes["service"], kinds.number, size)
    different = own.cases()
    return different.number, [[statuses[n] for n in own.at(owner)] for owner in different.example]


# ---------------------------------------------------------------- helps


def helps_bearing(found: Columns, day: datetime.date) -> Bearing:
    """What all help on a day bears on: a row for each place and need that a reach is for."""
    services = _services(found, day)
    reaches = _counting(found.reaches, services)
    reach, area, narrowed = _places(found, reaches, services)
    service = reaches["service"][reach]
    limited, stays = _limits_of_places(found.services["whereabouts"], service, narrowed)
    bits = _bits(found, reaches, services, limited, reach)
    place, need = _needs(found, reaches).spread(reach)
    return Bearing(
        pair=reaches["term"][reach][place] * len(found.needs.ids) + need,
        area=area[place],
        whose=service[place],
        bits=bits[place],
        stays=stays[place],
    )


def _counting(reaches: Mapping[str, Column], services: _Services) -> dict[str, Column]:
    """The reaches that are help of services that count."""
    kept = services.counts[reaches["service"]]
    kept &= each(lambda strength: strength in STRENGTHS, reaches["strength"])
    rows = np.flatnonzero(kept)
    return {name: _taken(column, rows) for name, column in reaches.items()}


def _taken(column: Column, rows: Numbers) -> Column:
    return column[rows] if isinstance(column, np.ndarray) else column.take(pa.array(rows))


def _places(
    found: Columns, reaches: Mapping[str, Column], services: _Services
) -> tuple[Numbers, Numbers, Marks]:
    """Each reach with its partnership's area and its parts: reach, area, whether narrowed to parts.

    Only the first, the area as a whole, may be narrowed.
    """
    home = services.home[reaches["service"]]
    known = found.service_areas.cases()
    columns = (reaches["only_areas"], known.number[reaches["service"]], home)
    different = cases(*columns)
    areas, number = found.areas.ids, numbered(found.areas.ids)
    own = [[areas[n] for n in found.service_areas.at(owner)] for owner in known.example]
    helped = [
        parts_helped(areas[here], found.within, only, own[n])
        for only, n, here in examples(different, *columns)
    ]
    parts = lists_of([[number[a] for a in parts] for parts, _ in helped])
    narrowed = np.array([is_narrowed for _, is_narrowed in helped], np.bool_)[different.number]
    reach, part = parts.of(different.number).spread(np.arange(len(home)))
    return (
        np.concatenate((np.arange(len(home)), reach)),
        np.concatenate((home, part)),
        np.concatenate((narrowed, np.zeros(len(reach), np.bool_))),
    )


def _limits_of_places(
    whereabouts: Column, service: Numbers, narrowed: Marks
) -> tuple[Marks, Marks]:
    """Whether help is limited by its place, and whether it then counts in that place alone."""
    columns = (_taken(whereabouts, service), narrowed.astype(np.int64))

    def limits(where: str | None, is_narrowed: int) -> list[str]:
        return limits_of_place(where, _SOMEWHERE if is_narrowed else None)

    return (
        each(lambda *row: bool(limits(*row)), *columns),
        each(lambda *row: is_in_part(limits(*row)), *columns),
    )


def _needs(found: Columns, reaches: Mapping[str, Column]) -> Lists:
    """By reach: the needs that it helps with, the wider ones too."""
    known = found.service_needs.cases()
    columns = (reaches["only_needs"], known.number[reaches["service"]])
    different = cases(*columns)
    needs, number = found.needs.ids, numbered(found.needs.ids)
    own = [[needs[n] for n in found.service_needs.at(owner)] for owner in known.example]
    helped = [
        {wide for need in own_needs(only, own[n]) for wide in with_wider(found.broader, need)}
        for only, n in examples(different, *columns)
    ]
    return lists_of([sorted(number[n] for n in those - {UNSPECIFIED}) for those in helped]).of(
        different.number
    )


def _bits(
    found: Columns,
    reaches: Mapping[str, Column],
    services: _Services,
    limited: Marks,
    reach: Numbers,
) -> Numbers:
    """The bits of help of a reach in a place."""
    service = reaches["service"]
    limits = services.limited[service] | each(
        lambda *row: bool(limits_of_reach(*row)), reaches["strength"], reaches["condition"]
    )
    contested = each(is_contested, _taken(found.services["basis"], service), reaches["basis"])
    outside = each(is_outside, _taken(found.services["whereabouts"], service))
    soon = services.soon[service]
    marks = (outside[reach], contested[reach], limits[reach] | limited, soon[reach])
    known = np.array([_bits_of(*marked) for marked in product((False, True), repeat=4)], np.int64)
    bits: Numbers = known[np.ravel_multi_index([m.astype(np.int64) for m in marks], (2,) * 4)]
    return bits


def _bits_of(outside: bool, contested: bool, limited: bool, soon: bool) -> int:
    return bits_of_help(outside=outside, contested=contested, limited=limited, soon=soon)


# ---------------------------------------------------------------- gaps


def gaps_bearing(found: Columns) -> Bearing:
    """What all gaps bear on: a row for each of their groups, needs and areas."""
    gaps = found.gaps
    gap, group = found.gap_groups.spread(np.arange(len(gaps["place"])))
    row, need = found.gap_needs.spread(gap)
    gap, group = gap[row], group[row]
    row, area = _gap_areas(found).spread(gap)
    kinds = cases(gaps["kind"])
    bits = np.array([bits_of_gap(kind) for (kind,) in examples(kinds, gaps["kind"])], np.int64)
    return Bearing(
        pair=group[row] * len(found.needs.ids) + need[row],
        area=area,
        whose=gap[row],
        bits=bits[kinds.number][gap[row]],
        stays=np.zeros(len(row), np.bool_),
    )


def _gap_areas(found: Columns) -> Lists:
    """By gap: the areas that it names, or its partnership's, as `gap_cells` has them."""
    known = found.gap_areas.cases()
    columns = (found.gaps["partnership"], known.number)
    different = cases(*columns)
    areas, number = found.areas.ids, numbered(found.areas.ids)
    own = [[areas[n] for n in found.gap_areas.at(owner)] for owner in known.example]
    named = []
    for slug, n in examples(different, *columns):
        gap = {"partnership": slug, "areas": own[n], "needs": [], "terms": [_SOMEWHERE]}
        named.append([number[area] for _, _, area in gap_cells(gap, found.homes)])
    return lists_of(named).of(different.number)
