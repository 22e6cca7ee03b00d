"""Findings on money in sentences: what ended, ends, is sought, or has no end on record."""

from collections.abc import Sequence

from queries.asked import Partnership, Row
from queries.telling_help import who_and_what
from queries.wording import dated, day, listed, pounds


def payer(funder: str) -> str:
    """Who pays, as a sentence names them."""
    return listed(funder.split("; "))


def _known(home: Partnership) -> str:
    return f"no renewal is recorded, as known on {day(home.newest)}"


def ended(rows: Sequence[Row], home: Partnership) -> str:
    """Money that ended; whether the service goes on is another matter."""
    row = rows[0]
    until = f" on {day(row['ended'])}" if row["ended"] else ""
    by = f", last paid by {payer(row['last_funder'])}" if row["last_funder"] else ""
    return (
        f"{row['name']}: the last recorded money ended{until}{by}; {_known(home)}. "
        "Whether it goes on is not recorded."
    )


def ending(rows: Sequence[Row], home: Partnership) -> str:
    """Money that all ends within the horizon."""
    row = rows[0]
    sum_ = (
        f", {pounds(row['pounds'])} in all as far as amounts are recorded" if row["pounds"] else ""
    )
    return (
        f"{row['name']}: all the recorded money ends on {day(row['ends'])} "
        f"(paid by {payer(row['funder'])}{sum_}); {_known(home)}."
    )


def uncovers(rows: Sequence[Row], home: Partnership) -> str:
    """The help that goes from the record on one day, with the money."""
    row = rows[0]
    whom = listed([who_and_what(r) for r in rows], 4, "other groups and needs")
    return (
        f"From {day(row['on_day'])}, when money has ended, no running help is recorded for {whom}."
    )


def sought(rows: Sequence[Row], home: Partnership) -> str:
    """Money that somebody looks for or proposes, with nothing else on record."""
    row = rows[0]
    sum_ = f" of {pounds(row['pounds'])}" if row["pounds"] else ""
    how = "is looked for" if row["status"] == "sought" else f"is only {row['status']}"
    return f"{row['name']}: money{sum_} {how}, and no other money is on record for it."


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
        f"{row['name']}: money is on record ({row['fund_name']}), and no source says when it ends "
        f"(known on {day(row['known_on'])})."
    )


def unpaid(rows: Sequence[Row], home: Partnership) -> str:
    """A service or post of which no source says who pays."""
    return f"{rows[0]['name']}: no source says who pays."


def later(rows: Sequence[Row], home: Partnership) -> str:
    """Money that begins later."""
    return f"{rows[0]['name']}: {dated(rows[0]['state'])}."


def idle(rows: Sequence[Row], home: Partnership) -> str:
    """A service that has money and does not run on record."""
    row = rows[0]
    how = standing(row["standing"])
    return f"{row['name']}: money is on record, and the service does not run on record ({how})."


def unused(rows: Sequence[Row], home: Partnership) -> str:
    """A service that has money and is hardly used."""
    return f"{rows[0]['name']}: money is on record, and a source says that it is hardly used."


def standing(word: str) -> str:
    """How a service stands, as words in a sentence."""
    return "whether it runs is not stated" if word == "not stated" else f"recorded as {word}"
