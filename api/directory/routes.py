"""The public directory: pages that find help, without a script, a cookie or anything kept.

A search is the body of a POST, so that what was looked for is in no address, history or log. Pages
lead on by forms that carry the search along; that is why a service answers GET and POST. The
address of a service holds a mark made of its id, not the id, which may say what the help is for.
"""

import datetime
import gzip
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, Response

from api import design_system
from api.asking_once.counts import Outcome, Searches
from api.directory.pages import Frame, mark_of, not_asking, render, told_day
from api.directory.wishes import N_, Asked, Form, asked_of, fields_of, read_form, with_fault
from api.directory.words import Words, languages, words
from api.faults import NO_PAGE, Problem
from api.open.linked import of_schema_org
from api.open.pages import data_block
from api.published import Snapshot
from graph.errors import ReleaseError
from graph.ids import partnership_of
from queries.directory.directory import (
    Choices,
    Directory,
    Entry,
    Found,
    HelplineEntry,
    Match,
    Place,
    Wish,
    directory,
)
from queries.directory.facts import listed

PAGE_SIZE = 10
"""How many services a page of results shows."""
_MISSING = (N_("This page is not here"), N_("It may have moved, or the address may be wrong."))
_CLOSED = (
    N_("We cannot show this page now"),
    N_("Try again in a few minutes. If you need help now, call a phone line."),
)


@dataclass(frozen=True, slots=True)
class Visit:
    """What one request needs: the words, the serving day, and the release if there is one."""

    words: Words
    here: str
    today: datetime.date
    snapshot: Snapshot | None
    directory: Directory | None
    marks: Mapping[str, str]
    offered: Collection[str]
    searches: Searches | None = None
    takes_reports: bool = False

    @property
    def places(self) -> tuple[Place, ...]:
        """The places that this site is for."""
        known = self.directory.places if self.directory else ()
        return tuple(p for p in known if not self.offered or p.slug in self.offered)

    @property
    def district(self) -> str:
        """A postcode district that is recorded for a place of this site, empty where none is."""
        known = _districts(self.snapshot) if self.snapshot else {}
        return next((known[p.slug] for p in self.places if p.slug in known), "")


def get_visit(request: Request) -> Visit:
    """What a request needs, from what the application was made with."""
    spoken = _words_of(request)
    state = request.app.state
    try:
        snapshot: Snapshot | None = state.published.snapshot()
    except ReleaseError:
        snapshot = None
    return Visit(
        words=spoken,
        here=request.url.path.removeprefix(spoken.prefix),
        today=state.today(),
        snapshot=snapshot,
        directory=directory_of(snapshot) if snapshot else None,
        marks=_marks(snapshot) if snapshot else {},
        offered=state.places,
        searches=state.searches,
        takes_reports=hasattr(state, "reports"),
    )


def _words_of(request: Request) -> Words:
    """The words of the language that an address begins with."""
    code = request.url.path.removeprefix("/").split("/")[0]
    return words(code if code in languages()[1:] else languages()[0])


def directory_of(snapshot: Snapshot) -> Directory:
    """The directory of a public release, made once."""
    plain = words(languages()[0]).terms
    return snapshot.once("directory", lambda: directory(snapshot.graph, snapshot.schema, plain))


def _marks(snapshot: Snapshot) -> Mapping[str, str]:
    """The ids of services by partnership and mark, made once."""

    def made() -> Mapping[str, str]:
        services = (n.id for n in snapshot.graph.nodes if n.label == "Service")
        return {f"{s.split('/')[0]}/{mark_of(s)}": s for s in services}

    return snapshot.once("directory marks", made)


def _districts(snapshot: Snapshot) -> Mapping[str, str]:
    """By partnership: the first of the postcode districts of its areas, made once."""

    def made() -> Mapping[str, str]:
        found = sorted(
            (partnership_of(node.id), one)
            for node in snapshot.graph.nodes
            if node.label == "Area"
            for one in listed(node.properties.get("postcode_districts"))
        )
        return dict(reversed(found))

    return snapshot.once("directory districts", made)


