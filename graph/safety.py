"""What safe accommodation is, and how large an area must be to be told of it (SAFETY.md, rule 1).

Data from elsewhere say it in words, our own tables by type or need: here are the words, the terms
and the ONS codes by which an area is at least an upper-tier authority. Rows that are read and
graphs that are served are judged by the same functions.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graph.confidential import as_seen
from graph.derived import chain
from graph.model import PropertyGraph, Value
from ontology.namespaces import SHARED
from ontology.schema import Schema

SAFE_TYPE: Final = f"{SHARED}/service-type/safe-accommodation"
SAFE_NEED: Final = f"{SHARED}/need/accommodation"
"""The terms that safe accommodation stands at or below."""

UPPER_TIER: Final = ("E06", "E08", "E09", "E10", "W06", "S12", "N09")
"""Authorities with none above them: unitary, metropolitan, London, county, and those of Wales,
Scotland and Northern Ireland."""
ABOVE: Final = ("E12", "E47", "E92", "W92", "S92", "N92", "K02", "K03", "K04")
"""Regions, combined authorities, nations and what is made of them."""
DISTRICT: Final = ("E07",)
"""Districts of a county: below the upper tier, and nobody's ward."""

_SAFE: Final = re.compile(
    r"\brefuges?\b|\bsafe[ -]?(?:house|home|accommodation|place)s?\b|\bplaces? of safety\b|"
    r"\bsanctuary (?:scheme|project)s?\b|"
    r"\b(?:dispersed|second[ -]stage|emergency|crisis|move[ -]?on) accommodation\b|"
    r"\b(?:dispersed|second[ -]stage) (?:housing|homes?|houses?|flats?|units?|propert(?:y|ies))\b|"
    r"\bwom[ae]n'?s'? (?:aid )?(?:hostel|shelter|house)s?\b|"
    r"\b(?:hostel|shelter)s? for (?:\w+ )?(?:wom[ae]n|victims|survivors)\b|"
    r"\b(?:abuse|violence) shelters?\b|"
    r"\bllet[yt]y? diogel\b|\blloches(?:au)?\b|"
    r"\bdomestic (?:abuse|violence) (?:\w+ )?(?:accommodation|hostel|housing)\b",
    re.IGNORECASE,
)


def is_safe(*texts: Any) -> bool:
    """Whether a name or term speaks of a refuge or other safe accommodation.

    >>> is_safe("Haven Women's Refuge"), is_safe("Advice for refugees")
    (True, False)
    """
    said = (" ".join(as_seen(text).split()) for text in texts if isinstance(text, str))
    return any(_SAFE.search(text) for text in said)


def is_upper(code: str) -> bool:
    """Whether an ONS code is that of an upper-tier authority, or of something that takes it in."""
    return code.startswith((*UPPER_TIER, *ABOVE))


def is_small(code: str, is_below_home: bool) -> bool:
    """Whether an area is known to be below the upper tier.

    It is by its ONS code; one without a code is where it lies in the area of its partnership. An
    area outside without a code may be either: it is left to the public artefact, which raises it.
    """
    return not is_upper(code) if code else is_below_home


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a service that tells whether it is safe accommodation.

    `says_so` is whether its name or description does, `terms` are the identifiers of its type and
    needs, `part_of` those of what it is part of.
    """

    says_so: bool
    terms: frozenset[str]
    part_of: frozenset[str]


def safe_among(
    services: Mapping[str, Told], broader: Mapping[str, Collection[str]]
) -> frozenset[str]:
    """The identifiers of the services that are safe accommodation, or part of such.

    It is so by type or need, where `broader` leads from a term to `SAFE_TYPE` or `SAFE_NEED`, or by
    a name or description that says it.
    """
    below = {SAFE_TYPE, SAFE_NEED}
    terms = frozenset[str]().union(*(told.terms for told in services.values()))
    safe_terms = {term for term in terms if below & wider(term, broader)}
    safe = {s for s, told in services.items() if told.says_so or told.terms & safe_terms}
    wholes = {one: told.part_of for one, told in services.items()}
    return frozenset(one for one in services if wider(one, wholes) & safe)


def safe_services(graph: PropertyGraph, schema: Schema) -> frozenset[str]:
    """The ids of a graph's services that are safe accommodation, or part of such.

    It looks at the whole graph, whoever may see a record: a type or a whole that is for staff makes
    a service no less safe.
    """

    def relation(label: str, key: str) -> str:
        return schema.classes[label].property(key).relation or ""

    targets: dict[tuple[str, str], list[str]] = {}
    for edge in graph.edges:
        if edge.id is None:
            targets.setdefault((edge.type, edge.start[1]), []).append(edge.end[1])

    def leads(label: str, key: str, start: str) -> frozenset[str]:
        return frozenset(targets.get((relation(label, key), start), ()))

    services = {}
    broader = {}
    for node in graph.nodes:
        if node.label == "Service":
            terms = leads("Service", "type", node.id) | leads("Service", "needs", node.id)
            part_of = leads("Service", "part_of", node.id)
            services[node.id] = Told(is_safe(*_texts(node.properties)), terms, part_of)
        elif node.label in ("ServiceType", "Need"):
            broader[node.id] = leads(node.label, "broader", node.id)
    return safe_among(services, broader)


def _texts(columns: Mapping[str, Value]) -> tuple[str, ...]:
    also = columns.get("also_called")
    found = (
        columns.get("name"),
        columns.get("description"),
        *(also if type(also) is tuple else ()),
    )
    return tuple(text for text in found if isinstance(text, str))


def wider(identifier: str, above: Mapping[str, Collection[str]]) -> set[str]:
    """A record or term and all that it is part of; a circle is followed once."""
    found: set[str] = set()
    waiting = [identifier]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += above.get(one, ())
    return found


def upper_areas(
    codes: Mapping[str, str], homes: Iterable[str], within: Mapping[str, str]
) -> frozenset[str]:
    """The areas that are at least an upper-tier authority, of those whose ONS code `codes` gives.

    An area without a code is one where it is a partnership's own, in `homes`, or takes one in.
    """
    around = {area for home in homes for area in chain(home, within)}
    return frozenset(
        area for area, code in codes.items() if is_upper(code) or (not code and area in around)
    )
