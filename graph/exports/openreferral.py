"""Open Referral UK (HSDS-UK 3.0): partnerships as the records of a feed, and as its files.

A folder holds what each endpoint answers: `index.json` is `/`, `services.json` is `/services`,
`services/<id>.json` is `/services/{id}`, and so on. Ids are UUIDv5 of our IRIs. What the standard
has no field for stands in an object `fingerpost` of its own, which the standard allows.

It is made of the public artefact (graph/public.py) and of nothing else: whatever is confidential
is not in there. What is left to do here needs a day: contacts and places that were last checked
too long ago are withheld, and so are those of which nobody says when (SAFETY, rule 4).
"""

import datetime
import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from babel import Locale, UnknownLocaleError

from graph.ids import iri_of, local_of, partnership_of
from graph.model import Edge, Node, PropertyGraph, Value
from graph.release import write_whole
from ontology.namespaces import FP, SHARED
from ontology.schema import Schema

VERSION: Final = "HSDS-UK-3.0"
ENDPOINTS: Final = (
    "services",
    "organizations",
    "taxonomies",
    "taxonomy_terms",
    "service_at_locations",
)
"""The lists of a feed, each by the name of its path."""
WITHHELD_AFTER: Final = 180
"""From so many days after it was last checked, a contact is no longer told."""
_PROFILE: Final = "https://docs.openreferraluk.org/en/latest/hsds_uk/"
_OPENAPI: Final = "https://docs.openreferraluk.org/en/latest/openapi30.json"
_ONS: Final = "http://statistics.data.gov.uk/id/statistical-geography/"

LOST: Final = (
    "Everything but services, organisations, ways to reach them, funding and terms: boards, posts, "
    "actions, gaps, measures, training, agreements and the sources themselves.",
    "Sharing, dependences, and ways in that end at an agency.",
    "Standing: the format knows active, inactive, defunct and temporarily closed. What is planned, "
    "proposed or not stated is inactive; our word stands beside it.",
    "Strength of reach, except beside the term; groups that a service excludes or does not reach "
    "as it should are no eligibility, and stand beside it.",
    "Money, except what is secured.",
    "Contacts and places that were not checked within 180 days of the day it is made for. Without "
    "such a day there are none.",
    "Addresses that are not whole: street, town, county and postcode.",
    "Whatever is for staff, and places of safe accommodation.",
    "Basis, ground and both sides of what is contested, except that a service's basis is named.",
    "Nations.",
)
"""What the format cannot carry, or must not; the same sentences whatever was there."""

_STATUS: Final = {"operating": "active", "needs reviving": "active", "ended": "defunct"}
_HISTORICAL: Final = (
    "Historical: this describes {when} and is no way to get help today. In an emergency call 999."
)
_FICTIONAL: Final = "Invented, to show what the data can say. It is no way to get help."
_PROVIDING: Final = ("is main provider of", "provides", "manages", "gives access to", "hosts")
_NOT_FOR: Final = ("excluded", "under-served")
_TAXONOMIES: Final = {
    "ServiceType": ("Service types", "What kind of help a service is.", "service_type"),
    "Need": ("Needs", "What people need help with.", "need"),
    "ClientGroup": ("Client groups", "Whom a service is for.", "client_group"),
}
_PHONES: Final = {"telephone": "voice", "textphone": "textphone", "text message": "text"}
"""Contacts that are numbers, and what the standard calls them."""
_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_HOURS: Final = re.compile(r"(?P<days>[A-Za-z,-]+) (?P<opens>\d\d:\d\d)-(?P<closes>\d\d:\d\d)")
_SIGNED: Final = {"bfi": "British Sign Language"}
"""Languages that the tables of names (CLDR) do not have."""

Json = dict[str, Any]


