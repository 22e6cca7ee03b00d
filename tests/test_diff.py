"""Two releases compared: the words, their order, and what readers from outside never learn."""

from collections.abc import Callable

import pytest
from testham import ABOUT, TABLES, write_tables

from graph.build import build_dataset
from graph.diff import Change, compare, in_words, readable_date, summary
from graph.model import PropertyGraph
from graph.release import read_graph, write_release
from ontology.schema import Schema

Make = Callable[..., PropertyGraph]


@pytest.fixture(scope="module")
def make(schema: Schema, tmp_path_factory: pytest.TempPathFactory) -> Make:
    def made(slug: str = "testham", **tables: str | None) -> PropertyGraph:
        home = tmp_path_factory.mktemp("diff")
        folder = write_tables(home, slug, **tables)
        return read_graph(write_release(build_dataset([folder], schema), home), schema)

    return made


@pytest.fixture(scope="module")
def before(make: Make) -> PropertyGraph:
    return make()


def words(found: tuple[Change, ...]) -> list[tuple[str, str, str]]:
    return [(c.table, c.kind, c.words) for c in found]


def test_nothing_changed_is_nothing_told(before: PropertyGraph, schema: Schema) -> None:
    assert compare(before, before, schema) == ()
    assert in_words((), schema) == ["Nothing would change."]


def test_money_that_ends_on_another_day(before: PropertyGraph, make: Make, schema: Schema) -> None:
    awards = TABLES["awards"].replace("../2013-03", "../2014-03").replace("30000", "31500.5")
    found = compare(before, make(awards=awards), schema)
    assert words(found) == [
        (
            "awards",
            "changed",
            "the money for Haven refuge from Haven grant: amount is now £31,500.5 instead of "
            "£30,000; now ends on 31 March 2014 instead of 2013",
        )
    ]
    open_end = TABLES["awards"].replace("../2013-03", "2012-04/..")
    (change,) = compare(before, make(awards=open_end), schema)
    assert change.cells[-1].words == "period is now from April 2012 instead of until March 2013"
    other = TABLES["awards"].replace("../2013-03", "../2013-06")
    (change,) = compare(before, make(awards=other), schema)
    assert change.cells[-1].words == "now ends on 30 June 2013 instead of 31 March 2013"
    gone = TABLES["awards"].replace("../2013-03", "")
    (change,) = compare(before, make(awards=gone), schema)
    assert change.cells[-1].words == "period is no longer recorded (it was until March 2013)"


def test_what_is_added_ended_changed_and_gone(
    before: PropertyGraph, make: Make, schema: Schema
) -> None:
    services = TABLES["services"].replace("testham,operating,2012-05", "testham,ended,2012-05")
    services = services.replace(
        "far,Farham refuge,Refuge,Safe accommodation,farham,operating,,report,paragraph 10,"
        "inferred,Named as an example.",
        "hope,Hope,,,testham-east,planned,,report,paragraph 10,stated,\n"
        "joy,Joy,,,testham,planned,,report,paragraph 10,stated,",
    ).replace("advice,Advice line,Helpline", "advice,Help line,Helpline")
    found = compare(before, make(services=services), schema)
    assert words(found) == [
        ("services", "added", "Hope"),
        ("services", "added", "Joy"),
        ("services", "ended", "Haven refuge: standing is now “ended” instead of “operating”"),
        ("services", "changed", "Help line: name is now “Help line” instead of “Advice line”"),
        ("services", "gone", "Farham refuge"),
    ]
    assert summary(found, schema) == [
        "2 services added",
        "1 service ended",
        "1 service changed",
        "1 service no longer on record",
    ]
    assert in_words(found, schema, ["services, hope: twice"]) == [
        "testham",
        "  2 services added",
        "  1 service ended",
        "  1 service changed",
        "  1 service no longer on record",
        "  services",
        "    added: Hope",
        "    added: Joy",
        "    ended: Haven refuge: standing is now “ended” instead of “operating”",
        "    changed: Help line: name is now “Help line” instead of “Advice line”",
        "    no longer on record: Farham refuge",
        "No longer on record: no source speaks of it now. That is no word of its end.",
        "Conflicts with what is there",
        "  services, hope: twice",
    ]


