"""The check of a feed of Open Referral UK: what is right passes, and each thing wrong is found.

The standard's mocks tell what passes, warns and fails; why, was read in them and not found by
running. Our own exports pass. Then one thing at a time is spoilt: in a record, in a page, in a
header, in a parameter. Nothing in a report may harm who reads it or whom it is about.
"""

import copy
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from imported_rows import STANDARDS, standard
from oruk_feed import DAY, Server, envelope, files, records, running, serving, uid, write
from public_home import public_client, public_home
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from typer.testing import CliRunner

from api.cli import app
from graph.exports.openreferral import write_openreferral
from graph.imports.feed import Limits
from graph.model import PropertyGraph
from graph.oruk.check import check_folder, check_recorded
from graph.oruk.crawl import crawl
from graph.oruk.exchange import endpoint_of
from graph.oruk.findings import ENDPOINTS, RULES, Level, Report, Verdict, groups
from graph.oruk.records import faults_of
from graph.oruk.report import as_json, as_text
from graph.oruk.rules import RULES as OF_RECORDS
from graph.release import Release
from graph.sources import archive
from ontology.schema import Schema
from visualise.feed_check import page

ON = date.fromisoformat(DAY)
ONE = uid("service 0")
GONE = object()
"""Stands for a field that is taken away."""


def of_folder(documents: dict[str, Any], folder: Path) -> Report:
    return check_folder(write(documents, folder), ON)


def mocks(name: str) -> Report:
    return check_folder(standard("oruk", "validator-mocks", name), ON)


def told(report: Report, level: Level | None = None) -> set[tuple[str, str, str]]:
    """What was found, by rule, endpoint and field."""
    return {
        (g.first.rule, g.first.endpoint, g.field)
        for g in groups(report.findings)
        if level is None or g.first.level is level
    }


