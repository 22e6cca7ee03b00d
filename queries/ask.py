"""Asking a question of a store: dials set, facts read, answers with the records behind each row.

Every partnership is asked about on its own date unless one date is given for all. Things imagined
lost must exist: a misspelt one would silently change nothing.
"""

import datetime
import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from graph.accounting import reading_order
from graph.collecting import no_circles
from graph.errors import StoreError
from graph.ids import id_of
from graph.stores.protocol import Store
from queries import boards, cliff, compare, covering, cut_sets, places, routes, scenario, spending
from queries.additions import Addition
from queries.asked import Answerer, Asked, Given, Partnership, QuestionError, Row
from queries.catalogue import GIVEN, Parameter, Question, catalogue, fact_files
from queries.organisations import one_of, with_equals
from queries.reading import Reading
from queries.tables import meaning, nearest

ANSWERS: Mapping[str, Answerer] = {
    **spending.ANSWERS,
    **cliff.ANSWERS,
    **covering.ANSWERS,
    **routes.ANSWERS,
    **cut_sets.ANSWERS,
    **scenario.ANSWERS,
    **places.ANSWERS,
    **boards.ANSWERS,
    **compare.ANSWERS,
}
"""The algorithms by the names that headers give them."""
_TRIES = 3
Told = dict[int, tuple[Mapping[str, Any], Row]]
"""Proofs that other rows of an answer have told already, each with what it is told as."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of an answer; each starts with `partnership` and `as_of`, evidence comes last."""

    question: Question
    partnerships: tuple[Partnership, ...]
    as_of: Mapping[str, datetime.date]
    without: tuple[str, ...]
    given: Given
    rows: tuple[Row, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of every row, in order."""
        return ("partnership", "as_of", *self.question.returns)


def find_question(name: str) -> Question:
    """The question of a name; QuestionError with the nearest name if there is none."""
    questions = catalogue()
    if name in questions:
        return questions[name]
    raise QuestionError(
        f'There is no question "{name}". {_nearest(name, questions)} All: fingerpost ask',
        told="There is no such question.",
    )


def partnerships(store: Store) -> tuple[Partnership, ...]:
    """Every partnership in a store, by slug."""
    return tuple(Reading(store).partnerships.values())


def ask(
    store: Store,
    question: Question,
    *,
    slugs: Sequence[str] = (),
    as_of: datetime.date | None = None,
    without: Sequence[str] = (),
    given: Mapping[str, Sequence[str]] = MappingProxyType({}),
    additions: Sequence[Addition] = (),
) -> Answer:
    """Answer a question for some partnerships (all, if none is named).

    `as_of` defaults to each partnership's newest source. `without` are short identifiers or IRIs of
    things imagined lost; they and their relations are left out. `given` are values of the
    question's own parameters, as text: a number, or identifiers (a shared term may be written by
    its last part, `men`). What is not given has the default of the question's header. `additions`
    are what a scenario adds (see queries/additions.py); only what-if questions take them.

    An answer takes several reads; where another release is loaded between them, it is asked again.

    Raises QuestionError where a partnership, thing or parameter does not exist, InputError where
    the additions do not fit the facts, StoreError where the store holds no release or never stands
    still.
    """
    if additions and question.answer not in scenario.ANSWERS:
        raise QuestionError(f"{question.name} takes no additions. Ask resilience.what_if.")
    for _ in range(_TRIES):
        reading = Reading(store)
        try:
            with no_circles():
                answer = _ask(store, reading, question, slugs, as_of, without, given, additions)
        except Exception:
            # Facts of two releases need not fit together: what went wrong then says nothing.
            if store.release() == reading.release:
                raise
            continue
        if store.release() == reading.release:
            return answer
    raise StoreError("The store is being loaded again and again. Ask once more in a while.")


def _ask(
    store: Store,
    reading: Reading,
    question: Question,
    slugs: Sequence[str],
    as_of: datetime.date | None,
    without: Sequence[str],
    given: Mapping[str, Sequence[str]],
    additions: Sequence[Addition],
) -> Answer:
    chosen = _choose(reading.partnerships, slugs)
    lost = things_lost(store, without)
    gone = _with_equals(store, chosen, lost)
    values = _values(store, question, given)
    days = {p.slug: as_of or p.newest for p in chosen}
    rows: list[Row] = []
    for day in [max(days.values())] if question.across and days else sorted(set(days.values())):
        together = tuple(p for p in chosen if question.across or days[p.slug] == day)
        rows += _answer(reading, question, together, day, gone, values, days, additions)
    rows.sort(key=lambda row: str(row["partnership"]))
    titles, told = reading.titles, Told()
    finished = tuple(_finish(row, question, days, titles, told) for row in rows)
    return Answer(question, chosen, days, tuple(lost), values, finished)


def _answer(
    reading: Reading,
    question: Question,
    together: tuple[Partnership, ...],
    day: datetime.date,
    lost: frozenset[str],
    given: Given,
    days: Mapping[str, datetime.date],
    additions: Sequence[Addition],
) -> list[Row]:
    slugs = [p.slug for p in together]
    dials = {
        "partnerships": slugs,
        "as_of": day,
        "without": sorted(lost),
        **given.numbers,
        **given.chosen,
    }
    rows = reading.rows(question, dials)
    if question.answer is None:
        return list(rows)
    facts = reading.facts(question.facts, slugs)
    asked = Asked(rows, facts, day, lost, together, given, days, additions, reading)
    return ANSWERS[question.answer](asked)


def _values(store: Store, question: Question, given: Mapping[str, Sequence[str]]) -> Given:
    """The question's own parameters, as given or by default."""
    known = [p.name for p in question.own]
    for name in given:
        if name not in known:
            told = f"It takes {', '.join(known)}." if known else "It takes none."
            raise QuestionError(
                f'{question.name} has no parameter "{name}". {told}',
                told=f"There is no such parameter here. {told}",
            )
    texts = {p.name: [v.strip() for v in given.get(p.name, ()) if v.strip()] for p in question.own}
    return Given(
        {p.name: _number(p, texts[p.name]) for p in question.own if p.type == "integer"},
        {p.name: _chosen(store, p, texts[p.name]) for p in question.own if p.type != "integer"},
    )


