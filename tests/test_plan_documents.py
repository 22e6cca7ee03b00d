"""Reading documents as blocks: one form whatever the format, and hostile files refused."""

import zipfile
from io import BytesIO
from pathlib import Path
from time import perf_counter

import docx
import plan_documents as documents
import pytest

from graph.imports.plan import reading
from graph.imports.plan.document import Block, Table, Text, parts_of, text_of
from graph.imports.plan.draft import read_plan
from graph.imports.plan.reading import read_document
from ontology.schema import Schema


def read(path: Path) -> list[Block]:
    blocks, problem = read_document(path)
    assert problem is None, problem
    return blocks


def rows(block: Block) -> list[list[str]]:
    assert isinstance(block, Table)
    return [[text_of(cell) for cell in line.cells] for line in block.lines]


SAME = [["Action", "Lead", "Deadline"], ["Open a hostel", "Housing Team", "May 2024"]]


def as_docx(path: Path) -> None:
    book = docx.Document()
    book.add_heading("The plan", 1)
    book.add_paragraph("Updated March 2024")
    table = book.add_table(2, 3)
    for line, row in enumerate(SAME):
        for column, text in enumerate(row):
            table.cell(line, column).text = text
    book.save(str(path))


def as_text(path: Path) -> None:
    lines = "\n".join("\t".join(row) for row in SAME)
    path.write_text(f"# The plan\n\nUpdated March 2024\n\n{lines}\n")


def as_markdown(path: Path) -> None:
    head, body = ("| " + " | ".join(row) + " |" for row in SAME)
    path.write_text(f"# The plan\n\nUpdated March 2024\n\n{head}\n|---|---|---|\n{body}\n")


def as_html(path: Path) -> None:
    lines = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in SAME)
    path.write_text(f"<h1>The plan</h1><p>Updated March 2024</p><table>{lines}</table>")


@pytest.mark.parametrize(
    ("name", "write"),
    [("p.docx", as_docx), ("p.txt", as_text), ("p.md", as_markdown), ("p.html", as_html)],
)
def test_each_format_gives_the_same_blocks(name: str, write: object, tmp_path: Path) -> None:
    write(tmp_path / name)  # type: ignore[operator]
    heading, paragraph, table = read(tmp_path / name)
    assert isinstance(heading, Text)
    assert isinstance(paragraph, Text)
    assert (heading.kind, heading.text, heading.place) == ("heading", "The plan", "heading 1")
    assert (paragraph.text, paragraph.place) == ("Updated March 2024", "paragraph 1")
    assert rows(table) == SAME
    assert isinstance(table, Table)
    assert table.place == "table 1"


def test_a_pdf_gives_one_table_over_two_pages_and_no_footers(tmp_path: Path) -> None:
    blocks = read(documents.pdf(tmp_path / "p.pdf"))
    tables = [block for block in blocks if isinstance(block, Table)]
    assert len(tables) == 1
    assert rows(tables[0])[0] == documents.PDF_ROWS[0]
    found = [row for row in rows(tables[0]) if row != documents.PDF_ROWS[0]]
    assert found == documents.PDF_ROWS[1:]
    assert any(line.after_break for line in tables[0].lines[1:]), "the page cut it"


def test_lines_of_a_text_are_kept(tmp_path: Path) -> None:
    path = documents.text(tmp_path / "p.txt", "Title\n\nOne\tTwo\n\nThree\tFour\n")
    _, table = read(path)
    assert isinstance(table, Table)
    assert [(line.line, line.after_break) for line in table.lines] == [("3", True), ("5", True)]


def test_merged_cells_are_told_in_word_and_html(tmp_path: Path) -> None:
    word = read(documents.homelessness(tmp_path / "h.docx"))
    page = read(documents.text(tmp_path / "a.html", documents.ALCOHOL))
    merged = [
        [sorted(line.merged) for line in block.lines]
        for block in (*word, *page)
        if isinstance(block, Table)
    ]
    assert merged == [[[], [], [0], [], [0]], [[], [], [0, 3], [], []]]


def test_a_cell_is_parted_into_paragraphs_and_bullets() -> None:
    cell = parts_of([("Aims: • first • second", False), ("and more", False), ("– third", False)])
    assert [(part.text, part.item) for part in cell] == [
        ("Aims:", False),
        ("first", True),
        ("second and more", True),
        ("third", True),
    ]


def test_scripts_and_hidden_characters_are_not_text(tmp_path: Path) -> None:
    blocks = read(documents.text(tmp_path / "a.html", documents.ALCOHOL + "<p>a\u202eb</p>"))
    texts = [block.text for block in blocks if isinstance(block, Text)]
    assert not any("alert" in text for text in texts)
    assert "a b" in texts


