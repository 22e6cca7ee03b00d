"""What changes if things were lost or added: the difference of two answers, worst first.

Nothing is estimated. The same facts are looked at twice, as they are and as imagined; changing
nothing changes nothing, losing more never leaves more, and adding never takes away. No release is
touched.
"""

import datetime
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from queries import additions as add_to
from queries.additions import Added
from queries.asked import Answerer, Asked
from queries.cells import WORST_FIRST, Coverage, Judgement, gap_cells, gap_effects
from queries.cut_sets import single_points_of_failure
from queries.organisations import one_of
from queries.recorded import UNSPECIFIED, Facts, fallen, read_facts
from queries.rows import Row

LEFT_WITH_NOTHING = "left with nothing on record"
WEAKER = "help gets weaker"
FALLS = "service falls"
HANGS = "then hangs on one thing"
GAINS = "gains help on record"
STRONGER = "help gets stronger"
HANGS_NO_MORE = "no longer hangs on one thing"
OPENS = "service opens"
GOES_ON = "money goes on"
REACHES = "service reaches more groups"
CHANGES = (
    LEFT_WITH_NOTHING,
    WEAKER,
    FALLS,
    HANGS,
    GAINS,
    STRONGER,
    HANGS_NO_MORE,
    OPENS,
    GOES_ON,
    REACHES,
)
"""Every kind of change, worst first, gains last."""
_TOLD = {
    add_to.OPENS: OPENS,
    add_to.NEW_SERVICE: OPENS,
    add_to.RENEWED: GOES_ON,
    add_to.NEW_REACH: REACHES,
}


def what_if(
    gaps: Sequence[Row],
    as_it_is: Facts,
    imagined: Facts,
    things: Sequence[Row],
    day: datetime.date,
    added: Sequence[Added] = (),
    first: Mapping[str, str] = MappingProxyType({}),
) -> list[dict[str, Any]]:
    """The answer to `resilience.what_if`: how the facts as imagined differ from those as they are.

    `imagined.lost` are the things that are lost, and `added` says what the imagined facts have
    besides; `first` is what queries/organisations.py gives. Rows say, in the order of `CHANGES`:
    cells that are left with nothing recorded, cells whose help gets weaker, services that fall, and
    cells that then have a single point of failure they had not; then the same for the better, and
    what the additions themselves do.
    """
    before = Coverage(as_it_is, gaps, day)
    after = Coverage(imagined, gaps, day)
    if added:
        after = Coverage(imagined, _still_said(gaps, before, after), day)
    known = [*things, *({"thing": a.thing, "name": a.name} for a in added)]
    rows = _cells(before, after, added)
    rows += _services(as_it_is, imagined, day)
    rows += _points(before, after, known, first)
    rows += [_row_of(one, after) for one in added]
    return _worst_first(rows)


def _worst_first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    order = {change: n for n, change in enumerate(CHANGES)}
    return sorted(
        rows,
        key=lambda r: (
            r["partnership"],
            order[r["change"]],
            *(r[key] or "" for key in ("group_name", "need_name", "area_name", "name")),
        ),
    )


def losses(before: Coverage, after: Coverage) -> list[dict[str, Any]]:
    """What `what_if` says of services and cells where things are only lost, in the same order.

    What hangs on one thing is left out: a map asks about each of its things, and it is most work.
    """
    rows = _cells(before, after, ())
    rows += _services(before.facts, after.facts, before.day)
    return _worst_first(rows)


def _still_said(gaps: Sequence[Row], before: Coverage, after: Coverage) -> list[Row]:
    """The gaps, without the word that there is nothing for cells that help is added to.

    A source that says so speaks of things as they are; it does not dispute what is imagined. That
    there is too little is left: whether the addition is enough, nobody has said.
    """
    had = {(h.service, cell) for cell, helps in before.helps.items() for h in helps}
    new = {c for c, helps in after.helps.items() if any((h.service, c) not in had for h in helps)}
    left: list[Row] = []
    for gap in gaps:
        cells = gap_cells(gap, after.facts.homes)
        if gap_effects().get(gap["kind"]) != "uncovered" or not new & set(cells):
            left.append(gap)
            continue
        for group, need, area in cells:
            if (group, need, area) not in new:
                needs = [] if need == UNSPECIFIED else [need]
                left.append({**gap, "terms": [group], "needs": needs, "areas": [area]})
    return left


def _cells(before: Coverage, after: Coverage, added: Sequence[Added]) -> list[dict[str, Any]]:
    rows = []
    for cell in sorted(c for c in {*before.helps, *after.helps} if c[1] != UNSPECIFIED):
        was, would_be = before.judge(cell), after.judge(cell)
        change = _change(was, would_be)
        if change is not None:
            rows.append(_row(change, after.facts, was, would_be, added))
    return rows


