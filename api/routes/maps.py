"""The map of one partnership: a page with the picture and its tables, its data, and vis-network."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import WithJsonSchema
from starlette.responses import FileResponse, HTMLResponse, JSONResponse

from api.access import Role, needs
from api.deps import StoreDep, day_shown, partnership_in
from api.negotiation import JSON
from api.openapi import faults
from api.question_forms import DAY
from api.routes.pages import page, record_url
from graph.stores.protocol import Store
from queries.asked import Partnership
from visualise.chart import Chart, Thing, read_rows
from visualise.layout import COLUMNS, column_of
from visualise.network import KINDS, LINKS, MapData, network, vis_network_file

router = APIRouter(dependencies=[needs(Role.READER)])
_ROUTES_AT_ONCE = 25
Day = Annotated[
    str,
    Query(description="The day shown; the newest source's if empty."),
    WithJsonSchema(DAY),
]
_TEXT = {"type": "string"}
_OBJECTS = {"type": "array", "items": {"type": "object"}}
_DRAWN = {
    "type": "object",
    "required": ["as_of", "picture", "things", "links"],
    "additionalProperties": False,
    "properties": {
        "as_of": {"type": "string", "format": "date"},
        "picture": {
            "type": "object",
            "required": ["nodes", "edges", "options"],
            "description": "Nodes, edges and options as vis-network takes them.",
            "properties": {"nodes": _OBJECTS, "edges": _OBJECTS, "options": {"type": "object"}},
        },
        "things": {
            "type": "object",
            "description": "What is drawn, by id.",
            "additionalProperties": {
                "type": "object",
                "required": ["name", "kind", "sign", "facts", "staff", "url"],
                "additionalProperties": False,
                "properties": {
                    "name": _TEXT,
                    "kind": _TEXT,
                    "sign": _TEXT,
                    "facts": {"type": "array"},
                    "staff": {"type": "boolean", "description": "Not for publication."},
                    "url": {"type": "string", "format": "uri-reference"},
                },
            },
        },
        "links": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["start", "end", "says", "kind"],
                "additionalProperties": False,
                "properties": {"start": _TEXT, "end": _TEXT, "says": _TEXT, "kind": _TEXT},
            },
        },
    },
}


@dataclass(frozen=True, slots=True)
class Joined:
    """A link as a row of the table beside the picture."""

    start: str
    start_url: str
    says: str
    end: str
    end_url: str
    record: str | None


@router.get("/partnerships/{slug}/map", response_class=HTMLResponse, include_in_schema=False)
def map_page(slug: str, store: StoreDep, as_of: Day = "") -> HTMLResponse:
    """The picture, and beside it the same as tables."""
    partnership, day, drawn = _drawn(store, slug, as_of)
    return page(
        "map.html",
        about=(partnership,),
        partnership=partnership,
        day=day,
        kinds=KINDS,
        link_kinds={kind: word for kind, (word, _) in LINKS.items()},
        crowded=_crowded(drawn.chart),
        columns=_columns(drawn.chart),
        links=_joined(drawn.chart),
        standing_out=[t for t in drawn.chart.things if t.state.startswith("money ")],
    )


@router.get(
    "/partnerships/{slug}/map.json",
    operation_id="map",
    tags=["Records"],
    summary="What the map of a partnership draws and says",
    responses={200: {"content": {JSON: {"schema": _DRAWN}}}, **faults(404, 422)},
)
def map_data(slug: str, store: StoreDep, as_of: Day = "") -> JSONResponse:
    """What the map draws and says: nodes, edges and options, things and links."""
    _, day, drawn = _drawn(store, slug, as_of)
    said = drawn.chart
    things = {
        t.id: {
            "name": t.name,
            "kind": KINDS[t.kind].word,
            "sign": t.sign,
            "facts": t.facts,
            "staff": t.staff,
            "url": record_url(t.id),
        }
        for t in said.things
    }
    links: list[dict[str, Any]] = [
        {"start": k.start, "end": k.end, "says": k.says, "kind": k.kind} for k in said.links
    ]
    body = {"as_of": day.isoformat(), "picture": drawn.picture, "things": things, "links": links}
    return JSONResponse(body)


@router.get("/vis-network.js", include_in_schema=False)
def vis_network() -> FileResponse:
    """The vis-network script that pyvis ships, from this machine."""
    return FileResponse(vis_network_file(), media_type="text/javascript")


def _drawn(store: Store, slug: str, as_of: str) -> tuple[Partnership, datetime.date, MapData]:
    partnership = partnership_in(store, slug)
    day = day_shown(partnership, as_of)
    return partnership, day, network(read_rows(store, slug), day)


def _crowded(said: Chart) -> frozenset[str]:
    """The kinds of link that begin hidden: many routes within one column hide all else."""
    count = sum(k.kind == "referral" for k in said.links)
    return frozenset({"referral"} if count > _ROUTES_AT_ONCE else ())


def _columns(said: Chart) -> list[tuple[str, list[Thing]]]:
    found: list[tuple[str, list[Thing]]] = [(title, []) for title in COLUMNS]
    for thing in sorted(said.things, key=lambda t: t.name):
        found[column_of(thing)][1].append(thing)
    return [(title, things) for title, things in found if things]


def _joined(said: Chart) -> list[tuple[str, Iterable[Joined]]]:
    names = {t.id: t.name for t in said.things}
    rows: dict[str, list[Joined]] = {word: [] for word, _ in LINKS.values()}
    for link in said.links:
        record = record_url(link.record) if link.record else None
        rows[LINKS[link.kind][0]].append(
            Joined(
                names[link.start],
                record_url(link.start),
                link.says,
                names[link.end],
                record_url(link.end),
                record,
            )
        )
    return [(w, sorted(r, key=lambda j: (j.start, j.end))) for w, r in rows.items() if r]
