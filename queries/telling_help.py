"""Findings on help in sentences: for whom there is none, not enough, or only within limits."""

from collections.abc import Sequence

from queries.asked import Partnership, Row
from queries.wording import counted, dated, listed, quoted, small, upper

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
    """The help that a row is about: "help with health care"; "help" where no need is named."""
    if row["need"] == _UNSPECIFIED:
        return "help"
    need = small(row["need_name"])
    return need if need.startswith("help ") else f"help with {need}"


def wanted(row: Row) -> str:
    """What there is not enough of: "safe accommodation"; "help" where no need is named."""
    if row["need"] == _UNSPECIFIED:
        return "help"
    need = small(row["need_name"])
    return f"help with {need}" if need.startswith("a ") else need


_REASONS = (
    ("a source states a gap (", "("),
    ("; a source says no more", ""),
    ("can be served", "can be served, and a source says no more"),
    (": condition: ", ": "),
    (", condition: ", ", "),
    ("under-serves the group", "under-serves them"),
    ("does not take the group", "does not take them"),
)


def reason(text: str) -> str:
    """Why a cell stands as it does, in plain words."""
    told = dated(text)
    for old, new in _REASONS:
        told = told.replace(old, new)
    return _gap(told)


def _gap(text: str) -> str:
    """A reason with what gaps say in place of their kinds and names."""
    parts = []
    for part in text.split("; "):
        kind, found, name = part.partition("): ")
        is_gap = found and kind.startswith("(") and "(" not in kind[1:]
        parts.append(name if is_gap else part)
    return "; ".join(parts)


def stated(rows: Sequence[Row], home: Partnership) -> str:
    """A group that a source says is without help, or not reached."""
    row = rows[0]
    told = f"{_whom(row, home)}: without {helped(row)}, or not reached by it, as a source says"
    return f"{told} ({reason(row['reason'])})."


def stated_openly(row: Row, home: Partnership) -> str:
    """The same without the reason, which may name a service."""
    return f"{_whom(row, home)}: without {helped(row)}, or not reached by it, as a source says."


def short(rows: Sequence[Row], home: Partnership) -> str:
    """Help of which a source says that there is not enough."""
    row = rows[0]
    whom = listed([_within(r, home) for r in rows])
    helps = row.get("services") or []
    verb = "is" if len(helps) == 1 else "are"
    beside = f" On record {verb} {listed(helps, 5)}." if helps else ""
    why = reason(row["reason"])
    return f"Not enough {wanted(row)} for {whom}, as a source says ({why}).{beside}"


def short_openly(row: Row, home: Partnership) -> str:
    """The same without the reason, which may name a service."""
    return f"{_whom(row, home)}: a source says that there is not enough {wanted(row)}."


def _within(row: Row, home: Partnership) -> str:
    """The group as it stands inside a sentence."""
    return small(_whom(row, home))


def partial(rows: Sequence[Row], home: Partnership) -> str:
    """Help on record with conditions, waits or other limits."""
    row = rows[0]
    return f"{_whom(row, home)}: {helped(row)} only within limits ({reason(row['reason'])})."


def partial_openly(row: Row, home: Partnership) -> str:
    """The same, naming no service."""
    return f"{_whom(row, home)}: {helped(row)} only within limits."


def disputed(rows: Sequence[Row], home: Partnership) -> str:
    """Help of which sources disagree whether it exists."""
    row = rows[0]
    return (
        f"{_whom(row, home)}: sources disagree whether there is {helped(row)} "
        f"({reason(row['reason'])})."
    )


def disputed_openly(row: Row, home: Partnership) -> str:
    """The same without the reason, which may name a service."""
    return f"{_whom(row, home)}: sources disagree whether there is {helped(row)}."


def silent(rows: Sequence[Row], home: Partnership) -> str:
    """A group that plans name and no service is recorded for."""
    row = rows[0]
    named = listed([quoted(n) for n in row["named_in"]], 3)
    might = row["might_serve"]
    perhaps = (
        f" {upper(counted(len(might), 'service'))} open to all might serve them." if might else ""
    )
    return (
        f"{_whom(row, home)}: named in the plans ({named}), and no {helped(row)} "
        f"is recorded.{perhaps}"
    )


def silent_openly(row: Row, home: Partnership) -> str:
    """The same without what names it."""
    return f"{_whom(row, home)}: named in the plans, and no {helped(row)} is recorded."