def _number(parameter: Parameter, texts: Sequence[str]) -> int:
    if not texts:
        return parameter.default
    text, most = texts[-1], GIVEN[parameter.name]
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most):
        raise QuestionError(
            f"{parameter.name} is {parameter.about}: write a whole number from 1 to {most}.",
            parameter=parameter.name,
        )
    return int(text)


def _chosen(store: Store, parameter: Parameter, texts: Sequence[str]) -> tuple[str, ...]:
    if not texts:
        return ()
    rows = fact(store, parameter.type)
    names = {r.get("term") or r["thing"]: str(r["name"]) for r in rows}
    return tuple(dict.fromkeys(_named(parameter, text, names) for text in texts))


def _named(parameter: Parameter, text: str, names: Mapping[str, str]) -> str:
    """The id that a text stands for: an id, an IRI, a name, or the last part of one id only."""
    meant = meaning(text, names)
    if len(meant) == 1:
        return meant[0]
    if meant:
        which = f"may be {' or '.join(meant)}: write which."
        raise QuestionError(
            f'"{text}" {which}', parameter=parameter.name, told=f"What is written {which}"
        )
    close = nearest(text, names)
    advice = "Write it by its name or as in an answer, such as shared/client-group/men."
    raise QuestionError(
        f'There is no "{text}" among the {parameter.type}. {close} {advice}',
        parameter=parameter.name,
        told=_joined(f"One of the {parameter.type} is not known.", close, advice),
    )


def fact(store: Store, name: str, slugs: Sequence[str] = ()) -> list[Row]:
    """The rows of a file in `facts/`, of some partnerships where it asks for them.

    What is imagined lost is never left out of facts: what falls with it is worked out afterwards.
    """
    file = fact_files()[name]
    return store.read(file.cypher, {p.name: list(slugs) for p in file.parameters})


