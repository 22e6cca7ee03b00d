"""The map of one partnership: a page with the picture and its tables, its data, and as one file.

Also what falls if a thing on it ended, and vis-network from this machine.
"""

import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field, WithJsonSchema
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response

from api.access import Role, needs
from api.answering import answered
from api.deps import LONGEST_VALUE, MOST_VALUES, StoreDep, day_shown, partnership_in
from api.map_data import known_things, loss_told, map_data
from api.map_facts import MapFacts, MapFactsDep, Rows
from api.map_file import SCRIPTS, file_name, map_file
from api.map_tables import tables_of
from api.negotiation import HTML, JSON
from api.openapi import faults
from api.question_forms import DAY
from api.routes.pages import page
from graph.stores.protocol import Store
from queries.asked import Partnership
from visualise.map.network import network, vis_network_file

router = APIRouter(dependencies=[needs(Role.READER)])
Day = Annotated[
    str,
    Query(description="The day shown; the newest source's if empty."),
    WithJsonSchema(DAY),
]
Without = Annotated[
    list[Annotated[str, Field(max_length=LONGEST_VALUE)]],
    Query(max_length=MOST_VALUES, description="A thing imagined ended; may be repeated."),
]
_TEXT = {"type": "string"}
_YES_NO = {"type": "boolean"}
_OBJECTS = {"type": "array", "items": {"type": "object"}}
_EVIDENCE = {
    "type": ["object", "null"],
    "required": ["title", "places", "basis"],
    "properties": {
        "title": _TEXT,
        "places": {"type": "array", "items": _TEXT},
        "basis": {"type": ["string", "null"]},
    },
}
_THING = {
    "type": "object",
    "required": ["name", "kind", "type", "sign", "facts", "staff", "url", "evidence", "home"],
    "properties": {
        "name": _TEXT,
        "kind": _TEXT,
        "type": _TEXT,
        "sign": _TEXT,
        "facts": {"type": "array"},
        "staff": {**_YES_NO, "description": "Not for publication."},
        "url": {"type": "string", "format": "uri-reference"},
        "evidence": _EVIDENCE,
        "home": {**_TEXT, "description": "The layer in which it stands without any link."},
    },
}
_LINK = {
    "type": "object",
    "required": ["id", "start", "end", "says", "kind", "layer", "firm", "mark", "evidence"],
    "properties": {
        "id": _TEXT,
        "start": _TEXT,
        "end": _TEXT,
        "says": _TEXT,
        "kind": _TEXT,
        "layer": _TEXT,
        "firm": {**_YES_NO, "description": "Neither wanted nor missing nor not taken in."},
        "mark": _TEXT,
        "evidence": _EVIDENCE,
    },
}
_DRAWN = {
    "type": "object",
    "required": ["as_of", "picture", "things", "links", "layers", "arrangements", "days"],
    "properties": {
        "as_of": {"type": "string", "format": "date"},
        "picture": {
            "type": "object",
            "required": ["nodes", "edges", "options"],
            "description": "What the map begins with: nodes, edges and options for vis-network.",
            "properties": {"nodes": _OBJECTS, "edges": _OBJECTS, "options": {"type": "object"}},
        },
        "things": {
            "type": "object",
            "description": "What is on the map, by id.",
            "additionalProperties": _THING,
        },
        "links": {"type": "array", "items": _LINK},
        "layers": _OBJECTS,
        "arrangements": {"type": "object", "description": "The column of each thing, by way."},
        "days": {
            **_OBJECTS,
            "description": "Days on which things stand otherwise, with what changes on each.",
        },
    },
}
_LEFT = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["group", "group_name", "need", "area"],
        "properties": {"group": _TEXT, "group_name": _TEXT, "need": _TEXT, "area": _TEXT},
    },
}
_LOST = {
    "type": "object",
    "required": ["as_of", "without", "falls", "nothing", "weaker"],
    "additionalProperties": False,
    "properties": {
        "as_of": {"type": "string", "format": "date"},
        "without": {"type": "array", "items": _TEXT},
        "falls": {
            "type": "array",
            "description": "The services that would fall.",
            "items": {
                "type": "object",
                "required": ["id", "name"],
                "properties": {"id": _TEXT, "name": _TEXT},
            },
        },
        "nothing": {**_LEFT, "description": "Groups and needs left with nothing on record."},
        "weaker": {**_LEFT, "description": "Groups and needs whose help would get weaker."},
    },
}


