"""A listing as a booklet to print: tagged PDF/UA-1 (see `visualise/typeset.py`)."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from api.directory_out import told
from api.directory_out.listing import Listing
from visualise.typeset import Typeset, typeset

PAPERS = ("a5", "a4")
_TEMPLATE = Path(__file__).parent.parent / "templates" / "directory" / "out" / "booklet.typ"
_OTHER = "Other help"
_ADVICE = (
    "Keep this somewhere safe. Somebody who finds it may ask why you have it.",
    "If it is safer not to have it on you, write one number down under another name, or learn it.",
    "Calls can be seen on the phone’s list of calls, and on some bills. You can use another phone.",
    "If somebody else may pick up or listen, do not say that you had this from here.",
)
_IN_DANGER = (
    "Call 999 and ask for the police.",
    "If you cannot talk: from a mobile, listen, and press 55 when you are asked to. Pressing 55 "
    "does not tell the police where you are. From a phone at home, stay on the line.",
    "If you are deaf or cannot use your voice: use the Relay UK app, or 18000 on a textphone.",
)


def booklet(listing: Listing, paper: str = "a5", fonts: Sequence[Path] = ()) -> Typeset:
    """The listing as a booklet on `paper`, one of PAPERS.

    `fonts` are folders with more typefaces, for scripts that those of typst lack. A letter that no
    typeface has is printed as an empty box, and told.

    Raises FingerpostError where typst makes no booklet of it.
    """
    return typeset(_TEMPLATE, _given(listing, paper), listing.on, fonts)


def _given(listing: Listing, paper: str) -> dict[str, Any]:
    services = told.services_of(listing)
    return {
        "paper": paper,
        "title": told.TITLE,
        "area": told.area_of(listing.place),
        "about": told.CHANGING if listing.changing else "",
        "on": [listing.on.year, listing.on.month, listing.on.day],
        "written": f"Written on {told.english().day(listing.on)}.",
        "until": told.until_text(listing.until),
        "emergency": told.EMERGENCY,
        "notices": told.notices_of(listing),
        "nothing": told.NOTHING,
        "in_danger": _IN_DANGER,
        "advice": () if listing.changing else _ADVICE,
        "lines": [asdict(line) for line in told.lines_of(listing)],
        "chapters": _chapters(services),
    }


def _chapters(services: Sequence[told.Service]) -> list[dict[str, Any]]:
    """Services by need, each told in full under its first and named under the others."""
    plain = list(told.english().terms.values())
    by_need: dict[str, list[told.Service]] = {}
    for service in services:
        for need in service.needs or (_OTHER,):
            by_need.setdefault(need, []).append(service)
    seen: dict[str, str] = {}
    chapters = []
    for need in sorted(by_need, key=lambda n: (n == _OTHER, _rank(plain, n), n)):
        whole = [s for s in by_need[need] if s.id not in seen]
        for service in whole:
            seen[service.id] = f"service-{len(seen)}"
        chapters.append(
            {
                "title": need,
                "services": [_given_service(s) | {"mark": seen[s.id]} for s in whole],
                "also": [
                    {"name": s.name, "language": s.language, "mark": seen[s.id]}
                    for s in by_need[need]
                    if s not in whole
                ],
            }
        )
    return chapters


def _given_service(service: told.Service) -> dict[str, Any]:
    return asdict(replace(service, checked=None))  # The day stands among its facts, in words.


def _rank(ordered: Sequence[str], name: str) -> int:
    return ordered.index(name) if name in ordered else len(ordered)
