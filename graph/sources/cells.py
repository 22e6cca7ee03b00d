"""Cells of a workbook: the text that a person sees in one, and a text as a cell can hold it.

A spreadsheet types what is typed into it: a month becomes its first day, a whole number a decimal.
What is read is what the cell shows, as far as the tables write it too. Formulas and errors are
refused, not evaluated: what a formula says depends on the program that shows it.
"""

import datetime
import re
from decimal import Decimal, InvalidOperation
from typing import Any

LONGEST = 32_767
"""The most characters that a cell holds."""
_DIGITS = 15
"""The most digits of a number that a cell keeps exactly."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
_ESCAPED = re.compile(r"_x00([01][0-9A-Fa-f])_")
"""How the format writes a character that XML cannot hold."""


def seen(cell: Any) -> tuple[str, tuple[str, str] | None]:
    """The text that a person sees in a cell, or why it is refused: what is expected, what to do."""
    value = cell.value
    if value is None:
        return "", None
    if cell.data_type == "f":
        return "", ("a value, not a formula", "Copy the cell and paste it as values.")
    if cell.data_type == "e":
        return "", ("a value, not an error", "Write the value, or leave the cell empty.")
    if isinstance(value, bool):
        return ("true" if value else "false"), None
    if isinstance(value, int | float):
        percent = "%" in str(cell.number_format)
        return (f"{_plain(value * 100)}%" if percent else _plain(value)), None
    if isinstance(value, datetime.date):
        return _date(value, str(cell.number_format)), None
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value)).strip(), None


def _plain(number: int | float) -> str:
    return format(Decimal(repr(number)).normalize(), "f")


def _date(value: datetime.date, number_format: str) -> str:
    """A date as far as its cell shows it: "2013-03", once typed, has become 1 March 2013."""
    if isinstance(value, datetime.datetime):
        if value.time() != datetime.time():
            return value.isoformat(" ")
        value = value.date()
    shown = re.sub(r'\[[^\]]*\]|"[^"]*"|\\.', "", number_format.lower())
    if "d" in shown or "y" not in shown:
        return value.isoformat()
    return f"{value:%Y-%m}" if "m" in shown else f"{value:%Y}"


def escaped(text: str) -> str:
    """A text as the format writes it: control characters by their numbers."""
    return _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def number_of(text: str) -> int | float | None:
    """The number of a text, if a cell keeps it exactly and shows it so again."""
    try:
        exact = Decimal(text)
    except InvalidOperation:
        return None
    if not exact.is_finite() or len(exact.as_tuple().digits) > _DIGITS:
        return None
    number = int(exact) if exact == exact.to_integral_value() else float(exact)
    return number if _plain(number) == text else None
