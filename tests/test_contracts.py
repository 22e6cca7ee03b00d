"""OCDS in: the standard's example, which period counts, and processes that share a number."""

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from imported_rows import (
    built,
    columns_of,
    edges,
    is_whole,
    left,
    nodes,
    read_document,
    rows,
    spoilt,
    standard,
)

from graph.imports import contracts
from graph.imports.imported import Imported
from ontology.schema import Schema

RELEASE: dict[str, Any] = {
    "ocid": "ocds-b5fd17-1",
    "id": "r1",
    "date": "2023-05-01T09:00:00Z",
    "tag": ["award"],
    "parties": [
        {
            "id": "GB-LAE-TES",
            "name": "Testham Council",
            "identifier": {"scheme": "GB-LAE", "id": "TES", "legalName": "Council of Testham"},
            "address": {"streetAddress": "14 Secret Street", "postalCode": "TE5 7HM"},
            "contactPoint": {"name": "Ann Persona", "telephone": "01632 960123"},
        },
        {"id": "s", "name": "Haven Ltd", "identifier": {"scheme": "GB-COH", "id": "01234567"}},
    ],
    "buyer": {"id": "GB-LAE-TES", "name": "Testham Council"},
    "tender": {"id": "t1", "title": "Outreach", "contractPeriod": {"startDate": "2020-01-01"}},
    "awards": [
        {
            "id": "a1",
            "title": "Outreach in Testham",
            "status": "active",
            "value": {"amount": 50000, "currency": "GBP"},
            "suppliers": [{"id": "s", "name": "Haven"}],
            "contractPeriod": {"startDate": "2023-04-01T00:00:00Z", "endDate": "2025-03-31"},
        }
    ],
}

Read = Callable[[Any], Imported]


@pytest.fixture
def read(schema: Schema, tmp_path: Path) -> Read:
    """Import one document."""

    def _read(document: Any) -> Imported:
        path = tmp_path / "contracts.json"
        content = document if isinstance(document, bytes) else json.dumps(document).encode()
        path.write_bytes(content)
        return contracts.read(path, "testham", schema)

    return _read


def contract(**fields: Any) -> dict[str, Any]:
    return RELEASE | {"contracts": [{"id": "c1", "awardID": "a1", "title": "Outreach", **fields}]}


def test_the_example_gives_a_fund_an_award_and_a_provider(schema: Schema, tmp_path: Path) -> None:
    path = standard("ocds", "example_release_package.json")
    found = contracts.read(path, "testham", schema)
    graph = built(found, schema, tmp_path)
    (fund,) = nodes(graph, "Fund")
    assert fund.properties["name"] == "Contracts of London Borough of Barnet"
    (award,) = edges(graph, "AWARD")
    assert str(award.properties["amount"]) == "1096000"
    assert award.properties["form"] == "contract"
    assert award.properties["period_first"] == datetime.date(2010, 7, 1)
    assert award.properties["live_until"] == datetime.date(2011, 8, 1)
    # The contract's own period says nothing of an extension; the award's does.
    assert award.properties["extension_until"] == "2011-09-01"
    roles = {e.properties["role"]: e.start[1] for e in edges(graph, "PROVISION")}
    agencies = {n.id: n.properties for n in nodes(graph, "Agency")}
    assert agencies[roles["provides"]]["org_id"] == "GB-COH-1234567844"
    assert agencies[roles["commissions"]]["name"] == "London Borough of Barnet"
    (service,) = nodes(graph, "Service")
    assert service.properties["standing"] == "not stated"
    for secret in ("Oakleigh", "N11", "procurement-team", "AN1"):
        assert secret not in str(found)


@pytest.mark.parametrize(
    "wrap",
    [
        lambda r: r,
        lambda r: [r],
        lambda r: {"version": "1.1", "releases": [r]},
        lambda r: {"records": [{"ocid": r["ocid"], "releases": [r]}]},
        lambda r: {"records": [{"ocid": r["ocid"], "compiledRelease": r, "releases": []}]},
    ],
)
def test_every_wrapping_gives_the_same_rows(wrap: Any, read: Read) -> None:
    found, plain = read(wrap(RELEASE)), read(RELEASE)
    assert rows(found, "awards")
    assert [(r.id, r.cells) for r in found.tables.rows] == [
        (r.id, r.cells) for r in plain.tables.rows
    ]


