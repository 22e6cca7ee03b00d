"""A service in plain lines under plain words: what booklet, table and fragment have in common."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from api.directory.pages import about_line, capital, group_texts, kind_name, opening
from api.directory.words import SOURCE, Words, words
from api.directory_out.listing import Listed, Listing
from queries.directory.directory import (
    ContactPoint,
    Entry,
    HelplineEntry,
    Pathway,
    Place,
    VenueLine,
    Way,
)

LABELS = (
    "Helps with",
    "Who it is for",
    "Age",
    "Where",
    "How to get this help",
    "Contact",
    "Places",
    "Open",
    "Languages",
    "Cost",
    "Room now",
    "Wait",
    "Last checked",
)
"""What may be told of a service, in the order in which it is told."""
TITLE = "Local services"
"""What all that is handed out is called: it says nothing of what the services are for."""
EMERGENCY = "In an emergency call 999."
HISTORICAL = "These are old records. They are not a way to get help today."
INVENTED = "This is made up. No service here is real."
NOTHING = (
    "Nothing is on record here. That does not mean that there is no help. "
    "A service may be missing from our records."
)
CHANGING = "Help to change how you behave"
_WITHHELD = (
    "Nobody has checked the phone number or address for 6 months. They may be wrong, so we do not "
    "show them. Call a national phone line."
)
_OLD_RECORD = "This is an old record, so we show no phone number or address."
_NO_CONTACT = "No phone number or address is on record. Call a national phone line."
_UNCHECKED = "Nobody has checked this for 3 months. Call first: it may have changed."
_ALONE = {
    "yes": "You can contact the service yourself.",
    "no": "Someone from another service has to ask for you.",
    "not recorded": "Whether you can ask for it yourself is not recorded. Ask the service.",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One of the LABELS with what is told under it."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """A service as lines of text, without empty ones. `language` is that of its own words."""

    id: str
    name: str
    provider: str
    what: str
    language: str
    needs: tuple[str, ...]
    cautions: tuple[str, ...]
    facts: tuple[Fact, ...]
    checked: datetime.date | None


@dataclass(frozen=True, slots=True)
class Line:
    """A national line as text."""

    name: str
    number: str
    about: tuple[str, ...]


def english() -> Words:
    """The words of what is handed out, which is in English."""
    return words(SOURCE)


def area_of(place: Place) -> str:
    """What a place is called by its area; its own name may say what its services are for."""
    return place.areas[0].name if place.areas else place.name


def until_text(until: datetime.date) -> str:
    """The day after which nothing of it should be used."""
    return f"Do not use after {english().day(until)}."


def notices_of(listing: Listing) -> tuple[str, ...]:
    """What must be said of a place's records wherever they are shown."""
    place = listing.place
    told = []
    if place.historical:
        year = f" They end in {place.newest.year}." if place.newest else ""
        told.append(f"{HISTORICAL}{year} {EMERGENCY}")
    if place.fictional:
        told.append(f"{INVENTED} {EMERGENCY}")
    return tuple(told)


def lines_of(listing: Listing) -> tuple[Line, ...]:
    """The national lines of a listing."""
    return tuple(_line(one) for one in listing.helplines)


def _line(line: HelplineEntry) -> Line:
    spoken = english()
    whom = ", ".join(spoken.term(one) for one in line.for_whom)
    about = [
        f"Text: {line.text}" if line.text else "",
        f"For: {whom}" if whom else "",
        about_line(spoken, line),
        line.web,
    ]
    return Line(line.name, line.phone, _filled(about))


def services_of(listing: Listing) -> tuple[Service, ...]:
    """The services of a listing, in its order."""
    return tuple(_service(one) for one in listing.listed)


def _service(one: Listed) -> Service:
    entry, spoken = one.entry, english()
    cautions = [
        _UNCHECKED if entry.freshness == "old" else "",
        *one.reasons,
        entry.partner_support,
    ]
    told = {
        "Helps with": _joined([spoken.term(need) for need in entry.needs]),
        "Who it is for": group_texts(spoken, entry.groups),
        "Age": [entry.ages],
        "Where": _joined(entry.areas),
        "How to get this help": _ways_in(one.pathway),
        "Contact": _contacts(entry),
        "Places": [_venue(venue) for venue in entry.venues],
        "Open": [opening(spoken, entry.hours)],
        "Languages": _joined(entry.languages),
        "Cost": [capital(entry.fees)],
        "Room now": [capital(entry.availability)],
        "Wait": [capital(entry.wait)],
        "Last checked": [spoken.day(entry.checked) if entry.checked else ""],
    }
    facts = (Fact(label, _filled(told[label])) for label in LABELS)
    return Service(
        id=entry.id,
        name=entry.name,
        provider=entry.provider,
        what=entry.what,
        language=entry.text_language,
        needs=tuple(spoken.term(need) for need in sorted(entry.needs, key=spoken.rank)),
        cautions=_filled(cautions),
        facts=tuple(fact for fact in facts if fact.lines),
        checked=entry.checked,
    )


def _filled(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def _joined(texts: Sequence[str]) -> list[str]:
    return ["; ".join(texts)]


def _ways_in(pathway: Pathway) -> list[str]:
    told = [_ALONE[pathway.self_referral]]
    told += [_way(way) for way in pathway.ways if not way.by_oneself]
    told += [f"What happens next: {pathway.next_step}"] if pathway.next_step else []
    return told


def _way(way: Way) -> str:
    told = [
        f"{way.who} can ask for you.",
        way.condition,
        f"How much danger: {way.risk}." if way.risk else "",
        f"How: {way.mode}." if way.mode else "",
        way.status,
    ]
    return " ".join(_filled(told))


def _contacts(entry: Entry) -> list[str]:
    if entry.freshness == "historical":
        return [_OLD_RECORD]
    if entry.freshness == "withheld":
        return [_WITHHELD]
    return [_contact(one) for one in entry.contacts] or [_NO_CONTACT]


def _contact(contact: ContactPoint) -> str:
    spoken = english()
    whom = ", ".join(spoken.term(one) for one in contact.for_whom)
    beside = [
        opening(spoken, contact.hours),
        ", ".join(contact.languages),
        f"for {whom}" if whom else "",
    ]
    told = f"{kind_name(contact.kind)}: {contact.value}"
    return f"{told} ({'; '.join(_filled(beside))})" if any(beside) else told


def _venue(venue: VenueLine) -> str:
    access = f"Access: {', '.join(venue.accessibility)}" if venue.accessibility else ""
    where = ", ".join(_filled([venue.name, *venue.lines]))
    return ". ".join(one.rstrip(".") for one in _filled([where, access, venue.getting_there]))
