"""The board paper of a partnership: a page that says what it is, and its files.

A paper takes seconds to make: one is made at a time, beside the threads of all other answers. What
was made last is kept in memory, by release and choices.
"""

import datetime
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import HTMLResponse, Response

from api.access import Role, needs
from api.answering import Answering, answered
from api.deps import (
    LONGEST_VALUE,
    MOST_VALUES,
    SchemaDep,
    StoreDep,
    day_shown,
    partnership_in,
    read_day,
)
from api.errors import NotFoundError
from api.routes.pages import page
from api.settings import Settings
from graph.errors import StoreError
from graph.for_publication import for_publication
from graph.stores.protocol import NOTHING_HELD, Store
from ontology.schema import Schema
from queries.ask import things_lost
from queries.asked import Partnership
from queries.records import find_record
from visualise.paper.forms import Form, file_name, written
from visualise.paper.model import Paper, Version

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
MOST_WAITING = 4
"""How many requests wait for the paper that is being made; more are told to come again (503)."""
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
    day: datetime.date | None
    """None for the newest day that the open version knows of: the exempt one may know of more."""
    version: Version
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A paper in a form, and the day that it speaks of."""

    day: datetime.date
    content: bytes


@dataclass
class Papers:
    """The papers and files that were made last; one thread makes them, others look for them."""

    home: Path
    schema: Schema
    _papers: OrderedDict[Wanted, Paper] = field(default_factory=OrderedDict)
    _files: OrderedDict[tuple[Wanted, Form], Made] = field(default_factory=OrderedDict)
    _looking: Lock = field(default_factory=Lock)

    def kept(self, wanted: Wanted, form: Form) -> Made | None:
        """The paper in a form, if it is kept."""
        with self._looking:
            if (wanted, form) in self._files:
                self._files.move_to_end((wanted, form))
            return self._files.get((wanted, form))

    def file(self, store: Store, wanted: Wanted, form: Form) -> Made:
        """The paper in a form."""
        found = self.kept(wanted, form)
        if found is not None:
            return found
        told = self._paper(store, wanted)
        made = Made(told.day, written(told, form).content)
        if store.release() != wanted.release:
            return made  # It is of another release than its name here says.
        with self._looking:
            self._files[wanted, form] = made
            while len(self._files) > _MOST_FILES:
                self._files.popitem(last=False)
        return made

    def _paper(self, store: Store, wanted: Wanted) -> Paper:
        if wanted not in self._papers:
            made = self._made(store, wanted)
            if store.release() != wanted.release:
                return made
            self._papers[wanted] = made
        self._papers.move_to_end(wanted)
        while len(self._papers) > _MOST_PAPERS:
            self._papers.popitem(last=False)
        return self._papers[wanted]

    def _made(self, store: Store, wanted: Wanted) -> Paper:
        # It draws, and what draws takes a while to load.
        from visualise.paper.content import paper

        if wanted.version == "exempt":
            return paper(store, wanted.slug, wanted.day, "exempt", wanted.without)
        with for_publication(self.home, store, self.schema) as opened:
            return paper(opened, wanted.slug, wanted.day, "open", wanted.without)


@router.get("/partnerships/{slug}/paper", response_class=HTMLResponse, include_in_schema=False)
async def paper_page(
    request: Request,
    slug: str,
    store: StoreDep,
    schema: SchemaDep,
    as_of: Day = "",
    without: Without = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """What the two versions are, what the paper says, and its files. No paper is made for it."""

    def work() -> Response:
        about, wanted = _wanted(store, slug, as_of, "exempt", without)
        lost = [find_record(store, schema, one) for one in wanted.without]
        return page(
            "paper.html",
            about=(about,),
            partnership=about,
            day=wanted.day,
            lost=lost,
            query=[("as_of", as_of), *(("without", r.id) for r in lost)],
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

    _, wanted = await answered(
        request, lambda: _wanted(store, slug, as_of, _VERSIONS[version], without)
    )
    kind, papers = Form(form), _papers(request)
    made = papers.kept(wanted, kind)
    if made is None:
        making = _making(request)
        made = await making.within(lambda: papers.file(store, wanted, kind))
    name = file_name(slug, made.day, version, kind, bool(wanted.without))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(made.content, media_type=TYPES[kind], headers=headers)


def _wanted(
    store: Store, slug: str, as_of: str, version: Version, without: list[str]
) -> tuple[Partnership, Wanted]:
    about = partnership_in(store, slug)
    release = store.release()
    if release is None:
        raise StoreError(NOTHING_HELD)
    lost = things_lost(store, [one for one in without if one.strip()])
    day = read_day(as_of) if version == "open" else day_shown(about, as_of)
    return about, Wanted(release, slug, day, version, lost)


def _papers(request: Request) -> Papers:
    """The papers that the application keeps."""
    found: Papers | None = getattr(request.app.state, "papers", None)
    if found is None:
        settings: Settings = request.app.state.settings
        found = request.app.state.papers = Papers(settings.home, request.app.state.schema)
    return found


def _making(request: Request) -> Answering:
    """The one thread that makes papers: they never hold the threads that others are answered in."""
    found: Answering | None = getattr(request.app.state, "making", None)
    if found is None:
        settings: Settings = request.app.state.settings
        found = request.app.state.making = Answering(settings.answer_seconds, 1, MOST_WAITING)
    return found
