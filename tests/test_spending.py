"""The answers about money, from a few made-up facts and from what the documents say."""

import datetime
from collections.abc import Iterable
from typing import Any

import pytest
from worlds import (
    AGENCIES,
    DAY,
    FUNDS,
    GROUPS,
    HOME,
    KNOWN,
    NEEDS,
    POSTS,
    SERVICES,
    Row,
    award,
    dependence,
    proof,
    provision,
    reach,
    service,
    world,
)

from graph.stores.protocol import Store
from queries.ask import ANSWERS, ask, find_question
from queries.asked import Asked, Given, Partnership
from queries.catalogue import fact_files
from queries.scenario import LEFT_WITH_NOTHING
from queries.spending import is_there

QUESTIONS = (
    "decisions",
    "spend",
    "one_funder",
    "funders",
    "undated",
    "sought",
    "not_operating",
    "hardly_used",
)
LAST = datetime.date(2013, 3, 31)
LATER = datetime.date(2014, 3, 31)
PARTNERSHIP = Partnership("t", "Testham", HOME, "Home", KNOWN, True, False)


def answer(
    name: str,
    *awards: Row,
    day: datetime.date = DAY,
    lost: Iterable[str] = (),
    months: int = 12,
    **tables: list[Row],
) -> list[Row]:
    """What a question answers about two planned services and two posts with these awards."""
    tables.setdefault("services", [service(s, standing="planned") for s in SERVICES[:2]])
    facts = world(awards=list(awards), **tables)
    posts = [
        {"service": p, "partnership": "t", "name": p, "agencies": [agency], "proof": proof(p)}
        for p, agency in zip(POSTS, AGENCIES, strict=False)
    ]
    rows = [*({**s, "agencies": []} for s in facts["services"]), *posts]
    held = {a["fund"]: a["holders"] or [None] for a in awards}
    funds = [
        {
            "fund": fund,
            "name": f"Fund {fund[-1]}",
            "holder": holder,
            "holder_name": holder and f"Agency {holder[-1]}",
            "proof": proof(fund),
        }
        for fund, holders in held.items()
        for holder in holders
    ]
    gone = frozenset(lost)
    asked = Asked(
        rows=[r for r in rows if r["service"] not in gone],
        facts={**facts, "funds": funds},
        day=day,
        lost=gone,
        partnerships=(PARTNERSHIP,),
        given=Given({"months": months}, {}),
        days={"t": day},
    )
    return ANSWERS[name](asked)


def records(row: Row) -> set[str]:
    return {p["record"] for p in row["evidence"]}


def paid(number: int, subject: str = SERVICES[0], **changes: Any) -> Row:
    return award(f"t/award/{number}", subject, **changes)


