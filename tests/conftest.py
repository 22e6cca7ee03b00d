"""Fixtures shared by all tests: the schema, the shipped release, and both stores holding it."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings
from neo4j_server import Neo4jUnavailable, one_at_a_time, running_server

from graph.build import build_dataset
from graph.columns import frames_of
from graph.for_publication import ForPublication, published
from graph.model import PropertyGraph
from graph.release import Release, read_graph, write_release
from graph.stores.embedded import EmbeddedStore
from graph.stores.neo4j import Neo4jStore
from graph.stores.protocol import Store
from ontology.schema import Schema, default_schema

PARTNERSHIPS = Path(__file__).parent.parent / "graph" / "partnerships"
NEO4J = "FINGERPOST_NEO4J_URI"
# Machines are noisy: how long an example takes is no property of the code. A law that deserves more
# examples than these says so itself.
settings.register_profile("fingerpost", deadline=None, max_examples=50)
settings.load_profile("fingerpost")
SHIPPED = ("dudley", "example", "luton", "slough", "southend")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Start one Neo4j for all workers, before they start: it takes a while, and a gigabyte."""
    is_worker = hasattr(session.config, "workerinput")
    several = getattr(session.config.option, "numprocesses", None)
    if is_worker or not several or os.environ.get(NEO4J):
        return
    server = ExitStack()
    try:
        os.environ[NEO4J] = server.enter_context(running_server())
    except Neo4jUnavailable:
        return  # Each test that needs it says what is missing.
    session.config.add_cleanup(server.close)


@pytest.fixture(scope="session")
def schema() -> Schema:
    """The project's own schema."""
    return default_schema()


@pytest.fixture(scope="session")
def release(schema: Schema, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of all shipped partnerships."""
    dataset = build_dataset([PARTNERSHIPS / slug for slug in SHIPPED], schema)
    return write_release(dataset, tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def graph(release: Release, schema: Schema) -> PropertyGraph:
    """The property graph of that release."""
    return read_graph(release, schema)


@pytest.fixture(scope="session")
def store(
    release: Release, schema: Schema, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """The embedded store with the shipped release."""
    found = EmbeddedStore(tmp_path_factory.mktemp("embedded"))
    found.replace(frames_of(release, schema), schema)
    yield found
    found.close()


@pytest.fixture(scope="session")
def open_store(release: Release, schema: Schema) -> Iterator[ForPublication]:
    """What of the shipped release may be published."""
    with published(release, schema) as found:
        yield found


@pytest.fixture(scope="session")
def neo4j_uri() -> Iterator[str]:
    """A real Neo4j: the one of FINGERPOST_NEO4J_URI, or one started here.

    Where there is none, CI fails and a user's machine skips, saying what is missing.
    """
    given = os.environ.get(NEO4J)
    if given:
        yield given
        return
    yield from _started()


@pytest.fixture(scope="module")
def spare_uri() -> Iterator[str]:
    """A Neo4j that tests may fill and empty as they like."""
    yield from _started()


def _started() -> Iterator[str]:
    try:
        with running_server() as uri:
            yield uri
    except Neo4jUnavailable as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI needs a real Neo4j: {error}")
        pytest.skip(f"no Neo4j: {error}")


@pytest.fixture(scope="session")
def neo4j_store(neo4j_uri: str, release: Release, schema: Schema) -> Iterator[Store]:
    """The Neo4j store with the shipped release."""
    found = Neo4jStore(neo4j_uri)
    # Workers share the server: one fills it, the others find it full.
    with one_at_a_time("fingerpost-tests"):
        found.replace(frames_of(release, schema), schema)
    yield found
    found.close()


@pytest.fixture(params=["embedded", "neo4j"])
def any_store(request: pytest.FixtureRequest) -> Store:
    """Each store in turn, with the shipped release."""
    name = "store" if request.param == "embedded" else "neo4j_store"
    found: Store = request.getfixturevalue(name)
    return found
