"""What the directory is asked and what it answers: plain values, with no store and no clock.

Texts are plain sentences without markup. Names of fields are those that pages show.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Freshness = Literal["fresh", "old", "withheld", "historical"]
"""How far an entry can be relied on by its last check; what nobody checked is no entry at all."""


@dataclass(frozen=True, slots=True)
class Named:
    """A term, an area or a language as something to choose."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for. Empty parts are not asked about; all others hold at once.

    `asking` is "self", "other" or "behaviour": who wants to change how they behave, and nobody
    else, is shown programmes for those who abuse. `language` is a BCP 47 tag.
    """

    partnerships: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    postcode_district: str = ""
    needs: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    language: str = ""
    risk: str = ""
    asking: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A partnership that has a directory; `nation` is England, Wales … or empty if not known."""

    slug: str
    name: str
    nation: str
    historical: bool
    fictional: bool
    newest: datetime.date | None
    areas: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen: only what entries have, and nothing that is about those who abuse."""

    needs: tuple[Named, ...]
    groups: tuple[Named, ...]
    areas: tuple[Named, ...]
    languages: tuple[Named, ...]
    risks: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group that a service is for, how closely it is made for it, and on which condition."""

    name: str
    strength: str
    condition: str


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """One public way to reach a service."""

    kind: str
    value: str
    hours: tuple[str, ...]
    languages: tuple[str, ...]
    for_whom: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VenueLine:
    """A public place of a service; `lines` are its address."""

    name: str
    kind: str
    lines: tuple[str, ...]
    accessibility: tuple[str, ...]
    getting_there: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A service as the directory shows it. Without contacts and venues where it must have none."""

    id: str
    slug: str
    name: str
    provider: str
    what: str
    needs: tuple[str, ...]
    groups: tuple[GroupLine, ...]
    areas: tuple[str, ...]
    contacts: tuple[ContactPoint, ...]
    venues: tuple[VenueLine, ...]
    hours: tuple[str, ...]
    languages: tuple[str, ...]
    ages: str
    fees: str
    access: str
    wait: str
    availability: str
    next_step: str
    checked: datetime.date | None
    freshness: Freshness
    text_language: str
    historical: bool
    fictional: bool
    partner_support: str


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that was found, with the reasons for which it fits in part only."""

    entry: Entry
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many services a choice would leave, given the other choices."""

    id: str
    name: str
    number: int


@dataclass(frozen=True, slots=True)
class HelplineEntry:
    """A helpline, with the day on which it was last checked, None where no day is recorded."""

    name: str
    about: str
    phone: str
    text: str
    web: str
    hours: tuple[str, ...]
    languages: tuple[str, ...]
    for_whom: tuple[str, ...]
    nations: tuple[str, ...]
    fees: str
    checked: datetime.date | None


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a search: what fits, what fits in part, and what is open to anybody.

    `counts` are by "needs", "groups", "areas", "languages" and "risks".
    """

    whole: tuple[Match, ...] = ()
    partly: tuple[Match, ...] = ()
    anybody: tuple[Match, ...] = ()
    counts: Mapping[str, tuple[Count, ...]] = field(default_factory=dict)
    helplines: tuple[HelplineEntry, ...] = ()
    unknown_district: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """One way in: who refers, or that people come by themselves; empty `status` if it works.

    `origin` is the id of the service that refers, where the directory shows it; else it is empty.
    """

    who: str
    by_oneself: bool
    condition: str
    risk: str
    mode: str
    status: str
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Pathway:
    """How somebody gets to a service; not `recorded` where no source says anything of it."""

    self_referral: Literal["yes", "no", "not recorded"]
    ways: tuple[Way, ...]
    next_step: str
    recorded: bool
