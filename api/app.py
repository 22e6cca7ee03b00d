"""The web application for staff: answers, records and maps, as pages and as JSON.

It is meant for this machine only and has no sign-in, so it answers to loopback names alone: a page
elsewhere that points its own name at this machine gets nothing. No page takes Cypher, loads from
another host, sets a cookie or keeps anything.
"""

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles

from api.deps import NotFoundError
from api.routes import home, maps, questions, records
from api.routes.pages import problem
from graph.errors import FingerpostError, StoreError
from graph.stores.protocol import Store
from ontology.schema import Schema

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
OURS = frozenset({"none", "same-origin"})
"""What a browser says of requests that a person or our own pages make (Sec-Fetch-Site)."""
_STATIC = Path(__file__).parent / "static"
_WORDS = {
    404: "There is no such page.",
    405: "This address takes no such request.",
}
_log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Guard:
    """Refuses requests to names that are not this machine's; puts the headers on all answers."""

    def __init__(self, app: Any) -> None:
        """Guard an ASGI application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = {k.lower().encode(): v.encode() for k, v in HEADERS.items()}
                kept = [(k, v) for k, v in message["headers"] if k.lower() not in ours]
                message["headers"] = [*kept, *ours.items()]
            await send(message)

        if _host(scope) not in LOOPBACK:
            refusal = PlainTextResponse("These pages are for this machine only.", 421)
            await refusal(scope, receive, send_guarded)
            return
        if _site(scope) not in OURS:
            refusal = PlainTextResponse("These pages do not answer other sites.", 403)
            await refusal(scope, receive, send_guarded)
            return
        await self._app(scope, receive, send_guarded)


def _site(scope: Scope) -> str:
    """Which site a browser says a request comes from; older browsers and programs say nothing."""
    given = (v.decode("latin-1") for k, v in scope["headers"] if k == b"sec-fetch-site")
    return next(given, "none")


def _host(scope: Scope) -> str:
    given = next((v.decode("latin-1") for k, v in scope["headers"] if k == b"host"), "")
    name, colon, port = given.rpartition(":")
    return (name if colon and port.isdigit() else given).lower()


def create_app(store: Store, schema: Schema) -> FastAPI:
    """The staff application over one store. Serve it on a loopback address only."""
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
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    app.add_exception_handler(FingerpostError, _mendable)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(Exception, _broken)
    return app


def _mendable(request: Request, error: Exception) -> Response:
    """What a reader can mend: 404 for an address, 422 for a choice, 503 for the store."""
    if isinstance(error, NotFoundError):
        return problem(request, 404, str(error))
    if isinstance(error, StoreError):
        _log.warning("the store cannot be read: %s", error)
        return problem(request, 503, str(error))
    return problem(request, 422, str(error))


def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return problem(request, status, _WORDS.get(status, "The request cannot be answered."))


def _malformed(request: Request, _: Exception) -> Response:
    """A choice that is too long or malformed; FastAPI's own answer would repeat what was sent."""
    return problem(request, 422, "A choice in the address is too long or not of the right form.")


def _broken(request: Request, _: Exception) -> Response:
    """Our own mistake. This answer leaves outside the guard and carries the headers itself."""
    answer = problem(request, 500, "Something went wrong here. The log of the server says what.")
    answer.headers.update(HEADERS)
    return answer
