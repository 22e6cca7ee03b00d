"""Columns that no table holds: what 'known', 'live' and 'here' mean, said once for every question.

Each function works on plain columns and is pure. The shapes mark these columns with `fp:derived`.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping

from graph.model import PropertyGraph, Value

Columns = dict[str, Value]

LIVE = frozenset({"secured", "at risk"})
"""The award statuses that mean money is there. Sought or proposed money is not."""


def known_on(columns: Mapping[str, Value], source_date: datetime.date | None) -> Value:
    """The last day a record speaks for: its own date, else its source's (a record's date wins)."""
    return columns.get("as_of_last") or source_date


def award_window(columns: Mapping[str, Value]) -> Columns:
    """From when until when an award is known to be there.

    Money is there up to and on the last day of its period. Without an end it is known to be there
    on the day it is known on, or on its first day if that comes later, and `undated` on any later
    one. Without a start it is known to be there from the day it is known on, or on its last day if
    that comes first.
    """
    if columns.get("status") not in LIVE:
        return {"live_from": None, "live_until": None, "undated": False}
    known = columns.get("known_on")
    first, last = columns.get("period_first"), columns.get("period_last")
    until = last or known
    start = first or known
    if last is None and isinstance(first, datetime.date) and isinstance(known, datetime.date):
        until = max(first, known)
    if isinstance(start, datetime.date) and isinstance(until, datetime.date):
        start = min(start, until)
    return {"live_from": start, "live_until": until, "undated": last is None}


def whereabouts(home: str, areas: Iterable[str], within: Mapping[str, str]) -> str:
    """Where a service works, seen from the area `home` of its partnership.

    `areas` are the areas it serves, `within` leads from an area to the one that takes it in.
    """
    found = {_relation(home, area, within) for area in areas}
    for answer in ("here", "wider", "outside"):
        if answer in found:
            return answer
    return "not recorded"


def _relation(home: str, area: str, within: Mapping[str, str]) -> str:
    if home in chain(area, within):
        return "here"
    return "wider" if area in chain(home, within) else "outside"


def newest_days(graph: PropertyGraph) -> dict[str, datetime.date]:
    """By partnership: the last day that its newest source with records speaks for."""
    found: dict[str, datetime.date] = {}
    for node in graph.nodes:
        day = node.properties.get("date_last") or node.properties.get("date_first")
        if (
            node.label == "Source"
            and node.properties.get("records")
            and isinstance(day, datetime.date)
        ):
            slug = str(node.properties["partnership"])
            found[slug] = max(day, found.get(slug, day))
    return found


def chain(area: str, within: Mapping[str, str]) -> list[str]:
    """An area and all that take it in, nearest first; a circle is followed once."""
    found: list[str] = []
    current: str | None = area
    while current is not None and current not in found:
        found.append(current)
        current = within.get(current)
    return found


DERIVATIONS: Mapping[str, Callable[[Mapping[str, Value]], Columns]] = {"Award": award_window}
"""By class: columns that follow from the record's own columns."""
