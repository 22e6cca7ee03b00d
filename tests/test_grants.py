"""360Giving in: JSON and spreadsheets, when money ends, whose grants are nobody's business."""

import csv
import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from imported_rows import built, columns_of, edges, is_whole, left, nodes, rows, spoilt

from graph.dates import bounds
from graph.imports import grants
from graph.imports.grants import counted
from graph.imports.imported import Imported
from ontology.schema import Schema

GRANT: dict[str, Any] = {
    "id": "360G-test-001",
    "title": "Outreach in Testham",
    "description": "Ann Persona runs it; ring 01632 960123.",
    "currency": "GBP",
    "amountAwarded": 30000.5,
    "awardDate": "2023-03-15",
    "plannedDates": [{"startDate": "2023-04-01", "duration": 36}],
    "fundingOrganization": [{"id": "GB-CHC-7654321", "name": "Test Trust"}],
    "recipientOrganization": [
        {
            "id": "360G-test-org-9",
            "name": "Testham Haven",
            "charityNumber": "1234567",
            "postalCode": "TE5 7HM",
            "streetAddress": "14 Secret Street",
            "contactName": "Ann Persona",
        }
    ],
    "grantProgramme": [{"code": "SL", "title": "Safer lives"}],
    "beneficiaryLocation": [{"name": "Slough", "geoCode": "E06000039", "geoCodeType": "UA"}],
}
TITLES = [
    "Identifier", "Title", "Description", "Currency", "Amount Awarded", "Award Date",
    "Planned Dates:Start Date", "Planned Dates:End Date", "Planned Dates:Duration (months)",
    "Recipient Org:Identifier", "Recipient Org:Name", "Recipient Org:Charity Number",
    "Funding Org:Identifier", "Funding Org:Name", "Grant Programme:Code", "Grant Programme:Title",
    "Beneficiary Location:Name", "Beneficiary Location:Geographic Code", "Our own column",
]  # fmt: skip
LINE: list[Any] = [
    "360G-test-001", "Outreach in Testham", "Words", "GBP", 30000.5, "2023-03-15", "2023-04-01",
    "", 36, "360G-test-org-9", "Testham Haven", "1234567", "GB-CHC-7654321", "Test Trust", "SL",
    "Safer lives", "Slough", "E06000039", "x",
]  # fmt: skip

Read = Callable[..., Imported]


@pytest.fixture
def read(schema: Schema, tmp_path: Path) -> Read:
    """Import grants, each GRANT with changes; a change to None takes the field away."""

    def _read(*changes: dict[str, Any]) -> Imported:
        given = [{k: v for k, v in {**GRANT, **c}.items() if v is not None} for c in changes]
        path = tmp_path / "grants.json"
        path.write_text(json.dumps({"version": "1.4", "grants": given}), encoding="utf-8")
        return grants.read(path, "testham", schema)

    return _read


def test_a_grant_gives_a_fund_an_award_and_a_recipient(
    read: Read, schema: Schema, tmp_path: Path
) -> None:
    found = read({})
    graph = built(found, schema, tmp_path)
    (fund,), (service,) = nodes(graph, "Fund"), nodes(graph, "Service")
    (award,) = edges(graph, "AWARD")
    assert fund.properties["name"] == "Safer lives"
    assert award.start[1] == fund.id
    assert award.end == ("Service", service.id)
    assert (str(award.properties["amount"]), award.properties["form"]) == ("30000.5", "grant")
    assert award.properties["status"] == "secured"
    assert award.properties["live_from"] == datetime.date(2023, 4, 1)
    assert award.properties["live_until"] == datetime.date(2026, 3, 31)
    agencies = {n.properties["org_id"]: n.properties["name"] for n in nodes(graph, "Agency")}
    assert agencies == {"GB-CHC-1234567": "Testham Haven", "GB-CHC-7654321": "Test Trust"}
    (held,) = edges(graph, "HELD_BY")
    assert held.end[1] == "testham/agency/gb-chc-7654321"
    (provision,) = edges(graph, "PROVISION")
    assert provision.start[1] == "testham/agency/gb-chc-1234567"


