"""Entries of the directory: what is told of a service, and how old it may be (SAFETY.md, rule 4).

This is the one place of the questions that is given the day of serving. An entry is as fresh as its
last check; what nobody ever checked is not published. Historical entries never have contacts.
"""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, Literal

from graph.exports.openreferral import WITHHELD_AFTER, language_name
from graph.ids import partnership_of
from graph.model import Node
from queries.directory.facts import Book, day_of, level_name, listed, text
from queries.directory.types import (
    ContactPoint,
    Entry,
    Freshness,
    GroupLine,
    HelplineEntry,
    Pathway,
    Place,
    VenueLine,
    Way,
    Wish,
)
from queries.recorded import PROVIDING, RUNNING, STRENGTHS
from queries.rows import Row
from queries.ways import BY_SELF

OLD_AFTER: Final = 90
"""From so many days after its last check an entry warns; from WITHHELD_AFTER, no contact."""
_STATUS: Final = {
    "working": "",
    "to be reinforced": "This link works, and is to be made stronger.",
    "being drafted": "This link is still being drafted.",
    "proposed": "This link is only proposed.",
    "missing": "This link is missing: nobody sends people this way, on record.",
    "not stated": "Whether this link works is not recorded. Ask.",
}
_ACCESS: Final = {
    "self-referral": "You ask for it yourself.",
    "either": "You can ask for it yourself, or somebody can ask for you.",
    "referral only": "Somebody else has to ask for you.",
}
_KINDS: Final = {"Body": "meeting", "Post": "post"}


def freshness_of(checked: datetime.date | None, today: datetime.date) -> Freshness | None:
    """How fresh something is by its last check; None where nobody checked it."""
    if checked is None:
        return None
    age = (today - checked).days
    if age >= WITHHELD_AFTER:
        return "withheld"
    return "old" if age >= OLD_AFTER else "fresh"


def is_published(book: Book, service: str) -> bool:
    """Whether a service may be told of by its last check; historical ones always may."""
    place = book.places[partnership_of(service)]
    return place.historical or checked_on(book, service) is not None


def checked_on(book: Book, service: str) -> datetime.date | None:
    """The day on which a service was last checked."""
    return day_of(book.services[service].get("confirmed_on"))


def sentence(given: str) -> str:
    """A text as a sentence: with a capital at its beginning and a full stop."""
    told = given.strip()
    told = told[:1].upper() + told[1:]
    return told if not told or told[-1] in ".!?" else f"{told}."


def entry_of(book: Book, service: str, today: datetime.date) -> Entry:
    """A service as the directory shows it on the day of serving."""
    row, place = book.services[service], book.places[partnership_of(service)]
    shown = _reachable(book, service, place, today)
    return Entry(
        id=service,
        slug=place.slug,
        name=row["name"],
        provider=", ".join(_providers(book, service)),
        what=text(row.get("description")),
        needs=_names(book, row["needs"]),
        groups=_groups(book, service),
        areas=_names(book, row["areas"]),
        contacts=shown.contacts,
        venues=shown.venues,
        hours=listed(row.get("hours")),
        languages=tuple(language_name(code) for code in listed(row.get("languages"))),
        ages=ages_of(row),
        fees=text(row.get("fees")),
        access=_ACCESS.get(text(row["access"]), ""),
        wait=text(row["wait"]),
        availability=", ".join(listed(row["availability"])),
        next_step=text(row.get("what_happens_next")),
        checked=shown.checked,
        freshness=shown.freshness,
        text_language=text(row.get("text_language")) or "en",
        historical=place.historical,
        fictional=place.fictional,
        partner_support=_partner_support(book, service),
    )


def _names(book: Book, identifiers: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(book.name(i) for i in identifiers))


def _providers(book: Book, service: str) -> list[str]:
    """Who provides a service, whoever does so mainly first."""
    found = [
        (PROVIDING.index(e.properties["role"]), book.name(e.start[1]))
        for e in book.edges.get(("PROVISION", service), ())
        if e.properties["role"] in PROVIDING and e.properties["standing"] in (None, *RUNNING)
    ]
    best = min((rank for rank, _ in found), default=0)
    return sorted({name for rank, name in found if rank == best or rank < 2})


