"""The board paper of a partnership: a page that says what it is, and its files.

A paper takes seconds to make. What was made last is kept in memory, by release and choices.
"""

import datetime
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import HTMLResponse, Response

from api.access import Role, needs
from api.answering import answered
from api.deps import LONGEST_VALUE, MOST_VALUES, SchemaDep, StoreDep, day_shown, partnership_in
from api.errors import NotFoundError
from api.routes.pages import page
from graph.errors import StoreError
from graph.stores.protocol import NOTHING_HELD, Store
from queries.asked import Partnership
from queries.records import find_record
from visualise.paper.forms import Form, file_name, written
from visualise.paper.model import Paper, Section, Version

router = APIRouter(dependencies=[needs(Role.READER)])
TYPES = {
    Form.pdf: "application/pdf",
    Form.docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Form.html: "text/html; charset=utf-8",
    Form.xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_FORMS = {
    Form.pdf: ("PDF", "to attach to an agenda or to print"),
    Form.docx: ("Word", "to work on further"),
    Form.html: ("HTML", "one file, to read in a browser or with a screen reader"),
    Form.xlsx: ("Excel", "every statement and table as sheets"),
}
_VERSIONS: dict[str, Version] = {"open": "open", "exempt": "exempt"}
_MOST_PAPERS, _MOST_FILES = 8, 32
"""How many papers and how many files of them are kept."""
Day = Annotated[str, Query(description="The day it speaks of; the newest source's if empty.")]
Without = Annotated[
    list[Annotated[str, Field(max_length=LONGEST_VALUE)]],
    Query(max_length=MOST_VALUES, description="A thing imagined ended; may be repeated."),
]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a paper is asked for: it is the same for the same release."""

    release: str
    slug: str
    day: datetime.date
    version: Version
    without: tuple[str, ...]


@dataclass
class Papers:
    """The papers and files that were made last; one is made at a time, for each takes a while."""

    _papers: OrderedDict[Wanted, Paper] = field(default_factory=OrderedDict)
    _files: OrderedDict[tuple[Wanted, Form], bytes] = field(default_factory=OrderedDict)
    _making: Lock = field(default_factory=Lock)

    def paper(self, store: Store, wanted: Wanted) -> Paper:
        """The paper itself."""
        with self._making:
            return self._paper(store, wanted)

    def file(self, store: Store, wanted: Wanted, form: Form) -> bytes:
        """The paper in a form."""
        with self._making:
            if (wanted, form) not in self._files:
                made = written(self._paper(store, wanted), form).content
                if store.release() != wanted.release:
                    return made  # It is of another release than its name here says.
                self._files[wanted, form] = made
            self._files.move_to_end((wanted, form))
            while len(self._files) > _MOST_FILES:
                self._files.popitem(last=False)
            return self._files[wanted, form]

    def _paper(self, store: Store, wanted: Wanted) -> Paper:
        # It draws, and what draws takes a while to load.
        from visualise.paper.content import paper

        if wanted not in self._papers:
            made = paper(store, wanted.slug, wanted.day, wanted.version, wanted.without)
            if store.release() != wanted.release:
                return made
            self._papers[wanted] = made
        self._papers.move_to_end(wanted)
        while len(self._papers) > _MOST_PAPERS:
            self._papers.popitem(last=False)
        return self._papers[wanted]


@dataclass(frozen=True, slots=True)
class Line:
    """A heading of the paper, and how complete the record is below it."""

    level: int
    heading: str
    completeness: str


@router.get("/partnerships/{slug}/paper", response_class=HTMLResponse, include_in_schema=False)
async def paper_page(
    request: Request,
    slug: str,
    store: StoreDep,
    schema: SchemaDep,
    as_of: Day = "",
    without: Without = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """What the two versions are, what the paper says, and its files."""

    def work() -> Response:
        about, wanted = _wanted(store, slug, as_of, "exempt", without)
        lost = [find_record(store, schema, one) for one in wanted.without]
        exempt = _papers(request).paper(store, wanted)
        return page(
            "paper.html",
            about=(about,),
            partnership=about,
            day=wanted.day,
            lost=lost,
            query=[("as_of", wanted.day.isoformat()), *(("without", r.id) for r in lost)],
            title=exempt.title,
            lines=list(_lines(exempt.sections)),
            forms=_FORMS,
        )

    return await answered(request, work)


@router.get("/partnerships/{slug}/paper/{version}.{form}", include_in_schema=False)
async def paper_file(
    request: Request,
    slug: str,
    version: str,
    form: str,
    store: StoreDep,
    as_of: Day = "",
    without: Without = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """The paper in a form, to be saved."""
    if version not in _VERSIONS or form not in set(Form):
        raise NotFoundError("There is no such form of the paper. Its page lists all.")

    def work() -> Response:
        _, wanted = _wanted(store, slug, as_of, _VERSIONS[version], without)
        kind = Form(form)
        content = _papers(request).file(store, wanted, kind)
        name = file_name(slug, wanted.day, version, kind, bool(wanted.without))
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=TYPES[kind], headers=headers)

    return await answered(request, work)


def _wanted(
    store: Store, slug: str, as_of: str, version: Version, without: list[str]
) -> tuple[Partnership, Wanted]:
    about = partnership_in(store, slug)
    release = store.release()
    if release is None:
        raise StoreError(NOTHING_HELD)
    lost = tuple(sorted({one.strip() for one in without if one.strip()}))
    return about, Wanted(release, slug, day_shown(about, as_of), version, lost)


def _papers(request: Request) -> Papers:
    """The papers that the application keeps."""
    found: Papers | None = getattr(request.app.state, "papers", None)
    if found is None:
        found = request.app.state.papers = Papers()
    return found


def _lines(sections: tuple[Section, ...], level: int = 1) -> list[Line]:
    found = []
    for one in sections:
        found.append(Line(level, one.heading, one.completeness))
        found += _lines(one.sections, level + 1)
    return found
