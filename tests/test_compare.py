"""Partnerships side by side: what another has on record and one has not, each on its own day."""

import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.stores.protocol import Store
from queries.ask import ask, find_question, partnerships
from queries.asked import Row

SLUGS = ("dudley", "example", "luton", "slough", "southend")
DAY = datetime.date(2014, 6, 24)


def compared(store: Store, what: str, *slugs: str, **dials: Any) -> tuple[Row, ...]:
    return ask(store, find_question(f"compare.{what}"), slugs=slugs, **dials).rows


def cells(rows: tuple[Row, ...], slug: str) -> dict[tuple[str, str], Row]:
    found = [r for r in rows if r["partnership"] == slug]
    keys = [tuple(r[c].rsplit("/", 1)[-1] for c in ("group", "need")) for r in found]
    assert len(set(keys)) == len(keys)
    return dict(zip(keys, found, strict=True))


def types(rows: tuple[Row, ...], slug: str) -> dict[str, Row]:
    return {r["type"].rsplit("/", 1)[-1]: r for r in rows if r["partnership"] == slug}


@pytest.mark.parametrize("what", ["coverage", "service_types"])
def test_one_alone_is_compared_with_nobody(store: Store, what: str) -> None:
    assert all(compared(store, what, slug) == () for slug in SLUGS)


def test_each_is_asked_on_its_own_day(store: Store) -> None:
    newest = {p.slug: p.newest for p in partnerships(store)}
    rows = compared(store, "coverage")
    assert {(r["partnership"], r["as_of"]) for r in rows} == set(newest.items())
    # Dudley's adviser was paid until March 2013: on Dudley's day, not on Luton's.
    advocacy = ("victims", "advocacy")
    row = cells(compared(store, "coverage", "dudley", "slough"), "slough")[advocacy]
    assert [words.split(": ")[1] for words in row["elsewhere"]] == ["IDVA service"]
    later = compared(store, "coverage", "dudley", "slough", as_of=DAY)
    assert advocacy not in cells(later, "slough")


def test_help_that_only_the_other_has_on_record(store: Store) -> None:
    rows = compared(store, "coverage", "luton", "slough")
    luton, slough = cells(rows, "luton"), cells(rows, "slough")
    # Slough's sanctuary scheme (row 11); Luton's five advisers (paragraph 5).
    assert ("victims", "stay-home") in luton and ("victims", "advocacy") in slough
    assert not luton.keys() & slough.keys(), "what both lack or both have is no difference"
    assert ("pupils", "prevention") not in {*luton, *slough}
    therapy = cells(compared(store, "coverage", "luton", "example"), "luton")["children", "therapy"]
    assert therapy["state"] == "insufficient" and "a source states a gap" in therapy["reason"]
    records = {p["record"] for p in therapy["evidence"]}
    assert "luton/gap/therapy-children" in records
    assert any(record.startswith("example/reach/") for record in records)


def test_own_terms_are_not_compared(store: Store) -> None:
    for row in compared(store, "coverage"):
        assert row["group"].startswith("shared/") and row["need"].startswith("shared/")
    assert all(r["type"].startswith("shared/") for r in compared(store, "service_types"))
    # A drop-in is the county's own word for outreach, and counts as that.
    outreach = types(compared(store, "service_types", "example", "luton"), "luton")["outreach"]
    assert any("drop-in" in words for words in outreach["elsewhere"])


@pytest.mark.parametrize("slugs", [("dudley", "luton"), ("example", "southend", "slough")])
def test_cells_agree_with_the_matrix(store: Store, slugs: tuple[str, ...]) -> None:
    homes = {p.slug: p.area for p in partnerships(store)}
    helped = {
        (r["partnership"], r["group"], r["need"])
        for r in ask(store, find_question("coverage.matrix"), slugs=slugs).rows
        if r["services"] and r["area"] == homes[r["partnership"]]
        if r["group"].startswith("shared/") and r["need"].startswith("shared/")
    }
    expected = {
        (slug, group, need)
        for _, group, need in helped
        for slug in slugs
        if (slug, group, need) not in helped
    }
    rows = compared(store, "coverage", *slugs)
    assert {(r["partnership"], r["group"], r["need"]) for r in rows} == expected


def test_what_is_lost_is_missed_by_nobody_else(store: Store) -> None:
    sanctuary = "slough/service/sanctuary"
    rows = compared(store, "coverage", "luton", "slough", without=[sanctuary])
    assert ("victims", "stay-home") not in cells(rows, "luton")
    rows = compared(store, "service_types", "luton", "slough", without=[sanctuary])
    assert "sanctuary" not in types(rows, "luton")
    rows = compared(store, "service_types", "dudley", "slough", without=[sanctuary])
    missed = types(rows, "slough")["sanctuary"]
    assert missed["not_running"] == ["Sanctuary scheme"]


def test_what_falls_with_a_loss_runs_no_longer(store: Store) -> None:
    """CHADD provides both refuges and the satellites (paragraph 8; Accommodation, row 1)."""
    missed = types(compared(store, "service_types", "dudley", "luton"), "luton")
    assert {"refuge", "dispersed"} <= missed.keys()
    lost = compared(store, "service_types", "dudley", "luton", without=["dudley/agency/chadd"])
    assert not {"refuge", "dispersed"} & types(lost, "luton").keys()


def test_types_that_run_elsewhere(store: Store) -> None:
    rows = compared(store, "service_types", "dudley", "luton")
    luton, dudley = types(rows, "luton"), types(rows, "dudley")
    assert {"refuge", "safe-accommodation", "perpetrator-programme"} <= luton.keys()
    # Paragraph 8: it was to begin in summer 2014.
    assert luton["perpetrator-programme"]["not_running"]
    assert "luton/service/perpetrator-programme" in {
        p["record"] for p in luton["perpetrator-programme"]["evidence"]
    }
    # Paragraph 5: the helpline was planned, so nobody has one running.
    assert "helpline" not in dudley and "helpline" not in luton
    assert "idva" not in {*luton, *dudley}, "both have advisers"


def test_a_service_runs_from_its_opening_to_its_closing(store: Store) -> None:
    """The county's sanctuary scheme opened in 2016."""

    def missing(day: datetime.date) -> dict[str, Row]:
        return types(compared(store, "service_types", "example", "luton", as_of=day), "luton")

    assert "sanctuary" not in missing(datetime.date(2015, 12, 31))
    assert "sanctuary" in missing(datetime.date(2016, 1, 1))


@settings(max_examples=20)
@given(
    st.sets(st.sampled_from(SLUGS), min_size=1),
    st.sampled_from([None, DAY, datetime.date(2026, 6, 30)]),
)
def test_who_is_compared_with_more_misses_no_less(
    store: Store, slugs: set[str], day: datetime.date | None
) -> None:
    for what, key in (("coverage", ("group", "need")), ("service_types", ("type",))):
        some = compared(store, what, *sorted(slugs), as_of=day)
        more = compared(store, what, as_of=day)
        missed = {(r["partnership"], *(r[k] for k in key)) for r in some}
        assert missed <= {(r["partnership"], *(r[k] for k in key)) for r in more}


@pytest.mark.parametrize("what", ["coverage", "service_types"])
def test_both_stores_say_the_same(store: Store, any_store: Store, what: str) -> None:
    assert compared(any_store, what) == compared(store, what)
    assert all(r["evidence"] and r["elsewhere"] for r in compared(store, what))
