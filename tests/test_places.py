"""The answers about capacity, from small made-up figures and from the shipped documents."""

import datetime
from typing import Any

import pytest
from worlds import (
    AGENCIES,
    DAY,
    GROUPS,
    HOME,
    HOMES,
    NEEDS,
    PART,
    SERVICES,
    proof,
    provision,
    reach,
    service,
    world,
)

from graph.stores.protocol import Store
from queries.ask import Answer, ask, find_question
from queries.asked import Asked, Given, Partnership
from queries.catalogue import fact_files
from queries.places import REFUGE, above_capacity, bed_spaces, limits

A, B = SERVICES[:2]
TYPES = [
    {"term": "shared/service-type/safe", "name": "Safe accommodation", "broader": []},
    {"term": REFUGE, "name": "Refuge", "broader": ["shared/service-type/safe"]},
    {"term": "t/service-type/small", "name": "Small refuge", "broader": [REFUGE]},
]


def figure(number: int, kind: str, value: float, unit: str, *about: str, **changes: Any) -> Any:
    identifier = f"t/observation/{number}"
    return {
        "observation": identifier,
        "partnership": "t",
        "kind": kind,
        "value": value,
        "unit": unit,
        "qualifier": None,
        "population": None,
        "period": None,
        "until": None,
        "known_on": datetime.date(2012, 9, 6),
        "about": list(about),
        "proof": proof(identifier),
        **changes,
    }


def asked(
    services: list[Any],
    figures: list[Any] = [],  # noqa: B006 - never changed
    rows: list[Any] = [],  # noqa: B006
    lost: frozenset[str] = frozenset(),
) -> Asked:
    facts = world(
        services=services,
        reaches=[reach(f"t/reach/{n}", s["service"], GROUPS[0]) for n, s in enumerate(services)],
        provisions=[provision("t/provision/0", A, AGENCIES[0])],
        service_types=TYPES,
        observations=figures,
    )
    home = Partnership("t", "T", HOME, "Home", DAY, historical=False, fictional=True)
    return Asked(rows, facts, DAY, lost, (home,), Given({}, {}), {"t": DAY})


def refuge(identifier: str = A, **changes: Any) -> Any:
    return service(identifier, **{"types": [REFUGE], "needs": [NEEDS[0]], **changes})


def spaces(services: list[Any], *figures: Any, **dials: Any) -> list[Any]:
    rows = [{"service": s["service"]} for s in services]
    return bed_spaces(asked(services, list(figures), rows, **dials))


def test_the_figures_have_the_columns_of_their_file() -> None:
    assert set(figure(0, "demand", 1, "person")) == set(fact_files()["observations"].returns)
    assert HOMES == {"t": HOME}


# ---------------------------------------------------------------- limits


def test_each_limit_is_a_row_and_other_words_are_none() -> None:
    rows = [
        {**refuge(), "availability": ["waiting list", "room", "full"], "wait": "long"},
        {**service(B), "availability": None},
    ]
    told = limits(asked([refuge(), service(B)], rows=rows))
    assert [(r["service"], r["state"], r["wait"]) for r in told] == [
        (A, "full", "long"),
        (A, "waiting list", "long"),
    ]
    assert limits(asked([refuge()], rows=rows[:1], lost=frozenset({AGENCIES[0]}))) == []


# ---------------------------------------------------------------- above capacity


def above(services: list[Any], *figures: Any, gaps: list[Any] = []) -> list[tuple[Any, ...]]:  # noqa: B006
    told = above_capacity(asked(services, list(figures), gaps))
    return [(r["service"], r["section"], r["demand"], r["capacity"], r["unit"]) for r in told]


def test_a_demand_is_above_a_capacity_in_the_same_unit_only() -> None:
    capacity = figure(1, "capacity", 10, "household", A)
    more = figure(2, "demand", 11, "household", A)
    assert above([refuge()], capacity, more) == [(A, "by its figures", 11, 10, "household")]
    for other in (
        figure(2, "demand", 10, "household", A),
        figure(2, "demand", 11, "person", A),
        figure(2, "use", 11, "household", A),
        figure(2, "demand", 11, "household", B),
        figure(2, "demand", 11, "household", AGENCIES[0]),
        figure(2, "demand", 11, "household", A, B),
        figure(2, "demand", 11, "household", A, PART),
    ):
        assert above([refuge(), service(B)], capacity, other) == [], other


