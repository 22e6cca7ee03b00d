"""The start page, the page of one partnership, and whether the application is well."""

import logging
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, JSONResponse

from api.access import Role, needs, open_to_all
from api.access.rules import ACTOR
from api.basket import WHAT_CHANGES, address
from api.deps import SchemaDep, StoreDep, day_shown, partnership_in
from api.desk import Desk
from api.negotiation import HTML, JSON, PROBLEM
from api.newest import Newest, newest
from api.routes.checks import answers_waiting
from api.routes.pages import chapters, first_questions, page
from api.standing import standing_of, worst
from graph.errors import FingerpostError
from ontology.schema import Schema
from queries.ask import fact, partnerships
from queries.catalogue import BOARD
from visualise.map.chart import Chart, Thing, chart, read_rows

router = APIRouter(dependencies=[needs(Role.READER)])
probes = APIRouter(dependencies=[open_to_all])
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Count:
    """How many things of a kind are on record."""

    number: int
    word: str


@router.get("/", response_class=HTMLResponse, include_in_schema=False)
def start(request: Request, store: StoreDep, schema: SchemaDep) -> HTMLResponse:
    """What is worst, what is newest, partnerships, and questions.

    The first to come after a release was loaded waits until what stands out is worked out.
    """
    known = partnerships(store)
    lines = worst(standing_of(request.app), store, known)
    return page(
        "home.html",
        about=known,
        lines=lines,
        newest=_newest(request, schema),
        partnerships=sorted(known, key=lambda p: (p.fictional, p.name)),
        first=first_questions(),
        chapters=chapters(BOARD),
    )


def _newest(request: Request, schema: Schema) -> Newest | None:
    """What is newest at the desk; None where there is none, or its history cannot be read."""
    desk = getattr(request.app.state, "desk", None)
    if not isinstance(desk, Desk):
        return None
    try:
        return newest(request.app, desk, schema, answers_waiting(request, desk, schema))
    except (FingerpostError, OSError) as error:
        _log.warning("what is newest cannot be told: %s", error)
        return None


_STATE = {
    "type": "object",
    "required": ["status"],
    "additionalProperties": False,
    "properties": {
        "status": {"enum": ["ok", "no release"]},
        "release": {"type": ["string", "null"], "description": "The release that is served."},
    },
}


@probes.get(
    "/health",
    operation_id="health",
    tags=["Records"],
    summary="Whether a release is served",
    responses={
        200: {"content": {JSON: {"schema": _STATE}}},
        503: {
            "description": "No release is served, or the store cannot be read",
            "content": {
                JSON: {"schema": _STATE},
                PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}},
                HTML: {"schema": {"type": "string"}},
            },
        },
    },
)
def health(request: Request, store: StoreDep) -> JSONResponse:
    """Whether a release is served, and which; the latter is told to whom the gate knows."""
    release = store.release()
    state: dict[str, str | None] = {"status": "ok" if release else "no release"}
    if request.scope.get(ACTOR) is not None:
        state |= {"release": release}
    return JSONResponse(state, 200 if release else 503)


@router.get("/partnerships/{slug}", response_class=HTMLResponse, include_in_schema=False)
def overview(slug: str, request: Request, store: StoreDep) -> HTMLResponse:
    """One partnership: what stands out, its services with their money, its sources."""
    partnership = partnership_in(store, slug)
    said = chart(read_rows(store, slug), day_shown(partnership))
    sources = fact(store, "sources")
    return page(
        "partnership.html",
        about=(partnership,),
        partnership=partnership,
        lines=standing_of(request.app).lines(store, partnership),
        if_ended=address(WHAT_CHANGES, [("partnership", slug)]),
        services=_services(said),
        counts=_counts(said),
        sources=[s for s in sources if s["partnership"] == slug and s["records"]],
        first=first_questions(),
        chapters=chapters(BOARD),
    )


def _services(said: Chart) -> list[Thing]:
    return sorted((t for t in said.things if t.kind == "service"), key=lambda t: t.name)


def _counts(said: Chart) -> list[Count]:
    states = [t.state for t in said.things if t.kind in ("service", "post")]
    services = sum(t.kind == "service" for t in said.things)
    return [
        Count(services, "services on record"),
        Count(states.count("money ended"), "services and posts, money ended"),
        Count(states.count("money ends soon"), "services and posts, money ends in 12 months"),
        Count(states.count("money at risk"), "services and posts, money said to be at risk"),
        Count(states.count("not running yet"), "services and posts, planned or proposed"),
    ]