def _change(was: Judgement, would_be: Judgement) -> str | None:
    """What becomes of a cell, or None if nothing that its state says."""
    if not would_be.helps:
        return LEFT_WITH_NOTHING if was.helps else None
    if not was.helps:
        return GAINS
    if was.state == would_be.state:
        return None
    had, has = ({h.service for h in judged.helps} for judged in (was, would_be))
    lost, won = had - has, has - had
    if bool(lost) == bool(won):
        better = WORST_FIRST.index(would_be.state) > WORST_FIRST.index(was.state)
    else:
        better = bool(won)
    return STRONGER if better else WEAKER


def _row(
    change: str, facts: Facts, was: Judgement, would_be: Judgement, added: Sequence[Added]
) -> dict[str, Any]:
    better = change in (GAINS, STRONGER)
    helps = would_be.helps if better else was.helps
    services = {h.service for h in helps}
    because = [a.told for a in added if better and a.services & services]
    return {
        **facts.describe(was.cell),
        "partnership": facts.services[helps[0].service]["partnership"],
        "change": change,
        "thing": None,
        "name": None,
        "before": was.state,
        "after": would_be.state,
        "because": "; ".join([*because, *would_be.reasons]) or None,
        "evidence": [*would_be.proofs, *was.proofs] if better else was.proofs,
    }


_NO_CELL: Mapping[str, None] = dict.fromkeys(
    ("group", "group_name", "need", "need_name", "area", "area_name")
)


def _row_of(one: Added, after: Coverage) -> dict[str, Any]:
    """What one addition does by itself, with the reasons for which a service still is no help."""
    helping = {h.service for helps in after.helps.values() for h in helps}
    idle = one.services - helping
    still = [o for others in after.others.values() for o in others if o.service in idle]
    return {
        **_NO_CELL,
        "partnership": one.thing.split("/", 1)[0],
        "change": _TOLD[one.change],
        "thing": one.thing,
        "name": one.name,
        "before": one.before,
        "after": one.after,
        "because": "; ".join([one.told, *sorted({o.reason for o in still})]),
        "evidence": one.proofs,
    }


def _services(as_it_is: Facts, imagined: Facts, day: datetime.date) -> list[dict[str, Any]]:
    standing = fallen(as_it_is, day, frozenset())
    rows = []
    for identifier in sorted(fallen(imagined, day, imagined.lost) - standing):
        service = imagined.services[identifier]
        itself = identifier in imagined.lost
        rows.append(
            {
                **_NO_CELL,
                "partnership": service["partnership"],
                "change": FALLS,
                "thing": identifier,
                "name": service["name"],
                "before": service["standing"],
                "after": "imagined lost" if itself else "falls with what it stands on",
                "because": None,
                "evidence": [service["proof"]],
            }
        )
    return rows


def _points(
    before: Coverage, after: Coverage, things: Sequence[Row], first: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The single points of failure that come and go, in cells that have help in both answers."""
    was, would_be = (
        {_point(r): r for r in single_points_of_failure(things, c.facts, c.day, first)}
        for c in (before, after)
    )
    had, has = (
        {(*h.cell, h.strength) for helps in c.helps.values() for h in helps}
        for c in (before, after)
    )
    gone = after.facts.lost | fallen(after.facts, after.day, after.facts.lost)
    come = [r for point, r in would_be.items() if point not in was and point[1:] in had]
    went = [
        r
        for point, r in was.items()
        if point not in would_be and point[1:] in has and point[0] not in gone
    ]
    return [_hangs(HANGS, r) for r in come] + [_hangs(HANGS_NO_MORE, r) for r in went]


def _point(row: Row) -> tuple[str, ...]:
    return row["thing"], row["group"], row["need"], row["area"], row["strength"]


def _hangs(change: str, point: Row) -> dict[str, Any]:
    told = f"the only one recorded ({point['strength']} or stronger)"
    return {
        **{key: point[key] for key in (*_NO_CELL, "partnership", "thing", "name", "evidence")},
        "change": change,
        "before": None if change == HANGS else told,
        "after": told if change == HANGS else None,
        "because": None,
    }


def _what_if(asked: Asked) -> list[dict[str, Any]]:
    as_it_is = read_facts(asked.facts, asked.homes, frozenset())
    rows, added = add_to.add(
        asked.facts, asked.additions, asked.homes, tuple(asked.days), asked.day
    )
    imagined = read_facts(rows, asked.homes, asked.lost)
    things, first = asked.facts["things"], one_of(asked.facts["organisations"], "agency")
    return what_if(asked.rows, as_it_is, imagined, things, asked.day, added, first)


ANSWERS: Mapping[str, Answerer] = {"what_if": _what_if}
