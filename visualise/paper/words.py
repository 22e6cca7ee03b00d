"""Turns of phrase of a board paper: periods, figures, cells of tables, and notes.

What an answer says is put into words in `queries/findings/wording.py` and the modules beside it;
here is what only a paper needs.
"""

import calendar
import datetime
from collections.abc import Iterable, Mapping, Sequence

from graph.accounting import reading_order
from queries.asked import Row
from queries.findings.wording import day, listed
from visualise.paper.model import Note, Paragraph, Table

NOT_RECORDED = "not recorded"
BLANK = "–"
_BASES = ("stated", "inferred", "contested")


def period(first: datetime.date | None, last: datetime.date | None) -> str:
    """A day, a month, or from a day to a day, as precisely as it is recorded.

    >>> period(datetime.date(2012, 4, 1), datetime.date(2012, 4, 30))
    'April 2012'
    >>> period(datetime.date(2012, 4, 20), datetime.date(2012, 4, 20))
    '20 April 2012'
    """
    if first is None or last is None:
        return day(first or last) if first or last else ""  # type: ignore[arg-type]
    if first == last:
        return day(first)
    month_ends = calendar.monthrange(last.year, last.month)[1] == last.day
    if first.day == 1 and month_ends and first.year == last.year:
        if first.month == last.month:
            return f"{first:%B} {first.year}"
        if (first.month, last.month) == (1, 12):
            return str(first.year)
    return f"{day(first)} to {day(last)}"


def sentence(text: str | None) -> str:
    """A recorded text as a sentence; empty for none."""
    told = (text or "").strip()
    if not told:
        return ""
    return told if told[-1] in ".!?" else f"{told}."


def sentences(*texts: str | None) -> str:
    """Several texts, each as a sentence."""
    return " ".join(filter(None, map(sentence, texts)))


def capital(text: str) -> str:
    """A text with its first letter large."""
    return text[:1].upper() + text[1:]


def figure(value: float) -> str:
    """A number as a figure.

    >>> figure(2223.0), figure(-3.3)
    ('2,223', '-3.3')
    """
    return f"{value:,.0f}" if value == int(value) else f"{value:,}"


def of(part: int, whole: int) -> str:
    """How many of how many.

    >>> of(11, 27)
    '11 of 27'
    """
    return f"{part} of {whole}"


def notes_of_records(evidence: Iterable[Row], titles: Mapping[str, str]) -> tuple[Note, ...]:
    """What records rest on: a note for each document, with its places in reading order.

    Where a part of it is concluded or in dispute the note says so.
    """
    places: dict[str, set[str]] = {}
    bases: dict[str, int] = {}
    for one in evidence:
        title = one.get("title") or titles.get(str(one["source"])) or "A source without a title"
        places.setdefault(title, set()).update(one.get("locator") or one.get("place") or ())
        rank = _BASES.index(one["basis"]) if one["basis"] in _BASES else 0
        bases[title] = max(bases.get(title, 0), rank)
    return tuple(
        Note(title, tuple(sorted(places[title], key=reading_order)), _BASES[bases[title]])
        for title in sorted(places)
    )


def table(
    caption: str,
    headers: Sequence[str],
    rows: Iterable[tuple[Sequence[str], tuple[Note, ...]]],
    *,
    wide: bool = False,
) -> Table | Paragraph:
    """A table without the columns that say nothing; a sentence in its place where it has no row."""
    told = list(rows)
    if not told:
        return Paragraph(f"{caption}: nothing is recorded.")
    kept = [i for i in range(len(headers)) if i == 0 or any(cells[i] for cells, _ in told)]
    return Table(
        caption,
        tuple(headers[i] for i in kept),
        tuple(tuple(cells[i] or BLANK for i in kept) for cells, _ in told),
        tuple(notes for _, notes in told),
        wide=wide,
    )


def names(found: Iterable[str | None], most: int = 0) -> str:
    """Names in a list, each once, in order; beyond `most` counted."""
    return listed(dict.fromkeys(name for name in found if name), most)
