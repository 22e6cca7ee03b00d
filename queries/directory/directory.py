"""The directory of help: which services of a public release fit what somebody looks for.

It reads the public release and nothing else, so that nothing hidden can bear on an answer. What
fits is said in queries/directory/fit.py, what is told and how old it may be in
queries/directory/entries.py.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Final

from graph.derived import whereabouts
from graph.exports.openreferral import language_name
from graph.ids import partnership_of
from graph.model import PropertyGraph
from ontology.namespaces import SHARED
from ontology.schema import Schema
from queries.directory.entries import entry_of, helpline_of, is_published, pathway
from queries.directory.facts import Book, level_name, listed, text
from queries.directory.fit import Fitting, Here, Section
from queries.directory.types import (
    Choices,
    ContactPoint,
    Count,
    Entry,
    Found,
    Freshness,
    GroupLine,
    HelplineEntry,
    Match,
    Named,
    Pathway,
    Place,
    VenueLine,
    Way,
    Wish,
)
from queries.directory.words import Hit, Marks, Texts, WordIndex, words_of
from queries.fits import BEHAVIOUR
from queries.recorded import RUNNING

BEHAVES: Final = "behaviour"
"""Who asks, where somebody wants to change how they behave."""
_VIEWS: Final = 1024
"""How many views of a partnership (on a day, from an area) are kept."""
_AMONG: Final = 64
"""For how many choices of places it is kept which services are looked through."""
_MOST_COUNTED: Final = 25
"""In more places than these together, choices are not counted."""
_FRESHEST: Final[Mapping[Freshness, int]] = {"fresh": 0, "old": 1, "withheld": 2, "historical": 3}
_WHOLE_CODE: Final = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)[0-9][A-Z]{2}")
_OUTWARD: Final = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")
_SOME_WORDS: Final = "Not all of your words are found in what is recorded of it."


_LIKE_WORDS: Final = "It has a word like yours, and not the same word."


def directory(
    graph: PropertyGraph, schema: Schema, plain: Mapping[str, str] | None = None
) -> "Directory":
    """The directory of a public release (graph/public.py).

    `plain` are the words that pages show for the names of terms: services are found by them too.
    """
    return Directory(graph, schema, plain or {})


@dataclass(frozen=True, slots=True)
class _Listed:
    """A service that was found: how it fits, what it was found by, and where it is listed."""

    service: str
    here: Here
    fitting: Fitting
    hit: Hit


class Directory:
    """Everything of a public release that is help, ready to be searched."""

    def __init__(self, graph: PropertyGraph, schema: Schema, plain: Mapping[str, str]) -> None:
        """Index a release. Give the public one only."""
        self._book = Book(graph)
        self._plain = plain
        self._levels = [word.label for word in schema.codes.get("RiskLevel", ())]
        self._here = lru_cache(maxsize=_VIEWS)(self._view)
        self._among = lru_cache(maxsize=_AMONG)(self._marked)

    @property
    def places(self) -> tuple[Place, ...]:
        """The partnerships, by name."""
        return tuple(self._book.places.values())

    # ------------------------------------------------------------ what can be chosen

    def choices(self, slugs: Sequence[str]) -> Choices:
        """What can be chosen in some places (all if none is named).

        Groups and needs that all partnerships share are those that any place speaks of, so that
        one can ask for what a place has not; all else is what the services of the places have.
        """
        chosen = self._chosen(slugs)
        services = [s for s in self._published if partnership_of(s) in chosen]
        languages = {code for s in services for code in self._book.languages_of(s)}
        levels = {level for s in services for level in self._book.risks_of(s)}
        return Choices(
            needs=self._terms(self._named_needs, chosen),
            groups=self._terms(self._named_groups, chosen),
            areas=tuple(a for slug in chosen for a in self._book.places[slug].areas),
            languages=_by_name(Named(code, language_name(code)) for code in languages),
            risks=tuple(
                Named(level, level_name(level)) for level in self._levels if level in levels
            ),
        )

    def _chosen(self, slugs: Iterable[str]) -> list[str]:
        named = set(slugs)
        return [slug for slug in self._book.places if not named or slug in named]

    @cached_property
    def _published(self) -> list[str]:
        """The services for people who need help that run, perhaps, and were ever checked."""
        return [
            service
            for service, row in self._book.services.items()
            if (row["standing"] in RUNNING or row["proof"]["basis"] == "contested")
            and service not in self._book.programmes
            and service not in self._book.beside_programmes
            # What no source says to be for anybody or anything may be no help to those who ask.
            and (row["needs"] or self._book.reaches(service))
            and is_published(self._book, service)
        ]

    @cached_property
    def _named_groups(self) -> frozenset[str]:
        named = {r["term"] for s in self._published for r in self._book.reaches(s)}
        return frozenset(named - self._book.perpetrators)

    @cached_property
    def _named_needs(self) -> frozenset[str]:
        wider = self._book.wider_needs
        named = {
            w for s in self._published for n in self._book.services[s]["needs"] for w in wider[n]
        }
        return frozenset(n for n in named if BEHAVIOUR not in wider[n])

    def _terms(self, named: Iterable[str], chosen: Iterable[str]) -> tuple[Named, ...]:
        scope = {SHARED, *chosen}
        return _by_name(Named(t, self._book.name(t)) for t in named if partnership_of(t) in scope)

    # ------------------------------------------------------------ searching

    def search(self, wish: Wish, day: datetime.date | None, today: datetime.date) -> Found:
        """What fits a wish on the day of serving: wholly, in part and why, and what is for anybody.

        `day` is for historical places alone: what was on record then; else on the day of their
        newest source. Whoever needs help now is told of now.
        """
        helplines = self.helplines(wish)
        where = self._where(wish)
        if where is None:
            return Found(helplines=helplines, unknown_district=True)
        hits = self._hits(wish)
        listed_now = self._listed(wish, where, hits, day, today)
        entries = {one.service: entry_of(self._book, one.service, today) for one in listed_now}
        asked = len(words_of(wish.words))

        def order(one: _Listed) -> tuple[bool, int, int, int, str, str]:
            entry = entries[one.service]
            is_named = bool(asked) and one.hit.in_name == asked
            return (
                not is_named,
                one.hit.alike,
                one.fitting.rank,
                _FRESHEST[entry.freshness],
                entry.name,
                one.service,
            )

        ordered = sorted(listed_now, key=order)

        def matches(section: Section) -> tuple[Match, ...]:
            return tuple(
                Match(entries[one.service], one.fitting.reasons)
                for one in ordered
                if one.fitting.section == section
            )

        return Found(
            whole=matches("whole"),
            partly=matches("partly"),
            anybody=matches("anybody"),
            counts=self._counts(wish, hits, day, today),
            helplines=helplines,
        )

    def _where(self, wish: Wish) -> dict[str, tuple[str, ...]] | None:
        """By partnership: the areas from which to look. None if a district is nowhere recorded."""
        chosen = self._chosen(wish.partnerships)
        homes = self._book.homes
        if wish.areas:
            own = [a for a in wish.areas if a in self._book.nodes]
        elif wish.postcode_district:
            own = list(self._book.districts.get(parse_district(wish.postcode_district), ()))
        else:
            return {slug: (homes[slug],) for slug in chosen}
        where = {
            slug: areas
            for slug in chosen
            if (areas := tuple(sorted(a for a in own if partnership_of(a) == slug)))
        }
        return where if where or wish.areas else None

    def _hits(self, wish: Wish) -> Mapping[str, Hit] | None:
        """The services that have most of some words; None where there is no word to look for."""
        asked = words_of(wish.words)
        if not asked:
            return None
        behaves = wish.asking == BEHAVES
        among = self._among(tuple(self._chosen(wish.partnerships)), behaves)
        return self._words.search(asked, among).at_least((len(asked) + 1) // 2)

    def _listed(
        self,
        wish: Wish,
        where: Mapping[str, Sequence[str]],
        hits: Mapping[str, Hit] | None,
        day: datetime.date | None,
        today: datetime.date,
    ) -> list[_Listed]:
        asked, found = len(words_of(wish.words)), []
        for slug, areas in where.items():
            offered = self._offered[slug, wish.asking == BEHAVES]
            named = [s for s in offered if hits is None or s in hits]
            views = [self._here(slug, a, self._day(slug, day, today)) for a in areas if named]
            for service in named:
                if any(service not in view.running for view in views):
                    continue
                hit = hits[service] if hits else Hit(0, 0)
                fitting = _together([view.fitting(service, wish) for view in views])
                if fitting is not None and hits and hit.found < asked:
                    fitting = _doubted(fitting, _SOME_WORDS)
                if fitting is not None and hit.alike:
                    fitting = _doubted(fitting, _LIKE_WORDS)
                if fitting is not None:
                    found.append(_Listed(service, views[0], fitting, hit))
        return found

    @cached_property
    def _offered(self) -> Mapping[tuple[str, bool], list[str]]:
        """Published services by partnership: help for victims, and programmes, never together."""
        found: dict[tuple[str, bool], list[str]] = {
            (slug, behaves): [] for slug in self._book.places for behaves in (False, True)
        }
        for service in self._book.services:
            if self._is_offered(service):
                key = (partnership_of(service), service in self._book.programmes)
                found[key].append(service)
        return found

    def _is_offered(self, service: str) -> bool:
        return service not in self._book.beside_programmes and is_published(self._book, service)

    def _day(self, slug: str, day: datetime.date | None, today: datetime.date) -> datetime.date:
        """The day for which a place is asked about."""
        place = self._book.places[slug]
        return (day or place.newest or today) if place.historical else today

    def _view(self, slug: str, area: str, day: datetime.date) -> Here:
        return Here(self._book, slug, area, day)

    def _marked(self, slugs: tuple[str, ...], behaves: bool) -> Marks:
        return self._words.among(s for slug in slugs for s in self._offered[slug, behaves])

    @cached_property
    def _words(self) -> WordIndex:
        return WordIndex(
            {s: self._texts(s) for services in self._offered.values() for s in services}
        )

    def _texts(self, service: str) -> Texts:
        row, book = self._book.services[service], self._book
        # Who is turned away must not find it by their own name.
        groups = (r["term"] for r in book.reaches(service) if r["strength"] != "excluded")
        terms = [*row["needs"], *row["types"], *groups]
        agencies = [e.start[1] for e in book.edges.get(("PROVISION", service), ())]
        also = (
            word
            for one in (*terms, *agencies)
            for word in (
                book.name(one),
                self._plain.get(book.name(one), ""),
                *listed(book.nodes[one].properties.get("also_called")),
            )
        )
        spoken = map(language_name, book.languages_of(service))
        return Texts(
            (row["name"], *listed(row["also_called"])), (text(row["description"]), *also, *spoken)
        )

    # ------------------------------------------------------------ counts

    def _counts(
        self,
        wish: Wish,
        hits: Mapping[str, Hit] | None,
        day: datetime.date | None,
        today: datetime.date,
    ) -> dict[str, tuple[Count, ...]]:
        """By filter: how many services each choice would find, given all other choices.

        For needs and groups, all that would be listed count. For areas, languages and danger, which
        take nothing off the list but tell what does not suit, those count that suit. Over many
        places nothing is counted: it would take long, and people look in one.
        """
        if len(self._chosen(wish.partnerships)) > _MOST_COUNTED:
            return {}
        choices = self.choices(wish.partnerships)

        def left(**without: object) -> list[_Listed]:
            other = replace(wish, **without)  # type: ignore[arg-type]
            where = self._where(other)
            return [] if where is None else self._listed(other, where, hits, day, today)

        def fits(one: _Listed, changed: Wish) -> bool:
            return one.here.helps(one.service, changed)

        no_needs, no_groups = left(needs=()), left(groups=())
        nowhere = left(areas=(), postcode_district="")
        no_language, no_risk = left(language=""), left(risk="")
        return {
            "needs": _counted(
                choices.needs, lambda v: sum(fits(o, replace(wish, needs=(v,))) for o in no_needs)
            ),
            "groups": _counted(
                choices.groups,
                lambda v: sum(fits(o, replace(wish, groups=(v,))) for o in no_groups),
            ),
            "areas": _counted(choices.areas, lambda v: sum(self._serves(o, v) for o in nowhere)),
            "languages": _counted(
                choices.languages, lambda v: sum(o.here.speaks(o.service, v) for o in no_language)
            ),
            "risks": _counted(
                choices.risks, lambda v: sum(o.here.suits_risk(o.service, v) for o in no_risk)
            ),
        }

    def _serves(self, one: _Listed, area: str) -> bool:
        """Whether a service is for people of an area, or of a part of it."""
        if partnership_of(one.service) != partnership_of(area):
            return False
        areas = self._book.services[one.service]["areas"]
        return whereabouts(area, areas, self._book.within) != "outside"

    # ------------------------------------------------------------ one entry, and the way to it

    def entry(
        self, identifier: str, day: datetime.date | None, today: datetime.date
    ) -> Entry | None:
        """One service as the directory shows it; None where it does not show it."""
        if identifier not in self._book.services or not self._is_offered(identifier):
            return None
        slug = partnership_of(identifier)
        here = self._here(slug, self._book.homes[slug], self._day(slug, day, today))
        return entry_of(self._book, identifier, today) if identifier in here.running else None

    def how_to_get_there(
        self, entry: Entry, wish: Wish, day: datetime.date | None, today: datetime.date
    ) -> Pathway:
        """The ways in to a service, for the groups of a wish; who refers is an entry or no link."""
        found = pathway(self._book, entry.id, wish)
        ways = (
            w if self.entry(w.origin, day, today) else replace(w, origin="") for w in found.ways
        )
        return replace(found, ways=tuple(ways))

    # ------------------------------------------------------------ helplines

    def helplines(self, wish: Wish) -> tuple[HelplineEntry, ...]:
        """The helplines for a wish: those of its nations, nearest to its groups first.

        None is withheld for its age; each says when it was checked. A partnership's own are for
        readers of that partnership alone. Lines for those who abuse are for them alone.
        """
        places = [self._book.places[slug] for slug in self._chosen(wish.partnerships)]
        nations = {p.nation for p in places}
        behaves = wish.asking == BEHAVES
        terms = {
            t for g in wish.groups if g in self._book.groups for t in self._book.wider_groups[g]
        }
        ranked = []
        for node in self._book.labelled["Helpline"]:
            slug = partnership_of(node.id)
            groups = set(listed(node.properties.get("for_groups")))
            of_abusers = bool(groups) and groups <= self._book.perpetrators
            where = set(listed(node.properties.get("nations")))
            if slug != SHARED and ((slug,) != tuple(wish.partnerships) or places[0].historical):
                continue
            if groups and of_abusers != behaves:
                continue
            # Where it is not known in which nation a place is, no line is left out.
            if where and "" not in nations and not where & nations:
                continue
            is_near = groups & set(wish.groups)
            rank = 0 if is_near else 1 if groups & terms or slug != SHARED else 2
            line = helpline_of(self._book, node)
            ranked.append((rank, line.name, node.id, line))
        return tuple(line for *_, line in sorted(ranked, key=lambda r: r[:3]))


def parse_district(given: str) -> str:
    """The first part of a postcode, empty where it is none. Of a whole one, the rest is dropped.

    >>> parse_district("dy1 1aa"), parse_district("DY1"), parse_district("nonsense")
    ('DY1', 'DY1', '')
    """
    plain = re.sub(r"\s+", "", given[:20]).upper()
    whole = _WHOLE_CODE.fullmatch(plain)
    if whole:
        return whole[1]
    first = next(iter(given[:20].upper().split()), "")
    return first if _OUTWARD.fullmatch(first) else ""


def _together(found: Sequence[Fitting | None]) -> Fitting | None:
    """How a service fits somebody who may be in any of several areas: as in the worst."""
    fittings = [f for f in found if f is not None]
    if not fittings:
        return None
    worst = max(fittings, key=lambda f: (f.section != "whole", f.section == "anybody"))
    reasons = tuple(dict.fromkeys(r for f in fittings for r in f.reasons))
    return replace(worst, reasons=reasons)


def _doubted(fitting: Fitting, reason: str) -> Fitting:
    section: Section = "partly" if fitting.section == "whole" else fitting.section
    return replace(fitting, section=section, reasons=(*fitting.reasons, reason))


def _by_name(found: Iterable[Named]) -> tuple[Named, ...]:
    return tuple(sorted(found, key=lambda n: (n.name, n.id)))


def _counted(choices: Iterable[Named], count: Callable[[str], int]) -> tuple[Count, ...]:
    return tuple(Count(c.id, c.name, count(c.id)) for c in choices)


__all__ = [
    "Choices",
    "ContactPoint",
    "Count",
    "Directory",
    "Entry",
    "Found",
    "GroupLine",
    "HelplineEntry",
    "Match",
    "Named",
    "Pathway",
    "Place",
    "VenueLine",
    "Way",
    "Wish",
    "directory",
    "parse_district",
]