def names(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


# ---------------------------------------------------------------- the standard's mocks


def test_default_mock_passes_and_its_warnings_are_these() -> None:
    """Level 1 and 2 are as they must be. Its list of organisations, which the profile does not ask
    for, counts ten records of one page as one, and has ids and identifiers that the schema
    refuses; its example dates are of 2005 and its latitude is 100.
    """
    report = mocks("Default")
    assert report.verdict is Verdict.warnings
    assert report.reached == 2
    found = told(report, Level.warning)
    assert ("page-size", "/organizations", "/size") in found
    assert ("required", "/organizations",
            "/contents/*/organization_identifiers/*/identifier_type") in found  # fmt: skip
    assert ("form", "/organizations", "/contents/*/attributes/*/id") in found
    assert ("assured", "/services", "/contents/*/assured_date") in found
    assert ("position", "/services/{id}",
            "/service_at_locations/*/location/latitude") in found  # fmt: skip
    by_schema = {e for r, e, _ in found if RULES[r].level is Level.error}
    assert by_schema == {"/organizations"}


def test_warn_mock_only_warns_for_what_is_wrong_at_level_two() -> None:
    """Its services are those of Default. A term has no description and an address that is none, a
    term is its own parent, one page says that there are two, and a place has a location's id.
    """
    report = mocks("Warn")
    assert report.verdict is Verdict.warnings
    assert report.reached == 1
    found = told(report)
    assert ("required", "/taxonomy_terms/{id}", "/description") in found
    assert ("form", "/taxonomy_terms/{id}", "/term_uri") in found
    assert ("own-parent", "/taxonomy_terms", "/contents/*/parent_id") in found
    assert ("page-totals", "/taxonomy_terms", "/total_pages") in found
    assert ("id-shared", "/service_at_locations/{id}", "/id") in found


def test_fail_mock_fails_for_these_reasons_and_no_others() -> None:
    """At level 1: no profile, an openapi_url that is no address, services without a name, with
    addresses and e-mails that are none or no text, one id twice, four records counted as one.
    """
    report = mocks("Fail")
    assert report.verdict is Verdict.failed
    assert report.reached == 0
    assert told(report, Level.error) == {
        ("required", "/", "/profile"),
        ("form", "/", "/openapi_url"),
        ("form", "/services/{id}", "/url"),
        ("form", "/services/{id}", "/email"),
        ("required", "/services", "/contents/*/name"),
        ("form", "/services", "/contents/*/url"),
        ("form", "/services", "/contents/*/email"),
        ("type", "/services", "/contents/*/email"),
        ("id-repeated", "/services", "/contents/*/id"),
        ("page-size", "/services", "/size"),
        ("page-totals", "/services", "/total_items"),
        ("page-count", "/services", "/total_items"),
    }


@pytest.mark.parametrize("slug", ["example", "dudley"])
def test_our_own_exports_have_no_error(
    slug: str, graph: PropertyGraph, schema: Schema, tmp_path: Path
) -> None:
    write_openreferral(graph, schema, slug, tmp_path)
    report = check_folder(tmp_path, ON)
    assert not [
        g.first for g in groups(report.findings) if RULES[g.first.rule].level is Level.error
    ]
    assert report.reached == 2
    # In the invented partnership an editor may have made a place public.
    assert slug == "example" or "safe-place" not in names(report)
    services = next(look for look in report.looks if look.endpoint == "/services")
    assert services.records == services.of_records > 0


# ---------------------------------------------------------------- one thing wrong in a file


def test_nothing_is_wrong_with_the_good_feed(tmp_path: Path) -> None:
    report = of_folder(files(), tmp_path)
    assert not report.findings
    assert report.verdict is Verdict.compliant
    assert report.not_checked == (
        "Status, headers, an id that nobody has, and parameters: files cannot show them.",
    )


def spoil(document: Any, pointer: str, value: Any) -> None:
    *steps, last = [int(s) if s.isdigit() else s for s in pointer.strip("/").split("/")]
    for step in steps:
        document = document[step]
    if value is GONE:
        del document[last]
    else:
        document[last] = value


ITEM = f"services/{ONE}.json"
LIST = "services.json"
SPOILT = [
    ("index.json", "/version", "HSDS-UK-3.0.0", "version"),
    ("index.json", "/version", GONE, "required"),
    ("index.json", "/profile", "the profile", "form"),
    ("index.json", "/openapi_url", None, "required"),
    (LIST, "/total_items", GONE, "envelope"),
    (LIST, "/total_pages", "1", "envelope"),
    (LIST, "/empty", "false", "envelope"),
    (LIST, "/contents", {}, "envelope"),
    (LIST, "/size", 4, "page-size"),
    (LIST, "/total_items", 4, "page-totals"),
    (LIST, "/total_items", 6, "page-totals"),
    (LIST, "/total_pages", 9, "page-totals"),
    (LIST, "/first_page", False, "page-flags"),
    (LIST, "/last_page", False, "page-flags"),
    (LIST, "/empty", True, "page-flags"),
    (LIST, "/contents/1/id", ONE, "id-repeated"),
    (LIST, "/contents/1", {"nonsense": 1}, "required"),
    (LIST, "/contents/1", "text", "type"),
    (LIST, "/contents/1/name", "", "required"),
    (ITEM, "/name", GONE, "required"),
    (ITEM, "/name", 5, "type"),
    (ITEM, "/id", "service-1", "form"),
    (ITEM, "/status", "Active", "word"),
    (ITEM, "/status", GONE, "required"),
    (ITEM, "/description", None, "null"),
    (ITEM, "/description", "", "empty"),
    (ITEM, "/description", GONE, "description"),
    (ITEM, "/anything_else", None, "null-extra"),
    (ITEM, "/anything_else", {"deep": [""]}, "empty"),
    (ITEM, "/languages", [], "empty-list"),
    (ITEM, "/languages", {}, "type"),
    (ITEM, "/url", "testham.example", "form"),
    (ITEM, "/url", "https://tésthâm.example", "form"),
    (ITEM, "/url", "", "form"),
    (ITEM, "/email", "nobody", "form"),
    (ITEM, "/last_modified", "2026-11-01", "form"),
    (ITEM, "/last_modified", "2026-11-01T10:30:45+0000", "form"),
    (ITEM, "/last_modified", "2026-02-30T10:30:45Z", "form"),
    (ITEM, "/minimum_age", "12", "type"),
    (ITEM, "/minimum_age", True, "type"),
    (ITEM, "/minimum_age", 95, "ages"),
    (ITEM, "/maximum_age", 200, "ages"),
    (ITEM, "/assured_date", "2026-08-01", "assured"),
    (ITEM, "/assured_date", "2027-01-01", "assured"),
    (ITEM, "/assured_date", "last week", "assured"),
    (ITEM, "/assured_date", GONE, "assured"),
    (ITEM, "/organization_id", uid("somebody"), "part-of"),
    (ITEM, "/organization/description", GONE, "required"),
    (ITEM, "/schedules/0/freq", "DAILY", "word"),
    (ITEM, "/schedules/0/byday", "Monday", "days"),
    (ITEM, "/schedules/0/opens_at", "9 am", "time"),
    (ITEM, "/schedules/0/valid_from", "1/1/2026", "date"),
    (ITEM, "/schedules/0/valid_to", "2025-01-01", "date"),
    (ITEM, "/schedules/0/interval", "1", "type"),
    (ITEM, "/schedules/0/service_id", uid("somebody"), "part-of"),
    (ITEM, "/cost_options/0/amount", "5 pounds", "type"),
    (ITEM, "/cost_options/0/valid_from", "2026-13-01", "date"),
    (ITEM, "/phones/0/number", GONE, "required"),
    (ITEM, "/contacts/0/id", GONE, "required"),
    (ITEM, "/attributes/0/link_type", GONE, "term"),
    (ITEM, "/attributes/0/link_id", uid("somebody"), "part-of"),
    (ITEM, "/attributes/0/taxonomy_term_id", uid("somebody"), "part-of"),
    (ITEM, "/attributes/0/taxonomy_term/term_uri", "debt", "form"),
    (ITEM, "/attributes/0/taxonomy_term/parent_id", uid("somebody"), "reference"),
    (ITEM, "/service_at_locations/0/location/latitude", 151.5, "position"),
    (ITEM, "/service_at_locations/0/location/longitude", GONE, "position"),
    (ITEM, "/service_at_locations/0/location/location_type", "building", "word"),
    (ITEM, "/service_at_locations/0/location/addresses/0/city", GONE, "required"),
    (ITEM, "/service_at_locations/0/location/addresses/0/postal_code", "SW1", "postcode"),
    (ITEM, "/service_at_locations/0/location/id", ONE, "id-shared"),
    (ITEM, "/name", "Testham Refuge", "safe-place"),
    ("organizations.json", "/contents/0/parent_organization_id", uid("somebody"), "reference"),
    ("organizations.json", "/contents/0/name", GONE, "required"),
    ("taxonomy_terms.json", "/contents/0/parent_id", uid("term 1"), "own-parent"),
    ("taxonomy_terms.json", "/contents/0/taxonomy_id", uid("somebody"), "reference"),
    ("taxonomies.json", "/contents/0/description", GONE, "required"),
    ("service_at_locations.json", "/contents/0/service_id", uid("somebody"), "reference"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "pointer", "value", "rule"), SPOILT)
def test_one_thing_wrong_in_a_file_is_found(
    file: str, pointer: str, value: Any, rule: str, tmp_path: Path
) -> None:
    documents = files()
    spoil(documents[file], pointer, value)
    report = of_folder(documents, tmp_path)
    found = [f for f in report.findings if f.rule == rule and f.where == file]
    assert found, [(f.rule, f.where, f.pointer) for f in report.findings]
    endpoint = found[0].endpoint
    is_error = RULES[rule].level is Level.error and ENDPOINTS[endpoint].level == 1
    assert (found[0].level is Level.error) == is_error
    assert (report.verdict is Verdict.failed) == any(
        f.level is Level.error for f in report.findings
    )
    assert RULES[rule].advice and RULES[rule].source


def test_a_finding_names_the_very_schema_that_says_so(tmp_path: Path) -> None:
    documents = files()
    documents[ITEM]["schedules"][0]["freq"] = "DAILY"
    documents["index.json"]["profile"] = "none"
    found = {f.rule: f.source for f in of_folder(documents, tmp_path).findings}
    assert "schema/schedule.json" in found["word"]
    assert "openapi.json, paths, /" in found["form"]


def test_a_record_that_differs_from_the_list_is_found(tmp_path: Path) -> None:
    documents = files()
    documents[LIST]["contents"][0]["name"] = "Another name"
    report = of_folder(documents, tmp_path)
    assert told(report) == {("item-differs", "/services/{id}", "/name")}


def test_a_service_names_its_organisation(tmp_path: Path) -> None:
    documents = files()
    for key in ("organization_id", "organization"):
        del documents[ITEM][key]
    assert "whose" in names(of_folder(documents, tmp_path))


def test_an_organisation_that_is_not_in_the_feed_is_found(tmp_path: Path) -> None:
    documents = files()
    del documents[ITEM]["organization"]
    documents[ITEM]["organization_id"] = uid("somebody")
    assert ("reference", "/services/{id}", "/organization_id") in told(
        of_folder(documents, tmp_path)
    )


def test_pages_in_files_are_compared(tmp_path: Path) -> None:
    documents = files()
    whole = documents.pop("services.json")["contents"]
    for number in (1, 2, 3):
        documents[f"services-{number}.json"] = envelope(whole, number, 2)
    assert not of_folder(documents, tmp_path / "good").findings
    documents["services-2.json"]["contents"][0] = whole[0]
    assert names(of_folder(documents, tmp_path / "twice")) == {"id-repeated"}
    documents["services-2.json"] = envelope(whole[2:3], 1, 2) | {
        "total_items": 5, "total_pages": 3, "page_number": 2, "first_page": False,
        "last_page": False,
    }  # fmt: skip
    assert {"page-full", "page-count"} <= names(of_folder(documents, tmp_path / "short"))


@pytest.mark.parametrize(
    ("endpoint", "verdict"),
    [("services", Verdict.failed), ("taxonomies", Verdict.warnings),
     ("organizations", Verdict.warnings)],
)  # fmt: skip
def test_a_missing_endpoint_weighs_by_its_level(
    endpoint: str, verdict: Verdict, tmp_path: Path
) -> None:
    documents = {k: v for k, v in files().items() if not k.startswith(endpoint)}
    report = of_folder(documents, tmp_path)
    assert ("endpoint", f"/{endpoint}", "") in told(report)
    assert report.verdict is verdict


def test_a_service_without_records_needs_no_record_by_its_id(tmp_path: Path) -> None:
    documents = {k: v for k, v in files().items() if not k.startswith("service_at_locations")}
    documents["service_at_locations.json"] = envelope([])
    assert not of_folder(documents, tmp_path).findings


def test_names_of_files_in_three_layouts() -> None:
    asked = {
        "index.json": "/", "api_details.json": "/", "services.json": "/services",
        "services-12.json": "/services", "service_list.json": "/services",
        "service_full.json": "/services/{id}", "services/x.json": "/services/{id}",
        "organization.json": "/organizations/{id}", "taxonomy_list.json": "/taxonomies",
        "taxonomy.json": "/taxonomies/{id}", "taxonomy_term_list.json": "/taxonomy_terms",
    }  # fmt: skip
    for name, endpoint in asked.items():
        found = endpoint_of(name)
        assert found, name
        assert found[0] == endpoint
    assert endpoint_of("package.json") is None
    assert endpoint_of("other/x.json") is None


# ---------------------------------------------------------------- the schema refuses, we refuse


def _validator(name: str) -> jsonschema.Draft202012Validator:
    form = json.loads((STANDARDS / "oruk" / "schema" / "compiled" / name).read_bytes())
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    return jsonschema.Draft202012Validator(form, format_checker=checker)


VALUES = st.sampled_from(
    [None, "", 0, 12, -1.5, True, [], {}, "text", "a b", "https://x.example/ y", "http://[",
     "nobody", "2026-11-01", "2026-11-01T10:30:45", "2026-11-01T25:00:00Z",
     "ACTIVE", "active",
     "WEEKLY", ONE, ONE.upper(), ONE.replace("-", ""), [None], [5], [{}], {"id": 5},
     "mailto:x@y.example", "urn:x", "//x.example", "https://x.example/%zz"]
)  # fmt: skip


def _places(value: Any, pointer: str = "") -> Iterator[str]:
    children = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, inner in children:
        yield f"{pointer}/{key}"
        yield from _places(inner, f"{pointer}/{key}")


WHOLE = files()[ITEM]
PLACES = sorted(_places(WHOLE))


@settings(max_examples=150)
@given(st.lists(st.tuples(st.sampled_from(PLACES), VALUES | st.just(GONE)), min_size=1, max_size=3))
def test_what_the_schema_refuses_is_refused(changes: list[tuple[str, Any]]) -> None:
    standard("oruk", "schema", "compiled", "service.json")
    record = copy.deepcopy(WHOLE)
    for pointer, value in changes:
        try:
            spoil(record, pointer, copy.deepcopy(value) if value is not GONE else GONE)
        except (KeyError, IndexError, TypeError):
            continue
    refused = {
        "/" + "/".join(map(str, error.absolute_path))
        for error in _validator("service.json").iter_errors(record)
    }
    found = {
        fault.pointer
        for fault in faults_of(record, "service", "", ON)
        if RULES[fault.rule].level is Level.error
    }
    for place in refused:
        said = place.rstrip("/")
        assert any(f == said or f.startswith(f"{said}/") for f in found), place


KINDS = ("service", "organization", "organization_identifier", "service_at_location", "location",
         "address", "accessibility", "schedule", "service_area", "funding", "cost_option", "phone",
         "contact", "language", "attribute", "taxonomy", "taxonomy_term")  # fmt: skip
FORMATS = {"uuid": "id", "email": "email", "uri": "uri", "date-time": "moment"}


def _as_rule(field: dict[str, Any]) -> str:
    if "$ref" in field:
        return f"{{{field['$ref'].removesuffix('.json')}}}"
    if field["type"] == "array":
        return f"[{field['items']['$ref'].removesuffix('.json')}]"
    if "enum" in field:
        return "|".join(field["enum"])
    return FORMATS[field["format"]] if "format" in field else {"string": "text"}.get(
        field["type"], field["type"]
    )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_says_what_the_schema_says_of_each_field(kind: str) -> None:
    """HSDS has some fields that the UK profile leaves out: the table may have more, never less."""
    form = json.loads(standard("oruk", "schema", f"{kind}.json").read_bytes())
    for name, field in form["properties"].items():
        rule = _as_rule(field) + ("!" if name in form["required"] else "")
        assert OF_RECORDS[kind][name] == rule, name
    assert set(form["required"]) == {n for n, r in OF_RECORDS[kind].items() if r.endswith("!")}


# ---------------------------------------------------------------- a live feed


def live(server: Server, every: bool = False, per_page: int = 2) -> Report:
    limits = Limits(pause=0, timeout=5, per_page=per_page)
    with serving(server) as url, TemporaryDirectory() as folder:
        crawl(url, Path(folder), every, limits=limits)
        return check_recorded(Path(folder), ON)


@pytest.mark.parametrize(("every", "per_page"), [(False, 2), (True, 2), (False, 100)])
def test_nothing_is_wrong_with_the_good_feed_over_the_web(every: bool, per_page: int) -> None:
    server = Server()
    report = live(server, every, per_page)
    assert not report.findings, [(f.rule, f.where, f.found) for f in report.findings]
    services = next(look for look in report.looks if look.endpoint == "/services")
    assert services.pages == services.of_pages == (3 if per_page == 2 else 1)
    items = next(look for look in report.looks if look.endpoint == "/services/{id}")
    assert items.records == (5 if every else 3 if per_page == 2 else 1)
    assert {"/services search", "/services taxonomy_term_id (twice)", "/services minimum_age",
            "/services organization_id", "/services modified_after", "/services day",
            "/taxonomy_terms parent_id",
            "/service_at_locations postcode & proximity"} <= set(report.parameters)  # fmt: skip
    told_of = any("--all" in sentence for sentence in report.not_checked)
    assert told_of != every


@pytest.mark.parametrize(
    ("headers", "rule"),
    [
        ({}, "cors"),
        ({"Access-Control-Allow-Origin": "https://feed-check.invalid"}, "cors"),
        ({"Access-Control-Allow-Origin": "*", "Content-Type": "text/html"}, "content-type"),
        ({"Access-Control-Allow-Origin": "*", "Content-Type": "text/json"}, "content-type"),
    ],
)
def test_headers_are_looked_at(headers: dict[str, str], rule: str) -> None:
    report = live(Server(headers=headers))
    assert names(report) == {rule}
    assert report.verdict is Verdict.failed


@pytest.mark.parametrize(
    ("ignored", "verdict"),
    [
        ("search", Verdict.failed),
        ("taxonomy_term_id", Verdict.failed),
        ("taxonomy_id", Verdict.failed),
        ("minimum_age", Verdict.failed),
        ("maximum_age", Verdict.failed),
        ("organization_id", Verdict.warnings),
        ("modified_after", Verdict.warnings),
        ("parent_id", Verdict.warnings),
        ("top_only", Verdict.warnings),
    ],
)
def test_an_ignored_parameter_is_found(ignored: str, verdict: Verdict) -> None:
    """Those of the profile at /services weigh more than those of HSDS and of level 2."""
    report = live(Server(ignored=(ignored,)), per_page=100)
    found = [f for f in report.findings if f.rule in ("parameter-ignored", "parameter-and")]
    assert found
    assert all(ignored in finding.where for finding in found)
    assert names(report) <= {"parameter-ignored", "parameter-and"}
    assert report.verdict is verdict


def _page_of(request: Request) -> tuple[int, int]:
    query = request.query_params
    try:
        return int(query.get("page", "1")), int(query.get("per_page", "100"))
    except ValueError:
        return 1, 100


def _is_list(request: Request) -> bool:
    return request.url.path == "/services" and not (
        set(request.query_params) - {"page", "per_page"}
    )


def ignores_page(request: Request, server: Server) -> Response | None:
    if _is_list(request):
        return server.json(envelope(server.found["services"], 1, max(_page_of(request)[1], 1)))
    return None


def ignores_per_page(request: Request, server: Server) -> Response | None:
    if _is_list(request):
        return server.json(envelope(server.found["services"], max(_page_of(request)[0], 1), 4))
    return None


def short_pages(request: Request, server: Server) -> Response | None:
    number, size = _page_of(request)
    if not _is_list(request) or number != 2 or size != 2:
        return None
    page = envelope(server.found["services"], 2, 2)
    return server.json(page | {"contents": page["contents"][:1], "size": 1})


def other_order(request: Request, server: Server) -> Response | None:
    number, size = _page_of(request)
    if _is_list(request) and number > 1 and size > 1:
        return server.json(envelope(server.found["services"][::-1], number, size))
    return None


def total_of_page(request: Request, server: Server) -> Response | None:
    number, size = _page_of(request)
    if _is_list(request) and number >= 1 and size >= 1:
        found = envelope(server.found["services"], number, size)
        return server.json(found | {"total_items": found["size"]})
    return None


def last_again(request: Request, server: Server) -> Response | None:
    if _is_list(request) and _page_of(request)[0] > 100:
        return server.json(envelope(server.found["services"], 1, 2))
    return None


def breaks_beyond(request: Request, server: Server) -> Response | None:
    is_beyond = _is_list(request) and _page_of(request)[0] > 100
    return server.json({}, 500) if is_beyond else None


def breaks_on_words(request: Request, server: Server) -> Response | None:
    return server.json({}, 500) if request.query_params.get("page") == "x" else None


def anybody(request: Request, server: Server) -> Response | None:
    is_item = request.url.path.startswith("/services/")
    return server.json(server.found["services"][0]) if is_item else None


def breaks_for_nobody(request: Request, server: Server) -> Response | None:
    found = server.plain(request)
    return server.json({}, 500) if found.status_code == 404 else None


def says_nothing_of_nobody(request: Request, server: Server) -> Response | None:
    found = server.plain(request)
    return server.json({}, 400) if found.status_code == 404 else None


def other_data(request: Request, server: Server) -> Response | None:
    found = server.plain(request)
    if request.url.path.startswith("/services/") and found.status_code == 200:
        return server.json(json.loads(found.body) | {"name": "An older name"})
    return None


def no_item(request: Request, server: Server) -> Response | None:
    return server.json({}, 500) if request.url.path.startswith("/services/") else None


def text_only(request: Request, server: Server) -> Response | None:
    if request.url.path == "/services":
        return PlainTextResponse("<html>", headers={"Access-Control-Allow-Origin": "*"})
    return None


def refuses_days(request: Request, server: Server) -> Response | None:
    return server.json({}, 400) if "day" in request.query_params else None


def finds_nothing(request: Request, server: Server) -> Response | None:
    is_search = request.url.path == "/services" and "search" in request.query_params
    return server.json(envelope([])) if is_search else None


def last_of_several(request: Request, server: Server) -> Response | None:
    values = request.query_params.getlist("taxonomy_term_id")
    if request.url.path != "/services" or len(values) < 2:
        return None
    fits = [
        s
        for s in server.found["services"]
        if s["attributes"][0]["taxonomy_term"]["id"] == values[-1]
    ]
    return server.json(envelope(fits))


def any_term(request: Request, server: Server) -> Response | None:
    """Filters only by terms that nobody has."""
    if request.url.path != "/services" or "taxonomy_term_id" not in request.query_params:
        return None
    is_alone = set(request.query_params) == {"taxonomy_term_id", "page", "per_page"}
    found = json.loads(server.plain(request).body)
    return server.json(envelope(server.found["services"])) if is_alone and found["size"] else None


def wrong_age(request: Request, server: Server) -> Response | None:
    if request.url.path == "/services" and "minimum_age" in request.query_params:
        return server.json(envelope(server.found["services"][3:]))
    return None


@pytest.mark.parametrize(
    ("answer", "rules", "per_page"),
    [
        (ignores_page, {"page-number", "id-repeated", "page-beyond"}, 2),
        (ignores_per_page, {"parameter-ignored"}, 2),
        (short_pages, {"page-full", "page-count"}, 2),
        (other_order, {"id-repeated"}, 2),
        (total_of_page, {"page-totals"}, 2),
        (last_again, {"page-beyond"}, 2),
        (breaks_beyond, {"page-beyond"}, 2),
        (breaks_on_words, {"odd-value"}, 2),
        (anybody, {"unknown-id", "item-id"}, 2),
        (breaks_for_nobody, {"unknown-id"}, 2),
        (says_nothing_of_nobody, {"unknown-id"}, 2),
        (other_data, {"item-differs"}, 2),
        (no_item, {"status", "unknown-id"}, 2),
        (text_only, {"content-type", "json"}, 2),
        (refuses_days, {"parameter-status"}, 100),
        (finds_nothing, {"parameter-loses"}, 100),
        (last_of_several, {"parameter-or"}, 100),
        (wrong_age, {"parameter-wrong"}, 100),
        (any_term, {"parameter-ignored"}, 100),
    ],
)
def test_a_server_that_does_one_thing_wrong_is_found_out(
    answer: Any, rules: set[str], per_page: int
) -> None:
    report = live(Server(answer), per_page=per_page)
    assert rules <= names(report), names(report)


def test_endpoints_that_are_missing_weigh_by_their_level() -> None:
    found = records()
    del found["taxonomies"], found["organizations"]
    report = live(Server(found=found), per_page=100)
    assert ("endpoint", "/taxonomies", "") in told(report, Level.warning)
    assert report.verdict is Verdict.warnings
    assert report.reached == 1
    del found["services"]
    assert live(Server(found=found)).verdict is Verdict.failed


def test_our_own_public_feed_has_no_error(release: Release, schema: Schema, tmp_path: Path) -> None:
    home = public_home(tmp_path / "home", release, schema)
    (tmp_path / "feed").mkdir()
    limits = Limits(pause=0, timeout=20, per_page=20)
    with public_client(home, schema) as client, running(client.app) as url:
        crawl(f"{url}/openreferral", tmp_path / "feed", limits=limits)
    report = check_recorded(tmp_path / "feed", ON)
    broken = [f for f in report.findings if RULES[f.rule].level is Level.error]
    assert not broken, [(f.rule, f.where, f.pointer, f.found) for f in broken]
    assert report.reached == 2


def test_no_more_is_asked_than_the_limit_and_it_is_told(tmp_path: Path) -> None:
    server = Server()
    limits = Limits(pause=0, timeout=5, per_page=2, requests=7)
    with serving(server) as url:
        crawl(url, tmp_path, limits=limits)
    report = check_recorded(tmp_path, ON)
    assert len(server.asked) == 7
    assert any("7 requests" in sentence for sentence in report.not_checked)


def test_a_server_that_asks_for_fewer_requests_is_left_alone() -> None:
    def too_many(request: Request, server: Server) -> Response | None:
        return server.json({}, 429) if len(server.asked) > 4 else None

    server = Server(too_many)
    report = live(server)
    assert len(server.asked) == 5
    assert any("429" in sentence for sentence in report.not_checked)
    assert "status" not in names(report)


def test_a_feed_that_leads_elsewhere_is_not_followed(tmp_path: Path) -> None:
    asked: list[str] = []
    with serving(Server(lambda r, s: asked.append(r.url.path) or None)) as other:

        def leads_away(request: Request, server: Server) -> Response | None:
            return Response(status_code=302, headers={"Location": f"{other}/services"})

        limits = Limits(pause=0, timeout=5)
        with serving(Server(leads_away)) as url, pytest.raises(Exception, match="Nothing answers"):
            crawl(url, tmp_path, limits=limits)
    assert not asked


# ---------------------------------------------------------------- hostile feeds, and people


HOSTILE = [
    (b"[" * 100_000 + b"]" * 100_000, "nested"),
    (b'{"contents": [], "contents": []}', "key once"),
    (b'{"total_items": NaN}', "NaN"),
    (b'{"total_items": 1e999999999}', "digits"),
    (b"\x1f\x8b\x08\x00", "UTF-8"),
    (b'{"name": "\\ud800"}', "whole characters"),
    (b"", "JSON"),
]


@pytest.mark.parametrize(("content", "expected"), HOSTILE)
def test_hostile_answers_are_findings(content: bytes, expected: str, tmp_path: Path) -> None:
    report = of_folder(files() | {"services.json": content}, tmp_path)
    (finding,) = [f for f in report.findings if f.rule == "json"]
    assert expected in finding.expected
    assert report.verdict is Verdict.failed


EVIL = "\x1b[31m\u202e<script>alert(1)</script>"


def test_a_report_holds_nothing_that_could_be_run_or_turn_a_terminal(tmp_path: Path) -> None:
    documents = files()
    documents[ITEM] |= {"name": EVIL, "url": EVIL, "status": EVIL, EVIL: None, "id": EVIL}
    documents["services.json"]["contents"][1] |= {"id": EVIL, "name": EVIL}
    report = of_folder(documents, tmp_path)
    for text in (as_text(report), as_json(report), page(report)):
        assert "\x1b" not in text and "\u202e" not in text
        assert "\\u001b" not in text
    assert "<script" not in page(report)
    assert "&lt;script" in page(report)


def test_the_place_of_a_refuge_is_a_warning_that_tells_its_id_and_nothing_else(
    tmp_path: Path,
) -> None:
    documents = files()
    for record in (documents[ITEM], documents["services.json"]["contents"][0]):
        record["name"] = "Haven Women's Refuge"
        address = record["service_at_locations"][0]["location"]["addresses"][0]
        address |= {"address_1": "14 Secret Street", "postal_code": "TE5 7HM X", "city": None}
        record["service_at_locations"][0]["location"]["latitude"] = 951.5074
        record["url"] = "Secret House"
    report = of_folder(documents, tmp_path)
    found = [f for f in report.findings if f.rule == "safe-place"]
    assert {f.record for f in found if f.endpoint.startswith("/services")} == {ONE}
    assert {f.level for f in found} == {Level.warning}
    # The place that is listed by itself is found by the id of its service.
    assert "/service_at_locations" in {f.endpoint for f in found}
    for text in (as_text(report), as_json(report), page(report)):
        for secret in ("Secret", "TE5", "951.5", "Haven"):
            assert secret not in text
    assert "leave its location and address out" in as_text(report).lower()


def test_ids_are_told_even_where_their_digits_look_like_a_telephone_number(
    tmp_path: Path,
) -> None:
    number = "01632960-1234-4abc-8abc-0123456789ab"
    documents = files()
    documents[ITEM] |= {"id": number, "status": "?"}
    assert number in {f.record for f in of_folder(documents, tmp_path).findings}


def test_names_of_files_do_not_turn_a_terminal(tmp_path: Path) -> None:
    documents = files() | {"services/\x1b[31m.json": {}}
    assert "\x1b" not in as_text(of_folder(documents, tmp_path))


def test_contacts_and_addresses_are_not_repeated(tmp_path: Path) -> None:
    documents = files()
    documents[ITEM]["url"] = "ring 01632 960123"
    documents[ITEM]["contacts"][0]["name"] = ["Ann Persona"]
    documents[ITEM]["service_at_locations"][0]["location"]["addresses"][0]["country"] = 5
    documents[ITEM]["service_at_locations"][0]["location"]["location_type"] = "Library Square"
    report = of_folder(documents, tmp_path)
    assert {"form", "type", "word"} <= names(report)
    text = as_json(report)
    for secret in ("960123", "Persona", "Library Square"):
        assert secret not in text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8) | st.just(ONE),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(
            ["contents", "total_items", "total_pages", "size", "page_number", *WHOLE, "location",
             "addresses", "latitude", "taxonomy_term", "parent_id", "valid_from"]),
            inner, max_size=6)
    ),
    max_leaves=25,
)  # fmt: skip


