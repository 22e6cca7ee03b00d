"""Invented partnerships at any number, as their tables would be: for benchmarks and trials.

Partnership n of a seed is the same whatever the number of partnerships. Degrees are skewed: a few
agencies, groups and doors have most of the links. Agencies and funds of the whole country and of a
region stand in the tables of each partnership that they work in, the former under one org-id.
Names are put together from syllables: no place, organisation or figure exists.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from rdflib import RDF, SKOS, URIRef

from graph.ids import iri_of
from graph.safety import SAFE_NEED, SAFE_TYPE
from graph.sources.names import SEPARATOR
from graph.sources.rows import Row, Tables
from ontology.namespaces import FP, ID, SHARED
from ontology.schema import ontology

AGENCIES, SERVICES, REFERRALS, AWARDS, GROUPS, NEEDS = 40, 120, 300, 60, 45, 12
AREAS, GAPS, ACTIONS, FUNDS, POSTS, BODIES, TYPES = 15, 60, 80, 12, 20, 6, 20
OBJECTIVES, INSTRUMENTS, REACHES, PROVISIONS = 10, 5, 240, 150
NATIONAL, REGIONAL, REGION = 6, 4, 9
"""Agencies of the whole country and of a region, and how many partnerships a region has."""
_PARTS = ("table 1", "table 2", "table 3", "table 4", "section 2")
_SOURCES = (
    ("register", "register", "Register of services", "2025-06-30"),
    ("needs", "needs assessment", "Needs assessment", "2025-03"),
    ("plan", "action plan", "Action plan", "2025-09-15"),
)
_STARTS = ("Alder", "Bran", "Cald", "Dun", "Elm", "Fen", "Gar", "Hol", "Ings", "Kel", "Lang", "Mar")
_MIDDLES = ("ber", "cor", "den", "fer", "gar", "her", "ling", "mer", "nor", "per", "ster", "ter")
_ENDS = ("bridge", "combe", "dale", "field", "ham", "ley", "mouth", "stead", "ton", "wick", "worth")
_WORK = ("advice", "advocacy", "counselling", "family", "housing", "outreach", "support", "young")
_SECTORS = ("voluntary", "health", "police", "housing", "education", "probation and justice")
_DOORS = 12
"""How many services most referrals begin at."""


@dataclass(frozen=True, slots=True)
class _Terms:
    """The shared terms that partnerships use, as cells name them; `safe` tell of a safe place."""

    groups: tuple[str, ...]
    needs: tuple[str, ...]
    types: tuple[str, ...]
    safe: frozenset[str]


@dataclass(slots=True)
class _Writer:
    """The rows of one partnership as they are made."""

    slug: str
    chance: random.Random
    terms: _Terms
    rows: list[Row] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, table: str, identifier: str, **cells: str) -> str:
        """Add a row; empty cells are left out. Returns its id."""
        number = self.counts[table] = self.counts.get(table, 0) + 1
        file = f"{self.slug}/{table}.csv"
        kept = {key: cell for key, cell in cells.items() if cell}
        self.rows.append(Row(table, file, number + 1, identifier, kept))
        return identifier

    def record(self, table: str, identifier: str, source: str, **cells: str) -> str:
        """Add a row with its source, place and basis: one in twenty is no plain fact."""
        basis = self.chance.choices(("stated", "inferred", "contested"), (95, 3, 2))[0]
        doubt = {} if basis == "stated" else {"ground": "Read from the tables beside each other."}
        if basis == "contested":
            doubt["other_side"] = self.chance.choice(_PARTS)
        place = self.chance.choice(_PARTS)
        return self.add(
            table, identifier, **cells, source=source, place=place, basis=basis, **doubt
        )

    def skewed(self, among: Sequence[str], most: int, least: int = 1) -> list[str]:
        """Between `least` and `most` different ones, the first far more often than the last."""
        weights = list(accumulate(1 / (n + 1) for n in range(len(among))))
        wanted = self.chance.randint(least, most)
        found = dict.fromkeys(self.chance.choices(among, cum_weights=weights, k=wanted))
        return list(found)

    def is_rare(self, percent: int) -> bool:
        """True in so many of a hundred cases."""
        return self.chance.randrange(100) < percent


def partnerships(count: int, seed: int) -> Iterator[Tables]:
    """The tables of so many invented partnerships, one after the other."""
    terms = _terms()
    for number in range(count):
        slug = f"p{number:05}"
        # A generator of this module's own: nobody's safety hangs on it.
        writer = _Writer(slug, random.Random(f"{seed}/{number}"), terms)  # noqa: S311
        _write(writer, number, seed)
        counts = {t: n for t, n in writer.counts.items() if t not in ("partnership", "sources")}
        yield Tables(slug, tuple(writer.rows), counts)


def _terms() -> _Terms:
    graph = ontology()

    def labels(name: str, most: int) -> tuple[str, ...]:
        terms = sorted(map(str, graph.subjects(RDF.type, FP[name])))
        ours = [URIRef(t) for t in terms if t.startswith(ID[f"{SHARED}/"])]
        return tuple(str(graph.value(t, SKOS.prefLabel)) for t in ours[:most])

    safe = {
        str(graph.value(term, SKOS.prefLabel))
        for top in (SAFE_TYPE, SAFE_NEED)
        for term in graph.transitive_subjects(FP.broader, iri_of(top))
    }
    return _Terms(
        labels("ClientGroup", GROUPS),
        labels("Need", NEEDS),
        labels("ServiceType", TYPES),
        frozenset(safe),
    )


def _name(chance: random.Random) -> str:
    return chance.choice(_STARTS) + chance.choice(_MIDDLES) + chance.choice(_ENDS)


def _write(to: _Writer, number: int, seed: int) -> None:
    town = _name(to.chance)
    to.add(
        "partnership",
        to.slug,
        name=f"{town} Partnership",
        topic="domestic abuse",
        area="home",
        publisher=f"{town} Council (invented)",
        historical="false",
        fictional="true",
        description="An invented partnership, made by a program. Nothing in it exists.",
    )
    for identifier, kind, title, dated in _SOURCES:
        to.add("sources", identifier, title=f"{title} of {town}", kind=kind, date=dated)
        for part in _PARTS:
            to.add(
                "source_parts",
                f"{identifier}-{part.replace(' ', '-')}",
                name=part,
                kind="heading",
                holds_none_because="heading",
                source=identifier,
            )
    areas = _areas(to, town, number)
    agencies = _agencies(to, town, number, seed)
    bodies = _bodies(to, town, agencies)
    posts = _posts(to, agencies)
    services = _services(to, areas, agencies, posts)
    funds = _funds(to, town, number, agencies)
    _awards(to, funds, services, posts)
    _reaches(to, services, areas)
    _referrals(to, services, agencies, bodies)
    gaps = _gaps(to, areas, services, agencies)
    _plan(to, gaps, services, agencies, posts)


def _areas(to: _Writer, town: str, number: int) -> list[str]:
    to.record("areas", "home", "register", name=town, ons_code=f"E06{number:06}")
    wards = [
        to.record("areas", f"ward-{n}", "register", name=f"{_name(to.chance)} ward", within="home")
        for n in range(1, AREAS)
    ]
    return ["home", *wards]


def _agencies(to: _Writer, town: str, number: int, seed: int) -> list[str]:
    region = number // REGION
    everywhere = random.Random(f"{seed}/everywhere")  # noqa: S311
    around = random.Random(f"{seed}/region/{region}")  # noqa: S311
    to.record("agencies", "council", "register", name=f"{town} Council", sector="local authority")
    found = ["council"]
    for n in range(NATIONAL):
        name = f"{_name(everywhere)} National {_WORK[n].capitalize()}"
        org = f"GB-CHC-{9_000_000 + n}"
        found.append(_agency(to, f"national-{n}", name, "voluntary", org))
    for n in range(REGIONAL):
        name = f"{_name(around)} Regional {_WORK[n].capitalize()}"
        org = f"GB-CHC-{8_000_000 + region * REGIONAL + n}"
        found.append(_agency(to, f"regional-{n}", name, "voluntary", org))
    for n in range(AGENCIES - len(found)):
        name = f"{_name(to.chance)} {to.chance.choice(_WORK).capitalize()}"
        part = "council" if to.is_rare(15) else ""
        found.append(_agency(to, f"agency-{n}", name, to.chance.choice(_SECTORS), "", part))
    return found


def _agency(
    to: _Writer, identifier: str, name: str, sector: str, org: str, part_of: str = ""
) -> str:
    cells = {"name": name, "sector": sector, "org_id": org, "part_of": part_of}
    return to.record("agencies", identifier, "register", **cells, area="home")


def _bodies(to: _Writer, town: str, agencies: Sequence[str]) -> list[str]:
    found: list[str] = []
    for n in range(BODIES):
        kind = "strategic board" if n == 0 else "working group"
        above = found[0] if found else ""
        body = to.record(
            "bodies",
            f"board-{n}",
            "plan",
            name=f"{town} board {n + 1}",
            kind=kind,
            reports_to=above,
        )
        for member in to.skewed(agencies, 8, 3):
            to.record(
                "memberships",
                f"{body}-{member}",
                "plan",
                member=member,
                role="member",
                body=body,
                seat=to.chance.choices(("taken", "to be confirmed", "empty"), (85, 10, 5))[0],
            )
        found.append(body)
    return found


def _posts(to: _Writer, agencies: Sequence[str]) -> list[str]:
    return [
        to.record(
            "posts",
            f"post-{n}",
            "register",
            name=f"{to.chance.choice(_WORK).capitalize()} worker {n + 1}",
            agency=to.skewed(agencies, 1)[0],
            filled=to.chance.choices(("filled", "vacant", "not stated"), (70, 15, 15))[0],
        )
        for n in range(POSTS)
    ]


def _services(
    to: _Writer, areas: Sequence[str], agencies: Sequence[str], posts: Sequence[str]
) -> list[str]:
    found = []
    for n in range(SERVICES):
        kind, needs = to.skewed(to.terms.types, 1)[0], to.skewed(to.terms.needs, 3)
        # Where a safe place is, is told no closer than the authority.
        is_wide = to.is_rare(70) or not to.terms.safe.isdisjoint((kind, *needs))
        where = ["home"] if is_wide else to.chance.sample(list(areas[1:]), 2)
        service = to.record(
            "services",
            f"service-{n}",
            "register",
            name=f"{_name(to.chance)} {to.chance.choice(_WORK)} service",
            type=kind,
            tier=to.chance.choice(("universal", "early help", "specialist")),
            needs=SEPARATOR.join(needs),
            area=SEPARATOR.join(where),
            standing=to.chance.choices(("operating", "planned", "not stated"), (86, 6, 8))[0],
            access=to.chance.choice(("self-referral", "referral only", "either", "")),
            availability="waiting list" if to.is_rare(12) else "",
        )
        found.append(service)
        if to.is_rare(15):
            to.record(
                "dependences",
                f"needs-{n}",
                "register",
                what_depends=service,
                depends_on=to.skewed(posts, 1)[0],
            )
    for n in range(PROVISIONS):
        service = found[n] if n < SERVICES else to.skewed(found, 1)[0]
        role = "provides" if n < SERVICES else to.chance.choice(("commissions", "monitors"))
        agency = to.skewed(agencies, 1)[0]
        to.record(
            "provisions", f"provision-{n}", "register", agency=agency, role=role, service=service
        )
    return found


def _funds(to: _Writer, town: str, number: int, agencies: Sequence[str]) -> list[str]:
    names = ["National support grant", f"Fund of region {number // REGION + 1}"]
    names += [f"{town} budget {n + 1}" for n in range(FUNDS - len(names))]
    held = ["national-0", "regional-0", *to.chance.choices(agencies[:8], k=FUNDS - 2)]
    return [
        to.record("funds", f"fund-{n}", "register", name=name, held_by=holder)
        for n, (name, holder) in enumerate(zip(names, held, strict=True))
    ]


def _awards(
    to: _Writer, funds: Sequence[str], services: Sequence[str], posts: Sequence[str]
) -> None:
    subjects = [*services[: AWARDS - 6], *posts[:6]]
    for n, subject in enumerate(subjects):
        status = to.chance.choices(("secured", "at risk", "sought", "ended"), (75, 10, 10, 5))[0]
        start = to.chance.randint(2022, 2025)
        end = start + to.chance.randint(1, 4)
        is_undated = to.is_rare(15)
        to.record(
            "awards",
            f"award-{n}",
            "register",
            fund=to.skewed(funds, 1)[0],
            pays_for=subject,
            form=to.chance.choice(("grant", "contract", "budget")),
            status=status,
            amount="" if to.is_rare(30) else str(to.chance.randint(4, 400) * 1000),
            period="" if is_undated else f"{start}-04-01/{end}-03-31",
            decide_by="" if is_undated or to.is_rare(60) else f"{end - 1}-09-30",
        )


def _reaches(to: _Writer, services: Sequence[str], areas: Sequence[str]) -> None:
    strengths = ("specialist", "adapted", "open to all", "can be served", "led by and for")
    for n in range(REACHES):
        to.record(
            "reaches",
            f"reach-{n}",
            "register",
            service=services[n % len(services)],
            group=to.skewed(to.terms.groups, 1)[0],
            strength=to.chance.choices(strengths, (40, 10, 30, 15, 5))[0],
            only_in_areas=to.chance.choice(areas[1:]) if to.is_rare(5) else "",
            condition="With a worker's letter" if to.is_rare(8) else "",
        )


def _referrals(
    to: _Writer, services: Sequence[str], agencies: Sequence[str], bodies: Sequence[str]
) -> None:
    doors = [*agencies[:6], bodies[0], *services[: _DOORS - 7]]
    for n in range(REFERRALS):
        start = to.skewed(doors, 1)[0] if to.is_rare(60) else to.chance.choice(services)
        end = services[n % len(services)]
        if start == end:
            end = services[(n + 1) % len(services)]
        status = to.chance.choices(
            ("working", "to be reinforced", "being drafted", "missing"), (80, 8, 6, 6)
        )[0]
        to.record(
            "referrals",
            f"referral-{n}",
            "register",
            **{"from": start},
            to=end,
            status=status,
            for_groups=to.skewed(to.terms.groups, 1)[0] if to.is_rare(20) else "",
            condition="After an assessment" if to.is_rare(15) else "",
            risk_level="high (victim)" if to.is_rare(10) else "",
        )


def _gaps(
    to: _Writer, areas: Sequence[str], services: Sequence[str], agencies: Sequence[str]
) -> list[str]:
    kinds = ("no service", "not reached", "shortage", "not specialist", "data", "training")
    found = []
    for n in range(GAPS):
        groups, needs = to.skewed(to.terms.groups, 3), to.skewed(to.terms.needs, 2)
        found.append(
            to.record(
                "gaps",
                f"gap-{n}",
                "needs",
                name=f"What the assessment found, number {n + 1}",
                kind_of_gap=to.chance.choice(kinds),
                groups=SEPARATOR.join(groups),
                needs="" if to.is_rare(25) else SEPARATOR.join(needs),
                area="home" if to.is_rare(75) else to.chance.choice(areas[1:]),
                affects=to.chance.choice(services) if to.is_rare(50) else "",
                raised_by=to.skewed(agencies, 1)[0] if to.is_rare(30) else "",
            )
        )
    return found


def _plan(
    to: _Writer,
    gaps: Sequence[str],
    services: Sequence[str],
    agencies: Sequence[str],
    posts: Sequence[str],
) -> None:
    for n in range(INSTRUMENTS):
        kind = "action plan" if n == 0 else "protocol"
        to.record("instruments", f"paper-{n}", "plan", name=f"Paper {n + 1}", kind=kind)
    aims = [
        to.record(
            "objectives",
            f"aim-{n}",
            "plan",
            name=f"Aim {n + 1}",
            kind="vision" if n == 0 else "objective",
            part_of="aim-0" if n else "",
            instrument="paper-0",
            groups=SEPARATOR.join(to.skewed(to.terms.groups, 2)),
        )
        for n in range(OBJECTIVES)
    ]
    for n in range(ACTIONS):
        is_dated = not to.is_rare(25)
        action = to.record(
            "actions",
            f"action-{n}",
            "plan",
            name=f"Action {n + 1}",
            instrument="paper-0",
            objective=to.chance.choice(aims),
            answers_gap=to.chance.choice(gaps) if to.is_rare(55) else "",
            status=to.chance.choice(("not started", "in progress", "said to be done", "blocked")),
            deadline=f"2026-{to.chance.randint(1, 12):02}" if is_dated else "",
            deadline_kind="fixed" if is_dated else "none",
            groups=SEPARATOR.join(to.skewed(to.terms.groups, 2)) if to.is_rare(40) else "",
            about=to.chance.choice(services) if to.is_rare(60) else "",
        )
        if not to.is_rare(10):
            by = to.skewed(agencies, 1)[0] if to.is_rare(70) else to.chance.choice(posts)
            to.record("leads", f"lead-{n}", "plan", action=action, role="lead", by=by)
