"""Releases over HTTP: what a draft would change, answers over it, publishing and taking back.

Whoever publishes names the draft that they looked at; where another has taken its place meanwhile
nothing happens. Each act is written to the log before it is done. Readers see the old release or
the new one: a store is replaced as a whole (`graph/stores/`).
"""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi import Path as InPath
from fastapi.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from api.access import Actor, ActorDep, Role, audit, needs
from api.answering import answered
from api.deps import Choices, SchemaDep, StoreDep, answer_to, question_in, read_choices
from api.desk import Desk, DeskDep
from api.errors import ConflictError, NotFoundError, UnavailableError
from api.faults import prefers_page
from api.formats import plain, text
from api.negotiation import HTML, JSON, negotiated
from api.newest import moment
from api.openapi import faults
from api.release_pages import MOST_ROWS, effects, named, names_in, opened, sections_of
from api.routes.pages import first_questions, page, written
from api.uploads import FORM, field_of, read_fields
from graph import drafts, importing
from graph.diff import Change, in_words
from graph.errors import ReleaseError, StoreError
from graph.release import Release, read_graph
from graph.stores.protocol import Store
from ontology.schema import Schema
from queries.ask import Answer, partnerships
from queries.asked import Partnership, Row
from queries.catalogue import Question
from queries.differing import difference

router = APIRouter(dependencies=[needs(Role.READER)], tags=["Imports and releases"])

_log = logging.getLogger(__name__)
_NAME = re.compile(r"[0-9a-f]{16}")
ReleaseName = Annotated[str, InPath(pattern=f"^{_NAME.pattern}$", description="A release's name.")]


@dataclass(frozen=True, slots=True)
class CellChanged:
    """One column that is otherwise than before."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RecordChanged:
    """One record that is new, ended, otherwise, or no longer on record."""

    partnership: str
    table: str
    kind: str
    id: str
    name: str
    staff_only: bool
    cells: list[CellChanged]


@dataclass(frozen=True, slots=True)
class Compared:
    """What is otherwise in a release than in an earlier one; `since` is null where none was."""

    release: str
    since: str | None
    summary: list[str]
    moved_days: list[str]
    notes: list[str]
    words: list[str]
    changes: list[RecordChanged]


@dataclass(frozen=True, slots=True)
class MadeFrom:
    """A file that a draft was made from, and the hash of its content."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ReleaseKept:
    """A release that is kept, and the last act about it."""

    release: str
    live: bool
    draft: bool
    served: bool
    act: str
    by: str
    when: str
    made_from: list[MadeFrom]


@dataclass(frozen=True, slots=True)
class MadeLive:
    """The release that is live and served now."""

    release: str
    nodes: int
    relationships: int


@dataclass(frozen=True, slots=True)
class Discarded:
    """The draft that was put aside."""

    discarded: str


@dataclass(frozen=True, slots=True)
class Previewed:
    """What a question answers over the draft and not over what is live, and the other way round."""

    question: str
    draft: str
    live: str | None
    as_of_draft: dict[str, str]
    as_of_live: dict[str, str]
    added: list[dict[str, Any]]
    gone: list[dict[str, Any]]
    same: int


_PAGE: dict[int | str, dict[str, Any]] = {200: {"content": {HTML: {}}}}
_ACT = faults(400, 409, 413, 415, 422) | {
    303: {"description": "Done; a browser is shown what is there now."}
}


def _takes_release(what: str) -> dict[str, Any]:
    field = {"type": "string", "pattern": f"^{_NAME.pattern}$", "description": what}
    schema = {"type": "object", "required": ["release"], "properties": {"release": field}}
    content = {kind: {"schema": schema} for kind in (JSON, FORM)}
    return {"requestBody": {"required": True, "content": content}}


# ---------------------------------------------------------------- what there is


@router.get(
    "/releases",
    response_model=list[ReleaseKept],
    responses=_PAGE | faults(406),
    summary="The releases that are kept",
)
def releases_page(request: Request, desk: DeskDep, store: StoreDep) -> Response:
    """Every release: which is live, which the draft, who made it so, when, and from what."""
    served = store.release()
    made = {e.release: e.made_from for e in drafts.history(desk.home) if e.act == "draft"}
    kept = [_kept(one, served, made) for one in drafts.releases(desk.home)]
    if negotiated(request, (HTML, JSON)) == JSON:
        return JSONResponse([asdict(one) for one in kept])
    live = next((one for one in kept if one.live), None)
    names = {one.release: one.words for one in named(drafts.releases(desk.home))}
    return page("releases.html", releases=kept, live=live, served=served, names=names)


