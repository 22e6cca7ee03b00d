"""The forms of a board paper: PDF, Word, HTML and workbook say the same, and the same each time."""

import datetime
import hashlib
import io
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pdfplumber
import pytest
from axe_playwright_python.sync_playwright import Axe
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.shared import Emu
from docx.table import _Row
from lxml import etree, html
from openpyxl import load_workbook
from paper_made_by_hand import (
    DAMAGED,
    DAY,
    HOSTILE,
    LONG,
    MARKING,
    PLAN,
    REVIEW,
    WIDE,
    figure,
    paper,
    section,
)
from pdfplumber.pdf import PDF
from playwright.sync_api import Browser
from test_browser import RULES
from test_browser import browser as browser

from visualise.paper.forms import Form, file_name, written
from visualise.paper.model import Block, Note, Paper, Paragraph, Picture, Points, Table
from visualise.paper.numbering import Heading, Listed, Shown, Tabled, parts
from visualise.paper.pages import runs, widths
from visualise.paper.pictures import drawn

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
DP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
ASVG = "{http://schemas.microsoft.com/office/drawing/2016/SVG/main}"


def straight(text: str) -> str:
    """A text as it compares: typst curls quotation marks, and lines break where they must."""
    return "".join(text.split()).translate(str.maketrans("‘’“”", "''\"\""))


@pytest.fixture(scope="module")
def made() -> dict[Form, bytes]:
    """The paper made by hand in each form."""
    return {form: written(paper(), form).content for form in Form}


# ---------------------------------------------------------------- the order and the numbers


def test_notes_have_one_number_each_in_the_order_of_citing() -> None:
    laid = parts(paper())
    (first,) = [one for one in laid if isinstance(one, Listed) and one.numbered]
    assert [[(m.number, m.time) for m in p.notes] for p in first.points] == [
        [(1, 1)],
        [(1, 2), (2, 1)],
        [(3, 1)],
    ]
    tables = [one for one in laid if isinstance(one, Tabled)]
    assert [t.label for t in tables] == ["Table 1", "Table 2", "Table 3"]
    assert [m.number for m in tables[0].notes[0]] == [1, 2]
    assert tables[1].notes == ()
    assert tables[2].rows[1] == ("x", ""), "a short row is filled"
    assert [o.label for o in laid if isinstance(o, Shown)] == ["Figure 1", "Figure 2"]


def test_headings_go_down_one_by_one_and_the_first_appendix_begins_a_page() -> None:
    found = [one for one in parts(paper()) if isinstance(one, Heading)]
    assert [(h.text, h.level) for h in found] == [
        ("Purpose", 1),
        ("Summary", 1),
        ("Money", 1),
        ("Awards that end", 2),
        ("In detail", 3),
        ("Appendix A: money", 1),
        ("Appendix B: =1+1", 1),
    ]
    assert [h.text for h in found if h.begins] == ["Appendix A: money"]


def test_a_row_with_too_many_cells_is_refused() -> None:
    broken = paper(sections=(section("A", Table("Money", ("A",), (("1", "2"),))),))
    with pytest.raises(ValueError, match="Money"):
        parts(broken)


def test_a_wide_table_takes_its_heading_with_it() -> None:
    blocks: tuple[Block, ...] = (Paragraph("One."), Paragraph("Two."), WIDE, Paragraph("After."))
    laid = parts(paper(sections=(section("First", Paragraph("x")), section("Second", *blocks))))
    assert [(run.wide, len(run.parts)) for run in runs(laid)] == [(False, 2), (True, 4), (False, 1)]


def test_a_heading_with_much_before_its_wide_table_stays_upright() -> None:
    laid = parts(paper(sections=(section("A", *[Paragraph("x")] * 6, WIDE),)))
    assert [(run.wide, len(run.parts)) for run in runs(laid)] == [(False, 7), (True, 1)]


def test_a_broad_figure_lies_on_its_side() -> None:
    broad = replace(figure(), width=1200)
    laid = parts(paper(sections=(section("A", Picture(broad, "Broad.")),)))
    assert [run.wide for run in runs(laid)] == [True]