def test_a_funded_thing_is_not_said_to_run(read: Read, schema: Schema, tmp_path: Path) -> None:
    graph = built(read({}), schema, tmp_path)
    (service,) = nodes(graph, "Service")
    assert service.properties["name"] == "Outreach in Testham (named by the grant)"
    assert (service.properties["standing"], service.properties["basis"]) == (
        "not stated",
        "inferred",
    )
    (provision,) = edges(graph, "PROVISION")
    assert provision.properties["basis"] == "inferred"
    assert not edges(graph, "REACH")
    assert not edges(graph, "NEEDS")


def test_grants_to_individuals_are_dropped_and_counted(read: Read) -> None:
    found = read(
        {},
        {"id": "360G-test-2", "recipientOrganization": None,
         "recipientIndividual": {"id": "i1", "name": "Ben Persona"}},
        {"id": "360G-test-3", "recipientIndividual": {"id": "i2", "name": "Cy Persona"}},
        {"id": "360G-test-4", "toIndividualsDetails": {"grantPurpose": ["GTIP040"]}},
        {"id": "360G-test-5", "recipientOrganization":
         [{"id": "p", "name": "Di Persona", "organisationType": "Individual"}]},
    )  # fmt: skip
    assert left(found)["grants to individuals"] == 4
    assert len(rows(found, "awards")) == 1
    assert "Persona" not in str(found)


def test_contacts_and_descriptions_are_counted_and_not_kept(read: Read) -> None:
    found = read({})
    for secret in ("TE5", "Secret", "Persona", "960123"):
        assert secret not in str(found)
    assert left(found)["addresses and contacts of organisations"] == 3
    assert left(found)["descriptions of grants"] == 1


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2013-04-01", 12, "2014-03-31"),
        ("2013-04-15", 1, "2013-05-14"),
        ("2013-01-31", 1, "2013-02-28"),
        ("2012-01-31", 1, "2012-02-29"),
        ("2013-01-30", 1, "2013-02-28"),
        ("2013-02-28", 1, "2013-03-27"),
        ("2013-12-31", 2, "2014-02-28"),
        ("2013-03-31", 1, "2013-04-30"),
        ("2013-04", 12, "2014-03"),
        ("2013-12", 1, "2013-12"),
        ("2013", 12, ""),
        ("", 12, ""),
    ],
)
def test_months_are_counted_to_the_last_day_that_is_paid(start: str, months: int, end: str) -> None:
    assert counted(start, months) == end


@given(st.dates(datetime.date(1990, 1, 1), datetime.date(2080, 1, 1)), st.integers(1, 240))
def test_a_period_in_two_parts_ends_like_the_whole(start: datetime.date, months: int) -> None:
    """Where the day exists in every month, the second part starts the day after the first."""
    start = start.replace(day=min(start.day, 28))
    middle = datetime.date.fromisoformat(counted(start.isoformat(), months))
    following = middle + datetime.timedelta(days=1)
    whole = counted(start.isoformat(), 2 * months)
    assert counted(following.isoformat(), months) == whole


