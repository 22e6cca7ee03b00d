"""What a directory needs of the form: contacts, places, hours, languages, ages and helplines.

Contacts and addresses pass where the shapes say so and nowhere else. A place of safe accommodation
is refused with its row and column, and never repeated, unless an editor has marked it (SAFETY,
rules 1 and 3).
"""

import datetime
from pathlib import Path

import pytest
from by_pyshacl import validate
from rdflib import XSD, Graph, Literal
from testham import TABLES, write_tables

from graph.build import build_dataset
from graph.confidential import ALLOWED, contact_in, is_persons_mailbox
from graph.errors import InputError, Problem
from graph.ids import partnership_of
from graph.model import Edge, Node, PropertyGraph
from graph.release import Release, read_graph, write_release
from graph.safety import safe_services
from graph.sources.folder import write_folder
from ontology.namespaces import FP, ID
from ontology.schema import Schema, shared

RECORD = {"source": "report", "place": "paragraph 1", "basis": "stated"}
CONTACT = {"of": "advice", "kind": "telephone", "value": "01632 960123", **RECORD}
VENUE = {"name": "Town hall", "services": "advice", "kind": "physical", **RECORD}
SECRET = {
    "address": "1 Canary Row",
    "town": "Canaryford",
    "county": "Canaryshire",
    "postcode": "QZ9 9ZZ",
    "latitude": "55.987",
    "longitude": "1.654",
    "getting there": "Behind the canary shop",
}


def _table(*rows: dict[str, str]) -> str:
    keys = list(dict.fromkeys(key for row in rows for key in row))
    lines = [",".join(["id", *keys])]
    for number, row in enumerate(rows, start=1):
        lines.append(",".join([f"r{number}", *(f'"{row.get(key, "")}"' for key in keys)]))
    return "\n".join(lines) + "\n"


def _problems(root: Path, schema: Schema, **tables: str | None) -> list[Problem]:
    """What a build of Testham with other tables is refused for; empty where it is not."""
    try:
        build_dataset([write_tables(root, **tables)], schema)
    except InputError as refused:
        return list(refused.problems)
    return []


def _services(**cells: str) -> str:
    """The services of Testham with one more."""
    row = {"name": "One more", "standing": "operating", **RECORD, **cells}
    return _table(
        row,
        {"name": "Advice line", "type": "Helpline", "standing": "operating", **RECORD},
    ).replace("r2,", "advice,").replace("r1,", "refuge,")  # fmt: skip


def _graph(root: Path, schema: Schema, **tables: str | None) -> PropertyGraph:
    dataset = build_dataset([write_tables(root, **tables)], schema)
    return read_graph(write_release(dataset, root / "home"), schema)


# ---------------------------------------------------------------- contacts


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("telephone", "01632 960123"),
        ("telephone", "+44 1632 960123"),
        ("telephone", "116 123"),
        ("text message", "07700900123"),
        ("textphone", "18001 01632 960123"),
        ("e-mail", "help@haven.example"),
        ("e-mail", "da.team@testham.example"),
        ("web page", "https://haven.example/help"),
        ("web chat", "https://haven.example"),
        ("video relay", "https://haven.example/sign"),
    ],
)
def test_a_contact_of_its_kind_passes(
    tmp_path: Path, schema: Schema, kind: str, value: str
) -> None:
    graph = _graph(tmp_path, schema, contacts=_table({**CONTACT, "kind": kind, "value": value}))
    (node,) = [n for n in graph.nodes if n.label == "Contact"]
    assert (node.properties["kind"], node.properties["value"]) == (kind, value)
    assert [e.end for e in graph.edges if e.start[1] == node.id] == [
        ("Service", "testham/service/advice")
    ]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("telephone", "help@haven.example"),
        ("telephone", "ring 01632 960123 by day"),
        ("telephone", "01632 960123, QZ9 9ZZ"),
        ("text message", "https://haven.example"),
        ("e-mail", "01632 960123"),
        ("e-mail", "write to help@haven.example"),
        ("web page", "http://haven.example"),
        ("web page", "haven.example"),
        ("web page", "https://haven.example/QZ9-9ZZ"),
        ("web page", "https://haven.example see also https://b.example"),
        ("web chat", "01632 960123"),
    ],
)
def test_a_contact_holds_one_of_its_kind_and_nothing_else(
    tmp_path: Path, schema: Schema, kind: str, value: str
) -> None:
    found = _problems(tmp_path, schema, contacts=_table({**CONTACT, "kind": kind, "value": value}))
    assert [(p.file, p.row, p.column) for p in found] == [("testham/contacts.csv", 2, "value")]
    assert not any(part in str(found[0]) for part in ("960123", "haven", "9ZZ"))


