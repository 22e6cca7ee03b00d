"""Asking a question of a store: dials set, facts read, answers with the records behind each row.

Every partnership is asked about on its own date unless one date is given for all. Things imagined
lost must exist: a misspelt one would silently change nothing.
"""

import datetime
import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.accounting import reading_order
from graph.errors import FingerpostError, StoreError
from graph.ids import id_of
from graph.stores.protocol import Store
from queries.catalogue import Question, catalogue, fact_files
from queries.cells import limited, uncovered
from queries.cut_sets import single_points_of_failure
from queries.money import ending, unfunded
from queries.recorded import read_facts
from queries.scenario import what_if

Row = dict[str, Any]
_TRIES = 3


class QuestionError(FingerpostError):
    """A question, partnership, date or thing that is asked about does not exist."""


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


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of an answer; each starts with `partnership` and `as_of`, evidence comes last."""

    question: Question
    partnerships: tuple[Partnership, ...]
    as_of: Mapping[str, datetime.date]
    without: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of every row, in order."""
        return ("partnership", "as_of", *self.question.returns)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an algorithm gets: the query's rows, the facts, and the dials."""

    rows: list[Row]
    facts: Mapping[str, list[Row]]
    day: datetime.date
    lost: frozenset[str]
    partnerships: tuple[Partnership, ...]

    @property
    def homes(self) -> dict[str, str]:
        return {p.slug: p.area for p in self.partnerships}


def _unfunded(asked: _Asked) -> list[Row]:
    newest = {p.slug: p.newest for p in asked.partnerships}
    return unfunded(asked.rows, asked.facts["awards"], asked.day, asked.lost, newest)


def _ending(asked: _Asked) -> list[Row]:
    return ending(asked.rows, asked.facts["awards"], asked.day, asked.lost)


def _uncovered(asked: _Asked) -> list[Row]:
    facts = read_facts(asked.facts, asked.homes, asked.lost)
    mentions, reached = asked.facts["mentions"], asked.facts["reached"]
    return uncovered(asked.rows, facts, mentions, reached, asked.day)


def _limited(asked: _Asked) -> list[Row]:
    facts = read_facts(asked.facts, asked.homes, asked.lost)
    return limited(asked.rows, facts, asked.day)


def _single_points(asked: _Asked) -> list[Row]:
    facts = read_facts(asked.facts, asked.homes, asked.lost)
    return single_points_of_failure(asked.rows, facts, asked.day)


def _what_if(asked: _Asked) -> list[Row]:
    facts = read_facts(asked.facts, asked.homes, asked.lost)
    return what_if(asked.rows, facts, asked.facts["things"], asked.day)


_ANSWERS: Mapping[str, Callable[[_Asked], list[Row]]] = {
    "unfunded": _unfunded,
    "ending": _ending,
    "uncovered": _uncovered,
    "limited": _limited,
    "single_points_of_failure": _single_points,
    "what_if": _what_if,
}


def find_question(name: str) -> Question:
    """The question of a name; QuestionError with the nearest name if there is none."""
    questions = catalogue()
    if name in questions:
        return questions[name]
    raise QuestionError(
        f'There is no question "{name}". {_nearest(name, questions)} All: fingerpost ask'
    )


def partnerships(store: Store) -> tuple[Partnership, ...]:
    """Every partnership in a store, by slug."""
    newest: dict[str, datetime.date] = {}
    for source in fact(store, "sources"):
        # What a document only cites does not make the partnership's knowledge newer.
        if source["records"] and source["dated"] is not None:
            slug = source["partnership"]
            newest[slug] = max(source["dated"], newest.get(slug, source["dated"]))
    return tuple(
        Partnership(
            slug=row["partnership"],
            name=row["name"],
            area=row["area"],
            area_name=row["area_name"],
            newest=newest.get(row["partnership"], datetime.date.max),
            historical=bool(row["historical"]),
            fictional=bool(row["fictional"]),
        )
        for row in fact(store, "partnerships")
    )


def ask(
    store: Store,
    question: Question,
    *,
    slugs: Sequence[str] = (),
    as_of: datetime.date | None = None,
    without: Sequence[str] = (),
) -> Answer:
    """Answer a question for some partnerships (all, if none is named).

    `as_of` defaults to each partnership's newest source. `without` are short identifiers or IRIs of
    things imagined lost; they and their relations are left out.

    An answer takes several reads; where another release is loaded between them, it is asked again.

    Raises QuestionError where a partnership or thing does not exist, StoreError where the store
    holds no release or never stands still.
    """
    for _ in range(_TRIES):
        release = store.release()
        answer = _ask(store, question, slugs, as_of, without)
        if store.release() == release:
            return answer
    raise StoreError("The store is being loaded again and again. Ask once more in a while.")


