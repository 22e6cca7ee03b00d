"""Values as people type them into a sheet, in the form of our tables: dates, money, yes and no.

A value that cannot be read comes back as None; nothing is guessed. The order of the numbers of a
date is said in the mapping, for 3/4/2015 is two different days.
"""

import calendar
import datetime
import re

from graph.dates import bounds

_MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
_NUMBERS = re.compile(r"(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})")
_WORDS = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)?[\s\-]+)?([a-z]{3,9})[\s.,\-]+(\d{4}|\d{2})")
_FINANCIAL = re.compile(r"(?:fy\s*)?(\d{4})\s*[/\-–]\s*(\d{2}|\d{4})")
_MONEY = re.compile(r"£?\s*([0-9][0-9,]*(?:\.[0-9]+)?)\s*(k|m|thousand|million)?", re.IGNORECASE)
_TIMES = {"k": 1_000, "thousand": 1_000, "m": 1_000_000, "million": 1_000_000}
_YES = frozenset({"yes", "y", "true", "x", "✓", "✔"})
_NO = frozenset({"no", "n", "false"})


def date_of(text: str, form: str = "") -> str | None:
    """A date as EDTF, or None. `form` is the order of its numbers, such as day/month/year.

    >>> date_of("31/03/2015", "day/month/year"), date_of("March 2015"), date_of("2014/15")
    ('2015-03-31', '2015-03', '2014-04/2015-03')
    """
    plain = " ".join(text.lower().split()).removesuffix(" 00:00:00")
    financial = _FINANCIAL.fullmatch(plain)
    if financial and _follows(financial[1], financial[2]):
        return f"{financial[1]}-04/{int(financial[1]) + 1}-03"
    found = _in_numbers(plain, form) or _in_words(plain)
    if found is not None:
        return found
    try:
        bounds(text.strip())
    except ValueError:
        return None
    return text.strip()


def _follows(first: str, second: str) -> bool:
    """Whether two numbers are a year and the next: 2014/15, 2014-2015; not the month 2014-12."""
    following = str(int(first) + 1)
    return second == following or (second == following[2:] and int(second) > 12)


def _in_numbers(text: str, form: str) -> str | None:
    found = _NUMBERS.fullmatch(text)
    if found is None:
        return None
    if len(found[1]) == 4:
        return _day(found[1], found[2], found[3])
    if form == "day/month/year":
        return _day(found[3], found[2], found[1])
    if form == "month/day/year":
        return _day(found[3], found[1], found[2])
    return None


def _in_words(text: str) -> str | None:
    found = _WORDS.fullmatch(text)
    month = _MONTHS.get(found[2]) if found else None
    if found is None or month is None:
        return None
    if found[1]:
        return _day(found[3], str(month), found[1])
    return f"{_year(found[3])}-{month:02}"


def _day(year: str, month: str, day: str) -> str | None:
    try:
        return datetime.date(_year(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _year(text: str) -> int:
    if len(text) > 2:
        return int(text)
    return int(text) + (1900 if int(text) >= 70 else 2000)


def money_of(text: str) -> str | None:
    """An amount as digits, or None; £30k is 30000, and "30,000 a year" is no amount alone."""
    found = _MONEY.fullmatch(text.strip())
    if found is None:
        return None
    number = float(found[1].replace(",", "")) * _TIMES.get((found[2] or "").lower(), 1)
    exact = found[1].replace(",", "")
    return exact if not found[2] else f"{number:.2f}".rstrip("0").rstrip(".")


def answer_of(text: str) -> str | None:
    """Yes or no, or None."""
    plain = text.strip().lower()
    return "true" if plain in _YES else "false" if plain in _NO else None
