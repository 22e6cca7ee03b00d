"""A partnership's folder: what is read from it, what is wrong with it, how it is written back."""

import csv
import datetime
import tomllib
from pathlib import Path

import pytest
from testham import ABOUT, TABLES, write_tables

from graph.build import build_dataset
from graph.errors import Problem
from graph.model import PropertyGraph
from graph.release import read_graph, write_release
from graph.sources.folder import read_folder, write_folder
from ontology.schema import Schema

SHIPPED = ("dudley", "example", "luton", "slough", "southend")
PARTNERSHIPS = Path(__file__).parent.parent / "graph" / "partnerships"


def problems_of(folder: Path, schema: Schema) -> list[Problem]:
    return read_folder(folder, schema)[1]


# ---------------------------------------------------------------- reading


def test_rows_have_their_place_as_a_spreadsheet_counts_it(tmp_path: Path, schema: Schema) -> None:
    agencies = 'id,name\ncouncil,"Testham\nCouncil"\n\ncharity, Testham Haven \n'
    tables, problems = read_folder(write_tables(tmp_path, agencies=agencies), schema)
    rows = [r for r in tables.rows if r.table == "agencies"]
    assert not problems
    assert [(r.number, r.id, r.cells["name"]) for r in rows] == [
        (2, "council", "Testham\nCouncil"),
        (4, "charity", "Testham Haven"),
    ]
    assert {r.file for r in rows} == {"testham/agencies.csv"}


def test_headers_are_known_by_their_words_in_any_case_and_order(
    tmp_path: Path, schema: Schema
) -> None:
    agencies = "Name, ALSO CALLED ,ID\nTestham Haven,Haven,charity\n"
    tables, problems = read_folder(write_tables(tmp_path, agencies=agencies), schema)
    row = next(r for r in tables.rows if r.table == "agencies")
    assert not problems
    assert (row.id, row.cells) == ("charity", {"name": "Testham Haven", "also_called": "Haven"})


def test_a_byte_order_mark_as_excel_writes_it_is_no_part_of_the_header(
    tmp_path: Path, schema: Schema
) -> None:
    folder = write_tables(tmp_path)
    path = folder / "agencies.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    tables, problems = read_folder(folder, schema)
    assert not problems
    assert {r.id for r in tables.rows if r.table == "agencies"} == {"council", "charity"}


def test_a_folder_that_is_right_has_no_problems(tmp_path: Path, schema: Schema) -> None:
    assert problems_of(write_tables(tmp_path), schema) == []


@pytest.mark.parametrize(
    ("name", "content", "row", "words"),
    [
        ("servces.csv", b"id,name\n", 0, 'Rename it to "services.csv".'),
        ("zebras.csv", b"id,name\n", 0, "Remove the file or rename it."),
        ("sources.csv", b"id,title\n", 0, "expected one of the tables"),
        ("agencies.csv", "id,name\na,Café\n".encode("latin-1"), 0, 'Save it as "CSV UTF-8".'),
        ("agencies.csv", b'id,name\na,"b" c\n', 0, "expected comma-separated values"),
        ("agencies.csv", b"", 1, "Add the row of headers."),
        ("agencies.csv", b"id,nmae\na,b\n", 1, 'Did you mean "name"?'),
        ("agencies.csv", b"id,name,Name\na,b,c\n", 1, "a column of this table, once"),
        ("agencies.csv", b"id,name,weather\na,b,c\n", 1, "Known columns: id, name, also called"),
        ("agencies.csv", b"id,name,\na,b,c\n", 1, "a column of this table, once"),
        ("agencies.csv", b"id,name\na,b,c\n", 2, "expected at most 2 cells"),
        ("agencies.csv", b"id,name\nBig Agency,b\n", 2, "lower-case letters, digits"),
        ("agencies.csv", b"id,name\n,b\n", 2, "lower-case letters, digits"),
        ("agencies.csv", b"id,name\na--b,b\n", 2, "lower-case letters, digits"),
        ("agencies.csv", b"id,name\na,b\nb,b\na,c\n", 4, "Row 2 has it already"),
    ],
)
def test_a_file_of_the_wrong_form_is_told_with_its_place_and_what_to_do(
    tmp_path: Path, schema: Schema, name: str, content: bytes, row: int, words: str
) -> None:
    folder = write_tables(tmp_path)
    (folder / name).write_bytes(content)
    found = problems_of(folder, schema)
    assert [(p.file, p.row) for p in found] == [(f"testham/{name}", row)]
    assert words in str(found[0])


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ("name =", "TOML in UTF-8"),
        (ABOUT.replace("topic", "topc"), 'Did you mean "topic"?'),
        (ABOUT.replace("[[sources]]", "[[source]]"), 'Did you mean "sources"?'),
        (ABOUT.replace("[[sources]]", "[sources]"), "tables: [[sources]]"),
        ('partnership = "Testham"', "a table: [partnership]"),
        (ABOUT + "\n[counts]\nareas = 'many'\n", "a table of whole numbers"),
        (ABOUT + "\n[count]\nareas = 1\n", 'Did you mean "counts"?'),
        (ABOUT.replace('id = "report"', 'id = "The Report"'), "lower-case letters"),
        (ABOUT + '\n[[sources]]\nid = "report"\n', "Row 1 has it already"),
    ],
)
def test_a_partnership_toml_of_the_wrong_form_is_told(
    tmp_path: Path, schema: Schema, about: str, words: str
) -> None:
    found = problems_of(write_tables(tmp_path, about=about), schema)
    assert len(found) == 1
    assert found[0].file == "testham/partnership.toml"
    assert words in str(found[0])