@pytest.mark.parametrize(
    ("dates", "period", "given"),
    [
        ([{"startDate": "2023-04-01", "endDate": "2024-03-31", "duration": 99}],
         "2023-04-01/2024-03-31", None),
        ([{"startDate": "2023-04", "endDate": "2024"}], "2023-04/2024", None),
        ([{"endDate": "2024-03-31T00:00:00Z"}], "../2024-03-31", None),
        ([{"startDate": "2023-04-01"}], "2023-04-01/..", None),
        ([{"duration": 12}], None, "12 months"),
        ([{"startDate": "2023", "duration": 12}], "2023/..", "12 months from 2023"),
        ([{"startDate": "2023-04-01", "duration": 1.5}], "2023-04-01/..", None),
        ([{"startDate": "2023-04-01", "duration": 12}, {"startDate": "2024-04-01", "duration": 12}],
         "2023-04-01/2025-03-31", "12 months from 2023-04-01, 12 months from 2024-04-01"),
        ([], None, None),
    ],
)  # fmt: skip
def test_periods_are_as_exact_as_they_are_given(
    dates: Any, period: str | None, given: str | None, read: Read
) -> None:
    (award,) = rows(read({"plannedDates": dates}), "awards")
    assert award.cells.get("period") == period
    assert award.cells.get("period_as_given") == given
    if period:
        bounds(period)


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"id": None}, "grants[0].id"),
        ({"title": ""}, "grants[0].title"),
        ({"description": None}, "grants[0].description"),
        ({"currency": None}, "grants[0].currency"),
        ({"amountAwarded": None}, "grants[0].amountAwarded"),
        ({"amountAwarded": "lots"}, "grants[0].amountAwarded"),
        ({"amountAwarded": True}, "grants[0].amountAwarded"),
        ({"amountAwarded": -1}, "grants[0].amountAwarded"),
        ({"awardDate": None}, "grants[0].awardDate"),
        ({"awardDate": "last May"}, "grants[0].awardDate"),
        ({"awardDate": "2023-02-30"}, "grants[0].awardDate"),
        ({"fundingOrganization": []}, "grants[0].fundingOrganization"),
        ({"fundingOrganization": [{"id": "x"}]}, "grants[0].fundingOrganization[0].name"),
        ({"fundingOrganization": {"id": "x"}}, "grants[0].fundingOrganization"),
        ({"recipientOrganization": None}, "grants[0].recipientOrganization"),
        ({"recipientOrganization": [None]}, "grants[0].recipientOrganization[0]"),
        ({"plannedDates": {"startDate": "2023"}}, "grants[0].plannedDates"),
        ({"plannedDates": [{"startDate": "2024-01-01", "endDate": "2023-01-01"}]},
         "grants[0].plannedDates"),
        ({"plannedDates": [{"duration": 10**14}]}, "grants[0].plannedDates[0].duration"),
        ({"title": "Ring 01632 960123"}, "grants[0].title"),
        ({"title": "Out\u202ereach"}, "grants[0].title"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_path(change: Any, column: str, read: Read) -> None:
    found = read(change)
    assert column in columns_of(found)
    assert not found.tables.rows
    assert "960123" not in str(found.problems)


def test_another_currency_is_left(read: Read) -> None:
    found = read({"currency": "EUR"})
    assert "amount" not in rows(found, "awards")[0].cells
    assert left(found)["amounts in another currency than pounds"] == 1


def test_a_grant_given_twice_is_refused(read: Read) -> None:
    assert columns_of(read({}, {})) == {"grants[1].id"}


def test_grants_of_one_programme_are_of_one_fund(read: Read) -> None:
    found = read({}, {"id": "360G-test-2"}, {"id": "360G-test-3", "grantProgramme": None})
    assert sorted(r.cells["name"] for r in rows(found, "funds")) == [
        "Grants of Test Trust",
        "Safer lives",
    ]


def test_a_refuge_with_a_position_is_refused(read: Read) -> None:
    place = [{"name": "Slough", "latitude": 51.5074, "longitude": -0.5950}]
    found = read({"title": "Haven refuge", "beneficiaryLocation": place})
    assert "grants[0].beneficiaryLocation[0].latitude" in columns_of(found)
    assert "51.5" not in str(found)
    ward = [{"name": "Ward", "geoCode": "E05001234"}]
    assert read({"title": "Haven refuge", "beneficiaryLocation": ward}).problems
    assert not read({"title": "Haven refuge"}).problems


# ---------------------------------------------------------------- spreadsheets


def _csv(path: Path, *lines: list[Any], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([TITLES, *lines])
    return path


def _book(path: Path, *lines: list[Any]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Our grants"
    for line in (TITLES, *lines):
        sheet.append(line)
    book.create_sheet("Empty")
    book.save(path)
    return path


@pytest.mark.parametrize("write", [_csv, _book])
def test_spreadsheets_give_what_json_gives(
    write: Any, read: Read, schema: Schema, tmp_path: Path
) -> None:
    path = write(tmp_path / f"grants.{'csv' if write is _csv else 'xlsx'}", LINE)
    found = grants.read(path, "testham", schema)
    same = [(r.table, r.id, r.cells) for r in read({}).tables.rows if r.table != "sources"]
    assert [(r.table, r.id, r.cells) for r in found.tables.rows if r.table != "sources"] == same


def test_dates_that_a_spreadsheet_has_typed_are_read_as_shown(
    schema: Schema, tmp_path: Path
) -> None:
    line = list(LINE)
    line[5], line[6] = datetime.datetime(2023, 3, 15), datetime.date(2023, 4, 1)
    found = grants.read(_book(tmp_path / "g.xlsx", line), "testham", schema)
    (award,) = rows(found, "awards")
    assert award.cells["period"] == "2023-04-01/2026-03-31"
    assert award.cells["as_of"] == "2023-03-15"


def test_problems_of_a_spreadsheet_name_sheet_row_and_column(
    schema: Schema, tmp_path: Path
) -> None:
    wrong = list(LINE)
    wrong[0], wrong[4], wrong[5] = "360G-test-2", "lots", "soon"
    lacking = list(LINE)
    lacking[0], lacking[1] = "360G-test-3", ""
    found = grants.read(_book(tmp_path / "g.xlsx", LINE, wrong, lacking), "testham", schema)
    places = {(p.file, p.row, p.column) for p in found.problems}
    assert ("g.xlsx, sheet Our grants", 3, "Amount Awarded") in places
    assert {row for _, row, _ in places} == {3, 4}
    (title,) = (p for p in found.problems if p.row == 4)
    assert title.column == "title"
    plain = grants.read(_csv(tmp_path / "g.csv", LINE, wrong), "testham", schema)
    assert {(p.file, p.row) for p in plain.problems} == {("g.csv", 3)}


@pytest.mark.parametrize("value", ["=1+1", '=HYPERLINK("https://example.org")'])
def test_formulas_are_refused_by_cell(value: str, schema: Schema, tmp_path: Path) -> None:
    line = list(LINE)
    line[4] = value
    found = grants.read(_book(tmp_path / "g.xlsx", line), "testham", schema)
    assert [(p.row, p.column) for p in found.problems] == [(2, "E")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("g.xlsx", b"PK not a workbook"),
        ("g.xlsx", b""),
        ("g.csv", b""),
        ("g.csv", b"\xff\xfe"),
        ("g.csv", b'Identifier\n"open'),
        ("g.csv", b"Identifier,Title\n"),
        ("g.csv", b"a/0/b,a\n1,2\n"),
        ("g.csv", b"id,id/0/x\n1,2\n"),
        ("g.csv", b"../../etc,//,::\n1,2,3\n"),
        ("g.json", b"[]"),
        ("g.json", b'{"grants": {}}'),
        ("g.json", b'{"grants": [1]}'),
        ("g.json", b'{"grants": ' + b"[" * 5_000 + b"]" * 5_000 + b"}"),
        ("g.json", b'{"grants": [{"amountAwarded": NaN}]}'),
    ],
)
def test_hostile_files_are_refused(
    name: str, content: bytes, schema: Schema, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    found = grants.read(tmp_path / name, "testham", schema)
    assert found.problems
    assert not found.tables.rows
    assert not [p for p in tmp_path.iterdir() if p.name != name]


def test_a_file_that_is_not_there_is_named(schema: Schema, tmp_path: Path) -> None:
    for name in ("none.json", "none.csv"):
        (problem,) = grants.read(tmp_path / name, "testham", schema).problems
        assert problem.file == name


def test_importing_twice_gives_the_same_rows(read: Read) -> None:
    first = read({}, {"id": "360G-test-2"})
    second = read({"id": "360G-test-2"}, {})
    assert [(r.id, r.cells) for r in first.tables.rows] == [
        (r.id, r.cells) for r in second.tables.rows
    ]


def test_any_value_may_be_junk_and_nothing_breaks(schema: Schema, tmp_path: Path) -> None:
    document = {"grants": [GRANT | {"description": "Words"}], "publisher": {"name": "Test Trust"}}
    path = tmp_path / "spoilt.json"
    for what, changed in spoilt(document):
        path.write_text(json.dumps(changed), encoding="utf-8")
        assert is_whole(grants.read(path, "testham", schema)), what
