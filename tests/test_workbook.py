"""The workbook: out and in again, the empty form, bad cells and bad files."""

import datetime
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import PARTNERSHIPS, SHIPPED
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.formula import ArrayFormula

from graph.build import build_dataset
from graph.errors import FingerpostError, InputError
from graph.model import PropertyGraph
from graph.release import Release, read_graph, write_release
from graph.sources import archive
from graph.sources.reading import read_tables
from graph.sources.workbook import read_workbook, write_template, write_workbook
from ontology.schema import Schema


def built(path: Path, schema: Schema, home: Path) -> Release:
    return write_release(build_dataset([path], schema), home)


# ---------------------------------------------------------------- out and in again


@pytest.mark.parametrize("slug", SHIPPED)
def test_workbook_reads_back_to_the_same_release(slug: str, schema: Schema, tmp_path: Path) -> None:
    first = built(PARTNERSHIPS / slug, schema, tmp_path)
    file = tmp_path / f"{slug}.xlsx"
    write_workbook(read_graph(first, schema), schema, slug, file)
    assert built(file, schema, tmp_path).name == first.name


def test_workbook_is_written_for_people(
    graph: PropertyGraph, schema: Schema, tmp_path: Path
) -> None:
    file = tmp_path / "example.xlsx"
    write_workbook(graph, schema, "example", file)
    tables, problems = read_workbook(file, schema)
    assert not problems
    rows = {(row.table, row.id): row.cells for row in tables.rows}
    refuge = rows["services", "kestrelgate-refuge"]
    assert refuge["type"] == "Refuge"
    assert refuge["needs"].startswith("Emotional and practical support; Safe accommodation")
    assert refuge["area"] == "eastmarch"
    assert rows["awards", "aw-refuge"]["amount"] == "412000"
    assert tables.counts is None


def test_template_takes_no_example_from_a_real_partnership(
    graph: PropertyGraph, schema: Schema, tmp_path: Path
) -> None:
    """The form is made to be sent to others: only what is invented is shown in it."""
    write_template(schema, tmp_path / "real.xlsx", graph, "slough")
    write_template(schema, tmp_path / "plain.xlsx")
    assert (tmp_path / "real.xlsx").read_bytes() == (tmp_path / "plain.xlsx").read_bytes()


def test_workbook_is_the_same_bytes_twice(
    graph: PropertyGraph, schema: Schema, tmp_path: Path
) -> None:
    file = tmp_path / "slough.xlsx"
    write_workbook(graph, schema, "slough", file)
    first = file.read_bytes()
    write_workbook(graph, schema, "slough", file)
    assert file.read_bytes() == first


def test_workbook_must_have_the_name_of_its_partnership(
    graph: PropertyGraph, schema: Schema, tmp_path: Path
) -> None:
    with pytest.raises(FingerpostError, match=r"Name the file slough\.xlsx"):
        write_workbook(graph, schema, "slough", tmp_path / "copy.xlsx")
    with pytest.raises(FingerpostError, match="no partnership"):
        write_workbook(graph, schema, "atlantis", tmp_path / "atlantis.xlsx")


# ---------------------------------------------------------------- the form


@pytest.fixture
def template(graph: PropertyGraph, schema: Schema, tmp_path: Path) -> Path:
    path = tmp_path / "eastmarch.xlsx"
    write_template(schema, path, graph)
    return path


def test_template_has_a_sheet_a_table_after_the_read_me(template: Path, schema: Schema) -> None:
    book = load_workbook(template)
    assert book.sheetnames == ["read me", *(c.table for c in schema), "lists"]
    assert book["lists"].sheet_state == "hidden"
    said = {row[0]: row[1] for row in book["read me"].values if row[0] and row[1]}
    assert all(c.help in said[c.table] for c in schema)


def test_template_has_help_at_every_header(template: Path, schema: Schema) -> None:
    book = load_workbook(template)
    for klass in schema:
        sheet = book[klass.table]
        headers = {cell.value.removesuffix(" *"): cell for cell in sheet[1]}
        prompts = {v.promptTitle: v for v in sheet.data_validations.dataValidation}
        assert sheet.freeze_panes == "B2"
        assert list(headers) == ["id", *(p.header for p in klass.columns)]
        for prop in klass.columns:
            assert prop.help in headers[prop.header].comment.text
            assert prompts[prop.header].prompt.startswith(prop.help[:200])
            assert headers[prop.header].value.endswith(" *") is prop.required


