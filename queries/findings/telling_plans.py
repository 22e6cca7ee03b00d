"""Findings on posts, plans and the record itself in sentences."""

from collections.abc import Sequence

from queries.asked import Partnership, Row
from queries.findings.wording import day, listed, quoted

_FILLED = {
    "vacant": "vacant",
    "leaving": "about to be left",
    "recruiting": "being recruited to",
    "proposed": "only proposed",
    "away": "away for the time being",
}


def post(rows: Sequence[Row], home: Partnership) -> str:
    """A post that is not filled, or about to be left."""
    row = rows[0]
    hangs = row["hangs_on_it"]
    more = f" On it hangs {listed([quoted(h) for h in hangs], 3)}." if hangs else ""
    return f"{row['name']}: the post is {_FILLED.get(row['filled'], row['filled'])}.{more}"


def status(word: str) -> str:
    """The recorded status of an action, as words in a sentence."""
    if word in ("not recorded", "", None):
        return "no status is recorded"
    return "it is said to be done" if word == "said to be done" else f"recorded as {word}"


def overdue(rows: Sequence[Row], home: Partnership) -> str:
    """An action that was due and is not said to be done."""
    row = rows[0]
    return f"{quoted(row['name'])} was due by {day(row['due'])}; {status(row['status'])}."


def leaderless(rows: Sequence[Row], home: Partnership) -> str:
    """An action without a post or agency that leads it."""
    row = rows[0]
    given = row["lead_as_given"]
    told = "no lead is recorded"
    if given:
        told = f"the source gives as lead “{given}”"
    return f"{quoted(row['name'])}: {told}; {status(row['status'])}."


def dateless(rows: Sequence[Row], home: Partnership) -> str:
    """An action without a deadline."""
    row = rows[0]
    told = "no deadline is recorded"
    if row["deadline_kind"] == "to be confirmed":
        told = "its deadline is to be confirmed"
    return f"{quoted(row['name'])}: {told}; {status(row['status'])}."


def titled(rows: Sequence[Row], home: Partnership) -> str:
    """The title of an action or a gap alone."""
    return quoted(rows[0]["name"])


def was_due(rows: Sequence[Row], home: Partnership) -> str:
    """The title of an action, with the day by which it was due."""
    return f"{quoted(rows[0]['name'])} ({day(rows[0]['due'])})"


def unanswered(rows: Sequence[Row], home: Partnership) -> str:
    """A stated gap that no action answers."""
    row = rows[0]
    by = f", raised by {listed(row['raised_by'])}," if row.get("raised_by") else ""
    return f"{quoted(row['name'])}{by} is a stated gap, and no recorded action answers it."


def empty_seat(rows: Sequence[Row], home: Partnership) -> str:
    """A seat on a board that is empty."""
    row = rows[0]
    return f"{row['name']}: the seat of {row['member']} is {row['seat']}."


def contested(rows: Sequence[Row], home: Partnership) -> str:
    """A fact on which sources or places disagree."""
    row = rows[0]
    about = f"{row['name']}: " if row.get("name") else ""
    return f"{about}{row['ground'].rstrip('.')}."


def not_shared(rows: Sequence[Row], home: Partnership) -> str:
    """Data that are not shared, or not known to be."""
    row = rows[0]
    told = {
        "unknown": "whether they are shared is not known",
        "being arranged": "sharing is being arranged",
    }.get(row["status"], row["status"])
    return f"From {row['start_name']} to {row['end_name']} ({row['what'].rstrip('.')}): {told}."


_TRAINING = {
    "needed, not arranged": "needed, and no arrangement is recorded",
    "cannot be given": "recorded as impossible to give",
    "nobody named": "nobody is named who is or will be trained",
}


def training(rows: Sequence[Row], home: Partnership) -> str:
    """Training that is needed, cannot be given, or names nobody."""
    row = rows[0]
    told = listed(_TRAINING.get(str(r["section"]), "") for r in rows)
    return f"{row['name']}: {told}."
