"""The facts of a public release as rows, read from its property graph without a store.

The rows have the columns of the files in `facts/`, so that what is help, whom it is for and what
its money says is worked out by the same functions as everywhere else.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from graph.derived import chain, newest_days
from graph.ids import partnership_of
from graph.model import Edge, Node, PropertyGraph, Value
from ontology.namespaces import SHARED
from queries.directory.types import Named, Place
from queries.fits import widening
from queries.recorded import WORKING, Facts, read_facts
from queries.rows import Row, rows_by
from queries.sides import perpetrator_groups, programmes
from queries.ways import BY_SELF, is_programme

_NATIONS = {"E": "England", "W": "Wales", "S": "Scotland", "N": "Northern Ireland"}
"""The nation that the first letter of an ONS code stands for."""
_OF_VICTIMS = "(victim)"
_PARTNER_SUPPORT = "shared/service-type/partner-support"


def listed(value: Value) -> tuple[str, ...]:
    """A column of a list, empty where nothing is recorded."""
    return value if isinstance(value, tuple) else ()


def text(value: Value) -> str:
    """A column as text, empty where nothing is recorded."""
    return "" if value is None else str(value)


def day_of(value: Value) -> datetime.date | None:
    """A column as a day, None where nothing is recorded."""
    return value if isinstance(value, datetime.date) else None


def level_name(level: str) -> str:
    """A level of danger without the scheme that it is of.

    >>> level_name("high (victim)")
    'high'
    """
    return level.split(" (")[0]


class Book:
    """What a public release holds, by id, by label and by partnership."""

    def __init__(self, graph: PropertyGraph) -> None:
        """Index a release; the order of its nodes and edges makes no difference."""
        self.nodes: dict[str, Node] = {n.id: n for n in sorted(graph.nodes, key=lambda n: n.id)}
        self._edges: dict[str, list[Edge]] = defaultdict(list)
        self._out: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._in: dict[tuple[str, str], list[str]] = defaultdict(list)
        for edge in sorted(graph.edges, key=lambda e: (e.type, e.start[1], e.end[1], e.id or "")):
            self._edges[edge.type].append(edge)
            self._out[edge.type, edge.start[1]].append(edge.end[1])
            self._in[edge.type, edge.end[1]].append(edge.start[1])
        self.newest = newest_days(graph)

    @cached_property
    def labelled(self) -> Mapping[str, list[Node]]:
        """Nodes by label, in the order of their ids."""
        found: dict[str, list[Node]] = defaultdict(list)
        for node in self.nodes.values():
            found[node.label].append(node)
        return found

    def name(self, identifier: str) -> str:
        """The name of a record or term."""
        return text(self.nodes[identifier].properties.get("name"))

    def leads(self, relation: str, start: str) -> list[str]:
        """What a record refers to."""
        return self._out.get((relation, start), [])

    def led_by(self, relation: str, end: str) -> list[str]:
        """What refers to a record."""
        return self._in.get((relation, end), [])

    @cached_property
    def edges(self) -> Mapping[tuple[str, str], list[Edge]]:
        """Relationships with facts of their own by type and by the service they are about."""
        found: dict[tuple[str, str], list[Edge]] = defaultdict(list)
        for kind in ("PROVISION", "REFERRAL", "AWARD"):
            for edge in self._edges[kind]:
                found[kind, edge.end[1]].append(edge)
        for edge in self._edges["REACH"]:
            found["REACH", edge.start[1]].append(edge)
        return found

    # ------------------------------------------------------------ places

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """The partnerships by slug, in the order of their names."""
        found = [self._place(node) for node in self.labelled["Partnership"]]
        return {p.slug: p for p in sorted(found, key=lambda p: (p.name, p.slug))}

    def _place(self, node: Node) -> Place:
        slug = partnership_of(node.id)
        home = self.homes[slug]
        codes = (self.nodes[a].properties.get("ons_code") for a in chain(home, self.within))
        code = next((str(c) for c in codes if c), " ")
        inner = [
            Named(a.id, self.name(a.id))
            for a in self.labelled["Area"]
            if partnership_of(a.id) == slug and home in chain(a.id, self.within)
        ]
        return Place(
            slug=slug,
            name=text(node.properties.get("name")),
            nation=_NATIONS.get(code[0], ""),
            historical=bool(node.properties.get("historical")),
            fictional=bool(node.properties.get("fictional")),
            newest=self.newest.get(slug),
            areas=tuple(sorted(inner, key=lambda a: (a.id != home, a.name, a.id))),
        )

    @cached_property
    def homes(self) -> Mapping[str, str]:
        """The area of each partnership."""
        return {
            partnership_of(e.start[1]): e.end[1]
            for e in self._edges["HAS_AREA"]
            if e.start[0] == "Partnership"
        }

    @cached_property
    def within(self) -> Mapping[str, str]:
        """From each area to the one that takes it in."""
        return {e.start[1]: e.end[1] for e in self._edges["WITHIN"]}

    @cached_property
    def districts(self) -> Mapping[str, tuple[str, ...]]:
        """The areas that are recorded for a postcode district: the narrowest that are."""
        found: dict[str, list[str]] = defaultdict(list)
        for area in self.labelled["Area"]:
            for one in listed(area.properties.get("postcode_districts")):
                found[one].append(area.id)
        return {
            one: tuple(a for a in areas if not self._takes_in(a, areas))
            for one, areas in found.items()
        }

    def _takes_in(self, area: str, others: Iterable[str]) -> bool:
        return any(area in chain(other, self.within)[1:] for other in others)

    # ------------------------------------------------------------ terms

    @cached_property
    def groups(self) -> Mapping[str, Row]:
        """Client groups as rows."""
        return {
            n.id: {
                **self._term(n),
                "excluded": self.leads("EXCLUDES", n.id),
                "characteristics": listed(n.properties.get("characteristic")),
            }
            for n in self.labelled["ClientGroup"]
        }

    @cached_property
    def needs(self) -> Mapping[str, Row]:
        """Needs as rows."""
        return {n.id: self._term(n) for n in self.labelled["Need"]}

    @cached_property
    def types(self) -> Mapping[str, frozenset[str]]:
        """Types of services, each with itself and the wider ones."""
        return widening({n.id: self._term(n) for n in self.labelled["ServiceType"]})

    def _term(self, node: Node) -> Row:
        return {
            "term": node.id,
            "name": text(node.properties.get("name")),
            "broader": self.leads("BROADER", node.id),
        }

    @cached_property
    def wider_groups(self) -> Mapping[str, frozenset[str]]:
        """Client groups, each with itself and the wider ones."""
        return widening(self.groups)

    @cached_property
    def wider_needs(self) -> Mapping[str, frozenset[str]]:
        """Needs, each with itself and the wider ones."""
        return widening(self.needs)

    @cached_property
    def perpetrators(self) -> frozenset[str]:
        """The groups of those who abuse."""
        return perpetrator_groups(self.groups)

    # ------------------------------------------------------------ services

    @cached_property
    def services(self) -> Mapping[str, Row]:
        """Services as rows, by id."""
        return {n.id: self._service(n) for n in self.labelled["Service"]}

    def _service(self, node: Node) -> Row:
        columns = node.properties
        return {
            **columns,
            "service": node.id,
            "opened": columns.get("opened_first"),
            "closed": columns.get("closed_last"),
            "needs": self.leads("NEEDS", node.id),
            "areas": self.leads("HAS_AREA", node.id),
            "types": self.leads("TYPE", node.id),
            "proof": _proof(node.id, columns),
        }

    @cached_property
    def _reaches(self) -> Mapping[str, list[Row]]:
        return rows_by(
            (
                {
                    "service": e.start[1],
                    "term": e.end[1],
                    "strength": e.properties.get("strength"),
                    "condition": e.properties.get("condition"),
                    "only_needs": listed(e.properties.get("only_for_needs")),
                    "only_areas": listed(e.properties.get("only_in_areas")),
                    "ground": e.properties.get("ground"),
                    "proof": _proof(e.id, e.properties),
                }
                for e in self._edges["REACH"]
            ),
            "service",
        )

    def reaches(self, service: str) -> list[Row]:
        """Whom a service is recorded for, or not for."""
        return self._reaches.get(service, [])

    @cached_property
    def facts(self) -> Mapping[str, Facts]:
        """The facts of each partnership, as queries/recorded.py wants them."""
        services: dict[str, list[str]] = {slug: [] for slug in self.places}
        for service in self.services:
            services.setdefault(partnership_of(service), []).append(service)
        areas = [
            {"area": n.id, "name": self.name(n.id), "within": self.within.get(n.id)}
            for n in self.labelled["Area"]
        ]
        terms = {
            "areas": _by_slug(areas, "area"),
            "groups": _by_slug(self.groups.values(), "term"),
            "needs": _by_slug(self.needs.values(), "term"),
        }
        return {
            slug: self._facts(
                slug,
                services[slug],
                {k: [*v.get(SHARED, ()), *v.get(slug, ())] for k, v in terms.items()},
            )
            for slug in self.places
        }

    def _facts(self, slug: str, services: list[str], terms: Mapping[str, list[Row]]) -> Facts:
        rows: dict[str, list[Row]] = {
            **terms,
            "services": [self.services[s] for s in services],
            "reaches": [r for s in services for r in self.reaches(s)],
            "awards": [self._award(e) for s in services for e in self.edges.get(("AWARD", s), ())],
            "provisions": [
                {**e.properties, "service": s, "agency": e.start[1], "proof": _proof(e.id, {})}
                for s in services
                for e in self.edges.get(("PROVISION", s), ())
            ],
            "dependences": [],  # Posts are not public, nor what stands on them.
            "referrals": [
                {**e.properties, "service": s, "route": e.id, "origin": e.start[1], "proof": {}}
                for s in services
                for e in self.edges.get(("REFERRAL", s), ())
            ],
        }
        return read_facts(rows, {slug: self.homes[slug]}, frozenset())

    def _award(self, edge: Edge) -> Row:
        fund = edge.start[1]
        return {
            **edge.properties,
            "award": edge.id,
            "subject": edge.end[1],
            "fund": fund,
            "begun": edge.properties.get("period_first"),
            "holders": self.leads("HELD_BY", fund),
            "proof": _proof(edge.id, edge.properties),
        }

    def languages_of(self, service: str) -> tuple[str, ...]:
        """The languages that a service or one of its contacts is recorded in."""
        found = set(listed(self.services[service].get("languages")))
        for contact in self.led_by("OF", service):
            found |= set(listed(self.nodes[contact].properties.get("languages")))
        return tuple(sorted(found))

    def risks_of(self, service: str) -> tuple[str, ...]:
        """The levels of a victim's danger that the working ways in are for; none if one is for any.

        How dangerous a perpetrator is rated is another scale, and nothing that a victim is asked.
        """
        found: list[str] = []
        for edge in self.edges.get(("REFERRAL", service), ()):
            if edge.properties.get("status") in WORKING:
                given = listed(edge.properties.get("risk_level"))
                levels = [one for one in given if one.endswith(_OF_VICTIMS)]
                if not levels:
                    return ()
                found += levels
        return tuple(dict.fromkeys(found))

    # ------------------------------------------------------------ who abuses, and who is with them

    @cached_property
    def programmes(self) -> frozenset[str]:
        """Programmes for those who abuse: made for them, for nobody else, or of such a type."""
        reaches = (r for service in self.services for r in self.reaches(service))
        found = set(programmes(reaches, self.perpetrators))
        found |= {
            service
            for service, row in self.services.items()
            if is_programme(row, self.wider_needs, self.types)
        }
        return frozenset(found)

    @cached_property
    def beside_programmes(self) -> frozenset[str]:
        """Support for partners that people come to through a programme alone: no open help."""
        return frozenset(
            service
            for service, row in self.services.items()
            if service not in self.programmes
            and row["access"] not in BY_SELF
            and (origins := {e.start[1] for e in self.edges.get(("REFERRAL", service), ())})
            and origins <= self.programmes
        )

    def partner_support(self, programme: str) -> list[str]:
        """The services that support the partners of people on a programme."""
        return [
            service
            for service in self.led_from(programme)
            if service in self.beside_programmes
            or any(_PARTNER_SUPPORT in self.types[t] for t in self.services[service]["types"])
        ]

    def led_from(self, service: str) -> list[str]:
        """The services that a service sends people to."""
        return sorted({t for t in self.leads("REFERRAL", service) if t in self.services})


def _by_slug(rows: Iterable[Row], key: str) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[partnership_of(row[key])].append(row)
    return found


def _proof(identifier: str | None, columns: Mapping[str, Value]) -> Row:
    return {"record": identifier, "basis": columns.get("basis")}