@settings(max_examples=80)
@given(JSON, st.sampled_from(["index.json", LIST, ITEM, "taxonomies.json", "organizations.json"]))
def test_any_json_gives_a_report_and_never_breaks(document: Any, name: str) -> None:
    with TemporaryDirectory() as folder:
        report = of_folder(files() | {name: document}, Path(folder))
    assert as_text(report) and as_json(report) and page(report)


# ---------------------------------------------------------------- reports and the command


def test_the_same_thing_many_times_is_one_group_and_json_has_all(tmp_path: Path) -> None:
    documents = files()
    for record in documents["services.json"]["contents"]:
        record["fees"] = ""
    report = of_folder(documents, tmp_path)
    (group,) = [g for g in groups(report.findings) if g.first.endpoint == "/services"]
    assert (group.count, len(group.examples)) == (5, 3)
    assert "and 2 more" in as_text(report)
    assert "and 2 more" in page(report)
    found = json.loads(as_json(report))
    assert len([f for f in found["findings"] if f["rule"] == "empty"]) == 5
    assert found["rules"]["empty"]["source"]
    assert found["counts"] == {"error": 0, "warning": 5, "note": 0}


def test_the_page_is_self_contained_and_has_the_marks_of_an_accessible_one(
    tmp_path: Path,
) -> None:
    documents = files()
    del documents[ITEM]["name"]
    text = page(of_folder(documents, tmp_path))
    assert '<html lang="en-GB">' in text
    assert text.count("<h1>") == 1
    assert "<caption>" in text and 'scope="row"' in text
    assert not re.search(r"<(script|img|link|iframe)|\bsrc=|url\(", text)


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["check-oruk", *arguments, "--on", DAY])


