"""The Open Referral UK 3.0 feed: eleven endpoints over all partnerships, and over each alone.

What the standard leaves open is decided in docs/feed.md.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import ceil
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import JSONResponse, Response

from api.errors import NotFoundError
from api.open.parameters import (
    Asked,
    organizations_asked,
    pages_asked,
    places_asked,
    services_asked,
    terms_asked,
)
from api.open.records import Choice, Collection, Entry, written
from api.open.shared import NOT_MODIFIED, SnapshotDep, TodayDep, answered
from api.openapi import faults
from api.published import Snapshot
from graph.ids import LOCAL

JSON = "application/json"
LINES = "application/x-ndjson"
BASE = "/openreferral"
ALL, ONE = "Open Referral UK", "Open Referral UK, one partnership"
"""What the operations over all partnerships, and those over one, are called together."""
_NO_RECORD = "There is no such record in this feed."
_NO_POSTCODE = (
    "proximity is measured from a postcode, and none is given. That nothing is listed does not say "
    "that nothing is near."
)
_NO_POSITION = (
    "It is not known here where this postcode is. That nothing is listed does not say that nothing "
    "is near."
)
_NO_AREA = (
    "It is not known here which areas this postcode lies in. Only services without a recorded area "
    "are listed, which does not say that no other serves it."
)
_ENDPOINTS: tuple[tuple[str, str, str, Callable[..., Asked]], ...] = (
    ("services", "Service", "services", services_asked),
    ("organizations", "Organization", "organisations", organizations_asked),
    ("taxonomies", "Taxonomy", "taxonomies", pages_asked),
    ("taxonomy_terms", "TaxonomyTerm", "terms of taxonomies", terms_asked),
    ("service_at_locations", "ServiceAtLocation", "services at locations", places_asked),
)


def get_slug(
    slug: Annotated[
        str,
        Path(
            pattern=f"^{LOCAL.pattern}$",
            max_length=100,
            description="A partnership, as the root of the feed over all names them.",
        ),
    ],
) -> None:
    """Describe the partnership in an address; `_collection` reads it."""


def _collection(request: Request, snapshot: SnapshotDep, today: TodayDep) -> Collection:
    try:
        return snapshot.collection(request.path_params.get("slug"), today)
    except KeyError:
        raise NotFoundError("There is no such partnership in this feed.") from None


CollectionDep = Annotated[Collection, Depends(_collection)]


def _router(prefix: str, tag: str, mark: str) -> APIRouter:
    depends = [Depends(get_slug)] if "{slug}" in prefix else []
    router = APIRouter(prefix=prefix, tags=[tag], dependencies=depends)
    _add_root(router, mark)
    for endpoint, schema, words, asked in _ENDPOINTS:
        _add_list(router, endpoint, schema, words, asked, mark)
        _add_record(router, endpoint, schema, mark)
    return router


def _add_root(router: APIRouter, mark: str) -> None:
    def root(request: Request, feed: CollectionDep) -> Response:
        return answered(request, feed.digest, JSON, lambda: feed.root)

    options: dict[str, Any] = {"response_class": JSONResponse, "response_model": None}
    router.add_api_route(
        "/",
        root,
        summary="What this feed is",
        operation_id=f"{mark}about",
        responses=_responses("About", *((404, 422) if mark != "feed_" else ())),
        **options,
    )
    # A base address is written with or without its slash; a redirect would lose the headers.
    router.add_api_route("", root, include_in_schema=False, **options)


def _add_list(
    router: APIRouter,
    endpoint: str,
    schema: str,
    words: str,
    asked: Callable[..., Asked],
    mark: str,
) -> None:
    def listed(
        request: Request,
        feed: CollectionDep,
        snapshot: SnapshotDep,
        ask: Annotated[Asked, Depends(asked)],
    ) -> Response:
        return _listed(request, feed, snapshot, endpoint, ask)

    statuses = (422,) if mark == "feed_" else (404, 422)
    described = _responses(f"{schema}Page", *statuses)
    described[200]["content"][LINES] = {"schema": {"type": "string"}}
    router.add_api_route(
        f"/{endpoint}",
        listed,
        summary=f"The {words}, page by page",
        operation_id=f"{mark}list_{endpoint}",
        response_class=JSONResponse,
        response_model=None,
        responses=described,
    )


def _add_record(router: APIRouter, endpoint: str, schema: str, mark: str) -> None:
    def record(
        request: Request,
        feed: CollectionDep,
        identifier: Annotated[str, Path(alias="id", max_length=100, description="The UUID.")],
    ) -> Response:
        found = feed.listings[endpoint].by_id.get(identifier)
        if found is None:
            raise NotFoundError(_NO_RECORD)
        return answered(request, feed.digest, JSON, lambda: found.full)

    router.add_api_route(
        f"/{endpoint}/{{id}}",
        record,
        summary="One of them in full",
        operation_id=f"{mark}get_{endpoint}",
        response_class=JSONResponse,
        response_model=None,
        responses=_responses(schema, 404, 422),
    )


def _responses(schema: str, *statuses: int) -> dict[int | str, Any]:
    ok = {
        "description": "The answer; its `ETag` changes only when the feed does.",
        "content": {JSON: {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }
    return {200: ok, **NOT_MODIFIED, **faults(*statuses)}


# ---------------------------------------------------------------- lists


def _listed(
    request: Request, feed: Collection, snapshot: Snapshot, endpoint: str, ask: Asked
) -> Response:
    choice, notice = placed(ask, feed, snapshot)

    def make() -> bytes:
        found = feed.listings[endpoint].chosen(choice)
        if ask.form == "ndjson":
            return b"".join(getattr(entry, ask.shape) + b"\n" for entry in found)
        return page_of(found, ask, notice)

    media_type = LINES if ask.form == "ndjson" else JSON
    # Lines have no envelope that could hold the notice.
    headers = {"Fingerpost_Notice": notice} if notice else {}
    return answered(request, feed.digest, media_type, make, snapshot.postcodes.mark, **headers)


def page_of(found: Sequence[Entry], ask: Asked, notice: str = "") -> bytes:
    """One page in the standard's envelope; beyond the last page there is an empty one."""
    total = len(found)
    size = ask.per_page or max(total, 1)
    pages = max(1, ceil(total / size))
    shown = found[(ask.page - 1) * size : ask.page * size]
    envelope = {
        "total_items": total,
        "total_pages": pages,
        "page_number": ask.page,
        "size": len(shown),
        "first_page": ask.page == 1,
        "last_page": ask.page >= pages,
        "empty": not shown,
        **({"fingerpost": {"notice": notice}} if notice else {}),
    }
    contents = b",".join(getattr(entry, ask.shape) for entry in shown)
    return written(envelope)[:-1] + b',"contents":[' + contents + b"]}"


def placed(ask: Asked, feed: Collection, snapshot: Snapshot) -> tuple[Choice, str]:
    """What is chosen, with the position or the areas of a postcode, and what must be said of it.

    Where it is not known where a postcode is, a list cannot say what is there, and says so.
    """
    if not ask.postcode:
        if ask.proximity is None:
            return ask.choice, ""
        return replace(ask.choice, nowhere=True), _NO_POSTCODE
    if ask.proximity is None:
        areas = snapshot.areas_of(ask.postcode)
        return replace(ask.choice, areas=areas), "" if areas else _NO_AREA
    near = feed.position(ask.postcode, snapshot.postcodes)
    if near is None:
        return replace(ask.choice, nowhere=True), _NO_POSITION
    return replace(ask.choice, near=near, within=ask.proximity), ""


everything = _router(BASE, ALL, "feed_")
"""The feed over all partnerships."""
each = _router(f"{BASE}/{{slug}}", ONE, "partnership_feed_")
"""The same feed over one partnership."""
