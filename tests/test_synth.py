"""Invented partnerships for trials: the same each time, and free of mistakes."""

from collections import Counter
from pathlib import Path

import pytest
from slow_build import content_by_rdflib
from test_cli import refused, run_plain

from graph.build import dataset_of
from graph.release import read_graph, write_release
from graph.sources.folder import read_folder
from graph.sources.rows import Tables
from graph.synth import partnerships
from ontology.schema import Schema

PARTNERSHIPS = Path(__file__).parent.parent / "graph" / "partnerships"


@pytest.fixture(scope="module")
def two() -> tuple[Tables, ...]:
    return tuple(partnerships(2, seed=7))


def ids(tables: Tables, table: str, key: str = "") -> list[str]:
    return [r.cells.get(key, "") if key else r.id for r in tables.rows if r.table == table]


def test_a_seed_is_always_the_same_and_another_is_not(two: tuple[Tables, ...]) -> None:
    assert tuple(partnerships(2, seed=7)) == two
    assert next(partnerships(1, seed=8)) != two[0]
    assert next(partnerships(1, seed=7)) == two[0]


def test_a_partnership_has_the_sizes_of_real_ones(two: tuple[Tables, ...]) -> None:
    for tables in two:
        sizes = Counter(row.table for row in tables.rows)
        wanted = {
            "agencies": 40, "services": 120, "referrals": 300, "awards": 60, "areas": 15,
            "gaps": 60, "actions": 80,
        }  # fmt: skip
        assert {table: sizes[table] for table in wanted} == wanted
        assert tables.counts == {
            t: n for t, n in sizes.items() if t not in ("partnership", "sources")
        }


def test_some_of_it_is_undated_missing_or_contested(two: tuple[Tables, ...]) -> None:
    for tables in two:
        assert "" in ids(tables, "awards", "period")
        assert "missing" in ids(tables, "referrals", "status")
        assert "contested" in [r.cells.get("basis") for r in tables.rows]
        degrees = Counter(ids(tables, "provisions", "agency")).most_common()
        assert degrees[0][1] > 4 * degrees[len(degrees) // 2][1]


def test_agencies_of_the_country_are_one_and_others_are_not(two: tuple[Tables, ...]) -> None:
    first, second = (set(ids(tables, "agencies", "org_id")) - {""} for tables in two)
    assert len(first & second) == 10  # 6 of the country, 4 of the region that both lie in
    (far,) = (t for n, t in enumerate(partnerships(10, seed=7)) if n == 9)
    assert len(first & set(ids(far, "agencies", "org_id"))) == 6


def test_it_is_built_without_a_problem_as_rdflib_builds_it(
    two: tuple[Tables, ...], schema: Schema, tmp_path: Path
) -> None:
    content = dataset_of(two, [], schema)
    assert b"".join(content) == content_by_rdflib(two, schema)
    graph = read_graph(write_release(content, tmp_path), schema)
    assert len([n for n in graph.nodes if n.id.startswith("p00000/")]) == 387


@pytest.mark.parametrize("slug", ["slough", "dudley", "luton", "southend", "example"])
def test_shipped_partnerships_are_built_as_rdflib_builds_them(slug: str, schema: Schema) -> None:
    tables, problems = read_folder(PARTNERSHIPS / slug, schema)
    assert not problems
    assert b"".join(dataset_of([tables], [], schema)) == content_by_rdflib([tables], schema)


def test_the_command_writes_folders_that_build(
    tmp_path: Path, schema: Schema, two: tuple[Tables, ...]
) -> None:
    out = tmp_path / "many"
    told = run_plain("synth", "--partnerships", "2", "--seed", "7", "--out", str(out))
    assert told.exit_code == 0, told.output
    read = [read_folder(folder, schema) for folder in sorted(out.iterdir())]
    assert [problems for _, problems in read] == [[], []]
    content = dataset_of((t for t, _ in read), [], schema)
    assert b"".join(content) == content_by_rdflib(two, schema)


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("kept", encoding="utf-8")
    message = refused(run_plain("synth", "--out", str(tmp_path)))
    assert "empty folder" in message
    assert [p.name for p in tmp_path.iterdir()] == ["mine"]
