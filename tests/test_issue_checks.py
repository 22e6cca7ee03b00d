"""What the four documents say, asked of the shipped partnerships: each check stands in a document.

The ids and days are literal on purpose: they come from the documents and not from running.
"""

import datetime
from typing import Any

import pytest

from graph.ids import partnership_of
from graph.model import PropertyGraph
from graph.stores.protocol import Store
from queries.ask import ask, find_question
from queries.catalogue import catalogue, fact_files
from queries.cells import Coverage
from queries.recorded import read_facts

Row = dict[str, Any]

REPORT_DAY = datetime.date(2012, 9, 6)
AFTER_MARCH = datetime.date(2013, 4, 1)
SEVERAL_DAYS = tuple(
    datetime.date.fromisoformat(day)
    for day in ("2010-01-01", "2012-09-06", "2013-03-31", "2013-04-01", "2015-04-01", "2030-01-01")
)


def answer(store: Store, name: str, slug: str, **dials: Any) -> list[Row]:
    return list(ask(store, find_question(name), slugs=[slug], **dials).rows)


def unfunded(store: Store, slug: str, day: datetime.date) -> dict[str, Row]:
    return {row["service"]: row for row in answer(store, "funding.unfunded", slug, as_of=day)}


def uncovered(store: Store, slug: str, **dials: Any) -> dict[tuple[str, str], Row]:
    rows = answer(store, "coverage.uncovered", slug, **dials)
    return {(row["group"], row["need"]): row for row in rows}


# ---------------------------------------------------------------- money


def test_the_advisers_of_dudley_are_paid_until_the_end_of_march_2013(store: Store) -> None:
    assert "dudley/service/idva" not in unfunded(store, "dudley", REPORT_DAY)
    assert "dudley/service/idva" not in unfunded(store, "dudley", datetime.date(2013, 3, 31))
    row = unfunded(store, "dudley", AFTER_MARCH)["dudley/service/idva"]
    assert row["section"] == "money ended"
    assert "no renewal recorded (as known on 2012-09-06)" in row["state"]
    assert "CRIG" in row["last_funder"]
    assert row["ended"] == datetime.date(2013, 3, 31)


def test_barnardos_money_ends_on_the_same_day(store: Store) -> None:
    assert "dudley/service/barnardos" not in unfunded(store, "dudley", REPORT_DAY)
    row = unfunded(store, "dudley", AFTER_MARCH)["dudley/service/barnardos"]
    assert row["section"] == "money ended"
    assert row["ended"] == datetime.date(2013, 3, 31)


def test_the_childrens_adviser_of_luton_is_paid_up_to_and_on_the_last_day(store: Store) -> None:
    last = datetime.date(2015, 3, 31)
    name = "luton/service/children-idva"
    assert name not in unfunded(store, "luton", last)
    row = unfunded(store, "luton", last + datetime.timedelta(days=1))[name]
    assert (row["section"], row["ended"]) == ("money ended", last)


@pytest.mark.parametrize("day", SEVERAL_DAYS, ids=str)
@pytest.mark.parametrize("service", ["slough/service/sanctuary", "dudley/service/staying-put"])
def test_undated_money_is_never_a_finding_of_being_unfunded(
    store: Store, service: str, day: datetime.date
) -> None:
    row = unfunded(store, partnership_of(service), day).get(service)
    assert row is None or row["section"] == "undated"


def test_undated_money_is_shown_as_undated_later(store: Store) -> None:
    for service in ("slough/service/sanctuary", "dudley/service/staying-put"):
        rows = unfunded(store, partnership_of(service), datetime.date(2030, 1, 1))
        assert rows[service]["section"] == "undated"


def test_the_money_for_locks_is_not_said_to_be_at_high_risk(graph: PropertyGraph) -> None:
    awards = [
        e
        for e in graph.edges
        if e.type == "AWARD" and e.end == ("Service", "dudley/service/staying-put")
    ]
    assert awards
    assert all(award.properties["risk"] != "high" for award in awards)


def test_the_money_for_the_marac_coordinator_is_undated(store: Store) -> None:
    row = unfunded(store, "dudley", AFTER_MARCH)["dudley/post/marac-coordinator"]
    assert (row["section"], row["kind"]) == ("undated", "post")


def test_another_areas_service_is_no_unfunded_service_of_dudley(store: Store) -> None:
    for day in SEVERAL_DAYS:
        rows = unfunded(store, "dudley", day).values()
        assert not [r for r in rows if "walsall" in r["service"] or "Walsall" in r["name"]]


# ---------------------------------------------------------------- single points of failure


def test_what_stands_alone_behind_accommodation_for_men(store: Store) -> None:
    rows = {
        row["thing"]: row
        for row in answer(store, "resilience.single_points_of_failure", "dudley")
        if row["group"] == "shared/client-group/men" and row["need"] == "shared/need/accommodation"
    }
    assert {"dudley/service/satellites", "dudley/agency/chadd"} <= rows.keys()
    assert rows["dudley/agency/chadd"]["basis"] == "inferred"
    assert "nothing is recorded" in rows["dudley/agency/chadd"]["witness"]


def test_without_chadd_the_refuge_no_longer_counts(store: Store) -> None:
    cell = ("shared/client-group/women", "shared/need/accommodation")
    assert cell not in uncovered(store, "dudley")
    row = uncovered(store, "dudley", without=["dudley/agency/chadd"])[cell]
    assert "gone with what is imagined lost" in row["reason"]


# ---------------------------------------------------------------- coverage


def test_lgbt_victims_of_dudley_are_said_not_to_be_reached_with_no_need_named(
    store: Store,
) -> None:
    rows = {n: r for (g, n), r in uncovered(store, "dudley").items() if g.endswith("/lgbt")}
    assert rows["unspecified"]["section"] == "stated uncovered"
    assert set(rows) == {"unspecified"}, "one row, never multiplied over all needs"