VisitDep = Annotated[Visit, Depends(get_visit)]
FormDep = Annotated[Form, Depends(read_form)]
_files = APIRouter(include_in_schema=False)
_TYPES = {
    design_system.STYLE: "text/css",
    design_system.SCRIPT: "text/javascript",
    design_system.LICENCE: "text/plain",
}
_pages = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@_pages.get("/")
def start(visit: VisitDep) -> HTMLResponse:
    """What do you need help with?"""
    return _search_page("start.html", visit, _asked(visit, {}, is_sent=False))


@_pages.get("/find")
def find(visit: VisitDep) -> HTMLResponse:
    """All questions of the search."""
    return _search_page("find.html", visit, _asked(visit, {}, is_sent=False))


@_pages.post("/find")
def results(visit: VisitDep, form: FormDep) -> HTMLResponse:
    """What fits, and what fits in part and why; or the questions again with what is wrong."""
    asked = _asked(visit, form)
    if asked.faults or visit.directory is None:
        return _search_page("find.html", visit, asked, status=422 if asked.faults else 503)
    found = visit.directory.search(asked.wish, asked.day, visit.today)
    if found.unknown_district:
        known = with_fault(asked, "district", N_("We do not know this postcode. Choose an area"))
        return _search_page("find.html", visit, known, status=422)
    if visit.searches is not None and asked.page == 1:
        outcome: Outcome = "wholly" if found.whole else "partly" if found.partly else "nothing"
        wish = asked.wish
        visit.searches.count(wish.partnerships, wish.needs, outcome, visit.today)
    return _results_page(visit, asked, found)


@_pages.api_route("/service/{slug}/{mark}", methods=["GET", "POST"])
def service(slug: str, mark: str, visit: VisitDep, form: FormDep) -> HTMLResponse:
    """One service: what it is, whom it is for, and how to reach it."""
    asked = _asked(visit, form)
    entry = _entry(visit, slug, mark, asked)
    if entry is None or visit.directory is None:
        return problem(visit, 404)
    return _about(
        "service.html",
        visit,
        entry,
        asked,
        bool(form),
        reasons=_reasons(visit.directory, entry, asked, visit.today) if form else (),
        described=_described(visit, entry),
        takes_reports=visit.takes_reports,
    )


@_pages.api_route("/service/{slug}/{mark}/how-to-get-there", methods=["GET", "POST"])
def how_to_get_there(slug: str, mark: str, visit: VisitDep, form: FormDep) -> HTMLResponse:
    """The way to a service, in steps."""
    asked = _asked(visit, form)
    entry = _entry(visit, slug, mark, asked)
    if entry is None or visit.directory is None:
        return problem(visit, 404)
    pathway = visit.directory.how_to_get_there(entry, asked.wish, asked.day, visit.today)
    return _about(
        "pathway.html",
        visit,
        entry,
        asked,
        bool(form),
        pathway=pathway,
        origin_url=lambda i: f"{visit.words.prefix}/service/{i.split('/')[0]}/{mark_of(i)}",
    )


@_pages.get("/safety")
def safety(visit: VisitDep) -> HTMLResponse:
    """What stays on a device, and how to leave fast."""
    return _plain("safety.html", visit)


@_pages.get("/accessibility")
def accessibility(visit: VisitDep) -> HTMLResponse:
    """The accessibility statement."""
    return _plain("accessibility.html", visit)


@_pages.get("/help-now")
def help_now(visit: VisitDep) -> HTMLResponse:
    """Emergency and national lines."""
    return _plain("help_now.html", visit)


@_files.get("/static/design-system/{name}")
def design_system_file(name: str, request: Request) -> Response:
    """A file of the design system; packed small, since no browser may keep it."""
    kind = _TYPES.get(name)
    if kind is None or not design_system.is_installed():
        return Response("There is no such file.", 404, media_type="text/plain")
    packs = "gzip" in request.headers.get("accept-encoding", "")
    headers = {"Vary": "Accept-Encoding"} | ({"Content-Encoding": "gzip"} if packs else {})
    return Response(_content(name, packs), media_type=kind, headers=headers)


