"""Asking providers: who was last checked when, links to send, answers to accept, what was counted.

A link is made once and shown once, in a file for a mail merge: it is a key. An answer changes
nothing before an editor accepts it, and then it is in the draft, which a publisher makes live.
"""

import csv
import datetime
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Query, Request
from fastapi import Path as InPath
from fastapi.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.access import Actor, ActorDep, Role, audit, needs
from api.asking_once.answers import Answer
from api.asking_once.counts import Month, read_month
from api.asking_once.forms import read_form
from api.asking_once.ledger import Asking, Ledger, Link
from api.asking_once.packets import Entries, Provider
from api.asking_once.revision import differing, revised
from api.deps import SchemaDep
from api.desk import Desk, DeskDep
from api.errors import ConflictError, NotFoundError, ParameterError, RequestError, UnavailableError
from api.formats import safe_cell
from api.routes.pages import page
from graph import drafts, importing
from graph.errors import ReleaseError
from graph.ids import LOCAL, record_id
from graph.imports.merge import tables_of
from graph.release import read_graph
from graph.revising import base_of, revise
from graph.sources.rows import Tables
from ontology.schema import Schema
from queries.directory.entries import freshness_of

router = APIRouter(dependencies=[needs(Role.READER)], tags=["Checks"], include_in_schema=False)
_EDITOR = [needs(Role.EDITOR)]

State = Literal["asked", "expired", "withdrawn", "waiting", "in the draft", "published", "refused"]
MOST_BYTES, MOST_FIELDS = 64_000, 1_000
HEADERS = ("provider", "services", "link", "answer by", "note")
"""The columns of the file for a mail merge."""
NOTE = "This link is a key: send it to this provider alone."
Ref = Annotated[str, InPath(pattern="^[a-p]{16}$")]


@dataclass(frozen=True, slots=True)
class Line:
    """A provider in the list: how old its oldest check is, and what it was asked last."""

    provider: Provider
    age: int | None
    freshness: str
    asking: Asking | None
    state: State | None


@dataclass(frozen=True, slots=True)
class Told:
    """Something that was asked, with its answer and what has become of it."""

    asking: Asking
    answer: Answer | None
    state: State


# ---------------------------------------------------------------- what there is


@router.get("/checks", response_class=HTMLResponse)
def checks_page(
    request: Request,
    desk: DeskDep,
    schema: SchemaDep,
    partnership: Annotated[str, Query(max_length=100)] = "",
) -> HTMLResponse:
    """Who provides what, the oldest last check first, and who was asked already."""
    entries = entries_of(request, desk, schema)
    slug = partnership or next(iter(entries.slugs), "")
    if slug not in entries.slugs:
        raise NotFoundError("There is no such partnership of today. The page /checks lists all.")
    today = desk.now().date()
    told = _told(Ledger(desk.home), entries, desk, slug)
    last = {one.asking.own.agency: one for one in reversed(told)}
    lines = [_line(provider, last.get(provider.id), today) for provider in entries.providers(slug)]
    return page("checks.html", lines=lines, slug=slug, slugs=entries.slugs, today=today)


def _line(provider: Provider, told: Told | None, today: datetime.date) -> Line:
    oldest = provider.oldest
    return Line(
        provider,
        (today - oldest).days if oldest else None,
        freshness_of(oldest, today) or "never checked",
        told.asking if told else None,
        told.state if told else None,
    )


@router.get("/answers", response_class=HTMLResponse)
def answers_page(request: Request, desk: DeskDep, schema: SchemaDep) -> HTMLResponse:
    """What providers answered, and whether it was accepted."""
    entries = entries_of(request, desk, schema)
    told = _told(Ledger(desk.home), entries, desk)
    return page("answers.html", told=[one for one in told if one.answer is not None])


@router.get("/answers/{ref}", response_class=HTMLResponse)
def answer_page(ref: Ref, request: Request, desk: DeskDep, schema: SchemaDep) -> HTMLResponse:
    """One answer, and what accepting it would change."""
    told = _found(ref, request, desk, schema)
    if told.answer is None:
        raise NotFoundError("There is no such answer. The page /answers lists all.")
    cells = []
    if told.state == "waiting":
        before = _tables(desk, schema, told.asking.slug)
        cells = differing(before, revised(before, told.asking, told.answer))
    return page("answer.html", one=told, answer=told.answer, cells=cells)


