"""The Open Referral UK feed over HTTP: schemas, pages, parameters, and nothing that leaks."""

import datetime
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from fastapi.testclient import TestClient
from public_home import TODAY, public_client, public_home

from api.open.postcodes import Place, Postcodes, metres
from graph.errors import FingerpostError
from graph.exports.openreferral import uuid_of
from graph.release import Release
from ontology.schema import Schema

STANDARDS = Path(__file__).parent.parent.parent / "shared" / "standards"
ENDPOINTS = ("services", "organizations", "taxonomies", "taxonomy_terms", "service_at_locations")
BASES = ("/openreferral", "/openreferral/dudley", "/openreferral/example")
Json = dict[str, Any]


@pytest.fixture(scope="module")
def home(release: Release, schema: Schema, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return public_home(tmp_path_factory.mktemp("feed"), release, schema)


@pytest.fixture(scope="module")
def client(home: Path, schema: Schema) -> Iterator[TestClient]:
    with public_client(home, schema) as found:
        yield found


@pytest.fixture(scope="module")
def services(client: TestClient) -> dict[str, Json]:
    """All services in full, read as one list without pages."""
    return {r["id"]: r for r in lines(client, "/openreferral/services?format=ndjson&full=true")}


@pytest.fixture(scope="module")
def places(client: TestClient) -> dict[str, Json]:
    path = "/openreferral/service_at_locations?format=ndjson&full=true"
    return {r["id"]: r for r in lines(client, path)}


def lines(client: TestClient, path: str) -> list[Json]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


def ids(client: TestClient, path: str) -> set[str]:
    joint = "&" if "?" in path else "?"
    return {r["id"] for r in lines(client, f"{path}{joint}format=ndjson")}


def pages(client: TestClient, path: str, per_page: int, **params: Any) -> Iterator[Json]:
    number, last = 1, False
    while not last:
        params |= {"page": number, "per_page": per_page}
        page = client.get(path, params=params).json()
        yield page
        number, last = number + 1, page["last_page"]


# ---------------------------------------------------------------- the standard's own schemas


def checker(*path: str) -> jsonschema.Draft202012Validator:
    form = json.loads((STANDARDS / "oruk" / "schema").joinpath(*path).read_bytes())
    if "taxonomy_terms" in form["properties"]:
        term = STANDARDS / "oruk" / "schema" / "taxonomy_term.json"
        form["properties"]["taxonomy_terms"]["items"] = json.loads(term.read_bytes())
    return jsonschema.Draft202012Validator(
        form, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )


CHECKS = {
    "services": (("compiled", "service_list.json"), ("compiled", "service.json")),
    "organizations": (("compiled", "organization_list.json"), ("compiled", "organization.json")),
    "taxonomies": (("taxonomy.json",), ("taxonomy.json",)),
    "taxonomy_terms": (("taxonomy_term.json",), ("taxonomy_term.json",)),
    "service_at_locations": (
        ("compiled", "service_at_location_list.json"),
        ("compiled", "service_at_location.json"),
    ),
}


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_every_record_of_every_page_fits_the_schemas(
    client: TestClient, base: str, endpoint: str
) -> None:
    of_list, of_one = (checker(*path) for path in CHECKS[endpoint])
    seen = []
    for page in pages(client, f"{base}/{endpoint}", 7):
        for record in page["contents"]:
            of_list.validate(record)
            seen.append(record["id"])
    for page in pages(client, f"{base}/{endpoint}", 500, full="true"):
        for record in page["contents"]:
            of_one.validate(record)
    assert len(set(seen)) == len(seen)
    if base == "/openreferral":
        for one in seen:
            answer = client.get(f"{base}/{endpoint}/{one}")
            of_one.validate(answer.json())
            assert answer.json()["id"] == one
    assert seen or (base.endswith("dudley") and endpoint == "service_at_locations")


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("slash", ["", "/"])
def test_the_root_names_the_standard_exactly(client: TestClient, base: str, slash: str) -> None:
    root = client.get(base + slash).json()
    assert root["version"] == "HSDS-UK-3.0"
    for key in ("profile", "openapi_url"):
        assert root[key].startswith("https://")


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_no_field_is_empty(client: TestClient, endpoint: str) -> None:
    def empties(value: Any) -> Iterator[Any]:
        for part in value.values() if isinstance(value, dict) else value:
            if part is None or part in ("", {}, []):
                yield part
            elif isinstance(part, dict | list):
                yield from empties(part)

    for record in lines(client, f"/openreferral/{endpoint}?format=ndjson&full=true"
                        if endpoint != "taxonomies" and endpoint != "taxonomy_terms"
                        else f"/openreferral/{endpoint}?format=ndjson"):  # fmt: skip
        assert list(empties(record)) == []


# ---------------------------------------------------------------- pages


@pytest.mark.parametrize("per_page", [1, 7, 50, 500])
@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_pages_add_up(client: TestClient, endpoint: str, per_page: int) -> None:
    expected = sorted(ids(client, f"/openreferral/{endpoint}"))
    found = list(pages(client, f"/openreferral/{endpoint}", per_page))
    assert [r["id"] for page in found for r in page["contents"]] == expected
    for number, page in enumerate(found, 1):
        assert page["total_items"] == len(expected)
        assert page["total_pages"] == len(found)
        assert page["page_number"] == number
        assert page["size"] == len(page["contents"])
        assert page["first_page"] is (number == 1)
        assert page["last_page"] is (number == len(found))
        assert page["empty"] is (page["contents"] == [])
        if number < len(found):
            assert page["size"] == per_page


def test_a_page_beyond_the_last_is_empty(client: TestClient) -> None:
    page = client.get("/openreferral/services?page=4000").json()
    assert page["contents"] == []
    assert page["empty"] and page["last_page"] and not page["first_page"]
    assert page["page_number"] == 4000
    assert page["total_items"] > 100


def test_a_list_is_short_unless_full(client: TestClient, services: dict[str, Json]) -> None:
    for record in lines(client, "/openreferral/services?format=ndjson"):
        full = services[record["id"]]
        assert not [v for v in record.values() if isinstance(v, list)]
        assert {k: v for k, v in full.items() if not isinstance(v, list | dict)} == {
            k: v for k, v in record.items() if not isinstance(v, dict)
        }
        assert client.get(f"/openreferral/services/{record['id']}").json() == full


def test_minimal_is_one_page_of_ids_and_dates(
    client: TestClient, services: dict[str, Json]
) -> None:
    page = client.get("/openreferral/services?minimal=true").json()
    assert page["total_pages"] == 1
    assert {r["id"] for r in page["contents"]} == set(services)
    for record in page["contents"]:
        assert record.get("modified_date") == services[record["id"]].get("last_modified")
        assert set(record) <= {"id", "modified_date"}
    assert client.get("/openreferral/services?minimal=true&per_page=3").json()["size"] == 3


# ---------------------------------------------------------------- parameters


def where(services: dict[str, Json], holds: Callable[[Json], bool]) -> set[str]:
    found = {one for one, record in services.items() if holds(record)}
    assert 0 < len(found) < len(services)
    return found


def terms_of(service: Json) -> set[str]:
    return {a["taxonomy_term_id"] for a in service.get("attributes", ())}


def test_terms_and_taxonomies_select(client: TestClient, services: dict[str, Json]) -> None:
    refuge, helpline = (uuid_of(f"shared/service-type/{name}") for name in ("refuge", "helpline"))
    one = where(services, lambda s: refuge in terms_of(s))
    other = where(services, lambda s: helpline in terms_of(s))
    path = "/openreferral/services?taxonomy_term_id="
    assert ids(client, path + refuge) == one
    # One repeated is an alternative; two different ones both hold.
    assert ids(client, f"{path}{refuge}&taxonomy_term_id={helpline}") == one | other
    groups = uuid_of("shared/client-group")
    with_groups = where(
        services,
        lambda s: any(a["taxonomy_term"]["taxonomy_id"] == groups for a in s.get("attributes", ())),
    )
    assert ids(client, f"/openreferral/services?taxonomy_id={groups}") == with_groups
    assert ids(client, f"{path}{refuge}&taxonomy_id={groups}") == one & with_groups
    assert ids(client, f"{path}00000000-0000-0000-0000-000000000000") == set()


def test_organizations_select(client: TestClient, services: dict[str, Json]) -> None:
    provider = uuid_of("dudley/agency/victim-support")
    found = where(services, lambda s: s.get("organization_id") == provider)
    assert ids(client, f"/openreferral/services?organization_id={provider}") == found


def test_ages_select(client: TestClient, services: dict[str, Json]) -> None:
    old = where(services, lambda s: s.get("minimum_age", -1) >= 16)
    young = where(services, lambda s: s.get("maximum_age", 999) <= 25)
    assert ids(client, "/openreferral/services?minimum_age=16") == old
    assert ids(client, "/openreferral/services?maximum_age=25") == young
    assert ids(client, "/openreferral/services?maximum_age=25&minimum_age=16") == old & young


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("day=SA", lambda s: "SA" in s["byday"]),
        ("day=Saturday", lambda s: "SA" in s["byday"]),
        ("day=SA&day=MO", lambda s: "SA" in s["byday"] or "MO" in s["byday"]),
        ("start_time=10:00", lambda s: s["opens_at"] >= "10:00"),
        ("end_time=16:00", lambda s: s["closes_at"] <= "16:00:00"),
        ("day=WE&start_time=10:00&end_time=16:00",
         lambda s: "WE" in s["byday"] and "10:00" <= s["opens_at"] < s["closes_at"] <= "16:00:00"),
    ],
)  # fmt: skip
def test_opening_hours_select(
    client: TestClient, services: dict[str, Json], query: str, holds: Callable[[Json], bool]
) -> None:
    found = where(services, lambda r: any(map(holds, r.get("schedules", ()))))
    assert ids(client, f"/openreferral/services?{query}") == found


