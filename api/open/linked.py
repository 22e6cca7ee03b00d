"""Linked data: each record answers at its IRI, as a page or as data, whichever is asked for.

An IRI names a thing, its documents say something of it. The IRI answers directly with the document
that the client prefers and names it in `Content-Location`; each document also has an address of its
own with an ending. (A redirect with 303 would say the same at the price of another request; docs/
feed.md gives the reasons.) A record that is not public is answered exactly like one that never was.
"""

import datetime
import json
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.errors import NotFoundError
from api.negotiation import negotiated
from api.open.description import describe
from api.open.formats import BY_ENDING, BY_TYPE, FORMS, HTML, JSONLD, OFFERS
from api.open.pages import record_page
from api.open.records import Json, written
from api.open.shared import NOT_MODIFIED, SnapshotDep, TodayDep, answered
from api.open.withheld import withheld
from api.openapi import faults
from api.published import Snapshot
from graph.exports.openreferral import uuid_of
from graph.exports.schemaorg import PROFILE, schema_org

SCHEMA_ORG = f'{JSONLD};profile="{PROFILE}"'
"""A service for search engines: JSON-LD with the terms of schema.org."""
_ENDING = ".schemaorg.jsonld"
_NO_RECORD = "There is no such record."
_Part = Annotated[str, Path(max_length=200)]

router = APIRouter(tags=["Linked data"])
_CONTENT = {
    HTML: {"schema": {"type": "string"}},
    **{form.media_type: {"schema": {"type": "string"}} for form in FORMS},
}
_CONTENT[JSONLD] = {"schema": {"type": "object"}}


@router.get(
    "/id/{slug}/{kind}/{name}",
    operation_id="get_record",
    summary="A record or a shared term, by its IRI",
    response_class=Response,
    responses={
        200: {
            "description": "What is said of it: the same statements in every form. With an ending "
            f"({', '.join(BY_ENDING)}, .html) the address is of that form alone.",
            "content": _CONTENT,
        },
        **NOT_MODIFIED,
        **faults(404, 406, 422),
    },
)
def record(
    request: Request,
    slug: _Part,
    kind: _Part,
    name: _Part,
    snapshot: SnapshotDep,
    today: TodayDep,
) -> Response:
    """What is said of one record, in the form that the client prefers."""
    local, dot, ending = name.partition(".")
    ending = dot + ending
    media_type = _form(request, kind, ending)
    identifier = f"{slug}/{kind}/{local}"
    if identifier not in snapshot.by_subject:
        raise NotFoundError(_NO_RECORD)
    path = f"/id/{identifier}"
    headers = {"Link": _link(path), **({} if ending else {"Vary": "Accept"})}
    hidden = withheld(snapshot, today)
    if media_type == SCHEMA_ORG:
        found = of_schema_org(snapshot, identifier, today)
        if found is None:
            raise NotFoundError(_NO_RECORD)
        headers["Content_Location"] = f"{path}{_ENDING}"
        digest = snapshot.collection(None, today).digest
        return answered(request, digest, media_type, lambda: written(found), **headers)
    if media_type == HTML:
        said = describe(snapshot, identifier, hidden)
        shown = record_page(snapshot, identifier, said, of_schema_org(snapshot, identifier, today))
        headers["Content_Location"] = f"{path}.html"
        shown.headers.update({k.replace("_", "-"): v for k, v in headers.items()})
        return shown
    form = BY_TYPE[media_type]
    headers["Content_Location"] = f"{path}{form.ending}"
    return answered(
        request,
        snapshot.release,
        media_type,
        lambda: form.write(describe(snapshot, identifier, hidden), snapshot.schema),
        # Which contacts are withheld changes with the day, and the answer with it.
        *sorted(str(quad.subject) for quad in hidden),
        **headers,
    )


def _form(request: Request, kind: str, ending: str) -> str:
    """The media type of the answer. An unknown ending is answered as an unknown record."""
    if not ending:
        offers = (*OFFERS, SCHEMA_ORG) if kind == "service" else OFFERS
        return negotiated(request, offers)
    if ending == ".html":
        return HTML
    if ending == _ENDING and kind == "service":
        return SCHEMA_ORG
    if ending in BY_ENDING:
        return BY_ENDING[ending].media_type
    raise NotFoundError(_NO_RECORD)


def _link(path: str) -> str:
    """Where the same stands in other forms (RFC 8288)."""
    found = [f'<{path}{f.ending}>; rel="alternate"; type="{f.media_type}"' for f in FORMS]
    return ", ".join([*found, f'<{path}.html>; rel="alternate"; type="{HTML}"'])


def of_schema_org(snapshot: Snapshot, identifier: str, today: datetime.date) -> Json | None:
    """A service in the terms of schema.org; None for anything else."""
    node = snapshot.nodes.get(identifier)
    if node is None or node.label != "Service":
        return None
    services = snapshot.collection(None, today).listings["services"]
    found = services.by_id.get(uuid_of(identifier))
    return schema_org(json.loads(found.full)) if found else None