@router.get("/searches", response_class=HTMLResponse)
def searches_page(request: Request, desk: DeskDep) -> HTMLResponse:
    """How many searches found something, month by month, with small counts hidden."""
    read = (read_month(content) for _, content in Ledger(desk.home).letterbox.counts())
    months: list[Month] = [month for month in read if month is not None]
    is_on = bool(request.app.state.settings.count_searches)
    return page("searches.html", months=list(reversed(months)), is_on=is_on)


# ---------------------------------------------------------------- links


@router.post("/checks/links", dependencies=_EDITOR, response_class=Response)
async def make_links(
    request: Request, desk: DeskDep, schema: SchemaDep, actor: ActorDep
) -> Response:
    """Make a link for each provider that was chosen, as a file for a mail merge."""
    fields = await read_form(request, MOST_BYTES, MOST_FIELDS)
    return await run_in_threadpool(_links, fields, request, desk, schema)


def _links(
    fields: Mapping[str, Sequence[str]], request: Request, desk: Desk, schema: Schema
) -> Response:
    base = _public_url(request.app.state.settings.public_url)
    slug = next(iter(fields.get("partnership", ())), "")
    entries = entries_of(request, desk, schema)
    if slug not in entries.slugs:
        raise ParameterError("partnership", "one of today, as the page /checks lists them.")
    chosen = [one for one in fields.get("provider", ()) if LOCAL.fullmatch(one)]
    known = {provider.id for provider in entries.providers(slug)}
    if not chosen or not known >= set(chosen):
        raise ParameterError("provider", "choose who is asked, as the page /checks lists them.")
    with desk.acting("ask providers"):
        audit(request, "ask", partnership=slug, providers=len(chosen))
        links = Ledger(desk.home).ask(entries, slug, chosen, desk.now().date())
    name = f"links-{slug}-{desk.now().date().isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(_csv(links, base), media_type="text/csv; charset=utf-8", headers=headers)


def _public_url(given: str) -> str:
    """The address that links begin with. Raises RequestError where it is none to send out."""
    parts = urlsplit(given)
    is_here = parts.hostname in ("localhost", "127.0.0.1")
    if not parts.netloc or (parts.scheme != "https" and not (is_here and parts.scheme == "http")):
        raise RequestError(
            "Links need the address of the public application, with https://. Whoever runs this "
            "sets it as FINGERPOST_PUBLIC_URL."
        )
    return given.rstrip("/")


def _csv(links: Sequence[Link], base: str) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(HEADERS)
    for link in links:
        cells = (
            link.provider,
            "; ".join(link.services),
            f"{base}/check/{link.token}",
            link.until.isoformat(),
            NOTE,
        )
        writer.writerow([safe_cell(cell) for cell in cells])
    return written.getvalue()


@router.post("/checks/{ref}/withdraw", dependencies=_EDITOR, response_class=Response)
def withdraw(ref: Ref, request: Request, desk: DeskDep, schema: SchemaDep) -> Response:
    """Let a link lead nowhere."""
    told = _found(ref, request, desk, schema)
    with desk.acting("withdraw a link"):
        audit(request, "withdraw link", asking=ref)
        Ledger(desk.home).withdraw(told.asking)
    return RedirectResponse(f"/checks?partnership={told.asking.slug}", 303)


# ---------------------------------------------------------------- answers


@router.post("/answers/accept", dependencies=_EDITOR, response_class=Response)
async def accept(request: Request, desk: DeskDep, schema: SchemaDep, actor: ActorDep) -> Response:
    """Put the chosen answers into the draft, which is gone on with where there is one."""
    fields = await read_form(request, MOST_BYTES, MOST_FIELDS)
    return await run_in_threadpool(_accept, fields.get("answer", ()), request, desk, schema, actor)


