"""The gate before the staff application: who asks, whether they may, and that it was they.

It stands before anything of a request's body is read. In this order: who is it (a key, a session,
or whoever is at this machine), not too often, which rule has the route, may they, and do requests
that change something come from our own pages (OWASP, Cross-Site Request Forgery Prevention).
A route without a rule is refused to everybody.
"""

from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.routing import iter_route_contexts
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from api.access.access import Access
from api.access.roles import Actor
from api.access.rules import ACTOR, DeniedError, Rule, strictest
from api.errors import RequestError, TooManyError
from api.guard import OURS, header, site_of
from graph.errors import FingerpostError

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing (RFC 9110, 9.2.1)."""
_METHODS = SAFE | {"POST", "PUT", "PATCH", "DELETE"}
"""Those that the log names; any other is a text of whoever sent it."""
_CALLER = "fingerpost.caller"
"""Who asks, whether or not they may: for the log of what is refused."""
Plain = Mapping[str, Rule]
"""The rules of what is no route of FastAPI's and cannot say its own, by path: mounts and such."""


class Gate:
    """Lets a request through to the application, or answers it itself."""

    def __init__(self, app: ASGIApp, access: Access, plain: Plain) -> None:
        """A gate before an application, with the rules of what cannot say its own."""
        self._app = app
        self._access = access
        self._plain = plain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            await self._pass(request)
        except FingerpostError as error:
            answer = await self._refusal(request, error)
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _pass(self, request: Request) -> None:
        """Leave who asks in the scope. Raises RequestError where they may not pass."""
        access, scope = self._access, request.scope
        found = matching(request.app, scope, self._plain)
        if found is not None:
            scope["route"] = found[0]
        actor = scope[_CALLER] = await run_in_threadpool(access.recognise, request)
        if found is None:
            return  # The application answers that there is no such page.
        rule = found[1]
        if rule is None:
            raise DeniedError("Nobody has said who may do this, so nobody may.")
        if rule.least is not None:
            rule.hold(actor)
        if request.method not in SAFE:
            self._check_origin(request, actor)
        scope[ACTOR] = actor

    def _check_origin(self, request: Request, actor: Actor | None) -> None:
        """Raises DeniedError for a change that our own pages may not have asked for.

        A browser sends a cookie along with what another site's page asks; a key it does not. Where
        nobody signs in, a program on this machine names no origin; browsers that do not say the
        site name the origin of what changes something.
        """
        if actor is not None and actor.how == "key":
            return
        site = site_of(request.scope)
        origin = header(request.scope, b"origin")
        if site is not None:
            is_ours = site in OURS
        elif origin is not None:
            is_ours = origin in self._access.origins(request)
        else:
            is_ours = not self._access.is_required()
        if not is_ours:
            raise DeniedError("This was not asked for by one of these pages. Begin again there.")

    async def _refusal(self, request: Request, error: FingerpostError) -> Response:
        access = self._access
        # What comes too often is not told: its beginning is, and each line is synced to the disk.
        is_told = isinstance(error, RequestError) and not isinstance(error, TooManyError)
        if request.method not in SAFE and is_told:
            route = getattr(request.scope.get("route"), "path_format", None) or "no such address"
            method = request.method if request.method in _METHODS else "another method"
            act = f"{method} {route}"
            actor = request.scope.get(_CALLER)
            await run_in_threadpool(access.log.refuse, actor, act, type(error).__name__)
        return await run_in_threadpool(access.tell, request, error)


def matching(app: FastAPI, scope: Scope, plain: Plain) -> tuple[BaseRoute, Rule | None] | None:
    """The route that a request would be answered by, and its rule; None where there is no route.

    Routes are looked up anew each time, so that none is passed over that was added later.
    """
    for context in iter_route_contexts(app.routes):
        match, _ = context.matches(scope)
        if match is Match.FULL:
            return context.original_route, rule_of(context, plain)
    return None


def rule_of(route: object, plain: Plain) -> Rule | None:
    """The rule of a route as FastAPI knows it; None where nobody has given it one."""
    dependencies = getattr(route, "dependencies", None)
    if dependencies is None:
        return plain.get(getattr(route, "path", "") or "")
    return strictest(dependencies)
