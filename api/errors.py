"""What can be wrong with a request, each with the status that it is answered with (RFC 9110).

Raise one of these where a request cannot be answered; api/faults.py tells it. A message says what
to do next and never repeats what was sent: it may hold a postcode, a need, or a script.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from graph.errors import FingerpostError


class RequestError(FingerpostError):
    """A request that cannot be answered as it is; subclasses give the status.

    `errors` name what is wrong one by one (a parameter, or a row and column of a table), `headers`
    go with the answer.
    """

    status: ClassVar[int] = 422

    def __init__(
        self,
        message: str,
        *,
        errors: Sequence[Mapping[str, object]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.errors = tuple(errors)
        self.headers = dict(headers or {})


class ParameterError(RequestError):
    """A parameter of an address is not of the right form; its value is not repeated."""

    def __init__(self, parameter: str, expected: str) -> None:
        super().__init__(
            f"{parameter}: {expected}", errors=[{"parameter": parameter, "expected": expected}]
        )


class NotFoundError(RequestError):
    """An address names something that does not exist."""

    status = 404


class NotAcceptableError(RequestError):
    """No form that the client takes is one that this address answers in."""

    status = 406


class ConflictError(RequestError):
    """Something changed meanwhile: what was asked for would not be what the person saw."""

    status = 409


class GoneError(RequestError):
    """It was there, and is no more: a page of an answer from a release served before."""

    status = 410


class TooLargeError(RequestError):
    """The body is larger than is read here."""

    status = 413


class UnsupportedError(RequestError):
    """The body is of a type that is not read here."""

    status = 415


class TooManyError(RequestError):
    """More requests than one client may make; `seconds` later there may be more."""

    status = 429

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message, headers={"Retry-After": str(seconds)})


class UnavailableError(RequestError):
    """It cannot be answered now; `seconds` later perhaps."""

    status = 503

    def __init__(self, message: str, seconds: int = 10) -> None:
        super().__init__(message, headers={"Retry-After": str(seconds)})
