"""Tables of the exempt appendix on plans: actions, progress, boards, agreements, training, data."""

from collections.abc import Container

from queries.asked import Row
from queries.findings.wording import day, small
from visualise.paper.brief import Brief
from visualise.paper.content_tables import Tables
from visualise.paper.model import Block
from visualise.paper.words import capital, names, period, sentences, table

_CLASSES = {"agency": "Agency", "body": "Board or group", "post": "Post", "fund": "Fund"}


def tables(told: Brief) -> Tables:
    """Each part of the appendix on plans: its heading and its table."""
    return [
        ("Actions", [actions(told)]),
        ("What has been done, as reported", [progress(told)]),
        ("Boards, agencies, posts and funds", [holders(told)]),
        ("Plans, agreements and training", [plans(told), training(told)]),
        ("Sharing of data", [sharing(told)]),
    ]


def actions(told: Brief) -> Block:
    """Every action: what it is to do, who leads it, by when, and how far it is."""
    rows = []
    for row in sorted(
        told.rows("paper_actions"), key=lambda r: (str(r["due"] or "9"), r["action"])
    ):
        status = "" if row["status"] == "not recorded" else row["status"]
        cells = (
            row["name"],
            sentences(row["about"]),
            _lead(row),
            row["deadline"] or (day(row["due"]) if row["due"] else "not recorded"),
            capital(status or "not recorded"),
        )
        rows.append((cells, told.note(row)))
    headers = ("Action", "What it is to do", "Lead", "Deadline as given", "Status")
    return table("Actions on record", headers, rows, wide=True)


def _lead(row: Row) -> str:
    leads = names(sorted(row["leads"])) or str(row["lead_as_given"] or "not recorded")
    supports = names(sorted(set(row["supports"]) - set(row["leads"])))
    return f"{leads}; with {supports}" if supports else leads


def progress(told: Brief) -> Block:
    """Everything that a document says has been done, begun or put off."""
    rows = []
    for row in told.rows("paper_progress"):
        cells = (
            names(sorted(row["actions"])) or names(sorted(row["others"])) or "not recorded",
            sentences(row["about"]),
            capital(str(row["status"] or "")),
            period(row["dated_first"], row["dated_last"]),
        )
        rows.append((cells, told.note(row)))
    rows.sort(key=lambda one: one[0])
    headers = ("For which action", "What is reported", "How far", "When")
    return table("Progress on record", headers, rows, wide=True)


def holders(told: Brief) -> Block:
    """Boards, agencies, posts and funds, with what is said of each."""
    rows = []
    for row in _things(told, _CLASSES):
        cells = (
            row["name"],
            _CLASSES[_class(row)],
            capital(
                "; ".join(
                    filter(None, (row["kind"] or row["sector"], row["filled"], row["standing"]))
                )
            ),
            sentences(row["about"], _meets(row)),
        )
        rows.append((cells, told.note(row)))
    headers = ("Name", "What it is", "Kind and standing", "What is said of it")
    return table("Boards, agencies, posts and funds on record", headers, rows, wide=True)


def _meets(row: Row) -> str:
    told = [f"Meets {small(row['meets'])}" if row["meets"] else ""]
    told += [f"Quorum: {row['quorum']}" if row["quorum"] else ""]
    return sentences(*told)


def plans(told: Brief) -> Block:
    """Reviews, strategies, plans, protocols and agreements, and what they want."""
    rows = []
    for row in _things(told, ("instrument", "objective")):
        cells = (
            row["name"],
            capital(str(row["kind"] or "")),
            capital("; ".join(filter(None, (row["state"], row["period"])))),
            sentences(row["about"]),
        )
        rows.append((cells, told.note(row)))
    headers = ("Name", "Kind", "How it stands", "What is said of it")
    return table("Plans, agreements and aims on record", headers, rows, wide=True)


def training(told: Brief) -> Block:
    """Training: for whom, and whether it is given, planned or wanted."""
    rows = []
    for row in _things(told, ("training",)):
        cells = (
            row["name"],
            row["audience"] or "nobody is named",
            capital(str(row["state"] or "not recorded")),
            sentences(row["about"]),
        )
        rows.append((cells, told.note(row)))
    headers = ("Training", "For whom", "How it stands", "What is said of it")
    return table("Training on record", headers, rows, wide=True)


def _things(told: Brief, classes: Container[str]) -> list[Row]:
    found = [r for r in told.rows("paper_things") if _class(r) in classes]
    return sorted(found, key=lambda r: (_class(r), str(r["name"]), r["thing"]))


def _class(row: Row) -> str:
    return str(row["thing"]).split("/")[1]


def sharing(told: Brief) -> Block:
    """Who shares which data with whom."""
    rows = []
    for row in sorted(told.rows("paper_sharings"), key=lambda r: (r["start_name"], r["sharing"])):
        cells = (
            row["start_name"],
            row["end_name"],
            capital(str(row["what"] or "")),
            capital(str(row["status"] or "")),
        )
        rows.append((cells, told.note(row)))
    return table("Sharing of data on record", ("From", "To", "What", "How it stands"), rows)
