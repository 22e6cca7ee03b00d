"""What a visitor asks for: read from the body of a form, and written back into the next one.

Nothing of it ever stands in an address, and nothing of it is kept. Only what the form offers is
heard; anything else is left out without a word.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.exceptions import HTTPException

from queries.directory.directory import Choices, Place, Wish, parse_district

Form = Mapping[str, Sequence[str]]
FORM = "application/x-www-form-urlencoded"
LIMIT = 16 * 1024
"""The most bytes that the body of a search may have."""
_FIELDS = 300
_WORDS = 200
SEVERAL = ("needs", "groups", "areas")
"""The fields that may have several values."""
ASKING = ("self", "other", "behaviour")
_DAY = ("day-day", "day-month", "day-year")


def N_(text: str) -> str:  # noqa: N802 - the name that tools for catalogues look for
    """Mark a text for the catalogues; it is translated where it is shown."""
    return text


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as it was asked: the wish, the day if one was given, and what is wrong with it."""

    wish: Wish
    place: str = ""
    day: datetime.date | None = None
    day_parts: tuple[str, str, str] = ("", "", "")
    page: int = 1
    faults: Mapping[str, str] = field(default_factory=dict)


async def read_form(request: Request) -> Form:
    """The fields of a form that was sent; none where nothing was.

    Raises HTTPException where it is not a form's body or is too long.
    """
    if request.method != "POST":
        return {}
    kind = request.headers.get("content-type", FORM).split(";")[0].strip().lower()
    if kind != FORM:
        raise HTTPException(415)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LIMIT:
            raise HTTPException(413)
    try:
        pairs = parse_qsl(body.decode("ascii"), max_num_fields=_FIELDS, encoding="utf-8")
    except ValueError:
        raise HTTPException(400) from None
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def asked_of(form: Form, places: Sequence[Place], choices: Choices) -> Asked:
    """The search that a form asks for, among what the directory offers."""
    kept = _without(form, _first(form, "remove"))
    slugs = [place.slug for place in places]
    place = _first(kept, "place")
    place = place if place in slugs else ""
    typed = _first(kept, "district").strip()
    # Only the first part of a postcode is heard, even where the whole is written.
    district = parse_district(typed) if typed else ""
    day, day_fault = _day(kept)
    faults = {}
    if typed and not district:
        faults["district"] = N_("Write the first part of a postcode")
    elif len(slugs) > 1 and not place and not district:
        faults["place"] = N_("Choose an area, or write the first part of a postcode")
    if day_fault:
        faults["day"] = day_fault
    wish = Wish(
        partnerships=(place,) if place else tuple(slugs),
        postcode_district=district,
        needs=_among(kept, "needs", choices),
        groups=_among(kept, "groups", choices),
        areas=_among(kept, "areas", choices),
        language=_one(kept, "languages", choices),
        risk=_one(kept, "risks", choices),
        asking=next((v for v in kept.get("asking", ()) if v in ASKING), ""),
        words=_first(kept, "words").strip()[:_WORDS],
    )
    parts = (_first(kept, _DAY[0])[:2], _first(kept, _DAY[1])[:2], _first(kept, _DAY[2])[:4])
    return Asked(wish, place, day, parts, _page(kept), faults)


def fields_of(asked: Asked) -> list[tuple[str, str]]:
    """A search as the fields of a form, to be sent again; empty ones are left out."""
    wish = asked.wish
    pairs = [("place", asked.place), ("district", wish.postcode_district)]
    pairs += [("needs", v) for v in wish.needs]
    pairs += [("groups", v) for v in wish.groups]
    pairs += [("areas", v) for v in wish.areas]
    pairs += [("languages", wish.language), ("risks", wish.risk), ("asking", wish.asking)]
    pairs += [("words", wish.words), *zip(_DAY, asked.day_parts, strict=True)]
    return [(name, value) for name, value in pairs if value]


def with_fault(asked: Asked, name: str, text: str) -> Asked:
    """The same search with one thing more that is wrong with it."""
    return replace(asked, faults={**asked.faults, name: text})


def _first(form: Form, name: str) -> str:
    return next(iter(form.get(name, ())), "")


def _without(form: Form, removed: str) -> Form:
    """The fields without the one value that a visitor takes away (`name=value`)."""
    name, _, value = removed.partition("=")
    if name == "day":
        return {k: v for k, v in form.items() if k not in _DAY}
    return {k: [v for v in vs if (k, v) != (name, value)] for k, vs in form.items()}


def _among(form: Form, name: str, choices: Choices) -> tuple[str, ...]:
    offered = {choice.id for choice in getattr(choices, name)}
    return tuple(dict.fromkeys(v for v in form.get(name, ()) if v in offered))


def _one(form: Form, name: str, choices: Choices) -> str:
    return next(iter(_among(form, name, choices)), "")


def _day(form: Form) -> tuple[datetime.date | None, str]:
    """The day that three fields give, and what is wrong with it."""
    parts: Iterable[str] = [_first(form, name).strip() for name in _DAY]
    day, month, year = parts
    if not (day or month or year):
        return None, ""
    try:
        return datetime.date(int(year), int(month), int(day)), ""
    except ValueError:
        return None, N_("Write a real day, such as 31 3 2013")


def _page(form: Form) -> int:
    text = _first(form, "page")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 1
