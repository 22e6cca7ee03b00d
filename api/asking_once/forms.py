"""The fields of a plain form, in which a field may have several values."""

from urllib.parse import parse_qsl

from fastapi import Request

from api.errors import TooLargeError, UnsupportedError
from api.uploads import FORM, MalformedError


async def read_form(request: Request, most_bytes: int, most_fields: int) -> dict[str, list[str]]:
    """The fields of a form. Raises UnsupportedError, TooLargeError or MalformedError."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FORM:
        raise UnsupportedError(f"Send the fields as {FORM}.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most_bytes:
            raise TooLargeError("That is too large for this form.")
    try:
        pairs = parse_qsl(body.decode("ascii"), max_num_fields=most_fields, errors="strict")
    except ValueError:
        raise MalformedError("The form cannot be read. Send it again.") from None
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found
