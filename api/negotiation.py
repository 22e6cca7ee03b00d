"""Which of the forms that an address answers in a client wants: the Accept header (RFC 9110, 12.5).

Of the forms offered the one with the greatest weight is chosen; for each form the most specific
range that names it decides its weight, and a weight of 0 refuses it. Among equals the first offered
wins, so that a client which takes anything gets what the address gives by default. (PyPI's
accept-types takes q=0 for yes, knows no specificity and breaks on a malformed weight.)
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request

from api.errors import NotAcceptableError

HTML = "text/html"
JSON = "application/json"
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PROBLEM = "application/problem+json"
_TOKEN = r"[!#$%&'*+.^_`|~0-9a-z-]+"  # noqa: S105 - a token of HTTP's grammar, no password
_RANGE = re.compile(rf"({_TOKEN})/({_TOKEN})")
_WEIGHT = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One range of an Accept header, with its weight; `parameters` such as a profile narrow it."""

    kind: str
    subtype: str
    parameters: frozenset[tuple[str, str]]
    weight: float

    def specificity(self, offer: "MediaRange") -> int:
        """How closely the range names an offer; 0 where it does not."""
        if self.kind == self.subtype == "*":
            return 1
        if self.kind != offer.kind:
            return 0
        if self.subtype == "*":
            return 2
        if self.subtype != offer.subtype or not self.parameters <= offer.parameters:
            return 0
        return 3 + len(self.parameters)


def best_match(accept: str | None, offers: Sequence[str]) -> str | None:
    """The offer that an Accept header prefers, or None where it takes none of them.

    No header, or one in which no range can be read, takes anything.
    """
    ranges = [r for r in map(_read, _split(accept or "", ",")) if r is not None]
    if not ranges:
        return offers[0]
    weights = [(_weight(ranges, offer), -place, offer) for place, offer in enumerate(offers)]
    weight, _, offer = max(weights)
    return offer if weight > 0 else None


def negotiated(request: Request, offers: Sequence[str]) -> str:
    """The form to answer a request in. Raises NotAcceptableError where none of the offers fits."""
    found = best_match(accept_of(request), offers)
    if found is None:
        raise NotAcceptableError(
            f"This address answers as {', '.join(offers)}. Ask for one of them in Accept.",
            headers={"Vary": "Accept"},
        )
    return found


def accept_of(request: Request) -> str | None:
    """The Accept header; several are one list."""
    given = request.headers.getlist("accept")
    return ",".join(given) if given else None


def _weight(ranges: Sequence[MediaRange], offer: str) -> float:
    offered = _read(offer)
    if offered is None:
        raise ValueError(f"{offer} is no media type")
    matching = [(r.specificity(offered), r.weight) for r in ranges if r.specificity(offered)]
    return max(matching)[1] if matching else 0.0


def _read(text: str) -> MediaRange | None:
    """A media range, or None where the text is none."""
    kind, *parameters = _split(text.strip(), ";")
    named = _RANGE.fullmatch(kind.strip().lower())
    if named is None or (named[1] == "*" and named[2] != "*"):
        return None
    found: set[tuple[str, str]] = set()
    weight = 1.0
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        name, value = name.strip().lower(), value.strip().strip('"')
        if name == "q":
            # A weight that cannot be read says only that the form is known.
            weight = float(value) if _WEIGHT.fullmatch(value) else 1.0
        elif name:
            found.add((name, value.lower() if name == "charset" else value))
    return MediaRange(named[1], named[2], frozenset(found), weight)


def _split(text: str, separator: str) -> list[str]:
    """The parts of a list, in which quoted texts may hold the separator."""
    if '"' not in text:
        return text.split(separator)
    return re.findall(rf'(?:[^{separator}"]|"[^"]*"?)+', text)