def test_search_finds_words_by_their_beginning(
    client: TestClient, services: dict[str, Json]
) -> None:
    named = where(services, lambda s: "IDVA" in s["name"])
    assert named <= ids(client, "/openreferral/services?search=idva")
    assert ids(client, "/openreferral/services?search=IDVÄ") == ids(
        client, "/openreferral/services?search=idva"
    )
    # "men" is no part of "women": who looks for help for men must not be led to a women's refuge.
    for one in ids(client, "/openreferral/services?search=men"):
        assert re.search(r"\bmen", json.dumps(services[one]), re.IGNORECASE)
    assert ids(client, "/openreferral/services?search=zzzz") == set()
    both = ids(client, "/openreferral/services?search=idva&search=refuge")
    assert both == ids(client, "/openreferral/services?search=idva") | ids(
        client, "/openreferral/services?search=refuge"
    )


def test_changes_select(client: TestClient, services: dict[str, Json]) -> None:
    found = where(services, lambda s: s["last_modified"] >= "2026-09-30T00:00:00Z")
    for given in ("2026-09-30", "2026-09-30T00:00:00Z", "2026-09-30T01:00:00%2B01:00"):
        assert ids(client, f"/openreferral/services?modified_after={given}") == found
    assert ids(client, "/openreferral/services?modified_after=2999-01-01T00:00:00Z") == set()