@pytest.mark.parametrize("name", ["asha.rao", "a.rao", "asha_rao", "asha-rao.2", "Asha.M.Rao"])
def test_a_persons_mailbox_is_refused_and_not_repeated(
    tmp_path: Path, schema: Schema, name: str
) -> None:
    row = {**CONTACT, "kind": "e-mail", "value": f"{name}@haven.example"}
    (found,) = _problems(tmp_path, schema, contacts=_table(row))
    assert (found.file, found.row, found.column) == ("testham/contacts.csv", 2, "value")
    assert "no mailbox of a person" in str(found)
    assert "help@" in found.advice
    assert "rao" not in str(found).lower()


@pytest.mark.parametrize(
    "value", ["help@a.example", "referrals.idva@a.example", "01632 960123", "partners@a.example"]
)
def test_a_teams_mailbox_is_no_persons(value: str) -> None:
    assert not is_persons_mailbox(value)


def test_contacts_and_addresses_are_refused_in_every_other_column(
    tmp_path: Path, schema: Schema
) -> None:
    """Every text column of every table, but for those that the shapes name."""
    may = {
        (c.name, p.key): ALLOWED[p.holds] for c in schema for p in c.columns if p.holds is not None
    }
    assert {k for k, kinds in may.items() if "a telephone number" in kinds} == {
        ("Contact", "value"),
        ("Helpline", "telephone"),
        ("Helpline", "text"),
    }
    assert {name for (name, _), kinds in may.items() if "a postcode" in kinds} == {"Venue"}
    tables = [c for c in schema if c.table not in ("partnership", "sources")]
    texts = {c.table: [p for p in c.columns if p.type in ("string", "text")] for c in tables}
    for secret in ("ring 01632 960123", "help@haven.example", "QZ9 9ZZ"):
        rows = {table: _table({p.header: secret for p in props}) for table, props in texts.items()}
        found = _problems(tmp_path / secret[:2], schema, **rows)
        assert not any(secret in str(p) for p in found)
        refused = {(p.file, p.column) for p in found if p.expected.startswith("no ")}
        for klass in tables:
            for prop in texts[klass.table]:
                is_allowed = contact_in(secret) in may.get((klass.name, prop.key), ())
                place = f"testham/{klass.table}.csv", prop.header
                assert (place in refused) != is_allowed, (klass.name, prop.key, secret)


# ---------------------------------------------------------------- places


def test_a_public_place_has_its_address(tmp_path: Path, schema: Schema) -> None:
    graph = _graph(tmp_path, schema, venues=_table(VENUE | SECRET))
    (node,) = [n for n in graph.nodes if n.label == "Venue"]
    assert (node.properties["postcode"], str(node.properties["latitude"])) == ("QZ9 9ZZ", "55.987")


SAFE_SERVICES = {
    "type": {"type": "Dispersed accommodation"},
    "need": {"needs": "Emergency accommodation"},
    "name": {"name": "Haven Women's Refuge"},
    "alias": {"also called": "the safe house"},
    "description": {"description": "A refuge for women."},
    "shelter": {"name": "Women's shelter"},
    "abuse shelter": {"name": "Domestic abuse shelter"},
    "curly": {"name": "Haven women’s hostel"},
    "aid": {"name": "Women's Aid house"},
    "second stage": {"name": "Second stage housing"},
    "two blanks": {"name": "The safe  house"},
    "soft hyphen": {"name": "The re\u00adfuge"},
}


