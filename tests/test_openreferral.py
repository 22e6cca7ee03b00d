"""Open Referral in and out: the standard's own files, hostile ones, a feed, and the way back.

What must never be kept (contacts, addresses, places of safety) is looked for in everything that an
import or an export gives, and in every message.
"""

import datetime
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema
import pytest
from conftest import SHIPPED
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
from testham import TABLES, write_tables

from graph.build import build_dataset
from graph.exports import export
from graph.exports.openreferral import ENDPOINTS, schedules, uuid_of, write_openreferral
from graph.exports.openreferral import Feed as Told
from graph.imports import feed, openreferral
from graph.imports.imported import Imported
from graph.imports.marks import local_id, org_id
from graph.model import PropertyGraph
from graph.public import public_graph
from graph.release import Release, write_release
from graph.sources import archive
from ontology.schema import Schema

COUNTED = ("organization_full", "organization_list", "service_at_location_full",
           "service_at_location_list", "service_full", "service_list", "taxonomy", "taxonomy_list",
           "taxonomy_term", "taxonomy_term_list")  # fmt: skip
TODAY = datetime.date(2026, 11, 22)
QUICK = feed.Limits(pause=0, timeout=5)
SERVICE = {
    "id": "0b1f6f0e-7c56-4a5e-9d6b-0a3f4f1f0001",
    "name": "Testham advice line",
    "status": "active",
    "assured_date": "2026-05-01",
    "organization": {
        "id": "0b1f6f0e-7c56-4a5e-9d6b-0a3f4f1f0002",
        "name": "Testham Haven",
        "description": "A charity.",
        "organization_identifiers": [
            {
                "id": "0b1f6f0e-7c56-4a5e-9d6b-0a3f4f1f0003",
                "identifier_scheme": "GB-CHC",
                "identifier_type": "Charity number",
                "identifier": "1234567",
            }
        ],
    },
}
PLACE = {
    "id": "0b1f6f0e-7c56-4a5e-9d6b-0a3f4f1f0004",
    "location": {
        "id": "0b1f6f0e-7c56-4a5e-9d6b-0a3f4f1f0005",
        "location_type": "physical",
        "latitude": 51.5074,
        "longitude": -0.1278,
        "addresses": [
            {
                "id": "0b1f6f0e-7c56-4a5e-9d6b-0a3f4f1f0006",
                "address_1": "14 Secret Street",
                "city": "Testham",
                "state_province": "Testshire",
                "postal_code": "TE5 7HM",
                "country": "GB",
                "address_type": "physical",
            }
        ],
    },
}


def attribute(number: int, name: str, uri: str = "", taxonomy: str = "") -> dict[str, Any]:
    term = {"id": f"term-{number}", "name": name, "description": name, "taxonomy": taxonomy}
    return {
        "id": f"attribute-{number}",
        "taxonomy_term": term | ({"term_uri": uri} if uri else {}),
    }


@pytest.fixture
def read(schema: Schema, tmp_path: Path) -> Callable[[Any], Imported]:
    """Import one record, or the text of a file."""

    def _read(record: Any) -> Imported:
        path = tmp_path / "feed.json"
        content = record if isinstance(record, bytes) else json.dumps(record).encode()
        path.write_bytes(content)
        return openreferral.read(path, "testham", schema)

    return _read


# ---------------------------------------------------------------- the standard's own files


@pytest.mark.parametrize("name", COUNTED)
def test_examples_of_the_standard_are_imported_and_build(
    name: str, schema: Schema, tmp_path: Path
) -> None:
    found = openreferral.read(standard("oruk", "examples", f"{name}.json"), "testham", schema)
    assert rows(found, "sources")
    built(found, schema, tmp_path)


def test_example_service_gives_what_it_says(schema: Schema, tmp_path: Path) -> None:
    path = standard("oruk", "examples", "service_full.json")
    found = openreferral.read(path, "testham", schema)
    graph = built(found, schema, tmp_path)
    (service,), (agency,), (fund,) = (nodes(graph, n) for n in ("Service", "Agency", "Fund"))
    assert service.properties["name"] == "Community Counselling"
    assert service.properties["standing"] == "operating"
    assert str(service.properties["as_of"]) == "2005-01-01"
    assert agency.properties["org_id"] == "GB-COH-1234567"
    assert "MyCity local government" in str(fund.properties["description"])
    (award,) = edges(graph, "AWARD")
    assert award.properties["basis"] == "inferred"
    assert award.properties["amount"] is None
    assert [e.properties["role"] for e in edges(graph, "PROVISION")] == ["provides"]
    kept = str(found.tables.rows)
    for secret in ("Persona", "1-30 Main", "email@", "ABC 1234", "10092008082"):
        assert secret not in kept
    counted = left(found)
    assert counted["contacts"] == 1
    assert counted["places where services are given"] == 1
    assert counted["costs"] == 2


