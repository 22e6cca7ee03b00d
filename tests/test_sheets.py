"""Somebody's own sheet: what is proposed, what a person corrects, what is refused and where."""

import datetime
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from testham import write_tables

from graph.build import build_dataset, dataset_of
from graph.errors import FingerpostError, InputError, Problem
from graph.imports.grid import read_book
from graph.imports.imported import Imported
from graph.imports.mapping import FileMapping, read_mapping, write_mapping
from graph.imports.merge import merge
from graph.imports.proposal import known_names, propose
from graph.imports.sheets import in_own_words, read_sheet
from graph.imports.values import date_of, money_of
from graph.model import PropertyGraph
from graph.release import read_graph, write_release
from graph.sandbox import read_safely
from graph.sources.marked import marked_path, write_marked
from graph.sources.workbook import read_workbook, write_template, write_workbook
from ontology.schema import Schema

HEADERS = (
    "Service name",
    "Run by",
    "Sector",
    "Funded by",
    "Annual value (£)",
    "Start date",
    "Contract end",
    "Grant or contract?",
    "Client group",
    "Borough",
    "Status",
    "Contact e-mail",
    "Comments",
)
DAY = datetime.date(2025, 4, 1)
ROWS: tuple[tuple[Any, ...], ...] = (
    ("Haven house", "Haven; Hope", "VCS", "MoJ", 30000, DAY, datetime.date(2026, 3, 31), "grant",
     "Male victims; All residents", "Testham", "Live", "a@b.example", "good"),
    ("Advice", "Council", "Council", "Core", "£12.5k", "01/04/2025", "TBC", "SLA",
     "All residents", "Testham", "Not yet open", "c@d.example", ""),
    ("IDVA", "Haven", "VCS", "MoJ", 45000.5, "1 April 2025", "March 2027", "Contract",
     "Male victims", "Testham East", "Live", "", ""),
)  # fmt: skip
DECIDED = {
    'TBC = "?"': 'TBC = ""',
    '"Not yet open" = "?"': '"Not yet open" = "planned"',
    'strength = "?"': 'strength = "open to all"',
    'status = "?"': 'status = "secured"',
}


@pytest.fixture(scope="module")
def live(schema: Schema, tmp_path_factory: pytest.TempPathFactory) -> PropertyGraph:
    root = tmp_path_factory.mktemp("live")
    return read_graph(write_release(build_dataset([write_tables(root)], schema), root), schema)


def workbook(path: Path, rows: tuple[tuple[Any, ...], ...] = ROWS, title: str = "Our list") -> Path:
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in (("Services in Testham 2025",), (), HEADERS, *rows):
        sheet.append(row)
    book.save(path)
    return path


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return workbook(tmp_path / "list.xlsx")


def decided(path: Path, schema: Schema, live: PropertyGraph, **more: str) -> FileMapping:
    """The proposal, as a person leaves it."""
    beside = path.with_suffix(".toml")
    write_mapping(propose(path, schema, known_names(live, schema, "testham")), beside, schema)
    text = beside.read_text()
    for old, new in {**DECIDED, **more}.items():
        assert old in text or old not in DECIDED, old
        text = text.replace(old, new)
    beside.write_text(text)
    return read_mapping(beside, schema)


def rows(imported: Imported, table: str) -> dict[str, dict[str, str]]:
    assert not imported.problems, [str(p) for p in imported.problems]
    return {row.id: dict(row.cells) for row in imported.tables.rows if row.table == table}


# ---------------------------------------------------------------- the proposal