@pytest.mark.parametrize("header", SECRET)
def test_a_refuges_place_is_refused_at_its_cell_and_not_repeated(
    tmp_path: Path, schema: Schema, header: str
) -> None:
    venues = _table(VENUE, VENUE | {"services": "advice; refuge", header: SECRET[header]})
    (found,) = _problems(tmp_path, schema, venues=venues)
    assert (found.file, found.row, found.column) == ("testham/venues.csv", 3, header)
    assert "no place of safe accommodation" in found.expected
    assert "staff" in found.advice
    assert SECRET[header] not in str(found)


@pytest.mark.parametrize("cells", SAFE_SERVICES.values(), ids=list(SAFE_SERVICES))
def test_whatever_makes_it_safe_accommodation_keeps_its_place(
    tmp_path: Path, schema: Schema, cells: dict[str, str]
) -> None:
    venues = _table(VENUE | {"services": "refuge", "postcode": "QZ9 9ZZ"})
    found = _problems(tmp_path, schema, services=_services(**cells), venues=venues,
                      awards=None, reaches=None, provisions=None)  # fmt: skip
    assert [(p.file, p.row, p.column) for p in found] == [("testham/venues.csv", 2, "postcode")]
    other = _problems(tmp_path / "b", schema, services=_services(), venues=venues,
                      awards=None, reaches=None, provisions=None)  # fmt: skip
    assert not other, "an ordinary service may be found"


def test_a_part_of_a_refuge_and_a_type_of_ones_own_are_safe_too(
    tmp_path: Path, schema: Schema
) -> None:
    types = _table({"name": "Night house", "broader": "Refuge", **RECORD})
    part = _services(type="r1").replace("r1,", "refuge,", 1)
    venues = _table(VENUE | {"services": "refuge", "town": "Canaryford"})
    without = dict.fromkeys(("awards", "reaches", "provisions"))
    found = _problems(
        tmp_path, schema, service_types=types, services=part, venues=venues, **without
    )
    assert [(p.row, p.column) for p in found] == [(2, "town")]
    children = TABLES["services"].replace("id,name,", "id,part of,name,").replace(
        "advice,Advice line,Helpline", "advice,refuge,Children's worker,"
    ).replace("refuge,Haven", "refuge,,Haven").replace("far,Far", "far,,Far")  # fmt: skip
    venues = _table(VENUE | {"town": "Canaryford"})
    found = _problems(tmp_path / "b", schema, services=children, venues=venues)
    assert [(p.row, p.column) for p in found] == [(2, "town")]


@pytest.mark.parametrize("mark", ["staff", "public"])
def test_a_marked_place_passes(tmp_path: Path, schema: Schema, mark: str) -> None:
    venues = _table(VENUE | SECRET | {"services": "refuge", "visibility": mark})
    assert not _problems(tmp_path, schema, venues=venues)


def test_what_is_wrong_with_a_marked_place_does_not_repeat_it(
    tmp_path: Path, schema: Schema
) -> None:
    wrong = {"postcode": "QZ9-9Z", "latitude": "5.987", "longitude": "1.6 E", "visibility": "staff"}
    venues = _table(VENUE | {"services": "refuge", "getting there": "ring 01632 960123"} | wrong)
    found = _problems(tmp_path, schema, venues=venues)
    assert {p.column for p in found} == {"postcode", "latitude", "longitude", "getting there"}
    assert not any(s in str(p) for p in found for s in ("QZ9", "5.987", "1.6 E", "960123"))


