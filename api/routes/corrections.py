"""What visitors say is wrong: a list, the most urgent first, and an entry withheld at once.

To withhold makes the service one for staff alone in what is live, and publishes that and nothing
else: a draft that waits is not published along with it, and has to be made again.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi import Path as InPath
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.access import ActorDep, Role, audit, needs
from api.asking_once.letterbox import FOLDER, Letterbox
from api.asking_once.reports import WHAT, Report, read_report
from api.asking_once.revision import withheld
from api.deps import SchemaDep, StoreDep
from api.desk import Desk, DeskDep
from api.errors import ConflictError, NotFoundError
from api.routes.pages import page
from api.routes.releases import made_live
from graph import drafts, importing
from graph.errors import ReleaseError
from graph.ids import local_of, partnership_of
from graph.public import public_ids
from graph.release import Release, ontology_of, read_quads
from graph.revising import revise
from ontology.schema import Schema

router = APIRouter(dependencies=[needs(Role.READER)], tags=["Corrections"], include_in_schema=False)
Name = Annotated[str, InPath(pattern="^[0-9a-f]{32}$")]


@dataclass(frozen=True, slots=True)
class Reported:
    """A report, and the record that it is about; empty where that is no longer public."""

    name: str
    report: Report
    what: str
    service: str


@router.get("/corrections", response_class=HTMLResponse)
def corrections_page(request: Request, desk: DeskDep, schema: SchemaDep) -> HTMLResponse:
    """What visitors say is wrong."""
    found = _reported(request, desk, schema)
    has_draft = drafts.draft_release(desk.home) is not None
    return page("corrections.html", reported=found, has_draft=has_draft)


@router.post("/corrections/{name}/seen", dependencies=[needs(Role.EDITOR)], response_class=Response)
def seen(name: Name, request: Request, desk: DeskDep, schema: SchemaDep) -> Response:
    """Take a report off the list."""
    one = _one(name, request, desk, schema)
    audit(request, "correction seen", about=one.service or one.report.about)
    _letterbox(desk).remove_report(name)
    return RedirectResponse("/corrections", 303)


@router.post(
    "/corrections/{name}/withhold", dependencies=[needs(Role.PUBLISHER)], response_class=Response
)
def withhold(
    name: Name,
    request: Request,
    desk: DeskDep,
    store: StoreDep,
    schema: SchemaDep,
    actor: ActorDep,
) -> Response:
    """Make the service one for staff alone, and publish that at once."""
    one = _one(name, request, desk, schema)
    if not one.service:
        raise ConflictError("This entry is not public any more: there is nothing to withhold.")
    slug, service = partnership_of(one.service), local_of(one.service)

    def done() -> Release:
        audit(request, "withhold", service=one.service)
        by = importing.acting(actor.name, desk.now())
        made = revise(
            slug,
            lambda tables: withheld(tables, service),
            by,
            desk.home,
            schema,
            notes=["withheld after a correction"],
            on_live=True,
        )
        return drafts.publish(desk.home, by, made.release.name)

    made_live("withhold entry", None, done, request, desk, store, schema)
    _letterbox(desk).remove_report(name)
    return RedirectResponse("/corrections", 303)


def _letterbox(desk: Desk) -> Letterbox:
    return Letterbox(desk.home / FOLDER)


def _reported(request: Request, desk: Desk, schema: Schema) -> list[Reported]:
    """All reports: the most urgent first, then the oldest."""
    read = [(name, read_report(content)) for name, content in _letterbox(desk).reports()]
    reports = [(name, report) for name, report in read if report is not None]
    ids = _public_ids(request, desk, schema) if reports else {}
    ranks = {what: rank for rank, what in enumerate(WHAT)}

    def order(one: tuple[str, Report]) -> tuple[int, datetime.date, str]:
        return ranks[one[1].what], one[1].on, one[1].name

    return [
        Reported(name, report, WHAT[report.what], ids.get(report.about, ""))
        for name, report in sorted(reports, key=order)
    ]


def _one(name: str, request: Request, desk: Desk, schema: Schema) -> Reported:
    found = next((one for one in _reported(request, desk, schema) if one.name == name), None)
    if found is None:
        raise NotFoundError("This is off the list already. The page /corrections lists the rest.")
    return found


def _public_ids(request: Request, desk: Desk, schema: Schema) -> Mapping[str, str]:
    """Which records the entries of the public release are of, worked out once a release."""
    live = drafts.live_release(desk.home)
    if live is None:
        return {}
    held: tuple[str, Mapping[str, str]] = getattr(request.app.state, "public_ids", ("", {}))
    if held[0] != live.name:
        try:
            quads = ontology_of(read_quads(live), live, schema)
        except ReleaseError as error:
            raise ConflictError(str(error)) from error
        held = (live.name, public_ids(quads, schema))
        request.app.state.public_ids = held
    return held[1]
