"""What changes if something is lost: the difference of two answers, on both stores."""

import datetime

import pytest

from graph.stores.protocol import Store
from queries.ask import ask, find_question
from queries.asked import Row
from queries.scenario import FALLS, HANGS, LEFT_WITH_NOTHING

AFTER = datetime.date(2013, 4, 1)


def changes(store: Store, *without: str, day: datetime.date = AFTER) -> tuple[Row, ...]:
    question = find_question("resilience.what_if")
    return ask(store, question, slugs=["dudley"], as_of=day, without=without).rows


@pytest.mark.parametrize("day", [datetime.date(2012, 9, 6), AFTER])
def test_losing_nothing_changes_nothing(any_store: Store, day: datetime.date) -> None:
    question = find_question("resilience.what_if")
    assert ask(any_store, question, as_of=day).rows == ()


def test_losing_chadd_names_its_services_and_whom_they_leave(any_store: Store) -> None:
    rows = changes(any_store, "dudley/agency/chadd")
    fallen = {r["thing"] for r in rows if r["change"] == FALLS}
    assert {"dudley/service/refuge", "dudley/service/satellites"} <= fallen
    left = {(r["group"], r["need"]) for r in rows if r["change"] == LEFT_WITH_NOTHING}
    accommodation = "shared/need/accommodation"
    assert ("shared/client-group/women", accommodation) in left
    assert ("shared/client-group/men", accommodation) in left
    assert all(r["evidence"] for r in rows)


def test_what_is_left_with_nothing_is_the_difference_of_two_answers(store: Store) -> None:
    question = find_question("coverage.uncovered")
    lost = ["dudley/agency/chadd", "dudley/agency/victim-support"]

    def cells(*without: str) -> set[tuple[str, str, str]]:
        rows = ask(store, question, slugs=["dudley"], as_of=AFTER, without=without).rows
        return {(r["group"], r["need"], r["area"]) for r in rows if r["need"] != "unspecified"}

    left = {
        (r["group"], r["need"], r["area"])
        for r in changes(store, *lost)
        if r["change"] == LEFT_WITH_NOTHING
    }
    assert left
    assert cells(*lost) - cells() <= left
    assert not left & cells()


def test_losing_more_leaves_no_less(store: Store) -> None:
    def left(*without: str) -> set[tuple[str, str, str]]:
        return {
            (r["group"], r["need"], r["area"])
            for r in changes(store, *without)
            if r["change"] == LEFT_WITH_NOTHING
        }

    one, other = "dudley/agency/chadd", "dudley/agency/dwmht"
    assert left(one) | left(other) <= left(one, other)


def test_a_new_single_point_is_one_that_was_none_before(store: Store) -> None:
    question = find_question("resilience.single_points_of_failure")
    before = ask(store, question, slugs=["dudley"], as_of=AFTER).rows
    known = {(r["thing"], r["group"], r["need"], r["area"], r["strength"]) for r in before}
    after = ask(
        store, question, slugs=["dudley"], as_of=AFTER, without=["dudley/agency/chadd"]
    ).rows
    fresh = {(r["thing"], r["group"], r["need"], r["area"]) for r in after} - {k[:4] for k in known}
    told = {
        (r["thing"], r["group"], r["need"], r["area"])
        for r in changes(store, "dudley/agency/chadd")
        if r["change"] == HANGS
    }
    assert told and fresh <= told