# ---------------------------------------------------------------- hostile files


def refused(path: Path) -> str:
    blocks, problem = read_document(path)
    assert not blocks
    assert problem is not None
    assert problem.file == path.name
    assert problem.advice.endswith((".", ")", "."))
    return problem.expected


def docx_with(path: Path, name: str, content: bytes) -> Path:
    saved = BytesIO()
    docx.Document().save(saved)
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return path


def test_a_dtd_in_a_word_document_is_refused(tmp_path: Path) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>'
    path = docx_with(tmp_path / "p.docx", "word/document.xml", bomb)
    assert "no document type declaration" in refused(path)


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    path = docx_with(tmp_path / "p.docx", "word/media/x.bin", b"\0" * 30_000_000)
    assert "unpack to at most" in refused(path)


@pytest.mark.parametrize("name", ["p.docx", "p.pdf"])
def test_another_kind_of_file_under_the_name_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"GIF89a nothing of the kind")
    assert refused(tmp_path / name) in ("a document that can be opened", "a PDF")


def test_a_damaged_pdf_is_refused(tmp_path: Path) -> None:
    whole = documents.pdf(tmp_path / "whole.pdf").read_bytes()
    (tmp_path / "p.pdf").write_bytes(whole[: len(whole) // 3])
    assert refused(tmp_path / "p.pdf")


def test_a_pdf_without_text_is_refused(tmp_path: Path) -> None:
    from fpdf import FPDF

    paper = FPDF()
    paper.add_page()
    paper.rect(10, 10, 50, 50)
    paper.output(str(tmp_path / "scan.pdf"))
    assert refused(tmp_path / "scan.pdf") == "a document with text in it"


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "p.txt"
    with path.open("wb") as file:
        file.truncate(500 * 1024**2)  # a sparse file: nothing is written or may be read
    assert refused(path) == f"at most {reading.MAX_TEXT // 1024**2} MB"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"Action\tLead\n\xff\xfe\xfa", "text in UTF-8"),
        (b"Action\tLead\n\x00\x01", "text, not binary data"),
        (b"   \n\n", "a document with text in it"),
    ],
)
def test_what_is_no_text_is_refused(content: bytes, expected: str, tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_bytes(content)
    assert refused(tmp_path / "p.txt") == expected


def test_a_declared_encoding_is_read(tmp_path: Path) -> None:
    page = '<meta charset="windows-1252"><p>the council\u2019s plan</p>'
    (tmp_path / "p.html").write_bytes(page.encode("windows-1252"))
    (tmp_path / "p.txt").write_text("the council\u2019s plan", encoding="utf-16")
    for name in ("p.html", "p.txt"):
        (block,) = read(tmp_path / name)
        assert isinstance(block, Text)
        assert block.text == "the council\u2019s plan"


def test_an_unknown_format_or_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p.odt").write_bytes(b"x")
    assert "one of the formats" in refused(tmp_path / "p.odt")
    assert refused(tmp_path / "absent.docx") == "a file"
    (tmp_path / "folder.txt").mkdir()
    assert refused(tmp_path / "folder.txt") == "a file"


def test_deep_nesting_and_wide_spans_are_bounded(tmp_path: Path) -> None:
    deep = "<div>" * 50_000 + "<p>x</p>"
    read_document(documents.text(tmp_path / "deep.html", deep))  # no crash is the point
    wide = "<table><tr><td rowspan=99999999 colspan=99999999>a</td></tr><tr><td>b</td></tr></table>"
    (table,) = read(documents.text(tmp_path / "wide.html", wide))
    assert isinstance(table, Table)
    assert max(len(line.cells) for line in table.lines) <= 201


@pytest.mark.parametrize(
    "line",
    [
        "<" + " " * 200_000 + "x",
        "# a" + " " * 200_000 + "b",
        "---" + " " * 200_000 + "x\t",
        " " * 200_000 + "x",
        "a" * 200_000 + "\tb",
        "A" * 50_000 + " " + "Aa " * 50_000 + "(",
        "|" * 200_000,
    ],
)
def test_no_line_keeps_the_reader_busy(line: str, tmp_path: Path, schema: Schema) -> None:
    head = "Action\tLead\tDeadline\tProgress\nOpen it\tHealth\tMay 2020\tDone\n"
    path = documents.text(tmp_path / "p.txt", f"{head}{line}\t{line}\t{line}\t{line}\n{line}\n")
    started = perf_counter()
    read_plan(path, "x", schema)
    assert perf_counter() - started < 8