def test_columns_are_known_by_headers_words_and_values(
    own: Path, schema: Schema, live: PropertyGraph
) -> None:
    (sheet,) = propose(own, schema, known_names(live, schema, "testham")).sheets
    assert (sheet.sheet, sheet.header_row) == ("Our list", 3)
    to = {c.header: (c.to + ("/" + c.side if c.side else "")) for c in sheet.columns}
    assert to == {
        "Service name": "service.name",
        "Run by": "provider.name",
        "Sector": "provider.sector",
        "Funded by": "funder.name",
        "Annual value (£)": "award.amount",
        "Start date": "award.period/first",
        "Contract end": "award.period/last",
        "Grant or contract?": "award.form",
        "Client group": "reach.group",
        "Borough": "service.area",
        "Status": "service.standing",
        "Contact e-mail": "",
        "Comments": "",
    }
    words = {c.header: dict(c.words) for c in sheet.columns}
    assert words["Sector"] == {"Council": "local authority", "VCS": "voluntary"}
    assert words["Borough"] == {"Testham East": "testham-east"}, "testham is an id already"
    assert words["Status"] == {"Live": "operating", "Not yet open": "?"}
    assert words["Contract end"] == {"TBC": "?"}
    assert sheet.records["provision"].cells["role"] == "provides"
    assert sheet.records["reach"].cells["strength"] == "?"
    assert sheet.records["award"].cells["status"] == "?"


def test_what_is_undecided_must_be_decided(own: Path, schema: Schema, live: PropertyGraph) -> None:
    beside = own.with_suffix(".toml")
    write_mapping(propose(own, schema, known_names(live, schema, "testham")), beside, schema)
    with pytest.raises(InputError) as error:
        read_mapping(beside, schema)
    assert [(p.column, p.expected) for p in error.value.problems] == [
        ("sheets[1].columns[11].words.Not yet open", "a decision"),
        ("sheets[1].columns[7].words.TBC", "a decision"),
        ("sheets[1].records.award.status", "a decision"),
        ("sheets[1].records.reach.strength", "a decision"),
    ]
    assert "One of: secured, at risk, sought" in error.value.problems[2].advice


def test_a_mapping_is_read_as_it_was_written(
    own: Path, schema: Schema, live: PropertyGraph
) -> None:
    mapping = decided(own, schema, live)
    again = own.with_name("again.toml")
    write_mapping(mapping, again, schema)
    assert read_mapping(again, schema) == mapping


@pytest.mark.parametrize("slug", ["slough", "example"])
def test_our_own_tables_are_recognised_column_by_column(
    slug: str, graph: PropertyGraph, schema: Schema, tmp_path: Path
) -> None:
    """A sheet with our own headers is mapped to them, whatever table it is."""
    write_workbook(graph, schema, slug, tmp_path / f"{slug}.xlsx")
    book = load_workbook(tmp_path / f"{slug}.xlsx")
    right = wrong = 0
    for table in ("services", "agencies", "actions", "gaps", "posts", "bodies", "instruments"):
        one = Workbook()
        one.active.title = table
        for row in book[table].values:
            one.active.append([str(v).removesuffix(" *") if v else None for v in row[1:]])
        one.save(tmp_path / "one.xlsx")
        (sheet,) = propose(tmp_path / "one.xlsx", schema).sheets
        klass = schema.by_table(table)
        keys = {p.header: p.key for p in klass.columns if p.order < 90}
        for column in sheet.columns:
            if column.header in keys:
                is_right = column.key == keys[column.header]
                right, wrong = right + is_right, wrong + (not is_right)
    assert right / (right + wrong) > 0.95, (right, wrong)


def test_other_headers_of_other_councils(schema: Schema, tmp_path: Path) -> None:
    """Headers that no list of ours was made from."""
    path = tmp_path / "other.csv"
    path.write_text(
        "Project,Delivery partner,Funding stream,Total cost,From,To,Target group,Commissioned by\n"
        "Bridge,Bridge Ltd,Home Office,£10000,1/4/2024,31/3/2025,All residents,Testham Council\n"
    )
    (sheet,) = propose(path, schema).sheets
    assert [c.to for c in sheet.columns] == [
        "service.name",
        "provider.name",
        "funder.name",
        "award.amount",
        "award.period",
        "award.period",
        "reach.group",
        "commissioner.name",
    ]
    assert sheet.records["commissioning"].cells == {
        "agency": "@commissioner",
        "role": "commissions",
        "service": "@service",
    }