def test_the_command_tells_in_three_forms_and_by_its_exit_code(tmp_path: Path) -> None:
    good = write(files(), tmp_path / "good")
    told_of = run(str(good))
    assert told_of.exit_code == 0, told_of.output
    assert "Compliant with Open Referral UK 3.0: good" in told_of.stdout
    documents = files()
    documents[ITEM]["fees"] = ""
    warns = run(str(write(documents, tmp_path / "warns")), "--format", "json")
    assert warns.exit_code == 0
    assert json.loads(warns.stdout)["verdict"] == "compliant with warnings"
    del documents[ITEM]["name"]
    out = tmp_path / "report.html"
    fails = run(str(write(documents, tmp_path / "fails")), "--format", "html", "--out", str(out))
    assert fails.exit_code == 1
    assert "Not compliant" in out.read_text(encoding="utf-8")
    assert not fails.stdout


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("nowhere", "neither a folder nor an address"),
        ("http://192.0.2.1/api", "https"),
        ("ftp://feed.example/", "https://"),
        ("https://name:secret@feed.example/", "without a name or password"),
        ("http://127.0.0.1:9/", "Nothing answers"),
    ],
)
def test_what_cannot_be_read_ends_with_two_and_the_next_step(source: str, expected: str) -> None:
    told_of = run(source)
    assert told_of.exit_code == 2
    assert expected in told_of.stderr
    assert "secret" not in told_of.output
    assert "Traceback" not in told_of.output