def test_references_and_relations_are_told_by_name(
    before: PropertyGraph, make: Make, schema: Schema
) -> None:
    provisions = TABLES["provisions"].replace("charity,provides,refuge", "charity,hosts,refuge")
    funds = TABLES["funds"].replace("Haven grant,council", "Haven grant,charity")
    found = compare(before, make(provisions=provisions, funds=funds), schema)
    assert words(found) == [
        (
            "funds",
            "changed",
            "Haven grant: held by is now “Testham Haven” instead of “Testham Council”",
        ),
        (
            "provisions",
            "changed",
            "Testham Haven → Haven refuge: role is now “hosts” instead of “provides”",
        ),
    ]


def test_what_is_only_cited_otherwise_is_counted(
    before: PropertyGraph, make: Make, schema: Schema
) -> None:
    posts = TABLES["posts"].replace("paragraph 2", "paragraph 1")
    found = compare(before, make(posts=posts), schema)
    assert [c.is_citing for c in found] == [True]
    assert in_words(found, schema) == [
        "testham",
        "  1 record is only cited otherwise: another source, place or note",
    ]


def test_staff_only_changes_are_marked_and_never_told_outside(
    before: PropertyGraph, make: Make, schema: Schema
) -> None:
    head, *rows = TABLES["services"].splitlines()
    rows += ["safe,Safe house,Refuge,,testham,operating,,report,paragraph 2,stated,"]
    services = "\n".join([f"{head},visibility", *(f"{r}," for r in rows)]) + "staff\n"
    reaches = (
        TABLES["reaches"]
        + "safe-w,safe,Women who are victims,specialist,report,paragraph 2,stated\n"
    )
    hidden = make(services=services, reaches=reaches)
    for found in (compare(before, hidden, schema), compare(hidden, before, schema)):
        assert [(c.table, c.is_staff) for c in found] == [("services", True), ("reaches", True)]
        told = in_words(found, schema)
        assert sum(line.endswith(" [staff only]") for line in told) == 2
        assert in_words(found, schema, ["something"], staff=False) == ["Nothing would change."]
    shown = make(services=services.replace(",staff", ",public"), reaches=reaches)
    found = compare(hidden, shown, schema)
    assert in_words(found, schema, staff=False) == ["Nothing would change."]


def test_a_first_release_is_all_new_in_the_order_of_the_form(
    before: PropertyGraph, schema: Schema
) -> None:
    found = compare(None, before, schema)
    assert {c.kind for c in found} == {"added"}
    tables = [c.table for c in found]
    order = [klass.table for klass in schema]
    assert tables == sorted(tables, key=order.index)
    assert "4 areas added" in summary(found, schema)
    assert not [line for line in in_words(found, schema) if "paragraph 1" in line]


def test_partnerships_are_told_one_after_the_other(
    make: Make, before: PropertyGraph, schema: Schema
) -> None:
    other = make("otherham", about=ABOUT.replace("Testham Together", "Otherham"))
    told = in_words(compare(before, other, schema), schema)
    assert [line for line in told if not line.startswith(" ")][:2] == ["otherham", "testham"]


def test_the_shipped_partnerships_compare_with_nothing_in_words(
    graph: PropertyGraph, schema: Schema
) -> None:
    found = compare(None, graph, schema)
    assert [c for c in found if not c.name or "None" in c.name] == []
    assert len(in_words(found, schema)) > 1000
    assert compare(graph, graph, schema) == ()


@pytest.mark.parametrize(
    ("edtf", "said"),
    [
        ("2013-03-31", "31 March 2013"),
        ("2013-03", "March 2013"),
        ("2013", "2013"),
        ("2012-04/2013-03", "April 2012 to March 2013"),
        ("2012-04/..", "from April 2012"),
        ("2014-22", "2014-22"),
        ("2013-03-31?", "2013-03-31?"),
    ],
)
def test_dates_are_readable(edtf: str, said: str) -> None:
    assert readable_date(edtf) == said
