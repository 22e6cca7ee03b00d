"""What of a release is not for the public, record by record (SAFETY.md, rules 1, 3, 4 and 7).

Holds a record as it is read from quads, the rules by which it may be told, and what safe
accommodation is told with. All is judged over the full release: a type or a whole that is for staff
makes a refuge no less a refuge. What is made of it stands in graph/public.py.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Final

import pyoxigraph as ox

from graph.ids import local_of, partnership_of
from graph.safety import SAFE_TYPE, Told, is_safe, safe_among, upper_areas, wider
from ontology.schema import Class

REACHED: Final = frozenset(
    {"Source", "SourcePart", "Area", "Agency", "Body", "Post"}
    | {"ClientGroup", "Need", "ServiceType", "Fund"}
)
"""Classes whose records are public only where something public leads to them."""
ROOTS: Final = frozenset({"Partnership", "Service", "Helpline"})
"""Classes whose records are public by themselves. All others stand with what they are about."""

Value = ox.NamedNode | ox.Literal


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its columns, and the identifiers that its references lead to, by key."""

    id: str
    klass: Class
    graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph
    values: Mapping[str, tuple[Value, ...]]
    links: Mapping[str, tuple[str, ...]]

    @property
    def slug(self) -> str:
        """The partnership that it belongs to."""
        return partnership_of(self.id)

    def text(self, key: str) -> str:
        """The first value of a column, or nothing."""
        found = self.values.get(key)
        return found[0].value if found else ""

    def texts(self, key: str) -> tuple[str, ...]:
        """All values of a column."""
        return tuple(value.value for value in self.values.get(key, ()))

    def word(self, key: str) -> str:
        """The last part of a code's IRI."""
        return local_of(self.text(key))

    def leads(self, key: str) -> tuple[str, ...]:
        """What a reference leads to."""
        return self.links.get(key, ())

    def targets(self) -> Iterator[str]:
        """What all references lead to."""
        for found in self.links.values():
            yield from found


Records = dict[str, Record]


# ---------------------------------------------------------------- what must not be told


@dataclass(frozen=True)
class Hidden:
    """What is to be hidden, judged over all records, whoever may see them."""

    records: Records

    def _of(self, *names: str) -> Iterator[Record]:
        return (one for one in self.records.values() if one.klass.name in names)

    @cached_property
    def historical(self) -> frozenset[str]:
        """Partnerships that describe the past: their entries are shown without contacts."""
        found = (one for one in self._of("Partnership") if one.text("historical") == "true")
        return frozenset(one.slug for one in found)

    @cached_property
    def broader(self) -> Mapping[str, tuple[str, ...]]:
        """By service type and need: the terms above it."""
        return {one.id: one.leads("broader") for one in self._of("ServiceType", "Need")}

    @cached_property
    def safe(self) -> frozenset[str]:
        """Services that are safe accommodation, or part of such."""
        told = {
            one.id: Told(
                is_safe(one.text("name"), one.text("description"), *one.texts("also_called")),
                frozenset(one.leads("type") + one.leads("needs")),
                frozenset(one.leads("part_of")),
            )
            for one in self._of("Service")
        }
        return safe_among(told, self.broader)

    @cached_property
    def within(self) -> Mapping[str, str]:
        """By area: the one that takes it in."""
        return {one.id: one.leads("within")[0] for one in self._of("Area") if one.leads("within")}

    @cached_property
    def upper(self) -> frozenset[str]:
        """Areas that are at least an upper-tier authority."""
        homes = [area for one in self._of("Partnership") for area in one.leads("area")]
        codes = {one.id: one.text("ons_code") for one in self._of("Area")}
        return upper_areas(codes, homes, self.within)

    @cached_property
    def small(self) -> "Mapping[str, Small]":
        """By partnership: what would tell of an area below the upper tier."""
        small: dict[str, set[str]] = defaultdict(set)
        upper: dict[str, set[str]] = defaultdict(set)
        for one in self._of("Area"):
            # A postcode district is smaller than an authority, whosever it is.
            small[one.slug].update(one.texts("postcode_districts"))
            names = upper if one.id in self.upper else small
            names[one.slug].update((one.text("name"), one.text("ons_code")))
        return {slug: Small.of(found, upper[slug]) for slug, found in small.items()}

    @cached_property
    def small_anywhere(self) -> "Small":
        """What would tell of an area below the upper tier in any partnership of the release."""
        upper = (self.records[area].text("name") for area in self.upper)
        found: set[str] = set()
        for one in self._of("Area"):
            found.update(one.texts("postcode_districts"))
            if one.id not in self.upper:
                found.update((one.text("name"), one.text("ons_code")))
        return Small.of(found, upper)

    def names_small(self, slug: str, text: str, loosely: bool = False) -> bool:
        """Whether a text of a partnership names an area of it that is below the upper tier."""
        small = self.small.get(slug)
        return small is not None and small.named_in(text, loosely)

    def is_all_small(self, one: Record) -> bool:
        """Whether a record has areas, and all of them are below the upper tier."""
        areas = one.leads("area")
        return bool(areas) and self.upper.isdisjoint(areas)