def test_a_folder_of_something_else_or_too_large_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = write({"package.json": {}}, tmp_path / "other")
    assert run(str(other)).exit_code == 2
    monkeypatch.setattr(archive, "MAX_BYTES", 1_000)
    told_of = run(str(write(files(), tmp_path / "large")))
    assert told_of.exit_code == 2
    assert "MB" in told_of.stderr


def test_the_command_checks_a_feed_on_this_machine(tmp_path: Path) -> None:
    out = tmp_path / "report.json"
    with serving(Server(found={"services": records()["services"][:1]})) as url:
        told_of = run(url, "--format", "json", "--out", str(out))
    assert told_of.exit_code == 0, told_of.output
    assert "1: /" in told_of.stderr
    assert json.loads(out.read_bytes())["source"] == url


def test_every_rule_can_be_found_and_says_who_says_so_and_what_to_do() -> None:
    tested = {rule for *_, rule in SPOILT} | {
        "cors",
        "content-type",
        "json",
        "endpoint",
        "whose",
        "item-differs",
    }
    of_servers = {"page-number", "page-beyond", "page-full", "page-count", "odd-value", "status",
                  "unknown-id", "item-id", "parameter-status", "parameter-loses", "parameter-or",
                  "parameter-wrong", "parameter-ignored", "parameter-and"}  # fmt: skip
    assert tested | of_servers == set(RULES)
    for rule in RULES.values():
        assert rule.says.endswith(".") and rule.advice.endswith(".") and rule.source