def _groups(book: Book, service: str) -> tuple[GroupLine, ...]:
    ranked = sorted(
        book.reaches(service),
        key=lambda r: (STRENGTHS.get(r["strength"], 9), book.name(r["term"]), r["condition"] or ""),
    )
    told: dict[tuple[str, str], list[str]] = {}
    for reach in ranked:
        told.setdefault((book.name(reach["term"]), reach["strength"]), []).append(
            _condition(book, reach)
        )
    return tuple(
        GroupLine(name, strength, "; ".join(dict.fromkeys(filter(None, conditions))))
        for (name, strength), conditions in told.items()
    )


def _condition(book: Book, reach: Row) -> str:
    """On what condition a group is taken, with the needs that alone it is about."""
    condition = text(reach["condition"])
    needs = ", ".join(_names(book, reach["only_needs"])) if condition else ""
    return f"{needs}: {condition}" if needs else condition


def ages_of(row: Row) -> str:
    """The ages that a service is for, in words; empty where none are recorded."""
    low, high = row.get("minimum_age"), row.get("maximum_age")
    if low is not None and high is not None:
        return f"{low} to {high}"
    if low is not None:
        return f"{low} and over"
    return "" if high is None else f"up to {high}"


@dataclass(frozen=True, slots=True)
class _Shown:
    """The contacts and places that may be shown, and the oldest check that the entry rests on."""

    freshness: Freshness
    checked: datetime.date | None
    contacts: tuple[ContactPoint, ...] = ()
    venues: tuple[VenueLine, ...] = ()


def _reachable(book: Book, service: str, place: Place, today: datetime.date) -> _Shown:
    own = checked_on(book, service)
    if place.historical:
        return _Shown("historical", own)
    freshness = freshness_of(own, today)
    if own is None or freshness is None or freshness == "withheld":
        return _Shown("withheld", own)
    found: list[tuple[Node, datetime.date | None]]
    found = [(n, own) for n in _of(book, "OF", service, "Contact")]
    for agency in () if found else _agencies(book, service):
        # What an agency is reached by was not checked with the service.
        checked = day_of(book.nodes[agency].properties.get("confirmed_on"))
        found += [(n, checked) for n in _of(book, "OF", agency, "Contact")]
    found += [(n, own) for n in _of(book, "SERVICES", service, "Venue")]
    dated = [(n, day) for n, other in found if (day := _own(n) or other)]
    kept = [(n, day) for n, day in dated if freshness_of(day, today) != "withheld"]
    if dated and not kept:
        return _Shown("withheld", own)
    oldest = min([own, *(day for _, day in kept)])
    return _Shown(
        freshness_of(oldest, today) or freshness,
        oldest,
        tuple(_contact(book, n) for n, _ in kept if n.label == "Contact"),
        tuple(_venue(n) for n, _ in kept if n.label == "Venue"),
    )


def _own(node: Node) -> datetime.date | None:
    return day_of(node.properties.get("confirmed_on"))


def _of(book: Book, relation: str, identifier: str, label: str) -> list[Node]:
    nodes = (book.nodes[i] for i in book.led_by(relation, identifier))
    return [n for n in nodes if n.label == label]


def _agencies(book: Book, service: str) -> list[str]:
    names = set(_providers(book, service))
    edges = book.edges.get(("PROVISION", service), ())
    return sorted({e.start[1] for e in edges if book.name(e.start[1]) in names})


def _contact(book: Book, node: Node) -> ContactPoint:
    columns = node.properties
    return ContactPoint(
        kind=text(columns.get("kind")),
        value=text(columns.get("value")),
        hours=listed(columns.get("hours")),
        languages=tuple(language_name(code) for code in listed(columns.get("languages"))),
        for_whom=_names(book, listed(columns.get("for_groups"))),
    )


