"""What is kept of a release while a store holds it: never stale, never too much, never changed."""

import copy
import datetime
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from graph.build import dataset_of
from graph.columns import frames_of
from graph.frames import Frames
from graph.release import Release, write_release
from graph.stores.embedded import EmbeddedStore
from graph.stores.held import Held
from graph.stores.protocol import Parameters, Rows
from graph.synth import partnerships
from ontology.schema import Schema
from queries.ask import ANSWERS, ask, find_question
from queries.asked import Asked, Given, QuestionError
from queries.catalogue import catalogue
from queries.reading import Reading
from queries.sides import perpetrator_groups


class Unkept:
    """A store of which nothing is kept: each asking reads it anew."""

    def __init__(self, store: EmbeddedStore) -> None:
        self._store = store

    def replace(self, frames: Frames, schema: Schema) -> bool:
        raise NotImplementedError

    def release(self) -> str | None:
        return self._store.release()

    def read(self, cypher: str, parameters: Parameters) -> Rows:
        return self._store.read(cypher, parameters)

    def close(self) -> None:
        """It belongs to somebody else."""


@pytest.fixture
def kept(release: Release, schema: Schema, tmp_path: Path) -> Iterator[EmbeddedStore]:
    with closing(EmbeddedStore(tmp_path)) as store:
        store.replace(frames_of(release, schema), schema)
        yield store


def answered(store: Any, name: str, **dials: Any) -> Any:
    with suppress(QuestionError):
        return ask(store, find_question(name), **dials)
    return None


def test_answers_are_the_same_from_what_is_kept_and_anew_and_nobody_changes_it(
    kept: EmbeddedStore,
) -> None:
    for name in catalogue():
        answered(kept, name, slugs=["dudley"])
    held = kept.held()._found
    before = copy.deepcopy({key: value for key, (value, _) in held.items()})
    assert before
    for name in catalogue():
        anew = answered(Unkept(kept), name, slugs=["dudley"])
        assert answered(kept, name, slugs=["dudley"]) == anew, name
    for lost in (["dudley/agency/chadd"], []):
        anew = answered(Unkept(kept), "resilience.what_if", slugs=["dudley"], without=lost)
        assert answered(kept, "resilience.what_if", slugs=["dudley"], without=lost) == anew
    assert {key: held[key][0] for key in before} == before


@pytest.mark.parametrize("name", ["funding.unfunded", "governance.overdue", "coverage.uncovered"])
def test_what_is_kept_for_some_dials_is_not_given_for_others(
    kept: EmbeddedStore, name: str
) -> None:
    day = datetime.date(2013, 4, 1)
    for slugs in (["dudley"], ["luton"], ["dudley", "luton"], []):
        for as_of in (None, day):
            for lost in ([], ["dudley/agency/chadd"]):
                dials = {"slugs": slugs, "as_of": as_of, "without": lost}
                assert answered(kept, name, **dials) == answered(Unkept(kept), name, **dials)


@pytest.mark.parametrize("name", ["coverage.limited", "coverage.uncovered"])
def test_what_is_imagined_lost_falls_in_what_is_kept_too(kept: EmbeddedStore, name: str) -> None:
    question, lost = find_question(name), ["dudley/agency/chadd"]
    reading = Reading(Unkept(kept))
    dudley = reading.partnerships["dudley"]
    dials = {"partnerships": ["dudley"], "as_of": dudley.newest, "without": lost}
    files = (*question.facts, "mentioned", "met_needs", "met_by_others", "named_groups")
    theirs = sorted(perpetrator_groups({r["term"]: r for r in reading.fact("groups")}))
    asked = Asked(
        rows=reading.rows(question, dials),
        facts={file: reading.fact(file, ["dudley"], theirs) for file in files},
        day=dudley.newest,
        lost=frozenset(lost),
        partnerships=(dudley,),
        given=Given({}, {}),
        days={"dudley": dudley.newest},
    )
    columns = ("group", "need", "area", "state", "reason")
    found = ANSWERS[str(question.answer)](asked)
    answer = ask(kept, question, slugs=["dudley"], without=lost)
    assert [[row[c] for c in columns] for row in answer.rows] == [
        [row[c] for c in columns] for row in found
    ]
    assert answer.rows != ask(kept, question, slugs=["dudley"]).rows


def test_another_release_is_answered_from_its_own_facts(schema: Schema, tmp_path: Path) -> None:
    homes = [tmp_path / str(seed) for seed in (1, 2)]
    frames = [
        frames_of(write_release(dataset_of(list(partnerships(1, n)), [], schema), home), schema)
        for n, home in enumerate(homes, 1)
    ]
    with closing(EmbeddedStore(tmp_path / "store")) as store:
        answers = []
        for one in (*frames, frames[0]):
            store.replace(one, schema)
            answers.append(ask(store, find_question("funding.unfunded")))
            assert answers[-1] == ask(Unkept(store), find_question("funding.unfunded"))
        assert answers[0] == answers[2] != answers[1]


def test_what_was_read_while_another_release_was_loaded_is_not_kept(
    schema: Schema, tmp_path: Path
) -> None:
    frames = [
        frames_of(
            write_release(dataset_of(list(partnerships(1, n)), [], schema), tmp_path / str(n)),
            schema,
        )
        for n in (1, 2)
    ]
    cypher = "MATCH (s:Service) RETURN s.name AS name ORDER BY name"
    with closing(EmbeddedStore(tmp_path / "store")) as store:
        store.replace(frames[0], schema)
        room = store.held()

        def work() -> Rows:
            store.replace(frames[1], schema)
            return store.read(cypher, {})

        assert room.of("names", work, len)
        assert room.rows == 0
        assert store.held() is not room


def test_facts_are_read_once(kept: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    read = kept.read

    def told(cypher: str, parameters: Parameters) -> Rows:
        asked.append((cypher, str(parameters)))
        return read(cypher, parameters)

    monkeypatch.setattr(kept, "read", told)
    for name in ("funding.unfunded", "funding.ending", "funding.unfunded", "coverage.uncovered"):
        ask(kept, find_question(name), slugs=["dudley"])
    assert asked
    assert len(asked) == len(set(asked))


def test_what_was_asked_for_longest_ago_goes_first_and_too_much_is_never_kept() -> None:
    held = Held("a release", most=10)

    def rows(key: str, count: int) -> list[str]:
        return held.of(key, lambda: [key] * count, len)

    rows("a", 4), rows("b", 4), rows("a", 99)
    assert held.rows == 8  # "a" was there already
    rows("c", 4)
    assert held.rows == 8
    assert rows("a", 1) == ["a"] * 4
    assert rows("b", 1) == ["b"]
    assert len(rows("d", 11)) == 11
    assert rows("d", 1) == ["d"]
    assert held.rows <= 10


def test_a_room_that_is_no_longer_current_keeps_nothing() -> None:
    held = Held("a release", lambda: False)
    assert held.of("a", lambda: [1], len) == [1]
    assert held.rows == 0
