"""Whatever goes wrong, told in one way by both applications: what it is, and what to do next.

Programs get problem details (RFC 9457), browsers a page; the Accept header says which. Nothing that
was sent is repeated, and nothing of this machine is told: the log says the rest. A message is shown
where a RequestError (api/errors.py), a QuestionError or the problems of a table carry it; any other
error is logged, and the reader is told no more than what to do.
"""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import RequestError
from api.guard import HEADERS
from api.negotiation import HTML, JSON, PROBLEM, accept_of, best_match
from graph.errors import FingerpostError, InputError, ReleaseError, StoreError
from queries.asked import QuestionError

TITLES = {
    400: "The request cannot be read",
    401: "Sign in first",
    403: "Not allowed",
    404: "Page not found",
    405: "Not possible",
    406: "Not in this form",
    409: "Something changed meanwhile",
    410: "No longer there",
    413: "Too large",
    415: "Not of a type that is read here",
    422: "That cannot be asked",
    429: "Too many requests",
    500: "Something went wrong",
    503: "The data are not available",
}
"""The headings of error pages; problem details have the names that HTTP gives the statuses."""
NO_PAGE = "There is no such page."
_WORDS = {
    400: "The request cannot be read. Check how it is written.",
    404: NO_PAGE,
    405: "This address takes no such request.",
}
_OTHERWISE = "The request cannot be answered."
_DATA_ENDINGS = (".json", ".csv", ".xlsx")
_RETRY = {"Retry-After": "10"}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a request; `errors` say it parameter by parameter, or row by row."""

    status: int
    detail: str
    errors: Sequence[Mapping[str, object]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The heading of a page that tells it."""
        return TITLES.get(self.status, "The request cannot be answered")


ErrorPage = Callable[[Request, Problem], HTMLResponse]


def tell_faults(
    app: FastAPI, error_page: ErrorPage, headers: Callable[[], Mapping[str, str]] = lambda: HEADERS
) -> None:
    """Have an application answer all faults as problem details, or with its own error page.

    `headers` are those of all its answers: what is broken by our own mistake leaves outside of the
    middleware that sets them.
    """

    def mendable(request: Request, error: Exception) -> Response:
        problem = _of(error)
        if problem.status == HTTPStatus.METHOD_NOT_ALLOWED:
            problem = replace(problem, headers={"Allow": ", ".join(_allowed(app, request))})
        return _told(request, problem, error_page)

    def broken(request: Request, error: Exception) -> Response:
        detail = "Something went wrong here. The log of the server says what."
        answer = _told(request, Problem(500, detail), error_page)
        answer.headers.update(headers())
        return answer

    for kind in (FingerpostError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, mendable)
    app.add_exception_handler(Exception, broken)
    _tell_too_large(app, headers)


def _allowed(app: FastAPI, request: Request) -> list[str]:
    """The methods that an address takes; Starlette names those of the first of its routes alone."""
    found: set[str] = set()
    for context in iter_route_contexts(app.routes):
        if context.matches(request.scope)[0] is not Match.NONE:
            found |= getattr(context, "methods", None) or set()
    return sorted(found)


def _tell_too_large(app: FastAPI, headers: Callable[[], Mapping[str, str]]) -> None:
    """Tell of a body that is too large as of all else: FastAPI refuses it outside of everything."""
    build = app.build_middleware_stack

    def told() -> ASGIApp:
        inner = build()

        async def outermost(scope: Scope, receive: Receive, send: Send) -> None:
            refused = False

            async def telling(message: Message) -> None:
                nonlocal refused
                if message["type"] == "http.response.start" and _is_plain_413(message):
                    refused = True
                    detail = "The body is larger than is read here. Send less at once."
                    answer = problem_details(Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail))
                    answer.headers.update(headers())
                    await answer(scope, receive, send)
                elif not refused:
                    await send(message)

            await inner(scope, receive, telling)

        return outermost

    app.build_middleware_stack = told  # type: ignore[method-assign]