def test_no_column_is_narrower_than_its_longest_word() -> None:
    table = next(one for one in parts(paper()) if isinstance(one, Tabled) and one.wide)
    shares = widths(table)
    assert sum(shares) == pytest.approx(1, abs=0.01)
    for share, header, *cells in zip(shares, table.headers, *table.rows, strict=True):
        longest = max(len(word) for text in (header, *cells) for word in text.split())
        assert share * 145 >= longest, header
    assert shares[-1] == max(shares), "what is said has most room"


# ---------------------------------------------------------------- figures


def test_figures_lose_their_links_and_keep_what_they_show() -> None:
    svg = drawn(figure(leads="/services/a/b"))
    root = etree.fromstring(svg.encode())
    tags = {etree.QName(e).localname for e in root.iter()}
    assert "a" not in tags and "/services" not in svg
    assert root.get("role") == "img"
    assert "31 March 2013" in root.get("aria-label")
    assert "Another service" in svg


def test_two_figures_in_one_page_share_no_name(made: dict[Form, bytes]) -> None:
    ids = html.fromstring(made[Form.html]).xpath("//@id")
    assert len(ids) == len(set(ids))
    svg = drawn(figure())
    used = set(re.findall(r"url\(#([^)]+)\)", svg))
    assert used and used <= set(re.findall(r'id="([^"]+)"', svg))


# ---------------------------------------------------------------- PDF


@pytest.fixture(scope="module")
def pdf(made: dict[Form, bytes]) -> Iterator[PDF]:
    with pdfplumber.open(io.BytesIO(made[Form.pdf])) as found:
        yield found


def test_the_pdf_is_tagged_and_says_its_title_and_language(pdf: PDF) -> None:
    catalogue = pdf.doc.catalog
    assert catalogue["Lang"] == b"en-GB"
    assert catalogue["MarkInfo"]["Marked"] is True
    assert "StructTreeRoot" in catalogue and "Outlines" in catalogue
    assert pdf.metadata["Title"] == paper().title
    assert b"<pdfuaid:part>1</pdfuaid:part>" in catalogue["Metadata"].resolve().get_data()


def structure(pdf: PDF) -> Iterator[tuple[str, dict[str, object]]]:
    """Each element of the structure tree: its type and attributes."""

    def below(nodes: list[dict[str, object]]) -> Iterator[tuple[str, dict[str, object]]]:
        for node in nodes:
            yield str(node.get("type")), node
            yield from below(node.get("children", []))  # type: ignore[arg-type]

    yield from below(pdf.structure_tree)


def test_the_pdf_has_headings_headers_lists_notes_and_alt_texts(pdf: PDF) -> None:
    kinds = [kind for kind, _ in structure(pdf)]
    assert kinds.count("H1") == 6 and kinds.count("H2") == 1 and kinds.count("H3") == 1, (
        "Contents is a heading too"
    )
    assert kinds.count("Table") == 3
    assert kinds.count("TH") >= len(LONG.headers) + 1 + len(WIDE.headers) + 2
    assert kinds.count("L") >= 2
    assert "Note" in kinds or "FENote" in kinds
    alts = [str(node["alt_text"]) for kind, node in structure(pdf) if kind == "Figure"]
    assert len(alts) == 2 and all("31 March 2013" in alt for alt in alts)


def test_every_page_of_the_pdf_is_marked_and_numbered(pdf: PDF) -> None:
    total = len(pdf.pages)
    assert total > 5
    for number, page in enumerate(pdf.pages, 1):
        text = " ".join(page.extract_text().split())
        assert text.startswith(MARKING), number
        assert text.endswith(f"Page {number} of {total}"), number


def test_wide_tables_lie_on_their_side_with_their_heading(pdf: PDF) -> None:
    wide = [page for page in pdf.pages if page.width > page.height]
    assert wide and "Appendix A: money" in wide[0].extract_text()
    assert "Specialist service number 15" in " ".join(wide[-1].extract_text().split())
    assert all(len(page.extract_text()) > 150 for page in pdf.pages), "no page is empty"


def test_long_tables_repeat_their_headers(pdf: PDF) -> None:
    with_rows = [page for page in pdf.pages if "Service number" in page.extract_text()]
    assert len(with_rows) >= 2
    for page in with_rows:
        assert "For whom" in page.extract_text()


