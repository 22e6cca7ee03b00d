"""What stands before both applications: whose requests are answered, and headers of all answers.

An answer leaves with a policy that lets a browser load nothing from elsewhere and keep nothing. An
application that is for this machine only answers to loopback names alone: a page elsewhere that
points its own name at this machine gets nothing.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.responses import PlainTextResponse

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