def _ask(
    store: Store,
    question: Question,
    slugs: Sequence[str],
    as_of: datetime.date | None,
    without: Sequence[str],
) -> Answer:
    chosen = _choose(partnerships(store), slugs)
    lost = _things(store, without) if without else ()
    days = {p.slug: as_of or p.newest for p in chosen}
    rows: list[Row] = []
    for day in sorted(set(days.values())):
        together = tuple(p for p in chosen if days[p.slug] == day)
        rows += _answer(store, question, together, day, frozenset(lost))
    rows.sort(key=lambda row: str(row["partnership"]))
    titles = {s["source"]: s["title"] for s in fact(store, "sources")}
    finished = tuple(_finish(row, question, days, titles) for row in rows)
    return Answer(question, chosen, days, tuple(lost), finished)


def _answer(
    store: Store,
    question: Question,
    together: tuple[Partnership, ...],
    day: datetime.date,
    lost: frozenset[str],
) -> list[Row]:
    slugs = [p.slug for p in together]
    dials = {
        "partnerships": slugs,
        "as_of": day,
        "without": sorted(lost),
    }
    rows = store.read(question.cypher, _used(question, dials))
    if question.answer is None:
        if "UNION" in question.cypher:  # The order of a union is that of its last part alone.
            rows.sort(key=lambda row: str(row[question.returns[0]]))
        return rows
    facts = {name: fact(store, name, slugs) for name in question.facts}
    return _ANSWERS[question.answer](_Asked(rows, facts, day, lost, together))


def _used(question: Question, dials: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in dials.items() if f"${name}" in question.cypher}


def fact(store: Store, name: str, slugs: Sequence[str] = ()) -> list[Row]:
    """The rows of a file in `facts/`, of some partnerships where it asks for them.

    What is imagined lost is never left out of facts: what falls with it is worked out afterwards.
    """
    file = fact_files()[name]
    return store.read(file.cypher, {p.name: list(slugs) for p in file.parameters})


def _choose(known: tuple[Partnership, ...], slugs: Sequence[str]) -> tuple[Partnership, ...]:
    by_slug = {p.slug: p for p in known}
    for slug in slugs:
        if slug not in by_slug:
            raise QuestionError(
                f'There is no partnership "{slug}". {_nearest(slug, by_slug)} '
                f"Loaded: {', '.join(by_slug) or 'none'}."
            )
    return tuple(p for p in known if not slugs or p.slug in slugs)


def _things(store: Store, without: Iterable[str]) -> tuple[str, ...]:
    known = {r["thing"] for name in ("things", "routes") for r in fact(store, name)}
    found = []
    for given in without:
        thing = id_of(given.strip())
        if thing not in known:
            raise QuestionError(
                f'There is no "{thing}" to leave out. {_nearest(thing, known)} '
                "Write it as in an answer, such as dudley/agency/chadd."
            )
        found.append(thing)
    return tuple(sorted(set(found)))


def _nearest(value: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(value, list(known), 1, cutoff=0.5)
    return f'Did you mean "{close[0]}"?' if close else ""


def _finish(
    row: Mapping[str, Any],
    question: Question,
    days: Mapping[str, datetime.date],
    titles: Mapping[str, str],
) -> Row:
    slug = row["partnership"]
    finished = {"partnership": slug, "as_of": days[slug]}
    for column in question.returns:
        value = row[column]
        # A store gives collected values in no order.
        is_text = isinstance(value, list) and all(isinstance(item, str) for item in value)
        finished[column] = sorted(value) if is_text else value
    if "evidence" in finished:
        finished["evidence"] = _evidence(finished["evidence"], titles)
    return finished


def _evidence(
    proofs: Mapping[str, Any] | Iterable[Mapping[str, Any]], titles: Mapping[str, str]
) -> list[Row]:
    """Each record once: its id, source with title, places in reading order, and basis."""
    found: dict[str, Row] = {}
    for proof in [proofs] if isinstance(proofs, Mapping) else proofs:
        if proof["record"] is not None and proof["record"] not in found:
            found[proof["record"]] = {
                "record": proof["record"],
                "source": proof["source"],
                "title": titles.get(proof["source"]),
                "locator": sorted(proof["place"] or (), key=reading_order),
                "basis": proof["basis"],
            }
    return [found[record] for record in sorted(found)]
