"""The catalogue beside hand-written scans and SPARQL: equal in the columns that decide."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from catalogue_by_hand import KINDS, QUESTIONS, Country, Records, prepare, records_of
from catalogue_by_sparql import by_sparql, graph_of

from graph.build import dataset_of
from graph.columns import frames_of
from graph.release import Release, write_release
from graph.stores.embedded import EmbeddedStore
from graph.synth import partnerships
from ontology.schema import Schema
from queries.ask import ask, find_question
from queries.reading import Reading


@dataclass(frozen=True, slots=True)
class Laid:
    """A store, and what lies ready for scans by hand of the same release."""

    store: EmbeddedStore
    country: Country
    records: dict[str, Records]


def laid(home: Path, release: Release, schema: Schema) -> Iterator[Laid]:
    frames = frames_of(release, schema)
    with closing(EmbeddedStore(home)) as store:
        store.replace(frames, schema)
        yield Laid(store, *prepare(frames, Reading(store).nation))


@pytest.fixture(scope="module")
def shipped(
    release: Release, schema: Schema, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Laid]:
    yield from laid(tmp_path_factory.mktemp("shipped"), release, schema)


@pytest.fixture(scope="module")
def invented(schema: Schema, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laid]:
    home = tmp_path_factory.mktemp("invented")
    release = write_release(dataset_of(list(partnerships(3, 5)), [], schema), home)
    yield from laid(home, release, schema)


@pytest.mark.parametrize("whose", ["shipped", "invented"])
@pytest.mark.parametrize("name", QUESTIONS)
def test_a_scan_by_hand_and_sparql_find_what_the_catalogue_finds(
    whose: str, name: str, request: pytest.FixtureRequest
) -> None:
    found: Laid = request.getfixturevalue(whose)
    asked, question = QUESTIONS[name], find_question(name)
    everything = set()
    for slug, records in found.records.items():
        answer = ask(found.store, question, slugs=[slug])
        ours = {tuple(row[column] for column in asked.columns) for row in answer.rows}
        assert ours == asked.scan(records, found.country)
        assert ours == by_sparql(name, graph_of(records), slug, found.country)
        everything |= ours
    assert everything, "no partnership has any of it: nothing was compared"


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_scan_of_the_whole_country_finds_the_same(name: str, invented: Laid) -> None:
    asked = QUESTIONS[name]
    lists = {
        kind: [row for one in invented.records.values() for row in one.lists[kind]]
        for kind in KINDS
    }
    for slug, records in invented.records.items():
        few = records_of(slug, lists, asked.kinds)
        assert asked.scan(few, invented.country) == asked.scan(records, invented.country)
