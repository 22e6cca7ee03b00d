"""The forms a board paper is written in, and how its files are called.

What makes them is imported when one is made: drawing and typesetting take a moment to load.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from visualise.paper.model import Paper


class Form(StrEnum):
    """A form, by the ending of its file."""

    pdf = "pdf"
    docx = "docx"
    html = "html"
    xlsx = "xlsx"


@dataclass(frozen=True, slots=True)
class Written:
    """A paper in a form, with the letters for which it has no typeface."""

    content: bytes
    missing: tuple[str, ...] = ()


def written(paper: "Paper", form: Form, fonts: Sequence[Path] = ()) -> Written:
    """The paper in a form, the same bytes for the same paper.

    `fonts` are folders with more typefaces for the PDF; other forms use those of the reader.
    Raises FingerpostError where typst makes no PDF of it.
    """
    match form:
        case Form.pdf:
            from visualise.paper.pdf import pdf

            made = pdf(paper, fonts)
            return Written(made.pdf, made.missing)
        case Form.docx:
            from visualise.paper.word import word

            return Written(word(paper))
        case Form.html:
            from visualise.paper.html import html

            return Written(html(paper))
        case Form.xlsx:
            from visualise.paper.sheets import sheets

            return Written(sheets(paper))


def file_name(slug: str, day: datetime.date, version: str, form: Form, imagined: bool) -> str:
    """A neutral name; one with things imagined as ended says so, so that it replaces no other."""
    more = "-what-if" if imagined else ""
    return f"board-paper-{slug}-{day.isoformat()}{more}-{version}.{form.value}"