def test_the_day_of_a_sheet_is_what_the_workbook_says_and_never_today(
    own: Path, schema: Schema
) -> None:
    with zipfile.ZipFile(own) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    about = parts["docProps/core.xml"]
    element = rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)"
    parts["docProps/core.xml"] = re.sub(element, b"", about)
    own.write_bytes(zipped(parts))
    assert propose(own, schema).source["date"] == "?"
    parts["docProps/core.xml"] = re.sub(element, rb"\g<1>2025-05-06T07:08:09Z\g<2>", about)
    own.write_bytes(zipped(parts))
    source = propose(own, schema).source
    assert (source["date"], source["id"]) == ("2025-05-06", "sheet-list")
    assert source["date_ground"] == "The workbook says that it was last saved on this day."


@pytest.mark.parametrize("slug", ["../../etc", "shared", "", "A b"])
def test_a_partnership_has_a_name_that_is_safe(
    slug: str, own: Path, schema: Schema, live: PropertyGraph
) -> None:
    (problem,) = read_sheet(own, decided(own, schema, live), slug, schema).problems
    assert problem.expected.startswith("a name of lower-case letters")


# ---------------------------------------------------------------- the rows


def test_one_row_becomes_records_of_several_tables(
    own: Path, schema: Schema, live: PropertyGraph
) -> None:
    found = read_sheet(own, decided(own, schema, live), "testham", schema)
    where = {"source": "sheet-list", "place": "Our list, row 4", "basis": "stated"}
    assert rows(found, "services")["haven-house"] == {
        "name": "Haven house",
        "standing": "operating",
        "area": "testham",
        **where,
    }
    assert set(rows(found, "agencies")) == {"haven", "hope", "council"}
    assert rows(found, "agencies")["haven"]["place"] == "Our list, row 4; Our list, row 6"
    assert len(rows(found, "provisions")) == 4
    awards = {a["pays_for"]: a for a in rows(found, "awards").values()}
    assert awards["haven-house"]["period"] == "2025-04-01/2026-03-31"
    assert awards["advice"]["period"] == "2025-04-01/.."
    assert awards["idva"]["period"] == "2025-04-01/2027-03"
    assert [awards[s]["amount"] for s in ("haven-house", "advice", "idva")] == [
        "30000",
        "12500",
        "45000.5",
    ]
    assert {(r["service"], r["group"]) for r in rows(found, "reaches").values()} == {
        ("haven-house", "client-group/men"),
        ("haven-house", "client-group/residents"),
        ("advice", "client-group/residents"),
        ("idva", "client-group/men"),
    }
    assert [(left.what, left.times) for left in found.left] == [
        ('the column "Comments"', 1),
        ('the column "Contact e-mail"', 2),
    ]
    assert "example" not in repr(found.tables)


def test_it_goes_the_same_road_and_twice_changes_nothing(
    own: Path, schema: Schema, live: PropertyGraph, tmp_path: Path
) -> None:
    mapping = decided(own, schema, live)
    found = read_safely(read_sheet, own, mapping, "testham", schema)
    here = read_sheet(own, mapping, "testham", schema)
    assert (found.tables, found.left, [*found.problems]) == (here.tables, here.left, [])
    merged = merge(found, live, schema)
    # Testham has an agency and a service of these ids: they are not taken for the same.
    assert [(c.table, c.id) for c in merged.conflicts] == [
        ("agencies", "council"),
        ("services", "advice"),
    ]
    once = write_release(dataset_of(merged.partnerships, (), schema), tmp_path / "home")
    again = merge(found, read_graph(once, schema), schema)
    content = dataset_of(again.partnerships, (), schema)
    assert b"".join(content) == once.path.read_bytes()
    # The order of the rows is nothing.
    other = read_sheet(workbook(own, ROWS[::-1]), mapping, "testham", schema)
    assert {r.id for r in other.tables.rows} == {r.id for r in found.tables.rows}


