"""The public application: the Open Referral UK feed, linked data and plain pages, for anybody.

It opens the public release alone, in which nothing confidential is. It takes no sign-in, sets no
cookie and keeps no record of what was asked. It writes into one folder only, the letterbox: answers
of providers, reports of what is wrong, and counts of searches where a council wants them.
"""

import datetime
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from api.asking_once.counts import Searches
from api.asking_once.letterbox import Letterbox
from api.directory import reports
from api.directory import routes as directory
from api.faults import tell_faults
from api.open import answers, dataset, feed, linked
from api.open.doors import Doors
from api.open.pages import open_page, partnerships_of
from api.open.schemas import SCHEMAS
from api.open.shared import SnapshotDep
from api.openapi import describe
from api.published import Published
from api.routes.documentation import operations_of, swagger_script, swagger_styles

STATIC = Path(__file__).parent / "static"
_DESCRIPTION = (
    "Public services of partnerships: an Open Referral UK 3.0 feed and linked data. Anybody may "
    "read them, without a key. The historical records are no way to get help today; in an "
    "emergency call 999."
)
_TAGS = (
    {
        "name": feed.ALL,
        "description": "Services, organisations and places of all partnerships in the national "
        "format (HSDS-UK 3.0).",
    },
    {"name": feed.ONE, "description": "The same of one partnership."},
    {"name": "Linked data", "description": "Records by their IRIs, and the data set as a whole."},
)


def create_public_app(
    published: Published,
    *,
    today: Callable[[], datetime.date],
    licence: str = "",
    places: Collection[str] = (),
    letterbox: Letterbox | None = None,
    counts_searches: bool = False,
) -> FastAPI:
    """The public application over the public release.

    `today` gives the serving day, by which contacts that are too old are withheld; `licence` is the
    IRI of the data's terms of use, where the publisher states any. `places` are the partnerships
    that the directory's pages are for, by slug; all where none is named. Without a `letterbox`
    nothing is taken and nothing counted.
    """
    app = FastAPI(
        title="Fingerpost, public",
        description=_DESCRIPTION,
        version="3.0",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.published = published
    app.state.today = today
    app.state.licence = licence
    app.state.places = frozenset(places)
    app.state.searches = None
    if letterbox is not None:
        app.state.doorkeeper = answers.Doorkeeper(letterbox)
        app.state.reports = reports.Reports(letterbox)
        app.include_router(answers.router)
        app.include_router(reports.router)
        if counts_searches:
            app.state.searches = Searches(letterbox, today())
    app.add_middleware(Doors)
    app.add_api_route("/data", start, include_in_schema=False, response_class=HTMLResponse)
    app.add_api_route("/health", health, include_in_schema=False, response_class=Response)
    app.add_api_route("/api", documentation, include_in_schema=False, response_class=HTMLResponse)
    for path, file in (
        ("/api/swagger-ui.css", swagger_styles),
        ("/api/swagger-ui.js", swagger_script),
    ):
        app.add_api_route(path, file, include_in_schema=False)
    for router in (directory.router, feed.everything, feed.each, dataset.router, linked.router):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    tell_faults(app, directory.error_page)
    describe(app, tags=_TAGS, schemas=SCHEMAS, always=(500, 503))
    return app


def start(snapshot: SnapshotDep) -> HTMLResponse:
    """What is here, and for whom."""
    known = partnerships_of(snapshot)
    return open_page("open/start.html", known, partnerships=known)


def health(request: Request, snapshot: SnapshotDep) -> Response:
    """Whether a public release is served, and which."""
    return Response(
        f'{{"status":"ok","release":"{snapshot.release}"}}', media_type="application/json"
    )


def documentation(request: Request, snapshot: SnapshotDep) -> HTMLResponse:
    """The operations to read; where scripts run, to try as well."""
    described: dict[str, Any] = request.app.openapi()
    return open_page(
        "api.html",
        partnerships_of(snapshot),
        layout="open/base.html",
        lede="The feed and the linked data, for programs. Anybody may read them, without a key.",
        title=described["info"]["title"],
        chapters=operations_of(described),
    )