def write_openreferral(
    graph: PropertyGraph,
    schema: Schema,
    slug: str,
    folder: Path,
    on: datetime.date | None = None,
) -> tuple[str, ...]:
    """Write one partnership as a feed's files; returns what the format cannot carry.

    `graph` is the public one. Contacts are those that are fresh enough on the day `on`; without a
    day, none.
    """
    feed = Feed(graph, schema, slug, on)
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "index.json", feed.root())
    for name in ENDPOINTS:
        # A record of an earlier export that is no longer public must not stay behind.
        shutil.rmtree(folder / name, ignore_errors=True)
        records = feed.records(name)
        _write(folder / f"{name}.json", _page(records))
        if records:
            (folder / name).mkdir()
        for record in records:
            _write(folder / name / f"{record['id']}.json", record)
    return LOST


def uuid_of(*identifiers: str) -> str:
    """The UUIDv5 of a record's IRI, or of several for what stands between them."""
    return str(uuid5(NAMESPACE_URL, " ".join(str(iri_of(i)) for i in identifiers)))


def _write(path: Path, record: Json) -> None:
    text = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True)
    write_whole(path, f"{text}\n".encode())


def _page(records: Sequence[Json]) -> Json:
    return {
        "total_items": len(records),
        "total_pages": 1,
        "page_number": 1,
        "size": len(records),
        "first_page": True,
        "last_page": True,
        "empty": not records,
        "contents": list(records),
    }


def _filled(record: Mapping[str, Any]) -> Json:
    """A record without empty fields: the standard has no null and no empty text."""
    return {k: v for k, v in record.items() if v not in (None, "", [], {}, ())}


def _plain(value: Value) -> Any:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, bool | int | str) or value is None:
        return value
    return str(value)


