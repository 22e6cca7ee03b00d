"""What a record of Open Referral must look like: HSDS 3 and its UK profile 3.0, as a table.

A field of a record has a kind: text, a number, a word of a list, an address of the web, another
record. `!` marks what must be there. Other properties are allowed. Written from the standard's own
rules (docs of HSDS-UK 3.0); no schema of it is copied.

This is the one place of these rules. The check of a feed holds to them to the letter (`STRICT`).
An import allows what feeds that their authors publish as correct need (`FOR_IMPORT`): an optional
field may be null or empty, an identifier may lack its type, an id may be any text, and the version
may be another of HSDS 3.
"""

import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from graph.imports.json_text import at

VERSIONS = re.compile(r"HSDS-UK-3\.0|(?:HSDS-)?3\.\d+(?:\.\d+)?")
"""What `/` may answer for an import: the UK profile's version to the letter, or one of HSDS 3."""
VERSION = "HSDS-UK-3.0"

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):?[0-5]\d)"
)
_NO_COLON = re.compile(r"[+-]\d{4}$")
_URI = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*"
)
_TYPE = "identifier_type"
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
        "languages": "[language]",
        "organization": "{organization}",
        "funding": "[funding]",
        "cost_options": "[cost_option]",
        "contacts": "[contact]",
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
        "organization_id": "id",
        "identifier_scheme": "text",
        "identifier_type": "text!",
        "identifier": "text!",
        "attributes": "[attribute]",
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
        "attributes": "[attribute]",
    },
    "address": {
        "id": "id!",
        "location_id": "id",
        "attention": "text",
        "address_1": "text!",
        "city": "text!",
        "region": "text",
        "state_province": "text!",
        "postal_code": "text!",
        "country": "text!",
        "address_type": f"{_PLACE_TYPES}!",
        "attributes": "[attribute]",
    },
    "accessibility": {
        "id": "id!",
        "location_id": "id",
        "description": "text",
        "details": "text",
        "url": "uri",
        "accessibility": "text",
        "attributes": "[attribute]",
    },
    "schedule": {
        "id": "id!",
        "service_id": "id",
        "service_at_location_id": "id",
        "valid_from": "text",
        "valid_to": "text",
        "dtstart": "text",
        "freq": "WEEKLY|MONTHLY",
        "interval": "number",
        "byday": "text",
        "bymonthday": "text",
        "description": "text",
        "opens_at": "text",
        "closes_at": "text",
        "schedule_link": "uri",
        "attending_type": "text",
        "notes": "text",
    },
    "service_area": {
        "id": "id!",
        "service_id": "id",
        "name": "text",
        "extent": "text",
        "extent_type": "text",
        "uri": "text",
        "service_area": "text",
    },
    "funding": {"id": "id!", "service_id": "id", "source": "text"},
    "cost_option": {
        "id": "id!",
        "service_id": "id",
        "valid_from": "text",
        "valid_to": "text",
        "option": "text",
        "amount": "number",
        "amount_description": "text",
    },
    "phone": {
        "id": "id!",
        "contact_id": "id",
        "number": "text!",
        "description": "text",
        "languages": "[language]",
    },
    "contact": {
        "id": "id!",
        "service_id": "id",
        "name": "text",
        "title": "text",
        "attributes": "[attribute]",
        "phones": "[phone]",
    },
    "language": {"id": "id!", "service_id": "id", "phone_id": "id"},
    "attribute": {
        "id": "id!",
        "link_id": "id",
        "taxonomy_term_id": "id",
        "link_type": "text",
        "taxonomy_term": "{taxonomy_term}",
    },
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
}
PARENTS: Mapping[str, str] = {
    "taxonomy_term": "parent_id",
    "organization": "parent_organization_id",
}
"""The field that names the record above: never the record itself."""


@dataclass(frozen=True, slots=True)
class Allowances:
    """What is let pass although the standard does not allow it."""

    empty: bool = False
    """Null or an empty text in a field that may be left out."""
    untyped_identifier: bool = False
    any_id: bool = False
    any_version: bool = False
    loose_forms: bool = False
    """Addresses of the web with letters beyond ASCII, and offsets of time without a colon."""


STRICT = Allowances()
FOR_IMPORT = Allowances(True, True, True, True, True)


