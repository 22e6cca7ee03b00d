"""What a paper is written from: the answers and facts of one partnership on one day.

The open version reads what may be published and nothing else (graph/for_publication.py), and asks
who is helped as if no money were recorded.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from graph.for_publication import ForPublication
from graph.ids import id_of
from graph.stores.protocol import Store
from queries.ask import Answer, ask, fact, find_question, partnerships, things_lost
from queries.asked import Partnership, QuestionError, Row
from queries.findings.headlines import SEVERITIES, Finding, findings
from visualise.paper.model import Note, Version
from visualise.paper.moneyless import Moneyless
from visualise.paper.words import notes_of_records

_HELP = ("coverage.", "capacity.", "pathways.", "resilience.")
"""The themes that ask who is helped, and how people come to help."""


@dataclass(frozen=True, slots=True)
class Brief:
    """One partnership, one day, one version; answers are asked for once."""

    store: Store
    home: Partnership
    day: datetime.date
    version: Version
    without: tuple[str, ...]
    moneyless: Store
    """What is asked who is helped: in the open version it knows of no money."""
    titles: Mapping[str, str]
    names: Mapping[str, str]
    answers: dict[tuple[str, str], Answer] = field(default_factory=dict)
    facts: dict[str, list[Row]] = field(default_factory=dict)
    found: list[Finding] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether this is the version for publication."""
        return self.version == "open"

    def ask(self, name: str, months: int = 0) -> tuple[Row, ...]:
        """The rows of the answer to a question."""
        key = (name, str(months))
        if key not in self.answers:
            given = {"months": [str(months)]} if months else {}
            self.answers[key] = ask(
                self.moneyless if name.startswith(_HELP) else self.store,
                find_question(name),
                slugs=[self.home.slug],
                as_of=self.day,
                without=self.without,
                given=given,
            )
        return self.answers[key].rows

    def findings(self) -> tuple[Finding, ...]:
        """The findings of this paper."""
        if not self.found:
            self.found.extend(self._findings())
        return tuple(self.found)

    def _findings(self) -> Iterable[Finding]:
        asked = self.home.slug, self.day, self.without
        told = findings(self.store, *asked)
        if not self.is_open:
            return told
        # In the order of severities, as they are: the two have the same kinds.
        helped = [f for f in findings(self.moneyless, *asked) if f.question.startswith(_HELP)]
        others = [f for f in told if not f.question.startswith(_HELP)]
        return sorted([*helped, *others], key=lambda f: SEVERITIES.index(f.severity))

    def rows(self, name: str) -> list[Row]:
        """The rows of a fact, without what is imagined lost or not for this version."""
        if name not in self.facts:
            found = [r for r in fact(self.store, name, [self.home.slug]) if self._is_here(r)]
            self.facts[name] = [row for row in found if not self._is_gone(row)]
        return self.facts[name]

    def _is_here(self, row: Row) -> bool:
        """Whether a row is of this partnership; rows of shared terms name none."""
        return bool(row.get("partnership", self.home.slug) == self.home.slug)

    def _is_gone(self, row: Row) -> bool:
        """Whether the record of a row, or the thing that it is about, is imagined lost."""
        about = {row.get(key) for key in ("service", "agency", "origin", "target", "subject")}
        record = row["proof"]["record"] if "proof" in row else None
        return record in self.without or not about.isdisjoint(self.without)

    def notes(self, evidence: Iterable[Row]) -> tuple[Note, ...]:
        """The notes of some records; in the open version the document alone.

        The heading under which a document speaks of a service can tell of its money.
        """
        found = notes_of_records(evidence, self.titles)
        if not self.is_open:
            return found
        return tuple(dict.fromkeys(Note(note.document) for note in found))

    def note(self, row: Row) -> tuple[Note, ...]:
        """The notes of the record of a fact."""
        return self.notes([row["proof"]])


def brief(
    store: Store,
    slug: str,
    as_of: datetime.date | None,
    version: Version,
    without: Sequence[str] = (),
) -> Brief:
    """What a paper on a partnership is written from.

    Raises QuestionError where there is no such partnership or thing, and TypeError where an open
    version would be written from more than may be published.
    """
    if version == "open" and not isinstance(store, ForPublication):
        raise TypeError("the open version is written from what is for publication alone")
    home = next((p for p in partnerships(store) if p.slug == slug), None)
    if home is None:
        raise QuestionError(
            f'There is no partnership "{slug}".', told="There is no such partnership."
        )
    named = ("things", "routes")
    return Brief(
        store=store,
        home=home,
        day=as_of or home.newest,
        version=version,
        without=things_lost(store, _known_here(store, without)),
        moneyless=Moneyless(store) if version == "open" else store,
        titles={s["source"]: s["title"] for s in fact(store, "sources", [slug])},
        names={r["thing"]: r["name"] for n in named for r in fact(store, n)},
    )


def _known_here(store: Store, without: Iterable[str]) -> list[str]:
    """Things as the store knows them: what is for publication has ids of its own for some."""
    names = store.names if isinstance(store, ForPublication) else {}
    return [names.get(id_of(thing.strip()), thing) for thing in without]