def _is_plain_413(message: Message) -> bool:
    given = dict(message["headers"])
    return bool(message["status"] == HTTPStatus.REQUEST_ENTITY_TOO_LARGE) and given.get(
        b"content-type", b""
    ).startswith(b"text/plain")


def problem_details(problem: Problem) -> Response:
    """A problem as a program reads it (RFC 9457)."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
    }
    if problem.errors:
        body["errors"] = [dict(error) for error in problem.errors]
    text = json.dumps(body, ensure_ascii=False, indent=2) + "\n"
    return Response(text, problem.status, media_type=PROBLEM)


def prefers_page(request: Request) -> bool:
    """Whether a fault is told as a page: where the client prefers HTML to JSON.

    Where it takes both alike, an address that answers with data tells it as data.
    """
    first = PROBLEM if _is_data(request) else HTML
    offers = sorted((HTML, PROBLEM, JSON), key=lambda offer: offer != first)
    return best_match(accept_of(request), offers) == HTML


def _is_data(request: Request) -> bool:
    """Whether an address answers with data unless a page is asked for."""
    if request.url.path.endswith(_DATA_ENDINGS) or request.method not in ("GET", "HEAD"):
        return True
    route = request.scope.get("route")
    response_class = getattr(route, "response_class", HTMLResponse)
    response_class = getattr(response_class, "value", response_class)  # FastAPI wraps its default
    return not issubclass(response_class, HTMLResponse)


def _told(request: Request, problem: Problem, error_page: ErrorPage) -> Response:
    answer: Response
    if prefers_page(request):
        answer = error_page(request, problem)
        answer.status_code = problem.status
    else:
        answer = problem_details(problem)
    answer.headers.update({"Vary": "Accept", "Cache-Control": "no-store", **problem.headers})
    return answer


# ---------------------------------------------------------------- what an error tells


def _of(error: Exception) -> Problem:
    """The problem that an error is: 404 for an address, 422 for a choice, 503 for the store."""
    match error:
        case RequestError():
            return Problem(error.status, str(error), error.errors, error.headers)
        case QuestionError():
            named = [{"parameter": error.parameter, "expected": error.told}]
            return Problem(422, error.told, named if error.parameter else ())
        case InputError():
            return Problem(
                422,
                "The tables cannot be used as they are; nothing was changed.",
                errors_of(error),
            )
        case StoreError() | ReleaseError():
            _log.warning("the data cannot be read: %s", error)
            detail = "The data cannot be read now. Ask again in a while, or tell who runs this."
            return Problem(503, detail, headers=_RETRY)
        case RequestValidationError():
            return _malformed(error)
        case HTTPException():
            detail = _WORDS.get(error.status_code, _OTHERWISE)
            return Problem(error.status_code, detail, headers=error.headers or {})
    _log.warning("a request cannot be answered: %s", error)
    return Problem(422, f"{_OTHERWISE} The log of the server says why.")


def errors_of(error: InputError) -> list[dict[str, object]]:
    """The problems of tables, each with its place and what to do, without the values found."""
    return [
        {
            "file": problem.file,
            "row": problem.row,
            "column": problem.column,
            "expected": problem.expected,
            "advice": problem.advice,
        }
        for problem in error.problems
    ]


def _malformed(error: RequestValidationError) -> Problem:
    """Which parameters are not of the right form; FastAPI's own answer would repeat what was sent.

    Where a place may be of the sender's own making (a name in a body), only its kind is told.
    """
    found = []
    for one in error.errors():
        place = [str(part) for part in one["loc"]]
        is_declared = place[:1] in (["query"], ["path"], ["header"]) and len(place) > 1
        name = place[1] if is_declared else place[0] if place else "request"
        found.append({"parameter": name, "expected": "a value of the form that is documented"})
    unique = list({error["parameter"]: error for error in found}.values())
    return Problem(422, "A value in the request is missing or not of the right form.", unique)