def _kept(
    one: drafts.Kept, served: str | None, made: Mapping[str, Sequence[drafts.Used]]
) -> ReleaseKept:
    act, who, when = "built", "", ""
    if one.last:
        # A build makes a release live without a line of its own; the next act finds it.
        act = "built" if one.last.act == "found" else one.last.act
        who, when = one.last.who, one.last.when
    name = one.release.name
    files = [MadeFrom(used.name, used.sha256) for used in made.get(name, ())]
    return ReleaseKept(name, one.is_live, one.is_draft, name == served, act, who, when, files)


@router.get(
    "/releases/{name}/diff",
    response_model=Compared,
    responses=_PAGE | faults(404, 406, 422),
    summary="What is otherwise in a release",
)
async def diff_page(
    name: ReleaseName,
    request: Request,
    desk: DeskDep,
    store: StoreDep,
    schema: SchemaDep,
    since: Annotated[
        str | None,
        Query(
            pattern=f"^({_NAME.pattern})?$",
            description="The release compared with; the live one if absent.",
        ),
    ] = None,
) -> Response:
    """Two releases compared in words, record by record."""

    def work() -> Response:
        after = _release(desk.home, name)
        before = _release(desk.home, since) if since else drafts.live_release(desk.home)
        compared, shown = _compared(desk.home, before, after, schema)
        if negotiated(request, (HTML, JSON)) == JSON:
            return JSONResponse(asdict(compared))
        return page("diff.html", about=_touched(store, compared), compared=compared, **shown)

    return await answered(request, work)


@router.get("/releases/compare", include_in_schema=False, response_class=RedirectResponse)
def compare_page(
    release: Annotated[str, Query(pattern=f"^{_NAME.pattern}$")],
    since: Annotated[str, Query(pattern=f"^{_NAME.pattern}$")],
) -> RedirectResponse:
    """From the form that chooses two releases to the page that compares them."""
    return RedirectResponse(f"/releases/{release}/diff?since={since}", 303)


@router.get("/releases/{name}/answers", include_in_schema=False, response_class=HTMLResponse)
async def answers_page(
    name: ReleaseName,
    request: Request,
    desk: DeskDep,
    store: StoreDep,
    schema: SchemaDep,
    since: Annotated[str, Query(pattern=f"^({_NAME.pattern})?$")] = "",
) -> Response:
    """What a release does to the key answers, compared with another one."""

    def work() -> Response:
        after = _release(desk.home, name)
        before = _release(desk.home, since) if since else drafts.live_release(desk.home)
        with ExitStack() as stack:
            old = stack.enter_context(opened(desk, before, store, schema)) if before else None
            new = stack.enter_context(opened(desk, after, store, schema))
            told = effects(old, new)
            about = {p.slug: p for one in (old, new) if one for p in partnerships(one)}
        return page(
            "diff_answers.html",
            about=list(about.values()),
            release=name,
            since=before.name if before else None,
            is_draft=after == drafts.draft_release(desk.home),
            effects=told,
            most=MOST_ROWS,
            names={one.release: one.words for one in named(drafts.releases(desk.home))},
        )

    return await answered(request, work)


@router.get(
    "/draft",
    response_model=Compared,
    responses=_PAGE | faults(404, 406),
    summary="What the draft would change",
)
async def draft_page(
    request: Request, desk: DeskDep, store: StoreDep, schema: SchemaDep
) -> Response:
    """What would be otherwise if the draft were published, with what clashed and was left out."""
    return await answered(request, lambda: _draft(request, desk, store, schema))


def _draft(request: Request, desk: Desk, store: Store, schema: Schema) -> Response:
    draft = drafts.draft_release(desk.home)
    if draft is None:
        if negotiated(request, (HTML, JSON)) == HTML:
            return _no_draft()
        raise NotFoundError("There is no draft. An import makes one: see the page /imports.")
    compared, shown = _compared(desk.home, drafts.live_release(desk.home), draft, schema)
    if negotiated(request, (HTML, JSON)) == JSON:
        return JSONResponse(asdict(compared))
    entry = drafts.draft_entry(desk.home)
    return page(
        "draft.html",
        about=_touched(store, compared),
        draft=entry,
        made=moment(entry.when) if entry else "",
        compared=compared,
        first=first_questions(),
        **shown,
    )


def _no_draft() -> Response:
    """A page that says that no draft waits, and how one comes about."""
    told = page("no_draft.html")
    told.status_code = HTTPStatus.NOT_FOUND
    return told


