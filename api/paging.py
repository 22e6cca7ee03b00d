"""Pages of a long answer: a cursor that holds its place, and the link to the next page (RFC 8288).

A cursor belongs to one release and one question with its choices. With another it is refused: a
page of one answer put behind a page of another would be an answer that nobody gave. It is checked,
not secret: it tells a place in an answer and opens nothing.
"""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Request

from api.errors import GoneError, ParameterError

MOST = 1_000
"""The most rows of a page."""
_PART = 8
_CHECK = 4
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items of a list, how many there are in all, and the cursor of those that follow."""

    items: Sequence[Item]
    total: int
    next: str | None


def paged(
    items: Sequence[Item], limit: int | None, cursor: str | None, release: str, asked: str
) -> Page[Item]:
    """The page of a list at a cursor; the whole list where there is neither limit nor cursor.

    `release` names what is served, `asked` everything else that the list depends on.

    Raises ParameterError where the cursor is none of this question, GoneError where it belongs to
    another release.
    """
    start = read_cursor(cursor, release, asked) if cursor else 0
    end = len(items) if limit is None else start + limit
    following = write_cursor(end, release, asked) if end < len(items) else None
    return Page(items[start:end], len(items), following)


def read_limit(given: str | None, most: int = MOST) -> int | None:
    """A number of rows from an address, None where none is given. Raises ParameterError."""
    if given is None or given == "":
        return None
    return whole_number("limit", given, most)


def whole_number(name: str, given: str, most: int) -> int:
    """A whole number from 1 to `most` from an address. Raises ParameterError for anything else."""
    if not (given.isascii() and given.isdigit() and 1 <= int(given[:9]) <= most):
        raise ParameterError(name, f"write a whole number from 1 to {most}.")
    return int(given)


def write_cursor(offset: int, release: str, asked: str) -> str:
    """The cursor of a place in an answer."""
    body = offset.to_bytes(_PART, "big") + _digest(release) + _digest(asked)
    return base64.urlsafe_b64encode(body + _digest(body.hex())[:_CHECK]).decode().rstrip("=")


def read_cursor(cursor: str, release: str, asked: str) -> int:
    """The place that a cursor holds.

    Raises ParameterError where it is damaged or of another question, GoneError where another
    release is served now.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        read = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        read = b""
    body, check = read[:-_CHECK], read[-_CHECK:]
    if len(body) != 3 * _PART or check != _digest(body.hex())[:_CHECK]:
        raise ParameterError("cursor", "it is damaged. Begin again without it.")
    if body[2 * _PART :] != _digest(asked):
        raise ParameterError("cursor", "it belongs to another question. Begin again without it.")
    if body[_PART : 2 * _PART] != _digest(release):
        raise GoneError(
            "The cursor belongs to a release that is served no more. Begin again without it.",
            errors=[{"parameter": "cursor", "expected": "a cursor of the release served now"}],
        )
    return int.from_bytes(body[:_PART], "big")


def next_link(request: Request, cursor: str) -> str:
    """The Link header that leads to the next page: the same address with the new cursor."""
    pairs = [(n, v) for n, v in request.query_params.multi_items() if n != "cursor"]
    return f'<{request.url.path}?{urlencode([*pairs, ("cursor", cursor)])}>; rel="next"'


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:_PART]