@pytest.mark.parametrize(
    ("period", "award", "tender", "expected", "extension"),
    [
        ({"startDate": "2024-01-01", "endDate": "2024-12-31", "maxExtentDate": "2026-12-31"},
         {"endDate": "2030-01-01"}, {}, "2024-01-01/2024-12-31", "2026-12-31"),
        ({"startDate": "2024-01-01"}, {"startDate": "2023-01-01", "endDate": "2025-01-01"}, {},
         "2023-01-01/2025-01-01", None),
        (None, {}, {"startDate": "2022-01-01", "endDate": "2022-12-31"},
         "2022-01-01/2022-12-31", None),
        ({"startDate": "2024-01-01", "durationInDays": 366}, {}, {},
         "2024-01-01/2024-12-31", None),
        ({"startDate": "2024-01-01T00:00:00Z"}, {}, {}, "2024-01-01/..", None),
        ({"endDate": "2024-12-31T23:59:59Z"}, {}, {}, "../2024-12-31", None),
        ({"durationInDays": 30}, {}, {}, None, None),
        (None, {}, {"durationInDays": 10**12}, None, None),
        (None, {}, {}, None, None),
    ],
)  # fmt: skip
def test_the_contracts_period_counts_before_the_awards_and_tenders(
    period: Any, award: Any, tender: Any, expected: str | None, extension: str | None, read: Read
) -> None:
    release = contract(**({"period": period} if period else {}))
    release["awards"] = [RELEASE["awards"][0] | {"contractPeriod": award}]
    release["tender"] = RELEASE["tender"] | {"contractPeriod": tender}
    (found,) = rows(read(release), "awards")
    assert found.cells.get("period") == expected
    assert found.cells.get("extension_until") == extension


def test_who_buys_holds_the_fund_and_who_supplies_provides(
    read: Read, schema: Schema, tmp_path: Path
) -> None:
    found = read(RELEASE)
    graph = built(found, schema, tmp_path)
    names = {n.id: n.properties["org_id"] for n in nodes(graph, "Agency")}
    (held,) = edges(graph, "HELD_BY")
    assert names[held.end[1]] == "GB-LAE-TES"
    roles = {e.properties["role"]: names[e.start[1]] for e in edges(graph, "PROVISION")}
    assert roles == {"commissions": "GB-LAE-TES", "provides": "GB-COH-01234567"}
    for secret in ("Secret", "TE5", "Persona", "960123"):
        assert secret not in str(found)
    assert left(found)["addresses and contacts of organisations"] == 2


@pytest.mark.parametrize(
    ("award", "status", "expected"),
    [
        ("active", None, ["secured"]),
        ("pending", None, ["proposed"]),
        (None, None, ["secured"]),
        ("cancelled", None, []),
        ("unsuccessful", None, []),
        ("active", "terminated", ["ended"]),
        ("active", "cancelled", []),
        ("active", "pending", ["proposed"]),
    ],
)
def test_what_is_cancelled_is_no_money(
    award: str | None, status: str | None, expected: list[str], read: Read
) -> None:
    release = contract(status=status) if status else dict(RELEASE)
    release["awards"] = [RELEASE["awards"][0] | {"status": award}]
    found = read(release)
    assert [r.cells["status"] for r in rows(found, "awards")] == expected
    assert left(found).get("awards that were cancelled or not made", 0) == (not expected)


def test_a_later_release_has_the_last_word(read: Read) -> None:
    later = RELEASE | {"id": "r2", "date": "2024-01-01T00:00:00Z"}
    later["awards"] = [{"id": "a1", "value": {"amount": 70000, "currency": "GBP"}}]
    for order in ([RELEASE, later], [later, RELEASE]):
        (award,) = rows(read({"releases": order}), "awards")
        assert award.cells["amount"] == "70000"
        assert award.cells["purpose"] == "Outreach in Testham"
        assert award.cells["as_of"] == "2024-01-01"


@pytest.mark.parametrize(
    "other",
    [
        {"buyer": {"id": "GB-LAE-OTH", "name": "Other Council"}, "parties": []},
        {"tender": {"id": "t2", "title": "Something else"}},
    ],
)
def test_an_ocid_used_twice_is_two_processes(other: dict[str, Any], read: Read) -> None:
    second = RELEASE | {"id": "r2", "date": "2024-01-01T00:00:00Z"} | other
    second["awards"] = [RELEASE["awards"][0] | {"title": "Another thing"}]
    found = read({"releases": [RELEASE, second]})
    assert sorted(r.cells["purpose"] for r in rows(found, "awards")) == [
        "Another thing",
        "Outreach in Testham",
    ]


def test_releases_without_an_ocid_are_kept_apart(read: Read) -> None:
    one, two = ({**RELEASE, "ocid": "", "id": name} for name in ("x", "y"))
    assert len(rows(read({"releases": [one, two]}), "awards")) == 2
    nameless = {k: v for k, v in RELEASE.items() if k not in ("ocid", "id")}
    first = rows(read({"releases": [one, nameless]}), "awards")
    second = rows(read({"releases": [nameless, one]}), "awards")
    assert [r.id for r in first] == [r.id for r in second]