HIDDEN = VENUE | SECRET | {"name": "Canary house", "services": "refuge", "visibility": "staff"}
"""A refuge's place, for staff."""


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("postcode", "QZ9 9ZZ"),
        ("address", "First floor, 1 CANARY ROW"),
        ("name", "Office at 1 Canary-Row"),
        ("getting there", "Ask for 1, Canary Row"),
        ("name", "Canary house in Canaryford"),
        ("latitude", "55.98704"),
    ],
)
def test_a_hidden_place_is_not_told_by_the_venue_of_another_service(
    tmp_path: Path, schema: Schema, header: str, cell: str
) -> None:
    other = VENUE | {"longitude": "1.6539" if header == "latitude" else "", header: cell}
    found = _problems(tmp_path, schema, venues=_table(HIDDEN, other))
    assert [(p.row, p.column) for p in found] == [(3, header)] * len(found) and found
    assert cell not in str(found) and "staff" in found[0].advice
    marked = _table(HIDDEN, other | {"visibility": "public"})
    assert not _problems(tmp_path / "marked", schema, venues=marked)
    alone = _table(HIDDEN | {"services": "advice", "name": "Hall"}, other)
    assert not _problems(tmp_path / "alone", schema, venues=alone), "no refuge is hidden there"


def test_another_service_may_be_in_the_street_and_the_town(tmp_path: Path, schema: Schema) -> None:
    other = VENUE | {"address": "11 Canary Row", "town": "Canaryford", "latitude": "55.99"}
    assert not _problems(tmp_path, schema, venues=_table(HIDDEN, other | {"longitude": "1.654"}))


@pytest.mark.parametrize(
    ("table", "old", "new"),
    [
        ("services", "refuge,Haven refuge,", "refuge,Haven refuge of Canaryford,"),
        ("services", "refuge,Haven refuge,", "refuge,Canary Row refuge,"),
        ("services", "advice,Advice line,", "advice,Advice at Canary house in Canaryford,"),
        ("services", "advice,Advice line,", "advice,For the Haven refuge on Canary Row,"),
        ("services", "advice,Advice line,", "advice,The Canary-ford refuge's line,"),
    ],
)
def test_a_hidden_place_is_not_told_by_words_on_the_refuge(
    tmp_path: Path, schema: Schema, table: str, old: str, new: str
) -> None:
    assert old in TABLES[table]
    tables = {table: TABLES[table].replace(old, new)}
    (found,) = _problems(tmp_path, schema, venues=_table(HIDDEN), **tables)
    assert found.file == f"testham/{table}.csv"
    assert "no place of safe accommodation" in found.expected
    assert "canary" not in str(found).lower()


def test_a_hidden_place_is_not_told_by_a_record_about_the_refuge(
    tmp_path: Path, schema: Schema
) -> None:
    reach = {"group": "Women who are victims", "strength": "specialist", **RECORD}
    here = {"service": "refuge", "condition": "For those who come to Canaryford", **reach}
    there = here | {"service": "advice"}
    found = _problems(tmp_path, schema, venues=_table(HIDDEN), reaches=_table(here, there))
    assert [(p.file, p.row, p.column) for p in found] == [("testham/reaches.csv", 2, "condition")]


def test_a_town_that_is_an_area_and_what_says_nothing_of_a_refuge_pass(
    tmp_path: Path, schema: Schema
) -> None:
    services = TABLES["services"].replace("Advice line", '"Advice in Canaryford, on Canary Row"')
    services = services.replace("Haven refuge", "Testham refuge")
    venues = _table(HIDDEN | {"town": "Testham", "address": "Flat 2, First floor, 1 Canary Row"})
    assert not _problems(tmp_path, schema, services=services, venues=venues)