def test_footnotes_stand_once_and_on_the_page_that_cites_them_first(pdf: PDF) -> None:
    texts = [" ".join(page.extract_text().split()) for page in pdf.pages]
    assert sum(text.count(str(REVIEW)) for text in texts) == 1
    (there,) = [text for text in texts if "The adviser service has no money" in text]
    assert str(PLAN) in there and str(REVIEW) in there
    assert straight(str(DAMAGED)) in straight(there)


def test_the_pdf_says_hostile_text_as_it_is(pdf: PDF) -> None:
    told = straight("".join(page.extract_text() for page in pdf.pages))
    # In a list, in the caption, in a header and in a cell; the line of the note is broken by it.
    assert told.count(straight(HOSTILE)) >= 3
    assert straight("£25,000 ×") in told, "a sign that the typeface lacks has one in its place"
    assert "□" not in told


def test_figures_in_the_pdf_are_vectors_with_letters(pdf: PDF) -> None:
    assert [image for page in pdf.pages for image in page.images] == []
    assert any("Another service" in page.extract_text() for page in pdf.pages)


def test_letters_without_a_typeface_are_boxes_and_told() -> None:
    there = paper(sections=(section("A", Picture(figure(("বাংলা ŵ",)), "Bangla: ব")),))
    found = written(there, Form.pdf)
    assert "ব" in found.missing and "ŵ" not in found.missing
    assert found.content.startswith(b"%PDF")


def test_an_empty_paper_can_be_made_in_each_form() -> None:
    empty = paper(sections=(), notices=(), facts=(), subtitle="")
    for form in Form:
        assert len(written(empty, form).content) > 500


# ---------------------------------------------------------------- Word


@pytest.fixture(scope="module")
def word(made: dict[Form, bytes]) -> WordDocument:
    return Document(io.BytesIO(made[Form.docx]))


def part_of(content: bytes, name: str) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return etree.fromstring(package.read(name))


def test_word_headings_lists_and_captions_have_their_styles(word: WordDocument) -> None:
    told = [(p.style.name, p.text) for p in word.paragraphs if p.style and p.text]
    assert told[0] == ("Title", paper().title)
    assert [text for style, text in told if style == "Heading 1"] == [
        "Purpose", "Summary", "Money", "Appendix A: money", "Appendix B: =1+1"
    ]  # fmt: skip
    assert ("Heading 2", "Awards that end") in told and ("Heading 3", "In detail") in told
    assert ("Caption", "Figure 1. Money over time.") in told
    assert ("Caption", "Table 2. Money, award by award") in told
    assert sum(style == "List Number" for style, _ in told) == 3
    assert ("List Bullet", HOSTILE) in told
    assert ("Completeness", "11 of 27 awards have an amount.") in told
    assert ("Notice", "This is made up. No service here is real.") in told


def test_word_says_its_title_language_and_day_and_no_author(
    word: WordDocument, made: dict[Form, bytes]
) -> None:
    about = word.core_properties
    day = datetime.datetime.combine(DAY, datetime.time(), tzinfo=datetime.UTC)
    assert (about.title, about.language, about.author) == (paper().title, "en-GB", "")
    assert about.created == about.modified == day
    languages = part_of(made[Form.docx], "word/styles.xml").findall(f".//{W}lang")
    assert [one.get(f"{W}val") for one in languages] == ["en-GB"]
    with zipfile.ZipFile(io.BytesIO(made[Form.docx])) as package:
        everything = b"".join(package.read(name) for name in package.namelist())
    assert b"Microsoft Macintosh" not in everything and b"python-docx" not in everything


def test_word_footnotes_are_real_and_a_note_stands_once(made: dict[Form, bytes]) -> None:
    notes = part_of(made[Form.docx], "word/footnotes.xml")
    told = {
        note.get(f"{W}id"): "".join(note.itertext()).strip() for note in notes.iter(f"{W}footnote")
    }
    assert {k: v for k, v in told.items() if v} == {
        "1": str(REVIEW), "2": str(PLAN), "3": str(DAMAGED)
    }  # fmt: skip
    body = part_of(made[Form.docx], "word/document.xml")
    cited = [one.get(f"{W}id") for one in body.iter(f"{W}footnoteReference")]
    assert cited == ["1", "2", "3"]
    again = [t for e in body.iter(f"{W}instrText") if "NOTEREF" in (t := e.text or "")]
    named = {b.get(f"{W}name") for b in body.iter(f"{W}bookmarkStart")}
    assert len(again) == 1 + 1 + 80 + 40 + 1
    assert {text.split()[1] for text in again} <= named