def test_template_has_drop_downs(template: Path) -> None:
    book = load_workbook(template)
    services = {v.promptTitle: v for v in book["services"].data_validations.dataValidation}
    assert (services["tier"].type, services["tier"].errorStyle) == ("list", "stop")
    assert services["tier"].formula1 == '"universal,early help,specialist"'
    assert (services["type"].formula1, services["type"].errorStyle) == (
        "=list_service_type",
        "warning",
    )
    assert services["part of"].formula1 == "=ids_services"
    assert services["name"].type in (None, "none")
    assert not services["availability"].showErrorMessage
    used = {
        v.formula1.removeprefix("=")
        for sheet in book.worksheets
        for v in sheet.data_validations.dataValidation
        if v.formula1 and v.formula1.startswith("=")
    }
    assert used <= set(book.defined_names)
    words = re.fullmatch(
        r"'lists'!\$(\w+)\$2:\$\w+\$(\d+)", book.defined_names["list_need"].attr_text
    )
    assert words
    assert "Safe accommodation" in [c.value for c in book["lists"][words[1]]][: int(words[2])]


def test_template_has_example_rows_that_are_not_read(template: Path, schema: Schema) -> None:
    book = load_workbook(template)
    for klass in schema:
        row = book[klass.table][2]
        assert row[0].value == "example-row"
        assert row[0].font.italic
        assert any(cell.value for cell in row[1:]), klass.table
    tables, problems = read_tables(template, schema)
    assert not tables.rows
    assert [p.expected for p in problems] == ["a partnership"]


def test_template_without_an_example_makes_one_from_the_shapes(
    schema: Schema, tmp_path: Path
) -> None:
    path = tmp_path / "form.xlsx"
    write_template(schema, path)
    first = path.read_bytes()
    sheet = load_workbook(path)["awards"]
    shown = {h.value.removesuffix(" *"): c.value for h, c in zip(sheet[1], sheet[2], strict=True)}
    assert shown["status"] == "secured"
    assert shown["period"] == "2026-04/2027-03"
    assert shown["amount"] == 30000
    write_template(schema, path)
    assert path.read_bytes() == first


# ---------------------------------------------------------------- cells


Fill = Callable[[Workbook], None]


def filled(template: Path, slug: str, **sheets: list[dict[str, Any]]) -> Path:
    """The template with rows below the example, by header; saved as a person's program would."""
    book = load_workbook(template)
    for table, rows in sheets.items():
        sheet = book[table]
        columns = {cell.value.removesuffix(" *"): cell.column for cell in sheet[1]}
        for number, cells in enumerate(rows, start=3):
            for header, value in cells.items():
                cell = sheet.cell(number, columns[header])
                cell.value = value[0] if isinstance(value, tuple) else value
                cell.number_format = value[1] if isinstance(value, tuple) else cell.number_format
    path = template.with_name(f"{slug}.xlsx")
    book.save(path)
    return path


RECORD = {"source": "plan", "place": "paragraph 1", "basis": "stated"}
GOOD: dict[str, list[dict[str, Any]]] = {
    "partnership": [
        {
            "name": "Small partnership",
            "topic": "domestic abuse",
            "area": "town",
            "publisher": "The council",
            "historical": False,
        }
    ],
    "sources": [
        {
            "id": "plan",
            "title": "Plan",
            "kind": "action plan",
            "date": (datetime.date(2026, 3, 1), "mmm-yy"),
        }
    ],
    "areas": [{"id": "town", "name": "Town", **RECORD}],
}