@cache
def _content(name: str, packs: bool) -> bytes:
    content = (design_system.folder() / name).read_bytes()
    return gzip.compress(content, mtime=0) if packs else content


def _routes() -> APIRouter:
    """The pages in every language that has a catalogue."""
    whole = APIRouter()
    whole.include_router(_files)
    for code in languages():
        whole.include_router(_pages, prefix=words(code).prefix)
        if words(code).prefix:
            whole.add_api_route(words(code).prefix, start, include_in_schema=False)
    return whole


router = _routes()


def problem(visit: Visit, status: int) -> HTMLResponse:
    """A page that says that there is no such page, or none now; the way out stays on it."""
    heading, message = _CLOSED if status >= 500 else _MISSING
    return _plain("problem.html", visit, status=status, heading=heading, message=message)


def error_page(request: Request, fault: Problem) -> HTMLResponse:
    """Whatever else goes wrong, on a page that can be left as fast as any other.

    It is in the language of its address and has the national lines; the address is not repeated.
    """
    if fault.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        # What is needed for the lines may be what is broken.
        frame = Frame(_words_of(request), "/", (), ())
    else:
        visit = get_visit(request)
        frame = replace(_frame(visit, visit.places), here="/", concerned=())
    heading, message = fault.title, fault.detail
    if fault.detail == NO_PAGE:
        heading, message = _MISSING
    return render("problem.html", frame, fault.status, heading=heading, message=message)


def _asked(visit: Visit, form: Form, *, is_sent: bool = True) -> Asked:
    """The search of a form; the pages of a site for one place need not ask for it.

    Nothing is wrong with a form that was not sent yet.
    """
    places = visit.places
    if visit.directory is None:
        return Asked(Wish())
    choices = visit.directory.choices(tuple(p.slug for p in places))
    given = dict(form)
    if len(places) == 1 and not given.get("place"):
        given["place"] = [places[0].slug]
    if not visit.district:
        given.pop("district", None)
    asked = asked_of(given, places, choices)
    if not visit.district and "place" in asked.faults:
        asked = with_fault(asked, "place", N_("Choose an area"))
    return asked if is_sent else Asked(asked.wish, asked.place)


def _choices(visit: Visit, asked: Asked) -> Choices | None:
    """What can be chosen in the places that are asked about."""
    return visit.directory.choices(asked.wish.partnerships) if visit.directory else None


def _concerned(visit: Visit, asked: Asked, also: Iterable[Match] = ()) -> list[Place]:
    """The places that a page speaks of: the one chosen, those of what it shows, or all."""
    shown = {match.entry.slug for match in also} | ({asked.place} - {""})
    return [p for p in visit.places if not shown or p.slug in shown]


def _frame(
    visit: Visit, concerned: Sequence[Place], lines: Sequence[HelplineEntry] | None = None
) -> Frame:
    if lines is None:
        wish = Wish(partnerships=tuple(p.slug for p in concerned))
        lines = visit.directory.helplines(wish) if visit.directory else ()
    return Frame(visit.words, visit.here, tuple(concerned), tuple(lines))


def _plain(template: str, visit: Visit, *, status: int = 200, **context: Any) -> HTMLResponse:
    return render(template, _frame(visit, visit.places), status, **context)


def _form_context(visit: Visit, asked: Asked, counts: Mapping[str, Any]) -> dict[str, Any]:
    """What the questions of the search are filled with."""
    concerned = _concerned(visit, asked)
    return {
        "asked": asked,
        "faults": asked.faults,
        "places": visit.places,
        "district": visit.district,
        "choices": _choices(visit, asked),
        "counts": {name: {one.id: one.number for one in given} for name, given in counts.items()},
        "has_history": any(p.historical for p in concerned),
        "hidden_fields": fields_of(asked),
    }


def _search_page(template: str, visit: Visit, asked: Asked, status: int = 200) -> HTMLResponse:
    if visit.directory is None:
        return problem(visit, 503)
    frame = _frame(visit, _concerned(visit, asked))
    return render(template, frame, status, **_form_context(visit, asked, {}))