def is_header(row: _Row) -> bool:
    return row._tr.find(f"{W}trPr/{W}tblHeader") is not None


def test_word_tables_repeat_their_headers_and_break_no_row(word: WordDocument) -> None:
    facts, long, wide, last = word.tables
    assert [c.text for c in facts.rows[0].cells] == ["Report to", "Community safety board"]
    for table in (long, wide, last):
        assert [is_header(row) for row in list(table.rows)[:3]] == [True, False, False]
        assert all(row._tr.find(f"{W}trPr/{W}cantSplit") is not None for row in table.rows)
    assert len(long.rows) == 81
    assert [c.text for c in long.rows[0].cells] == [*LONG.headers, "Notes"]
    assert [c.text for c in wide.rows[3].cells] == list(WIDE.rows[2])
    assert last.rows[1].cells[1].text == HOSTILE


def test_word_has_wide_pages_and_is_marked_on_each(word: WordDocument) -> None:
    found = [one.orientation for one in word.sections]
    assert found == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]
    for one in word.sections:
        short, long = sorted((one.page_width or 0, one.page_height or 0))
        assert (round(Emu(short).mm), round(Emu(long).mm)) == (210, 297)
        assert one.header.paragraphs[0].text == MARKING
        footer = one.footer.paragraphs[0]._p
        assert [e.text.strip() for e in footer.iter(f"{W}instrText")] == ["PAGE", "NUMPAGES"]


def test_word_figures_are_vectors_with_dots_beside_and_words(made: dict[Form, bytes]) -> None:
    body = part_of(made[Form.docx], "word/document.xml")
    said = [one.get("descr") for one in body.iter(f"{DP}docPr")]
    assert len(said) == 2 and all("31 March 2013" in one for one in said)
    joined = part_of(made[Form.docx], "word/_rels/document.xml.rels")
    targets = {one.get("Id"): one.get("Target") for one in joined}
    with zipfile.ZipFile(io.BytesIO(made[Form.docx])) as package:
        for one in body.iter(f"{ASVG}svgBlip"):
            assert package.read(f"word/{targets[one.get(f'{R}embed')]}").startswith(b"<svg")
        pngs = [name for name in package.namelist() if name.endswith(".png")]
        assert len(pngs) == 2
        assert all(package.read(name).startswith(b"\x89PNG") for name in pngs)


def test_every_part_of_the_word_file_is_declared_and_well_formed(made: dict[Form, bytes]) -> None:
    types = part_of(made[Form.docx], "[Content_Types].xml")
    known = {one.get("PartName", "").lstrip("/") for one in types}
    endings = {one.get("Extension") for one in types}
    with zipfile.ZipFile(io.BytesIO(made[Form.docx])) as package:
        for name in package.namelist():
            assert name in known or name.rpartition(".")[2] in endings, name
            if name.endswith((".xml", ".rels", ".svg")):
                etree.fromstring(package.read(name))


def test_numbered_lists_begin_at_one_each() -> None:
    points = Points((Paragraph("First"), Paragraph("Second")), numbered=True)
    content = written(paper(sections=(section("A", points, points),)), Form.docx).content
    body = part_of(content, "word/document.xml")
    used = [one.get(f"{W}val") for one in body.iter(f"{W}numId")]
    assert used == ["3", "3", "4", "4"]
    made = part_of(content, "word/numbering.xml")
    again = [n for n in made.iter(f"{W}num") if n.find(f".//{W}startOverride") is not None]
    assert [one.get(f"{W}numId") for one in again] == ["3", "4"]


def test_text_that_no_xml_can_hold_is_left_out() -> None:
    content = written(paper(title="Odd \x00\x0b\ufffe title \ud800"), Form.docx).content
    assert Document(io.BytesIO(content)).paragraphs[0].text == "Odd  title "


# ---------------------------------------------------------------- HTML


@pytest.fixture(scope="module")
def page(made: dict[Form, bytes]) -> html.HtmlElement:
    return html.fromstring(made[Form.html].decode())