def test_cells_are_read_as_a_person_sees_them(template: Path, schema: Schema) -> None:
    award = {
        "id": "aw",
        "fund": "fu",
        "pays for": "se",
        "status": "Secured",
        "amount": 30000.0,
        "period": (datetime.datetime(2026, 3, 31), "dd/mm/yyyy"),
        "decide by": 2027,
        "purpose": "=not a formula",
        **RECORD,
    }
    path = filled(
        template,
        "small",
        **GOOD,
        funds=[{"id": "fu", "name": "Fund", **RECORD}],
        services=[{"id": "se", "name": "'quoted", "standing": "operating", **RECORD}],
    )
    book = load_workbook(path)
    sheet = book["awards"]
    columns = {cell.value.removesuffix(" *"): cell.column for cell in sheet[1]}
    for header, value in award.items():
        cell = sheet.cell(3, columns[header], value[0] if isinstance(value, tuple) else value)
        cell.number_format = value[1] if isinstance(value, tuple) else "General"
        cell.data_type = "s" if header == "purpose" else cell.data_type
    book.save(path)
    tables, problems = read_workbook(path, schema)
    assert not problems
    rows = {(row.table, row.id): row for row in tables.rows}
    assert rows["sources", "plan"].cells["date"] == "2026-03"
    assert rows["partnership", "small"].cells["historical"] == "false"
    cells = rows["awards", "aw"].cells
    assert (cells["amount"], cells["period"], cells["decide_by"]) == ("30000", "2026-03-31", "2027")
    assert cells["purpose"] == "=not a formula"
    assert rows["awards", "aw"].number == 3
    assert rows["awards", "aw"].file == "small.xlsx, sheet awards"
    build_dataset([path], schema)


def test_odd_texts_come_back_as_they_were(template: Path, schema: Schema, tmp_path: Path) -> None:
    odd = ["=1+1", "'=1", "-5", "+44", "@here", "two\nlines", "tab\there", "a_x000B_b\x0bc"]
    areas = [{"id": f"a{n}", "name": "x", "note": "?", **RECORD} for n in range(len(odd))]
    path = filled(template, "small", **{**GOOD, "areas": [*GOOD["areas"], *areas]})
    graph = read_graph(built(path, schema, tmp_path), schema)
    for node in graph.nodes:
        if re.fullmatch(r"small/area/a\d", node.id):
            node.properties["name"] = odd[int(node.id[-1])]  # type: ignore[index]
    write_workbook(graph, schema, "small", path)
    tables, _ = read_workbook(path, schema)
    read = {row.id: row.cells["name"] for row in tables.rows if row.table == "areas"}
    assert [read[f"a{n}"] for n in range(len(odd) - 1)] == odd[:-1]
    assert read["a7"] == "a\x0bb\x0bc"  # the format's own escape is the only text that changes


def test_a_bad_workbook_gives_every_problem_at_once(template: Path, schema: Schema) -> None:
    path = filled(
        template,
        "small",
        **GOOD,
        services=[
            {"id": "one", "name": "One", "standing": "oparating", **RECORD},
            {"id": "one", "name": "=SUM(1,2)", "standing": "operating", **RECORD},
            {"id": "Two", "name": "Two", "standing": "operating", "area": "twon", **RECORD},
        ],
        awards=[
            {"id": "aw", "fund": "none", "pays for": "one", "status": "secured", "amount": "much"}
        ],
    )
    book = load_workbook(path)
    book.create_sheet("servises")
    book["areas"]["A1"].value, book["funds"]["C1"].value = "id", "also caled"
    book["funds"]["ZZ1"].value = None
    book.save(path)
    with pytest.raises(InputError) as caught:
        build_dataset([path], schema)
    said = [str(p) for p in caught.value.problems]
    for start in (
        'small.xlsx, sheet services, row 3, column "standing" has "oparating"',
        'small.xlsx, sheet services, row 4, column "id" has "one"; expected an id used once',
        'small.xlsx, sheet services, row 4, column "name": expected a value, not a formula.',
        'small.xlsx, sheet services, row 5, column "id" has "Two"',
        'small.xlsx, sheet services, row 5, column "area" has "twon"',
        'small.xlsx, sheet awards, row 3, column "fund" has "none"',
        'small.xlsx, sheet awards, row 3, column "amount" has "much"; expected a number',
        'small.xlsx, sheet awards, row 3, column "source": expected a value',
        'small.xlsx, sheet funds, row 1, column "also caled": expected a column',
        "small.xlsx, sheet servises: expected one of the sheets",
    ):
        assert any(line.startswith(start) for line in said), (start, said)
    assert any('Did you mean "town"?' in line for line in said)
    assert any('Rename it to "services".' in line for line in said)


def test_a_value_under_no_header_is_a_problem(template: Path, schema: Schema) -> None:
    path = filled(template, "small", **GOOD)
    book = load_workbook(path)
    book["areas"].cell(3, 40, "lost")
    book.save(path)
    _, problems = read_workbook(path, schema)
    assert [(p.file, p.row) for p in problems] == [("small.xlsx, sheet areas", 1)]


