"""Names of answers: the ETag of what is served, and whether a client has it already (RFC 9110, 13).

An answer is a function of the release, the program and what was asked. So its name can be told from
these, before anything is worked out, and a repeated question costs nothing.
"""

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version

from fastapi import Request
from starlette.responses import Response

from graph.program import digest_of

REVALIDATED = "private, no-cache"
"""Cache-Control of data: a program may keep it, and asks each time whether it still holds."""


def etag_of(*parts: str) -> str:
    """A strong ETag of texts: other texts, or other divisions of the same, have another one."""
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return f'"{digest.hexdigest()[:32]}"'


def data_etag(request: Request, release: str, media_type: str, *more: str) -> str:
    """The ETag of data: of the release served, the program, what was asked, and the form."""
    query = canonical_query(request)
    return etag_of(release, program(), request.url.path, query, media_type, *more)


def canonical_query(request: Request) -> str:
    """What was asked, whatever the order of its parameters; the values of one keep their order."""
    pairs = sorted(request.query_params.multi_items(), key=lambda pair: pair[0])
    return "\n".join(f"{name!r}={value!r}" for name, value in pairs)


def has_it(request: Request, etag: str) -> bool:
    """Whether the client names this ETag in If-None-Match (compared weakly, as RFC 9110 asks)."""
    return any(
        named == "*" or named.removeprefix("W/") == etag.removeprefix("W/")
        for named in _named(request.headers.getlist("if-none-match"))
    )


def not_modified(etag: str, **headers: str) -> Response:
    """The answer to a client that has it already; `headers` are those that a 200 would carry."""
    own = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status_code=304, headers={"ETag": etag, **own})


def _named(headers: Iterable[str]) -> Iterable[str]:
    return (tag.strip() for header in headers for tag in header.split(","))


@lru_cache(maxsize=1)
def program() -> str:
    """The version of the program and the hash of its files, so that no answer outlives its code."""
    try:
        name = version("fingerpost")
    except PackageNotFoundError:
        name = "unreleased"
    return f"{name} {digest_of('api', 'graph', 'ontology', 'queries', 'visualise')}"