def test_default_mocks_are_imported(schema: Schema, tmp_path: Path) -> None:
    folder = standard("oruk", "validator-mocks", "Default")
    for path in sorted(folder.glob("*.json")):
        if not path.stem.startswith("dashboard"):
            found = openreferral.read(path, "testham", schema)
            assert not found.problems, [str(p) for p in found.problems]
    whole = openreferral.read(folder, "testham", schema)
    assert len(rows(whole, "agencies")) == 10
    assert left(whole)["files that are no part of a feed"] == 2
    built(whole, schema, tmp_path)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("api_details", {"profile", "openapi_url"}),
        ("service_full", {"url", "email"}),
        ("service_list", {"contents[0].name", "contents[1].url", "contents[2].email",
                          "contents[3].email", "contents[3].id", "size"}),
        ("service_at_location_full", {"location.id"}),
        ("taxonomy_term", {"description", "term_uri"}),
        ("taxonomy_term_list", {"contents[0].parent_id"}),
    ],
)  # fmt: skip
def test_fail_mocks_are_refused_by_field(name: str, fields: set[str], schema: Schema) -> None:
    path = standard("oruk", "validator-mocks", "Fail", f"{name}.json")
    found = openreferral.read(path, "testham", schema)
    assert fields <= columns_of(found)
    assert not found.tables.rows


def test_other_fail_mocks_are_documents_that_are_right_elsewhere() -> None:
    """Five of them are word for word what must be imported: they only fail inside the validator."""
    folder = standard("oruk", "validator-mocks", "Fail")
    right = [
        json.loads(p.read_bytes())
        for place in (("examples",), ("validator-mocks", "Default"))
        for p in standard("oruk", *place).glob("*.json")
    ]
    same = {p.stem for p in folder.glob("*.json") if json.loads(p.read_bytes()) in right}
    assert same == {"organization_full", "organization_list", "service_at_location_list",
                    "taxonomy", "taxonomy_list"}  # fmt: skip


# ---------------------------------------------------------------- mapping


def test_known_terms_become_groups_needs_and_types(
    read: Any, schema: Schema, tmp_path: Path
) -> None:
    ours = "https://fingerpost.example/id/shared/client-group/men"
    terms = [
        attribute(1, "whatever", ours),
        attribute(2, "Counselling and therapy"),
        attribute(3, "Helpline"),
        attribute(4, "Women"),
        attribute(5, "Sheltered carers", "http://id.esd.org.uk/circumstance/77"),
        attribute(6, "Victims of domestic violence"),
    ]
    service = SERVICE | {"attributes": terms, "minimum_age": 16}
    found = read(service)
    graph = built(found, schema, tmp_path)
    (row,) = rows(found, "services")
    assert row.cells["type"] == "service-type/helpline"
    assert row.cells["needs"] == "need/therapy"
    reached = {e.end[1]: e.properties for e in edges(graph, "REACH")}
    own = {n.id for n in nodes(graph, "ClientGroup")}
    assert {*own, "shared/client-group/men", "shared/client-group/victims"} == set(reached)
    assert {p["strength"] for p in reached.values()} == {"can be served"}
    assert {p["condition"] for p in reached.values()} == {"Aged 16 and over"}
    # "Women" are not "women who are victims": nothing is guessed.
    assert left(found)["terms of no known group, need or type of service"] == 1


def test_areas_are_joined_by_ons_code_and_states_read(read: Any) -> None:
    areas = [
        {
            "id": "a",
            "name": "Slough",
            "uri": "http://statistics.data.gov.uk/id/statistical-geography/E06000039",
        },
        {"id": "b", "name": "Round the corner", "extent": "somewhere"},
    ]
    found = read(SERVICE | {"service_areas": areas, "status": "temporarily closed"})
    (area,), (service,) = rows(found, "areas"), rows(found, "services")
    assert (area.id, area.cells["name"]) == ("e06000039", "Slough")
    assert service.cells["area"] == area.id
    assert left(found)["areas without an ONS code"] == 1
    assert service.cells["availability"] == "closed to referrals"
    assert service.cells["basis"] == "inferred"
    for status, standing in (("active", "operating"), ("defunct", "ended"), ("inactive", "ended")):
        (service,) = rows(read(SERVICE | {"status": status}), "services")
        assert service.cells["standing"] == standing


def test_one_org_id_is_one_agency(read: Any) -> None:
    other = {**SERVICE["organization"], "id": "other", "name": "Haven of Testham"}  # type: ignore[dict-item]
    found = read([SERVICE, SERVICE | {"id": "second", "organization": other}])
    (agency,) = rows(found, "agencies")
    assert agency.id == "gb-chc-1234567"
    assert agency.cells["sector"] == "voluntary"
    assert {agency.cells["name"], agency.cells["also_called"]} == {
        "Testham Haven",
        "Haven of Testham",
    }
    assert len(rows(found, "provisions")) == 2


