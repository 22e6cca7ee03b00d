"""A board paper as PDF: tagged, with bookmarks, footnotes, and wide tables on their side."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from visualise.paper.model import Paper, notes_of
from visualise.paper.numbering import Cited, Heading, Listed, Mark, Part, Shown, Tabled, parts
from visualise.paper.pages import FIGURE, FIGURE_SIDEWAYS, points_of, runs, widths
from visualise.paper.pictures import drawn
from visualise.signs import PAINTS
from visualise.typeset import SERIF, Typeset, typeset

_TEMPLATE = Path(__file__).parent.parent / "templates" / "paper.typ"
_SIGNS = str.maketrans({"✕": "×", "✓": "√"})
"""Signs that the typeface lacks, and what it has in their place."""


def pdf(paper: Paper, fonts: Sequence[Path] = ()) -> Typeset:
    """The paper as PDF/UA-1; `fonts` are folders with more typefaces.

    Raises FingerpostError where typst makes no PDF of it.
    """
    return typeset(_TEMPLATE, _signed(_given(paper)), paper.day, fonts)


def _given(paper: Paper) -> dict[str, Any]:
    return {
        "title": paper.title,
        "subtitle": paper.subtitle,
        "marking": paper.marking,
        "day": [paper.day.year, paper.day.month, paper.day.day],
        "font": SERIF,
        "notices": paper.notices,
        "facts": paper.facts,
        "runs": [
            {"wide": run.wide, "parts": [_part(one, run.wide) for one in run.parts]}
            for run in runs(parts(paper))
        ],
        "notes": [str(note) for note in notes_of(paper)],
        "paints": {tone: [paint.ink, paint.ground] for tone, paint in PAINTS.items()},
    }


def _signed(value: Any) -> Any:
    """What is given, with signs that the typeface has."""
    match value:
        case str():
            return value.translate(_SIGNS)
        case dict():
            return {key: _signed(one) for key, one in value.items()}
        case list() | tuple():
            return [_signed(one) for one in value]
        case _:
            return value


def _part(part: Part, wide: bool) -> dict[str, Any]:
    match part:
        case Heading():
            return {
                "kind": "heading",
                "level": part.level,
                "text": part.text,
                "completeness": part.completeness,
                "begins": part.begins,
            }
        case Cited():
            return {"kind": "text", **_cited(part)}
        case Listed():
            points = [_cited(point) for point in part.points]
            return {"kind": "list", "numbered": part.numbered, "points": points}
        case Tabled():
            return _table(part)
        case Shown():
            return {
                "kind": "figure",
                "label": part.label,
                "caption": part.caption,
                "svg": drawn(part.figure, SERIF),
                "words": f"{part.figure.title}. {part.figure.words}",
                "width": part.figure.width * points_of(part, FIGURE_SIDEWAYS if wide else FIGURE),
            }


def _cited(one: Cited) -> dict[str, Any]:
    return {"text": one.text, "notes": _marks(one.notes)}


def _marks(marks: Sequence[Mark]) -> list[tuple[int, bool]]:
    """The numbers of notes, each with whether it is cited for the first time."""
    return [(mark.number, mark.time == 1) for mark in marks]


def _table(table: Tabled) -> dict[str, Any]:
    return {
        "kind": "table",
        "label": table.label,
        "caption": table.caption,
        "headers": table.columns,
        "widths": widths(table),
        "rows": table.rows,
        "notes": [_marks(marks) for marks in table.notes],
        "tones": [
            [table.tones.get((row, column), "") for column in range(len(table.headers))]
            for row in range(len(table.rows))
        ],
    }