def test_terms_have_parents(client: TestClient) -> None:
    every = {r["id"]: r for r in lines(client, "/openreferral/taxonomy_terms?format=ndjson")}
    top = {one for one, r in every.items() if "parent_id" not in r}
    assert ids(client, "/openreferral/taxonomy_terms?top_only=true") == top
    parent = uuid_of("shared/service-type/safe-accommodation")
    below = {one for one, r in every.items() if r.get("parent_id") == parent}
    assert below and ids(client, f"/openreferral/taxonomy_terms?parent_id={parent}") == below
    needs = uuid_of("shared/need")
    assert ids(client, f"/openreferral/taxonomy_terms?taxonomy_id={needs}") == {
        one for one, r in every.items() if r["taxonomy_id"] == needs
    }


# ---------------------------------------------------------------- places


def test_proximity_is_measured_and_the_nearest_come_first(
    client: TestClient, places: dict[str, Json]
) -> None:
    base = "/openreferral/service_at_locations?format=ndjson&postcode=QZ11AA&proximity="
    centre = next(
        r["location"]
        for r in places.values()
        if r["location"].get("fingerpost", {}).get("postcode") == "QZ1 1AA"
    )
    here = Place(centre["latitude"], centre["longitude"])

    def far(record: Json) -> float:
        at = record["location"]
        return metres(here, Place(at["latitude"], at["longitude"]))

    positioned = [r for r in places.values() if "latitude" in r["location"]]
    for limit in (1, 700, 5_000, 50_000):
        found = lines(client, f"{base}{limit}")
        assert {r["id"] for r in found} == {r["id"] for r in positioned if far(r) <= limit}
        distances = [far(r) for r in found]
        assert distances == sorted(distances)
    assert 0 < len(lines(client, f"{base}700")) < len(lines(client, f"{base}50000"))


