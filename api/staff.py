"""The staff application over the full store: answers, records and maps, as pages and as data.

It is for commissioners and editors. No page takes Cypher or loads from another host. Who may do
what is the rule of each route (`api.access`); one without a rule is refused to everybody.
"""

import datetime
from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from api.access import routes as signing_in
from api.access.access import Access, Clock
from api.access.gate import Gate
from api.access.rules import Rule
from api.desk import Desk
from api.faults import tell_faults
from api.guard import Guard
from api.openapi import describe
from api.question_forms import row_schemas
from api.routes import (
    checks,
    corrections,
    documentation,
    home,
    imports,
    maps,
    papers,
    questions,
    records,
    releases,
    scenarios,
    views,
    workbench,
)
from api.routes.pages import error_page
from api.settings import Settings
from graph.stores.protocol import Store
from ontology.schema import Schema

STATIC = Path(__file__).parent / "static"
PLAIN_RULES = {
    "/static": Rule(None),  # Style sheets and scripts, which the page to sign in needs too.
}
"""The rules of what is no route of FastAPI's and cannot say its own."""


def utc_now() -> datetime.datetime:
    """The clock of sessions, keys and the log."""
    return datetime.datetime.now(datetime.UTC)


def create_staff_app(
    store: Store, schema: Schema, settings: Settings | None = None, now: Clock = utc_now
) -> FastAPI:
    """The staff application over one store; settings are those of the environment if not given.

    Raises FingerpostError where the settings do not fit together.
    """
    is_home_named = settings is not None
    settings = settings or Settings()
    access = Access.of(settings, now)
    app = FastAPI(
        title="Fingerpost",
        description="What is funded, who is reached and what is missing, with the evidence.",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        max_body_size=settings.body_bytes,
    )
    app.state.settings = settings
    app.state.access = access
    app.state.store = store
    app.state.schema = schema
    if is_home_named:
        # A tool or test that names no home must not act on the releases of the usual one.
        app.state.desk = Desk(settings, now)
    # The one added last stands before the others.
    app.add_middleware(Gate, access=access, plain=PLAIN_RULES)
    app.add_middleware(Guard, hosts=access.hosts, other_sites=access.takes_from_elsewhere)
    for module in (signing_in, home, questions, scenarios, documentation, records, maps, views):
        app.include_router(module.router)
    app.include_router(workbench.router)
    app.include_router(papers.router)
    app.include_router(home.probes)
    app.include_router(releases.router)
    app.include_router(checks.router)
    app.include_router(corrections.router)
    app.include_router(imports.router, max_body_size=settings.upload_bytes)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    tell_faults(app, error_page)
    describe(app, tags=documentation.TAGS, schemas=row_schemas())
    return app