@router.get("/partnerships/{slug}/map", response_class=HTMLResponse, include_in_schema=False)
async def map_page(
    request: Request,
    slug: str,
    store: StoreDep,
    kept: MapFactsDep,
    as_of: Day = "",
    without: Without = [],  # noqa: B006 - FastAPI copies defaults
) -> HTMLResponse:
    """The picture, and beside it the same as tables."""

    def work() -> HTMLResponse:
        partnership, day, rows = _asked(store, kept, slug, as_of)
        return page(
            "map.html",
            about=(partnership,),
            partnership=partnership,
            scripts=SCRIPTS,
            without=" ".join(known_things(rows, without)),
            **tables_of(network(rows, day, partnership.newest)),
        )

    return await answered(request, work)


@router.get(
    "/partnerships/{slug}/map.json",
    operation_id="map",
    tags=["Records"],
    summary="What the map of a partnership draws and says",
    responses={200: {"content": {JSON: {"schema": _DRAWN}}}, **faults(404, 422)},
)
async def map_as_data(
    request: Request, slug: str, store: StoreDep, kept: MapFactsDep, as_of: Day = ""
) -> JSONResponse:
    """What the map draws and says: things and links, layers, and the days that change them."""

    def work() -> JSONResponse:
        partnership, day, rows = _asked(store, kept, slug, as_of)
        return JSONResponse(map_data(network(rows, day, partnership.newest), partnership))

    return await answered(request, work)


@router.get(
    "/partnerships/{slug}/map/if-ended",
    operation_id="map_if_ended",
    tags=["Records"],
    summary="What falls if things on the map ended",
    responses={200: {"content": {JSON: {"schema": _LOST}}}, **faults(404, 422)},
)
async def if_ended(
    request: Request,
    slug: str,
    store: StoreDep,
    kept: MapFactsDep,
    as_of: Day = "",
    without: Without = [],  # noqa: B006 - FastAPI copies defaults
) -> JSONResponse:
    """The services that would fall, and the groups and needs left with less, as `/what-if` has it.

    What would then hang on one thing only `/what-if` says.
    """

    def work() -> JSONResponse:
        partnership, day, rows = _asked(store, kept, slug, as_of)
        lost = known_things(rows, without)
        told = loss_told(kept.losing(store, partnership, day).of(frozenset(lost)))
        return JSONResponse({"as_of": day.isoformat(), "without": lost, **told})

    return await answered(request, work)


@router.get("/partnerships/{slug}/map.html", include_in_schema=False)
async def map_as_file(
    request: Request,
    slug: str,
    store: StoreDep,
    kept: MapFactsDep,
    as_of: Day = "",
    without: Without = [],  # noqa: B006 - FastAPI copies defaults
) -> Response:
    """The map as one HTML file that needs no server, to be kept."""

    def work() -> Response:
        partnership, day, rows = _asked(store, kept, slug, as_of)
        body = map_file(partnership, rows, day, known_things(rows, without))
        name = {"Content-Disposition": f'attachment; filename="{file_name(partnership, day)}"'}
        return Response(body, media_type=HTML, headers=name)

    return await answered(request, work)


@router.get("/vis-network.js", include_in_schema=False)
def vis_network() -> FileResponse:
    """The vis-network script that pyvis ships, from this machine."""
    return FileResponse(vis_network_file(), media_type="text/javascript")


def _asked(
    store: Store, kept: MapFacts, slug: str, as_of: str
) -> tuple[Partnership, datetime.date, Rows]:
    partnership = partnership_in(store, slug)
    return partnership, day_shown(partnership, as_of), kept.rows(store, slug)
