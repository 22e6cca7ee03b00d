"""Findings on services and routes in sentences: full, asked for too much, out of reach."""

from collections.abc import Sequence

from queries.asked import Partnership, Row
from queries.telling_help import who_and_what
from queries.wording import listed, quoted

_LIMITS = {
    "waiting list": "a waiting list",
    "temporary": "for the time being only",
    "above capacity": "more asked of it than it can do",
}


def limit(rows: Sequence[Row], home: Partnership) -> str:
    """A service that is full, waited for, closed or limited otherwise."""
    told = [_LIMITS.get(str(r["state"]), str(r["state"])) for r in rows]
    waits = list(dict.fromkeys(r["wait"].rstrip(".") for r in rows if r["wait"]))
    more = f" ({'; '.join(waits)})" if waits else ""
    return f"{rows[0]['name']}: {listed(told)}, as a source says on its date{more}."


def asked_too_much(rows: Sequence[Row], home: Partnership) -> str:
    """A service that is asked for more than it can do."""
    row = rows[0]
    parts = [p for p in row["reason"].split("; ") if p != "asked for more than it can do"]
    why = f" ({'; '.join(parts)})" if parts else ""
    return f"{row['name']}: more is asked of it than it can do, as a source says{why}."


def turned_away(rows: Sequence[Row], home: Partnership) -> str:
    """How many were turned away, by whom and when."""
    row = rows[0]
    who = f" by {listed(row['refused_by'], 3)}" if row["refused_by"] else ""
    given = [x for x in (row["period"], row["population"], row["qualifier"]) if x]
    when = f" ({'; '.join(given)})" if given else ""
    why = f" Reason as given: {row['reason']}." if row["reason"] else ""
    return (
        f"{row['measure']}{who}: {row['value']:,g} {units(row['unit'], row['value'])}{when}. "
        f"One person may be refused several times.{why}"
    )


_PLURALS = {"woman": "women", "man": "men", "child": "children", "person": "people"}


def units(unit: str, value: float) -> str:
    """A unit beside a number.

    >>> units("woman", 147), units("family place", 1), units("family", 3)
    ('women', 'family place', 'families')
    """
    if value == 1 or not unit or unit in ("%", "per cent", "percent"):
        return unit
    first, _, last = unit.rpartition(" ")
    ending = (
        last[:-1] + "ies"
        if last[-2:-1] not in tuple("aeiou") and last.endswith("y")
        else last + "s"
    )
    return f"{first} {_PLURALS.get(last, ending)}".strip()


def blocked(rows: Sequence[Row], home: Partnership) -> str:
    """A service from which the way on is blocked."""
    row = rows[0]
    gaps = listed([quoted(gap) for gap in row["gaps"]])
    return f"{row['name']}: a source says that the way on from it is blocked ({gaps})."


_ROUTES = {
    "missing": "a source says that this route is missing",
    "proposed": "this route is only proposed",
    "being drafted": "this route is only being drafted",
    "to be reinforced": "a source wants this route reinforced",
}


def route(rows: Sequence[Row], home: Partnership) -> str:
    """A route that is missing, planned or to be reinforced."""
    row = rows[0]
    told = _ROUTES.get(row["status"], f"this route is {row['status']}")
    condition = f" (condition: {row['condition']})" if row["condition"] else ""
    return f"From {row['start_name']} to {row['end_name']}: {told}{condition}."


def unreachable(rows: Sequence[Row], home: Partnership) -> str:
    """A service into which no way works on record."""
    row = rows[0]
    routes = listed(row["routes"], 4)
    return f"{row['name']}: no working way into it is recorded ({routes})."


def only_one(rows: Sequence[Row], home: Partnership) -> str:
    """What would leave people without recorded help if it alone were lost."""
    row = rows[0]
    whom = listed(dict.fromkeys(who_and_what(r) for r in rows), 4, "other groups and needs")
    falls = [n for n in dict.fromkeys(n for r in rows for n in r["services"]) if n != row["name"]]
    through = f"{listed(falls, 3)} would fall with it, and " if falls else ""
    return f"If {row['name']} ended, {through}no help of its kind would be recorded for {whom}."
