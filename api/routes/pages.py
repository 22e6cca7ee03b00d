"""Rendering: one way to make a page, and one way to say that something is wrong.

Text is always escaped by the templates; nothing here marks text as safe.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.faults import Problem
from queries.asked import Partnership
from queries.catalogue import Question, catalogue
from queries.glossary import Theme, themes
from visualise import signs
from visualise.figure import inline


def written(day: datetime.date | None) -> str:
    """A day as people write it; a dash where there is none."""
    return "–" if day is None or day == datetime.date.max else f"{day.day} {day:%B %Y}"


def record_url(identifier: str) -> str:
    """The address of a record's page."""
    parts = identifier.split("/")
    if len(parts) == 3 and parts[1] == "service":
        parts = ["services", parts[0], parts[2]]
    else:
        parts = ["records", *parts]
    return "/" + "/".join(quote(p, safe="") for p in parts)


def _sign_of(word: str) -> tuple[str, str]:
    """The sign and the tone of a state; a tag is never told by its colour alone."""
    found = signs.sign_of(word)
    return found.sign, found.tone


def is_known(word: str) -> bool:
    """Whether a word is a state that has a sign."""
    return word in signs.SIGNS


def sentence(text: str) -> str:
    """The text with a capital at its beginning and the rest as it is."""
    return text[:1].upper() + text[1:]


_pages = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_pages.filters |= {
    "written": written,
    "record_url": record_url,
    "sign_of": _sign_of,
    "drawn": inline,
    "sentence": sentence,
}


_FIRST = ("funding.unfunded", "coverage.uncovered", "resilience.single_points_of_failure")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A theme with its questions."""

    theme: Theme
    questions: tuple[Question, ...]


def first_questions() -> list[Question]:
    """The three questions that come first on a page."""
    known = catalogue()
    return [known[name] for name in _FIRST if name in known]


def chapters(*audiences: str) -> list[Chapter]:
    """The questions for some audiences, theme by theme; themes without one are left out."""
    found = [
        Chapter(
            theme,
            tuple(
                q for q in catalogue().values() if q.theme == theme.name and q.audience in audiences
            ),
        )
        for theme in themes()
    ]
    return [chapter for chapter in found if chapter.questions]


def page(template: str, about: Sequence[Partnership] = (), **context: Any) -> HTMLResponse:
    """A page; `about` are the partnerships it speaks of, for the notices above it."""
    historical = [p for p in about if p.historical]
    notices = {
        "historical": historical,
        "fictional": [p for p in about if p.fictional],
        "years": _years(historical),
    }
    return HTMLResponse(_pages.get_template(template).render(notices=notices, **context))


def _years(about: Sequence[Partnership]) -> str:
    """The years that the newest sources of partnerships speak for, in words."""
    # The public application's pages know less of a partnership, and tell no years.
    days = [p.newest for p in about if isinstance(p, Partnership)]
    found = sorted({day.year for day in days if day != datetime.date.max})
    if not found:
        return "the past"
    return f"{found[0]} to {found[-1]}" if len(found) > 1 else str(found[0])


def error_page(_request: Request, problem: Problem) -> HTMLResponse:
    """What is wrong, as a plain page."""
    return page("error.html", title=problem.title, message=problem.detail, errors=problem.errors)
