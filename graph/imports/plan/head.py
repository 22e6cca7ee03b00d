"""What a document says of itself before its first table: its title, its date, its years."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graph.dates import bounds
from graph.imports.plan.document import Block, Text, text_of
from graph.imports.plan.words import Years, dates_in, years_of

_DATED = re.compile(
    r"\b(?:updated?|dated?|version|published|approved|revised|reviewed|meeting|as (?:at|of)|"
    r"produced)\b",
    re.IGNORECASE,
)
_TITLE = re.compile(r"\b(?:plan|strategy|review|report|framework|programme|assessment)\b", re.I)
_FIRST = 14
"""How many blocks the head of a document has."""


@dataclass(frozen=True, slots=True)
class Head:
    """A document's title and date, the ground of a concluded date, and the years it speaks of."""

    title: str
    title_place: str
    kind: str
    date: str
    ground: str
    years: Years


def head_of(blocks: Sequence[Block]) -> Head:
    """The head of a document; the date is empty where none can be found."""
    said = [text for block in blocks[:_FIRST] for text in _texts(block)]
    title, place = _title(blocks)
    date, ground = _date(said, title)
    years = years_of(date) if date else years_of(title)
    kind = "report" if re.search(r"\breport\b", " ".join(said[:6]), re.IGNORECASE) else ""
    return Head(title, place, kind or "action plan", date, ground, years)


def _texts(block: Block) -> list[str]:
    if isinstance(block, Text):
        return [block.text]
    # A table at the head may be a title block; only what says that it is a date is one there.
    cells = [text_of(cell) for line in block.lines[:4] for cell in line.cells if cell]
    return [text for text in cells if _DATED.search(text)]


def _title(blocks: Sequence[Block]) -> tuple[str, str]:
    headings = [b for b in blocks[:_FIRST] if isinstance(b, Text) and b.kind == "heading"]
    texts = [b for b in blocks[:_FIRST] if isinstance(b, Text) and len(b.text.split()) <= 25]
    for found in (*[h for h in headings if _TITLE.search(h.text)], *headings, *texts):
        return found.text.strip(" ."), found.place
    return "", ""


def _date(texts: Sequence[str], title: str) -> tuple[str, str]:
    """The date that a document speaks for: one said to be its own before any other in its head."""
    marked = [t for t in texts if _DATED.search(t) and len(t.split()) <= 40]
    short = [t for t in texts if len(t.split()) <= 15]
    for text in (*marked, *short):
        days = [d for d in dates_in(text) if d.fineness >= 2]
        if days:
            return days[0].edtf, f"The head of the document gives it: {days[0].edtf}."
    years = dates_in(title) or [d for t in texts for d in dates_in(t)]
    if not years:
        return "", ""
    first = bounds(years[0].edtf).first
    year = str(first.year) if first else ""
    return year, f"The document gives no date; its title or head names the year {year}."