def test_a_missing_protocol_makes_nobody_uncovered(store: Store, graph: PropertyGraph) -> None:
    group = "shared/client-group/nrpf"
    rows = [r for (g, _), r in uncovered(store, "dudley").items() if g == group]
    assert rows
    assert {row["state"] for row in rows} == {"not recorded"}
    coverage = coverage_of(store, "dudley", REPORT_DAY)
    needs = [n.id for n in graph.nodes if n.label == "Need"]
    states = {coverage.judge((group, n, "dudley/area/dudley")).state for n in needs}
    assert states <= {"not recorded"}


def coverage_of(store: Store, slug: str, day: datetime.date) -> Coverage:
    dials = {"partnerships": [slug], "as_of": day, "without": []}
    question = find_question("coverage.uncovered")
    facts = {}
    for name in question.facts:
        fact = fact_files()[name]
        facts[name] = store.read(fact.cypher, {p.name: dials[p.name] for p in fact.parameters})
    homes = {slug: f"{slug}/area/{slug}"}
    gaps = store.read(question.cypher, {"partnerships": [slug], "without": []})
    return Coverage(read_facts(facts, homes, frozenset()), gaps, day)


def test_what_slough_never_names_is_not_recorded_and_no_more(
    store: Store, graph: PropertyGraph
) -> None:
    links = [
        (partnership_of(e.start[1]), e.end[1]) for e in graph.edges if e.end[0] == "ClientGroup"
    ]
    named = {group for slug, group in links if slug == "slough"}
    by_others = {g for slug, g in links if slug not in ("slough", "shared")} - named
    rows = answer(store, "coverage.uncovered", "slough")
    silent = {r["group"]: r for r in rows if r["group"] in by_others}
    assert silent
    assert {r["state"] for r in silent.values()} == {"not recorded"}
    assert {r["section"] for r in silent.values()} == {"never named here"}
    assert all(r["need"] == "unspecified" for r in silent.values())
    assert not [r for r in rows if r["section"] == "never named here" and r["group"] in named]


@pytest.mark.parametrize(
    "thing",
    [
        "dudley/agency/victim-support",
        "dudley/body/crig",
        "dudley/fund/crig-fund",
        "dudley/service/idva",
    ],
)
def test_what_a_single_point_says_is_what_its_loss_shows(store: Store, thing: str) -> None:
    cell = ("shared/client-group/victims", "shared/need/advocacy")
    points = answer(store, "resilience.single_points_of_failure", "dudley")
    assert thing in {r["thing"] for r in points if (r["group"], r["need"]) == cell}
    assert cell not in uncovered(store, "dudley")
    assert cell in uncovered(store, "dudley", without=[thing])


@pytest.mark.parametrize("thing", ["dudley/fund/crig-fund", "dudley/body/crig"])
def test_losing_money_that_has_ended_brings_nothing_back(store: Store, thing: str) -> None:
    cell = ("shared/client-group/victims", "shared/need/advocacy")
    assert cell in uncovered(store, "dudley", as_of=AFTER_MARCH)
    assert cell in uncovered(store, "dudley", as_of=AFTER_MARCH, without=[thing])


# ---------------------------------------------------------------- in no answer at all


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_walsalls_scheme_is_never_dudleys_own(store: Store, name: str) -> None:
    """Walsall's scheme takes people from Dudley: it may help, hang on something, or be a way."""
    theme = name.split(".")[0]
    for row in answer(store, name, "dudley"):
        subject = row.get("service") or row.get("thing")
        if subject and "walsall" in str(subject):
            assert theme not in ("funding", "capacity", "governance"), row
        if theme == "coverage" and "Walsall S.A.F.E." in (row.get("services") or ()):
            assert row["state"] == "partial" and "outside the area" in row["reason"], row
        assert row.get("area") != "dudley/area/walsall", row


@pytest.mark.parametrize("name", ["governance.overdue", "governance.changes"])
def test_what_is_due_in_september_2012_is_not_overdue_on_the_sixth(store: Store, name: str) -> None:
    rows = answer(store, name, "dudley", as_of=REPORT_DAY)
    late = {r.get("action") or r["thing"] for r in rows if r.get("section") != "progress recorded"}
    due = {
        row["action"]
        for row in answer(store, "governance.overdue", "dudley", as_of=AFTER_MARCH)
        if row["due"] >= datetime.date(2012, 9, 30)
    }
    assert len(due) > 20
    assert not due & late


@pytest.mark.parametrize("name", ["governance.overdue", "governance.changes"])
@pytest.mark.parametrize("day", SEVERAL_DAYS, ids=str)
def test_no_action_of_slough_is_ever_overdue(store: Store, name: str, day: datetime.date) -> None:
    rows = answer(store, name, "slough", as_of=day)
    assert [r for r in rows if name.endswith("overdue") or r["section"] == "became overdue"] == []


def test_without_chadd_names_refuge_satellites_groups_and_the_cells_that_fall(store: Store) -> None:
    plain = answer(store, "resilience.what_if", "dudley", as_of=AFTER_MARCH)
    assert plain == []
    rows = answer(
        store, "resilience.what_if", "dudley", as_of=AFTER_MARCH, without=["dudley/agency/chadd"]
    )
    falls = {r["name"] for r in rows if r["change"] == "service falls"}
    assert {"New refuge", "Self-contained satellite properties", "Women's Group"} <= falls
    cells = {
        (r["group_name"], r["need_name"])
        for r in rows
        if r["change"] == "left with nothing on record"
    }
    assert {
        (group, "Safe accommodation")
        for group in ("Women who are victims", "Male victims", "Families with children")
    } <= cells