def _release(home: Path, name: str) -> Release:
    found = [kept.release for kept in drafts.releases(home) if kept.release.name == name]
    if not found:
        raise NotFoundError("There is no such release. The page /releases lists all.")
    return found[0]


def _compared(
    home: Path, before: Release | None, after: Release, schema: Schema
) -> tuple[Compared, dict[str, Any]]:
    """Two releases compared, for programs and for a page."""
    old = read_graph(before, schema) if before else None
    new = read_graph(after, schema)
    found = importing.what_changes(old, new, schema)
    entry = drafts.draft_entry(home)
    notes = entry.notes if entry and entry.release == after.name else ()
    compared = Compared(
        release=after.name,
        since=before.name if before else None,
        summary=list(found.summary),
        moved_days=list(found.moved_days),
        notes=list(notes),
        words=in_words(found.changes, schema),
        changes=[_changed(change) for change in found.changes],
    )
    names = names_in(old, new)
    return compared, {
        "sections": sections_of(found.changes, schema, names),
        "days": [_with_name(line, names) for line in found.moved_days],
        "names": {one.release: one.words for one in named(drafts.releases(home))},
    }


def _touched(store: Store, compared: Compared) -> list[Partnership]:
    """The partnerships that a comparison speaks of, as far as they are served."""
    slugs = {change.partnership for change in compared.changes}
    known = partnerships(store) if store.release() else ()
    return [one for one in known if one.slug in slugs]


def _with_name(line: str, names: Mapping[str, str]) -> str:
    """A line that begins with a partnership's slug, with its name instead."""
    slug, colon, rest = line.partition(":")
    return f"{names.get(slug, slug)}{colon}{rest}"


def _changed(change: Change) -> RecordChanged:
    return RecordChanged(
        partnership=change.partnership,
        table=change.table,
        kind=change.kind,
        id=change.id,
        name=change.name,
        staff_only=change.is_staff,
        cells=[CellChanged(cell.header, cell.before, cell.after) for cell in change.cells],
    )


# ---------------------------------------------------------------- answers over the draft


@router.get(
    "/draft/questions/{name}",
    response_model=Previewed,
    responses=_PAGE | faults(404, 406, 422),
    summary="What a question answers over the draft",
)
async def preview_page(
    name: Annotated[str, InPath(max_length=100)],
    request: Request,
    desk: DeskDep,
    store: StoreDep,
    schema: SchemaDep,
) -> Response:
    """The rows that publishing the draft would bring into an answer, and those that would go.

    It takes the choices that the question takes. Each answer is for the day that it would be for:
    where the draft brings a newer source and no day is chosen, the two are for different days.
    """
    question = question_in(name)
    choices = read_choices(request.query_params, question)
    form = negotiated(request, (HTML, JSON))
    draft = drafts.draft_release(desk.home)
    if draft is None:
        raise NotFoundError("There is no draft. An import makes one: see the page /imports.")

    def both() -> tuple[Answer | None, Answer | None]:
        drafted = desk.preview(draft, schema)
        return _answer(store, question, choices), _answer(drafted, question, choices)

    before, after = await answered(request, both)
    differing = difference(before.rows if before else (), after.rows if after else ())
    told = Previewed(
        question=question.name,
        draft=draft.name,
        live=store.release(),
        as_of_draft=_days(after),
        as_of_live=_days(before),
        added=[plain(row) for row in differing.added],
        gone=[plain(row) for row in differing.gone],
        same=differing.same,
    )
    if form == JSON:
        return JSONResponse(asdict(told))
    columns = [column for column in question.shows if column != "partnership"]
    return page(
        "draft_question.html",
        about=_about(before, after),
        question=question,
        told=told,
        headers=["partnership", *(c.removesuffix("_name").replace("_", " ") for c in columns)],
        parts=[
            ("Only over the draft", _cells(differing.added, columns)),
            ("Only over what is live", _cells(differing.gone, columns)),
        ],
    )


def _answer(store: Store, question: Question, choices: Choices) -> Answer | None:
    """An answer over one of the two; None where it has none of the partnerships asked about."""
    if store.release() is None:
        return None
    known = {p.slug for p in partnerships(store)}
    slugs = tuple(slug for slug in choices.slugs if slug in known)
    if not known or (choices.slugs and not slugs):
        return None
    return answer_to(store, question, replace(choices, slugs=slugs))


def _about(*answers: Answer | None) -> list[Partnership]:
    """The partnerships that the answers speak of, each once."""
    return list({p.slug: p for answer in answers if answer for p in answer.partnerships}.values())


def _days(answer: Answer | None) -> dict[str, str]:
    return {slug: day.isoformat() for slug, day in answer.as_of.items()} if answer else {}