def test_another_currency_and_a_missing_buyer_are_told(read: Read) -> None:
    release = {k: v for k, v in RELEASE.items() if k not in ("buyer", "parties")}
    release["awards"] = [RELEASE["awards"][0] | {"value": {"amount": 5, "currency": "USD"}}]
    found = read(release)
    assert "amount" not in rows(found, "awards")[0].cells
    assert rows(found, "funds")[0].cells["name"] == "Contracts (the buyer is not named)"
    assert left(found)["amounts in another currency than pounds"] == 1
    assert left(found)["contracts without a buyer"] == 1


def test_tenders_without_an_award_and_linked_releases_are_counted(read: Read) -> None:
    linked = {"ocid": "x", "releases": [{"url": "https://example.org/r.json", "date": "2024"}]}
    tender = {k: v for k, v in RELEASE.items() if k != "awards"}
    found = read({"records": [linked, {"ocid": "y", "compiledRelease": tender}]})
    assert not rows(found, "awards")
    assert left(found)["processes without an award"] == 1
    assert left(found)["releases given only by their address"] == 1


@pytest.mark.parametrize(
    ("document", "column"),
    [
        (RELEASE | {"awards": {}}, "awards"),
        (RELEASE | {"awards": [None]}, "awards[0]"),
        (RELEASE | {"awards": [{"title": "x"}]}, "awards[0].id"),
        (RELEASE | {"buyer": []}, "buyer"),
        (RELEASE | {"awards": [{"id": "a", "suppliers": {}}]}, "awards[0].suppliers"),
        (RELEASE | {"awards": [{"id": "a", "suppliers": [1]}]}, "awards[0].suppliers[0]"),
        (contract(value={"amount": "x", "currency": "GBP"}), "contracts[0].value.amount"),
        (contract(value={"amount": -1, "currency": "GBP"}), "contracts[0].value.amount"),
        (contract(period={"startDate": "soon"}), "contracts[0].period.startDate"),
        (contract(period={"startDate": "2024-02-01", "endDate": "2024-01-01"}),
         "contracts[0].period"),
        (contract(title="Ring 01632 960123"), "contracts[0].title"),
        (RELEASE | {"awards": [{"id": "a"}], "tender": {}}, "awards[0].title"),
        ({"records": {}}, "records"),
        ({"hello": 1}, ""),
        (b'{"releases": [{"ocid": "a", "ocid": "b"}]}', "releases[0].ocid"),
        (b'{"ocid": Infinity}', "ocid"),
        (b"[" * 5_000 + b"]" * 5_000, ""),
        (b"\xfe\xff\x00{", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_path(document: Any, column: str, read: Read) -> None:
    found = read(document)
    assert column in columns_of(found)
    assert not found.tables.rows
    assert "960123" not in str(found.problems)


def test_a_refuge_with_an_address_is_refused_and_its_parties_seats_are_not(read: Read) -> None:
    refuge = contract(title="Haven refuge")
    assert not read(refuge).problems
    where = {"deliveryAddress": {"streetAddress": "14 Secret Street", "postalCode": "TE5 7HM"}}
    found = read(contract(title="Haven refuge", items=[{"id": "1", **where}]))
    path = "contracts[0].items[0].deliveryAddress"
    assert columns_of(found) == {f"{path}.streetAddress", f"{path}.postalCode"}
    assert "Secret" not in str(found)
    told = read(contract(title="Haven refuge", description="It is at 14 Secret Street."))
    assert columns_of(told) == {"contracts[0].description"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["releases", "records", "compiledRelease", "ocid", "id", "date",
                             "title", "buyer", "parties", "awards", "contracts", "tender", "value",
                             "amount", "period", "contractPeriod", "startDate", "suppliers",
                             "identifier", "scheme", "name", "awardID", "status"]),
            inner, max_size=6)
    ),
    max_leaves=25,
)  # fmt: skip


@settings(max_examples=80)
@given(JSON)
def test_any_json_gives_rows_or_problems_and_never_breaks(document: Any) -> None:
    assert is_whole(read_document(contracts.read, document))


def test_any_value_may_be_junk_and_nothing_breaks(schema: Schema, tmp_path: Path) -> None:
    document = {"releases": [contract(period={"startDate": "2024-01-01"})]}
    path = tmp_path / "spoilt.json"
    for what, changed in spoilt(document):
        path.write_text(json.dumps(changed), encoding="utf-8")
        assert is_whole(contracts.read(path, "testham", schema)), what
