"""The staff application over the full store: answers, records and maps, as pages and as data.

It is for commissioners and editors. No page takes Cypher or loads from another host.
"""

from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from api.faults import tell_faults
from api.guard import Guard
from api.routes import home, maps, questions, records
from graph.stores.protocol import Store
from ontology.schema import Schema

STATIC = Path(__file__).parent / "static"


def create_staff_app(store: Store, schema: Schema) -> FastAPI:
    """The staff application over one store."""
    app = FastAPI(
        title="Fingerpost",
        description="What is funded, who is reached and what is missing, with the evidence.",
        docs_url=None,
        redoc_url=None,
    )
    app.state.store = store
    app.state.schema = schema
    app.add_middleware(Guard)
    for module in (home, questions, records, maps):
        app.include_router(module.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    tell_faults(app)
    return app