def test_what_is_wrong_is_told_with_the_sheets_own_words(
    schema: Schema, live: PropertyGraph, tmp_path: Path
) -> None:
    path = workbook(tmp_path / "list.xlsx")
    mapping = decided(path, schema, live)
    book = load_workbook(path)
    sheet = book["Our list"]
    sheet["E5"], sheet["F5"], sheet["G6"] = "about £9,000", "5/2025", "some day"
    book.save(path)
    found = read_sheet(path, mapping, "testham", schema)
    assert [str(p) for p in found.problems] == [
        'list.xlsx, sheet Our list, row 5, column "Annual value (£)" has "about £9,000"; expected '
        "a number. Correct the cell, or say in the mapping what it means.",
        'list.xlsx, sheet Our list, row 5, column "Start date" has "5/2025"; expected a date with '
        "its numbers as day/month/year. Correct the cell, or say in the mapping what it means.",
        'list.xlsx, sheet Our list, row 6, column "Contract end" has "some day"; expected a date. '
        "Correct the cell, or say in the mapping what it means.",
    ]
    assert len(found.tables.rows) == 0


def test_what_the_build_finds_has_the_sheets_headers(
    schema: Schema, live: PropertyGraph, tmp_path: Path
) -> None:
    path = workbook(tmp_path / "list.xlsx")
    mapping = decided(path, schema, live)
    book = load_workbook(path)
    sheet = book["Our list"]
    sheet["A4"], sheet["C5"], sheet["J6"] = "Haven, ring 01632 960123", "Circus", "Farhamm"
    book.save(path)
    found = read_sheet(path, mapping, "testham", schema)
    with pytest.raises(InputError) as error:
        dataset_of(merge(found, live, schema).partnerships, found.problems, schema)
    own = in_own_words(error.value.problems, mapping, schema)
    assert {(p.file, p.row, p.column, p.value) for p in own} >= {
        ("list.xlsx, sheet Our list", 4, "Service name", ""),
        ("list.xlsx, sheet Our list", 5, "Sector", "Circus"),
        ("list.xlsx, sheet Our list", 6, "Borough", "farhamm"),
    }


def test_one_name_with_two_meanings_is_told(
    schema: Schema, live: PropertyGraph, tmp_path: Path
) -> None:
    twice = (*ROWS[0][:10], "Not yet open", *ROWS[0][11:])
    path = workbook(tmp_path / "list.xlsx", (*ROWS, twice))
    (problem,) = read_sheet(path, decided(path, schema, live), "testham", schema).problems
    assert (problem.row, problem.column, problem.value) == (7, "Status", "planned")
    assert problem.expected == '"operating", as row 4 says of haven-house'


def test_an_amount_is_not_counted_twice(own: Path, schema: Schema, live: PropertyGraph) -> None:
    mapping = decided(
        own, schema, live, **{'to = "funder.name"': 'to = "funder.name"\nsplit = "o"'}
    )
    told = read_sheet(own, mapping, "testham", schema).problems
    assert [(p.row, p.column) for p in told] == [
        (4, "Annual value (£)"),
        (5, "Annual value (£)"),
        (6, "Annual value (£)"),
    ]


# ---------------------------------------------------------------- the mapping's mistakes