def _cells(rows: Sequence[Row], columns: Sequence[str]) -> list[list[str]]:
    return [[_cell(row[column]) for column in ("partnership", *columns)] for row in rows]


def _cell(value: Any) -> str:
    return written(value) if hasattr(value, "isoformat") else text(value)


# ---------------------------------------------------------------- acts


@router.post(
    "/draft/publish",
    dependencies=[needs(Role.PUBLISHER)],
    response_model=MadeLive,
    responses=_ACT,
    openapi_extra=_takes_release("The draft that was looked at, as GET /draft names it."),
    summary="Make the draft live",
)
async def publish(
    request: Request, desk: DeskDep, store: StoreDep, schema: SchemaDep, actor: ActorDep
) -> Response:
    """Make the draft that was looked at the live release, and serve it."""
    seen = await _seen(request)

    def done() -> Release:
        return drafts.publish(desk.home, importing.acting(actor.name, desk.now()), seen)

    return await run_in_threadpool(made_live, "publish", seen, done, request, desk, store, schema)


@router.post(
    "/releases/{name}/rollback",
    dependencies=[needs(Role.PUBLISHER)],
    response_model=MadeLive,
    responses=_ACT | faults(404),
    summary="Make an earlier release live again",
)
async def rollback(
    name: ReleaseName,
    request: Request,
    desk: DeskDep,
    store: StoreDep,
    schema: SchemaDep,
    actor: ActorDep,
) -> Response:
    """Make a release live again, and serve it. Nothing is sent in the body."""
    await run_in_threadpool(_release, desk.home, name)

    def done() -> Release:
        return drafts.rollback(desk.home, importing.acting(actor.name, desk.now()), name)

    return await run_in_threadpool(made_live, "rollback", name, done, request, desk, store, schema)


@router.post(
    "/releases/load",
    dependencies=[needs(Role.PUBLISHER)],
    response_model=MadeLive,
    responses=_ACT,
    summary="Serve the live release",
)
async def load(request: Request, desk: DeskDep, store: StoreDep, schema: SchemaDep) -> Response:
    """Load the live release into the store again, where that failed before."""

    def done() -> Release:
        live = drafts.live_release(desk.home)
        if live is None:
            raise ConflictError("No release is live. Import something first: see /imports.")
        return live

    return await run_in_threadpool(made_live, "load", None, done, request, desk, store, schema)


@router.post(
    "/draft/discard",
    dependencies=[needs(Role.EDITOR)],
    response_model=Discarded,
    responses=_ACT,
    openapi_extra=_takes_release("The draft that was looked at, as GET /draft names it."),
    summary="Put the draft aside",
)
async def discard(request: Request, desk: DeskDep, actor: ActorDep) -> Response:
    """Put aside the draft that was looked at; what is live stays as it is."""
    seen = await _seen(request)
    await run_in_threadpool(_discard, seen, request, desk, actor)
    if prefers_page(request):
        return RedirectResponse("/releases", 303)
    return JSONResponse(asdict(Discarded(seen)))


async def _seen(request: Request) -> str:
    fields = await read_fields(request)
    return field_of(fields, "release", _NAME, "the name of the draft that you looked at.")


def _discard(seen: str, request: Request, desk: Desk, actor: Actor) -> None:
    with desk.acting("discard"):
        audit(request, "discard", release=seen)
        try:
            drafts.discard(desk.home, importing.acting(actor.name, desk.now()), seen)
        except ReleaseError as error:
            raise ConflictError(str(error)) from error
        desk.forget_preview()


def made_live(
    act: str,
    name: str | None,
    done: Callable[[], Release],
    request: Request,
    desk: Desk,
    store: Store,
    schema: Schema,
) -> Response:
    """Do what makes a release live, and load it into the store."""
    with desk.acting(act) as tell:
        audit(request, act, release=name)
        try:
            release = done()
        except ReleaseError as error:
            raise ConflictError(str(error)) from error
        desk.forget_preview()
        tell(f"loading release {release.name}")
        try:
            loaded = importing.load(desk.home, schema, store)
        except (StoreError, ReleaseError, OSError, RuntimeError) as error:
            _log.error("the release %s is live and not loaded: %s", release.name, error)
            raise UnavailableError(
                f"The release {release.name} is live, and could not be loaded: what is served is "
                "as before. The log of the server says why. Then load it again: on the page "
                "/releases, or by fingerpost load"
            ) from error
    if prefers_page(request):
        return RedirectResponse("/releases", 303)
    return JSONResponse(asdict(MadeLive(loaded.release.name, loaded.nodes, loaded.edges)))
