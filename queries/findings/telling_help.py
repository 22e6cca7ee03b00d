"""Findings on help in sentences: for whom there is none, not enough, or only within limits."""

import re
from collections.abc import Iterable, Sequence

from queries.asked import Partnership, Row
from queries.findings.wording import counted, dated, listed, quoted, small, upper

_UNSPECIFIED = "unspecified"


def who_and_what(row: Row) -> str:
    """A client group and a need: "male victims (safe accommodation)"; no need where none is given.

    >>> who_and_what({"group_name": "Male victims", "need": "x", "need_name": "Health care"})
    'male victims (health care)'
    """
    who = small(row["group_name"])
    return who if row["need"] == _UNSPECIFIED else f"{who} ({small(row['need_name'])})"


def _whom(row: Row, home: Partnership) -> str:
    """The group, with the place where it is not the whole area."""
    there = "" if row["area"] == home.area else f" in {place(row['area_name'])}"
    return f"{row['group_name']}{there}"


def place(name: str) -> str:
    """An area as it stands after "in": "the north of the borough"."""
    return f"the {small(name)}" if name.split()[0] in ("North", "South", "East", "West") else name


def helped(row: Row) -> str:
    """The help that a row is about: "health care", "help with a settled home", "help".

    What a need calls an aim of people's, and no help, is helped with.
    """
    if row["need"] == _UNSPECIFIED:
        return "help"
    need = small(row["need_name"])
    if need.startswith("agencies "):
        return f"help from {need}"
    if need.startswith("British "):
        return f"help in {need}"
    if need.startswith("safety of "):
        return f"help with the {need}"
    return f"help with {need}" if need.startswith(_AIMS) else need


_AIMS = ("a ", "changing ", "money ", "safety ", "prevention ")


def helps(rows: Iterable[Row], lead: str, home: Partnership) -> str:
    """The help of some rows with those whom it is for: "no health care for A and B, and no …".

    At most four groups are named, and the rest counted.
    """
    found = _by_need(rows, home)
    together: dict[tuple[str, ...], list[str]] = {}
    for need in sorted(found, key=lambda need: -len(found[need])):
        together.setdefault(tuple(found[need]), []).append(need)
    most = _GROUPS if len(together) == 1 else _GROUPS // _NEEDS
    told = [
        f"{lead}{_either(needs)} for {listed(groups, most, 'other groups')}"
        for groups, needs in [*together.items()][:_NEEDS]
    ]
    left = sum(map(len, [*together.values()][_NEEDS:]))
    rest = f", nor {counted(left, 'other kind')} of help for some people" if left else ""
    return f"{', and '.join(told)}{rest}"


_NEEDS, _GROUPS = 2, 4
"""How many sets of groups, and how many groups in all, a sentence names."""


def _by_need(rows: Iterable[Row], home: Partnership) -> dict[str, list[str]]:
    """The groups of each need; one that stands for the whole area not also for a part of it."""
    kept = list(rows)
    whole = {(r["group"], r["need"]) for r in kept if r["area"] == home.area}
    found: dict[str, list[str]] = {}
    for row in kept:
        if row["area"] == home.area or (row["group"], row["need"]) not in whole:
            groups = found.setdefault(helped(row), [])
            groups += [_within(row, home)] if _within(row, home) not in groups else []
    return found


def groups_by_need(rows: Iterable[Row], home: Partnership) -> list[str]:
    """A line for each need with the groups, most first: "Health care: A, B and three others."."""
    found = _by_need(rows, home)
    return [
        f"{upper(need)}: {listed(found[need], _GROUPS, 'other groups')}."
        for need in sorted(found, key=lambda need: -len(found[need]))
    ]


def _either(needs: Sequence[str]) -> str:
    return f"{', '.join(needs[:-1])} or {needs[-1]}" if len(needs) > 1 else needs[0]


_REASONS = (
    ("; a source says no more", ""),
    (": condition: ", ": "),
    (", condition: ", ", "),
    ("under-serves the group", "under-serves them"),
    ("does not take the group", "does not take them"),
)
_GAP = re.compile(r"^(?:a source states a gap )?\([^()]*\): (.+)$")
_LARGE = re.compile(r"(?<=[:,] )[A-Z][a-z]+\b")


def reason(text: str) -> str:
    """Why help stands as it does, in plain words; gaps that documents state in quotation marks."""
    told = dated(text)
    for old, new in _REASONS:
        told = told.replace(old, new)
    return "; ".join(_part(part) for part in told.split("; "))


def _part(part: str) -> str:
    gap = _GAP.match(part)
    if gap:
        return quoted(gap.group(1))
    return _LARGE.sub(lambda found: small(found.group()), part)


def stated(rows: Sequence[Row], home: Partnership) -> str:
    """A group that a source says is without help, or not reached."""
    row = rows[0]
    return f"{stated_openly(row, home).rstrip('.')}: {reason(row['reason'])}."


def stated_openly(row: Row, home: Partnership) -> str:
    """The same without the reason, which may name a service."""
    return f"{_whom(row, home)}: recorded as without {helped(row)}, or not reached by it."


def short(rows: Sequence[Row], home: Partnership) -> str:
    """Help of which a source says that there is not enough."""
    row = rows[0]
    whom = listed([_within(r, home) for r in rows])
    have = row.get("services") or []
    verb = "is" if len(have) == 1 else "are"
    beside = f" On record {verb} {listed(have, 4)}." if have else ""
    return f"Not enough {helped(row)} for {whom}, as recorded: {reason(row['reason'])}.{beside}"


def short_openly(row: Row, home: Partnership) -> str:
    """The same without the reason, which may name a service."""
    return f"{_whom(row, home)}: not enough {helped(row)}, as recorded."


def _within(row: Row, home: Partnership) -> str:
    """The group as it stands inside a sentence."""
    return small(_whom(row, home))


def partial(rows: Sequence[Row], home: Partnership) -> str:
    """Help on record with conditions, waits or other limits."""
    row = rows[0]
    return f"{partial_openly(row, home).rstrip('.')} ({reason(row['reason'])})."


def partial_openly(row: Row, home: Partnership) -> str:
    """The same, naming no service."""
    return f"{_whom(row, home)}: {helped(row)} within limits only."


def disputed(rows: Sequence[Row], home: Partnership) -> str:
    """Help of which sources disagree whether it exists."""
    row = rows[0]
    return f"{disputed_openly(row, home).rstrip('.')} ({reason(row['reason'])})."


def disputed_openly(row: Row, home: Partnership) -> str:
    """The same without the reason, which may name a service."""
    return f"{_whom(row, home)}: sources disagree whether {helped(row)} is there for them."


def silent(rows: Sequence[Row], home: Partnership) -> str:
    """A group that plans name and no service is recorded for."""
    row = rows[0]
    named = listed([quoted(n) for n in row["named_in"]], 2)
    might = row["might_serve"]
    perhaps = (
        f" {upper(counted(len(might), 'service'))} open to all might serve them." if might else ""
    )
    return (
        f"{_whom(row, home)}: named in {named}, and no {helped(row)} is recorded for them.{perhaps}"
    )


def silent_openly(row: Row, home: Partnership) -> str:
    """The same without what names it."""
    return f"{_whom(row, home)}: named in the plans, and no {helped(row)} is recorded for them."