def test_the_newest_figures_up_to_the_day_are_compared() -> None:
    capacity = figure(1, "capacity", 10, "household", A)
    old = figure(2, "demand", 20, "household", A, until=datetime.date(2011, 12, 31))
    new = figure(3, "demand", 5, "household", A, until=datetime.date(2012, 12, 31))
    later = figure(4, "demand", 30, "household", A, until=datetime.date(2013, 12, 31))
    assert above([refuge()], capacity, old, new, later) == []
    assert above([refuge()], capacity, later) == [(A, "by its figures", 30, 10, "household")]


def test_what_a_source_says_is_named_once_with_its_reasons() -> None:
    gaps = [
        {"gap": f"t/gap/{n}", "name": f"Short {n}", "service": s, "proof": proof(f"t/gap/{n}")}
        for n, s in enumerate((A, A, B))
    ]
    services = [refuge(availability=["above capacity"]), service(B, standing="ended")]
    (row,) = above_capacity(asked(services, rows=gaps))
    assert (row["service"], row["section"]) == (A, "a source says so")
    assert row["reason"] == "asked for more than it can do; Short 0; Short 1"
    assert [p["record"] for p in row["evidence"]] == [A, "t/gap/0", "t/gap/1"]
    assert above([refuge(), service(B)], gaps=gaps[2:]) == [(B, "a source says so", *[None] * 3)]


# ---------------------------------------------------------------- places


PEOPLE = figure(9, "population", 50_000, "person", HOME, until=datetime.date(2011, 12, 31))


def test_places_and_those_out_of_use_stand_together_unit_by_unit() -> None:
    told = spaces(
        [refuge()],
        figure(1, "capacity", 8, "family place", A),
        figure(2, "out of use", 3, "family place", A),
        figure(3, "capacity", 20, "bed space", A),
        figure(4, "capacity", 4, "place", A),
        figure(5, "use", 7, "household", A),
        PEOPLE,
    )
    assert [(r["unit"], r["places"], r["out_of_use"]) for r in told] == [
        ("bed space", 20, None),
        ("family place", 8, 3),
    ]
    beds, families = told
    assert beds["per_10000"] is None and beds["population_year"] is None
    assert (families["per_10000"], families["residents"]) == (1.0, 50_000)
    assert families["population_year"] == 2011
    records = [p["record"] for p in families["evidence"]]
    assert records == [A, "t/observation/1", "t/observation/2", "t/observation/9"]


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({}, True),
        ({"types": ["t/service-type/small"]}, True),
        ({"whereabouts": "wider"}, True),
        ({"types": ["shared/service-type/safe"]}, False),
        ({"types": []}, False),
        ({"standing": "planned"}, False),
        ({"whereabouts": "outside"}, False),
    ],
)
def test_only_refuges_that_run_here_count_for_the_benchmark(
    changes: dict[str, Any], counts: bool
) -> None:
    places = figure(1, "capacity", 5, "family place", A)
    (row,) = spaces([refuge(**changes)], places, PEOPLE)
    assert row["per_10000"] == (1.0 if counts else None)


@pytest.mark.parametrize(
    "people",
    [
        figure(9, "population", 50_000, "person", PART),
        figure(9, "population", 50_000, "household", HOME),
        figure(9, "incidence", 50_000, "person", HOME),
    ],
)
def test_without_a_number_of_people_there_is_no_rate(people: Any) -> None:
    (row,) = spaces([refuge()], figure(1, "capacity", 5, "family place", A), people)
    assert row["per_10000"] is None and row["residents"] is None


