"""What is said becomes columns and lines: the same columns as from reading the lines again."""

from dataclasses import replace
from pathlib import Path

import pytest

from graph.build import dataset_of
from graph.errors import InputError
from graph.meaning import Known, said_in
from graph.sources.folder import read_folder
from graph.sources.rows import Tables
from graph.statements import Said, block_of, columns_of, forms_of
from graph.synth import partnerships
from ontology.columns import read_columns
from ontology.schema import Schema
from ontology.violations import kinds_among, kinds_of

PARTNERSHIPS = Path(__file__).parent.parent / "graph" / "partnerships"
SLUGS = ["slough", "dudley", "luton", "southend", "example", "p00000"]


@pytest.fixture(scope="module", params=SLUGS)
def tables(request: pytest.FixtureRequest, schema: Schema) -> Tables:
    if request.param == "p00000":
        return next(partnerships(1, seed=7))
    return read_folder(PARTNERSHIPS / request.param, schema)[0]


@pytest.fixture(scope="module")
def said(tables: Tables, schema: Schema) -> list[Said]:
    return sorted(said_in(tables, schema)[0], key=lambda one: f"{one.id}>")


def lines_of(tables: Tables, said: list[Said], schema: Schema) -> list[str]:
    return block_of(said, tables.slug, forms_of(schema)).decode().split("\n")[:-1]


def test_columns_are_those_of_the_lines(tables: Tables, said: list[Said], schema: Schema) -> None:
    lines = lines_of(tables, said, schema)
    columns = columns_of(said, forms_of(schema))
    assert columns == read_columns(lines)
    assert kinds_among(columns) == kinds_of(lines)


def test_lines_are_sorted_and_each_stands_once(
    tables: Tables, said: list[Said], schema: Schema
) -> None:
    lines = lines_of(tables, said, schema)
    assert lines == sorted({*lines})


def test_what_was_read_of_others_changes_nothing(schema: Schema) -> None:
    known: Known = {}
    for tables in partnerships(3, seed=7):
        assert said_in(tables, schema, known) == said_in(tables, schema)


def test_an_id_taken_twice_is_told_whoever_read_the_rows(schema: Schema) -> None:
    tables = next(partnerships(1, seed=7))
    row = next(row for row in tables.rows if row.table == "services")
    again = replace(row, number=999, cells={**row.cells, "name": "Another service"})
    with pytest.raises(InputError) as refused:
        dataset_of([replace(tables, rows=(*tables.rows, again), counts=None)], [], schema)
    assert [(p.row, p.column, p.expected) for p in refused.value.problems] == [
        (999, "id", "an id used once in its table")
    ]
