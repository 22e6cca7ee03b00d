"""What an algorithm of the catalogue gets, and the form it has.

A question whose header names an `answer` is answered by the function of that name in the `ANSWERS`
of one of the modules in this folder. It gets the rows of the question's own query, the facts that
the header asks for, and the dials; it reads no store and no clock.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from graph.errors import FingerpostError
from queries.additions import Addition
from queries.nation import Nation, Types, nation, types_met
from queries.recorded import Facts, read_facts

Row = dict[str, Any]


class QuestionError(FingerpostError):
    """What is asked about does not exist, or there is too much of it to be told.

    `parameter` is the parameter that is wrong, if it is one. `told` is the message without what was
    asked: over a network nothing is repeated, for it may hold a postcode, a need, or a script.
    """

    def __init__(self, message: str, *, parameter: str = "", told: str = "") -> None:
        super().__init__(message)
        self.parameter = parameter
        self.told = told or message


def refuse_too_many(what: str, advice: str) -> None:
    """Raises QuestionError: what was asked for would take too long and be too long to read."""
    raise QuestionError(f"There are more than {MOST_FOUND:,} {what}. {advice}")


MOST_FOUND = 5_000
"""The most circles or ways that are looked for in one answer."""


@dataclass(frozen=True, slots=True)
class Given:
    """A question's own parameters as they are set: whole numbers, and ids (empty: none chosen)."""

    numbers: Mapping[str, int]
    chosen: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Partnership:
    """One partnership in a store: its slug, name, area, and the date of its newest source."""

    slug: str
    name: str
    area: str
    area_name: str
    newest: datetime.date
    historical: bool
    fictional: bool


class Known(Protocol):
    """What follows from the facts whatever is asked, where it is worked out already."""

    def recorded(self, chosen: Sequence[Partnership]) -> Facts:
        """The facts that say who helps whom among some partnerships, with nothing lost."""

    @property
    def nation(self) -> Nation:
        """What is named and met anywhere."""

    @property
    def types_met(self) -> Types:
        """Of which types the services are that meet each need anywhere."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an algorithm gets: the query's rows, the facts, the dials and the question's parameters.

    All partnerships are asked about on the same `day`, except where a question goes across
    partnerships (`across = true` in its header): then each has its day in `days`. `additions` are
    what a scenario adds to the facts; only what-if questions get any. `known` follows from facts.
    """

    rows: Sequence[Row]
    facts: Mapping[str, Sequence[Row]]
    day: datetime.date
    lost: frozenset[str]
    partnerships: tuple[Partnership, ...]
    given: Given
    days: Mapping[str, datetime.date]
    additions: Sequence[Addition] = ()
    known: Known | None = None

    @property
    def homes(self) -> dict[str, str]:
        """The area of each partnership."""
        return {p.slug: p.area for p in self.partnerships}

    @property
    def recorded(self) -> Facts:
        """The facts that say who helps whom, with what is imagined lost."""
        if self.known is not None:
            return replace(self.known.recorded(self.partnerships), lost=self.lost)
        return read_facts(self.facts, self.homes, self.lost)

    @property
    def nation(self) -> Nation:
        """What is named and met anywhere."""
        if self.known is not None:
            return self.known.nation
        return nation(lambda name, **_: self.facts[name])

    @property
    def types_met(self) -> Types:
        """Of which types the services are that meet each need anywhere."""
        if self.known is not None:
            return self.known.types_met
        return types_met(self.facts["met_types"])


Answerer = Callable[[Asked], list[Row]]
