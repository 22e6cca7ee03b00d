"""What can be wrong with one record: the schema to the letter, and what the schema lets pass."""

import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graph.oruk.findings import pointer_of, shown
from graph.oruk.rules import RULES, Reason, Wrong, check, named_ids, parts_of
from graph.oruk.summary import has_place, list_of, number_of, object_of, text_of, words_of_safety

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)?")
_BYDAY = re.compile(
    r"(?:[+-]?[1-5]?(?:MO|TU|WE|TH|FR|SA|SU))(?:,[+-]?[1-5]?(?:MO|TU|WE|TH|FR|SA|SU))*"
)
_POSTCODE = re.compile(r"(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})", re.IGNORECASE)
_UNITED_KINGDOM = ("gb", "uk", "united kingdom", "england", "wales", "scotland", "northern ireland")
_PRIVATE = frozenset({"address", "location", "contact", "phone", "accessibility"})
"""Kinds of record whose values are not repeated: they tell where somebody is, or who."""
_FRESH_DAYS = 92
"""Three months."""
_OLDEST = 150
_WRONG = {
    Reason.missing: "required",
    Reason.null: "null",
    Reason.empty: "empty",
    Reason.kind: "type",
    Reason.form: "form",
    Reason.word: "word",
    Reason.own_parent: "own-parent",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that a record breaks, and where in the document."""

    rule: str
    pointer: str
    found: str
    expected: str
    schema: str = ""
    """The kind of record whose schema says so; empty for a rule of another source."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A record that another names: it must be somewhere in the feed."""

    kind: str
    identifier: str
    pointer: str


def faults_of(record: Any, kind: str, path: str, today: datetime.date) -> Iterator[Fault]:
    """Everything that is wrong with a record and with those within it, as its schema and we see."""
    told = set()
    for wrong in check(record, kind, path):
        fault = _by_schema(wrong, kind)
        told.add(fault.pointer)
        yield fault
    if not isinstance(record, dict):
        return
    for part, inner, within in parts_of(record, kind, path):
        for fault in _by_sense(part, inner, within, today):
            # Within an organisation the nesting says whose a service is.
            is_said = fault.rule == "whose" and kind == "organization"
            if fault.pointer not in told and not is_said:
                yield fault
    yield from _nothing_in(record, pointer_of(path), told)
    place = _safe_place(record, kind, path) if has_place(record, kind) else None
    if place is not None:
        yield Fault("safe-place", pointer_of(place), "a place (not repeated)", "no place")


def _by_schema(wrong: Wrong, kind: str) -> Fault:
    rule = _WRONG[wrong.reason]
    if wrong.reason in (Reason.null, Reason.empty) and wrong.expected == "a value":
        rule = "required"
    pointer = pointer_of(wrong.path)
    if kind == "root" and pointer == "/version" and wrong.reason is Reason.form:
        rule = "version"
    found = (
        "nothing" if wrong.reason is Reason.missing else shown(wrong.value, _is_private(pointer))
    )
    return Fault(rule, pointer, found, wrong.expected, wrong.kind)


def _is_private(pointer: str) -> bool:
    steps = re.findall(r"[a-z_]+", pointer)[:-1]
    return any(step.removesuffix("s") in _PRIVATE or step == "addresses" for step in steps)


def _nothing_in(document: Any, pointer: str, told: set[str]) -> Iterator[Fault]:
    """Null, empty texts and empty lists wherever they stand, if the schema did not find them."""
    waiting: list[tuple[str, Any]] = [(pointer, document)]
    while waiting:
        place, part = waiting.pop()
        if isinstance(part, dict):
            waiting += [(f"{place}/{_key(key)}", inner) for key, inner in part.items()]
        elif isinstance(part, list) and part:
            waiting += [(f"{place}/{number}", inner) for number, inner in enumerate(part)]
        elif place in told:
            continue
        elif part is None:
            yield Fault("null-extra", place, "null", "a value, or no field")
        elif part == "":
            yield Fault("empty", place, shown(""), "a value, or no field")
        elif part == []:
            yield Fault("empty-list", place, "a list of 0", "something in the list, or no field")


def _key(key: str) -> str:
    """A key as a step of a pointer; one that is no plain word may hold anything."""
    return key if re.fullmatch(r"\w{1,60}", key, re.ASCII) else "…"


def _safe_place(record: Mapping[str, Any], kind: str, path: str) -> str | None:
    """Where a service of safe accommodation, or one given at a location, has its place."""
    for part, inner, place in parts_of(record, kind, path):
        service = object_of(part, "service") if inner == "service_at_location" else part
        speaks = inner in ("service", "service_at_location") and words_of_safety(service)
        if (speaks or (inner == "location" and words_of_safety(part))) and has_place(part, inner):
            return place
    return None


# ---------------------------------------------------------------- what the schema lets pass


def _by_sense(
    part: Mapping[str, Any], kind: str, path: str, today: datetime.date
) -> Iterator[Fault]:
    for find in _SENSE.get(kind, ()):
        yield from find(part, kind, pointer_of(path), today)
    for name in ("service_id", "organization_id", "location_id", "link_id"):
        yield from _own(part, kind, pointer_of(path), name)


def _own(part: Mapping[str, Any], kind: str, pointer: str, name: str) -> Iterator[Fault]:
    """The records within a record that name another as the one they belong to."""
    owner = "link_id" if name == "link_id" else f"{kind}_id"
    if owner != name or not text_of(part, "id"):
        return
    within = ("attributes",) if name == "link_id" else _PARTS[kind]
    for key in within:
        for number, inner in enumerate(list_of(part, key)):
            said = text_of(inner, name)
            if said and said.lower() != text_of(part, "id").lower():
                place = f"{pointer}/{key}/{number}/{name}"
                yield Fault("part-of", place, shown(said), "the id of the record around it")


_PARTS = {
    kind: tuple(name for name, rule in fields.items() if rule.startswith("["))
    for kind, fields in RULES.items()
}


def _service(
    part: Mapping[str, Any], _: str, pointer: str, today: datetime.date
) -> Iterator[Fault]:
    if "organization_id" not in part and "organization" not in part:
        yield Fault("whose", f"{pointer}/organization_id", "nothing", "the id of an organisation")
    if "description" not in part:
        yield Fault("description", f"{pointer}/description", "nothing", "a description")
    yield from _assured(part, pointer, today)


def _assured(part: Mapping[str, Any], pointer: str, today: datetime.date) -> Iterator[Fault]:
    place, given = f"{pointer}/assured_date", part.get("assured_date")
    if given is None:
        yield Fault("assured", place, "nothing", "the date of the last check")
        return
    day = _day(given)
    if day is None:
        yield Fault("assured", place, shown(given), "a date such as 2026-03-15")
    elif day > today:
        yield Fault("assured", place, shown(given), "a date that is not in the future")
    elif (today - day).days > _FRESH_DAYS:
        yield Fault("assured", place, shown(given), "a date less than three months old")


def _day(given: Any) -> datetime.date | None:
    if not isinstance(given, str) or not _DATE.match(given) or given[10:11] not in ("", "T"):
        return None
    try:
        return datetime.date.fromisoformat(given[:10])
    except ValueError:
        return None


def _ages(part: Mapping[str, Any], _: str, pointer: str, __: datetime.date) -> Iterator[Fault]:
    low, high = number_of(part, "minimum_age"), number_of(part, "maximum_age")
    for name, age in (("minimum_age", low), ("maximum_age", high)):
        if age is not None and not 0 <= age <= _OLDEST:
            yield Fault("ages", f"{pointer}/{name}", shown(age), "0 to 150")
    if low is not None and high is not None and low > high:
        expected = "an age of maximum_age or less"
        yield Fault("ages", f"{pointer}/minimum_age", shown(low), expected)


def _dates(part: Mapping[str, Any], kind: str, pointer: str, _: datetime.date) -> Iterator[Fault]:
    found: dict[str, datetime.date | None] = {}
    for name in ("valid_from", "valid_to", "dtstart"):
        value = part.get(name)
        if isinstance(value, str) and value:
            found[name] = _day(value)
            if found[name] is None:
                expected = "a date such as 2026-03-15"
                yield Fault("date", f"{pointer}/{name}", shown(value), expected)
    first, last = found.get("valid_from"), found.get("valid_to")
    if first and last and first > last:
        expected = "a date that is not before valid_from"
        yield Fault("date", f"{pointer}/valid_to", shown(part["valid_to"]), expected)


def _times(part: Mapping[str, Any], _: str, pointer: str, __: datetime.date) -> Iterator[Fault]:
    for name in ("opens_at", "closes_at"):
        value = text_of(part, name)
        if value and not _TIME.fullmatch(value):
            yield Fault("time", f"{pointer}/{name}", shown(value), "a time such as 09:00")
    days = text_of(part, "byday")
    if days and not _BYDAY.fullmatch(days.replace(" ", "")):
        yield Fault("days", f"{pointer}/byday", shown(days), "days such as MO,WE or 1TU")


def _position(part: Mapping[str, Any], _: str, pointer: str, __: datetime.date) -> Iterator[Fault]:
    for name, most in (("latitude", 90), ("longitude", 180)):
        degrees = number_of(part, name)
        if degrees is not None and not -most <= degrees <= most:
            expected = f"-{most} to {most}"
            yield Fault("position", f"{pointer}/{name}", shown(degrees, is_private=True), expected)
    if (number_of(part, "latitude") is None) != (number_of(part, "longitude") is None):
        yield Fault("position", pointer, "one of the two", "latitude and longitude, or neither")


def _postcode(part: Mapping[str, Any], _: str, pointer: str, __: datetime.date) -> Iterator[Fault]:
    code, country = text_of(part, "postal_code"), text_of(part, "country").strip().lower()
    if code and country in _UNITED_KINGDOM and not _POSTCODE.fullmatch(code.strip()):
        place = f"{pointer}/postal_code"
        yield Fault("postcode", place, shown(code, is_private=True), "such as SW1A 1AA")


def _term(part: Mapping[str, Any], _: str, pointer: str, __: datetime.date) -> Iterator[Fault]:
    if not text_of(part, "link_type"):
        yield Fault("term", f"{pointer}/link_type", "nothing", "what the term says of the record")
    inner = text_of(object_of(part, "taxonomy_term"), "id")
    named = text_of(part, "taxonomy_term_id")
    if not inner and not named:
        yield Fault("term", pointer, "no term", "taxonomy_term, or taxonomy_term_id")
    elif inner and named and inner.lower() != named.lower():
        place = f"{pointer}/taxonomy_term_id"
        yield Fault("part-of", place, shown(named), "the id of taxonomy_term beside it")


def _twins(part: Mapping[str, Any], _: str, pointer: str, __: datetime.date) -> Iterator[Fault]:
    """An id beside the record that it is of."""
    for name in ("organization", "location", "service"):
        named, inner = text_of(part, f"{name}_id"), text_of(object_of(part, name), "id")
        if named and inner and named.lower() != inner.lower():
            yield Fault("part-of", f"{pointer}/{name}_id", shown(named), f"the id of {name}")


Find = Callable[[Mapping[str, Any], str, str, datetime.date], Iterator[Fault]]
_SENSE: Mapping[str, tuple[Find, ...]] = {
    "service": (_service, _ages, _twins),
    "schedule": (_dates, _times),
    "cost_option": (_dates,),
    "location": (_position,),
    "address": (_postcode,),
    "attribute": (_term,),
    "service_at_location": (_twins,),
}

# ---------------------------------------------------------------- what records say of each other


def references_of(record: Any, kind: str, path: str) -> Iterator[Reference]:
    """Every record that a record names and does not hold itself."""
    for part, inner, place in parts_of(record, kind, path):
        for name, target in _NAMED.get(inner, ()):
            identifier = text_of(part, name)
            if identifier:
                yield Reference(target, identifier.lower(), f"{pointer_of(place)}/{name}")


_NAMED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "service": (("organization_id", "organization"),),
    "organization": (("parent_organization_id", "organization"),),
    "service_at_location": (("service_id", "service"),),
    "attribute": (("taxonomy_term_id", "taxonomy_term"),),
    "taxonomy_term": (("parent_id", "taxonomy_term"), ("taxonomy_id", "taxonomy")),
}


def ids_of(record: Any, kind: str, path: str) -> Iterator[tuple[str, str, str]]:
    """The UUIDs of a record and of all within it: the id, the kind and the JSON pointer."""
    for identifier, inner, place in named_ids(record, kind, path):
        yield identifier, inner, pointer_of(place)
