"""Findings on services and routes in sentences: full, asked for too much, out of reach."""

from collections.abc import Sequence

from queries.asked import Partnership, Row
from queries.findings.telling_help import helps
from queries.findings.wording import listed, quoted, small

_LIMITS = {
    "waiting list": "with a waiting list",
    "temporary": "for the time being only",
}


def limit(rows: Sequence[Row], home: Partnership) -> str:
    """A service that is full, waited for, closed or limited otherwise."""
    told = [_LIMITS.get(str(r["state"]), str(r["state"])) for r in rows]
    waits = dict.fromkeys(r["wait"].rstrip(".") for r in rows if r["wait"])
    more = "".join(f" {wait}." for wait in waits)
    return f"{rows[0]['name']}: {listed(told)} at the date of the document.{more}"


def reduced(rows: Sequence[Row], home: Partnership) -> str:
    """A service that is there for a time, or in part."""
    told = [_LIMITS.get(str(r["state"]), str(r["state"])) for r in rows]
    return f"{rows[0]['name']}: {listed(told)} at the date of the document."


def asked_too_much(rows: Sequence[Row], home: Partnership) -> str:
    """A service that is asked for more than it can do."""
    row = rows[0]
    parts = [p for p in row["reason"].split("; ") if p != "asked for more than it can do"]
    why = f": {'; '.join(map(quoted, parts))}" if parts else ""
    return f"{row['name']}: more is asked of it than it can do, as recorded{why}."


def turned_away(rows: Sequence[Row], home: Partnership) -> str:
    """How many were turned away, by whom and when."""
    row = rows[0]
    who = f" by {listed(row['refused_by'], 3)}" if row["refused_by"] else ""
    given = [small(x) for x in (row["period"], row["population"], row["qualifier"]) if x]
    when = f" ({'; '.join([*given, 'one person may be refused several times'])})"
    why = f" Reason as given: {small(row['reason'])}." if row["reason"] else ""
    return (
        f"{row['measure']}{who}: {row['value']:,g} {units(row['unit'], row['value'])}{when}.{why}"
    )


def overstretched(rows: Sequence[Row], home: Partnership) -> str:
    """The service that is asked for more, with the gaps that say so."""
    parts = [p for p in rows[0]["reason"].split("; ") if p != "asked for more than it can do"]
    return _because(rows[0]["name"], parts)


def stuck(rows: Sequence[Row], home: Partnership) -> str:
    """The service from which the way on is blocked, with the gaps that say so."""
    return _because(rows[0]["name"], rows[0]["gaps"])


def _because(name: str, gaps: Sequence[str]) -> str:
    return f"{name} ({'; '.join(map(quoted, gaps))})" if gaps else name


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
    return f"{row['name']}: the way on from it is recorded as blocked ({gaps})."


_ROUTES = {
    "missing": "recorded as missing",
    "proposed": "only proposed",
    "being drafted": "only being drafted",
    "to be reinforced": "to be reinforced",
}


def route(rows: Sequence[Row], home: Partnership) -> str:
    """A route that is missing, planned or to be reinforced."""
    row = rows[0]
    told = _ROUTES.get(row["status"], f"recorded as {row['status']}")
    condition = f" ({small(row['condition'].rstrip('.'))})" if row["condition"] else ""
    return f"Route from {row['start_name']} to {row['end_name']}: {told}{condition}."


def unreachable(rows: Sequence[Row], home: Partnership) -> str:
    """A service into which no way works on record."""
    row = rows[0]
    routes = listed(row["routes"], 4)
    return f"{row['name']}: no working way into it is recorded ({routes})."


def only_one(rows: Sequence[Row], home: Partnership) -> str:
    """What would leave people without recorded help if it alone were lost."""
    row = rows[0]
    falls = [n for n in dict.fromkeys(n for r in rows for n in r["services"]) if n != row["name"]]
    through = f"{listed(falls, 3)} would fall with it, and " if falls else ""
    left = helps(rows, "no ", home)
    return f"If {row['name']} ended, {through}the record would show {left}."