class Reason(StrEnum):
    """In what way a field is wrong."""

    missing = "missing"
    null = "null"
    empty = "empty"
    kind = "kind"
    form = "form"
    word = "word"
    own_parent = "own parent"


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one field: its path, what is expected there, how, and the value.

    `kind` is that of the record which the field is of.
    """

    path: str
    expected: str
    reason: Reason
    value: Any = None
    kind: str = ""


def is_uuid(value: Any) -> bool:
    """Whether a value is a UUID in its usual writing."""
    return isinstance(value, str) and _UUID.fullmatch(value) is not None


def _is_uri(text: str, allow: Allowances) -> bool:
    if not allow.loose_forms and not _URI.fullmatch(text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    named = bool(parts.netloc) or (parts.scheme not in ("http", "https") and bool(parts.path))
    return bool(parts.scheme) and named and not re.search(r"[\s<>\"{}|\\^`]", text)


def _is_moment(text: str, allow: Allowances) -> bool:
    if not _MOMENT.fullmatch(text) or (not allow.loose_forms and _NO_COLON.search(text)):
        return False
    try:
        datetime.date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True


def _is_id(text: str, allow: Allowances) -> bool:
    return is_uuid(text) or (allow.any_id and bool(text.strip()) and len(text) <= 200)


def _is_version(text: str, allow: Allowances) -> bool:
    return text == VERSION or (allow.any_version and bool(VERSIONS.fullmatch(text)))


def _is_number(value: Any) -> bool:
    return not isinstance(value, bool | str | list | dict)


_FORMS: Mapping[str, Callable[[str, Allowances], bool]] = {
    "id": _is_id,
    "uri": _is_uri,
    "email": lambda text, _: bool(_EMAIL.fullmatch(text)),
    "moment": _is_moment,
    "version": _is_version,
}
"""Kinds of text that have a form."""
_EXPECTED: Mapping[str, str] = {
    "text": "text",
    "number": "a number",
    "uri": "a whole address of the web (https://…)",
    "email": "an e-mail address",
    "moment": "a date and time with its zone, such as 2026-03-15T10:30:45Z",
}


def _expected(kind: str, allow: Allowances) -> str:
    if kind == "id":
        return "an id, as text" if allow.any_id else "a UUID, as text"
    if kind == "version":
        return f"{VERSION}, or a version of HSDS 3" if allow.any_version else f"{VERSION} exactly"
    return _EXPECTED[kind]


def check(record: Any, kind: str, path: str, allow: Allowances = STRICT) -> Iterator[Wrong]:
    """Everything that is wrong with a record of a kind, and with those within it."""
    if not isinstance(record, dict):
        yield Wrong(path, "an object", Reason.kind, record, kind)
        return
    for name, rule in RULES[kind].items():
        if allow.untyped_identifier and (kind, name) == ("organization_identifier", _TYPE):
            rule = rule.removesuffix("!")
        if name in record:
            for wrong in _field(record[name], rule, at(path, name), allow):
                yield wrong if wrong.kind else replace(wrong, kind=kind)
        elif rule.endswith("!"):
            yield Wrong(at(path, name), "a value", Reason.missing, None, kind)
    above = PARENTS.get(kind)
    if above and record.get(above) is not None and record.get(above) == record.get("id"):
        expected = "another record: none is its own parent"
        yield Wrong(at(path, above), expected, Reason.own_parent, record[above], kind)


def _field(value: Any, rule: str, path: str, allow: Allowances) -> Iterator[Wrong]:
    needed, rule = rule.endswith("!"), rule.removesuffix("!")
    if value is None or value == "":
        if needed or not allow.empty:
            reason = Reason.null if value is None else Reason.empty
            if value == "" and not needed and rule != "text":
                reason = Reason.form
            yield Wrong(path, "a value" if needed else "a value, or no field", reason, value)
    elif rule.startswith("["):
        if isinstance(value, list):
            for number, part in enumerate(value):
                yield from check(part, rule[1:-1], f"{path}[{number}]", allow)
        else:
            yield Wrong(path, "a list", Reason.kind, value)
    elif rule.startswith("{"):
        yield from check(value, rule[1:-1], path, allow)
    elif rule == "number":
        if not _is_number(value):
            yield Wrong(path, _EXPECTED[rule], Reason.kind, value)
    elif rule == "text" or rule in _FORMS:
        if not isinstance(value, str):
            yield Wrong(path, _expected(rule, allow), Reason.kind, value)
        elif rule in _FORMS and not _FORMS[rule](value, allow):
            yield Wrong(path, _expected(rule, allow), Reason.form, value)
    elif value not in rule.split("|"):
        yield Wrong(path, f"one of: {', '.join(rule.split('|'))}", Reason.word, value)


_WITHIN: Mapping[str, tuple[tuple[str, str], ...]] = {
    kind: tuple((name, rule.strip("[]{}!")) for name, rule in fields.items() if rule[0] in "[{")
    for kind, fields in RULES.items()
}
"""By kind: the fields that hold other records, and the kind of these."""


def parts_of(record: Any, kind: str, path: str) -> Iterator[tuple[dict[str, Any], str, str]]:
    """A record and every one within it that the table knows, with its kind and path."""
    if not isinstance(record, dict):
        return
    yield record, kind, path
    for name, inner in _WITHIN[kind]:
        value = record.get(name)
        if not value:
            continue
        place = at(path, name)
        if isinstance(value, list):
            for number, part in enumerate(value):
                yield from parts_of(part, inner, f"{place}[{number}]")
        else:
            yield from parts_of(value, inner, place)


def named_ids(record: Any, kind: str, path: str) -> Iterator[tuple[str, str, str]]:
    """The UUID of a record and of every one within it, with its kind and path.

    A UUID is one thing's in all the world: two kinds of record that have the same one are mixed up.
    """
    for part, inner, place in parts_of(record, kind, path):
        identifier = part.get("id")
        if is_uuid(identifier):
            yield str(identifier).lower(), inner, at(place, "id")


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