def _results_page(visit: Visit, asked: Asked, found: Found) -> HTMLResponse:
    matches = [*found.whole, *found.partly, *found.anybody]
    concerned = _concerned(visit, asked, matches)
    pages = max(1, -(-len(matches) // PAGE_SIZE))
    page = min(max(asked.page, 1), pages)
    first, last = (page - 1) * PAGE_SIZE, page * PAGE_SIZE
    return render(
        "results.html",
        _frame(visit, concerned, found.helplines),
        **_form_context(visit, asked, found.counts),
        sections=_sections(found, first, last),
        is_empty=not found.whole,
        without_words=0 if matches else _without_words(visit, asked),
        page=page,
        pages=pages,
    )


def _without_words(visit: Visit, asked: Asked) -> int:
    """How many services are found where the words alone are left out; none if there are none."""
    if visit.directory is None or not asked.wish.words:
        return 0
    found = visit.directory.search(replace(asked.wish, words=""), asked.day, visit.today)
    return len(found.whole) + len(found.partly) + len(found.anybody)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the results: how many there are in all, and those that this page shows."""

    key: str
    title: str
    about: str
    total: int
    matches: Sequence[Match]


_SECTIONS = (
    ("whole", N_("Fits what you asked for"), ""),
    ("partly", N_("Fits in part"), N_("Ask before you count on these.")),
    (
        "anybody",
        N_("Open to anyone"),
        N_("These are not made for what you asked for. They may still help."),
    ),
)


def _sections(found: Found, first: int, last: int) -> list[Section]:
    """The parts of the results with what of each falls on a page."""
    sections, before = [], 0
    for key, title, about in _SECTIONS:
        matches: Sequence[Match] = getattr(found, key)
        shown = [
            replace(match, reasons=_reasons_of(match))
            for match in matches[max(first - before, 0) : max(last - before, 0)]
        ]
        if key == "partly" and all(match.entry.historical for match in matches):
            about = ""
        sections.append(Section(key, title, about, len(matches), shown))
        before += len(matches)
    return sections


def _entry(visit: Visit, slug: str, mark: str, asked: Asked) -> Entry | None:
    """The entry of an address, None where there is none to show."""
    identifier = visit.marks.get(f"{slug}/{mark}")
    shown = slug in {p.slug for p in visit.places}
    if identifier is None or not shown or visit.directory is None:
        return None
    return visit.directory.entry(identifier, asked.day, visit.today)


def _reasons(known: Directory, entry: Entry, asked: Asked, today: datetime.date) -> tuple[str, ...]:
    """Why an entry fits what was asked only in part."""
    found = known.search(asked.wish, asked.day, today)
    matches = (*found.whole, *found.partly, *found.anybody)
    return next((_reasons_of(m) for m in matches if m.entry.id == entry.id), ())


def _reasons_of(match: Match) -> tuple[str, ...]:
    """Why a service fits in part; nobody can ask a service of old records."""
    return not_asking(match.reasons) if match.entry.historical else match.reasons


def _described(visit: Visit, entry: Entry) -> str:
    """The service in the terms of schema.org, for programs; a historical one is no service."""
    if visit.snapshot is None or entry.historical:
        return ""
    found = of_schema_org(visit.snapshot, entry.id, visit.today)
    return data_block(found) if found else ""


def _about(
    template: str, visit: Visit, entry: Entry, asked: Asked, is_led: bool, **context: Any
) -> HTMLResponse:
    """A page about one service; `is_led` says that a search led to it and can be gone back to."""
    concerned = [p for p in visit.places if p.slug == entry.slug]
    wish = asked.wish if is_led else Wish(partnerships=(entry.slug,))
    lines = visit.directory.helplines(wish) if visit.directory else ()
    return render(
        template,
        _frame(visit, concerned, lines),
        entry=entry,
        told_day=told_day(visit.words, concerned, asked.day),
        hidden_fields=fields_of(asked) if is_led else [],
        **context,
    )


__all__ = ["directory_of", "mark_of", "problem", "router"]