def test_importing_twice_gives_the_same_rows_in_any_order(schema: Schema, tmp_path: Path) -> None:
    records = [SERVICE, SERVICE | {"id": "two", "name": "Two"}, SERVICE | {"id": "three"}]
    found = []
    for name, order in (("one", records), ("two", records[::-1])):
        (tmp_path / name).mkdir()
        path = tmp_path / name / "feed.json"
        path.write_text(json.dumps(order), encoding="utf-8")
        imported = openreferral.read(path, "testham", schema)
        found.append([(r.table, r.id, r.cells) for r in imported.tables.rows])
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("scheme", "number", "kind", "expected"),
    [
        ("GB-COH", "01234567", "", "GB-COH-01234567"),
        ("", "GB-NHS-RX1", "", "GB-NHS-RX1"),
        ("", "1234567", "Charity number", "GB-CHC-1234567"),
        ("", "SC012345", "charity", "GB-SC-SC012345"),
        ("", "1234567", "", ""),
        ("UK-CHTY", "1234567", "", ""),
        ("LOCAL-AUTH", "BHN-101", "", ""),
        ("", "", "company", ""),
    ],
)
def test_org_ids_are_whole_or_not_there(scheme: str, number: str, kind: str, expected: str) -> None:
    assert org_id(scheme, number, kind) == expected


@given(st.text(min_size=1, max_size=80))
def test_every_id_of_a_feed_becomes_one_of_ours(text: str) -> None:
    from graph.sources.rows import bad_id

    assert not bad_id("", 0, local_id(text))
    assert local_id(text) == local_id(text)


# ---------------------------------------------------------------- safety


@pytest.mark.parametrize("named", ["name", "term", "listed"])
def test_a_place_of_safety_is_refused_with_its_path_and_no_value(
    named: str, read: Any, schema: Schema
) -> None:
    service: dict[str, Any] = SERVICE | {"service_at_locations": [PLACE]}
    if named == "name":
        service["name"] = "Haven Women's Refuge"
    else:
        service["attributes"] = [attribute(1, "Refuges" if named == "term" else "Refuge")]
    found = read(service)
    path = "service_at_locations[0].location"
    assert {f"{path}.latitude", f"{path}.addresses[0].postal_code",
            f"{path}.addresses[0].address_1"} <= columns_of(found)  # fmt: skip
    told = str(found.problems) + str(found.left)
    for secret in ("Secret", "TE5", "51.5"):
        assert secret not in told
    assert not found.tables.rows
    safe = {k: v for k, v in service.items() if k != "service_at_locations"}
    assert not read(safe).problems


def test_the_place_of_a_refuge_is_also_found_at_its_location(read: Any) -> None:
    refuge = {k: v for k, v in SERVICE.items() if k != "organization"} | {"name": "Haven refuge"}
    found = read(PLACE | {"service": refuge})
    assert "location.addresses[0].postal_code" in columns_of(found)
    assert "Secret" not in str(found)


def test_words_that_tell_where_a_refuge_is_are_refused(read: Any) -> None:
    refuge = SERVICE | {"name": "Haven refuge", "description": "Find us at 14 Secret Street."}
    assert columns_of(read(refuge)) == {"description"}
    assert "Secret" not in str(read(refuge))


def test_a_refuge_has_no_ward_and_no_district(read: Any) -> None:
    refuge = SERVICE | {"name": "Haven refuge"}
    ward = {"id": "a", "name": "Ward", "uri": "E05001234"}
    assert read(refuge | {"service_areas": [ward]}).problems
    areas = [{"id": "a", "name": "District", "uri": "E07000001"}, {"id": "b", "uri": "E10000001"}]
    found = read(refuge | {"service_areas": areas})
    assert [r.id for r in rows(found, "areas")] == ["e10000001"]
    assert "district" not in str(found).lower()


def test_contacts_are_counted_and_never_kept(read: Any) -> None:
    service = SERVICE | {
        "description": "Ring 01632 960123 for a place.",
        "email": "someone@example.org",
        "contacts": [{"id": "c", "name": "Ann Persona"}],
        "phones": [{"id": "p", "number": "01632 960123"}],
        "service_at_locations": [PLACE],
    }
    found = read(service)
    assert "description" not in rows(found, "services")[0].cells
    for secret in ("960123", "someone", "Persona", "Secret", "TE5"):
        assert secret not in str(found)
    counted = left(found)
    assert counted["descriptions with a contact or address in it"] == 1
    assert counted["telephone numbers"] == counted["contacts"] == counted["e-mail addresses"] == 1


def test_a_name_with_a_contact_is_refused_without_it(read: Any) -> None:
    found = read(SERVICE | {"name": "Helpline 01632 960123"})
    assert columns_of(found) == {"name"}
    assert "960123" not in str(found)


