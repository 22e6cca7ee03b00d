"""The command line as a user meets it: what it prints, where, and with which exit code."""

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from rich.console import Console
from testham import ABOUT, TABLES, write_tables
from typer.testing import CliRunner

from api import telling
from api.cli import app
from api.formats import safe_cell
from graph.release import Release
from graph.stores.protocol import Store
from queries.ask import ask
from queries.catalogue import catalogue
from queries.glossary import themes

RUNNER = CliRunner()


def run(home: Path, *arguments: str, **settings: str) -> Result:
    environment = {"FINGERPOST_HOME": str(home), "FINGERPOST_STORE": "embedded"}
    return RUNNER.invoke(app, list(arguments), env={**environment, **settings})


def run_plain(*arguments: str) -> Result:
    """A command that needs no release, on a wide terminal."""
    return RUNNER.invoke(app, list(arguments), env={"COLUMNS": "140"})


def refused(result: Result) -> str:
    """The message of a command that ended as a mendable mistake ends."""
    assert result.exit_code == 1, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    return result.stderr


def rows_of(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


@pytest.fixture(scope="module")
def home(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the shipped release, loaded."""
    folder = tmp_path_factory.mktemp("cli")
    shutil.copytree(release.path.parent, folder / "releases")
    assert run(folder, "load").exit_code == 0
    return folder


# ---------------------------------------------------------------- build and load


def test_build_load_ask(tmp_path: Path) -> None:
    tables, home = tmp_path / "tables", tmp_path / "home"
    write_tables(tables)
    built = run(home, "build", "--tables", str(tables))
    assert built.exit_code == 0, built.output
    assert built.stdout == "", "answers alone go to standard output"
    assert "Next: fingerpost load" in built.stderr
    assert run(home, "load").exit_code == 0
    asked = run(home, "ask", "funding.unfunded", "--as-of", "2013-04-01", "--format", "json")
    assert {r["service"]: r["section"] for r in rows_of(asked)} == {
        "testham/service/refuge": "money ended",
        "testham/service/advice": "none recorded",
    }


def test_loading_twice_says_so(home: Path) -> None:
    again = run(home, "load")
    assert again.exit_code == 0
    assert "holds it already" in again.stderr


def test_a_build_with_a_mistake_leaves_the_release_that_is_there(tmp_path: Path) -> None:
    good, bad, home = tmp_path / "good", tmp_path / "bad", tmp_path / "home"
    write_tables(good)
    write_tables(bad, funds=TABLES["funds"].replace("council", "concil"))
    assert run(home, "build", "--tables", str(good)).exit_code == 0
    before = {p: p.read_bytes() for p in sorted((home / "releases").iterdir())}
    message = refused(run(home, "build", "--tables", str(bad)))
    assert 'testham/funds.csv, row 2, column "held by" has "concil"' in message
    assert 'Did you mean "council"?' in message
    assert "nothing was changed" in message
    assert {p: p.read_bytes() for p in sorted((home / "releases").iterdir())} == before


def test_a_build_of_an_unknown_partnership_names_those_there_are(tmp_path: Path) -> None:
    write_tables(tmp_path / "tables")
    arguments = ("build", "--tables", str(tmp_path / "tables"), "--partnership", "testam")
    message = refused(run(tmp_path / "home", *arguments))
    assert "testam" in message
    assert "There are: testham" in message


def test_a_build_of_an_empty_folder_says_what_it_looks_for(tmp_path: Path) -> None:
    message = refused(run(tmp_path, "build", "--tables", str(tmp_path)))
    assert "partnership.toml" in message
    assert "--tables" in message


def test_load_before_build_names_the_next_command(tmp_path: Path) -> None:
    assert "fingerpost build" in refused(run(tmp_path, "load"))


def test_ask_before_load_names_the_next_command(tmp_path: Path) -> None:
    assert "fingerpost load" in refused(run(tmp_path, "ask", "funding.unfunded"))


@pytest.mark.parametrize("address", ["redis://localhost", "nowhere", "bolt"])
def test_an_address_of_no_store_is_refused_with_an_example(tmp_path: Path, address: str) -> None:
    message = refused(run(tmp_path, "load", "--store", address))
    assert address in message
    assert "bolt://" in message


def test_a_server_that_is_away_is_told_with_its_address(home: Path) -> None:
    address = "bolt://127.0.0.1:9"
    message = refused(run(home, "ask", "funding.unfunded", "--store", address))
    assert address in message
    assert "Check that the server runs" in message


# ---------------------------------------------------------------- ask


def test_ask_lists_every_question_with_its_words() -> None:
    listed = RUNNER.invoke(app, ["ask"], env={"COLUMNS": "400"})
    assert listed.exit_code == 0
    for question in catalogue().values():
        assert question.name in listed.stdout
        assert question.question in listed.stdout


@pytest.mark.parametrize("name", list(catalogue()))
def test_json_rows_carry_partnership_day_and_evidence(home: Path, name: str) -> None:
    # These two answer nothing unless something is chosen: a loss, a circumstance.
    chosen = {
        "resilience.what_if": ["--without", "dudley/agency/chadd"],
        "pathways.profile": ["--set", "group=victims"],
    }
    rows = rows_of(run(home, "ask", name, "--format", "json", *chosen.get(name, [])))
    columns = ["partnership", "as_of", *catalogue()[name].returns]
    assert {row["partnership"] for row in rows} <= {
        "dudley",
        "example",
        "luton",
        "slough",
        "southend",
    }
    for row in rows:
        assert list(row) == columns
        assert len(row["as_of"]) == len("2012-09-06")
    evidence = [one for row in rows for one in row["evidence"]]
    assert evidence
    for one in evidence:
        assert list(one) == ["record", "source", "title", "locator", "basis"]
        assert one["record"].count("/") == 2
        if one["source"] is not None:
            assert one["title"]
            assert one["locator"]
            assert one["basis"] in ("stated", "inferred", "contested")


@pytest.mark.parametrize("name", list(catalogue()))
def test_every_question_is_told_as_a_table(store: Store, name: str) -> None:
    out = Console(file=io.StringIO(), width=300, record=True)
    out.print(telling.table(ask(store, catalogue()[name], slugs=["dudley"])))
    shown = out.export_text()
    assert catalogue()[name].title in shown
    assert "6 September 2012" in shown
    for caveat in catalogue()[name].caveats:
        assert caveat in shown


def test_a_table_is_what_ask_writes_unless_told_otherwise(home: Path) -> None:
    shown = run(home, "ask", "funding.unfunded", "--partnership", "dudley", COLUMNS="300")
    assert shown.exit_code == 0, shown.output
    assert catalogue()["funding.unfunded"].title in shown.stdout


def test_partnership_can_be_repeated(home: Path) -> None:
    some = ("--partnership", "slough", "--partnership", "luton")
    rows = rows_of(run(home, "ask", "funding.unfunded", *some, "--format", "json"))
    assert {row["partnership"] for row in rows} == {"luton", "slough"}


def test_without_is_a_dial(home: Path) -> None:
    asked = ("ask", "coverage.uncovered", "--partnership", "dudley", "--format", "json")
    cell = ("shared/client-group/women", "shared/need/accommodation")
    plain = {(r["group"], r["need"]) for r in rows_of(run(home, *asked))}
    lost = run(home, *asked, "--without", "dudley/agency/chadd")
    assert cell in {(r["group"], r["need"]) for r in rows_of(lost)} - plain


def test_csv_and_json_have_the_same_rows(home: Path) -> None:
    asked = ("ask", "funding.unfunded", "--partnership", "dudley", "--as-of", "2013-04-01")
    rows = rows_of(run(home, *asked, "--format", "json"))
    read = list(csv.DictReader(io.StringIO(run(home, *asked, "--format", "csv").stdout)))
    assert [r["service"] for r in read] == [r["service"] for r in rows]
    assert list(read[0]) == list(rows[0])


def test_a_cell_of_csv_is_never_a_formula(tmp_path: Path) -> None:
    tables, home = tmp_path / "tables", tmp_path / "home"
    for table in ("services", "funds"):
        assert "Haven" in TABLES[table]
    write_tables(
        tables,
        services=TABLES["services"].replace("Haven refuge", '"=HYPERLINK(""x"")"'),
        agencies=TABLES["agencies"].replace("council,Testham Council", "council,@SUM(1)"),
    )
    assert run(home, "build", "--tables", str(tables)).exit_code == 0
    assert run(home, "load").exit_code == 0
    asked = ("ask", "funding.unfunded", "--as-of", "2013-04-01", "--format")
    written = run(home, *asked, "csv").stdout
    rows = list(csv.DictReader(io.StringIO(written)))
    refuge = next(r for r in rows if r["service"] == "testham/service/refuge")
    assert refuge["name"] == '\'=HYPERLINK("x")'
    assert refuge["last_funder"] == "'@SUM(1)"
    cells = [cell for row in csv.reader(io.StringIO(written)) for cell in row]
    assert not [c for c in cells if c.startswith(("=", "+", "-", "@", "\t", "\r"))]
    # JSON is no spreadsheet: there the words stay as they are.
    assert '"=HYPERLINK(\\"x\\")"' in run(home, *asked, "json").stdout


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\0"])
def test_what_a_spreadsheet_takes_for_a_formula_is_quoted(start: str) -> None:
    assert safe_cell(f"{start}1+1") == f"'{start}1+1"
    assert safe_cell(f"1{start}1") == f"1{start}1"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask", "funding.unfundet"], 'Did you mean "funding.unfunded"?'),
        (["ask", "zzz"], "fingerpost ask"),
        (["ask", "funding.unfunded", "--partnership", "dudly"], 'Did you mean "dudley"?'),
        (["ask", "funding.unfunded", "--without", "dudley/agency/chad"], "dudley/agency/chadd"),
        (["ask", "funding.unfunded", "--as-of", "1 April 2013"], "--as-of 2013-04-01"),
        (["ask", "funding.unfunded", "--as-of", "2013-02-30"], "2013-02-30"),
        (["explain", "dudley/service/nothing"], "dudley/service/nothing"),
        (["explain", "dudley/sevice/idva"], "dudley/agency/chadd"),
        (["explain", "idva"], "dudley/agency/chadd"),
        (["explain", "' OR 1=1 //"], "dudley/agency/chadd"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_does_not_exist_is_told_with_a_suggestion(
    home: Path, arguments: list[str], words: str
) -> None:
    assert words in refused(run(home, *arguments))


@pytest.mark.parametrize("day", ["0001-01-01", "1900-01-01", "9999-12-31"])
@pytest.mark.parametrize("name", list(catalogue()))
def test_the_first_and_the_last_day_there_are_can_be_asked_about(
    home: Path, name: str, day: str
) -> None:
    asked = run(home, "ask", name, "--as-of", day, "--partnership", "dudley", "--format", "json")
    assert asked.exit_code == 0, repr(asked.exception)


def test_a_partnership_whose_sources_have_no_parts_can_be_asked_about(tmp_path: Path) -> None:
    tables, home = tmp_path / "tables", tmp_path / "home"
    write_tables(tables, source_parts=None)
    assert run(home, "build", "--tables", str(tables)).exit_code == 0
    assert run(home, "load").exit_code == 0
    for name in catalogue():
        asked = run(home, "ask", name, "--format", "json")
        assert asked.exit_code == 0, repr(asked.exception)
        assert {row["as_of"] for row in rows_of(asked)} <= {"2012-09-06"}


# ---------------------------------------------------------------- explain


def test_explain_shows_source_place_and_links(home: Path) -> None:
    shown = run(home, "explain", "dudley/service/idva", COLUMNS="300")
    assert shown.exit_code == 0, shown.output
    assert "IDVA service (service)" in shown.stdout
    assert "Source: Domestic Abuse Service Improvement Review Update" in shown.stdout
    assert "Where: " in shown.stdout
    assert "Appendix A, " in shown.stdout
    assert "Basis: " in shown.stdout
    assert "dudley/fund/crig-fund" in shown.stdout


def test_explain_takes_an_iri_and_a_relationships_id(home: Path) -> None:
    by_iri = run(home, "explain", "https://fingerpost.example/id/dudley/service/idva")
    assert by_iri.stdout == run(home, "explain", "dudley/service/idva").stdout
    award = run(home, "explain", "dudley/award/cyp-barnardos")
    assert award.exit_code == 0
    assert "dudley/service/barnardos" in award.stdout


def test_explain_gives_the_ground_of_what_is_inferred(tmp_path: Path) -> None:
    tables, home = tmp_path / "tables", tmp_path / "home"
    write_tables(tables)
    assert run(home, "build", "--tables", str(tables)).exit_code == 0
    assert run(home, "load").exit_code == 0
    shown = run(home, "explain", "testham/service/far")
    assert "Basis: inferred – Named as an example." in shown.stdout
    assert "Where: paragraph 10" in shown.stdout


def test_explain_a_shared_term(home: Path) -> None:
    shown = run(home, "explain", "shared/client-group/men")
    assert shown.exit_code == 0, shown.output
    assert "shared terms of the ontology" in shown.stdout


# ---------------------------------------------------------------- the program itself


def test_help_names_every_command() -> None:
    shown = RUNNER.invoke(app, ["--help"])
    assert shown.exit_code == 0
    for command in ("build", "load", "ask", "explain", "demo", "serve"):
        assert command in shown.stdout


def test_the_installed_command_ends_with_a_message_and_no_traceback(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from api.cli import main; main()", "load"]
    ended = subprocess.run(
        command,
        env={"FINGERPOST_HOME": str(tmp_path), "PATH": ""},
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert "fingerpost build" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_slug_is_the_folders_name_wherever_it_lies(tmp_path: Path) -> None:
    write_tables(tmp_path / "tables", slug="other-name")
    home = tmp_path / "home"
    assert run(home, "build", FINGERPOST_PARTNERSHIPS=str(tmp_path / "tables")).exit_code == 0
    assert run(home, "load").exit_code == 0
    shown = run(home, "explain", "other-name/agency/charity")
    assert "Testham Haven" in shown.stdout
    assert ABOUT.splitlines()[1] == 'name = "Testham Together"'


def test_the_contents_name_themes_and_questions_with_their_places() -> None:
    told = run_plain("ask").output
    for number, theme in enumerate(themes(), 1):
        assert re.search(rf"^{number}  {re.escape(theme.title)}$", told, re.M)
    for question in catalogue().values():
        assert re.search(rf"^ +\d\.\d+ .*\.{{3,}} {re.escape(question.name)}$", told, re.M)
    assert told.count("(For editors.)") == 4


def test_about_tells_parameters_and_columns() -> None:
    told = run_plain("ask", "funding.decisions", "--about").output
    assert "--set months=" in told and "18 if absent" in told
    for column in catalogue()["funding.decisions"].returns:
        assert re.search(rf"^{column} ", told, re.M), column


def test_a_row_is_explained_by_its_records_in_words(home: Path) -> None:
    ask = ["ask", "funding.unfunded", "--partnership", "dudley", "--as-of", "2013-04-01"]
    rows = rows_of(run(home, *ask, "--format", "json"))
    told = run(home, *ask, "--explain", "1").stdout
    plain = " ".join(told.split())
    assert rows[0]["name"] in plain and "It rests on" in plain
    for one in rows[0]["evidence"]:
        assert all(" ".join(place.split()) in plain for place in one["locator"])
    assert "pays for: " in plain
    beyond = run(home, *ask, "--explain", "9999")
    assert beyond.exit_code == 1 and "choose one of them" in beyond.stderr


def test_a_scenario_may_add_as_well_as_lose(home: Path, tmp_path: Path) -> None:
    table = tmp_path / "added.csv"
    table.write_text("change,thing,until\nrenewed,dudley/award/crig-idva-2012,2014-03\n")
    what_if = ["what-if", "--partnership", "dudley", "--as-of", "2013-04-01", "--format", "json"]
    assert rows_of(run(home, *what_if)) == []
    rows = rows_of(run(home, *what_if, "--with", str(table)))
    assert {"money goes on", "gains help on record"} <= {row["change"] for row in rows}
    table.write_text("change,thing,until\nrenewed,dudley/award/nothing,2014-03\n")
    wrong = run(home, *what_if, "--with", str(table))
    assert wrong.exit_code == 1 and "added.csv, row 2" in wrong.stderr


def test_options_are_compared_within_a_budget(home: Path, tmp_path: Path) -> None:
    table = tmp_path / "options.csv"
    table.write_text(
        "option,name,cost,groups,needs\n"
        "lgbt,A worker,30000,LGBT victims,Advocacy and safety planning\n"
        "dear,A house,900000,Families with older boys,Safe accommodation\n"
    )
    invest = ["invest", str(table), "--budget", "40000", "--partnership", "dudley"]
    found = json.loads(run(home, *invest, "--format", "json").stdout)
    assert [option["option"] for option in found["chosen"]["options"]] == ["lgbt"]
    assert "judgements" in found["note"]
    told = " ".join(run(home, *invest).stdout.split())
    assert "What closes most weighted need: A worker (£30,000)" in told
    assert "Equality Act 2010, section 149" in told and "score" not in told
    lines = run(home, *invest, "--format", "csv").stdout.splitlines()
    assert lines[0].startswith("choice,outcome,group") and len(lines) > 5


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("months", "sets nothing"),
        ("months=0", "a whole number from 1 to 120"),
        ("weeks=3", 'has no parameter "weeks"'),
    ],
)
def test_a_parameter_that_makes_no_sense_is_told(home: Path, given: str, words: str) -> None:
    wrong = run(home, "ask", "funding.decisions", "--set", given)
    assert wrong.exit_code == 1 and words in wrong.stderr
