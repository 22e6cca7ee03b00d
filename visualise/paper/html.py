"""A board paper as one HTML file: nothing beside it, no script, nothing fetched."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from visualise.paper.model import Paper, notes_of
from visualise.paper.numbering import Cited, Heading, Listed, Mark, Part, Shown, Tabled, parts
from visualise.paper.pages import runs
from visualise.paper.pictures import drawn
from visualise.signs import PAINTS

_PLAIN = re.compile(r"[A-Za-z0-9 ]")
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def html(paper: Paper) -> bytes:
    """The paper as one HTML file."""
    laid = parts(paper)
    cited = Counter(mark.number for mark in _marks(laid))
    notes = [
        (str(note), range(1, cited[number] + 1)) for number, note in enumerate(notes_of(paper), 1)
    ]
    made = _templates.get_template("paper.html").render(
        paper=paper,
        runs=runs(laid),
        contents=[part for part in laid if isinstance(part, Heading) and part.level <= 2],
        notes=notes,
        marking=_as_style(paper.marking),
        paints=PAINTS,
        drawn=_inline,
    )
    return made.encode("utf-8", "replace")


def _inline(one: Shown) -> Markup:
    """The SVG as it stands in the page. It was made here, from charts; its texts are escaped."""
    return Markup(drawn(one.figure))  # noqa: S704 - serialised by lxml, which escapes


def _as_style(text: str) -> str:
    """A text as a string of a style sheet holds it, whatever letters it has."""
    return "".join(c if _PLAIN.match(c) else f"\\{ord(c):06x}" for c in text)


def _marks(laid: Iterable[Part]) -> Iterable[Mark]:
    for part in laid:
        match part:
            case Cited():
                yield from part.notes
            case Listed():
                yield from (mark for point in part.points for mark in point.notes)
            case Tabled():
                yield from (mark for row in part.notes for mark in row)
            case _:
                continue