def test_a_part_of_the_area_is_not_counted_beside_the_whole() -> None:
    part = figure(1, "capacity", 2, "property", A, PART)
    whole = figure(2, "capacity", 5, "property", A)
    assert [r["places"] for r in spaces([refuge()], part, whole)] == [5]
    (row,) = spaces([refuge()], part)
    assert (row["places"], row["area_names"]) == (2, ["Part"])


def test_an_agency_and_several_services_have_no_places() -> None:
    several = figure(1, "capacity", 5, "family place", A, B)
    agency = figure(2, "capacity", 5, "family place", AGENCIES[0])
    assert spaces([refuge(), refuge(B)], several, agency) == []


def test_the_newest_figure_is_shown_and_what_is_lost_is_left_out() -> None:
    old = figure(1, "capacity", 5, "family place", A, until=datetime.date(2010, 12, 31))
    new = figure(2, "capacity", 6, "family place", A)
    assert [r["places"] for r in spaces([refuge()], old, new)] == [6]
    assert spaces([refuge()], new, lost=frozenset({AGENCIES[0]})) == []


# ---------------------------------------------------------------- the shipped documents


def answer(store: Store, name: str, slug: str, **dials: Any) -> Answer:
    return ask(store, find_question(f"capacity.{name}"), slugs=[slug], **dials)


def test_dudleys_limits(any_store: Store) -> None:
    """Appendix A: Accommodation, row 1, and Service Provision, rows 2, 3 and 5."""
    told = {
        (r["service"].rsplit("/", 1)[-1], r["state"])
        for r in answer(any_store, "limits", "dudley").rows
    }
    assert told == {
        ("refuge", "full"),
        ("barnardos", "waiting list"),
        ("rape-counselling", "waiting list"),
        ("former-refuges", "temporary"),
        ("satellites", "partly out of use"),
        ("outreach", "above capacity"),
    }
    without = answer(any_store, "limits", "dudley", without=["dudley/agency/chadd"]).rows
    assert "dudley/service/refuge" not in {r["service"] for r in without}


def test_dudleys_satellites_have_seven_properties_and_two_are_empty(any_store: Store) -> None:
    """Appendix A, Accommodation, row 1. The four areas of the DASH groups are no places."""
    (row,) = answer(any_store, "bed_spaces", "dudley").rows
    assert row["service"] == "dudley/service/satellites"
    assert (row["unit"], row["places"], row["out_of_use"]) == ("property", 7, 2)


def test_eastmarchs_refuge_against_the_benchmark(any_store: Store) -> None:
    rows = answer(any_store, "bed_spaces", "example").rows
    rated = {r["service"]: r for r in rows if r["per_10000"] is not None}
    assert set(rated) == {"example/service/kestrelgate-refuge"}
    (row,) = rated.values()
    assert row["per_10000"] == 0.2, "12 family places for 597,400 people"
    assert row["population_year"] == 2024
    homes = {r["places"] for r in rows if r["service"] == "example/service/dispersed-homes"}
    assert homes == {9}, "the three in one district are among the nine"


def test_who_turned_people_away_why_and_from_where(any_store: Store) -> None:
    rows = {
        r["observation"].rsplit("/", 1)[-1]: r for r in answer(any_store, "refused", "example").rows
    }
    assert rows["ob-refused-refuge"]["refused_by"] == ["Kestrelgate Refuge"]
    assert rows["ob-refused-refuge"]["reason"] == "No place was free in most cases"
    assert rows["ob-refused-women"]["origin"] == "Two in three from outside Eastmarch"
    assert rows["ob-refused-men"]["reason"] is None
    lost = answer(
        any_store, "refused", "example", without=["example/service/kestrelgate-refuge"]
    ).rows
    assert {tuple(r["refused_by"]) for r in lost} == {(), ("Dispersed homes",)}


def test_dudleys_services_that_are_asked_for_more_than_they_can_do(any_store: Store) -> None:
    """Appendix A, Service Provision, rows 2 and 3."""
    rows = answer(any_store, "above_capacity", "dudley").rows
    assert {(r["service"], r["section"]) for r in rows} == {
        ("dudley/service/outreach", "a source says so"),
        ("dudley/service/rape-counselling", "a source says so"),
    }
