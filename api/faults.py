"""Whatever goes wrong, told in one way by both applications: what it is, and what to do next.

Nothing that was sent is repeated, and nothing of this machine is told: the log says the rest.
"""

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.deps import NotFoundError
from api.guard import HEADERS
from api.routes.pages import problem
from graph.errors import FingerpostError, StoreError

_WORDS = {
    404: "There is no such page.",
    405: "This address takes no such request.",
}
_log = logging.getLogger(__name__)


def tell_faults(app: FastAPI) -> None:
    """Have an application answer all faults as problem pages or problem details."""
    app.add_exception_handler(FingerpostError, _mendable)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(Exception, _broken)


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
