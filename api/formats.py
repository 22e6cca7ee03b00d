"""Answers as JSON and CSV, the same bytes whichever door they leave by.

CSV cells that a spreadsheet would take for a formula get an apostrophe before them.
"""

import csv
import datetime
import io
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from queries.ask import Answer

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")


def plain(value: Any) -> Any:
    """A value as JSON knows it: dates in ISO form, amounts as numbers."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def as_json(answer: Answer) -> str:
    """The rows as a JSON list of objects."""
    return json.dumps([plain(row) for row in answer.rows], ensure_ascii=False, indent=2) + "\n"


def as_csv(answer: Answer) -> str:
    """The rows as CSV with a row of headers; lists are separated by semicolons."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(answer.columns)
    writer.writerows([safe_cell(text(row[c])) for c in answer.columns] for row in answer.rows)
    return out.getvalue()


def safe_cell(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def text(value: Any) -> str:
    """A value as one line of text; evidence as its places."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, Mapping):
        return citation(value)
    if isinstance(value, list | tuple):
        return "; ".join(text(item) for item in value)
    return str(plain(value))


def citation(evidence: Mapping[str, Any]) -> str:
    """One record behind a row, as a reader cites it: the place, and the basis unless stated."""
    places = " and ".join(evidence["locator"]) or "no place given"
    basis = "" if evidence["basis"] in (None, "stated") else f" ({evidence['basis']})"
    return f"{evidence['record']}: {evidence['title']}, {places}{basis}"


def cited(evidence: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The places of several records by source title, each place once, in order of appearance."""
    found: dict[str, list[str]] = {}
    for one in evidence:
        places = found.setdefault(one["title"] or "shared terms", [])
        for place in one["locator"]:
            if place not in places:
                places.append(place)
    return found
