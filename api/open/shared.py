"""What the routes of open data share: the release served, the day, and how data are answered."""

import datetime
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import Response

from api.etag import data_etag, has_it, not_modified
from api.published import Snapshot

KEPT = "no-cache"
"""Cache-Control of open data: anybody may keep them, and asks whether they still hold."""


def get_snapshot(request: Request) -> Snapshot:
    """The public release served now."""
    found: Snapshot = request.app.state.published.snapshot()
    return found


def get_today(request: Request) -> datetime.date:
    """The serving day: the one place with a clock (SAFETY, rule 4)."""
    today: Callable[[], datetime.date] = request.app.state.today
    return today()


SnapshotDep = Annotated[Snapshot, Depends(get_snapshot)]
TodayDep = Annotated[datetime.date, Depends(get_today)]


def answered(
    request: Request,
    release: str,
    media_type: str,
    make: Callable[[], bytes],
    *more: str,
    **headers: str,
) -> Response:
    """Data with an ETag, or 304 to a client that has them; `make` is only called if need be.

    `release` names what is served, `more` what else the answer is a function of.
    """
    etag = data_etag(request, release, media_type, *more)
    own = {"Cache_Control": KEPT, **headers}
    if has_it(request, etag):
        return not_modified(etag, **own)
    shown = {name.replace("_", "-"): value for name, value in own.items()}
    return Response(make(), media_type=media_type, headers={"ETag": etag, **shown})


NOT_MODIFIED: dict[int | str, dict[str, object]] = {
    304: {"description": "The client has it already: its `If-None-Match` names it."}
}
