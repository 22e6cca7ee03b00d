"""What a scenario adds: read with every problem at once, put beside the facts, told as changes."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import (
    ALL_THINGS,
    DAY,
    DAYS,
    GROUPS,
    HOME,
    HOMES,
    NEEDS,
    PART,
    SERVICES,
    World,
    award,
    dependence,
    facts_of,
    reach,
    service,
    world,
    worlds,
)

from graph.errors import InputError
from graph.stores.protocol import Store
from queries.additions import COLUMNS, Added, Addition, Rows, add, read_additions
from queries.ask import ask, find_question
from queries.asked import QuestionError
from queries.cells import gap_effects
from queries.recorded import STRENGTHS, read_facts, recorded
from queries.scenario import (
    FALLS,
    GAINS,
    GOES_ON,
    HANGS,
    HANGS_NO_MORE,
    LEFT_WITH_NOTHING,
    OPENS,
    STRONGER,
    WEAKER,
    what_if,
)
from queries.tables import Line

A, B = SERVICES[:2]
NEW = "t/service/new"
THING_ROWS = [{"thing": t, "name": t} for t in ALL_THINGS]
BAD = {LEFT_WITH_NOTHING, WEAKER, FALLS, HANGS}


def row(change: str, thing: str, **cells: str) -> Addition:
    line = Line("plan.csv", 2, {"change": change, "thing": thing, **cells})
    return Addition(change, thing, line)


def new_service(**cells: str) -> Addition:
    given = {"name": "New house", "groups": "men", "needs": "home", "strength": "specialist"}
    return row("new service", NEW, **{**given, **cells})


def with_them(
    rows: World, *additions: Addition, day: datetime.date = DAY
) -> tuple[Rows, tuple[Added, ...]]:
    return add(rows, additions, HOMES, ("t",), day)


def changes(
    rows: World,
    *additions: Addition,
    day: datetime.date = DAY,
    lost: frozenset[str] = frozenset(),
    gaps: list[dict[str, Any]] | None = None,
) -> list[dict[str, Any]]:
    imagined, added = with_them(rows, *additions, day=day)
    after = read_facts(imagined, HOMES, lost)
    return what_if(gaps or [], facts_of(rows), after, THING_ROWS, day, added)


def gap(kind: str) -> dict[str, Any]:
    return {
        "gap": "t/gap/0",
        "partnership": "t",
        "name": "No home for men",
        "kind": kind,
        "terms": GROUPS,
        "needs": [NEEDS[0]],
        "areas": [],
        "proof": {"record": "t/gap/0", "source": "s", "place": ["p"], "basis": "stated"},
    }


# ---------------------------------------------------------------- reading


def table(tmp_path: Path, *lines: str, header: str = ",".join(COLUMNS)) -> Path:
    path = tmp_path / "plan.csv"
    path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return path


def test_a_table_is_read_in_its_order(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "renewed,dudley/award/crig-idva-2012,2014-03,,,,,",
        "",
        "new service,dudley/service/new-house,,New house,Male victims; LGBT victims,"
        "Safe accommodation,dudley,specialist",
    )
    first, second = read_additions(path)
    assert (first.change, first.thing) == ("renewed", "dudley/award/crig-idva-2012")
    assert second.line.place == "plan.csv, row 4"
    assert second.line.several("groups") == ["Male victims", "LGBT victims"]


def test_columns_that_are_not_needed_may_be_missing(tmp_path: Path) -> None:
    path = table(tmp_path, "t/service/0,opens", header="Thing,Change")
    assert [(a.change, a.thing) for a in read_additions(path)] == [("opens", "t/service/0")]


def test_an_iri_is_as_good_as_an_id(tmp_path: Path) -> None:
    path = table(tmp_path, "opens,https://fingerpost.example/id/dudley/service/idva,,,,,,")
    assert read_additions(path)[0].thing == "dudley/service/idva"


def test_every_problem_is_told_at_once_with_its_place(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "starts,t/service/0,,,,,,",
        "opens,,,,,,,",
        "opens,t/service/0,2013-03,,,,,",
        "renewed,t/award/0,soon,,,,,",
        "renewed,t/award/0,2013-03/..,,,,,",
        "renewed,t/award/0,,,,,,",
        "new service,t/service/new,,,men,home,,very",
    )
    with pytest.raises(InputError) as raised:
        read_additions(path)
    found = {(p.row, p.column) for p in raised.value.problems}
    assert found == {
        (2, "change"),
        (3, "thing"),
        (4, "until"),
        (5, "until"),
        (6, "until"),
        (7, "until"),
        (8, "name"),
        (8, "strength"),
    }
    text = str(raised.value)
    assert 'plan.csv, row 2, column "change" has "starts"; expected one of opens, renewed' in text
    assert all(p.advice for p in raised.value.problems)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("change,thing,untill", '"until"'),
        ("change,thing,thing", "column of this table, once"),
        ("change,until", 'column "thing"'),
    ],
)
def test_a_wrong_header_is_told(tmp_path: Path, header: str, expected: str) -> None:
    with pytest.raises(InputError, match="row 1") as raised:
        read_additions(table(tmp_path, header=header))
    assert expected in str(raised.value)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(InputError, match=r"a file that can be read|the file to be there"):
            read_additions(path)
    path = tmp_path / "latin.csv"
    path.write_bytes(b"change,thing\nopens,caf\xe9\n")
    with pytest.raises(InputError, match="UTF-8"):
        read_additions(path)
    path.write_text("change,thing\nopens,a,b,c\n", encoding="utf-8")
    with pytest.raises(InputError, match="at most 2 cells"):
        read_additions(path)


# ---------------------------------------------------------------- with the facts


HOUSE = world(
    services=[service(A, name="Advice", needs=[NEEDS[0]], standing="planned"), service(B)],
    reaches=[reach("t/reach/0", A, GROUPS[0]), reach("t/reach/1", B, GROUPS[0])],
)


@pytest.mark.parametrize(
    ("addition", "column", "expected"),
    [
        (row("opens", "u/service/0"), "thing", "Asked about: t"),
        (row("opens", "t/service/9"), "thing", "the id of a known service"),
        (row("opens", B), "thing", "runs already"),
        (row("renewed", "t/award/9", until="2014"), "thing", "the id of a known award"),
        (new_service(groups="mne"), "groups", 'Did you mean "'),
        (new_service(needs="money; food"), "needs", "needs that are known"),
        (new_service(areas="nowhere"), "areas", "areas that are known"),
        (row("new service", A, name="x", groups="men", needs="home"), "thing", "Advice has it"),
        (row("new service", "t/agency/x", groups="men", needs="home"), "thing", "a service"),
        (row("new service", "t/service/x y", groups="men", needs="home"), "thing", "a service"),
        (row("new reach", "t/service/9", groups="men", strength="adapted"), "thing", "known"),
        (row("new reach", B, groups="women; no", strength="adapted"), "groups", "known"),
    ],
)
def test_what_does_not_fit_the_facts_is_told(
    addition: Addition, column: str, expected: str
) -> None:
    with pytest.raises(InputError) as raised:
        with_them(HOUSE, addition)
    assert {p.column for p in raised.value.problems} == {column}
    assert expected in str(raised.value)
    assert "plan.csv, row 2" in str(raised.value)


def test_all_that_does_not_fit_is_told_at_once() -> None:
    with pytest.raises(InputError) as raised:
        with_them(HOUSE, row("opens", "t/service/9"), new_service(groups="x; y", needs="z"))
    assert len(raised.value.problems) == 4


def test_an_award_is_renewed_for_longer_only() -> None:
    rows = world(services=[service(A)], awards=[award("t/award/0", A, last=DAY)])
    with pytest.raises(InputError, match="until 2013-01-01 already"):
        with_them(rows, row("renewed", "t/award/0", until="2012-12"))


def test_the_facts_themselves_are_not_touched() -> None:
    before = {name: [dict(r) for r in rows] for name, rows in HOUSE.items()}
    imagined, _ = with_them(HOUSE, row("opens", A), new_service())
    assert before == HOUSE
    assert imagined != before


def test_rows_that_are_added_have_the_columns_of_their_files() -> None:
    imagined, _ = with_them(HOUSE, new_service())
    for name in ("services", "reaches"):
        assert {frozenset(r) for r in imagined[name]} == {frozenset(HOUSE[name][0])}


def test_a_later_row_may_build_on_an_earlier_one() -> None:
    also = row("new reach", NEW, groups="women", strength="adapted")
    told = {(r["group"], r["change"]) for r in changes(HOUSE, new_service(), also)}
    assert {(GROUPS[0], GAINS), (GROUPS[1], GAINS)} <= told


# ---------------------------------------------------------------- what changes


def by_change(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for one in rows:
        found.setdefault(one["change"], []).append(one)
    return found


def test_a_planned_service_opens() -> None:
    told = by_change(changes(HOUSE, row("opens", A)))
    assert set(told) == {GAINS, OPENS}
    (cell,) = told[GAINS]
    assert (cell["group"], cell["need"], cell["area"]) == (GROUPS[0], NEEDS[0], HOME)
    assert (cell["before"], cell["after"]) == ("not recorded", "covered")
    assert cell["because"] == "Advice opens (plan.csv, row 2)"
    assert {p["basis"] for p in cell["evidence"] if p["record"] == A} == {"imagined", "stated"}
    (opens,) = told[OPENS]
    assert (opens["thing"], opens["before"], opens["after"]) == (A, "planned", "operating")


@pytest.mark.parametrize(
    "dates", [{"opened": DAY.replace(year=2014)}, {"closed": DAY.replace(2012)}]
)
def test_a_service_that_is_not_open_yet_or_closed_opens(dates: dict[str, Any]) -> None:
    rows = {**HOUSE, "services": [service(A, needs=[NEEDS[0]], **dates)]}
    assert set(by_change(changes(rows, row("opens", A)))) == {GAINS, OPENS}


def test_a_service_that_opens_without_money_says_why_it_is_no_help() -> None:
    ended = DAY.replace(year=2012)
    rows = {
        **HOUSE,
        "services": [{**HOUSE["services"][0], "known_on": ended}],
        "awards": [award("t/award/0", A, last=ended)],
    }
    told = by_change(changes(rows, row("opens", A)))
    assert set(told) == {OPENS}
    assert "Advice: funding ended on 2012-01-01" in told[OPENS][0]["because"]


def test_money_that_goes_on_takes_the_risk_away() -> None:
    rows = world(
        services=[service(A, name="Advice", needs=[NEEDS[0]])],
        reaches=[reach("t/reach/0", A, GROUPS[0])],
        awards=[award("t/award/0", A, last=DAY.replace(month=6))],
    )
    told = by_change(changes(rows, row("renewed", "t/award/0", until="2015-03")))
    assert set(told) == {STRONGER, GOES_ON}
    assert (told[STRONGER][0]["before"], told[STRONGER][0]["after"]) == ("at risk", "covered")
    assert told[GOES_ON][0]["before"] == "money until 2013-06-01"
    assert told[GOES_ON][0]["after"] == "money until 2015-03-31"
    after = by_change(
        changes(rows, row("renewed", "t/award/0", until="2015-03"), day=DAY.replace(year=2014))
    )
    assert set(after) == {GAINS, GOES_ON}


def test_money_that_was_only_sought_is_then_there() -> None:
    rows = world(
        services=[service(A, name="Advice", needs=[NEEDS[0]])],
        reaches=[reach("t/reach/0", A, GROUPS[0])],
        awards=[award("t/award/0", A, status="sought")],
    )
    told = by_change(changes(rows, row("renewed", "t/award/0", until="2015-03")))
    assert told[GOES_ON][0]["before"] == "money sought"


def test_money_of_a_post_is_told_by_the_post_and_its_service() -> None:
    rows = world(
        services=[service(A, name="Advice", needs=[NEEDS[0]])],
        reaches=[reach("t/reach/0", A, GROUPS[0])],
        dependences=[dependence("t/dependence/0", A, "t/post/0")],
        awards=[award("t/award/0", "t/post/0", last=DAY)],
    )
    _, (added,) = with_them(rows, row("renewed", "t/award/0", until="2015"))
    assert added.name == "t/post/0"
    assert added.services >= {A}


def test_a_second_service_takes_the_single_point_away() -> None:
    rows = world(
        services=[service(A, needs=[NEEDS[0]])], reaches=[reach("t/reach/0", A, GROUPS[0])]
    )
    told = by_change(changes(rows, new_service()))
    assert set(told) == {HANGS_NO_MORE, OPENS}
    assert [r["thing"] for r in told[HANGS_NO_MORE]] == [A]
    weaker = by_change(changes(rows, new_service(strength="open to all")))
    assert set(weaker) == {OPENS}, "a weaker service is no second one"


def test_losing_one_and_adding_another_is_told_together() -> None:
    rows = world(
        services=[service(A, needs=[NEEDS[1]])], reaches=[reach("t/reach/0", A, GROUPS[0])]
    )
    told = by_change(changes(rows, new_service(), lost=frozenset({A})))
    left = {r["need"] for r in told[LEFT_WITH_NOTHING]}
    assert left == {NEEDS[1]}, "the new one helps with the wider need only"
    assert [(r["thing"], r["need"]) for r in told[HANGS]] == [(NEW, NEEDS[0])]
    assert [r["thing"] for r in told[FALLS]] == [A]
    order = [r["change"] for r in changes(rows, new_service(), lost=frozenset({A}))]
    assert order == [LEFT_WITH_NOTHING, FALLS, HANGS, OPENS]


def test_a_source_that_says_there_is_none_does_not_dispute_what_is_imagined() -> None:
    told = by_change(changes(HOUSE, row("opens", A), gaps=[gap("no service")]))
    assert (told[GAINS][0]["before"], told[GAINS][0]["after"]) == ("stated uncovered", "covered")
    short = by_change(changes(HOUSE, row("opens", A), gaps=[gap("shortage")]))
    assert (short[GAINS][0]["before"], short[GAINS][0]["after"]) == ("insufficient", "insufficient")
    assert "No home for men" in short[GAINS][0]["because"]


def test_a_part_of_the_area_is_helped_in_part() -> None:
    told = by_change(changes(HOUSE, new_service(areas="Part")))
    states = {r["area"]: r["after"] for r in told[GAINS]}
    assert states == {HOME: "partial", PART: "covered"}


# ---------------------------------------------------------------- laws


@st.composite
def additions_to(draw: st.DrawFn, rows: World) -> list[Addition]:
    found: list[Addition] = []
    groups, needs = st.sampled_from(GROUPS), st.sampled_from(NEEDS)
    strengths = st.sampled_from(list(STRENGTHS))
    if draw(st.booleans()):
        found.append(new_service(groups=draw(groups), needs=draw(needs), strength=draw(strengths)))
    for one in rows["services"]:
        runs = one["standing"] != "planned" and one["opened"] is None and one["closed"] is None
        if not runs and draw(st.booleans()):
            try:
                with_them(rows, row("opens", one["service"]))
            except InputError:
                continue
            found.append(row("opens", one["service"]))
    if draw(st.booleans()):
        reached = {"groups": draw(groups), "strength": draw(strengths)}
        found.append(row("new reach", rows["services"][0]["service"], **reached))
    renewed = [a["award"] for a in rows["awards"] if draw(st.booleans())]
    return found + [row("renewed", identifier, until="2015-03") for identifier in renewed]


@given(st.data(), worlds(), DAYS)
def test_adding_never_takes_away(data: st.DataObject, rows: World, day: datetime.date) -> None:
    additions = data.draw(additions_to(rows))
    imagined, added = with_them(rows, *additions, day=DAY)
    before = recorded(facts_of(rows), day)[0]
    after = recorded(read_facts(imagined, HOMES, frozenset()), day)[0]
    assert {(h.service, h.cell, h.strength) for h in before} <= {
        (h.service, h.cell, h.strength) for h in after
    }
    assert len(added) == len(additions)
    gaps = [gap(kind) for kind in ("shortage", "no service")]
    for one in changes(rows, *additions, gaps=gaps):
        # Money that is then on record is one more thing to hang on.
        assert one["change"] not in BAD - {HANGS}, one
        assert one["change"] != HANGS or "/service/" not in one["thing"]


@given(st.data(), worlds(), st.sets(st.sampled_from(ALL_THINGS), max_size=2))
def test_an_empty_table_changes_nothing(data: st.DataObject, rows: World, lost: set[str]) -> None:
    assert changes(rows) == []
    gone = frozenset(lost)
    told = changes(rows, lost=gone)
    assert {r["change"] for r in told} <= BAD
    imagined, added = with_them(rows)
    assert imagined == rows and added == ()


@given(st.data(), worlds())
def test_what_is_added_covers_what_it_names(data: st.DataObject, rows: World) -> None:
    group, need = data.draw(st.sampled_from(GROUPS)), data.draw(st.sampled_from(NEEDS))
    told = changes(rows, new_service(groups=group, needs=need))
    before = {h.cell for h in recorded(facts_of(rows), DAY)[0]}
    gained = {(r["group"], r["need"], r["area"]) for r in told if r["change"] == GAINS}
    named = {(group, need, HOME), (group, NEEDS[0], HOME)}
    assert gained == named - before


# ---------------------------------------------------------------- asked


def test_asked_of_a_store(any_store: Store, tmp_path: Path) -> None:
    question = find_question("resilience.what_if")
    path = table(
        tmp_path,
        "renewed,dudley/award/crig-idva-2012,2014-03,,,,,",
        "new service,dudley/service/lgbt-advice,,LGBT advice,LGBT victims,"
        "Information and a way in,,led by and for",
    )
    day = datetime.date(2013, 4, 1)
    dials: dict[str, Any] = {"slugs": ["dudley"], "as_of": day}
    release = any_store.release()
    rows = ask(any_store, question, additions=read_additions(path), **dials).rows
    assert {r["change"] for r in rows} >= {GAINS, OPENS, GOES_ON}
    assert not {r["change"] for r in rows} & BAD
    idva = {r["group"] for r in rows if r["change"] == GAINS and "IDVA" in (r["because"] or "")}
    assert "shared/client-group/victims" in idva
    for told in rows:
        assert told["evidence"] or "LGBT advice" in told["because"]
    assert ask(any_store, question, **dials).rows == ()
    assert any_store.release() == release


def test_each_partnership_gets_its_own_additions(store: Store, tmp_path: Path) -> None:
    question = find_question("resilience.what_if")
    path = table(
        tmp_path,
        "opens,luton/service/perpetrator-programme,,,,,,",
        "renewed,dudley/award/crig-idva-2012,2014-03,,,,,",
    )
    rows = ask(store, question, additions=read_additions(path)).rows
    assert {r["partnership"] for r in rows} == {"dudley", "luton"}
    with pytest.raises(InputError, match="Asked about: dudley"):
        ask(store, question, slugs=["dudley"], additions=read_additions(path))


def test_other_questions_take_no_additions(store: Store) -> None:
    with pytest.raises(QuestionError, match="takes no additions"):
        ask(store, find_question("coverage.limited"), additions=[row("opens", A)])


def test_the_kinds_of_gap_that_are_meant_exist() -> None:
    assert gap_effects()["no service"] == "uncovered"
    assert gap_effects()["shortage"] == "insufficient"


@pytest.mark.parametrize("name", ["Ring 01632 960123", "Red\x1b[31m"])
def test_a_contact_or_a_hidden_mark_is_refused_and_not_repeated(tmp_path: Path, name: str) -> None:
    path = tmp_path / "added.csv"
    path.write_text(f"change,thing,name\nopens,dudley/service/idva,{name}\n", encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_additions(path)
    assert "row 2" in str(raised.value) and "960123" not in str(raised.value)
    assert "\x1b" not in str(raised.value)
