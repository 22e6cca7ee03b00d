"""Laws of recorded help, on small made-up facts as the fact files return them."""

import datetime

from hypothesis import given
from hypothesis import strategies as st
from worlds import (
    AGENCIES,
    DAY,
    DAYS,
    GROUPS,
    HOME,
    NEEDS,
    THINGS,
    World,
    facts_of,
    provision,
    reach,
    service,
    world,
    worlds,
)

from queries.catalogue import fact_files
from queries.recorded import Help, recorded


def helps_of(
    rows: World, day: datetime.date = DAY, lost: frozenset[str] = frozenset()
) -> list[Help]:
    return recorded(facts_of(rows, lost), day)[0]


def what(helps: list[Help]) -> set[tuple[str, tuple[str, str, str], str]]:
    return {(h.service, h.cell, h.strength) for h in helps}


@given(worlds())
def test_the_rows_have_the_columns_of_the_files(rows: World) -> None:
    for name, found in rows.items():
        for row in found:
            assert set(row) == set(fact_files()[name].returns), name


@given(worlds(), DAYS, st.sets(THINGS, max_size=2), st.sets(THINGS, max_size=2))
def test_losing_more_never_uncovers_less(
    rows: World, day: datetime.date, some: set[str], more: set[str]
) -> None:
    few = what(helps_of(rows, day, frozenset(some)))
    assert what(helps_of(rows, day, frozenset(some | more))) <= few


@given(worlds(), DAYS)
def test_losing_what_nobody_stands_on_changes_nothing(rows: World, day: datetime.date) -> None:
    assert helps_of(rows, day) == helps_of(rows, day, frozenset({"t/agency/nobody"}))


@given(worlds(), DAYS, st.sampled_from(GROUPS), st.sampled_from(NEEDS))
def test_adding_a_service_never_uncovers_a_cell(
    rows: World, day: datetime.date, group: str, need: str
) -> None:
    new = "t/service/new"
    added = {
        **rows,
        "services": [*rows["services"], service(new, needs=[need], areas=[HOME])],
        "reaches": [*rows["reaches"], reach("t/reach/new", new, group)],
    }
    before, after = what(helps_of(rows, day)), what(helps_of(added, day))
    assert before <= after
    covered = {cell for name, cell, _ in after - before if name == new}
    assert (group, need, HOME) in covered
    assert (group, NEEDS[0], HOME) in covered, "help with a narrower need is help with the wider"
    assert {name for name, _, _ in after - before} == {new}


@given(worlds(), DAYS, DAYS)
def test_between_two_changes_the_day_does_not_matter(
    rows: World, one: datetime.date, other: datetime.date
) -> None:
    first, second = sorted((one, other))
    after = datetime.timedelta(days=1)
    changes = {a["live_from"] for a in rows["awards"]}
    changes |= {a["live_until"] + after for a in rows["awards"] if a["live_until"]}
    changes |= {s["opened"] for s in rows["services"]}
    changes |= {s["closed"] + after for s in rows["services"] if s["closed"]}
    earlier = max((c for c in changes if c and c <= second), default=first)
    if earlier > first:
        first = earlier
    assert helps_of(rows, first) == helps_of(rows, second)


def test_a_fallen_service_says_why() -> None:
    """One provider, one service: without the agency the service goes, and the reason is told."""
    name = "t/service/0"
    rows = world(
        services=[service(name, name="Refuge", needs=[NEEDS[1]])],
        reaches=[reach("t/reach/0", name, GROUPS[0])],
        provisions=[provision("t/provision/0", name, AGENCIES[0])],
    )
    assert {h.cell[1] for h in helps_of(rows)} == set(NEEDS)
    helps, others = recorded(facts_of(rows, frozenset({AGENCIES[0]})), DAY)
    assert helps == []
    assert {o.reason for o in others} == {"Refuge: gone with what is imagined lost"}
    # Named where it no longer helps by its own need alone.
    assert {o.cell[1] for o in others} == {NEEDS[1]}
