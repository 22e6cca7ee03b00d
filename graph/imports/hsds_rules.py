"""What a record of Open Referral must look like: HSDS 3 and its UK profile 3.0, as a table.

A field of a record has a kind: text, a number, a word of a list, an address of the web, another
record. `!` marks what must be there. Only what the standard requires, or gives a format, is here:
other properties are allowed. Written from the standard's own rules (docs of HSDS-UK 3.0); no schema
of it is copied.

Two allowances, because feeds that its authors publish as correct need them: an optional field may
be null or empty, although it should be left out, and an identifier may lack its type.
"""

import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from graph.imports.json_text import at

VERSIONS = re.compile(r"HSDS-UK-3\.0|(?:HSDS-)?3\.\d+(?:\.\d+)?")
"""What `/` may answer: the UK profile's version to the letter, or one of HSDS 3."""

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):?[0-5]\d)"
)
_PLACE_TYPES = "physical|postal|virtual"

RULES: Mapping[str, Mapping[str, str]] = {
    "root": {"version": "version!", "profile": "uri!", "openapi_url": "uri!"},
    "service": {
        "id": "id!",
        "organization_id": "id",
        "name": "text!",
        "description": "text",
        "url": "uri",
        "email": "email",
        "status": "active|inactive|defunct|temporarily closed!",
        "fees": "text",
        "accreditations": "text",
        "minimum_age": "number",
        "maximum_age": "number",
        "assured_date": "text",
        "assurer_email": "email",
        "alert": "text",
        "last_modified": "moment",
        "schedules": "[schedule]",
        "service_areas": "[service_area]",
        "service_at_locations": "[service_at_location]",
        "languages": "[part]",
        "organization": "{organization}",
        "funding": "[funding]",
        "cost_options": "[cost_option]",
        "contacts": "[part]",
        "phones": "[phone]",
        "attributes": "[attribute]",
    },
    "organization": {
        "id": "id!",
        "name": "text!",
        "description": "text!",
        "email": "email",
        "website": "uri",
        "logo": "text",
        "uri": "uri",
        "parent_organization_id": "id",
        "organization_identifiers": "[organization_identifier]",
        "attributes": "[attribute]",
        "services": "[service]",
    },
    "organization_identifier": {
        "id": "id!",
        "identifier_scheme": "text",
        "identifier_type": "text",
        "identifier": "text!",
    },
    "service_at_location": {
        "id": "id!",
        "service_id": "id",
        "location_id": "id",
        "location": "{location}",
        "service": "{service}",
    },
    "location": {
        "id": "id!",
        "location_type": f"{_PLACE_TYPES}!",
        "name": "text",
        "description": "text",
        "latitude": "number",
        "longitude": "number",
        "external_identifier": "text",
        "external_identifier_type": "text",
        "addresses": "[address]",
        "accessibility": "[accessibility]",
    },
    "address": {
        "id": "id!",
        "address_1": "text!",
        "city": "text!",
        "state_province": "text!",
        "postal_code": "text!",
        "country": "text!",
        "address_type": f"{_PLACE_TYPES}!",
    },
    "accessibility": {"id": "id!", "url": "uri"},
    "schedule": {"id": "id!", "freq": "WEEKLY|MONTHLY", "schedule_link": "uri"},
    "service_area": {
        "id": "id!",
        "name": "text",
        "extent": "text",
        "extent_type": "text",
        "uri": "text",
    },
    "funding": {"id": "id!", "source": "text"},
    "cost_option": {"id": "id!", "amount": "number"},
    "phone": {"id": "id!", "number": "text!"},
    "attribute": {"id": "id!", "link_type": "text", "taxonomy_term": "{taxonomy_term}"},
    "taxonomy": {
        "id": "id!",
        "name": "text!",
        "description": "text!",
        "uri": "uri",
        "version": "text",
        "taxonomy_terms": "[taxonomy_term]",
    },
    "taxonomy_term": {
        "id": "id!",
        "name": "text!",
        "description": "text!",
        "parent_id": "id",
        "taxonomy": "text",
        "taxonomy_id": "id",
        "term_uri": "uri",
        "term": "text",
    },
    "part": {"id": "id!"},
}
PARENTS: Mapping[str, str] = {
    "taxonomy_term": "parent_id",
    "organization": "parent_organization_id",
}
"""The field that names the record above: never the record itself."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one field: its path, and what is expected there."""

    path: str
    expected: str


