"""What a provider is asked: its own entries as they are on record, and nothing of anybody else.

A packet holds names and values, no ids; which records they are of is known to the staff side alone
(`Own`). It leaves out whatever is for staff only, money of services that several provide, and every
place of safe accommodation.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter, ValidationError

from graph.exports.openreferral import language_name
from graph.ids import local_of, partnership_of, record_id
from graph.model import Edge, Node, PropertyGraph, Value
from graph.safety import safe_services
from ontology.schema import Schema
from queries.recorded import PROVIDING, RUNNING

UNITS: Final = ("family place", "bed space", "property", "household", "client", "case")
"""What places are counted in; units are never mixed."""
ROOM: Final = ("room", "full", "waiting list", "closed to referrals")
"""The words of the closed list of availability that a provider is asked about."""
PAID: Final = ("secured", "at risk")
_STAFF: Final = "staff"


@dataclass(frozen=True, slots=True)
class AskedMoney:
    """Money of a service: from which fund, and until when by what is on record."""

    fund: str
    until: str


@dataclass(frozen=True, slots=True)
class AskedContact:
    """A contact as it is published."""

    kind: str
    value: str
    hours: str


@dataclass(frozen=True, slots=True)
class AskedVenue:
    """A place where a service is given; never one of safe accommodation."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskedService:
    """A service as it is on record."""

    name: str
    availability: tuple[str, ...]
    wait: str
    hours: str
    languages: tuple[str, ...]
    unit: str
    places: str
    money: tuple[AskedMoney, ...]
    asks_money: bool
    """Whether money may be asked about: not where others provide the service too."""
    contacts: tuple[AskedContact, ...]
    venues: tuple[AskedVenue, ...]


@dataclass(frozen=True, slots=True)
class Packet:
    """What one provider is asked, until when it may answer."""

    provider: str
    partnership: str
    fictional: bool
    until: datetime.date
    posts: tuple[str, ...]
    services: tuple[AskedService, ...]


@dataclass(frozen=True, slots=True)
class OwnService:
    """Which records a service of a packet stands for, in its order; ids without partnership."""

    service: str
    awards: tuple[str, ...]
    contacts: tuple[str, ...]
    venues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Own:
    """Which records a packet stands for."""

    agency: str
    posts: tuple[str, ...]
    services: tuple[OwnService, ...]


@dataclass(frozen=True, slots=True)
class Provider:
    """An agency that provides something, with the last check of each of its services."""

    id: str
    name: str
    services: tuple[tuple[str, datetime.date | None], ...]

    @property
    def oldest(self) -> datetime.date | None:
        """The day of the oldest last check; None where a service was never checked."""
        days = [day for _, day in self.services if day is not None]
        return min(days) if len(days) == len(self.services) else None


_PACKET = TypeAdapter(Packet)


def written_packet(packet: Packet) -> bytes:
    """A packet as JSON."""
    return _PACKET.dump_json(packet)


def read_packet(content: bytes) -> Packet | None:
    """A packet from JSON; None where it is none."""
    try:
        return _PACKET.validate_json(content)
    except ValidationError:
        return None