def test_a_degree_is_as_long_as_it_is() -> None:
    # One degree of latitude is 111.2 km; of longitude at 60° north half as much.
    assert metres(Place(50, 0), Place(51, 0)) == pytest.approx(111_195, rel=1e-3)
    assert metres(Place(60, 0), Place(60, 1)) == pytest.approx(55_597, rel=1e-3)


def test_a_district_stands_in_for_an_unknown_postcode(client: TestClient) -> None:
    path = "/openreferral/service_at_locations?proximity=20000&postcode="
    assert ids(client, f"{path}QZ19ZZ")
    # An empty list must not say that nothing is near where it is not known where that is.
    answer = client.get(f"{path}ZZ991ZZ").json()
    assert answer["empty"]
    assert "not known here where" in answer["fingerpost"]["notice"]
    assert "fingerpost" not in client.get(f"{path}QZ11AA").json()
    stream = client.get(f"{path}ZZ991ZZ&format=ndjson")
    assert stream.content == b"" and "not known" in stream.headers["fingerpost-notice"]
    alone = client.get("/openreferral/service_at_locations?proximity=100").json()
    assert alone["empty"] and "postcode" in alone["fingerpost"]["notice"]


def test_a_postcode_alone_asks_for_areas(client: TestClient, places: dict[str, Json]) -> None:
    # QZ3 is a district of Ostwold, which is in the county of Eastmarch, which is in Midvale.
    around = {"Ostwold", "Eastmarch", "Midvale"}

    def serves(at: Json) -> bool:
        areas = {a["name"] for a in at["service"].get("service_areas", ())}
        return not areas or bool(areas & around)

    expected = {one for one, at in places.items() if serves(at)}
    assert 0 < len(expected) < len(places)
    assert ids(client, "/openreferral/service_at_locations?postcode=qz3%201aa") == expected
    unknown = client.get("/openreferral/service_at_locations?postcode=ZZ991ZZ").json()
    assert "not known here which areas" in unknown["fingerpost"]["notice"]
    for at in unknown["contents"]:
        assert "service_areas" not in places[at["id"]]["service"]


def test_positions_come_from_a_file(home: Path, schema: Schema, tmp_path: Path) -> None:
    file = tmp_path / "onspd.csv"
    file.write_text(
        "pcds,lat,long,oslaua\nZZ99 1ZZ,55.901,1.802,X\nZZ99 2ZZ,99.999999,0,\nbad,x,y,\n"
    )
    with public_client(home, schema, postcodes=file) as client:
        path = "/openreferral/service_at_locations?proximity=1000&postcode="
        assert ids(client, f"{path}zz991zz")
        assert "fingerpost" in client.get(f"{path}ZZ992ZZ").json()
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(FingerpostError, match="no column postcode, latitude, longitude"):
        Postcodes.read(tmp_path / "other.csv")
    with pytest.raises(FingerpostError, match="cannot be read"):
        Postcodes.read(tmp_path / "none.csv")


# ---------------------------------------------------------------- what is refused

BAD = [
    "page=0", "page=x", "page=1.0", "page=-1", "per_page=0", "per_page=501", "page=1&page=2",
    "format=xml", "full=yes", "minimal=1", "minimum_age=old", "maximum_age=-1", "day=Caturday",
    "start_time=9am", "end_time=25:00", "modified_after=yesterday", "modified_after=2026",
    "modified_after=2026-13-01", "postcode=canary", "proximity=0&postcode=QZ11AA",
    "proximity=far&postcode=QZ11AA", "minimum_age=1&minimum_age=2",
]  # fmt: skip


