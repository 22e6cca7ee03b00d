"""Open Referral UK (HSDS-UK 3.0): one partnership as the files of a feed, an endpoint a file.

A folder holds what each endpoint answers: `index.json` is `/`, `services.json` is `/services`,
`services/<id>.json` is `/services/{id}`, and so on. Ids are UUIDv5 of our IRIs. What the standard
has no field for stands in an object `fingerpost` of its own, which the standard allows.

An export is for anybody, so it is made of what is public alone (SAFETY, rules 1 and 2): records for
staff are as if they were not there, safe accommodation has no place, and its areas are never below
the upper-tier authority. Whatever is left out leaves no trace: there is no mark, no count and no
empty field where it was.
"""

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from graph.derived import LIVE, chain
from graph.ids import iri_of, local_of, partnership_of
from graph.model import Edge, Node, PropertyGraph, Value
from graph.release import write_whole
from graph.safety import is_safe, is_upper
from ontology.namespaces import FP, SHARED
from ontology.schema import Schema

VERSION = "HSDS-UK-3.0"
_PROFILE = "https://docs.openreferraluk.org/en/latest/hsds_uk/"
_OPENAPI = "https://docs.openreferraluk.org/en/latest/openapi30.json"
_ONS = "http://statistics.data.gov.uk/id/statistical-geography/"
_STAFF = "staff"

LOST = (
    "Everything but services, organisations, funding and terms: boards, posts, actions, "
    "gaps, measures, training, agreements and the sources themselves.",
    "Referrals from a service, sharing, dependences, and ways in that end at an agency.",
    "Standing: the format knows active, inactive, defunct and temporarily closed. What is planned, "
    "proposed or not stated is inactive; our word stands beside it.",
    "Strength of reach, except beside the term; groups that a service excludes or does not reach "
    "as it should are no eligibility, and stand beside it.",
    "Money that is sought, proposed or ended, and whether money is at risk.",
    "Descriptions of places: no address, telephone number or position is in these tables, so no "
    "service is given at a location.",
    "Records for staff, and areas of safe accommodation below the upper-tier authority.",
    "Basis, ground and both sides of what is contested, except that a service's basis is named.",
    "Nations and languages: the text is English.",
)
"""What the format cannot carry, or must not; the same sentences whatever was there."""

_STATUS = {"operating": "active", "needs reviving": "active", "ended": "defunct"}
_HISTORICAL = (
    "Historical: this describes {when} and is no way to get help today. In an emergency call 999."
)
_FICTIONAL = "Invented, to show what the data can say. It is no way to get help."
_PROVIDING = ("is main provider of", "provides", "manages", "gives access to", "hosts")
_NOT_FOR = ("excluded", "under-served")
_SAFE_TYPE = f"{SHARED}/service-type/safe-accommodation"
_SAFE_NEED = f"{SHARED}/need/accommodation"
_TAXONOMIES = {
    "ServiceType": ("Service types", "What kind of help a service is.", "service_type"),
    "Need": ("Needs", "What people need help with.", "need"),
    "ClientGroup": ("Client groups", "Whom a service is for.", "client_group"),
}

Json = dict[str, Any]