def _list(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _columns(columns: Mapping[str, Value], *keys: str) -> Json:
    return _filled({key: _plain(columns.get(key)) for key in keys})


@dataclass(frozen=True)
class Feed:
    """One partnership of the public graph, or all of them, as records of the standard.

    `on` is the day that it is served on, by which contacts are told or withheld. Every record is
    made once; treat what is given out as read-only, since records share their parts.
    """

    graph: PropertyGraph
    schema: Schema
    slug: str | None
    on: datetime.date | None

    # ------------------------------------------------------------ lists

    def records(self, endpoint: str) -> tuple[Json, ...]:
        """All records of one of the ENDPOINTS, sorted by id. Raises KeyError for another name."""
        return self._lists[endpoint]

    def record(self, endpoint: str, identifier: str) -> Json | None:
        """The record of an endpoint with a UUID, or None."""
        return self._by_id[endpoint].get(identifier)

    @cached_property
    def uuids(self) -> Mapping[str, str]:
        """By short identifier: the UUID of every record and term that the feed may name."""
        return {node.id: uuid_of(node.id) for node in self.graph.nodes}

    @cached_property
    def _lists(self) -> Mapping[str, tuple[Json, ...]]:
        made: Mapping[str, Iterable[Json]] = {
            "services": map(self.service, self.nodes("Service")),
            "organizations": map(self.organization, self.nodes("Agency")),
            "taxonomies": (self.taxonomy(name, with_terms=True) for name in _TAXONOMIES),
            "taxonomy_terms": (self.term(n) for name in _TAXONOMIES for n in self.terms(name)),
            "service_at_locations": (
                self.service_at_location(service, venue)
                for service in self.nodes("Service")
                for venue in self.venues(service.id)
            ),
        }
        return {
            name: tuple(sorted(records, key=lambda r: str(r["id"])))
            for name, records in made.items()
        }

    @cached_property
    def _by_id(self) -> Mapping[str, Mapping[str, Json]]:
        return {name: {str(r["id"]): r for r in found} for name, found in self._lists.items()}

    @cached_property
    def _made(self) -> dict[tuple[str, str], Json]:
        return {}

    def _once(self, kind: str, identifier: str, make: Callable[[], Json]) -> Json:
        """A record that many others hold, made the first time that it is asked for."""
        found = self._made.get((kind, identifier))
        if found is None:
            found = self._made[kind, identifier] = make()
        return found

    # ------------------------------------------------------------ the graph

    @cached_property
    def _nodes(self) -> Mapping[str, Node]:
        return {node.id: node for node in self.graph.nodes}

    @cached_property
    def _labelled(self) -> Mapping[str, Sequence[Node]]:
        found: dict[str, list[Node]] = {}
        for node in self.graph.nodes:
            owner = partnership_of(node.id)
            if self.slug is None or owner in (self.slug, SHARED):
                found.setdefault(node.label, []).append(node)
        return found

    @cached_property
    def _edges(self) -> Mapping[tuple[str, str], Sequence[Edge]]:
        """By type and start, and by type and end (with "> " before it)."""
        found: dict[tuple[str, str], list[Edge]] = {}
        for edge in self.graph.edges:
            found.setdefault((edge.type, edge.start[1]), []).append(edge)
            found.setdefault((edge.type, f"> {edge.end[1]}"), []).append(edge)
        return found

    @cached_property
    def _relations(self) -> Mapping[tuple[str, str], str]:
        return {(c.name, p.key): p.relation for c in self.schema for p in c.columns if p.relation}

    def nodes(self, label: str) -> list[Node]:
        """The records of a class, without what all partnerships share."""
        return [n for n in self._labelled.get(label, ()) if partnership_of(n.id) != SHARED]

    def terms(self, label: str) -> Sequence[Node]:
        """The terms of a class, shared and own."""
        return self._labelled.get(label, ())

    def _from(self, label: str, key: str, start: str) -> list[Node]:
        kind = self._relations[label, key]
        return [self._nodes[edge.end[1]] for edge in self._edges.get((kind, start), ())]

    def _to(self, label: str, key: str, end: str) -> list[Node]:
        kind = self._relations[label, key]
        found = (self._nodes[e.start[1]] for e in self._edges.get((kind, f"> {end}"), ()))
        return sorted((n for n in found if n.label == label), key=lambda n: n.id)

    def _named(self, identifiers: Value) -> list[str]:
        found = (self._nodes[one] for one in _list(identifiers) if one in self._nodes)
        return [str(node.properties.get("name")) for node in found]

    @cached_property
    def _about(self) -> Mapping[str, Mapping[str, Value]]:
        return {partnership_of(n.id): n.properties for n in self.nodes("Partnership")}

    # ------------------------------------------------------------ what the day lets be told

    def is_fresh(self, node: Node) -> bool:
        """Whether a contact or place was checked recently enough to be told on the day.

        A check on a later day is a slip of the pen, and would be fresh for ever: it is no check.
        """
        checked = node.properties.get("confirmed_on")
        if self.on is None or not isinstance(checked, datetime.date):
            return False
        return 0 <= (self.on - checked).days < WITHHELD_AFTER

    def contacts(self, identifier: str) -> list[Node]:
        """The contacts of a service or agency that may be told on the day."""
        return [n for n in self._to("Contact", "of", identifier) if self.is_fresh(n)]

    def venues(self, service: str) -> list[Node]:
        """The places of a service that may be told on the day."""
        return [n for n in self._to("Venue", "services", service) if self.is_fresh(n)]

    # ------------------------------------------------------------ records

    def root(self) -> Json:
        """What `/` answers."""
        ours: Json = {}
        if self.slug is not None:
            about = self._about.get(self.slug, {})
            ours = _columns(about, "name", "topic", "publisher", "historical", "fictional")
            ours["partnership"] = str(iri_of(f"{self.slug}/partnership/{self.slug}"))
            ours["notice"] = self._alert(self.slug, None)
        return _filled(
            {
                "version": VERSION,
                "profile": _PROFILE,
                "openapi_url": _OPENAPI,
                "fingerpost": _filled(ours),
            }
        )

    def _alert(self, slug: str, known_on: Value) -> str:
        """What a reader must know first: that it is of the past, or invented (SAFETY, rule 4)."""
        about = self._about.get(slug, {})
        if about.get("historical"):
            when = str(known_on)[:4] if known_on else "the past"
            return _HISTORICAL.format(when=when)
        return _FICTIONAL if about.get("fictional") else ""

    def _status(self, node: Node) -> str:
        status = _STATUS.get(str(node.properties.get("standing")), "inactive")
        is_past = self._about.get(partnership_of(node.id), {}).get("historical")
        return "inactive" if is_past and status == "active" else status

    def service(self, node: Node) -> Json:
        """What `/services/{id}` answers."""
        return self._once("service", node.id, lambda: self._service(node))

    def _service(self, node: Node) -> Json:
        columns, identifier = node.properties, uuid_of(node.id)
        provisions = self._provisions(node.id)
        contacts = self.contacts(node.id)
        pages, mailboxes = (_values(contacts, kind) for kind in ("web page", "e-mail"))
        brief = self._brief(node)
        provider = brief.get("organization_id") and provisions[0].start[1]
        return _filled(
            {
                **brief,
                "alternate_name": "; ".join(_list(columns.get("also_called"))),
                "url": pages[0] if pages else "",
                "email": mailboxes[0] if mailboxes else "",
                "fees": _plain(columns.get("fees")),
                "minimum_age": columns.get("minimum_age"),
                "maximum_age": columns.get("maximum_age"),
                "assured_date": _plain(columns.get("confirmed_on")),
                "last_modified": _moment(columns.get("known_on"), columns.get("confirmed_on")),
                "eligibility_description": self._conditions(node.id),
                "application_process": _plain(columns.get("what_happens_next")),
                "wait_time": _plain(columns.get("wait")),
                "organization": self.organization(self._nodes[provider]) if provider else {},
                "phones": [self._phone(n) for n in contacts if n.properties["kind"] in _PHONES],
                "contacts": [
                    self._contact(n, identifier)
                    for n in contacts
                    if n.properties["kind"] not in _PHONES
                ],
                "languages": _languages(columns.get("languages"), "service_id", node.id),
                "schedules": schedules(columns.get("hours"), "service_id", node.id),
                "attributes": self._attributes(node.id),
                "service_areas": [
                    _service_area(node.id, area)
                    for area in sorted(self._from("Service", "area", node.id), key=lambda a: a.id)
                ],
                "service_at_locations": [
                    _without(self.service_at_location(node, venue), "service")
                    for venue in self.venues(node.id)
                ],
                "funding": self._funding(node.id),
                "fingerpost": self._ours(node, provisions),
            }
        )

    def _brief(self, node: Node) -> Json:
        """What any mention of a service says."""
        provisions = self._provisions(node.id)
        is_provided = bool(provisions) and provisions[0].properties.get("role") in _PROVIDING
        return _filled(
            {
                "id": uuid_of(node.id),
                "name": str(node.properties.get("name") or local_of(node.id)),
                "description": _plain(node.properties.get("description")),
                "status": self._status(node),
                "alert": self._alert(partnership_of(node.id), node.properties.get("known_on")),
                "organization_id": uuid_of(provisions[0].start[1]) if is_provided else "",
            }
        )

    def _provisions(self, service: str) -> list[Edge]:
        """Who has a part in a service, the main provider first."""

        def rank(edge: Edge) -> tuple[int, str, str]:
            role = str(edge.properties.get("role"))
            at = _PROVIDING.index(role) if role in _PROVIDING else len(_PROVIDING)
            return at, edge.start[1], str(edge.id)

        return sorted(self._edges.get(("PROVISION", f"> {service}"), ()), key=rank)

    def _told(self, kind: str, key: str) -> list[Edge]:
        return sorted(self._edges.get((kind, key), ()), key=lambda edge: str(edge.id))

    def _conditions(self, service: str) -> str:
        """Whom it is for under a condition, a sentence a group."""
        return " ".join(
            f"{self._nodes[edge.end[1]].properties.get('name')}: {_sentence(condition)}"
            for edge in self._told("REACH", service)
            if (condition := edge.properties.get("condition"))
            and edge.properties.get("strength") not in _NOT_FOR
        )

    def _ours(self, node: Node, provisions: Iterable[Edge]) -> Json:
        own = ("standing", "tier", "access", "availability", "legal_basis", "opened", "closed")
        return {
            "iri": str(iri_of(node.id)),
            **_columns(node.properties, *own, "basis", "known_on", "hours", "text_language"),
            **_filled(
                {
                    "provisions": [
                        {
                            "organization_id": uuid_of(edge.start[1]),
                            **_columns(edge.properties, "role", "standing"),
                        }
                        for edge in provisions
                    ],
                    "not_for": [
                        {
                            "taxonomy_term_id": uuid_of(edge.end[1]),
                            **_columns(edge.properties, "strength", "condition"),
                        }
                        for edge in self._told("REACH", node.id)
                        if edge.properties.get("strength") in _NOT_FOR
                    ],
                    "ways_in": [
                        self._step("from", edge, edge.start)
                        for edge in self._told("REFERRAL", f"> {node.id}")
                    ],
                    "ways_on": [
                        self._step("to", edge, edge.end) for edge in self._told("REFERRAL", node.id)
                    ],
                }
            ),
        }

    def _step(self, side: str, edge: Edge, other: tuple[str, str]) -> Json:
        """A step of a pathway, told from the service at its other side."""
        label, identifier = other
        return _filled(
            {
                side: self._nodes[identifier].properties.get("name"),
                f"{side}_kind": label,
                f"{side}_id": uuid_of(identifier),
                "for_groups": self._named(edge.properties.get("for_groups")),
                "for_needs": self._named(edge.properties.get("for_needs")),
                **_columns(
                    edge.properties, "status", "self_referral", "risk_level", "condition", "mode"
                ),
            }
        )

    def _attributes(self, service: str) -> list[Json]:
        found = [
            self._attribute(service, term, {})
            for key in ("type", "needs")
            for term in self._from("Service", key, service)
        ]
        for edge in self._edges.get(("REACH", service), ()):
            if edge.properties.get("strength") not in _NOT_FOR:
                ours = {
                    **_columns(edge.properties, "strength", "condition"),
                    "only_for_needs": self._named(edge.properties.get("only_for_needs")),
                    "only_in_areas": self._named(edge.properties.get("only_in_areas")),
                }
                term = self._nodes[edge.end[1]]
                found.append(self._attribute(service, term, ours, str(edge.id)))
        return sorted(found, key=lambda a: str(a["id"]))

    def _attribute(self, service: str, term: Node, ours: Json, record: str = "") -> Json:
        return _filled(
            {
                "id": uuid_of(service, record or term.id),
                "link_id": uuid_of(service),
                "link_type": _TAXONOMIES[term.label][2],
                "taxonomy_term_id": uuid_of(term.id),
                "taxonomy_term": self.term(term),
                "fingerpost": _filled(ours),
            }
        )

    def _funding(self, service: str) -> list[Json]:
        return [
            _filled(
                {
                    "id": uuid_of(str(edge.id)),
                    "service_id": uuid_of(service),
                    "source": _plain(self._nodes[edge.start[1]].properties.get("name")),
                    "fingerpost": _columns(edge.properties, "form", "amount", "period"),
                }
            )
            for edge in self._told("AWARD", f"> {service}")
        ]

    # ------------------------------------------------------------ how it is reached

    def _phone(self, node: Node) -> Json:
        columns = node.properties
        return _filled(
            {
                "id": uuid_of(node.id),
                "number": columns.get("value"),
                "type": _PHONES[str(columns["kind"])],
                "description": columns.get("kind"),
                "languages": _languages(columns.get("languages"), "phone_id", node.id),
                "fingerpost": self._reached(node),
            }
        )

    def _contact(self, node: Node, service: str = "") -> Json:
        """A mailbox or page, as a contact without a person's name: the standard has no other."""
        kind = str(node.properties["kind"])
        value = str(node.properties.get("value"))
        return _filled(
            {
                "id": uuid_of(node.id),
                "service_id": service,
                "title": kind,
                "email": value if kind == "e-mail" else "",
                "fingerpost": {
                    **({} if kind == "e-mail" else {"url": value}),
                    **_columns(node.properties, "languages"),
                    **self._reached(node),
                },
            }
        )

    def _reached(self, node: Node) -> Json:
        return _filled(
            {
                **_columns(node.properties, "hours", "confirmed_on"),
                "for_groups": self._named(node.properties.get("for_groups")),
            }
        )

    def location(self, venue: Node) -> Json:
        """A place, as the standard has it within a service at a location."""
        return self._once("location", venue.id, lambda: self._location(venue))

    def _location(self, venue: Node) -> Json:
        columns, identifier = venue.properties, uuid_of(venue.id)
        latitude, longitude = columns.get("latitude"), columns.get("longitude")
        is_placed = latitude is not None and longitude is not None
        return _filled(
            {
                "id": identifier,
                "location_type": columns.get("kind"),
                "name": columns.get("name"),
                "transportation": columns.get("getting_there"),
                **({"latitude": _number(latitude)} if is_placed else {}),
                **({"longitude": _number(longitude)} if is_placed else {}),
                "addresses": _addresses(venue),
                "accessibility": [
                    {
                        "id": uuid_of(venue.id, f"accessibility/{number}"),
                        "location_id": identifier,
                        "description": text,
                    }
                    for number, text in enumerate(_list(columns.get("accessibility")), 1)
                ],
                "fingerpost": {
                    "iri": str(iri_of(venue.id)),
                    **_columns(columns, "confirmed_on", "postcode"),
                },
            }
        )

    def service_at_location(self, service: Node, venue: Node) -> Json:
        """What `/service_at_locations/{id}` answers, with the service in brief."""
        return {
            "id": uuid_of(service.id, venue.id),
            "service_id": uuid_of(service.id),
            "location_id": uuid_of(venue.id),
            "location": self.location(venue),
            "service": self._once("brief", service.id, lambda: self._brief(service)),
        }

    # ------------------------------------------------------------ who, and in what words

    def organization(self, node: Node) -> Json:
        """What `/organizations/{id}` answers."""
        return self._once("organization", node.id, lambda: self._organization(node))

    def _organization(self, node: Node) -> Json:
        columns, identifier = node.properties, uuid_of(node.id)
        name = str(columns.get("name") or local_of(node.id))
        above = self._from("Agency", "part_of", node.id)
        contacts = self.contacts(node.id)
        pages, mailboxes = (_values(contacts, kind) for kind in ("web page", "e-mail"))
        scheme, _, number = _split(str(columns.get("org_id") or ""))
        return _filled(
            {
                "id": identifier,
                "name": name,
                "alternate_name": "; ".join(_list(columns.get("also_called"))),
                # The standard requires a description, and the tables do not.
                "description": columns.get("description") or f"{name} (not described further)",
                "website": pages[0] if pages else "",
                "email": mailboxes[0] if mailboxes else "",
                "phones": [self._phone(n) for n in contacts if n.properties["kind"] in _PHONES],
                "parent_organization_id": uuid_of(above[0].id) if above else "",
                "organization_identifiers": [
                    {
                        "id": str(uuid5(NAMESPACE_URL, f"{iri_of(node.id)} {scheme}-{number}")),
                        "organization_id": identifier,
                        "identifier_scheme": scheme,
                        "identifier_type": "org-id.guide",
                        "identifier": number,
                    }
                ]
                if number
                else [],
                "fingerpost": {
                    "iri": str(iri_of(node.id)),
                    **_columns(columns, "sector", "benchmark"),
                },
            }
        )

    def taxonomy(self, label: str, with_terms: bool = False) -> Json:
        """What `/taxonomies/{id}` answers."""
        name, description, _ = _TAXONOMIES[label]
        terms = sorted((self.term(n) for n in self.terms(label)), key=lambda t: str(t["id"]))
        return _filled(
            {
                "id": uuid_of(f"{SHARED}/{self.schema.classes[label].slug}"),
                "name": name,
                "description": description,
                "uri": str(FP[label]),
                "version": self.schema.version,
                "taxonomy_terms": terms if with_terms else [],
            }
        )

    def term(self, node: Node) -> Json:
        """What `/taxonomy_terms/{id}` answers."""
        return self._once("term", node.id, lambda: self._term(node))

    def _term(self, node: Node) -> Json:
        name = str(node.properties.get("name") or local_of(node.id))
        above = self._from(node.label, "broader", node.id)
        return _filled(
            {
                "id": uuid_of(node.id),
                "name": name,
                "description": node.properties.get("description") or name,
                "parent_id": uuid_of(min(n.id for n in above)) if above else "",
                "taxonomy": _TAXONOMIES[node.label][0],
                "taxonomy_id": uuid_of(f"{SHARED}/{self.schema.classes[node.label].slug}"),
                "term_uri": str(iri_of(node.id)),
                "term": name,
            }
        )


# ---------------------------------------------------------------- parts of records


def _values(contacts: Iterable[Node], kind: str) -> list[str]:
    return [str(n.properties.get("value")) for n in contacts if n.properties.get("kind") == kind]


def _without(record: Json, key: str) -> Json:
    return {k: v for k, v in record.items() if k != key}


def _number(value: Value) -> float:
    return float(str(value))


def _sentence(text: Value) -> str:
    return f"{str(text).rstrip('.')}."


def _moment(*days: Value) -> str:
    """The last of some days as the standard's date and time."""
    known = [day for day in days if isinstance(day, datetime.date)]
    return f"{max(known).isoformat()}T00:00:00Z" if known else ""


def _service_area(service: str, area: Node) -> Json:
    code = str(area.properties.get("ons_code") or "")
    return _filled(
        {
            "id": uuid_of(service, area.id),
            "service_id": uuid_of(service),
            "name": str(area.properties.get("name") or ""),
            "extent": code,
            "extent_type": "ONS code" if code else "",
            "uri": f"{_ONS}{code}" if code else "",
        }
    )


def _addresses(venue: Node) -> list[Json]:
    """The address of a place, if it is whole: the standard knows no other."""
    columns = venue.properties
    street, town, county, code = (columns.get(k) for k in ("address", "town", "county", "postcode"))
    if not (street and town and county and code):
        return []
    return [
        {
            "id": uuid_of(venue.id, "address"),
            "location_id": uuid_of(venue.id),
            "address_1": street,
            "city": town,
            "state_province": county,
            "postal_code": code,
            "country": "GB",
            "address_type": columns.get("kind"),
        }
    ]


def _languages(codes: Value, owner_key: str, owner: str) -> list[Json]:
    return [
        {
            "id": uuid_of(owner, f"language/{code}"),
            owner_key: uuid_of(owner),
            "code": code,
            "name": language_name(code),
        }
        for code in _list(codes)
    ]


@lru_cache(maxsize=1024)
def language_name(code: str) -> str:
    """The English name of a language of BCP 47, or its code where it has no name that is known.

    >>> language_name("pa"), language_name("bfi")
    ('Punjabi', 'British Sign Language')
    """
    if code in _SIGNED:
        return _SIGNED[code]
    try:
        return Locale.parse(code, sep="-").get_display_name("en") or code
    except (UnknownLocaleError, ValueError):
        return str(Locale("en").languages.get(code.split("-", 1)[0], code))


def schedules(hours: Value, owner_key: str, owner: str) -> list[Json]:
    """Opening hours of schema.org as weekly schedules of what they belong to."""
    return [
        {"id": uuid_of(owner, f"hours/{text}".replace(" ", "/")), owner_key: uuid_of(owner)} | times
        for text in _list(hours)
        for times in _times(text)
    ]


def _times(text: str) -> Iterator[Json]:
    """Opening hours of schema.org as a weekly schedule; what is no such hours gives nothing."""
    found = _HOURS.fullmatch("Mo-Su 00:00-24:00" if text == "24/7" else text)
    if found is None:
        return
    # A day ends at 24:00, for which the times of most programs have no word.
    closes = "23:59:59" if found["closes"] == "24:00" else f"{found['closes']}:00"
    yield {
        "freq": "WEEKLY",
        "byday": ",".join(_days(found["days"].upper())),
        "opens_at": f"{found['opens']}:00",
        "closes_at": closes,
        "description": text,
    }


def _days(text: str) -> list[str]:
    """The days of "MO-WE,FR", in the order of the week."""
    found = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        start, end = _DAYS.index(first), _DAYS.index(last or first)
        found |= {_DAYS[at % 7] for at in range(start, end + 1 if end >= start else end + 8)}
    return [day for day in _DAYS if day in found]


def _split(org: str) -> tuple[str, str, str]:
    """The register and the number of an org-id: GB-CHC and 1234567."""
    country, _, rest = org.partition("-")
    register, dash, number = rest.partition("-")
    return f"{country}-{register}", dash, number