def test_a_text_on_a_refuge_names_no_area_that_is_for_staff(tmp_path: Path, schema: Schema) -> None:
    """It would be public or not by what is secret (SAFETY, rule 2)."""
    areas = TABLES["areas"].replace("basis\n", "basis,visibility\n") + (
        "secret,Haven,testham,report,paragraph 1,stated,staff\n"
    )
    found = _problems(tmp_path, schema, areas=areas)
    places = {(p.file, p.row, p.column) for p in found}
    # The refuge itself, its provider and its money are called after it.
    assert ("testham/services.csv", 2, "name") in places
    assert places == {
        ("testham/services.csv", 2, "name"),
        ("testham/agencies.csv", 3, "name"),
        ("testham/funds.csv", 2, "name"),
    }
    assert all(p.expected.startswith("no area that is for staff") for p in found)
    assert not any("Haven" in str(p) for p in found)
    for number, same in enumerate(
        (areas.replace(",staff", ","), areas.replace("Haven", "Nowhere"))
    ):
        assert not _problems(tmp_path / str(number), schema, areas=same)


def test_no_public_service_is_a_part_of_a_refuge_for_staff(tmp_path: Path, schema: Schema) -> None:
    """It would be called after that, or not, by what is secret (SAFETY, rule 2)."""

    def told(folder: str, mark: str, kind: str = "Helpline", own: str = "") -> list[Problem]:
        rows = [
            {"name": "Home", "type": kind, "standing": "operating", "visibility": mark, **RECORD},
            {"name": "Worker", "part of": "refuge", "type": "Counselling", "visibility": own,
             "standing": "operating", **RECORD},
        ]  # fmt: skip
        table = _table(*rows).replace("r1,", "refuge,").replace("r2,", "advice,")
        without = dict.fromkeys(("awards", "reaches", "provisions"))
        return _problems(tmp_path / folder, schema, services=table, **without)

    (found,) = told("a", "staff", "Refuge")
    assert (found.row, found.column) == (3, "part of")
    assert "refuge" not in str(found) and "staff" in found.advice
    assert not told("b", "staff")
    assert not told("c", "", "Refuge")
    assert not told("d", "staff", "Refuge", own="staff")


def test_safe_accommodation_names_no_small_area(tmp_path: Path, schema: Schema) -> None:
    without = dict.fromkeys(("awards", "reaches", "provisions"))

    def told(folder: str, **cells: str) -> list[tuple[str, int, str]]:
        services = _services(type="Refuge", **cells)
        found = _problems(tmp_path / folder, schema, services=services, **without)
        assert not any("east" in str(p).lower() for p in found)
        return [(p.file, p.row, p.column) for p in found]

    assert told("a", area="testham-east") == [("testham/services.csv", 2, "area")]
    assert told("b", area="testham; testham-east") == [("testham/services.csv", 2, "area")]
    assert told("c", area="testham-east", visibility="staff") == []
    assert told("d", area="testham; testshire; farham") == []


def test_an_area_outside_is_small_by_its_code(tmp_path: Path, schema: Schema) -> None:
    without = dict.fromkeys(("awards", "reaches", "provisions"))
    for folder, code, wanted in (("ward", "E05001234", 1), ("county", "E10000003", 0)):
        areas = TABLES["areas"].replace("id,name,", "id,ONS code,name,")
        areas = areas.replace("farham,Far", f"farham,{code},Far")
        areas = "".join(
            line if code in line or line.startswith("id") else line.replace(",", ",,", 1)
            for line in areas.splitlines(keepends=True)
        )
        services = _services(type="Refuge", area="farham")
        found = _problems(tmp_path / folder, schema, areas=areas, services=services, **without)
        assert len(found) == wanted, code


# ---------------------------------------------------------------- the same of a property graph


def test_a_graphs_safe_services_are_those_of_its_rows(graph: PropertyGraph, schema: Schema) -> None:
    safe = safe_services(graph, schema)
    assert {"example/service/kestrelgate-refuge", "slough/service/sanctuary"} <= safe
    assert "example/service/housing-options" in safe, "it meets the need of emergency accommodation"
    assert "example/service/county-outreach" not in safe


