"""Imports as a user does them: read into a draft, look at it, publish it, take it back."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

from api.cli import app
from graph.release import Release

SHARED = Path(__file__).parent.parent.parent / "shared"
RUNNER = CliRunner()
needs_shared = pytest.mark.skipif(
    not SHARED.exists(), reason="the standards' samples are not beside the project"
)
GRANT = {
    "grants": [
        {
            "id": "360G-example-1",
            "title": "Evening advice in Harrowmere",
            "description": "One worker.",
            "currency": "GBP",
            "amountAwarded": 12000,
            "awardDate": "2026-03-01",
            "plannedDates": [{"startDate": "2026-04-01", "endDate": "2027-03-31"}],
            "fundingOrganization": [{"id": "GB-CHC-1999999", "name": "Elmfold Fund"}],
            "recipientOrganization": [{"id": "GB-CHC-1888888", "name": "Harrow Lane Advice"}],
        }
    ]
}


def run(home: Path, *arguments: str) -> Result:
    environment = {"FINGERPOST_HOME": str(home), "FINGERPOST_STORE": "embedded", "COLUMNS": "200"}
    return RUNNER.invoke(app, list(arguments), env=environment)


def live(home: Path) -> str:
    return (home / "releases" / "current").read_text()


def done(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.output


def refused(result: Result) -> str:
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output
    return result.stderr


@pytest.fixture
def home(release: Release, tmp_path: Path) -> Path:
    """A home in which the shipped release is live."""
    folder = tmp_path / "home"
    shutil.copytree(release.path.parent, folder / "releases")
    return folder


@pytest.fixture
def grants(tmp_path: Path) -> Path:
    """A grant that nobody else knows of."""
    path = tmp_path / "grants.json"
    path.write_text(json.dumps(GRANT), encoding="utf-8")
    return path


def test_an_import_is_a_draft_until_it_is_published_and_can_be_taken_back(
    home: Path, grants: Path
) -> None:
    before = live(home)
    told = done(run(home, "import", "grants", str(grants), "--partnership", "example", "--by", "A"))
    assert "1 award added" in told and "fingerpost publish" in told
    assert live(home) == before, "nothing is live yet"
    words = done(run(home, "diff"))
    assert "Elmfold Fund" in words and "Harrow Lane Advice" in words
    asked = ["ask", "funding.funders", "--partnership", "example", "--format", "json"]
    done(run(home, "load"))
    assert "Elmfold Fund" not in done(run(home, *asked))

    done(run(home, "publish", "--by", "B"))
    assert live(home) != before
    assert "Elmfold Fund" in done(run(home, *asked))
    listed = done(run(home, "releases"))
    assert "live" in listed and "publish" in listed and "grants.json" not in before
    assert "There is no draft" in refused(run(home, "publish"))

    # The same once more changes nothing.
    again = done(run(home, "import", "grants", str(grants), "--partnership", "example"))
    assert "Nothing would change." in again

    done(run(home, "rollback", "--by", "C"))
    assert live(home) == before
    assert "Elmfold Fund" not in done(run(home, *asked))


def test_an_import_needs_a_partnership_that_is_there(home: Path, grants: Path) -> None:
    told = refused(run(home, "import", "grants", str(grants), "--partnership", "nowhere"))
    assert 'no partnership "nowhere"' in told and "dudley" in told and "fingerpost template" in told
    assert "There is no draft" in refused(run(home, "diff"))


@pytest.mark.parametrize(
    ("command", "name", "content", "words"),
    [
        ("grants", "g.json", b"{", "JSON"),
        ("contracts", "c.json", b"[" * 100_000, "c.json"),
        ("openreferral", "o.json", b"\xff\xfe\x00", "o.json"),
        ("rdf", "r.ttl", b"<a> <b> .", "r.ttl"),
        ("rdf", "r.rdf", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>', "r.rdf"),
        ("plan", "p.pdf", b"no pdf", "PDF"),
        ("plan", "p.exe", b"MZ", ".docx"),
    ],
)
def test_a_bad_file_is_told_and_changes_nothing(
    home: Path, tmp_path: Path, command: str, name: str, content: bytes, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    before = live(home)
    assert words in refused(run(home, "import", command, str(path), "--partnership", "example"))
    assert live(home) == before
    assert not (home / "releases" / "draft").exists()


def test_a_workbook_in_our_form_replaces_the_partnership(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "luton.xlsx"
    done(run(home, "export", "workbook", str(path), "--partnership", "luton"))
    assert "Nothing would change." in done(run(home, "import", "workbook", str(path)))
    book = load_workbook(path)
    sheet = book["services"]
    headers = [str(cell.value).removesuffix(" *") for cell in sheet[1]]
    row = next(r for r in sheet.iter_rows(min_row=2) if r[0].value == "children-idva")
    row[headers.index("standing")].value = "ended"
    book.save(path)
    told = done(run(home, "import", "workbook", str(path)))
    assert "1 service ended" in told
    assert "Children's IDVA service" in done(run(home, "diff"))


def test_a_wrong_cell_is_marked_in_a_copy_of_the_workbook(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "luton.xlsx"
    done(run(home, "export", "workbook", str(path), "--partnership", "luton"))
    book = load_workbook(path)
    sheet = book["services"]
    headers = [str(cell.value).removesuffix(" *") for cell in sheet[1]]
    column = headers.index("standing") + 1
    sheet.cell(2, column).value = "runing"
    book.save(path)
    told = refused(run(home, "import", "workbook", str(path)))
    assert "sheet services, row 2" in told and "marked" in told
    marked = load_workbook(tmp_path / "marked" / "luton.xlsx")["services"].cell(2, column)
    assert marked.comment is not None and "operating" in marked.comment.text


def test_a_sheet_of_ones_own_is_read_by_a_mapping_that_is_proposed(
    home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "list.xlsx"
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "Services 2026"
    sheet.append(["Service name", "Provider", "Status"])
    sheet.append(["Evening advice", "Harrow Lane Advice", "Operating"])
    sheet.append(["Garden group", "Harrow Lane Advice", "Planned"])
    book.save(path)
    assert "--partnership" in refused(run(home, "import", "workbook", str(path)))
    read = ["import", "workbook", str(path), "--partnership", "example"]
    told = done(run(home, *read))
    mapping = tmp_path / "list.mapping.toml"
    assert str(mapping) in told.replace("\n", "")
    text = mapping.read_text(encoding="utf-8")
    assert "Service name" in text and "Provider" in text
    assert "is there already" in refused(run(home, *read))
    mapping.write_text(text.replace('"?"', '"2026-06"'), encoding="utf-8")
    told = done(run(home, *read, "--mapping", str(mapping)))
    assert "2 services added" in told


def test_rdf_that_was_exported_changes_nothing(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "luton.ttl"
    done(run(home, "export", "turtle", str(path), "--partnership", "luton"))
    told = done(run(home, "import", "rdf", str(path), "--partnership", "luton"))
    assert "Nothing would change." in told


@needs_shared
def test_the_standards_own_samples_are_read(home: Path) -> None:
    mocks = SHARED / "standards" / "oruk" / "validator-mocks"
    into = ["--partnership", "example"]
    told = done(run(home, "import", "openreferral", str(mocks / "Default"), *into))
    assert "1 service added" in told and "contacts, addresses and names of people" in told
    told = done(
        run(
            home,
            "import",
            "contracts",
            str(SHARED / "standards" / "ocds" / "example_release_package.json"),
            *into,
        )
    )
    assert "1 fund added" in told and "1 award added" in told and "2 provisions added" in told


@needs_shared
def test_a_plan_becomes_a_workbook_for_review_and_nothing_else(home: Path, tmp_path: Path) -> None:
    (seed,) = (SHARED / "seeds").glob("003_*")
    before = live(home)
    plan = ["import", "plan", str(seed), "--partnership", "luton", "--out"]
    assert "--out" in refused(run(home, *plan, str(tmp_path / "draft.xlsx")))
    out = tmp_path / "luton.xlsx"
    told = done(run(home, *plan, str(out)))
    assert "names of people" in told
    assert load_workbook(out).sheetnames[0] == "review"
    assert live(home) == before and not (home / "releases" / "draft").exists()
    assert "is there already" in refused(run(home, *plan, str(out)))


@pytest.mark.parametrize("slug", ["../x", "a/b", "A"])
def test_a_partnerships_name_is_no_path(home: Path, grants: Path, slug: str) -> None:
    for command in ("grants", "plan"):
        told = refused(run(home, "import", command, str(grants), "--partnership", slug))
        assert "no name of a partnership" in told


def test_who_publishes_is_no_contact(home: Path, grants: Path) -> None:
    who = "Ring 01632 960123"
    into = ["--partnership", "example", "--by", who]
    assert "960123" not in refused(run(home, "import", "grants", str(grants), *into))