def test_a_mapping_that_is_no_toml_is_told_with_its_line(schema: Schema, tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text('[source]\nid = "a"\nkind = register\n')
    with pytest.raises(InputError, match=r"m\.toml, row 3: expected TOML in UTF-8"):
        read_mapping(path, schema)
    for content in (b"\xff\xfe", b"a = " + b"[" * 100_000):
        path.write_bytes(content)
        with pytest.raises(InputError, match=r"m\.toml"):
            read_mapping(path, schema)
    with pytest.raises(InputError, match="No such file"):
        read_mapping(tmp_path / "none.toml", schema)


def test_every_mistake_is_told_with_its_key(schema: Schema, tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text(
        """\
sheet = 1
[source]
id = "x"
titel = "X"
kind = "register"
date = 2026-01-01
[[sheets]]
sheet = "A"
header_row = 0
merged = "perhaps"
[sheets.records.service]
table = "servics"
[sheets.records.award]
table = "awards"
fund = "@founder"
statuss = "secured"
[[sheets.columns]]
header = "A"
to = "award.amuont"
date = "day/month"
[[sheets.columns]]
to = "nothing.name"
words = "x"
"""
    )
    with pytest.raises(InputError) as error:
        read_mapping(path, schema)
    told = {p.column: p.advice for p in error.value.problems}
    advised = {
        "source.titel": 'Did you mean "title"?',
        "sheets[1].records.service.table": 'Did you mean "services"?',
        "sheets[1].records.award.statuss": 'Did you mean "status"?',
        "sheets[1].columns[1].to": 'Did you mean "award.amount"?',
        "sheets[1].columns[1].date": 'Did you mean "day/month/year"?',
    }
    assert {key: told[key] for key in advised} == advised
    assert set(told) == {
        "sheet",
        "source.titel",
        "source.title",
        "source.date",
        "sheets[1].header_row",
        "sheets[1].merged",
        "sheets[1].records.service.table",
        "sheets[1].records.award.fund",
        "sheets[1].records.award.statuss",
        "sheets[1].columns[1].to",
        "sheets[1].columns[1].date",
        "sheets[1].columns[2].header",
        "sheets[1].columns[2].to",
        "sheets[1].columns[2].words",
    }


def test_a_mapping_for_another_sheet_is_told(
    own: Path, schema: Schema, live: PropertyGraph
) -> None:
    mapping = decided(own, schema, live, **{'sheet = "Our list"': 'sheet = "Their list"'})
    (problem,) = read_sheet(own, mapping, "testham", schema).problems
    assert (problem.value, problem.advice) == (
        "Their list",
        'It has: "Our list". Correct the mapping.',
    )
    mapping = decided(own, schema, live, **{'header = "Borough"': 'header = "District"'})
    (problem,) = read_sheet(own, mapping, "testham", schema).problems
    assert (problem.row, problem.column) == (3, "District")


# ---------------------------------------------------------------- cells


def test_formulas_errors_and_merged_cells_are_refused_with_their_place(
    own: Path, schema: Schema, live: PropertyGraph
) -> None:
    mapping = decided(own, schema, live)
    book = load_workbook(own)
    sheet = book["Our list"]
    sheet["E4"], sheet["M4"], sheet["B5"] = "=1+1", "=NOW()", "#REF!"
    sheet.merge_cells("D5:D6")
    sheet.merge_cells("A1:M1")
    book.save(own)
    found = read_sheet(own, mapping, "testham", schema)
    assert [(p.row, p.column, p.expected) for p in found.problems] == [
        (4, "Annual value (£)", "a value, not a formula"),
        (5, "Funded by", "a cell of its own in each row"),
        (5, "Run by", "a value, not an error"),
    ]
    mapping = decided(own, schema, live, **{'merged = "refuse"': 'merged = "fill"'})
    book["Our list"]["E4"], book["Our list"]["B5"] = 1, "Council"
    book.save(own)
    found = read_sheet(own, mapping, "testham", schema)
    assert {a["fund"] for a in rows(found, "awards").values()} == {"moj", "core"}
    assert [a["fund"] for a in rows(found, "awards").values() if a["pays_for"] == "idva"] == [
        "core"
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_of_any_encoding_and_separator(
    separator: str, encoding: str, schema: Schema, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    text = "Service;Provider;Amount (£);Funder\nCafé, the;Zoë’s; £1,000;A\nB;C;£2;A\n"
    lines = [
        separator.join(f'"{cell}"' if separator in cell else cell for cell in line.split(";"))
        for line in text.splitlines()
    ]
    path.write_bytes("\r\n".join(lines).encode(encoding))
    mapping = propose(path, schema)
    beside = tmp_path / "list.toml"
    write_mapping(mapping, beside, schema)
    text = beside.read_text().replace('status = "?"', 'status = "secured"')
    beside.write_text(text.replace('date = "?"', 'date = "2025"'))
    mapping = read_mapping(beside, schema)
    assert (mapping.encoding, mapping.separator) == (encoding, separator)
    found = read_sheet(path, mapping, "testham", schema)
    assert rows(found, "services")["cafe-the"]["name"] == "Café, the"
    assert rows(found, "agencies")["zoes"]["name"] == "Zoë’s"
    assert {a["amount"] for a in rows(found, "awards").values()} == {"1000", "2"}
    assert bool(found.left) is (encoding == "cp1252")
    if found.left:
        assert "that of Windows" in found.left[0].why


@pytest.mark.parametrize(
    ("text", "form", "read"),
    [
        ("31/03/2015", "day/month/year", "2015-03-31"),
        ("3/31/15", "month/day/year", "2015-03-31"),
        ("31.3.15", "day/month/year", "2015-03-31"),
        ("2015-03-31", "", "2015-03-31"),
        ("2015/3/31", "", "2015-03-31"),
        ("31/03/2015", "", None),
        ("31/02/2015", "day/month/year", None),
        ("31st March 2015", "", "2015-03-31"),
        ("31-Mar-15", "", "2015-03-31"),
        ("Sept 2015", "", "2015-09"),
        ("2014/15", "", "2014-04/2015-03"),
        ("2014-2015", "", "2014-04/2015-03"),
        ("2011-12", "", "2011-12"),
        ("2015", "", "2015"),
        ("soon", "", None),
        ("", "", None),
    ],
)
def test_dates(text: str, form: str, read: str | None) -> None:
    assert date_of(text, form) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("£30,000", "30000"),
        ("30k", "30000"),
        ("£1.25m", "1250000"),
        ("12.50", "12.50"),
        ("£30,000 p.a.", None),
        ("n/a", None),
        ("-5", None),
    ],
)
def test_money(text: str, read: str | None) -> None:
    assert money_of(text) == read


# ---------------------------------------------------------------- hostile files


def zipped(parts: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def changed(path: Path, change: Callable[[bytes], bytes]) -> bytes:
    with zipfile.ZipFile(workbook(path)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts["xl/worksheets/sheet1.xml"] = change(parts["xl/worksheets/sheet1.xml"])
    return zipped(parts)


def test_hostile_sheets_are_told(schema: Schema, tmp_path: Path) -> None:
    spare = tmp_path / "spare.xlsx"
    doctype = b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet'
    end = b"</sheetData>"
    merged = b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    hostile = {
        "bomb.xlsx": zipped({"xl/workbook.xml": bytes(200 * 1024 * 1024)}),
        "dtd.xlsx": changed(spare, lambda x: x.replace(b"<worksheet", doctype)),
        "far.xlsx": changed(spare, lambda x: x.replace(b'r="6"', b'r="1048576"').replace(
            b'r="A6"', b'r="A1048576"')),
        "merged.xlsx": changed(spare, lambda x: x.replace(end, end + merged)),
        "cut.xlsx": workbook(spare).read_bytes()[:3000],
        "text.xlsx": b"Service,Provider\n",
        "path.xlsx": zipped({"../../etc/passwd": b"x"}),
        "empty.xlsx": b"",
        "binary.csv": b"PK\x03\x04\0\0",
        "empty.csv": b"",
        "quote.csv": b'a,b\n"x,y\n',
        "bad.csv": b"\x81\x8d\x8f",
        "field.csv": b"a,b\n" + b"x" * 200_000 + b",y\n",
        "list.ods": b"",
    }  # fmt: skip
    for name, content in hostile.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(InputError) as error:
            read_safely(propose, path, schema)
        (problem,) = error.value.problems
        assert problem.file.startswith(name)
        assert problem.advice.endswith("."), problem
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as file:
        file.truncate(500 * 1024**2)
    with pytest.raises(InputError, match="it has 500 MB"):
        read_book(huge)


def test_a_cell_like_a_formula_in_csv_is_only_text(schema: Schema, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Service,Provider\n=cmd|' /C calc'!A0,@SUM(A1)\n")
    (grid,) = read_book(path).grids
    assert grid.lines[1] == ("=cmd|' /C calc'!A0", "@SUM(A1)")


# ---------------------------------------------------------------- the marked copy


def test_wrong_cells_are_marked_in_a_copy(
    graph: PropertyGraph, schema: Schema, tmp_path: Path
) -> None:
    path = tmp_path / "example.xlsx"
    write_workbook(graph, schema, "example", path)
    book = load_workbook(path)
    sheet = book["services"]
    headers = [cell.value.removesuffix(" *") for cell in sheet[1]]
    sheet.cell(3, headers.index("standing") + 1).value = "runs"
    sheet.cell(4, headers.index("opened") + 1).value = "=1+1"
    sheet.cell(1, headers.index("wait") + 1).value = "waits"
    book.save(path)
    before = path.read_bytes()
    tables, problems = read_workbook(path, schema)
    with pytest.raises(InputError) as error:
        dataset_of([tables], problems, schema)
    out = marked_path(path)
    marks = read_safely(write_marked, path, error.value.problems, out)
    assert (out, path.read_bytes()) == (tmp_path / "marked" / "example.xlsx", before)
    copy = load_workbook(out)["services"]
    red = [c.coordinate for row in copy for c in row if c.fill.fgColor.rgb == "00FFC7CE"]
    assert len(red) == marks == 3
    wrong = copy.cell(3, headers.index("standing") + 1)
    assert wrong.value == "runs"
    assert wrong.comment.text.startswith("Expected one of: operating, planned")
    formula = copy.cell(4, headers.index("opened") + 1)
    assert (formula.value, formula.comment.text) == (
        "=1+1",
        "Expected a value, not a formula. Copy the cell and paste it as values.",
    )
    header = copy.cell(1, headers.index("wait") + 1).comment.text
    assert header.startswith('Expected a column of this table, once. Did you mean "wait"?')
    assert "– – –" in header, "the help that was there stays"


def test_a_corrected_copy_can_be_imported_and_marked_again(
    graph: PropertyGraph, schema: Schema, tmp_path: Path
) -> None:
    path = tmp_path / "example.xlsx"
    write_workbook(graph, schema, "example", path)
    first = tmp_path / "marked" / "example.xlsx"
    place = "example.xlsx, sheet services"
    told = [
        Problem(place, 2, "name", "", "something", "Do it."),
        Problem(place, 2, "name", "", "another thing", "Do that."),
        Problem(place, 3, "no such header", "", "x", "Y."),
        Problem(place, 0, "", "", "x", "Y."),
        Problem("example.xlsx", 0, "", "", "a partnership", "Fill in."),
    ]
    assert write_marked(path, told, first) == 4
    tables, problems = read_workbook(first, schema)
    assert (tables, problems) == read_workbook(path, schema)
    second = tmp_path / "again" / "example.xlsx"
    assert write_marked(first, told[:2], second) == 1
    sheet = load_workbook(second)["services"]
    assert sheet["A3"].comment is None
    assert (
        sheet["B2"].comment.text == "Expected another thing. Do that.\nExpected something. Do it."
    )
    assert sheet["A1"].comment.text.startswith("A short name of the row")


def test_marks_of_an_own_sheet_stand_at_its_cells(
    own: Path, schema: Schema, live: PropertyGraph, tmp_path: Path
) -> None:
    place = "list.xlsx, sheet Our list"
    told = [
        Problem(place, 5, "Annual value (£)", "", "a number", "Correct it."),
        Problem(f"{place} (award)", 6, "status", "", "a word", "Correct it."),
    ]
    assert write_marked(own, told, tmp_path / "m.xlsx") == 2
    sheet = load_workbook(tmp_path / "m.xlsx")["Our list"]
    assert sheet["E5"].comment.text == "Expected a number. Correct it."
    assert sheet["K6"].comment.text == "Expected a word. Correct it."


def test_a_broken_workbook_is_not_marked(tmp_path: Path, schema: Schema) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"PK")
    with pytest.raises(FingerpostError, match="can be opened"):
        write_marked(path, [], tmp_path / "out.xlsx")
    write_template(schema, path)
    assert write_marked(path, [], tmp_path / "out.xlsx") == 0
