"""Additions to a scenario: what is planned, put beside the facts of a release without touching it.

A small table says what is added, a row each. A service that is on record opens; money that is on
record goes on; a new service opens; a service reaches more groups. The facts with it are facts like
others, and every question that works on facts answers from them.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.dates import bounds
from graph.derived import award_window, whereabouts
from graph.errors import InputError, Problem
from graph.ids import LOCAL, id_of, partnership_of
from queries.recorded import RUNNING, STRENGTHS
from queries.rows import Row
from queries.tables import Line, nearest, read_lines

Rows = dict[str, list[Row]]
"""Rows by the name of their file in `facts/`."""

OPENS, RENEWED, NEW_SERVICE, NEW_REACH = "opens", "renewed", "new service", "new reach"
COLUMNS = ("change", "thing", "until", "name", "groups", "needs", "areas", "strength")
_CELLS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    OPENS: (frozenset({"thing"}), frozenset()),
    RENEWED: (frozenset({"thing", "until"}), frozenset()),
    NEW_SERVICE: (
        frozenset({"thing", "name", "groups", "needs", "strength"}),
        frozenset({"areas"}),
    ),
    NEW_REACH: (frozenset({"thing", "groups", "strength"}), frozenset({"needs", "areas"})),
}
"""By change: the cells that it needs besides `change`, and those that it may have."""
IMAGINED = "imagined"
"""The basis that a record has in a scenario which changes it."""


@dataclass(frozen=True, slots=True)
class Addition:
    """One row of the table: what changes, for which thing, and the row itself."""

    change: str
    thing: str
    line: Line


@dataclass(frozen=True, slots=True)
class Added:
    """What one addition does: to which thing, how it stood and stands, and whom it bears on.

    `services` are the services that it may make a difference to, `proofs` the records it changes.
    """

    change: str
    thing: str
    name: str
    before: str | None
    after: str
    told: str
    services: frozenset[str]
    proofs: tuple[Row, ...]


def read_additions(path: Path) -> tuple[Addition, ...]:
    """The additions in a CSV table, in its order.

    Raises InputError with every problem in the table: its form, its dates, its words. Whether its
    things and names exist is known where it is asked with (see `add`).
    """
    lines, problems = read_lines(path, COLUMNS, ("change", "thing"))
    for line in lines:
        problems += _wrong(line)
    if problems:
        raise InputError(problems)
    return tuple(Addition(line.get("change"), id_of(line.get("thing")), line) for line in lines)


def _wrong(line: Line) -> list[Problem]:
    change = line.get("change")
    if change not in _CELLS:
        advice = "Write one of them, in these words."
        return [line.wrong("change", f"one of {', '.join(_CELLS)}", advice)]
    needed, possible = _CELLS[change]
    problems = []
    for column in COLUMNS[1:]:
        given = bool(line.get(column))
        if column in needed and not given:
            expected = f'a value, for "{change}"'
            problems.append(line.wrong(column, expected, "Fill the cell in."))
        elif given and column not in needed | possible:
            advice = "Leave the cell empty, or write another change."
            problems.append(line.wrong(column, f'nothing, for "{change}"', advice))
    if "until" in needed and line.get("until"):
        try:
            _last_day(line)
        except ValueError:
            advice = "Write 2027-03-31, or 2027-03 for a month, which runs to its last day."
            problems.append(line.wrong("until", "a date with a last day", advice))
    if "strength" in needed and line.get("strength") not in ("", *STRENGTHS):
        advice = "Write how closely the help is made for the groups."
        problems.append(line.wrong("strength", f"one of {', '.join(STRENGTHS)}", advice))
    return problems


def _last_day(line: Line) -> datetime.date:
    """The last day of the cell `until`; ValueError where it is no date or has no last day."""
    last = bounds(line.get("until")).last
    if last is None:
        raise ValueError("the date has no last day")
    return last


# ---------------------------------------------------------------- with the facts


def add(
    facts: Mapping[str, Sequence[Row]],
    additions: Sequence[Addition],
    homes: Mapping[str, str],
    asked_about: Sequence[str],
    day: datetime.date,
) -> tuple[Rows, tuple[Added, ...]]:
    """The facts with the additions, and what each of them does on a day.

    The facts are those of the partnerships in `homes`, with their areas; additions to others that
    are `asked_about` are left for their turn.

    Raises InputError where something is added to a thing, or for a name, that does not exist.
    """
    rows: Rows = {name: list(found) for name, found in facts.items()}
    problems: list[Problem] = []
    added: list[Added] = []
    for addition in additions:
        slug = partnership_of(addition.thing)
        if slug not in asked_about:
            advice = f"Asked about: {', '.join(asked_about)}. Write an id as in an answer."
            expected = "a thing of a partnership that is asked about"
            problems.append(addition.line.wrong("thing", expected, advice))
        elif slug in homes:
            found, wrong = _ADD[addition.change](rows, addition, homes[slug], day)
            problems += wrong
            added += found
    if problems:
        raise InputError(problems)
    return rows, tuple(added)


Result = tuple[list[Added], list[Problem]]


def _opens(rows: Rows, addition: Addition, home: str, day: datetime.date) -> Result:
    service = _find(rows, "services", "service", addition.thing)
    if service is None:
        return [], [_unknown(rows, "services", "service", addition)]
    later = service["opened"] is not None and service["opened"] > day
    over = service["closed"] is not None and service["closed"] < day
    if service["standing"] in RUNNING and not later and not over:
        advice = f"{service['name']} runs already: take the row out."
        return [], [addition.line.wrong("thing", "a service that does not run", advice)]
    changes: dict[str, Any] = {"standing": "operating"}
    changes |= {"opened": None} if later else {}
    changes |= {"closed": None} if over else {}
    _replace(rows, "services", service, changes)
    name = service["name"]
    told = f"{name} opens ({addition.line.place})"
    return [_added(addition, name, service["standing"], "operating", told, service)], []


def _renewed(rows: Rows, addition: Addition, home: str, day: datetime.date) -> Result:
    award = _find(rows, "awards", "award", addition.thing)
    if award is None:
        return [], [_unknown(rows, "awards", "award", addition)]
    until = _last_day(addition.line)
    before = award["live_until"]
    if before is not None and until <= before:
        advice = f"The money is there until {before.isoformat()} already."
        return [], [addition.line.wrong("until", "a later day", advice)]
    changes: dict[str, Any] = {"status": "secured"}
    changes |= award_window(
        {
            "status": "secured",
            "known_on": award["known_on"],
            "period_first": award["begun"],
            "period_last": until,
        }
    )
    # Money that has no end on record gets none by this; it is there that long at least.
    changes["undated"] = award["undated"]
    if award["live_from"] is not None:
        changes["live_from"] = min(award["live_from"], changes["live_from"])
    _replace(rows, "awards", award, changes)
    subject = award["subject"]
    needing = {r["service"]: r["post_name"] for r in rows["dependences"] if r["post"] == subject}
    paid = _find(rows, "services", "service", subject)
    name = paid["name"] if paid else next(iter(needing.values()), subject)
    ended = f"money until {before.isoformat()}" if before else f"money {award['status']}"
    was = "money without an end" if award["undated"] else ended
    after = f"money until {until.isoformat()}"
    told = f"{name}: {award['fund_name']} goes on ({addition.line.place})"
    services = frozenset(needing) | {subject}
    return [_added(addition, name, was, after, told, award, services)], []


def _new_service(rows: Rows, addition: Addition, home: str, day: datetime.date) -> Result:
    parts = addition.thing.split("/")
    line = addition.line
    if len(parts) != 3 or parts[1] != "service" or not LOCAL.fullmatch(parts[2]):
        advice = f'Write a new one, such as "{parts[0]}/service/new-house".'
        return [], [line.wrong("thing", "an id for a service", advice)]
    known = _find(rows, "services", "service", addition.thing)
    if known is not None:
        advice = f'{known["name"]} has it: choose another id, or write "{OPENS}".'
        return [], [line.wrong("thing", "an id that no service has", advice)]
    needs, problems = line.ids("needs", _names(rows, "needs"))
    areas, wrong = line.ids("areas", _names(rows, "areas"))
    reaches, more = _reaches(rows, addition, (), ())
    if problems or wrong or more:
        return [], [*problems, *wrong, *more]
    name = line.get("name")
    within = {row["area"]: row["within"] for row in rows["areas"] if row["within"]}
    rows["services"].append(
        {
            "service": addition.thing,
            "partnership": parts[0],
            "name": name,
            "standing": "operating",
            "opened": None,
            "closed": None,
            "access": None,
            "availability": [],
            "whereabouts": whereabouts(home, areas or (home,), within),
            "known_on": day,
            "legal_basis": None,
            "wait": None,
            "needs": list(needs),
            "areas": list(areas),
            "types": [],
            "part_of": [],
            "perhaps_the_same": [],
            "proof": _NO_RECORD,
        }
    )
    rows["reaches"] += reaches
    told = f"{name} opens, a new service ({line.place})"
    return [_added(addition, name, None, "operating", told)], []


def _new_reach(rows: Rows, addition: Addition, home: str, day: datetime.date) -> Result:
    service = _find(rows, "services", "service", addition.thing)
    if service is None:
        return [], [_unknown(rows, "services", "service", addition)]
    needs, problems = addition.line.ids("needs", _names(rows, "needs"))
    areas, wrong = addition.line.ids("areas", _names(rows, "areas"))
    reaches, more = _reaches(rows, addition, needs, areas)
    if problems or wrong or more:
        return [], [*problems, *wrong, *more]
    rows["reaches"] += reaches
    names = _names(rows, "groups")
    groups = ", ".join(sorted(names[r["term"]] for r in reaches))
    told = f"{service['name']} reaches {groups} ({addition.line.place})"
    after = f"also reaches {groups} ({addition.line.get('strength')})"
    return [_added(addition, service["name"], None, after, told, service)], []


_ADD: Mapping[str, Callable[[Rows, Addition, str, datetime.date], Result]] = {
    OPENS: _opens,
    RENEWED: _renewed,
    NEW_SERVICE: _new_service,
    NEW_REACH: _new_reach,
}

_NO_RECORD: Row = {"record": None, "source": None, "place": None, "basis": IMAGINED}
"""Stands for the record that an imagined thing does not have; no answer names it."""


def _reaches(
    rows: Rows, addition: Addition, needs: Sequence[str], areas: Sequence[str]
) -> tuple[list[Row], list[Problem]]:
    groups, problems = addition.line.ids("groups", _names(rows, "groups"))
    found: list[Row] = [
        {
            "service": addition.thing,
            "term": group,
            "strength": addition.line.get("strength"),
            "condition": None,
            "only_needs": list(needs),
            "only_areas": list(areas),
            "proof": _NO_RECORD,
        }
        for group in groups
    ]
    return found, problems


def _added(
    addition: Addition,
    name: str,
    before: str | None,
    after: str,
    told: str,
    record: Row | None = None,
    services: frozenset[str] | None = None,
) -> Added:
    proofs = () if record is None else (record["proof"],)
    bears_on = frozenset({addition.thing}) if services is None else services
    return Added(addition.change, addition.thing, name, before, after, told, bears_on, proofs)


def _find(rows: Rows, file: str, key: str, identifier: str) -> Row | None:
    return next((row for row in rows[file] if row[key] == identifier), None)


def _replace(rows: Rows, file: str, row: Row, changes: Mapping[str, Any]) -> None:
    imagined = {**row, **changes, "proof": {**row["proof"], "basis": IMAGINED}}
    rows[file] = [imagined if r is row else r for r in rows[file]]


def _names(rows: Rows, file: str) -> dict[str, str]:
    key = "area" if file == "areas" else "term"
    return {row[key]: str(row["name"]) for row in rows[file]}


def _unknown(rows: Rows, file: str, key: str, addition: Addition) -> Problem:
    names = {row[key]: str(row.get("name") or row[key]) for row in rows[file]}
    close = nearest(addition.thing, names)
    advice = close or f"Write its id as in an answer, such as {next(iter(names), key)}."
    return addition.line.wrong("thing", f"the id of a known {key}", advice)