def date(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


BY_ANOTHER: dict[str, Any] = {"fund": FUNDS[1], "fund_name": "Fund 1", "holders": [AGENCIES[1]]}
BY_NOBODY_NAMED: dict[str, Any] = {**BY_ANOTHER, "holders": []}
BY_TWO: dict[str, Any] = {
    "fund": "t/fund/2",
    "fund_name": "Fund 2",
    "holders": AGENCIES[:2],
}


# ---------------------------------------------------------------- money there on the day


@pytest.mark.parametrize(
    ("dates", "day", "there"),
    [
        ({"begun": "2012-04-01", "last": "2013-03-31"}, "2012-03-31", False),
        ({"begun": "2012-04-01", "last": "2013-03-31"}, "2012-04-01", True),
        ({"begun": "2012-04-01", "last": "2013-03-31"}, "2013-03-31", True),
        ({"begun": "2012-04-01", "last": "2013-03-31"}, "2013-04-01", False),
        # Without a start, from the day the source speaks for; without an end, on any later day.
        ({"last": "2013-03-31"}, "2012-09-05", False),
        ({"last": "2013-03-31"}, "2012-09-06", True),
        ({}, "2012-09-05", False),
        ({}, "2012-09-06", True),
        ({}, "2030-01-01", True),
        ({"begun": "2013-04-01"}, "2013-03-31", False),
        ({"begun": "2013-04-01"}, "2030-01-01", True),
    ],
)
def test_money_is_there_from_its_begin_to_its_last_day(
    dates: dict[str, str], day: str, there: bool
) -> None:
    given = {key: date(text) for key, text in dates.items()}
    assert is_there(paid(0, **given), date(day)) is there
    assert is_there(paid(0, status="at risk", **given), date(day)) is there
    assert not is_there(paid(0, status="sought", **given), date(day))


def test_money_that_no_source_dates_is_nowhere() -> None:
    assert not is_there({**paid(0), "live_from": None, "live_until": None}, DAY)


# ---------------------------------------------------------------- award by award


DUE, UNDECIDED, PASSED = (
    "decision due",
    "money ends, no decision day recorded",
    "decision day passed",
)
BEFORE, AFTER = date("2012-12-31"), date("2014-01-02")
"""A day before the day asked about, and one that is twelve months and a day after it."""


@pytest.mark.parametrize(
    ("award_with", "section", "due"),
    [
        ({"last": LAST}, UNDECIDED, LAST),
        ({"last": DAY}, UNDECIDED, DAY),
        ({"last": AFTER - datetime.timedelta(1)}, UNDECIDED, AFTER - datetime.timedelta(1)),
        ({"last": LAST, "status": "at risk"}, UNDECIDED, LAST),
        ({"last": LAST, "decide_by": DAY}, DUE, DAY),
        ({"last": LATER, "decide_by": LAST}, DUE, LAST),
        ({"decide_by": LAST}, DUE, LAST),
        ({"begun": LAST, "last": LATER, "decide_by": DAY}, DUE, DAY),
        ({"last": LAST, "decide_by": BEFORE}, PASSED, BEFORE),
        ({"begun": LAST, "last": LATER, "decide_by": BEFORE}, PASSED, BEFORE),
    ],
)
def test_money_that_needs_a_decision(
    award_with: dict[str, Any], section: str, due: datetime.date
) -> None:
    one = paid(0, **{"begun": date("2012-04-01"), **award_with})
    (row,) = answer("decisions", one)
    assert (row["award"], row["section"], row["due"]) == ("t/award/0", section, due)
    assert row["ends"] == award_with.get("last")


@pytest.mark.parametrize(
    "award_with",
    [
        {},
        {"last": AFTER},
        {"last": LATER, "decide_by": AFTER},
        {"last": BEFORE, "decide_by": LAST},
        {"status": "sought", "decide_by": LAST},
        {"status": "ended", "decide_by": LAST},
    ],
)
def test_money_that_needs_no_decision_now(award_with: dict[str, Any]) -> None:
    assert answer("decisions", paid(0, **{"begun": date("2012-04-01"), **award_with})) == []


def test_decisions_come_by_the_day_on_which_they_are_due() -> None:
    rows = answer(
        "decisions",
        paid(0, last=LAST, amount=10.0, extension=LATER, notice="Three months"),
        paid(1, last=LATER, decide_by=date("2013-02-01"), **BY_NOBODY_NAMED),
    )
    assert [r["award"] for r in rows] == ["t/award/1", "t/award/0"]
    assert [r["funder"] for r in rows] == ["Fund 1", "Agency 0"]
    assert (rows[1]["pounds"], rows[1]["extension"], rows[1]["notice"]) == (
        10.0,
        LATER,
        "Three months",
    )
    assert records(rows[0]) == {SERVICES[0], "t/award/1", FUNDS[1]}


def test_undated_money_is_listed_beside_dated_money() -> None:
    rows = answer("undated", paid(0, last=LAST), paid(1), paid(2, begun=LAST), paid(3, POSTS[0]))
    assert [(r["award"], r["service"], r["kind"]) for r in rows] == [
        ("t/award/3", POSTS[0], "post"),
        ("t/award/1", SERVICES[0], "service"),
    ]
    assert rows[0]["known_on"] == KNOWN


@pytest.mark.parametrize("status", ["sought", "proposed"])
def test_money_that_is_wanted_stands_alone_or_beside_other_money(status: str) -> None:
    wanted = paid(0, status=status, amount=5.0)
    alone, beside = "nothing else on record", "beside other money"
    for others, section in [
        ((), alone),
        ((paid(1, last=BEFORE),), alone),
        ((paid(1, begun=LAST),), alone),
        ((paid(1, SERVICES[1]),), alone),
        ((paid(1, last=LAST),), beside),
        ((paid(1),), beside),
    ]:
        (row,) = answer("sought", wanted, *others)
        assert (row["award"], row["status"], row["section"]) == ("t/award/0", status, section)
        assert ("t/award/1" in records(row)) == (section == beside)


# ---------------------------------------------------------------- added up


def spent(rows: list[Row], by: str) -> dict[str, tuple[Any, ...]]:
    columns = ("pounds", "percent", "awards", "without_amount")
    return {r["what"]: tuple(r[c] for c in columns) for r in rows if r["by"] == by}


def test_amounts_are_added_up_under_each_heading() -> None:
    rows = answer(
        "spend",
        paid(0, amount=300.0),
        paid(1, amount=None),
        paid(2, SERVICES[1], amount=600.0, **BY_TWO),
        paid(3, POSTS[0], amount=100.0, **BY_NOBODY_NAMED),
        paid(4, last=BEFORE, amount=5000.0),
        paid(5, status="sought", amount=5000.0),
        services=[
            service(SERVICES[0], needs=NEEDS, legal_basis="statutory duty"),
            service(SERVICES[1]),
        ],
        reaches=[
            reach("t/reach/0", SERVICES[0], GROUPS[0], strength="led by and for"),
            reach("t/reach/1", SERVICES[0], GROUPS[1]),
            reach("t/reach/2", SERVICES[1], GROUPS[0]),
        ],
    )
    assert spent(rows, "need") == {
        NEEDS[0]: (300.0, 30.0, 2, 1),
        NEEDS[1]: (300.0, 30.0, 2, 1),
        "not recorded": (700.0, 70.0, 2, 0),
    }
    assert spent(rows, "funder") == {
        AGENCIES[0]: (900.0, 90.0, 3, 1),
        AGENCIES[1]: (600.0, 60.0, 1, 0),
        FUNDS[1]: (100.0, 10.0, 1, 0),
    }
    assert spent(rows, "legal basis") == {
        "statutory duty": (300.0, 30.0, 2, 1),
        "not recorded": (700.0, 70.0, 2, 0),
    }
    assert spent(rows, "by and for") == {
        "led by and for": (300.0, 30.0, 2, 1),
        "not said to be led by and for": (600.0, 60.0, 1, 0),
        "not recorded": (100.0, 10.0, 1, 0),
    }
    assert list(dict.fromkeys(r["by"] for r in rows)) == [
        "need",
        "funder",
        "legal basis",
        "by and for",
    ]
    led = next(r for r in rows if r["what"] == "led by and for")
    assert records(led) == {SERVICES[0], "t/award/0", "t/award/1", "t/reach/0"}
    assert next(r["name"] for r in rows if r["what"] == AGENCIES[0]) == "Agency 0"
    assert next(r["name"] for r in rows if r["what"] == NEEDS[0]) == "home"


def test_where_no_amount_is_recorded_there_is_no_sum() -> None:
    for row in answer("spend", paid(0), paid(1)):
        assert (row["pounds"], row["percent"]) == (None, None)
        assert (row["awards"], row["without_amount"]) == (2, 2)


def test_nothing_is_a_share_of_no_pounds() -> None:
    """In kind, written as an amount of nought."""
    assert {(r["pounds"], r["percent"]) for r in answer("spend", paid(0, amount=0.0))} == {
        (0.0, None)
    }


# ---------------------------------------------------------------- funder by funder


def hanging(*awards: Row, **dials: Any) -> list[tuple[Any, ...]]:
    rows = answer("one_funder", *awards, **dials)
    return [(r["service"], r["funder"], r["ends"], r["pounds"]) for r in rows]


def test_what_hangs_on_one_funder() -> None:
    first = paid(0, last=LAST, amount=10.0)
    assert hanging(first) == [(SERVICES[0], AGENCIES[0], LAST, 10.0)]
    assert hanging(first, paid(1, last=LATER, amount=5.0)) == [
        (SERVICES[0], AGENCIES[0], LATER, 15.0)
    ]
    assert hanging(first, paid(1)) == [(SERVICES[0], AGENCIES[0], None, 10.0)]
    assert hanging(paid(0, POSTS[0], **BY_NOBODY_NAMED)) == [(POSTS[0], FUNDS[1], None, None)]
    assert hanging(first, paid(1, **BY_ANOTHER)) == []
    assert hanging(first, paid(1, **BY_NOBODY_NAMED)) == []
    assert hanging(first, paid(1, last=BEFORE, **BY_ANOTHER)) != []
    assert hanging(paid(0, **BY_TWO)) == []
    assert hanging(paid(0, last=BEFORE)) == []


def test_what_is_left_of_two_funders_hangs_on_one() -> None:
    assert hanging(paid(0, **BY_TWO), lost=AGENCIES[:1]) == [(SERVICES[0], AGENCIES[1], None, None)]
    assert hanging(paid(0), paid(1, **BY_ANOTHER), lost=AGENCIES[:1]) == [
        (SERVICES[0], AGENCIES[1], None, None)
    ]
    assert hanging(paid(0, **BY_TWO), lost=AGENCIES[:2]) == []


def test_what_hangs_on_each_funder() -> None:
    rows = answer(
        "funders",
        paid(0, amount=300.0),
        paid(1, amount=100.0, **BY_ANOTHER),
        paid(2, SERVICES[1], amount=600.0),
        paid(3, POSTS[0], **BY_TWO),
    )
    columns = ("funder", "name", "pounds", "percent", "services", "sole_for")
    assert [tuple(r[c] for c in columns) for r in rows] == [
        (
            AGENCIES[0],
            "Agency 0",
            900.0,
            90.0,
            [POSTS[0], SERVICES[0], SERVICES[1]],
            [SERVICES[1]],
        ),
        (AGENCIES[1], "Agency 1", 100.0, 10.0, [POSTS[0], SERVICES[0]], []),
    ]


def test_the_cells_that_hang_on_a_funder_are_counted() -> None:
    """The first service has other money, the second none; the third stands on a paid post."""
    rows = answer(
        "funders",
        paid(0),
        paid(1, **BY_ANOTHER),
        paid(2, SERVICES[1]),
        paid(3, POSTS[1], **BY_ANOTHER),
        services=[
            service(SERVICES[0], needs=[NEEDS[0]]),
            service(SERVICES[1], needs=[NEEDS[1]]),
            service(SERVICES[2], needs=[NEEDS[1]]),
            service(SERVICES[3]),
        ],
        reaches=[
            reach("t/reach/0", SERVICES[0], GROUPS[0]),
            reach("t/reach/1", SERVICES[1], GROUPS[0]),
            reach("t/reach/2", SERVICES[2], GROUPS[1]),
            reach("t/reach/3", SERVICES[3], GROUPS[1]),
        ],
        dependences=[dependence("t/dependence/0", SERVICES[2], POSTS[1])],
    )
    assert {r["funder"]: r["cells"] for r in rows} == {AGENCIES[0]: 1, AGENCIES[1]: 2}
    assert "t/reach/1" in records(rows[0])
    assert {"t/reach/2", "t/dependence/0", "t/award/3"} <= records(rows[1])
    assert "t/reach/3" not in records(rows[1]), "help with no named need makes no cell"


def test_help_from_the_wider_area_is_left_to_a_part_of_it() -> None:
    rows = answer(
        "funders",
        paid(0),
        services=[
            service(SERVICES[0], needs=[NEEDS[0]], areas=["t/area/part"]),
            service(SERVICES[1], needs=[NEEDS[0]]),
        ],
        reaches=[
            reach("t/reach/0", SERVICES[0], GROUPS[0]),
            reach("t/reach/1", SERVICES[1], GROUPS[0]),
        ],
    )
    assert [r["cells"] for r in rows] == [0]


# ---------------------------------------------------------------- what is lost is left out


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize(
    "lost",
    [["t/award/0"], [FUNDS[0]], AGENCIES[:1], [SERVICES[0]], ["t/agency/2"]],
    ids=["award", "fund", "holder", "service", "provider"],
)
def test_what_is_lost_and_what_falls_with_it_is_left_out(name: str, lost: list[str]) -> None:
    money = paid(0, status="sought") if name == "sought" else paid(0, decide_by=LAST)
    tables: dict[str, Any] = {
        "services": [service(SERVICES[0])],
        "provisions": [provision("t/provision/0", SERVICES[0], "t/agency/2")],
    }
    assert answer(name, money, **tables) != []
    assert answer(name, money, lost=lost, **tables) == []


@pytest.mark.parametrize("name", QUESTIONS)
def test_one_of_two_holders_keeps_the_money(name: str) -> None:
    changes = {"status": "sought"} if name == "sought" else {"decide_by": LAST}
    money = paid(0, **BY_TWO, **changes)
    rows = answer(name, money, lost=AGENCIES[:1])
    assert rows
    assert "Agency 0" not in str(rows)


@pytest.mark.parametrize("name", QUESTIONS[:-2])
def test_a_post_goes_with_its_agency(name: str) -> None:
    changes = {"status": "sought"} if name == "sought" else {"decide_by": LAST}
    money = paid(0, POSTS[0], **BY_NOBODY_NAMED, **changes)
    assert answer(name, money) != []
    assert answer(name, money, lost=AGENCIES[:1]) == []


# ---------------------------------------------------------------- what the documents say


def asked(store: Store, name: str, slug: str, day: str, **dials: Any) -> list[Row]:
    question = find_question(f"funding.{name}")
    return list(ask(store, question, slugs=[slug], as_of=date(day), **dials).rows)


def test_slough_has_money_for_the_scheme_that_is_hardly_used(store: Store) -> None:
    """Appendix 1, row 11: Housing holds the budget, and few use the scheme."""
    (row,) = asked(store, "hardly_used", "slough", "2014-02-28")
    assert row["service"] == "slough/service/sanctuary"
    assert records(row) == {"slough/service/sanctuary", "slough/award/award-sanctuary"}
    housing = ["slough/agency/housing"]
    assert asked(store, "hardly_used", "slough", "2014-02-28", without=housing) == []
    assert asked(store, "hardly_used", "slough", "2014-02-27") == []


def test_dudleys_money_for_what_does_not_run_goes_with_its_holder(store: Store) -> None:
    """Appendix A, Funding, row 2, and Accommodation, row 2."""
    rows = asked(store, "not_operating", "dudley", "2012-09-06")
    assert {(r["service"], r["standing"]) for r in rows} == {
        ("dudley/service/emergency-accommodation", "not stated"),
        ("dudley/service/specialist-support", "not stated"),
        ("dudley/service/rent-deposit", "planned"),
    }
    supporting_people = ["dudley/agency/supporting-people-programme"]
    (left,) = asked(store, "not_operating", "dudley", "2012-09-06", without=supporting_people)
    assert (left["service"], left["funds"]) == ("dudley/service/rent-deposit", ["CRIG funding"])


def test_what_dudley_has_to_decide(store: Store) -> None:
    """Funding, row 4, and Service Provision, row 5: all until March 2013, no day to decide."""
    rows = asked(store, "decisions", "dudley", "2012-09-06")
    assert {(r["award"], r["section"], r["due"], r["ends"], r["pounds"]) for r in rows} == {
        ("dudley/award/crig-idva-2012", UNDECIDED, LAST, LAST, None),
        ("dudley/award/cyp-barnardos", UNDECIDED, LAST, LAST, None),
        ("dudley/award/barnardos-extra", UNDECIDED, LAST, LAST, 30000),
    }
    assert asked(store, "decisions", "dudley", "2013-04-01") == []


def test_a_decision_day_that_has_passed_is_told(store: Store) -> None:
    """The example's list, table 2, row 13: to 30 September 2026, to be decided by 15 August."""
    award_of_the_young = "example/award/aw-young-idva"

    def section(day: str) -> list[str]:
        rows = asked(store, "decisions", "example", day)
        return [r["section"] for r in rows if r["award"] == award_of_the_young]

    assert section("2026-08-15") == [DUE]
    assert section("2026-08-16") == [PASSED]
    assert section("2026-09-30") == [PASSED]
    assert section("2026-10-01") == []


def test_barnardos_has_two_funders_and_the_advisers_one(store: Store) -> None:
    """Service Provision, row 5: partnership money, and an extra sum of nobody named."""
    rows = asked(store, "one_funder", "dudley", "2012-09-06")
    hanging = {r["service"]: r["funder_name"] for r in rows}
    assert hanging["dudley/service/idva"] == "CRIG"
    assert "dudley/service/barnardos" not in hanging
    funders = {r["name"]: r for r in asked(store, "funders", "dudley", "2012-09-06")}
    crig = ["IDVA service", "Rent deposit/guarantee scheme", "Women's Group"]
    assert funders["CRIG"]["services"] == funders["CRIG"]["sole_for"] == crig
    children = funders["Children & Young Persons Partnership"]
    assert (children["services"], children["sole_for"]) == (["Barnardos service provision"], [])


def test_the_amounts_of_the_example_add_up(store: Store) -> None:
    """Table 2 on 30 June 2026 without rows 8 (from July), 16, 18 (ended), 24, 25 (wanted), 27."""
    rows = asked(store, "spend", "example", "2026-06-30")
    amounts = [412, 168, 146, 64, 58, 41, 12, 20, 265, 48]
    amounts += [44, 190, 52, 36, 95, 47, 130, 120, 45, 39]
    by_basis = [r for r in rows if r["by"] == "legal basis"]
    assert sum(r["pounds"] for r in by_basis) == 1000 * sum(amounts)
    # Row 6 is in kind and has no amount.
    assert sum(r["awards"] for r in by_basis) == len(amounts) + 1
    assert sum(r["without_amount"] for r in by_basis) == 1
    led = next(r for r in rows if r["what"] == "led by and for")
    assert (led["pounds"], led["awards"]) == (220000, 2)


@pytest.mark.parametrize(
    ("slug", "day"),
    [("dudley", "2012-09-06"), ("luton", "2014-06-24"), ("slough", "2014-02-28")],
)
def test_the_cells_of_a_funder_are_those_that_its_loss_would_leave_with_nothing(
    store: Store, slug: str, day: str
) -> None:
    rows = asked(store, "funders", slug, day)
    assert sum(r["cells"] for r in rows) > 0
    question = find_question("resilience.what_if")
    for row in rows:
        told = ask(store, question, slugs=[slug], as_of=date(day), without=[row["funder"]]).rows
        assert row["cells"] == sum(r["change"] == LEFT_WITH_NOTHING for r in told), row["name"]


def test_what_slough_only_looks_for(store: Store) -> None:
    """Appendix 1, rows 2 and 10: future money for the manager, a budget for a chair."""
    rows = asked(store, "sought", "slough", "2014-02-28")
    assert {(r["award"], r["status"], r["section"]) for r in rows} == {
        ("slough/award/award-manager", "sought", "nothing else on record"),
        ("slough/award/award-dhr-chair", "proposed", "nothing else on record"),
    }


def test_what_luton_has_without_an_end(store: Store) -> None:
    """Paragraphs 5 and 8 and action 3a name no period; paragraph 6 does."""
    rows = asked(store, "undated", "luton", "2030-01-01")
    assert {r["award"].rsplit("/", 1)[-1] for r in rows} == {
        "award-complex-needs",
        "award-vcs-coordinator",
        "award-perpetrator-programme",
        "award-screening-posts",
        "award-refuge-child-worker",
    }
    assert {r["known_on"] for r in rows} == {date("2014-06-24")}


@pytest.mark.parametrize("name", QUESTIONS)
def test_both_stores_answer_the_same_with_places(any_store: Store, store: Store, name: str) -> None:
    question = find_question(f"funding.{name}")
    rows = ask(any_store, question).rows
    assert rows
    assert rows == ask(store, question).rows
    assert all(one["locator"] and one["title"] for row in rows for one in row["evidence"])


def test_made_up_awards_have_the_columns_of_the_file() -> None:
    assert set(paid(0)) == set(fact_files()["awards"].returns)