@pytest.mark.parametrize("query", BAD)
def test_a_bad_value_is_refused_and_not_repeated(client: TestClient, query: str) -> None:
    query = query.replace("canary", "caNAry<script>")
    answer = client.get(f"/openreferral/service_at_locations?{query}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    said = answer.json()
    assert said["status"] == 422
    assert said["errors"][0]["parameter"] == query.split("=")[0]
    for value in ("Caturday", "yesterday", "caNAry", "9am", "old", "xml"):
        assert value not in answer.text


def test_other_parameters_are_ignored(client: TestClient) -> None:
    plain = client.get("/openreferral/services").content
    assert client.get("/openreferral/services?utm_source=x").content == plain


@pytest.mark.parametrize(
    "path",
    ["/services/none", "/services/", "/taxonomies/x", "/nowhere", "/nobody/services", "/nobody/",
     "/services/services/x"],
)  # fmt: skip
def test_what_is_not_there_is_a_problem(client: TestClient, path: str) -> None:
    answer = client.get(f"/openreferral{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "no-store"


# ---------------------------------------------------------------- safety


def test_historical_and_invented_services_say_so(services: dict[str, Json]) -> None:
    for record in services.values():
        if "/example/" in record["fingerpost"]["iri"]:
            assert "Invented" in record["alert"]
        else:
            assert "999" in record["alert"]
            assert record["status"] != "active"
            assert not {"phones", "email", "url", "contacts"} & set(record)


def test_each_partnership_has_its_own_feed(client: TestClient, services: dict[str, Json]) -> None:
    found: set[str] = set()
    for slug in ("dudley", "example", "luton", "slough", "southend"):
        own = ids(client, f"/openreferral/{slug}/services")
        assert own == {
            one for one, s in services.items() if f"/id/{slug}/" in s["fingerpost"]["iri"]
        }
        other = next(iter(set(services) - own))
        assert client.get(f"/openreferral/{slug}/services/{other}").status_code == 404
        named = {a["taxonomy_term_id"] for one in own for a in services[one].get("attributes", ())}
        assert named <= ids(client, f"/openreferral/{slug}/taxonomy_terms")
        found |= own
    assert found == set(services)


def test_no_refuge_has_a_place_and_no_canary_is_told(client: TestClient) -> None:
    everything = "".join(
        client.get(f"/openreferral/{endpoint}?format=ndjson{full}").text
        for endpoint, full in (
            ("services", "&full=true"), ("organizations", "&full=true"), ("taxonomies", ""),
            ("taxonomy_terms", ""), ("service_at_locations", "&full=true"),
        )
    )  # fmt: skip
    assert "QZ1 1AA" in everything
    for canary in ("Canary", "QZ9 9ZZ", "QZ9", "56.987", "1.654"):
        assert canary not in everything
        found = client.get("/openreferral/services", params={"search": canary}).json()
        assert found["total_items"] == 0


def test_old_contacts_are_withheld_by_the_serving_day(home: Path, schema: Schema) -> None:
    number, checked = "01632 960111", datetime.date(2026, 10, 12)
    for days, is_told in ((0, True), (179, True), (180, False), (4000, False)):
        with public_client(home, schema, checked + datetime.timedelta(days)) as client:
            text = client.get("/openreferral/services?format=ndjson&full=true").text
            assert (number in text) is is_told


def test_an_answer_is_kept_until_the_feed_changes(home: Path, schema: Schema) -> None:
    def etag(day: datetime.date, path: str = "/openreferral/services") -> str:
        with public_client(home, schema, day) as client:
            answer = client.get(path)
            etag = answer.headers["etag"]
            again = client.get(path, headers={"If-None-Match": etag})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == etag
            assert again.headers["access-control-allow-origin"] == "*"
            assert again.headers["cache-control"] == "no-cache"
            return etag

    fresh = datetime.date(2026, 11, 22)
    assert etag(TODAY) == etag(fresh)
    assert etag(TODAY) != etag(datetime.date(2027, 11, 22))
    assert etag(TODAY) != etag(TODAY, "/openreferral/services?page=2")


def test_anybody_may_read_from_anywhere(client: TestClient) -> None:
    for method in ("GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "TRACE"):
        for path in ("/openreferral/", "/openreferral/services", "/openreferral/services/x"):
            answer = client.request(method, path, headers={"Origin": "https://other.example"})
            assert answer.headers["access-control-allow-origin"] == "*"
            assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
            assert "set-cookie" not in answer.headers
            if method in ("POST", "PUT", "DELETE", "TRACE"):
                assert answer.status_code == 405
                assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    asked = client.options("/openreferral/services")
    assert asked.status_code == 204
    assert "GET" in asked.headers["access-control-allow-methods"]
    head = client.head("/openreferral/services")
    got = client.get("/openreferral/services")
    assert head.content == b""
    assert head.headers["content-length"] == got.headers["content-length"]
    assert head.headers["etag"] == got.headers["etag"]
