"""Findings on money in sentences: what ended, ends, is sought, or has no end on record."""

from collections.abc import Sequence

from queries.asked import Partnership, Row
from queries.findings.telling_help import helps
from queries.findings.wording import dated, day, listed, pounds

_UNNAMED = "(fund not named)"


def payer(funder: str) -> str:
    """Who pays, as a sentence names them.

    >>> payer("CRIG; Money for the waiting lists (fund not named)")
    'CRIG and a fund that is not named'
    """
    told = ("a fund that is not named" if _UNNAMED in f else f for f in funder.split("; "))
    return listed(dict.fromkeys(told))


def _known(home: Partnership) -> str:
    return f"no renewal is recorded, as known on {day(home.newest)}"


def called(row: Row) -> str:
    """What a row is about; a post is told apart from the service that is called like it."""
    return f"{row['name']} (post)" if row.get("kind") == "post" else str(row["name"])


def ended(rows: Sequence[Row], home: Partnership) -> str:
    """Money that ended; whether the service goes on is another matter."""
    row = rows[0]
    until = f" on {day(row['ended'])}" if row["ended"] else ""
    by = f" (from {payer(row['last_funder'])})" if row["last_funder"] else ""
    runs = row["standing"] == "operating" and row["as_of"] <= home.newest
    return (
        f"{called(row)}: the last recorded money ended{until}{by}; {_known(home)}. "
        f"{'It is recorded as running.' if runs else 'Whether it goes on is not recorded.'}"
    )


def ending(rows: Sequence[Row], home: Partnership) -> str:
    """Money that all ends within the horizon."""
    row = rows[0]
    sum_ = f"; amounts on record: {pounds(row['pounds'])}" if row["pounds"] else ""
    return (
        f"{called(row)}: all the recorded money ends on {day(row['ends'])} "
        f"(from {payer(row['funder'])}{sum_}); {_known(home)}."
    )


def uncovers(rows: Sequence[Row], home: Partnership) -> str:
    """The help that goes from the record on one day, with the money."""
    row = rows[0]
    return (
        f"From {day(row['on_day'])}, when money has ended, the record shows "
        f"{helps(rows, 'no running ', home)}."
    )


def sought(rows: Sequence[Row], home: Partnership) -> str:
    """Money that somebody looks for or proposes, with nothing else on record."""
    row = rows[0]
    sum_ = f" of {pounds(row['pounds'])}" if row["pounds"] else ""
    how = "is looked for" if row["status"] == "sought" else f"is only {row['status']}"
    return f"{called(row)}: money{sum_} {how}, and no other money is on record for it."


def decide(rows: Sequence[Row], home: Partnership) -> str:
    """A decision on money, and by when."""
    row = rows[0]
    money = f"{pounds(row['pounds'])} " if row["pounds"] else ""
    ends = f", as the money ends on {day(row['ends'])}" if row["ends"] else ""
    by = f"({money}from {payer(row['funder'])})"
    if row["section"] == "decision due":
        may = f" It may be extended to {day(row['extension'])}." if row["extension"] else ""
        return f"{row['name']} {by}: a decision is due by {day(row['due'])}{ends}.{may}"
    return (
        f"{row['name']} {by}: the money ends on {day(row['due'])}, and no day is recorded by which "
        "to decide."
    )


def undated(rows: Sequence[Row], home: Partnership) -> str:
    """Money without an end on record."""
    row = rows[0]
    return (
        f"{called(row)}: money from {payer(row['fund_name'])} is on record, and no source says "
        f"when it ends (as known on {day(row['known_on'])})."
    )


def unpaid(rows: Sequence[Row], home: Partnership) -> str:
    """A service or post of which no source says who pays."""
    return f"{called(rows[0])}: no source says who pays."


def named(rows: Sequence[Row], home: Partnership) -> str:
    """What has the money, or has none on record."""
    return called(rows[0])


def later(rows: Sequence[Row], home: Partnership) -> str:
    """Money that begins later."""
    return f"{rows[0]['name']}: {dated(rows[0]['state'])}."


def idle(rows: Sequence[Row], home: Partnership) -> str:
    """A service that has money and does not run on record."""
    row = rows[0]
    return f"{called(row)}: money is on record; {standing(row['standing'])}."


def unused(rows: Sequence[Row], home: Partnership) -> str:
    """A service that has money and is hardly used."""
    return f"{rows[0]['name']}: money is on record, and a source says that it is hardly used."


def standing(word: str) -> str:
    """How a service stands, as words in a sentence."""
    if word == "not stated":
        return "whether the service runs is not stated"
    return f"the service is recorded as {word}"