class Entries:
    """The entries of a release, ready to be asked about."""

    def __init__(self, graph: PropertyGraph, schema: Schema) -> None:
        """Read them of a full release."""
        self.release = graph.release
        self._nodes = {node.id: node for node in graph.nodes}
        self._safe = safe_services(graph, schema)
        self._edges: dict[tuple[str, str], list[Edge]] = defaultdict(list)
        self._led: dict[tuple[str, str], list[str]] = defaultdict(list)
        relations = {klass.name: klass.relation for klass in schema.edges}
        self._provision, self._award = relations["Provision"], relations["Award"]
        contact, venue = (
            schema.classes[name].property(key).relation
            for name, key in (("Contact", "of"), ("Venue", "services"))
        )
        self._contact_of, self._venue_of = contact or "", venue or ""
        self._agency_of = schema.classes["Post"].property("agency").relation or ""
        measure, about = (
            schema.classes["Observation"].property(key).relation for key in ("measure", "about")
        )
        self._measure, self._about = measure or "", about or ""
        for edge in graph.edges:
            if edge.id is not None:
                self._edges[edge.type, edge.end[1]].append(edge)
            else:
                self._led[edge.type, edge.end[1]].append(edge.start[1])
                self._led[f"{edge.type} from", edge.start[1]].append(edge.end[1])

    def __contains__(self, identifier: str) -> bool:
        """Whether there is a record of an id."""
        return identifier in self._nodes

    @property
    def slugs(self) -> list[str]:
        """The partnerships that somebody can be asked for: the historical are history."""
        places = (n for n in self._nodes.values() if n.label == "Partnership")
        return sorted(partnership_of(n.id) for n in places if not n.properties.get("historical"))

    def providers(self, slug: str) -> list[Provider]:
        """Who provides something in a partnership, the oldest last check first."""
        found: dict[str, list[str]] = defaultdict(list)
        for node in self._nodes.values():
            if self._is_asked(node, slug):
                for agency in self._who_provides(node.id):
                    found[agency].append(node.id)
        providers = [
            Provider(
                local_of(agency),
                self._name(agency),
                tuple(sorted((self._name(s), self._checked(s)) for s in sorted(services))),
            )
            for agency, services in found.items()
            if not _is_staff(self._nodes[agency].properties)
        ]
        early = datetime.date.min
        return sorted(providers, key=lambda p: (p.oldest or early, p.name, p.id))

    def packet(self, slug: str, agency: str, until: datetime.date) -> tuple[Packet, Own] | None:
        """What a provider is asked, with the records it stands for; None where it has nothing."""
        whole = record_id(slug, "agency", agency)
        place = next(
            (n for n in self._nodes.values() if n.label == "Partnership" and _in(n, slug)), None
        )
        services = sorted(
            node.id
            for node in self._nodes.values()
            if self._is_asked(node, slug) and whole in self._who_provides(node.id)
        )
        if place is None or not services or _is_staff(self._nodes[whole].properties):
            return None
        posts = [
            p
            for p in sorted(self._led[self._agency_of, whole])
            if self._nodes[p].label == "Post" and not _is_staff(self._nodes[p].properties)
        ]
        asked = [self._asked(service) for service in services]
        packet = Packet(
            provider=self._name(whole),
            partnership=self._name(place.id),
            fictional=place.properties.get("fictional") is True,
            until=until,
            posts=tuple(self._name(p) for p in posts),
            services=tuple(one for one, _ in asked),
        )
        own = Own(agency, tuple(map(local_of, posts)), tuple(own for _, own in asked))
        return packet, own

    def _asked(self, service: str) -> tuple[AskedService, OwnService]:
        columns = self._nodes[service].properties
        alone = len(self._who_provides(service)) == 1
        awards = [
            edge
            for edge in sorted(self._edges[self._award, service], key=lambda e: e.id or "")
            if alone
            and edge.properties.get("status") in PAID
            and not _is_staff(edge.properties)
            and not _is_staff(self._nodes[edge.start[1]].properties)
        ]
        contacts = self._of(self._contact_of, service, "Contact")
        venues = self._of(self._venue_of, service, "Venue")
        unit, places = self._places(service)
        asked = AskedService(
            name=self._name(service),
            availability=_texts(columns.get("availability")),
            wait=_text(columns.get("wait")),
            hours="; ".join(_texts(columns.get("hours"))),
            languages=tuple(language_name(code) for code in _texts(columns.get("languages"))),
            unit=unit,
            places=places,
            money=tuple(
                AskedMoney(self._name(e.start[1]), _until(e.properties.get("period_last")))
                for e in awards
            ),
            asks_money=alone,
            contacts=tuple(
                AskedContact(
                    _text(n.properties.get("kind")),
                    _text(n.properties.get("value")),
                    "; ".join(_texts(n.properties.get("hours"))),
                )
                for n in contacts
            ),
            venues=tuple(_venue(n) for n in venues),
        )
        own = OwnService(
            service=local_of(service),
            awards=tuple(local_of(e.id or "") for e in awards),
            contacts=tuple(local_of(n.id) for n in contacts),
            venues=tuple(local_of(n.id) for n in venues),
        )
        return asked, own

    def _of(self, relation: str, service: str, label: str) -> list[Node]:
        """Contacts or venues of a service, as far as they may be shown.

        No place of safe accommodation leaves the full release, not even to who provides it.
        """
        nodes = [self._nodes[one] for one in sorted(set(self._led[relation, service]))]
        return [
            n
            for n in nodes
            if n.label == label
            and not _is_staff(n.properties)
            and not (label == "Venue" and self._safe & set(self._led[f"{relation} from", n.id]))
        ]

    def _places(self, service: str) -> tuple[str, str]:
        """The newest number of places of a service, with its unit."""
        found = [
            (str(n.properties.get("known_on")), one, n.properties)
            for one in self._led[self._about, service]
            if (n := self._nodes[one]).label == "Observation"
            and n.properties.get("unit") in UNITS
            and self._led[f"{self._about} from", one] == [service]
            and not _is_staff(n.properties)
            and self._kind(one) == "capacity"
        ]
        if not found:
            return "", ""
        columns = max(found, key=lambda f: f[:2])[2]
        return _text(columns.get("unit")), f"{float(str(columns.get('value'))):g}"

    def _kind(self, observation: str) -> Value:
        (measure,) = self._led[f"{self._measure} from", observation][:1] or ("",)
        return self._nodes[measure].properties.get("kind") if measure else None

    def _is_asked(self, node: Node, slug: str) -> bool:
        columns = node.properties
        return (
            node.label == "Service"
            and _in(node, slug)
            and columns.get("standing") != "ended"
            and not _is_staff(columns)
        )

    def _who_provides(self, service: str) -> list[str]:
        return sorted(
            {
                edge.start[1]
                for edge in self._edges[self._provision, service]
                if edge.properties.get("role") in PROVIDING
                and edge.properties.get("standing") in (None, *RUNNING)
                and not _is_staff(edge.properties)
            }
        )

    def _name(self, identifier: str) -> str:
        return _text(self._nodes[identifier].properties.get("name"))

    def _checked(self, service: str) -> datetime.date | None:
        day = self._nodes[service].properties.get("confirmed_on")
        return day if isinstance(day, datetime.date) else None


def _in(node: Node, slug: str) -> bool:
    return partnership_of(node.id) == slug


def _is_staff(columns: Mapping[str, Value]) -> bool:
    return columns.get("visibility") == _STAFF


def _text(value: Value) -> str:
    return "" if value is None else str(value)


def _texts(value: Value) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return tuple(str(one) for one in value)
    return () if value in (None, "") else (str(value),)


def _until(value: Value) -> str:
    return value.isoformat() if isinstance(value, datetime.date) else ""


def _venue(node: Node) -> AskedVenue:
    keys: Iterable[str] = ("address", "town", "county", "postcode")
    lines = (_text(node.properties.get(key)) for key in keys)
    return AskedVenue(_text(node.properties.get("name")), tuple(line for line in lines if line))