# ---------------------------------------------------------------- hostile files


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"[" * 100_000 + b"]" * 100_000, "nested"),
        (b'{"id": ' + b"[" * 200 + b"]" * 200 + b"}", "nested"),
        (b'{"id": "a", "name": "b", "status": "active", "minimum_age": NaN}', "NaN"),
        (b'{"id": "a", "name": "b", "status": "active", "maximum_age": -Infinity}', "Infinity"),
        (b'{"id": "a", "id": "b", "name": "c", "status": "active"}', "a key once"),
        (b'{"id": "a", "minimum_age": 1e999999999}', "15 digits"),
        (b'{"id": "a", "minimum_age": ' + b"9" * 5_000 + b"}", "15 digits"),
        ('{"id": "a"}'.encode("utf-16"), "UTF-8"),
        (b'{"id": "\xff\xfe"}', "UTF-8"),
        (b"\x1f\x8b\x08\x00", "UTF-8"),
        (b'{"id": "a", "name": "\\ud800", "status": "active"}', "whole characters"),
        (b'{"id": "a", "\\udfff": 1}', "whole characters"),
        (b"", "JSON"),
        (b"<!DOCTYPE html><html></html>", "JSON"),
        (b"null", "a list of records"),
        (b'"text"', "a list of records"),
        (b"[1, null, []]", "a record of Open Referral"),
        (b'{"contents": {}}', "a list of records"),
        (b'{"contents": [], "total_pages": "many"}', "a whole number"),
    ],
)
def test_hostile_files_are_refused_with_the_reason(
    content: bytes, expected: str, read: Any
) -> None:
    found = read(content)
    assert any(expected in problem.expected for problem in found.problems), found.problems
    assert not found.tables.rows


def test_a_problem_within_a_file_names_its_path(read: Any) -> None:
    found = read(b'[{"id": "a", "name": "n", "status": "active", "x": [{"y": NaN}]}]')
    assert columns_of(found) == {"[0].x[0].y"}


def test_keys_are_not_repeated_where_they_could_hold_anything(read: Any) -> None:
    found = read(b'{"id": "a", "ring 01632 960123": NaN, "Ann Persona, 14 Secret St": NaN}')
    assert len(found.problems) == 1
    assert not any(secret in str(found) for secret in ("960123", "Persona"))


def test_a_file_beyond_the_limit_is_not_read(
    read: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, schema: Schema
) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(archive.MAX_BYTES + 1)
    opened = []
    monkeypatch.setattr(Path, "read_bytes", lambda p: opened.append(p))
    found = openreferral.read(path, "testham", schema)
    assert ["100 MB" in p.expected for p in found.problems] == [True]
    assert not opened


def test_control_characters_are_refused_by_path(read: Any) -> None:
    found = read(SERVICE | {"name": "Advice\u202e line"})
    assert columns_of(found) == {"name"}
    assert "\u202e" not in str(found.problems)
    plain = read(SERVICE | {"name": "Advice\r\n line", "description": "a\r\n\tb\u2028c"})
    assert rows(plain, "services")[0].cells["name"] == "Advice line"
    assert rows(plain, "services")[0].cells["description"] == "a b c"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*SERVICE, "contents", "attributes", "taxonomy_term", "funding",
                             "service_areas", "service_at_locations", "location", "services",
                             "organization_identifiers", "identifier", "term_uri", "source"]),
            inner, max_size=6)
    ),
    max_leaves=25,
)  # fmt: skip


@settings(max_examples=80)
@given(JSON)
def test_any_json_gives_rows_or_problems_and_never_breaks(document: Any) -> None:
    assert is_whole(read_document(openreferral.read, document))


# ---------------------------------------------------------------- a feed


class Feed(BaseHTTPRequestHandler):
    """A feed on this machine; `answers` says what each path gives."""

    def __init__(self, answers: Mapping[str, Any], asked: list[str], *args: Any) -> None:
        self.answers, self.asked = answers, asked
        super().__init__(*args)

    def do_GET(self) -> None:
        self.asked.append(self.path)
        parts = urlsplit(self.path)
        page = parse_qs(parts.query).get("page", [""])[0]
        answer = self.answers.get(f"{parts.path}?{page}" if page else parts.path)
        if isinstance(answer, str):
            self.send_response(302)
            self.send_header("Location", answer)
            self.end_headers()
            return
        self.send_response(200 if answer is not None else 404)
        self.end_headers()
        self.wfile.write(answer if isinstance(answer, bytes) else json.dumps(answer).encode())

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