def test_the_html_needs_nothing_and_runs_nothing(made: dict[Form, bytes]) -> None:
    found = html.fromstring(made[Form.html].decode())
    assert found.xpath("//script | //link | //img | //iframe | //@style | //@src") == []
    assert [h for h in found.xpath("//@href") if not h.startswith("#")] == []
    assert not re.search(r"https?://(?!www\.w3\.org/)", made[Form.html].decode())
    targets = set(found.xpath("//@id"))
    assert {h[1:] for h in found.xpath("//@href")} <= targets


def test_the_html_has_headings_in_order_a_skip_link_and_its_marking(
    page: html.HtmlElement,
) -> None:
    levels = [int(h.tag[1]) for h in page.iter("h1", "h2", "h3", "h4")]
    assert levels == [1, 2, 2, 2, 2, 3, 4, 2, 2, 2]
    assert page.get("lang") == "en-GB"
    assert page.xpath("//body/a[1]/@href") == ["#main"]
    assert page.xpath("string(//body/header)").strip() == MARKING
    assert page.xpath("string(//title)") == paper().title


def test_the_html_lists_notes_with_ways_back(page: html.HtmlElement) -> None:
    told = [" ".join(li.text.split()) for li in page.xpath("//ol[@class='notes']/li")]
    assert told == [str(REVIEW), str(PLAN), str(DAMAGED)]
    back = page.xpath("//li[@id='note-1']/a/@href")
    assert len(back) == 1 + 1 + 1 + 80 and back[0] == "#cited-1-1"
    assert page.xpath("//a[@id='cited-3-1']/@href") == ["#note-3"]


def test_the_html_says_hostile_text_as_it_is(page: html.HtmlElement) -> None:
    assert page.xpath("//ul/li[contains(., '#panic')]")[0].text_content() == HOSTILE
    assert page.xpath("//g[@onload] | //*[local-name()='g'][@onload]") == []


def test_a_hostile_marking_stays_within_its_string() -> None:
    marking = 'x"; } </style><script>alert(1)</script> \\'
    text = written(paper(marking=marking), Form.html).content.decode()
    assert html.fromstring(text).xpath("//script") == []
    (told,) = re.findall(r'@top-left \{ content: "([^"]*)"', text)
    assert re.fullmatch(r"(?:[A-Za-z0-9 ]|\\[0-9a-f]{6})+", told)


@pytest.mark.parametrize("width", [320, 1280])
def test_the_html_is_accessible_from_a_file(
    browser: Browser, made: dict[Form, bytes], tmp_path: Path, width: int
) -> None:
    path = tmp_path / "paper.html"
    path.write_bytes(made[Form.html])
    context = browser.new_context(viewport={"width": width, "height": 800})
    found = context.new_page()
    told: list[str] = []
    asked: list[str] = []
    found.on("console", lambda message: told.append(message.text))
    found.on("request", lambda request: asked.append(request.url))
    found.goto(path.as_uri())
    assert found.evaluate("document.documentElement.scrollWidth") <= width
    violations = Axe().run(found, options={"runOnly": RULES}).response["violations"]
    assert [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in violations] == []
    assert (told, asked) == ([], [path.as_uri()])
    context.close()


# ---------------------------------------------------------------- the workbook


def cells(content: bytes, sheet: str) -> list[list[str]]:
    found = load_workbook(io.BytesIO(content))[sheet]
    return [[str(c or "") for c in row] for row in found.iter_rows(values_only=True)]


def test_the_workbook_begins_with_its_marking_and_notices(made: dict[Form, bytes]) -> None:
    lines = cells(made[Form.xlsx], "About")
    assert [line[0] for line in lines[:4]] == [
        MARKING, paper().title, paper().subtitle, "This is made up. No service here is real."
    ]  # fmt: skip
    assert ["Report to", "Community safety board"] in lines