def _accept(
    refs: Sequence[str], request: Request, desk: Desk, schema: Schema, actor: Actor
) -> Response:
    ledger = Ledger(desk.home)
    known = {one.asking.ref: one for one in _told(ledger, entries_of(request, desk, schema), desk)}
    chosen = [known[ref] for ref in dict.fromkeys(refs) if ref in known]
    waiting = [one for one in chosen if one.state == "waiting" and one.answer is not None]
    if not waiting:
        raise ConflictError("None of these waits to be accepted. The page /answers tells more.")
    with desk.acting("accept answers") as tell:
        for slug in sorted({one.asking.slug for one in waiting}):
            ours = [one for one in waiting if one.asking.slug == slug]
            files = [drafts.Used(f"{one.asking.source}.json", _digest(ledger, one)) for one in ours]
            for file in files:
                audit(request, "accept answer", partnership=slug, sha256=file.sha256)
            by = importing.acting(actor.name, desk.now())
            try:
                revise(
                    slug,
                    lambda tables, ours=ours: _all_of(tables, ours),  # type: ignore[misc]
                    by,
                    desk.home,
                    schema,
                    made_from=files,
                    progress=tell,
                )
            except ReleaseError as error:
                raise ConflictError(str(error)) from error
    return RedirectResponse("/draft", 303)


def _all_of(tables: Tables, told: Sequence[Told]) -> Tables:
    for one in told:
        if one.answer is not None:
            tables = revised(tables, one.asking, one.answer)
    return tables


def _digest(ledger: Ledger, told: Told) -> str:
    return hashlib.sha256(ledger.content(told.asking) or b"").hexdigest()


@router.post("/answers/{ref}/refuse", dependencies=_EDITOR, response_class=Response)
def refuse(ref: Ref, request: Request, desk: DeskDep, schema: SchemaDep) -> Response:
    """Do not accept an answer; what it said is removed, and its entries stay as they are."""
    told = _found(ref, request, desk, schema)
    if told.state != "waiting":
        raise ConflictError("This does not wait to be accepted. The page /answers tells more.")
    with desk.acting("refuse an answer"):
        audit(request, "refuse answer", asking=ref)
        Ledger(desk.home).refuse(told.asking)
    return RedirectResponse("/answers", 303)


# ---------------------------------------------------------------- shared


def entries_of(request: Request, desk: Desk, schema: Schema) -> Entries:
    """The entries of the live release, read once. Raises UnavailableError where there is none."""
    live = drafts.live_release(desk.home)
    if live is None:
        raise UnavailableError("No release is live. Import something first: see /imports.")
    held = getattr(request.app.state, "entries", None)
    if not isinstance(held, Entries) or held.release != live.name:
        held = Entries(read_graph(live, schema), schema)
        request.app.state.entries = held
    return held


def answers_waiting(request: Request, desk: Desk, schema: Schema) -> int:
    """How many providers have answered and wait for an editor."""
    ledger = Ledger(desk.home)
    # The entries of a release take a while to read: where nobody was asked they are not needed.
    if drafts.live_release(desk.home) is None or not any(True for _ in ledger.askings(None)):
        return 0
    told = _told(ledger, entries_of(request, desk, schema), desk)
    return sum(one.state == "waiting" for one in told)


def _tables(desk: Desk, schema: Schema, slug: str) -> Tables:
    base = base_of(desk.home)
    if base is None:
        raise UnavailableError("No release is live. Import something first: see /imports.")
    return tables_of(read_graph(base, schema), schema, slug)


def _told(ledger: Ledger, entries: Entries, desk: Desk, slug: str | None = None) -> list[Told]:
    entry = drafts.draft_entry(desk.home)
    live = drafts.live_release(desk.home)
    is_fresh = entry is not None and live is not None and entry.live == live.name
    drafted = {used.name for used in entry.made_from} if entry and is_fresh else set()
    today = desk.now().date()
    found = []
    for asking in ledger.askings(slug):
        answer = ledger.answer_to(asking)
        found.append(Told(asking, answer, _state(asking, answer, entries, drafted, today)))
    return found


def _state(
    asking: Asking,
    answer: Answer | None,
    entries: Entries,
    drafted: set[str],
    today: datetime.date,
) -> State:
    if asking.closed:
        return asking.closed
    if answer is None:
        return "asked" if asking.packet.until >= today else "expired"
    if record_id(asking.slug, "source", asking.source) in entries:
        return "published"
    return "in the draft" if f"{asking.source}.json" in drafted else "waiting"


def _found(ref: str, request: Request, desk: Desk, schema: Schema) -> Told:
    told = _told(Ledger(desk.home), entries_of(request, desk, schema), desk)
    found = next((one for one in told if one.asking.ref == ref), None)
    if found is None:
        raise NotFoundError("Nobody was asked under this name. The page /checks lists all.")
    return found
