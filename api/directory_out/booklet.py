"""A listing as a booklet to print: tagged PDF/UA-1 by typst, with the typefaces that it brings.

All text goes to typst as data (JSON), never as source, so that no name can be read as markup.
"""

import datetime
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import typst

from api.directory_out import told
from api.directory_out.listing import Listing
from graph.errors import FingerpostError

PAPERS = ("a5", "a4")
_TEMPLATE = Path(__file__).parent.parent / "templates" / "directory" / "out" / "booklet.typ"
_OTHER = "Other help"
_INSTEAD = "□"
_MISSING = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_TRIES = 20
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


@dataclass(frozen=True, slots=True)
class Booklet:
    """A booklet as PDF, with the letters for which no typeface was found, in order."""

    pdf: bytes
    missing: tuple[str, ...]


def booklet(listing: Listing, paper: str = "a5", fonts: Sequence[Path] = ()) -> Booklet:
    """The listing as a booklet on `paper`, one of PAPERS.

    `fonts` are folders with more typefaces, for scripts that those of typst lack. A letter that no
    typeface has is printed as an empty box, and told.

    Raises FingerpostError where typst makes no booklet of it.
    """
    given = _given(listing, paper)
    typefaces = typst.Fonts(include_system_fonts=False, font_paths=list(fonts))
    compiler = typst.Compiler(font_paths=typefaces)
    missing: set[str] = set()
    for _ in range(_TRIES):
        try:
            pdf = compiler.compile(
                _TEMPLATE.read_bytes(),
                format="pdf",
                sys_inputs={"given": json.dumps(_without(given, missing))},
                pdf_standards=["ua-1"],
                timestamp=datetime.datetime.combine(
                    listing.on, datetime.time(), tzinfo=datetime.UTC
                ),
            )
        except typst.TypstError as error:
            found = _missing(error) - missing
            if not found:
                raise FingerpostError(
                    "typst could not make the booklet. Try the other media with --only, and tell "
                    "whoever keeps this program."
                ) from None
            missing |= found
        else:
            assert isinstance(pdf, bytes)  # noqa: S101 - one file is asked for, and no output
            return Booklet(pdf, tuple(sorted(missing)))
    raise FingerpostError(
        "The booklet has too many letters for which there is no typeface. Give a folder with "
        "typefaces that have them: --fonts FOLDER"
    )


def _missing(error: typst.TypstError) -> set[str]:
    """The letters that no typeface has, as typst tells of them."""
    texts = _MISSING.findall(error.diagnostic or error.message)
    plain = (_ESCAPED.sub(lambda m: chr(int(m[1], 16)), text) for text in texts)
    return {letter for text in plain for letter in text}


def _without(value: Any, missing: set[str]) -> Any:
    """What typst is given, with an empty box for each letter that is missing."""
    if isinstance(value, str):
        return value.translate({ord(letter): _INSTEAD for letter in missing})
    if isinstance(value, dict):
        return {key: _without(one, missing) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without(one, missing) for one in value]
    return value


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
