"""The funding cliff: change points against every day, and what the documents say of later days."""

import datetime
import itertools
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import (
    AGENCIES,
    ALL_THINGS,
    DAYS,
    FUNDS,
    GROUPS,
    HOME,
    NEEDS,
    POSTS,
    SERVICES,
    THINGS,
    Row,
    World,
    award,
    dependence,
    facts_of,
    proof,
    provision,
    reach,
    service,
    world,
    worlds,
)

from graph.dates import add_months
from graph.stores.protocol import Store
from queries.ask import ask, find_question
from queries.cells import Coverage
from queries.cliff import CellChange, MoneyChange, Outlook, between, change_points, horizon_reaches
from queries.money import money_left
from queries.recorded import UNSPECIFIED

DAY = datetime.timedelta(days=1)
Told = tuple[datetime.date, object, str, str]
"""A change: the day, the thing or cell, and the words before and after."""


def date(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def subjects(rows: World) -> list[Row]:
    """The services and posts of a world; each post belongs to the agency of its number."""
    things = [*(s["service"] for s in rows["services"]), *POSTS]
    return [
        {
            "service": thing,
            "partnership": "t",
            "name": thing,
            "agencies": [AGENCIES[POSTS.index(thing)]] if thing in POSTS else [],
            "proof": proof(thing),
        }
        for thing in things
    ]


def outlook(
    rows: World, day: datetime.date, lost: Iterable[str] = (), gaps: Iterable[Row] = ()
) -> Outlook:
    return Outlook(facts_of(rows, frozenset(lost)), list(gaps), subjects(rows), day)


def told(changes: Iterable[MoneyChange | CellChange]) -> set[Told]:
    found: list[Told] = [
        (c.on_day, c.thing, c.before.section, c.after.section)
        if isinstance(c, MoneyChange)
        else (c.on_day, c.before.cell, c.before.state, c.after.state)
        for c in changes
    ]
    assert len(found) == len(set(found))
    return set(found)


def every_day(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    return [first + DAY * n for n in range((last - first).days + 1)]


def looked_at_each_day(
    rows: World, gaps: list[Row], first: datetime.date, last: datetime.date
) -> set[Told]:
    """The same without change points and without anything of queries/cliff.py."""
    facts = facts_of(rows)
    found: set[Told] = set()
    money: dict[str, str] = {}
    before: Coverage | None = None
    for day in every_day(first, last):
        sections = {s: money_left(a, day, facts.lost).section for s, a in facts.awards.items()}
        found |= {
            (day, s, money[s], now)
            for s, now in sections.items()
            if money.get(s, now) != now and {money[s], now} != {"funded", "undated"}
        }
        money = {**sections}
        after = Coverage(facts, gaps, day)
        for cell in {*before.helps, *after.helps} if before else ():
            was, now_is = (c.judge(cell).state for c in (before, after) if c)
            if was != now_is and cell[1] != UNSPECIFIED:
                found.add((day, cell, was, now_is))
        before = after
    return found


GAPS: list[Row] = [
    {
        "gap": "t/gap/short",
        "partnership": "t",
        "name": "Too few homes",
        "kind": "shortage",
        "terms": [GROUPS[0]],
        "needs": [NEEDS[0]],
        "areas": [],
        "proof": proof("t/gap/short"),
    }
]


@st.composite
def starts(draw: st.DrawFn, rows: World) -> datetime.date:
    """A day to look ahead from: any, or one shortly before something happens."""
    points = change_points(facts_of(rows), date("2010-12-31"), date("2015-12-31"))
    near = [st.sampled_from(points).map(lambda d: d - 20 * DAY)] if points else []
    return draw(st.one_of(DAYS, *near))


@st.composite
def windows(draw: st.DrawFn) -> tuple[World, datetime.date, datetime.date]:
    rows = draw(worlds())
    day = draw(starts(rows))
    return rows, day, day + DAY * draw(st.integers(0, 50))


# ---------------------------------------------------------------- laws


@settings(max_examples=80)
@given(windows(), st.booleans())
def test_change_points_show_what_every_day_shows(
    window: tuple[World, datetime.date, datetime.date], short: bool
) -> None:
    rows, day, until = window
    gaps = GAPS if short else []
    found = told(outlook(rows, day, gaps=gaps).changes(until))
    assert found == looked_at_each_day(rows, gaps, day, until)


@settings(max_examples=60)
@given(windows(), st.sets(THINGS, min_size=1, max_size=2))
def test_change_points_show_what_every_day_shows_with_things_lost(
    window: tuple[World, datetime.date, datetime.date], lost: set[str]
) -> None:
    rows, day, until = window
    view = outlook(rows, day, lost, GAPS)
    days = [view.standing(d) for d in every_day(day, until)]
    expected: list[MoneyChange | CellChange] = []
    for earlier, later in itertools.pairwise(days):
        expected += between(earlier, later)
    assert told(view.changes(until)) == told(expected)


@given(windows(), st.sets(THINGS, max_size=1))
def test_between_two_change_points_the_day_does_not_matter(
    window: tuple[World, datetime.date, datetime.date], lost: set[str]
) -> None:
    rows, day, until = window
    points = change_points(facts_of(rows), day, until)
    quiet = (points[0] if points else until + DAY) - DAY
    ahead = [told(outlook(rows, d, lost).changes(until)) for d in (day, quiet)]
    assert ahead[0] == ahead[1]


@given(windows(), st.sets(THINGS, min_size=1, max_size=3))
def test_what_is_lost_does_not_come_back_with_time(
    window: tuple[World, datetime.date, datetime.date], lost: set[str]
) -> None:
    """Help that is there on a later day without the lost things is there with them, too."""
    rows, day, until = window
    with_them, without = outlook(rows, day), outlook(rows, day, lost)
    for point in change_points(facts_of(rows), day, until):
        helps = without.standing(point).coverage.helps
        everything = with_them.standing(point).coverage.helps
        assert {(h.service, cell) for cell, found in helps.items() for h in found} <= {
            (h.service, cell) for cell, found in everything.items() for h in found
        }


@given(windows())
def test_losing_everything_leaves_nothing_to_change(
    window: tuple[World, datetime.date, datetime.date],
) -> None:
    rows, day, until = window
    assert told(outlook(rows, day, ALL_THINGS).changes(until)) == set()


@given(st.dates(date("2010-01-01"), date("2034-12-31")), st.integers(1, 36))
def test_the_horizon_reaches_an_end_on_the_first_day_that_is_near_enough(
    end: datetime.date, months: int
) -> None:
    first = horizon_reaches(end, months)
    assert add_months(first, months) >= end
    assert add_months(first - DAY, months) < end


def test_the_horizon_of_the_calendars_ends() -> None:
    assert horizon_reaches(datetime.date.min) == datetime.date.min
    assert add_months(horizon_reaches(datetime.date.max), 12) == datetime.date.max
    endless = world(
        services=[service(SERVICES[0], closed=datetime.date.max)],
        awards=[award("t/award/0", SERVICES[0], last=datetime.date.max)],
    )
    assert change_points(facts_of(endless), date("2013-01-01"), datetime.date.max) == (
        date("9998-12-31"),
    )


# ---------------------------------------------------------------- one thing at a time


HOMES = (GROUPS[0], NEEDS[0], HOME)


def refuge(*awards: Row, **changes: Any) -> World:
    return world(
        services=[service(SERVICES[0], needs=[NEEDS[0]], **changes)],
        reaches=[reach("t/reach/0", SERVICES[0], GROUPS[0])],
        awards=list(awards),
    )


def test_a_leap_days_money_puts_the_cell_at_risk_on_the_first_of_march() -> None:
    """On 28 February 2011 twelve months lead to 28 February 2012, a day too few."""
    paid = award("t/award/0", SERVICES[0], begun=date("2010-03-01"), last=date("2012-02-29"))
    rows = refuge(paid, known_on=date("2010-03-01"))
    assert told(outlook(rows, date("2011-01-31")).changes(date("2012-12-31"))) == {
        (date("2011-03-01"), HOMES, "covered", "at risk"),
        (date("2012-03-01"), HOMES, "at risk", "not recorded"),
        (date("2012-03-01"), SERVICES[0], "funded", "money ended"),
    }


def test_the_window_is_open_at_its_first_day_and_closed_at_its_last() -> None:
    rows = refuge(award("t/award/0", SERVICES[0], last=date("2013-03-31")))
    last = date("2013-03-31")
    assert {c[0] for c in told(outlook(rows, last).changes(last + DAY))} == {last + DAY}
    assert told(outlook(rows, last).changes(last)) == set()
    assert told(outlook(rows, last + DAY).changes(last + 30 * DAY)) == set()


def test_a_service_opens_and_closes() -> None:
    rows = refuge(opened=date("2013-02-10"), closed=date("2013-02-20"))
    assert told(outlook(rows, date("2013-01-31")).changes(date("2013-04-01"))) == {
        (date("2013-02-10"), HOMES, "not recorded", "covered"),
        (date("2013-02-21"), HOMES, "covered", "not recorded"),
    }


def test_why_a_cell_changes_is_told() -> None:
    rows = refuge(opened=date("2013-02-10"), closed=date("2013-02-20"))
    news = [
        c.news
        for c in outlook(rows, date("2013-01-31")).changes(date("2013-04-01"))
        if isinstance(c, CellChange)
    ]
    assert news == [
        ("t/service/0: help on record from this day",),
        ("t/service/0: closed on 2013-02-20",),
    ]


def test_a_gap_in_the_money_is_seen_on_both_sides() -> None:
    rows = refuge(
        award("t/award/0", SERVICES[0], last=date("2013-03-31")),
        award("t/award/1", SERVICES[0], begun=date("2013-06-01"), last=date("2015-05-31")),
    )
    assert told(outlook(rows, date("2013-01-01")).changes(date("2014-01-01"))) == {
        (date("2013-04-01"), SERVICES[0], "funded", "money ended"),
        (date("2013-04-01"), HOMES, "at risk", "not recorded"),
        (date("2013-06-01"), SERVICES[0], "money ended", "funded"),
        (date("2013-06-01"), HOMES, "not recorded", "covered"),
    }


def test_lost_money_neither_ends_nor_comes_back() -> None:
    """A post whose money is lost stays lost, and the service with it, when its time is over."""
    rows = {
        **refuge(award("t/award/0", POSTS[0], last=date("2013-03-31"))),
        "dependences": [dependence("t/dependence/0", SERVICES[0], POSTS[0])],
    }
    ahead = date("2013-01-01"), date("2013-12-31")
    assert told(outlook(rows, ahead[0]).changes(ahead[1])) == {
        (date("2013-04-01"), POSTS[0], "funded", "money ended")
    }
    assert told(outlook(rows, ahead[0], [FUNDS[0]]).changes(ahead[1])) == set()


def test_losing_money_that_has_ended_changes_nothing() -> None:
    """The service is known to run after its money ended."""
    paid = award("t/award/0", SERVICES[0], begun=date("2011-04-01"), last=date("2012-03-31"))
    rows = refuge(paid, closed=date("2013-02-20"))
    for lost in ([], [FUNDS[0]]):
        assert told(outlook(rows, date("2013-01-01"), lost).changes(date("2013-12-31"))) == {
            (date("2013-02-21"), HOMES, "covered", "not recorded")
        }


def test_other_money_brings_back_what_lost_its_own() -> None:
    rows = refuge(
        award("t/award/0", SERVICES[0], last=date("2013-03-31")),
        award(
            "t/award/1",
            SERVICES[0],
            begun=date("2013-03-01"),
            last=date("2015-05-31"),
            fund=FUNDS[1],
            holders=[],
        ),
    )
    assert told(outlook(rows, date("2013-01-01"), [FUNDS[0]]).changes(date("2014-01-01"))) == {
        (date("2013-03-01"), SERVICES[0], "imagined lost", "funded"),
        (date("2013-03-01"), HOMES, "not recorded", "covered"),
    }


def test_what_falls_with_its_provider_has_no_money_that_could_end() -> None:
    rows = {
        **refuge(award("t/award/0", SERVICES[0], last=date("2013-03-31"), holders=[])),
        "provisions": [provision("t/provision/0", SERVICES[0], AGENCIES[2])],
    }
    lost = outlook(rows, date("2013-01-01"), [AGENCIES[2]])
    assert told(lost.changes(date("2013-12-31"))) == set()


def test_the_post_of_a_lost_agency_has_no_money_that_could_end() -> None:
    rows = world(awards=[award("t/award/0", POSTS[1], last=date("2013-03-31"), holders=[])])
    ahead = date("2013-01-01"), date("2013-12-31")
    assert len(told(outlook(rows, ahead[0]).changes(ahead[1]))) == 1
    assert told(outlook(rows, ahead[0], [AGENCIES[1]]).changes(ahead[1])) == set()


# ---------------------------------------------------------------- what the documents say


def cliff(store: Store, slug: str, day: str, **dials: Any) -> list[Row]:
    question = find_question("funding.cliff")
    return list(ask(store, question, slugs=[slug], as_of=date(day), **dials).rows)


VICTIMS, ADVOCACY = "shared/client-group/victims", "shared/need/advocacy"


def test_dudleys_advisers_are_off_the_cliff_on_the_first_of_april(store: Store) -> None:
    """Appendix A, Funding, row 4: agreed for 2012/13, and no other advocacy for victims."""
    rows = [r for r in cliff(store, "dudley", "2012-09-06") if r["on_day"] == date("2013-04-01")]
    assert [(r["thing"], r["before"], r["after"]) for r in rows if r["kind"] == "service"] == [
        ("dudley/service/barnardos", "funded", "money ended"),
        ("dudley/service/idva", "funded", "money ended"),
    ]
    (cell,) = (r for r in rows if r["kind"] == "cell")
    assert (cell["group"], cell["need"], cell["area"]) == (VICTIMS, ADVOCACY, "dudley/area/dudley")
    assert (cell["before"], cell["after"]) == ("at risk", "not recorded")
    assert cell["because"] == "IDVA service: funding ended on 2013-03-31"
    assert "dudley/award/crig-idva-2012" in {p["record"] for p in cell["evidence"]}
    money = next(r for r in rows if r["thing"] == "dudley/service/idva")
    assert money["because"] == (
        "last paid by CRIG, until 2013-03-31; no renewal recorded (as known on 2012-09-06)"
    )
    assert {p["record"] for p in money["evidence"]} == {
        "dudley/service/idva",
        "dudley/award/crig-idva-2012",
        "dudley/fund/crig-fund",
    }


def test_lutons_childrens_advisers_end_with_march_2015(store: Store) -> None:
    """Paragraph 6 and action 3d: in place until March 2015, and nothing beyond."""
    rows = [
        (r["on_day"], r["thing"] or r["need"], r["before"], r["after"])
        for r in cliff(store, "luton", "2014-06-24")
    ]
    over = date("2015-04-01")
    assert rows == [
        (over, "luton/service/children-idva", "funded", "money ended"),
        (over, ADVOCACY, "at risk", "not recorded"),
        (over, "shared/need/emotional", "at risk", "not recorded"),
    ]


def test_older_victims_come_to_be_at_risk_a_year_before_the_money_ends(store: Store) -> None:
    """The example's list, table 2, row 21: victim care is paid until September 2027."""
    rows = [r for r in cliff(store, "example", "2026-06-30") if r["on_day"] == date("2026-09-30")]
    assert {(r["group"], r["before"], r["after"]) for r in rows} == {
        ("shared/client-group/older", "covered", "at risk")
    }
    assert {r["because"] for r in rows} == {"Eastmarch Victim Care: its money ends on 2027-09-30"}


def test_money_without_an_end_does_not_end_when_its_source_grows_old(store: Store) -> None:
    """Slough, Appendix 1, row 11: "funding is still available", and for how long nobody says."""
    assert cliff(store, "slough", "2014-02-28") == []


def test_southend_names_no_money_and_no_day(store: Store) -> None:
    assert cliff(store, "southend", "2010-12-31") == []


def test_the_months_bound_the_window(store: Store) -> None:
    def days(day: str, months: str) -> set[datetime.date]:
        found = cliff(store, "dudley", day, given={"months": [months]})
        return {r["on_day"] for r in found}

    assert date("2013-04-01") not in days("2012-09-06", "6")
    assert date("2013-04-01") in days("2012-09-06", "7")
    assert days("2012-10-01", "5") == set()
    assert days("2012-10-01", "6") == {date("2013-04-01")}


def test_without_their_funder_the_advisers_have_nothing_to_lose(store: Store) -> None:
    rows = cliff(store, "dudley", "2012-09-06", without=["dudley/body/crig"])
    assert "dudley/service/idva" not in {r["thing"] for r in rows}
    assert not [r for r in rows if r["kind"] == "cell"]


@pytest.mark.parametrize(
    ("slug", "day"), [("dudley", "2012-09-06"), ("luton", "2014-06-24"), ("example", "2026-06-30")]
)
def test_the_state_after_is_what_other_questions_answer_on_that_day(
    store: Store, slug: str, day: str
) -> None:
    rows = cliff(store, slug, day)
    assert rows
    assert [r["on_day"] for r in rows] == sorted(r["on_day"] for r in rows)
    for on_day in {r["on_day"] for r in rows}:
        dials: dict[str, Any] = {"slugs": [slug], "as_of": on_day}
        unfunded = {
            r["service"]: r["section"]
            for r in ask(store, find_question("funding.unfunded"), **dials).rows
        }
        limited = {
            (r["group"], r["need"], r["area"]): r["state"]
            for r in ask(store, find_question("coverage.limited"), **dials).rows
        }
        for row in (r for r in rows if r["on_day"] == on_day):
            cell = (row["group"], row["need"], row["area"])
            if row["kind"] == "cell" and row["after"] in ("at risk", "partial", "contested"):
                assert limited[cell] == row["after"], row
            elif row["kind"] == "cell":
                assert limited.get(cell, row["after"]) == row["after"], row
            elif row["after"] == "funded":
                assert row["thing"] not in unfunded, row
            elif row["thing"] in unfunded:
                assert unfunded[row["thing"]] == row["after"], row


def test_both_stores_see_the_same_cliff(any_store: Store, store: Store) -> None:
    question = find_question("funding.cliff")
    rows = ask(any_store, question).rows
    assert rows == ask(store, question).rows
    assert all(proof["locator"] for row in rows for proof in row["evidence"])
