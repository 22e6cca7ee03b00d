"""Dates as documents give them, read as EDTF (ISO 8601-2), and the bounds of what they can mean.

A month or year runs to its last day, so the last bound of `2013-03` is 31 March. An open side has
no bound. Nothing here reads the clock.
"""

import calendar
import datetime
import io
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import lru_cache
from time import struct_time

from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException


@dataclass(frozen=True, slots=True)
class Bounds:
    """The first and the last day that a date can mean; None where a side is open."""

    first: datetime.date | None
    last: datetime.date | None


def _day(value: struct_time | float) -> datetime.date | None:
    if isinstance(value, float):
        return None
    return datetime.date(value.tm_year, value.tm_mon, value.tm_mday)


@lru_cache(maxsize=4096)
def bounds(edtf: str) -> Bounds:
    """The bounds of an EDTF date or interval.

    Raises ValueError, with the text, where it is not EDTF.

    >>> bounds("../2013-03")
    Bounds(first=None, last=datetime.date(2013, 3, 31))
    """
    text = edtf.strip()
    if not text or text.startswith("/") or text.endswith("/"):
        raise ValueError(f"not an EDTF date: {edtf!r}")
    try:
        # The parser prints what it stumbles over, and standard output is for answers.
        with redirect_stdout(io.StringIO()):
            parsed = parse_edtf(text)
            found = Bounds(_day(parsed.lower_strict()), _day(parsed.upper_strict()))
    except (EDTFParseException, ValueError, TypeError, OverflowError, AttributeError) as error:
        raise ValueError(f"not an EDTF date: {edtf!r}") from error
    if found.first and found.last and found.first > found.last:
        raise ValueError(f"the date ends before it starts: {edtf!r}")
    return found


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day of the month, `months` later; the month's last day where it has no such day.

    The calendar has the years 1 to 9999: what would lie beyond an end of it is its first or last
    day.

    >>> add_months(datetime.date(2013, 1, 31), 1)
    datetime.date(2013, 2, 28)
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if year > datetime.MAXYEAR:
        return datetime.date.max
    if year < datetime.MINYEAR:
        return datetime.date.min
    _, last = calendar.monthrange(year, month + 1)
    return datetime.date(year, month + 1, min(day.day, last))