@dataclass(frozen=True, slots=True)
class Small:
    """How the names of smaller areas are found in a text, however it is spelt."""

    words: re.Pattern[str]
    run_together: tuple[str, ...]
    every: tuple[str, ...]

    @classmethod
    def of(cls, names: Iterable[str], but: Iterable[str]) -> "Small":
        """How some names are found, `but` those that a larger area has too."""
        found = sorted({plain(name) for name in names} - {plain(name) for name in but} - {""})
        every = tuple(name.replace(" ", "") for name in found)
        choice = "|".join(map(re.escape, found)) or "(?!)"
        return cls(
            re.compile(rf"(?<![a-z0-9])(?:{choice})(?![a-z0-9])"),
            # "Lye" stands in "belyed"; what is longer is no accident.
            tuple(name for name in every if len(name) > 5),
            every,
        )

    def named_in(self, text: str, loosely: bool) -> bool:
        """Whether a text holds one of the names; `loosely`, also within other words."""
        words = plain(text)
        if self.words.search(words):
            return True
        run = words.replace(" ", "")
        return any(name in run for name in (self.every if loosely else self.run_together))


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """A text in small letters without accents; a blank for whatever is no letter or digit."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(c for c in letters if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", " ", kept).strip()


def may_be_told(one: Record, hidden: Hidden, has_money: bool = False) -> bool:
    """Whether a record is public, looked at by itself; money that is in doubt only if `has_money`.

    What tells of money must then name nobody: see graph/for_publication.py.
    """
    if not one.klass.published or one.word("visibility") == "staff":
        return False
    rule = None if has_money and one.klass.name == "Award" else _RULES.get(one.klass.name)
    return rule is None or rule(one, hidden)


def _award(one: Record, _: Hidden) -> bool:
    """The open side names no provider as at risk, nor whose money is sought or has ended."""
    return one.word("status") == "secured"


def _post(one: Record, _: Hidden) -> bool:
    """A post that one person holds and is about to leave identifies that person."""
    return one.word("filled") != "leaving" or int(one.text("number_of_posts") or 1) > 1


def _contact(one: Record, hidden: Hidden) -> bool:
    return one.slug not in hidden.historical


def _venue(one: Record, hidden: Hidden) -> bool:
    if one.slug in hidden.historical:
        return False
    texts = (value.value for found in one.values.values() for value in found)
    is_hidden = not hidden.safe.isdisjoint(one.leads("services")) or is_safe(*texts)
    return not is_hidden or one.word("visibility") == "public"


def _completeness(one: Record, hidden: Hidden) -> bool:
    """That the refuges of a ward are all listed tells of refuges in a ward."""
    is_of_safe = any(SAFE_TYPE in wider(kind, hidden.broader) for kind in one.leads("type"))
    return not is_of_safe or hidden.upper.issuperset(one.leads("area"))


_RULES: Final[Mapping[str, Callable[[Record, Hidden], bool]]] = {
    "Award": _award,
    "Post": _post,
    "Contact": _contact,
    "Venue": _venue,
    "Completeness": _completeness,
}
"""By class: whether a record is public, beyond its visibility."""


def published(one: Record) -> Record:
    """A record with its published columns alone."""
    shown = {p.key for p in one.klass.properties if p.published}
    return replace(
        one,
        values={key: found for key, found in one.values.items() if key in shown},
        links={key: found for key, found in one.links.items() if key in shown},
    )


@dataclass(frozen=True)
class Near:
    """What is told with safe accommodation, of what may be told.

    A refuge that is not told itself brings nothing near: what is hidden must not change the rest.
    """

    kept: Records
    hidden: Hidden

    @cached_property
    def safe(self) -> frozenset[str]:
        """Services that are told and are safe accommodation."""
        return frozenset(self.hidden.safe & self.kept.keys())

    @cached_property
    def about(self) -> frozenset[str]:
        """Records that are told of safe accommodation itself: its money, ways in, contacts."""
        return frozenset(
            one.id
            for one in self.kept.values()
            if one.klass.name not in REACHED | ROOTS and not self.safe.isdisjoint(one.targets())
        )

    @cached_property
    def beside(self) -> frozenset[str]:
        """Agencies, funds, terms, sources and the like that safe accommodation is told with."""
        close = [self.kept[identifier] for identifier in self.safe | self.about]
        found = {
            target
            for one in close
            for target in one.targets()
            if self.kept[target].klass.name in REACHED - {"Area"}
        }
        places = {
            (source, place)
            for one in close
            for source in one.leads("source")
            for place in one.texts("place")
        }
        for one in self.kept.values():
            is_part = one.klass.name == "SourcePart" and any(
                (source, one.text("name")) in places for source in one.leads("source")
            )
            # The contacts of an agency that provides a refuge are the refuge's too.
            is_reached = one.klass.name == "Contact" and not found.isdisjoint(one.leads("of"))
            if is_part or is_reached:
                found.add(one.id)
        return frozenset(found) - self.about

    def is_close(self, one: Record) -> bool:
        """Whether a record is safe accommodation, or about it."""
        return one.id in self.safe or one.id in self.about

    def is_near(self, one: Record) -> bool:
        """Whether a record is told with safe accommodation."""
        return self.is_close(one) or one.id in self.beside

    def names_small(self, one: Record, text: str, loosely: bool = False) -> bool:
        """Whether a text of a record names an area below the upper tier.

        Of safe accommodation itself that may be an area of any partnership: it may be next door.
        """
        if self.hidden.names_small(one.slug, text, loosely):
            return True
        return self.is_close(one) and self.hidden.small_anywhere.named_in(text, loosely=False)