Serve = Callable[[Mapping[str, Any]], tuple[str, list[str]]]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a feed, and give its address and the list of what it is asked."""
    servers = []

    def start(answers: Mapping[str, Any]) -> tuple[str, list[str]]:
        asked: list[str] = []
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Feed, answers, asked))  # type: ignore[arg-type]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}", asked

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


ROOT = {
    "version": "HSDS-UK-3.0",
    "profile": "https://example.org/profile",
    "openapi_url": "https://example.org/openapi.json",
}


def page(number: int, total: int, *services: Any) -> dict[str, Any]:
    return {
        "total_items": total,
        "total_pages": total,
        "page_number": number,
        "size": len(services),
        "contents": list(services),
    }


def test_a_feed_is_read_page_by_page_and_short_services_whole(
    serve: Serve, schema: Schema, tmp_path: Path
) -> None:
    full = SERVICE | {"id": "two", "name": "Two", "attributes": [], "fees": "none"}
    answers = {
        "/api/": ROOT,
        "/api/services?1": page(1, 2, SERVICE),
        "/api/services?2": page(2, 2, full),
        f"/api/services/{SERVICE['id']}": SERVICE | {"attributes": [attribute(1, "Helpline")]},
    }
    url, asked = serve(answers)
    said: list[str] = []
    found = openreferral.read(f"{url}/api/services", "testham", schema, said.append, QUICK)
    names = {r.cells["name"]: r.cells.get("type") for r in rows(found, "services")}
    assert names == {"Two": None, "Testham advice line": "service-type/helpline"}
    assert len(asked) == 4
    assert "page 2 of 2" in said
    assert not any("location" in path for path in asked)
    built(found, schema, tmp_path)
    again = openreferral.read(f"{url}/api", "testham", schema, limits=QUICK)
    assert [r.id for r in again.tables.rows if r.table != "sources"] == [
        r.id for r in found.tables.rows if r.table != "sources"
    ]


@pytest.mark.parametrize(
    ("answers", "limits", "expected"),
    [
        ({"/": "https://elsewhere.example/"}, QUICK, "another host"),
        ({"/": "http://127.0.0.1:1/"}, QUICK, "another host"),
        ({"/": "/"}, QUICK, "redirects"),
        ({"/": "file:///etc/passwd"}, QUICK, "another host"),
        ({}, QUICK, "status 404"),
        ({"/": b"<html>"}, QUICK, "JSON"),
        ({"/": ROOT, "/services?1": {"contents": {}, "total_pages": 0}}, QUICK, "a list"),
        (
            {"/": ROOT, "/services?1": page(1, 9, SERVICE), "/services?2": page(1, 9, SERVICE)},
            QUICK,
            "other services on each page",
        ),
        ({"/": ROOT | {"version": "HSDS-UK-2.0"}, "/services?1": page(1, 1)}, QUICK, "HSDS-UK-3.0"),
        ({"/": ROOT, "/services?1": page(1, 9, SERVICE)}, QUICK, "status 404"),
        ({"/": ROOT, "/services?1": page(1, 9, SERVICE)}, replace(QUICK, requests=2), "2 requests"),
        ({"/": ROOT | {"x": "y" * 5_000}}, replace(QUICK, size=1_000), "MB"),
    ],
)  # fmt: skip
def test_a_feed_that_misbehaves_is_refused_whole(
    answers: Mapping[str, Any], limits: feed.Limits, expected: str, serve: Serve, schema: Schema
) -> None:
    url, asked = serve(answers)
    found = openreferral.read(url, "testham", schema, limits=limits)
    assert any(expected in p.expected for p in found.problems), found.problems
    assert not found.tables.rows
    assert len(asked) < 10


@pytest.mark.parametrize(
    "url",
    ["http://example.org/api", "ftp://example.org/", "file:///etc/passwd", "https://",
     "https://name:secret@example.org/", "http://[::1", "https://example.org:99999999/"],
)  # fmt: skip
def test_only_https_and_this_machine_are_asked(url: str, schema: Schema) -> None:
    found = openreferral.read(url, "testham", schema, limits=QUICK)
    assert len(found.problems) == 1
    assert "secret" not in str(found)


# ---------------------------------------------------------------- out again


@pytest.fixture(scope="module")
def feeds(release: Release, schema: Schema, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The feeds of all shipped partnerships."""
    out = tmp_path_factory.mktemp("feeds")
    export(release, schema, "open-referral", out, on=TODAY)
    return out


def _checker(name: str) -> jsonschema.Draft202012Validator:
    form = json.loads(standard("oruk", "schema", "compiled", name).read_bytes())
    checks = jsonschema.Draft202012Validator.FORMAT_CHECKER
    assert {"uri", "email", "uuid", "date-time"} <= set(checks.checkers)
    return jsonschema.Draft202012Validator(form, format_checker=checks)


def _term_checker(name: str) -> jsonschema.Draft202012Validator:
    """Taxonomies have no compiled schema; theirs refer to one file beside them."""
    form = json.loads(standard("oruk", "schema", name).read_bytes())
    if "taxonomy_terms" in form["properties"]:
        term = standard("oruk", "schema", "taxonomy_term.json")
        form["properties"]["taxonomy_terms"]["items"] = json.loads(term.read_bytes())
    return jsonschema.Draft202012Validator(
        form, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )


def _empties(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            if part in (None, "", {}) and part is not False and part != 0:
                yield part
            yield from _empties(part)


@pytest.mark.parametrize("slug", SHIPPED)
def test_every_file_of_an_export_fits_the_schemas(slug: str, feeds: Path) -> None:
    checks = {
        "services": (_checker("service_list.json"), _checker("service.json")),
        "organizations": (_checker("organization_list.json"), _checker("organization.json")),
        "taxonomies": (_term_checker("taxonomy.json"),) * 2,
        "taxonomy_terms": (_term_checker("taxonomy_term.json"),) * 2,
        "service_at_locations": (_checker("service_at_location_list.json"),) * 2,
    }
    files = sorted((feeds / slug).rglob("*.json"))
    seen = 0
    for name, (of_list, of_one) in checks.items():
        listed = json.loads((feeds / slug / f"{name}.json").read_bytes())
        assert listed["size"] == len(listed["contents"]) == listed["total_items"]
        assert listed["empty"] is (listed["contents"] == [])
        for record in listed["contents"]:
            of_list.validate(record)
        alone = sorted((feeds / slug / name).glob("*.json"))
        assert [p.stem for p in alone] == [r["id"] for r in listed["contents"]]
        for path in alone:
            of_one.validate(json.loads(path.read_bytes()))
        seen += 1 + len(alone)
    root = json.loads((feeds / slug / "index.json").read_bytes())
    assert root["version"] == "HSDS-UK-3.0"
    assert len(files) == seen + 1
    assert not [e for p in files for e in _empties(json.loads(p.read_bytes()))]


@pytest.mark.parametrize("slug", SHIPPED)
def test_an_export_is_imported_again(
    slug: str, release: Release, schema: Schema, graph: PropertyGraph, tmp_path: Path
) -> None:
    # Without a day: places that an editor made public of a refuge's are refused by every import.
    export(release, schema, "open-referral", tmp_path, [slug])
    found = openreferral.read(tmp_path / slug, slug, schema)
    services = rows(found, "services")
    ours = [n for n in graph.nodes if n.label == "Service" and n.id.startswith(f"{slug}/")]
    assert len(services) == len(ours)
    names = {str(n.properties["name"]) for n in ours}
    assert {row.cells["name"] for row in services} <= names
    types = {row.cells.get("type") for row in services}
    assert any(cell and cell.startswith("service-type/") for cell in types)


def test_a_historical_feed_says_so_and_offers_nothing(feeds: Path) -> None:
    for record in json.loads((feeds / "slough" / "services.json").read_bytes())["contents"]:
        assert record["status"] != "active"
        assert "999" in record["alert"]
    for record in json.loads((feeds / "example" / "services.json").read_bytes())["contents"]:
        assert "Invented" in record["alert"]


def test_groups_that_are_excluded_are_no_eligibility(feeds: Path) -> None:
    found = 0
    for record in json.loads((feeds / "example" / "services.json").read_bytes())["contents"]:
        barred = {n["taxonomy_term_id"] for n in record["fingerpost"].get("not_for", ())}
        eligible = {a["taxonomy_term_id"] for a in record.get("attributes", ())}
        assert not barred & eligible
        found += len(barred)
    assert found


@pytest.fixture(scope="module")
def shipped(release: Release, schema: Schema) -> PropertyGraph:
    """The public graph of all shipped partnerships."""
    return public_graph(release, schema)


def _numbers(feed: Told) -> set[str]:
    records = [*feed.records("services"), *feed.records("organizations")]
    return {phone["number"] for r in records for phone in r.get("phones", ())}


def test_contacts_are_told_while_they_are_fresh(shipped: PropertyGraph, schema: Schema) -> None:
    contacts = [n.properties for n in shipped.nodes if n.label == "Contact"]
    checked = {str(c["value"]): c["confirmed_on"] for c in contacts if c["kind"] == "telephone"}
    assert None in checked.values(), "one that nobody says when it was checked"
    assert _numbers(Told(shipped, schema, "example", None)) == set()
    told = []
    for day in (datetime.date(2026, 10, 1), TODAY, datetime.date(2027, 4, 1)):
        fresh = {v for v, on in checked.items() if on and 0 <= (day - on).days < 180}
        told.append(_numbers(Told(shipped, schema, "example", day)) & checked.keys())
        assert told[-1] == fresh
    assert told[1] < set(checked), "some are fresh, some are not"
    assert told[1] > told[0]
    old = Told(shipped, schema, "example", datetime.date(2027, 6, 1))
    for name in ("services", "organizations", "service_at_locations"):
        text = json.dumps(old.records(name))
        assert "01632" not in text and "@" not in text and "QZ1" not in text


def test_the_179th_day_tells_and_the_180th_withholds(
    shipped: PropertyGraph, schema: Schema
) -> None:
    (checked,) = (
        n.properties["confirmed_on"]
        for n in shipped.nodes
        if n.id == "example/contact/helpline-telephone"
    )
    assert isinstance(checked, datetime.date)
    for days, is_told in ((179, True), (180, False)):
        feed = Told(shipped, schema, "example", checked + datetime.timedelta(days))
        assert ("0808 157 0100" in _numbers(feed)) is is_told


def test_ways_to_help_are_in_the_terms_of_the_standard(feeds: Path) -> None:
    listed = json.loads((feeds / "example" / "services.json").read_bytes())["contents"]
    line = next(r for r in listed if r["name"] == "Eastmarch helpline")
    assert line["email"] == "help@helpline.eastmarch.example"
    phones = {p["number"]: p for p in line["phones"]}
    assert phones["0808 157 0100"]["type"] == "voice"
    assert phones["07700 900100"]["type"] == "text"
    spoken = {one["code"]: one["name"] for one in phones["0808 157 0100"]["languages"]}
    assert spoken == {"en": "English", "pa": "Punjabi", "pl": "Polish", "ur": "Urdu"}
    outreach = next(r for r in listed if r["name"] == "County outreach")
    assert outreach["last_modified"] == "2026-10-12T00:00:00Z"
    assert outreach["application_process"].startswith("Somebody rings you back")
    assert outreach["minimum_age"] == 16
    assert outreach["schedules"][0]["byday"] == "MO,TU,WE,TH,FR"
    places = {p["location"]["name"]: p["location"] for p in outreach["service_at_locations"]}
    office = places["Kestrelgate advice office"]
    (address,) = office["addresses"]
    assert (address["postal_code"], address["country"]) == ("QZ1 1AA", "GB")
    assert (office["latitude"], office["longitude"]) == (55.901, 1.802)
    assert places["Kestrelgate, letters"]["location_type"] == "postal"
    for record in listed:
        assert "Canary" not in json.dumps(record)
        assert all(step["from"] for step in record["fingerpost"].get("ways_in", ()))


def test_all_partnerships_are_one_feed_as_well(
    shipped: PropertyGraph, schema: Schema, feeds: Path
) -> None:
    feed = Told(shipped, schema, None, TODAY)
    for name in ENDPOINTS:
        alone = [
            record
            for slug in SHIPPED
            for record in json.loads((feeds / slug / f"{name}.json").read_bytes())["contents"]
        ]
        if name == "taxonomies":
            continue  # Those of a partnership hold its own terms and the shared ones.
        assert {r["id"]: r for r in alone} == {
            r["id"]: json.loads(json.dumps(r)) for r in feed.records(name)
        }
        for record in feed.records(name):
            assert feed.record(name, str(record["id"])) is record
    assert feed.record("services", "no-such-id") is None
    assert "fingerpost" not in feed.root()


@pytest.mark.parametrize(
    ("text", "byday", "times"),
    [
        ("Mo-Fr 09:00-17:00", "MO,TU,WE,TH,FR", ("09:00:00", "17:00:00")),
        ("We,Mo 10:00-16:00", "MO,WE", ("10:00:00", "16:00:00")),
        ("Sa-Mo 16:30-24:00", "MO,SA,SU", ("16:30:00", "23:59:59")),
        ("24/7", "MO,TU,WE,TH,FR,SA,SU", ("00:00:00", "23:59:59")),
    ],
)
def test_hours_are_a_weekly_schedule(text: str, byday: str, times: tuple[str, str]) -> None:
    (found,) = schedules((text,), "service_id", "x/service/y")
    assert found["freq"] == "WEEKLY"
    assert (found["byday"], (found["opens_at"], found["closes_at"])) == (byday, times)
    assert schedules(("by appointment",), "service_id", "x/service/y") == []


def _feed(root: Path, schema: Schema, **tables: str | None) -> tuple[PropertyGraph, Path]:
    folder = write_tables(root, **tables)
    graph = public_graph(write_release(build_dataset([folder], schema), root / "home"), schema)
    write_openreferral(graph, schema, "testham", root / "feed", TODAY)
    return graph, root / "feed"


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*.json"))}


def test_what_is_for_staff_leaves_no_trace(schema: Schema, tmp_path: Path) -> None:
    staff = {
        "agencies": TABLES["agencies"].replace(",basis\n", ",basis,visibility\n")
        + "hidden,Hidden agency,,voluntary,report,paragraph 1,stated,staff\n",
        "services": TABLES["services"].replace("basis,ground", "basis,ground,visibility")
        + "secret,Secret house,Refuge,Safe accommodation,testham-east,operating,,report,"
        "paragraph 2,stated,,staff\n",
        "provisions": TABLES["provisions"]
        + "hidden-secret,hidden,provides,secret,report,paragraph 2,stated\n"
        + "charity-secret,charity,provides,secret,report,paragraph 2,stated\n"
        + "hidden-refuge,hidden,manages,refuge,report,paragraph 2,stated\n",
        "reaches": TABLES["reaches"]
        + "secret-women,secret,Women who are victims,specialist,report,paragraph 2,stated\n",
        "awards": TABLES["awards"]
        + "grant-secret,grant,secret,secured,1,,,report,paragraph 10,stated\n",
    }
    _, plain = _feed(tmp_path / "plain", schema)
    _, with_staff = _feed(tmp_path / "staff", schema, **staff)
    assert _bytes(plain) == _bytes(with_staff)


def test_safe_accommodation_is_told_for_the_upper_tier_only(schema: Schema, tmp_path: Path) -> None:
    services = """\
id,name,type,needs,area,part of,standing,description,source,place,basis,visibility
haven,Haven house,Refuge,Safe accommodation,testham-east,,operating,A house in Testham East.,report,paragraph 2,stated,public
east,Testham East refuge,Refuge,,testham-east,,operating,,report,paragraph 2,stated,public
children,Children's worker,,,testham-east,haven,operating,,report,paragraph 2,stated,public
far,Far refuge,Refuge,,farham,,operating,,report,paragraph 2,stated,
line,Advice line,Helpline,,testham-east,,operating,Help in Testham East.,report,paragraph 2,stated,
"""  # noqa: E501
    none = dict.fromkeys(("awards", "provisions", "reaches"))
    about = TABLES["source_parts"]
    _, folder = _feed(tmp_path, schema, services=services, source_parts=about, **none)
    found = {r["name"]: r for r in json.loads((folder / "services.json").read_bytes())["contents"]}
    areas = {k: [a["name"] for a in r.get("service_areas", ())] for k, r in found.items()}
    # The refuge whose name is that of the place is told by its kind.
    assert areas == {"Haven house": ["Testham"], "Refuge": ["Testham"],
                     "Children's worker": ["Testham"], "Far refuge": [],
                     "Advice line": ["Testham East"]}  # fmt: skip
    for key in ("Haven house", "Refuge", "Children's worker"):
        assert "testham east" not in json.dumps(found[key]).lower()
        assert "east" not in found[key]["fingerpost"]["iri"], "an id may be made from where it is"
    assert found["Advice line"]["description"] == "Help in Testham East."
    assert found["Advice line"]["fingerpost"]["iri"].endswith("/line")
    assert json.loads((folder / "service_at_locations.json").read_bytes())["empty"] is True


def _page_of(folder: Path, name: str) -> Path:
    """The file of the service of a name."""
    listed = json.loads((folder / "services.json").read_bytes())["contents"]
    (found,) = [record["id"] for record in listed if record["name"] == name]
    return folder / "services" / f"{found}.json"


def test_ids_are_of_our_iris_and_old_files_go(schema: Schema, tmp_path: Path) -> None:
    _, folder = _feed(tmp_path, schema)
    path = _page_of(folder, "Haven refuge")
    assert json.loads(path.read_bytes())["name"] == "Haven refuge"
    assert path.stem == uuid_of("testham/service/haven-refuge"), "a refuge's id is made of its name"
    stale = folder / "services" / "stale.json"
    stale.write_text("{}", encoding="utf-8")
    graph = public_graph(
        write_release(build_dataset([tmp_path / "testham"], schema), tmp_path / "home"), schema
    )
    lost = write_openreferral(graph, schema, "testham", folder)
    assert not stale.exists()
    assert lost and all(sentence.endswith(".") for sentence in lost)


def test_money_goes_out_as_funding_if_it_is_there(schema: Schema, tmp_path: Path) -> None:
    awards = TABLES["awards"] + "sought,grant,refuge,sought,9,,,report,paragraph 10,stated\n"
    _, folder = _feed(tmp_path, schema, awards=awards)
    path = _page_of(folder, "Haven refuge")
    (funding,) = json.loads(path.read_bytes())["funding"]
    assert funding["source"] == "Haven grant"
    assert funding["fingerpost"] == {"amount": "30000", "period": "../2013-03"}


def test_any_value_may_be_junk_and_nothing_breaks(schema: Schema, tmp_path: Path) -> None:
    document = SERVICE | {
        "attributes": [attribute(1, "Helpline", "http://id.esd.org.uk/need/1", "Needs")],
        "service_at_locations": [PLACE],
        "funding": [{"id": "f", "source": "A fund"}],
        "service_areas": [{"id": "a", "name": "Slough", "uri": "E06000039"}],
    }
    path = tmp_path / "spoilt.json"
    for what, changed in spoilt(document):
        path.write_text(json.dumps(changed), encoding="utf-8")
        assert is_whole(openreferral.read(path, "testham", schema)), what


def test_nothing_told_beside_a_refuge_says_where_it_is(schema: Schema, tmp_path: Path) -> None:
    """The id, the aliases, the provider, the fund and the groups may all name the place."""
    services = """\
id,name,also called,type,needs,area,standing,description,source,place,basis,visibility
testham-east-house,Haven,Testham East refuge,,,testham-east,operating,For women.,report,paragraph 2,stated,public
"""  # noqa: E501
    agencies = """\
id,name,also called,description,source,place,basis
haven,Haven,Testham East women,Its house is in Testham East.,report,paragraph 2,stated
"""
    provisions = """\
id,agency,role,service,source,place,basis
p-testham-east,haven,provides,testham-east-house,report,paragraph 2,stated
"""
    groups = """\
id,name,description,source,place,basis
east-women,Women of Testham East,Women in the house.,report,paragraph 2,stated
"""
    reaches = """\
id,service,group,strength,source,place,basis
r-testham-east,testham-east-house,east-women,specialist,report,paragraph 2,stated
"""
    funds = """\
id,name,source,place,basis
fund,Testham East refuge fund,report,paragraph 2,stated
"""
    awards = """\
id,fund,pays for,status,amount,source,place,basis
a-testham-east,fund,testham-east-house,secured,5,report,paragraph 2,stated
"""
    _, folder = _feed(
        tmp_path,
        schema,
        services=services,
        agencies=agencies,
        provisions=provisions,
        client_groups=groups,
        reaches=reaches,
        funds=funds,
        awards=awards,
        source_parts=TABLES["source_parts"],
        posts=None,
    )
    for name in ("services", "organizations"):
        text = (folder / f"{name}.json").read_text(encoding="utf-8").lower()
        assert "testham east" not in text and "testham-east" not in text, name
    (record,) = json.loads((folder / "services.json").read_bytes())["contents"]
    known = {uuid_of("testham/service/testham-east-house"), uuid_of("testham/award/a-testham-east")}
    assert not known & {record["id"], *(f["id"] for f in record.get("funding", ()))}
    assert "funding" not in record, "the fund is called after the place"
