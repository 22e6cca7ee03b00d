"""What stands before the public application: who may ask, how, and the headers of all answers.

Anybody may, from any site, and only read. Answers with data say so to browsers (CORS), so that a
page of somebody else's may show them; pages may be kept by nobody (SAFETY, rule 5).
"""

import json
import logging
from typing import Any

from starlette.responses import Response

from api.guard import HEADERS, Message, Receive, Scope, Send

OPEN = ("/openreferral", "/id/", "/ontology", "/dataset", "/.well-known/", "/openapi.json")
"""What the addresses of open data begin with."""
METHODS = "GET, HEAD, OPTIONS"
DATA = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Content-Location, Fingerpost-Notice",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "no-cache",
}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "Accept, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
_log = logging.getLogger(__name__)


def is_open(path: str) -> bool:
    """Whether an address is one of open data."""
    return path.startswith(OPEN)


def headers_of(path: str) -> dict[str, str]:
    """The headers that every answer of an address leaves with."""
    return {**HEADERS, **DATA} if is_open(path) else dict(HEADERS)


class Doors:
    """Answers HEAD as GET without its body, and OPTIONS; lets nothing else through but GET."""

    def __init__(self, app: Any) -> None:
        """Stand before an ASGI application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path, method = str(scope["path"]), str(scope["method"])
        send = _with_headers(send, headers_of(path))
        if method == "OPTIONS":
            extra = _PREFLIGHT if is_open(path) else {}
            answer = Response(status_code=204, headers={"Allow": METHODS, **extra})
            await answer(scope, receive, send)
            return
        if method == "HEAD":
            scope, send = {**scope, "method": "GET"}, _without_body(send)
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception:
            # Told here and not outside, where these headers would be missing.
            _log.exception("a request could not be answered")
            if begun:
                raise
            await _broken()(scope, receive, send)


def _broken() -> Response:
    told = {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "Something went wrong here. The log of the server says what.",
    }
    return Response(json.dumps(told), 500, media_type="application/problem+json")


def _with_headers(send: Send, headers: dict[str, str]) -> Send:
    """Send an answer with these headers in place of its own of the same names.

    What must not be kept says so itself: an error does, and stays so.
    """
    ours = {k.lower().encode(): v.encode() for k, v in headers.items()}

    async def send_headed(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = {k.lower(): v for k, v in message["headers"]}
            added = dict(ours)
            if message["status"] >= 400 or given.get(b"cache-control") == b"no-store":
                added[b"cache-control"] = b"no-store"
            if message["status"] == 405 and b"access-control-allow-origin" in ours:
                added[b"allow"] = METHODS.encode()
            kept = [(k, v) for k, v in message["headers"] if k.lower() not in added]
            message = {**message, "headers": [*kept, *added.items()]}
        await send(message)

    return send_headed


def _without_body(send: Send) -> Send:
    """Send the head of an answer as it is, and none of its body."""

    async def send_head(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return send_head
