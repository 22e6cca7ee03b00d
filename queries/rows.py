"""Rows as stores give them: what every module of this folder works on."""

from collections.abc import Iterable, Mapping
from typing import Any

Row = Mapping[str, Any]
"""One row of a query: its columns by name."""


def rows_by(rows: Iterable[Row], key: str) -> dict[str, list[Row]]:
    """Rows by the value of one column, in their order."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[key], []).append(row)
    return found