def test_safe_services_follow_circles_once(schema: Schema) -> None:
    def service(name: str, text: str) -> Node:
        return Node(f"t/service/{name}", "Service", {"name": text, "also_called": ()})

    def part(a: str, b: str) -> Edge:
        return Edge(
            "PART_OF", ("Service", f"t/service/{a}"), ("Service", f"t/service/{b}"), None, {}
        )

    nodes = (service("a", "Worker"), service("b", "Refuge"), service("c", "Other"))
    found = safe_services(PropertyGraph("r", nodes, (part("a", "b"), part("b", "a"))), schema)
    assert found == {"t/service/a", "t/service/b"}


# ---------------------------------------------------------------- hours, languages, ages, posts


@pytest.mark.parametrize(
    ("column", "good", "bad"),
    [
        (
            "hours",
            (
                "Mo-Fr 09:00-17:00",
                "Mo,We 10:00-16:00",
                "24/7",
                "Mo-We,Sa 18:00-24:00; Su 00:00-09:00",
            ),
            ("9 to 5", "Mo-Fr 9:00-17:00", "Mo-Fr 09:00-25:00", "Mon-Fri 09:00-17:00", "24 hours"),
        ),
        ("languages", ("en", "cy; ur", "bfi", "zh-Hant", "pt-BR"), ("English", "EN", "e", "ur_PK")),
        ("text language", ("cy",), ("Welsh",)),
        ("minimum age", ("0", "16", "120"), ("-1", "121", "16.5")),
        ("maximum age", ("18",), ("121",)),
    ],
)
def test_hours_languages_and_ages_have_their_form(
    tmp_path: Path, schema: Schema, column: str, good: tuple[str, ...], bad: tuple[str, ...]
) -> None:
    without = dict.fromkeys(("awards", "reaches", "provisions"))
    for number, cell in enumerate(good):
        services = _services(**{column: cell})
        assert not _problems(tmp_path / f"good{number}", schema, services=services, **without), cell
    for number, cell in enumerate(bad):
        services = _services(**{column: cell})
        found = _problems(tmp_path / f"bad{number}", schema, services=services, **without)
        assert [(p.row, p.column) for p in found] == [(2, column)], cell


def test_the_youngest_age_is_not_above_the_oldest(tmp_path: Path, schema: Schema) -> None:
    services = _services(**{"minimum age": "18", "maximum age": "13"})
    without = dict.fromkeys(("awards", "reaches", "provisions"))
    (found,) = _problems(tmp_path, schema, services=services, **without)
    assert (found.row, found.column) == (2, "minimum age")


def test_postcode_districts_have_their_form(tmp_path: Path, schema: Schema) -> None:
    area = {"name": "Testham", **RECORD}
    rows = _table(area | {"postcode districts": "QZ1; QZ12; Q1A"}).replace("r1,", "testham,")
    without = dict.fromkeys(("awards", "reaches", "provisions", "services"))
    assert not _problems(tmp_path / "good", schema, areas=rows, **without)
    rows = _table(area | {"postcode districts": "QZ1 1"}).replace("r1,", "testham,")
    (found,) = _problems(tmp_path / "bad", schema, areas=rows, **without)
    assert (found.row, found.column) == (2, "postcode districts")


@pytest.mark.parametrize(
    ("cells", "is_refused"),
    [
        ({"filled": "leaving"}, True),
        ({"filled": "leaving", "number of posts": "1"}, True),
        ({"filled": "leaving", "number of posts": "1", "visibility": "public"}, True),
        ({"filled": "leaving", "number of posts": "1", "visibility": "staff"}, False),
        ({"filled": "leaving", "number of posts": "4"}, False),
        ({"filled": "vacant", "number of posts": "1"}, False),
        ({}, False),
    ],
)
def test_a_single_holder_who_leaves_is_for_staff(
    tmp_path: Path, schema: Schema, cells: dict[str, str], is_refused: bool
) -> None:
    posts = _table({"name": "Adviser", **RECORD, **cells})
    found = _problems(tmp_path, schema, posts=posts)
    assert [(p.row, p.column) for p in found] == [(2, "visibility")] * is_refused
    assert not is_refused or "staff only" in found[0].expected


# ---------------------------------------------------------------- helplines