def test_formulas_and_errors_are_refused_without_repeating_them(
    template: Path, schema: Schema
) -> None:
    path = filled(template, "small", **GOOD)
    book = load_workbook(path)
    sheet = book["areas"]
    sheet["B3"].value = ArrayFormula("B3:B3", '=WEBSERVICE("https://evil.example/")')
    sheet["C3"].value, sheet["C3"].data_type = "#N/A", "e"
    book.save(path)
    _, problems = read_workbook(path, schema)
    assert [(p.column, p.expected.split(",")[0], p.value) for p in problems] == [
        ("name", "a value", ""),
        ("within", "a value", ""),
    ]


def test_a_renamed_file_is_noticed(graph: PropertyGraph, schema: Schema, tmp_path: Path) -> None:
    write_workbook(graph, schema, "slough", tmp_path / "slough.xlsx")
    copy = (tmp_path / "slough.xlsx").rename(tmp_path / "slough (1).xlsx")
    _, problems = read_workbook(copy, schema)
    assert any("Rename the file" in p.advice for p in problems)
    shared = copy.rename(tmp_path / "shared.xlsx")
    _, problems = read_workbook(shared, schema)
    assert any(p.expected == "a name of its own" for p in problems)


# ---------------------------------------------------------------- files


def rezipped(path: Path, change: Callable[[str, bytes], bytes], **more: bytes) -> Path:
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, content in more.items():
            new.writestr(name, content)
    path.write_bytes(out.getvalue())
    return path


def refused(path: Path, schema: Schema) -> str:
    tables, problems = read_workbook(path, schema)
    assert not tables.rows
    assert len(problems) == 1
    return problems[0].expected


@pytest.mark.parametrize("code", ["utf-8", "utf-16-le", "utf-16-be", "utf-16"])
def test_a_document_type_is_refused_in_any_encoding(
    code: str, template: Path, schema: Schema
) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'.encode(code)
    path = rezipped(template, lambda n, c: bomb if n == "xl/workbook.xml" else c)
    assert "document type" in refused(path, schema)


def test_bombs_are_refused_before_they_are_unpacked(
    template: Path, schema: Schema, monkeypatch: pytest.MonkeyPatch
) -> None:
    zeros = b"0" * (8 * 1024 * 1024)
    path = rezipped(template, lambda _, content: content, bomb=zeros)
    assert "100 times" in refused(path, schema)
    monkeypatch.setattr(archive, "MAX_BYTES", 1024 * 1024)
    assert "MB when unpacked" in refused(path, schema)
    monkeypatch.setattr(archive, "MAX_PARTS", 5)
    assert "5 parts" in refused(path, schema)


def test_a_row_far_down_is_refused(template: Path, schema: Schema) -> None:
    book = load_workbook(template)
    book["areas"].cell(1_048_576, 1, "far")
    book.save(template)
    assert "at most 100000 rows" in [p.expected for p in read_workbook(template, schema)[1]]


def test_what_is_no_workbook_is_refused(schema: Schema, tmp_path: Path) -> None:
    path = tmp_path / "small.xlsx"
    assert refused(path, schema) == "the file to be there"
    path.write_bytes(b"\xd0\xcf\x11\xe0 protected by a password")
    assert refused(path, schema) == "a workbook that can be opened"
    with zipfile.ZipFile(path, "w") as empty:
        empty.writestr("hello.txt", "no workbook")
    assert refused(path, schema) == "a workbook that can be opened"


def test_a_broken_sheet_is_refused(template: Path, schema: Schema) -> None:
    path = rezipped(template, lambda n, c: c[: len(c) // 2] if n.endswith("sheet5.xml") else c)
    assert "a workbook that can be opened" in refused(path, schema)


def test_other_files_are_told_what_is_accepted(schema: Schema, tmp_path: Path) -> None:
    path = tmp_path / "small.ods"
    path.write_bytes(b"")
    tables, problems = read_tables(path, schema)
    assert not tables.rows
    assert "a workbook (.xlsx)" in problems[0].expected
    folder, problems = read_tables(PARTNERSHIPS / "slough", schema)
    assert folder.slug == "slough"
    assert not problems
