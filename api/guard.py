"""What stands before both applications: whose requests are answered, and headers of all answers.

An answer leaves with a policy that lets a browser load nothing from elsewhere and keep nothing. An
application answers to its own names alone, which are those of this machine unless settings give
others: a page elsewhere that points its own name at this machine gets nothing.
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
    """Refuses requests to other names than its own, and of other sites; puts headers on answers."""

    def __init__(
        self,
        app: Any,
        hosts: frozenset[str] | None = LOOPBACK,
        other_sites: Callable[[Scope], bool] = lambda _: False,
    ) -> None:
        """Guard an ASGI application.

        `hosts` are the names it answers to, without port and in lower case; None for any.
        `other_sites` says which requests of other sites' pages it answers too.
        """
        self._app = app
        self._hosts = hosts
        self._other_sites = other_sites

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _with_ours(message["headers"])
            await send(message)

        if self._hosts is not None and host_of(scope) not in self._hosts:
            refusal = PlainTextResponse("This is not a name of these pages.", 421)
            await refusal(scope, receive, send_guarded)
            return
        if (site_of(scope) or "none") not in OURS and not self._other_sites(scope):
            refusal = PlainTextResponse(
                "These pages do not answer other sites. Open their address by itself.", 403
            )
            await refusal(scope, receive, send_guarded)
            return
        await self._app(scope, receive, send_guarded)


def _with_ours(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers of an answer with ours; a route may say itself who may keep and read it."""
    given = {name.lower() for name, _ in headers}
    ours = {
        name: value for name, value in _OURS.items() if name not in _ROUTES_OWN or name not in given
    }
    return [*((n, v) for n, v in headers if n.lower() not in ours), *ours.items()]


_OURS = {name.lower().encode(): value.encode() for name, value in HEADERS.items()}
_ROUTES_OWN = frozenset({b"cache-control", b"cross-origin-resource-policy"})


def site_of(scope: Scope) -> str | None:
    """Which site a browser says a request comes from; older browsers and programs say nothing."""
    return header(scope, b"sec-fetch-site")


def host_of(scope: Scope) -> str:
    """The name that a request is for, without its port and in lower case."""
    given = header(scope, b"host") or ""
    name, colon, port = given.rpartition(":")
    return (name if colon and port.isdigit() else given).lower()


def header(scope: Scope, name: bytes) -> str | None:
    """The first header of a name (in lower case), or None."""
    return next((v.decode("latin-1") for k, v in scope["headers"] if k == name), None)