def _venue(node: Node) -> VenueLine:
    columns = node.properties
    lines = (text(columns.get(key)) for key in ("address", "town", "county", "postcode"))
    return VenueLine(
        name=text(columns.get("name")),
        kind=text(columns.get("kind")),
        lines=tuple(line for line in lines if line),
        accessibility=listed(columns.get("accessibility")),
        getting_there=text(columns.get("getting_there")),
    )


def _partner_support(book: Book, service: str) -> str:
    """What a programme for those who abuse has for the other person; empty for all other help."""
    if service not in book.programmes:
        return ""
    told = [
        f"{book.name(one)}. {text(book.services[one].get('description'))}".strip()
        for one in book.partner_support(service)
    ]
    if not told:
        return "No support for the partners of those on this programme is recorded. Ask for it."
    return f"Support for partners and former partners: {' '.join(told)}"


# ---------------------------------------------------------------- helplines


def helpline_of(book: Book, node: Node) -> HelplineEntry:
    """A helpline as it is shown, with the day of its last check if one is recorded."""
    columns = node.properties
    return HelplineEntry(
        name=text(columns.get("name")),
        about=text(columns.get("description")),
        phone=text(columns.get("telephone")),
        text=text(columns.get("text")),
        web=text(columns.get("web_page")),
        hours=listed(columns.get("hours")),
        languages=tuple(language_name(code) for code in listed(columns.get("languages"))),
        for_whom=_names(book, listed(columns.get("for_groups"))),
        nations=listed(columns.get("nations")),
        fees=text(columns.get("fees")),
        checked=day_of(columns.get("checked_on")),
    )


# ---------------------------------------------------------------- how to get there


def pathway(book: Book, service: str, wish: Wish) -> Pathway:
    """The ways in to a service: those by oneself first, then those that work, by name.

    Where a wish names groups, ways that are for other groups only are left out.
    """
    row = book.services[service]
    wider = {w for g in wish.groups if g in book.groups for w in book.wider_groups[g]}
    ways = sorted(
        {
            _way(book, edge.start, edge.properties)
            for edge in book.edges.get(("REFERRAL", service), ())
            if _is_for(wider, edge.properties)
            # A programme is not told of among help for victims, not even as who sends them.
            and (service in book.programmes or edge.start[1] not in book.programmes)
        },
        key=lambda w: (not w.by_oneself, w.status != "", w.who, w.condition, w.risk, w.mode),
    )
    next_step = text(row.get("what_happens_next"))
    is_open = any(w.by_oneself and not w.status for w in ways)
    alone: Literal["yes", "no", "not recorded"] = "not recorded"
    if row["access"] == "referral only":
        alone = "no"
    elif row["access"] in BY_SELF or is_open:
        alone = "yes"
    return Pathway(alone, tuple(ways), next_step, bool(ways or row["access"] or next_step))


def _is_for(terms: Collection[str], columns: Row) -> bool:
    groups = listed(columns.get("for_groups"))
    return not terms or not groups or not set(groups).isdisjoint(terms)


def _way(book: Book, origin: tuple[str, str], columns: Row) -> Way:
    label, identifier = origin
    by_oneself = label == "ClientGroup" and columns.get("self_referral") is not False
    kind = _KINDS.get(label) or text(book.nodes[identifier].properties.get("sector"))
    name = book.name(identifier)
    condition = [sentence(text(columns.get("condition")))]
    groups = _names(book, listed(columns.get("for_groups")))
    condition += [f"For: {'; '.join(groups)}."] if groups else []
    levels = map(level_name, listed(columns.get("risk_level")))
    return Way(
        who=name if label in ("ClientGroup", "Service") or not kind else f"{name} ({kind})",
        by_oneself=by_oneself,
        condition=" ".join(filter(None, condition)),
        risk=", ".join(levels),
        mode=text(columns.get("mode")),
        status=_STATUS.get(text(columns.get("status")), _STATUS["not stated"]),
        origin=identifier if label == "Service" else "",
    )