def write_openreferral(
    graph: PropertyGraph, schema: Schema, slug: str, folder: Path
) -> tuple[str, ...]:
    """Write one partnership as a feed's files; returns what the format cannot carry."""
    feed = _Feed(graph, schema, slug)
    endpoints: Mapping[str, Sequence[Json]] = {
        "services": [feed.service(node) for node in feed.nodes("Service")],
        "organizations": [feed.organization(node) for node in feed.nodes("Agency")],
        "taxonomies": [feed.taxonomy(name, with_terms=True) for name in _TAXONOMIES],
        "taxonomy_terms": [feed.term(n) for name in _TAXONOMIES for n in feed.terms(name)],
        "service_at_locations": [],
    }
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "index.json", feed.root())
    for name, records in endpoints.items():
        # A record of an earlier export that is no longer public must not stay behind.
        shutil.rmtree(folder / name, ignore_errors=True)
        ordered = sorted(records, key=lambda r: str(r["id"]))
        _write(folder / f"{name}.json", _page(ordered))
        if ordered:
            (folder / name).mkdir()
        for record in ordered:
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
class _Feed:
    """One partnership of a graph, without anything for staff, as records of the standard."""

    graph: PropertyGraph
    schema: Schema
    slug: str

    # ------------------------------------------------------------ what is public

    @cached_property
    def _public(self) -> Mapping[str, Node]:
        owners = (self.slug, SHARED)
        return {
            node.id: node
            for node in self.graph.nodes
            if partnership_of(node.id) in owners and node.properties.get("visibility") != _STAFF
        }

    @cached_property
    def _edges(self) -> Mapping[tuple[str, str], Sequence[Edge]]:
        """By type and start, and by type and end: relationships that are public at both ends."""
        found: dict[tuple[str, str], list[Edge]] = {}
        for edge in self.graph.edges:
            start, end = edge.start[1], edge.end[1]
            is_public = edge.properties.get("visibility") != _STAFF
            if is_public and start in self._public and end in self._public:
                found.setdefault((edge.type, start), []).append(edge)
                found.setdefault((edge.type, f"> {end}"), []).append(edge)
        return found

    def nodes(self, label: str) -> list[Node]:
        """The partnership's public records of a class."""
        return [
            node
            for node in self._public.values()
            if node.label == label and partnership_of(node.id) == self.slug
        ]

    def terms(self, label: str) -> list[Node]:
        """The terms of a class, shared and the partnership's own."""
        return [node for node in self._public.values() if node.label == label]

    def _from(self, kind: str, start: str) -> list[Node]:
        return [self._public[edge.end[1]] for edge in self._edges.get((kind, start), ())]

    def _relation(self, label: str, key: str) -> str:
        return self.schema.classes[label].property(key).relation or ""

    @cached_property
    def _about(self) -> Mapping[str, Value]:
        found = [n.properties for n in self.nodes("Partnership")]
        return found[0] if found else {}

    # ------------------------------------------------------------ safety

    @cached_property
    def _targets(self) -> Mapping[tuple[str, str], Sequence[str]]:
        """By type and start: what every reference leads to, whoever may see it."""
        found: dict[tuple[str, str], list[str]] = {}
        for edge in self.graph.edges:
            if edge.id is None:
                found.setdefault((edge.type, edge.start[1]), []).append(edge.end[1])
        return found

    def _wider(self, relation: str, identifier: str) -> set[str]:
        """A record or term and all that it is part of."""
        found, waiting = set(), [identifier]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += self._targets.get((relation, one), ())
        return found

    @cached_property
    def _safe_ids(self) -> frozenset[str]:
        """Services that are, or are part of, safe accommodation, by type, need or name."""
        services = [n for n in self.graph.nodes if n.label == "Service"]
        safe = {
            n.id
            for n in services
            if is_safe(
                n.properties.get("name"),
                n.properties.get("description"),
                *_list(n.properties.get("also_called")),
            )
        }
        for label, key, top in (("ServiceType", "type", _SAFE_TYPE), ("Need", "needs", _SAFE_NEED)):
            leads, above = self._relation("Service", key), self._relation(label, "broader")
            for node in services:
                terms = self._targets.get((leads, node.id), ())
                if any(top in self._wider(above, term) for term in terms):
                    safe.add(node.id)
        part_of = self._relation("Service", "part_of")
        return frozenset(n.id for n in services if self._wider(part_of, n.id) & safe)

    @cached_property
    def _opaque(self) -> Mapping[str, str]:
        """Names for safe services that say nothing: an id may be made from where a service is.

        They stay the same as long as the partnership has the same safe services.
        """
        public = sorted(self._safe_ids & self._public.keys())
        return {one: f"{self.slug}/service/safe-{n}" for n, one in enumerate(public, 1)}

    def _key(self, service: str) -> str:
        """What stands for a service in the ids of an export."""
        return self._opaque.get(service, service)

    @cached_property
    def _within(self) -> Mapping[str, str]:
        relation = self._relation("Area", "within")
        return {e.start[1]: e.end[1] for e in self.graph.edges if e.type == relation}

    @cached_property
    def _upper(self) -> frozenset[str]:
        """Areas that are at least an upper-tier authority: by code, or the partnership's own."""
        relation = self._relation("Partnership", "area")
        partnership = f"{self.slug}/partnership/{self.slug}"
        homes = self._targets.get((relation, partnership), ())
        around = {area for home in homes for area in chain(home, self._within)}
        found = set()
        for node in self.graph.nodes:
            if node.label == "Area":
                code = str(node.properties.get("ons_code") or "")
                if is_upper(code) or (not code and node.id in around):
                    found.add(node.id)
        return frozenset(found)

    @cached_property
    def _small(self) -> tuple[str, ...]:
        """The names of areas below the upper tier, which no word on safe accommodation says."""
        return tuple(
            str(node.properties.get("name") or "").lower()
            for node in self.graph.nodes
            if node.label == "Area"
            and partnership_of(node.id) == self.slug
            and node.id not in self._upper
        )

    def _areas(self, service: str) -> list[str]:
        areas = self._from(self._relation("Service", "area"), service)
        if service not in self._safe_ids:
            return sorted(area.id for area in areas)
        shown = self._upper & set(self._public)
        raised = (next((a for a in chain(x.id, self._within) if a in shown), "") for x in areas)
        return sorted(set(raised) - {""})

    def _words(self, value: Value, service: str) -> str:
        """A text about a service; of safe accommodation, none that names a smaller area."""
        text = str(value or "")
        return "" if service in self._safe_ids and self._names_small(text) else text

    def _names_small(self, text: str) -> bool:
        return any(small and small in text.lower() for small in self._small)

    @cached_property
    def _beside_safe(self) -> frozenset[str]:
        """Agencies and terms that are told of together with safe accommodation."""
        safe = self._safe_ids
        found = {e.start[1] for e in self.graph.edges if e.type == "PROVISION" and e.end[1] in safe}
        terms = {"ClientGroup", "Need", "ServiceType"}
        found |= {e.end[1] for e in self.graph.edges if e.start[1] in safe and e.end[0] in terms}
        return frozenset(found)

    def _beside(self, value: Value, identifier: str) -> str:
        """A text of an agency or term; beside safe accommodation, none with a smaller area."""
        text = str(value or "")
        return "" if identifier in self._beside_safe and self._names_small(text) else text

    # ------------------------------------------------------------ records

    def root(self) -> Json:
        """What `/` answers."""
        ours = _columns(self._about, "name", "topic", "publisher", "historical", "fictional")
        ours["partnership"] = str(iri_of(f"{self.slug}/partnership/{self.slug}"))
        return _filled(
            {
                "version": VERSION,
                "profile": _PROFILE,
                "openapi_url": _OPENAPI,
                "fingerpost": {**ours, "notice": self._alert(None)},
            }
        )

    def _alert(self, known_on: Value) -> str:
        """What a reader must know first: that it is of the past, or invented (SAFETY, rule 4)."""
        if self._about.get("historical"):
            when = str(known_on)[:4] if known_on else "the past"
            return _HISTORICAL.format(when=when)
        return _FICTIONAL if self._about.get("fictional") else ""

    def _status(self, standing: Value) -> str:
        status = _STATUS.get(str(standing), "inactive")
        return "inactive" if self._about.get("historical") and status == "active" else status

    def service(self, node: Node) -> Json:
        """What `/services/{id}` answers."""
        columns, identifier = node.properties, uuid_of(self._key(node.id))
        name = self._words(columns.get("name"), node.id) or self._kind_name(node.id)
        provisions = self._provisions(node.id)
        provider = provisions[0].start[1] if provisions else ""
        is_provided = bool(provisions) and provisions[0].properties.get("role") in _PROVIDING
        aliases = [self._words(alias, node.id) for alias in _list(columns.get("also_called"))]
        return _filled(
            {
                "id": identifier,
                "name": name,
                "alternate_name": "; ".join(filter(None, aliases)),
                "description": self._words(columns.get("description"), node.id),
                "status": self._status(columns.get("standing")),
                "alert": self._alert(columns.get("known_on")),
                "assured_date": _plain(columns.get("confirmed_on")),
                "wait_time": self._words(columns.get("wait"), node.id),
                "organization_id": uuid_of(provider) if is_provided else "",
                "organization": self.organization(self._public[provider]) if is_provided else {},
                "attributes": self._attributes(node.id),
                "service_areas": [
                    self._service_area(node.id, self._public[area]) for area in self._areas(node.id)
                ],
                "funding": self._funding(node.id),
                "fingerpost": self._ours(node, provisions),
            }
        )

    def _kind_name(self, service: str) -> str:
        kinds = self._from(self._relation("Service", "type"), service)
        return str(kinds[0].properties["name"]) if kinds else "Safe accommodation"

    def _provisions(self, service: str) -> list[Edge]:
        """Who has a part in a service, the main provider first."""
        found = self._edges.get(("PROVISION", f"> {service}"), ())

        def rank(edge: Edge) -> tuple[int, str, str]:
            role = str(edge.properties.get("role"))
            at = _PROVIDING.index(role) if role in _PROVIDING else len(_PROVIDING)
            return at, edge.start[1], str(edge.id)

        return sorted(found, key=rank)

    def _ours(self, node: Node, provisions: Iterable[Edge]) -> Json:
        reaches = self._edges.get(("REACH", node.id), ())
        steps = self._edges.get(("REFERRAL", f"> {node.id}"), ())
        own = ("standing", "tier", "access", "availability", "legal_basis", "opened", "closed")
        return {
            **_columns(node.properties, *own, "basis", "known_on"),
            **_filled(
                {
                    "iri": "" if node.id in self._safe_ids else str(iri_of(node.id)),
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
                            **_columns(edge.properties, "strength"),
                        }
                        for edge in sorted(reaches, key=lambda e: str(e.id))
                        if edge.properties.get("strength") in _NOT_FOR
                    ],
                    "ways_in": [
                        {
                            "from": self._sender(edge.start[1], node.id),
                            "from_kind": edge.start[0],
                            **_columns(edge.properties, "status", "self_referral", "risk_level"),
                        }
                        for edge in sorted(steps, key=lambda e: str(e.id))
                    ],
                }
            ),
        }

    def _attributes(self, service: str) -> list[Json]:
        found = [
            self._attribute(service, term, label, {})
            for label, key in (("ServiceType", "type"), ("Need", "needs"))
            for term in self._from(self._relation("Service", key), service)
            if self._may_stand_beside(term, service)
        ]
        for edge in self._edges.get(("REACH", service), ()):
            strength = edge.properties.get("strength")
            beside = self._may_stand_beside(self._public[edge.end[1]], service)
            if strength not in _NOT_FOR and beside:
                ours = {
                    **_columns(edge.properties, "strength"),
                    "condition": self._words(edge.properties.get("condition"), service),
                }
                term = self._public[edge.end[1]]
                found.append(self._attribute(service, term, "ClientGroup", ours, str(edge.id)))
        return sorted(found, key=lambda a: str(a["id"]))

    def _may_stand_beside(self, term: Node, service: str) -> bool:
        """Whether a term may be told of a service: none with a smaller area of a safe one."""
        name = str(term.properties.get("name") or "")
        return service not in self._safe_ids or not self._names_small(f"{name} {term.id}")

    def _part(
        self, service: str, term: str, record: str, ours: Mapping[str, Any]
    ) -> tuple[str, ...]:
        """What tells an attribute from the others of its service."""
        if service in self._safe_ids:
            return term, str(ours.get("strength") or "")
        return (record or term,)

    def _sender(self, sender: str, service: str) -> str:
        """Who sends people on to a service, by name; of a safe service, by its kind."""
        name = self._public[sender].properties.get("name")
        if sender in self._safe_ids:
            return self._words(name, sender) or self._kind_name(sender)
        return self._words(name, service)

    def _attribute(
        self, service: str, term: Node, label: str, ours: Json, record: str = ""
    ) -> Json:
        return _filled(
            {
                "id": uuid_of(self._key(service), *self._part(service, term.id, record, ours)),
                "link_id": uuid_of(self._key(service)),
                "link_type": _TAXONOMIES[label][2],
                "taxonomy_term_id": uuid_of(term.id),
                "taxonomy_term": self.term(term),
                "fingerpost": _filled(ours),
            }
        )

    def _service_area(self, service: str, area: Node) -> Json:
        code = str(area.properties.get("ons_code") or "")
        return _filled(
            {
                "id": uuid_of(self._key(service), area.id),
                "service_id": uuid_of(self._key(service)),
                "name": str(area.properties.get("name") or ""),
                "extent": code,
                "extent_type": "ONS code" if code else "",
                "uri": f"{_ONS}{code}" if code else "",
            }
        )

    def _funding(self, service: str) -> list[Json]:
        awards = self._edges.get(("AWARD", f"> {service}"), ())
        return [
            _filled(
                {
                    "id": uuid_of(
                        *(
                            (self._key(service), "award", str(number))
                            if service in self._safe_ids
                            else (str(edge.id),)
                        )
                    ),
                    "service_id": uuid_of(self._key(service)),
                    "source": self._words(
                        self._public[edge.start[1]].properties.get("name"), service
                    ),
                    "fingerpost": _columns(
                        edge.properties, "form", "amount", "period", "extension_until"
                    ),
                }
            )
            for number, edge in enumerate(sorted(awards, key=lambda e: str(e.id)))
            if edge.properties.get("status") in LIVE
        ]

    def organization(self, node: Node) -> Json:
        """What `/organizations/{id}` answers."""
        columns = node.properties
        name, also_called = str(columns.get("name") or ""), _list(columns.get("also_called"))
        above = self._from(self._relation("Agency", "part_of"), node.id)
        scheme, _, number = _split(str(columns.get("org_id") or ""))
        return _filled(
            {
                "id": uuid_of(node.id),
                "name": name,
                "alternate_name": "; ".join(
                    filter(None, (self._beside(a, node.id) for a in also_called))
                ),
                # The standard requires a description, and the tables do not.
                "description": self._beside(columns.get("description"), node.id)
                or f"{name} (not described further)",
                "parent_organization_id": uuid_of(above[0].id) if above else "",
                "organization_identifiers": [
                    {
                        "id": str(uuid5(NAMESPACE_URL, f"{iri_of(node.id)} {scheme}-{number}")),
                        "organization_id": uuid_of(node.id),
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
        name = str(node.properties.get("name") or local_of(node.id))
        above = self._from(self._relation(node.label, "broader"), node.id)
        return _filled(
            {
                "id": uuid_of(node.id),
                "name": name,
                "description": self._beside(node.properties.get("description"), node.id) or name,
                "parent_id": uuid_of(min(n.id for n in above)) if above else "",
                "taxonomy": _TAXONOMIES[node.label][0],
                "taxonomy_id": uuid_of(f"{SHARED}/{self.schema.classes[node.label].slug}"),
                "term_uri": str(iri_of(node.id)),
                "term": name,
            }
        )


def _split(org: str) -> tuple[str, str, str]:
    """The register and the number of an org-id: GB-CHC and 1234567."""
    country, _, rest = org.partition("-")
    register, dash, number = rest.partition("-")
    return f"{country}-{register}", dash, number
