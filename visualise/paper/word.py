"""A board paper as a Word document: real headings, captions, footnotes, and figures as vectors.

The parts of the file are templates of ours (`visualise/templates/paper_word/`): nothing in it comes
from a template of somebody else's program. A figure is in it twice, as SVG and as dots for programs
that show no SVG.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from visualise.figure import png
from visualise.paper.model import Paper, notes_of
from visualise.paper.numbering import Heading, Listed, Part, Shown, Tabled, parts
from visualise.paper.pages import FIGURE, FIGURE_SIDEWAYS, Run, points_of, runs, widths
from visualise.paper.pictures import drawn
from visualise.signs import PAINTS

_PARTS = {
    "[Content_Types].xml": "content_types.xml",
    "_rels/.rels": "package_rels.xml",
    "docProps/core.xml": "core.xml",
    "docProps/app.xml": "app.xml",
    "word/document.xml": "document.xml",
    "word/_rels/document.xml.rels": "document_rels.xml",
    "word/styles.xml": "styles.xml",
    "word/settings.xml": "settings.xml",
    "word/numbering.xml": "numbering.xml",
    "word/footnotes.xml": "footnotes.xml",
    "word/header.xml": "header.xml",
    "word/footer.xml": "footer.xml",
}
_UNDATED = (1980, 1, 1, 0, 0, 0)
_LINE = {False: 9412, True: 14344}
"""The length of a line upright and on its side, in twentieths of a point (see document.xml)."""
_POINT = 12700
"""In the unit of drawings."""
_BULLETS, _FIRST_LIST = 1, 3
"""The numbering of bullets, and the first of lists with numbers; each begins at 1 again."""
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class _Put:
    """A part as it is put on its page."""

    kind: str
    part: Part
    list: int = 0
    widths: tuple[int, ...] = ()
    size: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class _PutRun:
    wide: bool
    puts: tuple[_Put, ...]


def _writable(value: Any) -> Any:
    """A value without the characters that XML cannot hold."""
    if isinstance(value, str) and _NO_XML.search(value):
        return type(value)(_NO_XML.sub("", value))
    return value


_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "templates" / "paper_word"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    finalize=_writable,
)


def word(paper: Paper) -> bytes:
    """The paper as a Word document (.docx)."""
    laid = parts(paper)
    figures = [part for part in laid if isinstance(part, Shown)]
    put = _put_runs(runs(laid))
    given = {
        "paper": paper,
        "runs": put,
        "contents": [part for part in laid if isinstance(part, Heading) and part.level <= 2],
        "notes": [str(note) for note in notes_of(paper)],
        "figures": figures,
        "lists": [one.list for run in put for one in run.puts if one.list >= _FIRST_LIST],
        "paints": PAINTS,
    }
    files = {
        name: _templates.get_template(template).render(given).encode()
        for name, template in _PARTS.items()
    }
    return _packed(files | dict(_media(figures)))


def _media(figures: list[Shown]) -> Iterator[tuple[str, bytes]]:
    for one in figures:
        yield f"word/media/figure{one.number}.png", png(one.figure)
        yield f"word/media/figure{one.number}.svg", drawn(one.figure).encode()


def _packed(files: dict[str, bytes]) -> bytes:
    """The file of a package, the same bytes for the same parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, content in files.items():
            package.writestr(zipfile.ZipInfo(name, _UNDATED), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _put_runs(found: tuple[Run, ...]) -> tuple[_PutRun, ...]:
    """The runs with all that is to be known on the page; the title stands on an upright one."""
    lists = count(_FIRST_LIST)
    put = tuple(
        _PutRun(run.wide, tuple(_put(part, run.wide, lists) for part in run.parts)) for run in found
    )
    return (_PutRun(False, ()), *put) if put and put[0].wide else put


def _put(part: Part, wide: bool, lists: Iterator[int]) -> _Put:
    kind = type(part).__name__
    match part:
        case Listed():
            return _Put(kind, part, list=next(lists) if part.numbered else _BULLETS)
        case Tabled():
            return _Put(kind, part, widths=tuple(round(w * _LINE[wide]) for w in widths(part)))
        case Shown():
            return _Put(kind, part, size=_size(part, wide))
        case _:
            return _Put(kind, part)


def _size(one: Shown, wide: bool) -> tuple[int, int]:
    """How large a figure is drawn: as it is, or as the page has room for."""
    share = points_of(one, FIGURE_SIDEWAYS if wide else FIGURE) * _POINT
    return round(one.figure.width * share), round(one.figure.height * share)