def _is_uri(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    named = bool(parts.netloc) or (parts.scheme not in ("http", "https") and bool(parts.path))
    return bool(parts.scheme) and named and not re.search(r"[\s<>\"{}|\\^`]", text)


def _is_moment(text: str) -> bool:
    if not _MOMENT.fullmatch(text):
        return False
    try:
        datetime.date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


_KINDS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "text": (_is_text, "text"),
    "id": (lambda v: _is_text(v) and bool(v.strip()) and len(v) <= 200, "an id, as text"),
    "number": (lambda v: not isinstance(v, bool | str | list | dict), "a number"),
    "uri": (lambda v: _is_text(v) and _is_uri(v), "a whole address of the web (https://…)"),
    "email": (lambda v: _is_text(v) and bool(_EMAIL.fullmatch(v)), "an e-mail address"),
    "moment": (
        lambda v: _is_text(v) and _is_moment(v),
        "a date and time with its zone, such as 2026-03-15T10:30:45Z",
    ),
    "version": (
        lambda v: _is_text(v) and bool(VERSIONS.fullmatch(v)),
        "HSDS-UK-3.0, or a version of HSDS 3",
    ),
}


def check(record: Any, kind: str, path: str) -> Iterator[Wrong]:
    """Everything that is wrong with a record of a kind, and with those within it."""
    if not isinstance(record, dict):
        yield Wrong(path, "an object")
        return
    for name, rule in RULES[kind].items():
        yield from _field(record.get(name), rule, at(path, name))
    above = PARENTS.get(kind)
    if above and record.get(above) is not None and record.get(above) == record.get("id"):
        yield Wrong(at(path, above), "another record: none is its own parent")


def _field(value: Any, rule: str, path: str) -> Iterator[Wrong]:
    needed, rule = rule.endswith("!"), rule.removesuffix("!")
    if value is None or value == "":
        if needed:
            yield Wrong(path, "a value")
    elif rule.startswith("["):
        if isinstance(value, list):
            for number, part in enumerate(value):
                yield from check(part, rule[1:-1], f"{path}[{number}]")
        else:
            yield Wrong(path, "a list")
    elif rule.startswith("{"):
        yield from check(value, rule[1:-1], path)
    elif rule in _KINDS:
        fits, expected = _KINDS[rule]
        if not fits(value):
            yield Wrong(path, expected)
    elif value not in rule.split("|"):
        yield Wrong(path, f"one of: {', '.join(rule.split('|'))}")


def named_ids(record: Any, kind: str, path: str) -> Iterator[tuple[str, str, str]]:
    """The UUID of a record and of every one within it, with its kind and path.

    A UUID is one thing's in all the world: two kinds of record that have the same one are mixed up.
    """
    if not isinstance(record, dict):
        return
    identifier = record.get("id")
    if isinstance(identifier, str) and _UUID.fullmatch(identifier):
        yield identifier.lower(), kind, at(path, "id")
    for name, rule in RULES[kind].items():
        value, inner = record.get(name), rule.strip("[]{}!")
        if inner not in RULES or not value:
            continue
        for number, part in enumerate(value if isinstance(value, list) else [value]):
            place = f"{at(path, name)}[{number}]" if isinstance(value, list) else at(path, name)
            yield from named_ids(part, inner, place)


_NAMES = re.compile(
    r"(?:^|[/ ])(service|organi[sz]ation|taxonomy_term|taxonom(?=y|ies)|service_at_location)"
    r"(?:y|s|ies)?(?:_list|_full|-\d+)?(?=[/.,]|$)"
)
_MARKS: Mapping[str, frozenset[str]] = {
    "service_at_location": frozenset({"location", "service", "location_id"}),
    "service": frozenset({"status", "organization_id", "organization", "service_areas"}),
    "organization": frozenset({"organization_identifiers", "website", "parent_organization_id"}),
    "taxonomy_term": frozenset({"parent_id", "term_uri", "term", "taxonomy_id"}),
    "taxonomy": frozenset({"taxonomy_terms", "version", "uri"}),
}
"""By kind: fields that no kind after it has."""


def kind_of(record: Mapping[str, Any], name: str) -> str | None:
    """What kind of record an object is: what its file is named for, or what its fields tell."""
    if {"openapi_url", "profile"} & set(record):
        return "root"
    if not {"id", "name"} & set(record):
        return None
    named = _NAMES.findall(name)
    if named:
        kind = str(named[-1]).replace("organis", "organiz")
        return "taxonomy" if kind == "taxonom" else kind
    return next((kind for kind, keys in _MARKS.items() if keys & set(record)), None)
