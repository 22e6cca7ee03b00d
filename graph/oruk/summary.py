"""What a check keeps of a record: enough to compare it, to find it and to see what fits it.

The records themselves are let go, for a feed may be large.
"""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from graph.oruk.rules import RULES, parts_of
from graph.safety import is_safe

_COMPARED = ("name", "status", "organization_id", "minimum_age", "maximum_age", "assured_date",
             "last_modified", "url", "taxonomy_id", "parent_id", "term_uri", "version",
             "service_id", "location_id")  # fmt: skip
_IN_FULL = frozenset({"attributes", "service_areas", "funding", "schedules", "contacts"})
_PLACES = ("latitude", "longitude", "external_identifier")
_DAY = re.compile(r"(?:[+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
Number = int | Decimal


@dataclass(frozen=True, slots=True)
class Summary:
    """A record of a list or by its id."""

    kind: str
    identifier: str
    name: str
    is_safe: bool
    """Whether its words speak of safe accommodation: then nothing else of it is told."""
    is_full: bool
    """Whether lists within it are there, so that their absence means something."""
    keys: int
    fields: Mapping[str, Any]
    organization: str
    terms: frozenset[str]
    taxonomies: frozenset[str]
    days: frozenset[str]
    opens: frozenset[str]
    closes: frozenset[str]


def text_of(record: Mapping[str, Any], key: str) -> str:
    """A field that is a text, or an empty one."""
    value = record.get(key)
    return value if isinstance(value, str) else ""


def object_of(record: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """A field that is an object, or an empty one."""
    value = record.get(key)
    return value if isinstance(value, dict) else {}


def list_of(record: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """The objects of a field that is a list."""
    value = record.get(key)
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def number_of(record: Mapping[str, Any], key: str) -> Number | None:
    """A field that is a number, or None."""
    value = record.get(key)
    return value if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def moment_of(text: Any) -> datetime.datetime | None:
    """A date and time with its zone, or None."""
    if not isinstance(text, str):
        return None
    try:
        found = datetime.datetime.fromisoformat(text.upper().replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)


def words_of_safety(record: Mapping[str, Any]) -> bool:
    """Whether a service's names or terms speak of safe accommodation (SAFETY.md, rule 1)."""
    terms = [object_of(a, "taxonomy_term") for a in list_of(record, "attributes")]
    named = [term.get(key) for term in terms for key in ("name", "term")]
    return is_safe(record.get("name"), record.get("alternate_name"), *named)


def may_be_safe(record: Mapping[str, Any], kind: str) -> bool:
    """Whether anything in a record, however deep, speaks of safe accommodation: so tell little."""
    return any(
        words_of_safety(part) or is_safe(part.get("description"), part.get("term"))
        for part, _, _ in parts_of(record, kind, "")
    )


def has_place(record: Mapping[str, Any], kind: str) -> bool:
    """Whether a record, or one within it, has an address or a position."""
    return any(
        inner == "address" or (inner == "location" and any(part.get(key) for key in _PLACES))
        for part, inner, _ in parts_of(record, kind, "")
    )


def summary_of(record: Mapping[str, Any], kind: str) -> Summary:
    """What is kept of a record; of whatever is in it, nothing raises an error."""
    terms, taxonomies = set(), set()
    for attribute in list_of(record, "attributes"):
        term = object_of(attribute, "taxonomy_term")
        terms |= {text_of(attribute, "taxonomy_term_id"), text_of(term, "id")}
        taxonomies.add(text_of(term, "taxonomy_id"))
    schedules = list_of(record, "schedules")
    service = object_of(record, "service") if kind == "service_at_location" else record
    return Summary(
        kind=kind,
        identifier=text_of(record, "id"),
        name=text_of(record, "name"),
        is_safe=may_be_safe(record, kind),
        is_full=bool(_IN_FULL & set(record)),
        keys=len(record),
        fields={
            key: value
            for key in _COMPARED
            if key in RULES[kind] and isinstance(value := record.get(key), str | int | Decimal)
        },
        organization=text_of(service, "organization_id")
        or text_of(object_of(service, "organization"), "id"),
        terms=frozenset(terms - {""}),
        taxonomies=frozenset(taxonomies - {""}),
        days=frozenset(day for s in schedules for day in _DAY.findall(text_of(s, "byday"))),
        opens=frozenset(text_of(s, "opens_at") for s in schedules) - {""},
        closes=frozenset(text_of(s, "closes_at") for s in schedules) - {""},
    )


def fits(summary: Summary, parameter: str, value: str) -> bool | None:
    """Whether a record fits a parameter; None where that cannot be said.

    As components/parameters of HSDS-UK 3.0's openapi.json describes them: `minimum_age` is "a
    minimum age of at least", `maximum_age` "at equal to or below". A record without the field can
    be meant for anybody, so nothing is said of it.
    """
    fields = summary.fields
    if parameter in ("minimum_age", "maximum_age"):
        age = fields.get(parameter)
        if not isinstance(age, int | Decimal):
            return None
        return age >= Decimal(value) if parameter == "minimum_age" else age <= Decimal(value)
    if parameter == "organization_id":
        return summary.organization == value if summary.organization else None
    if parameter == "taxonomy_term_id":
        return value in summary.terms if summary.is_full else None
    if parameter == "taxonomy_id":
        if summary.kind == "taxonomy_term":
            return fields.get("taxonomy_id") == value if "taxonomy_id" in fields else None
        return value in summary.taxonomies if summary.taxonomies else None
    if parameter == "parent_id":
        return fields.get("parent_id") == value
    if parameter == "top_only":
        return "parent_id" not in fields
    if parameter == "modified_after":
        changed, after = moment_of(fields.get("last_modified")), moment_of(value)
        return changed >= after if changed and after else None
    return _opens(summary, parameter, value)


def _opens(summary: Summary, parameter: str, value: str) -> bool | None:
    if parameter == "day":
        return value in summary.days if summary.days else None
    if parameter == "start_time":
        return any(time[:5] >= value[:5] for time in summary.opens) if summary.opens else None
    if parameter == "end_time":
        return any(time[:5] <= value[:5] for time in summary.closes) if summary.closes else None
    return None