def _choose(known: Mapping[str, Partnership], slugs: Sequence[str]) -> tuple[Partnership, ...]:
    for slug in slugs:
        if slug not in known:
            close, loaded = _nearest(slug, known), f"Loaded: {', '.join(known) or 'none'}."
            raise QuestionError(
                f'There is no partnership "{slug}". {close} {loaded}',
                parameter="partnership",
                told=_joined("There is no such partnership.", close, loaded),
            )
    if not slugs:
        return tuple(known.values())
    return tuple(known[slug] for slug in sorted(set(slugs)))


def things_lost(store: Store, without: Sequence[str]) -> tuple[str, ...]:
    """The short identifiers of things imagined lost, each once, in their order.

    Raises QuestionError where there is no such thing.
    """
    if not without:
        return ()
    known = {r["thing"] for name in ("things", "routes") for r in fact(store, name)}
    found = []
    for given in without:
        thing = id_of(given.strip())
        if thing not in known:
            close = _nearest(thing, known)
            advice = "Write it as in an answer, such as dudley/agency/chadd."
            raise QuestionError(
                f'There is no "{thing}" to leave out. {close} {advice}',
                parameter="without",
                told=_joined("There is no such thing to leave out.", close, advice),
            )
        found.append(thing)
    return tuple(sorted(set(found)))


def _with_equals(
    store: Store, chosen: Sequence[Partnership], lost: Sequence[str]
) -> frozenset[str]:
    """Things lost; where several partnerships are asked about, the same organisation in each."""
    if not lost or len(chosen) < 2:
        return frozenset(lost)
    slugs = {p.slug for p in chosen} | {thing.split("/", 1)[0] for thing in lost}
    return with_equals(lost, one_of(fact(store, "organisations", sorted(slugs)), "agency"))


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


def _nearest(value: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(value, list(known), 1, cutoff=0.5)
    return f'Did you mean "{close[0]}"?' if close else ""


def _finish(
    row: Mapping[str, Any],
    question: Question,
    days: Mapping[str, datetime.date],
    titles: Mapping[str, str],
    told: Told,
) -> Row:
    slug = row["partnership"]
    finished = {"partnership": slug, "as_of": days[slug]}
    for column in question.returns:
        value = row[column]
        if column == "evidence":
            finished[column] = evidence_rows(value, titles, told)
        # A store gives collected values in no order.
        elif isinstance(value, list) and all(isinstance(item, str) for item in value):
            finished[column] = sorted(value)
        else:
            finished[column] = value
    return finished


def source_titles(store: Store) -> dict[str, str]:
    """The title of each source."""
    return dict(Reading(store).titles)


def evidence_rows(
    proofs: Mapping[str, Any] | Iterable[Mapping[str, Any]],
    titles: Mapping[str, str],
    told: Told | None = None,
) -> list[Row]:
    """Each record once: its id, source with title, places in reading order, and basis."""
    told = {} if told is None else told
    # To ask whether it is a dictionary takes a tenth of asking whether it is any mapping.
    if isinstance(proofs, (dict, Mapping)):
        return [] if proofs["record"] is None else [_told(proofs, titles, told)]
    found: dict[str, Row] = {}
    for proof in proofs:
        record = proof["record"]
        if record is not None and record not in found:
            found[record] = _told(proof, titles, told)
    return [found[record] for record in sorted(found)]


def _told(proof: Mapping[str, Any], titles: Mapping[str, str], told: Told) -> Row:
    if id(proof) not in told:
        told[id(proof)] = proof, _evidence(proof, titles)
    return told[id(proof)][1]


def _evidence(proof: Mapping[str, Any], titles: Mapping[str, str]) -> Row:
    places = list(proof["place"] or ())
    return {
        "record": proof["record"],
        "source": proof["source"],
        "title": titles.get(proof["source"]),
        "locator": sorted(places, key=reading_order) if len(places) > 1 else places,
        "basis": proof["basis"],
    }