def test_the_workbook_has_a_sheet_for_each_table_with_its_evidence(made: dict[Form, bytes]) -> None:
    book = load_workbook(io.BytesIO(made[Form.xlsx]))
    assert book.sheetnames[:4] == [
        "About", "Statements", "1 Services on record", "2 Money, award by award"
    ]  # fmt: skip
    lines = cells(made[Form.xlsx], "1 Services on record")
    assert lines[0] == ["Service", "For whom", "Standing", "Document", "Place", "Basis"]
    assert lines[1][3:] == [
        "Action plan 2012\nService review 2012", "action 7\npage 12; table 3", "inferred\nstated"
    ]  # fmt: skip
    assert len(lines) == 81
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "B2" and sheet.auto_filter.ref
        assert sheet.oddHeader.left.text == MARKING
    assert lines[0][:3] == list(LONG.headers)
    assert cells(made[Form.xlsx], "2 Money, award by award")[1] == list(WIDE.rows[0])


def test_every_statement_is_in_the_workbook_with_its_section(made: dict[Form, bytes]) -> None:
    lines = cells(made[Form.xlsx], "Statements")
    assert lines[0] == ["Section", "Statement", "Document", "Place", "Basis"]
    assert ["Money › Awards that end › In detail", "Words.", "Action plan 2012", "action 7",
            "inferred"] in lines  # fmt: skip
    assert ["Money", "11 of 27 awards have an amount.", "", "", ""] in lines
    assert sum(line[0] == "Summary" for line in lines) == 5


def test_no_cell_of_the_workbook_is_a_formula(made: dict[Form, bytes]) -> None:
    book = load_workbook(io.BytesIO(made[Form.xlsx]))
    found = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    assert {cell.data_type for cell in found} == {"s"}
    assert {cell.value for cell in found} >= {"=1+1", "=A", HOSTILE}
    with zipfile.ZipFile(io.BytesIO(made[Form.xlsx])) as package:
        parts_ = [package.read(n) for n in package.namelist() if "worksheets/" in n]
    assert parts_ and not any(b"<f>" in part for part in parts_)


def test_long_and_equal_captions_make_sheets_of_their_own() -> None:
    same = Table("A caption: [with] 'signs' that is longer than a name may be", ("A",), (("1",),))
    content = written(paper(sections=(section("A", same, same),)), Form.xlsx).content
    names = load_workbook(io.BytesIO(content)).sheetnames[2:]
    assert [name[:2] for name in names] == ["1 ", "2 "] and len(set(names)) == 2
    assert all(len(name) <= 31 for name in names)


# ---------------------------------------------------------------- the same each time


HASHES = """
import hashlib
from paper_made_by_hand import paper
from visualise.paper.forms import Form, written
for form in Form:
    print(hashlib.sha256(written(paper(), form).content).hexdigest())
"""


@pytest.mark.parametrize(("seed", "zone"), [("1", "America/Chicago"), ("77", "Asia/Tokyo")])
def test_the_same_bytes_in_another_process(
    made: dict[Form, bytes], seed: str, zone: str, tmp_path: Path
) -> None:
    where = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parent.parent)])
    ran = subprocess.run(
        [sys.executable, "-c", HASHES],
        env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": where},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.split() == [hashlib.sha256(made[form]).hexdigest() for form in Form]


def test_the_same_bytes_again_and_others_on_another_day(made: dict[Form, bytes]) -> None:
    for form in Form:
        assert written(paper(), form).content == made[form], form
    other = paper(day=DAY + datetime.timedelta(days=1))
    for form in (Form.pdf, Form.docx):
        assert written(other, form).content != made[form], form


def test_nothing_in_a_file_tells_of_the_machine(made: dict[Form, bytes]) -> None:
    for content in made.values():
        assert str(Path.home()).encode() not in content or Path.home() == Path("/")
        assert b"localhost" not in content


def test_names_of_files_are_neutral_and_replace_no_other() -> None:
    assert (
        file_name("dudley", DAY, "open", Form.pdf, False)
        == "board-paper-dudley-2013-04-01-open.pdf"
    )
    what_if = file_name("dudley", DAY, "exempt", Form.docx, True)
    assert what_if == "board-paper-dudley-2013-04-01-what-if-exempt.docx"


def test_notes_that_differ_in_place_are_two() -> None:
    notes = (Note("Plan", ("p1",)), Note("Plan", ("p2",)))
    made: Paper = paper(sections=(section("A", Paragraph("x", notes), Paragraph("y", notes)),))
    content = written(made, Form.docx).content
    body = part_of(content, "word/document.xml")
    assert [e.get(f"{W}id") for e in body.iter(f"{W}footnoteReference")] == ["1", "2"]