def test_shared_helplines_are_in_every_release(release: Release, schema: Schema) -> None:
    lines = [n for n in read_graph(release, schema).nodes if n.label == "Helpline"]
    shared_lines = {n.id: n.properties for n in lines if partnership_of(n.id) == "shared"}
    national = shared_lines["shared/helpline/national-domestic-abuse"]
    assert national["telephone"] == "0808 2000 247"
    assert national["nations"] == ("England",)
    assert national["for_groups"] == ("shared/client-group/women",)
    covered = {nation for p in shared_lines.values() for nation in p["nations"] or ()}  # type: ignore[union-attr]
    assert covered == {"England", "Wales", "Scotland", "Northern Ireland"}
    for columns in shared_lines.values():
        assert columns["telephone"] or columns["text"] or columns["web_page"]
        assert str(columns["source"]).endswith(".")
        assert columns["checked_on"] is None or isinstance(columns["checked_on"], datetime.date)


def test_whoever_abuses_has_a_line_of_their_own(release: Release, schema: Schema) -> None:
    """No line is for perpetrators and for victims: it would be shown to both (SAFETY, rule 7)."""
    for node in read_graph(release, schema).nodes:
        groups = node.properties.get("for_groups")
        if node.label == "Helpline" and isinstance(groups, tuple):
            assert "shared/client-group/perpetrators" not in groups or len(groups) == 1


def test_the_shapes_judge_shared_helplines_too() -> None:
    line = ID["shared/helpline/galop"]
    data = shared() + Graph()
    assert not [v for v in validate(data) if v.focus == line]
    data.set((line, FP.hours, Literal("nine to five")))
    data.set((line, FP.checkedOn, Literal("yesterday", datatype=XSD.string)))
    assert {v.path for v in validate(data) if v.focus == line} == {FP.hours, FP.checkedOn}


def test_a_partnership_adds_a_helpline_of_its_own(tmp_path: Path, schema: Schema) -> None:
    row = {
        "name": "Testham line",
        "description": "For everybody in Testham.",
        "telephone": "01632 960123",
        "nations": "England; Wales",
        "checked on": "2026-11-01",
        "source": "The council's page of contacts.",
    }
    graph = _graph(tmp_path, schema, helplines=_table(row))
    (node,) = [n for n in graph.nodes if n.id == "testham/helpline/r1"]
    assert node.properties["nations"] == ("England", "Wales")
    assert node.properties["checked_on"] == datetime.date(2026, 11, 1)
    (found,) = _problems(tmp_path / "b", schema, helplines=_table(row | {"telephone": ""}))
    assert (found.row, found.column) == (2, "telephone")


# ---------------------------------------------------------------- the example, and back to tables


def test_the_example_has_entries_of_every_age(graph: PropertyGraph) -> None:
    """Fresh, older than 90 days, older than 180 and undated ones, seen from 22 November 2026."""
    day = datetime.date(2026, 11, 22)
    for label in ("Service", "Contact", "Venue"):
        ages = set()
        for node in graph.nodes:
            if node.label == label and partnership_of(node.id) == "example":
                on = node.properties["confirmed_on"]
                days = (day - on).days if isinstance(on, datetime.date) else None
                ages.add("none" if days is None else "fresh" if days < 90
                         else "older" if days < 180 else "old")  # fmt: skip
        assert ages == {"none", "fresh", "older", "old"}, label


def test_contacts_and_places_come_back_as_they_were_written(
    graph: PropertyGraph, schema: Schema, tmp_path: Path
) -> None:
    write_folder(graph, schema, "example", tmp_path / "example")
    again = build_dataset([tmp_path / "example"], schema)
    found = read_graph(write_release(again, tmp_path / "home"), schema)

    def entries(one: PropertyGraph) -> list[Node]:
        wanted = ("Contact", "Venue", "Service")
        return [n for n in one.nodes if n.label in wanted and partnership_of(n.id) == "example"]

    assert entries(found) == entries(graph)