def test_a_folder_without_partnership_toml_says_what_is_missing(
    tmp_path: Path, schema: Schema
) -> None:
    folder = write_tables(tmp_path)
    (folder / "partnership.toml").unlink()
    found = problems_of(folder, schema)
    assert [p.expected for p in found] == ["the file to be there"]


@pytest.mark.parametrize("slug", ["shared", "Test Ham", "testham_east"])
def test_a_folders_name_must_be_good_for_an_identifier(
    tmp_path: Path, schema: Schema, slug: str
) -> None:
    found = problems_of(write_tables(tmp_path, slug=slug), schema)
    assert len(found) == 1
    assert found[0].value == slug


# ---------------------------------------------------------------- writing


@pytest.mark.parametrize("slug", SHIPPED)
def test_tables_come_back_from_the_graph_as_the_same_release(
    tmp_path: Path, schema: Schema, slug: str
) -> None:
    dataset = build_dataset([PARTNERSHIPS / slug], schema)
    graph = read_graph(write_release(dataset, tmp_path / "home"), schema)
    write_folder(graph, schema, slug, tmp_path / slug)
    again = build_dataset([tmp_path / slug], schema)
    assert again == dataset


@pytest.mark.parametrize("slug", SHIPPED)
def test_written_tables_are_for_people(
    tmp_path: Path, schema: Schema, graph: PropertyGraph, slug: str
) -> None:
    write_folder(graph, schema, slug, tmp_path / slug)
    for path in (tmp_path / slug).glob("*.csv"):
        klass = schema.by_table(path.stem)
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        assert set(header) <= {"id", *(p.header for p in klass.columns)}
        assert header[0] == "id"
        assert rows == sorted(rows)
        cells = [cell for row in rows for cell in row]
        assert not [c for c in cells if "://" in c and "fingerpost" in c]
        assert not [c for c in cells if c.startswith(f"{slug}/")], "its own records by their id"


def test_written_tables_keep_the_width_that_is_used(
    tmp_path: Path, schema: Schema, graph: PropertyGraph
) -> None:
    write_folder(graph, schema, "dudley", tmp_path / "dudley")
    for path in (tmp_path / "dudley").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        for column in range(1, len(header)):
            assert any(row[column] for row in rows), f"{path.name}: {header[column]} is empty"


def test_the_written_partnership_toml_counts_the_rows(
    tmp_path: Path, schema: Schema, graph: PropertyGraph
) -> None:
    write_folder(graph, schema, "luton", tmp_path / "luton")
    about = tomllib.loads((tmp_path / "luton" / "partnership.toml").read_text(encoding="utf-8"))
    assert about["partnership"]["historical"] is True
    for path in (tmp_path / "luton").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))[1:]
        assert about["counts"][path.stem] == len(rows)


def test_every_kind_of_value_comes_back(tmp_path: Path, schema: Schema) -> None:
    """A day, a number with pence, yes and no, a list, a comma, a quotation mark, a line break."""
    folder = write_tables(
        tmp_path,
        agencies=TABLES["agencies"]
        .replace("id,name", "id,benchmark,name")
        .replace("council,", "council,yes,")
        .replace("charity,", "charity,no,"),
        funds="id,name,held by,description,source,place,basis,confirmed on,confirmed by\n"
        'grant,"Haven, the ""big"" grant",agency/council,"line 1\nline 2",report,paragraph 1,'
        "stated,2013-01-31,adviser\n",
        awards=TABLES["awards"].replace("30000", '"30,000.50"'),
    )
    dataset = build_dataset([folder], schema)
    graph = read_graph(write_release(dataset, tmp_path / "home"), schema)
    fund = next(n for n in graph.nodes if n.label == "Fund")
    assert fund.properties["confirmed_on"] == datetime.date(2013, 1, 31)
    assert fund.properties["name"] == 'Haven, the "big" grant'
    award = next(e for e in graph.edges if e.type == "AWARD")
    assert str(award.properties["amount"]) == "30000.5"
    agencies = {n.id: n.properties for n in graph.nodes if n.label == "Agency"}
    assert agencies["testham/agency/council"]["also_called"] == ("TC", "The council")
    assert agencies["testham/agency/council"]["benchmark"] is True
    assert agencies["testham/agency/charity"]["benchmark"] is False
    write_folder(graph, schema, "testham", tmp_path / "again" / "testham")
    assert build_dataset([tmp_path / "again" / "testham"], schema) == dataset
