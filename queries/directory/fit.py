"""How a service fits a wish: wholly, in part and why, as one that is open to all, or not at all.

Whom a service takes for a need is said in queries/fits.py, what limits help in queries/recorded.py,
what its money says in queries/money.py. Here their words become sentences, and what a person asks
for beside groups and needs is looked at: where they are, who asks, the language, the danger.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from graph.derived import whereabouts
from graph.exports.openreferral import language_name
from queries.directory.entries import ages_of, sentence
from queries.directory.facts import Book, level_name, text
from queries.directory.types import Wish
from queries.fits import Fit, Fits
from queries.recorded import STRENGTHS, UNSPECIFIED, Facts, recorded
from queries.rows import Row
from queries.ways import anyone, bare, counting

Section = Literal["whole", "partly", "anybody"]
_WEAKEST: Final = len(STRENGTHS) + 1
_ANYBODY: Final = "open to all"
_MEN: Final = "shared/client-group/men"
_CHILDREN: Final = "shared/client-group/children"
_FAMILIES: Final = "shared/client-group/families"
_SEX: Final = "sex"
_ADULT: Final = 18
_BARELY: Final = "can be served; a source says no more"
REASONS: Final = {
    "full": "It is full.",
    "waiting list": "It has a waiting list.",
    "closed to referrals": "It takes nobody new at the moment.",
    "temporary": "It is there for a time only.",
    "partly out of use": "A part of it is out of use.",
    "asked for more than it can do": "More people ask for it than it can help.",
    _BARELY: "It can take some people, and no more is recorded: ask.",
    "whether it runs is not stated": "Whether it runs is not recorded: ask.",
}
"""What queries/recorded.py gives as reasons, as sentences for somebody who looks for help."""
_BEGINNINGS: Final = {
    "condition: ": "There is a condition: {}",
    "only in ": "It is for people in {} only",
    "under-serves ": "Under-served by it, on record: {}",
}
_WAITING: Final = frozenset(
    ("full", "waiting list", "closed to referrals", "asked for more than it can do")
)
"""Reasons that the recorded wait says more about."""


@dataclass(frozen=True, slots=True)
class Fitting:
    """How a service fits a wish, with the reasons against, and how closely it is made for it."""

    section: Section
    reasons: tuple[str, ...]
    rank: int


class Here:
    """The services of a partnership on a day, seen from one area."""

    def __init__(self, book: Book, slug: str, area: str, day: datetime.date) -> None:
        """Work out what runs, for whom, and what is in its way."""
        self.book = book
        facts = _seen_from(book.facts[slug], slug, area)
        plain = bare(facts)
        self.facts = facts
        self.fits = Fits(plain, day)
        self._general: dict[str, tuple[str, ...]] = {}
        self._needs: dict[str, set[str]] = {}
        for one in recorded(anyone(plain), day)[0]:
            if one.cell[2] == area:
                self._general[one.service] = one.reasons
                self._needs.setdefault(one.service, set()).add(one.cell[1])
        self.running = frozenset(self._general)
        self._unpaid = self.running - counting(replace(facts, referrals={}), day)
        self._barred = self.running - counting(replace(facts, awards={}), day)

    # ------------------------------------------------------------ a wish

    def fitting(self, service: str, wish: Wish) -> Fitting | None:
        """How a service fits a wish; None where it is no help for it."""
        found = self._for_groups(service, wish)
        if found is None:
            return None
        reasons = [self._sentence(service, r) for r in found.limits]
        wait = text(self.facts.services[service]["wait"])
        if wait and not _WAITING.isdisjoint(found.limits):
            reasons.append(sentence(f"The wait: {wait}"))
        reasons += [*found.more, *self._standing(service), *self._for_who_asks(service, wish)]
        told = tuple(dict.fromkeys(reasons))
        section: Section = "anybody" if found.is_weak else "partly" if told else "whole"
        return Fitting(section, told, found.rank)

    def helps(self, service: str, wish: Wish) -> bool:
        """Whether a service is any help for a wish, however little."""
        return self._for_groups(service, wish) is not None

    def speaks(self, service: str, language: str) -> bool:
        """Whether a language is recorded for a service."""
        return language in self.book.languages_of(service)

    def suits_risk(self, service: str, level: str) -> bool:
        """Whether the ways in to a service are open to people at a level of danger."""
        levels = self.book.risks_of(service)
        return not levels or level in levels

    def _met(self, service: str) -> set[str]:
        return self._needs[service] | set(self.fits.needs_met(service))

    def _for_groups(self, service: str, wish: Wish) -> "_Told | None":
        """How a service stands to the needs and groups of a wish."""
        is_programme = service in self.book.programmes
        met = self._met(service)
        needs = [n for n in wish.needs if n in met]
        missing = [
            f"Help with this is not recorded: {self.facts.name_of_need(n)}. Ask."
            for n in wish.needs
            if n not in met and n in self.facts.needs
        ]
        if wish.needs and not needs and not is_programme:
            return None
        groups = [g for g in wish.groups if g in self.facts.groups]
        if len(groups) < len(wish.groups):
            return None  # A group of another partnership.
        if not groups:
            return _Told(list(self._general[service]), missing, self._best_rank(service), False)
        if any(self._is_for_other_sex(service, g) for g in groups):
            return None
        own = self.fits.own_needs(service) or [UNSPECIFIED]
        told = [self._for_all(service, groups, [n], is_programme) for n in needs or own]
        open_to = [t for t in told if t is not None]
        if not open_to:
            return None
        if not needs:
            best = min(open_to, key=lambda t: (t.is_weak, len(t.more), len(t.limits), t.rank))
            return replace(best, more=[*best.more, *missing])
        missing += [
            f"It does not help with this here: {self.facts.name_of_need(n)}."
            for n, t in zip(needs, told, strict=True)
            if t is None
        ]
        return _Told(
            [limit for t in open_to for limit in t.limits],
            [*(more for t in open_to for more in t.more), *missing],
            max(t.rank for t in open_to),
            any(t.is_weak for t in open_to),
        )

    def _for_all(
        self, service: str, groups: Sequence[str], needs: Sequence[str], keeps: bool
    ) -> "_Told | None":
        """How a service stands to all groups at once for one need; None where it is a no."""
        found: list[tuple[str, Fit]] = [
            (g, self.fits.fit(service, g, n)) for g in groups for n in needs
        ]
        if any(fit.refusals for _, fit in found):
            return None
        taken = [(g, fit) for g, fit in found if fit.takes]
        is_silent = not self.fits.named(service)
        if not taken and not is_silent and not keeps:
            return None
        more = [self._unsaid(g) for g, fit in found if not fit.takes]
        limits = [self._of_group(lim, g) for g, fit in found for lim in self.fits.limits(fit)]
        if not taken:
            limits += self._general[service]
        more += self._contested(service, [g for g, _ in taken])
        is_weak = any(
            fit.strongest.strength == _ANYBODY and fit.strongest.cell[0] != g for g, fit in taken
        )
        rank = max((fit.strongest.rank for _, fit in taken), default=_WEAKEST)
        return _Told(limits, more, rank, is_weak)

    def _best_rank(self, service: str) -> int:
        reaches = self.book.reaches(service)
        return min((STRENGTHS.get(r["strength"], _WEAKEST) for r in reaches), default=_WEAKEST)

    def _of_group(self, limit: str, group: str) -> str:
        """A limit that names the group it is about, where it says nothing without."""
        if limit != _BARELY:
            return limit
        return f"It can take {self._within(group)}, and no more is recorded: ask."

    def _unsaid(self, group: str) -> str:
        return f"Whether it takes {self._within(group)} is not recorded: ask."

    def _within(self, group: str) -> str:
        """The name of a group inside a sentence."""
        name = self.facts.name_of_group(group)
        is_word = name[:2] != name[:2].upper()
        return name[:1].lower() + name[1:] if is_word else name

    def _is_for_other_sex(self, service: str, group: str) -> bool:
        """Whether a service is for women only and the group is men, or the other way round.

        That is a no and nothing to ask about: a service is made for one sex on purpose.
        """
        if not self._is_sexed(group):
            return False
        named = self.fits.named(service)
        if named & self.fits.terms(group) or any(group in self.fits.groups[n] for n in named):
            return False
        sexed = {_MEN in self.fits.groups[n] for n in named if self._is_sexed(n)}
        return sexed == {_MEN not in self.fits.groups[group]}

    def _is_sexed(self, group: str) -> bool:
        """Whether a group is of one sex. Families with sons are not."""
        wider = self.fits.groups[group]
        characteristics = {c for w in wider for c in self.facts.groups[w]["characteristics"]}
        return _SEX in characteristics and _FAMILIES not in wider

    # ------------------------------------------------------------ whatever is wished

    def _standing(self, service: str) -> list[str]:
        """What is in the way for everybody."""
        row, told = self.facts.services[service], []
        if service in self._unpaid:
            told.append("Its money has ended; no renewal is recorded.")
        if service in self._barred:
            told.append("No way to it works, on record.")
        if row["proof"]["basis"] == "contested":
            told.append(_dispute(row))
        return told

    def _contested(self, service: str, groups: Iterable[str]) -> list[str]:
        terms = {t for g in groups for t in self.fits.terms(g)}
        return [
            _both_sides("Sources disagree whom it takes.", r["ground"])
            for r in self.book.reaches(service)
            if r["term"] in terms and r["proof"]["basis"] == "contested"
        ]

    def _for_who_asks(self, service: str, wish: Wish) -> list[str]:
        row, told = self.facts.services[service], []
        if wish.asking == "self" and row["access"] == "referral only":
            told.append("You cannot ask for it yourself: somebody has to refer you.")
        if wish.asking == "other" and row["access"] == "self-referral":
            told.append("People have to ask for it themselves.")
        if wish.language and not self.speaks(service, wish.language):
            told.append(self._other_language(service, wish.language))
        if wish.risk and not self.suits_risk(service, wish.risk):
            levels = " or ".join(level_name(one) for one in self.book.risks_of(service))
            told.append(f"The ways to it are for people whose danger is {levels}.")
        return [*told, *self._age_limits(row, wish.groups)]

    def _other_language(self, service: str, language: str) -> str:
        spoken = self.book.languages_of(service)
        name = language_name(language)
        if not spoken:
            return f"Whether {name} is spoken is not recorded: ask."
        names = ", ".join(language_name(code) for code in spoken)
        return f"{name} is not recorded, only {names}. Ask for an interpreter."

    def _age_limits(self, row: Row, groups: Iterable[str]) -> list[str]:
        """The ages of a service, where they stand against a child, or against anybody else."""
        known = [g for g in groups if g in self.fits.groups]
        children = [g for g in known if _CHILDREN in self.fits.groups[g]]
        low, high = row.get("minimum_age"), row.get("maximum_age")
        # Where children come along with a parent, the youngest age is the parent's.
        is_along = high is None and not self.fits.named(row["service"]).isdisjoint(children)
        is_young = high is not None and high <= _ADULT
        if (children and low and not is_along) or (known and not children and is_young):
            return [f"It is for people aged {ages_of(row)}."]
        return []

    def _sentence(self, service: str, reason: str) -> str:
        row = self.facts.services[service]
        if reason == "outside the area":
            areas = ", ".join(sorted(self.facts.area_names[a] for a in row["areas"]))
            return f"It is outside the area: it is for {areas}. Ask whether it takes you."
        if reason == "sources disagree whether it runs":
            return _dispute(row)
        for beginning, told in _BEGINNINGS.items():
            if reason.startswith(beginning):
                return sentence(told.format(reason.removeprefix(beginning)))
        return REASONS.get(reason) or sentence(reason)


@dataclass(frozen=True, slots=True)
class _Told:
    """What was found of a service for groups: limits as recorded, more as sentences."""

    limits: list[str]
    more: list[str]
    rank: int
    is_weak: bool


def _dispute(service: Row) -> str:
    about = "whether it runs" if service["standing"] == "planned" else "about it"
    return _both_sides(f"Sources disagree {about}.", service.get("ground"))


def _both_sides(told: str, ground: object) -> str:
    return f"{told} {ground}" if ground else told


def _seen_from(facts: Facts, slug: str, area: str) -> Facts:
    """The facts of a partnership as somebody in one of its areas sees them."""
    if area == facts.homes[slug]:
        return facts
    services = {
        service: {**row, "whereabouts": whereabouts(area, row["areas"], facts.within)}
        for service, row in facts.services.items()
    }
    reaches = [_reach_from(facts, area, reach) for reach in facts.reaches]
    return replace(facts, services=services, reaches=reaches, homes={slug: area})


def _reach_from(facts: Facts, area: str, reach: Row) -> Row:
    """A record of a reach that is for other areas only says so in its condition."""
    only = reach["only_areas"]
    if not only or whereabouts(area, only, facts.within) != "outside":
        return reach
    names = ", ".join(sorted(facts.area_names[a] for a in only))
    condition = "; ".join(filter(None, (reach["condition"], f"for people in {names} only")))
    return {**reach, "only_areas": (), "condition": condition}
