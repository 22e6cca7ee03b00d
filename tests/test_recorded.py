"""Laws of recorded help and of cut sets, on small made-up facts as the fact files return them."""

import datetime
from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.derived import award_window
from queries.catalogue import fact_files
from queries.cut_sets import single_points_of_failure
from queries.recorded import STRENGTHS, UNSPECIFIED, Facts, Help, read_facts, recorded

Row = dict[str, Any]
World = Mapping[str, list[Row]]

HOME = "t/area/home"
HOMES = {"t": HOME}
KNOWN = datetime.date(2012, 9, 6)
DAY = datetime.date(2013, 1, 1)
DAYS = st.dates(datetime.date(2012, 1, 1), datetime.date(2014, 12, 31))
SERVICES = [f"t/service/{n}" for n in range(4)]
AGENCIES = [f"t/agency/{n}" for n in range(3)]
POSTS = [f"t/post/{n}" for n in range(2)]
FUNDS = [f"t/fund/{n}" for n in range(2)]
GROUPS = ["shared/client-group/men", "shared/client-group/women"]
NEEDS = ["shared/need/home", "shared/need/home-at-once"]


def proof(record: str) -> Row:
    return {"record": record, "source": "t/source/s", "place": ["p"], "basis": "stated"}


@st.composite
def service(draw: st.DrawFn, identifier: str) -> Row:
    return {
        "service": identifier,
        "partnership": "t",
        "name": identifier,
        "standing": draw(st.sampled_from(["operating", "operating", "not stated", "planned"])),
        "opened": draw(st.none() | DAYS),
        "closed": draw(st.none() | st.none() | DAYS),
        "access": draw(st.sampled_from([None, "referral only"])),
        "availability": draw(st.sampled_from([[], ["full"]])),
        "whereabouts": "here",
        "known_on": KNOWN,
        "needs": draw(st.lists(st.sampled_from(NEEDS), max_size=2, unique=True)),
        "areas": draw(st.sampled_from([[], [HOME], ["t/area/part"]])),
        "proof": proof(identifier),
    }


@st.composite
def award(draw: st.DrawFn, number: int) -> Row:
    status = draw(st.sampled_from(["secured", "secured", "sought"]))
    first, last = draw(st.none() | DAYS), draw(st.none() | DAYS)
    if first and last:
        first, last = sorted((first, last))
    fund = draw(st.sampled_from(FUNDS))
    holders = [AGENCIES[FUNDS.index(fund)]]
    window = award_window(
        {"status": status, "known_on": KNOWN, "period_first": first, "period_last": last}
    )
    identifier = f"t/award/{number}"
    return {
        "award": identifier,
        "subject": draw(st.sampled_from(SERVICES + POSTS)),
        "fund": fund,
        "fund_name": fund,
        "status": status,
        "begun": first,
        "holders": holders,
        "holder_names": holders,
        "amount": None,
        "proof": proof(identifier),
        **window,
    }


@st.composite
def worlds(draw: st.DrawFn) -> World:
    names = SERVICES[: draw(st.integers(1, 4))]
    some = st.sampled_from(names)
    reaches = draw(
        st.lists(
            st.tuples(some, st.sampled_from(GROUPS), st.sampled_from(list(STRENGTHS))),
            min_size=1,
            max_size=6,
            unique_by=lambda reach: reach[:2],
        )
    )
    provisions = draw(st.lists(st.tuples(some, st.sampled_from(AGENCIES)), max_size=4, unique=True))
    posts = draw(st.lists(st.tuples(some, st.sampled_from(POSTS)), max_size=2, unique=True))
    routes = draw(st.lists(st.tuples(some, st.sampled_from(AGENCIES)), max_size=3, unique=True))
    awards = [draw(award(n)) for n in range(draw(st.integers(0, 4)))]
    return {
        "services": [draw(service(name)) for name in names],
        "reaches": [
            {
                "service": name,
                "term": term,
                "strength": strength,
                "condition": None,
                "only_needs": [],
                "only_areas": [],
                "proof": proof(f"t/reach/{number}"),
            }
            for number, (name, term, strength) in enumerate(reaches)
        ],
        "awards": [a for a in awards if a["subject"] in (*names, *POSTS)],
        "provisions": [
            {
                "service": name,
                "agency": agency,
                "role": "provides",
                "standing": None,
                "proof": proof(f"t/provision/{number}"),
            }
            for number, (name, agency) in enumerate(provisions)
        ],
        "dependences": [
            {
                "service": name,
                "post": post,
                "post_name": post,
                "filled": "filled",
                "agencies": [AGENCIES[POSTS.index(post)]],
                "proof": proof(f"t/dependence/{number}"),
            }
            for number, (name, post) in enumerate(posts)
        ],
        "referrals": [
            {
                "service": name,
                "route": f"t/referral/{number}",
                "origin": agency,
                "status": draw(st.sampled_from(["working", "missing"])),
                "proof": proof(f"t/referral/{number}"),
            }
            for number, (name, agency) in enumerate(routes)
        ],
        "areas": [
            {"area": HOME, "name": "Home", "within": None},
            {"area": "t/area/part", "name": "Part", "within": HOME},
        ],
        "groups": [{"term": g, "name": g, "broader": [], "excluded": []} for g in GROUPS],
        "needs": [
            {"term": NEEDS[0], "name": "home", "broader": []},
            {"term": NEEDS[1], "name": "home at once", "broader": [NEEDS[0]]},
        ],
    }


THINGS = st.sampled_from(SERVICES + AGENCIES + POSTS + FUNDS)


def facts_of(world: World, lost: frozenset[str] = frozenset()) -> Facts:
    """The facts with things lost; a file that takes `without` leaves them out by itself."""
    left = dict(world)
    if takes_without("services"):
        left["services"] = [r for r in world["services"] if r["service"] not in lost]
    if takes_without("awards"):
        left["awards"] = [r for r in world["awards"] if not {r["award"], r["fund"]} & lost]
    return read_facts(left, HOMES, lost)


def takes_without(fact: str) -> bool:
    return "without" in {parameter.name for parameter in fact_files()[fact].parameters}


def helps_of(
    world: World, day: datetime.date = DAY, lost: frozenset[str] = frozenset()
) -> list[Help]:
    return recorded(facts_of(world, lost), day)[0]


def what(helps: list[Help]) -> set[tuple[str, tuple[str, str, str], str]]:
    return {(h.service, h.cell, h.strength) for h in helps}


@given(worlds())
def test_the_rows_have_the_columns_of_the_files(world: World) -> None:
    for name, rows in world.items():
        for row in rows:
            assert set(row) == set(fact_files()[name].returns), name


@given(worlds(), DAYS, st.sets(THINGS, max_size=2), st.sets(THINGS, max_size=2))
def test_losing_more_never_uncovers_less(
    world: World, day: datetime.date, some: set[str], more: set[str]
) -> None:
    few = what(helps_of(world, day, frozenset(some)))
    assert what(helps_of(world, day, frozenset(some | more))) <= few


@given(worlds(), DAYS)
def test_losing_what_nobody_stands_on_changes_nothing(world: World, day: datetime.date) -> None:
    assert helps_of(world, day) == helps_of(world, day, frozenset({"t/agency/nobody"}))


@given(worlds(), DAYS, st.sampled_from(GROUPS), st.sampled_from(NEEDS))
def test_adding_a_service_never_uncovers_a_cell(
    world: World, day: datetime.date, group: str, need: str
) -> None:
    new = "t/service/new"
    added = {
        **world,
        "services": [
            *world["services"],
            {
                "service": new,
                "partnership": "t",
                "name": new,
                "standing": "operating",
                "opened": None,
                "closed": None,
                "access": None,
                "availability": [],
                "whereabouts": "here",
                "known_on": KNOWN,
                "needs": [need],
                "areas": [HOME],
                "proof": proof(new),
            },
        ],
        "reaches": [
            *world["reaches"],
            {
                "service": new,
                "term": group,
                "strength": "specialist",
                "condition": None,
                "only_needs": [],
                "only_areas": [],
                "proof": proof("t/reach/new"),
            },
        ],
    }
    before, after = what(helps_of(world, day)), what(helps_of(added, day))
    assert before <= after
    covered = {cell for service, cell, _ in after - before if service == new}
    assert (group, need, HOME) in covered
    assert (group, NEEDS[0], HOME) in covered, "help with a narrower need is help with the wider"
    assert {service for service, _, _ in after - before} == {new}


@given(worlds(), DAYS, DAYS)
def test_between_two_changes_the_day_does_not_matter(
    world: World, one: datetime.date, other: datetime.date
) -> None:
    first, second = sorted((one, other))
    after = datetime.timedelta(days=1)
    changes = {a["live_from"] for a in world["awards"]}
    changes |= {a["live_until"] + after for a in world["awards"] if a["live_until"]}
    changes |= {s["opened"] for s in world["services"]}
    changes |= {s["closed"] + after for s in world["services"] if s["closed"]}
    earlier = max((c for c in changes if c and c <= second), default=first)
    if earlier > first:
        first = earlier
    assert helps_of(world, first) == helps_of(world, second)
    things = [{"thing": t, "name": t} for t in SERVICES + AGENCIES + POSTS + FUNDS]
    points = [single_points_of_failure(things, facts_of(world), d) for d in (first, second)]
    assert points[0] == points[1]


@settings(max_examples=150)
@given(worlds(), DAYS)
def test_a_single_point_of_failure_is_what_its_removal_shows(
    world: World, day: datetime.date
) -> None:
    """Take each thing away by the `without` road, look at every cell, and compare."""
    things = SERVICES + AGENCIES + POSTS + FUNDS
    before = [h for h in helps_of(world, day) if h.cell[1] != UNSPECIFIED]
    expected = set()
    for thing in things:
        after = helps_of(world, day, frozenset({thing}))
        for cell, strength in {(h.cell, h.strength) for h in before}:
            strong = [h for h in after if h.cell == cell and h.rank <= STRENGTHS[strength]]
            if not strong:
                expected.add((thing, cell, strength))
    rows = single_points_of_failure([{"thing": t, "name": t} for t in things], facts_of(world), day)
    found = {(r["thing"], (r["group"], r["need"], r["area"]), r["strength"]) for r in rows}
    assert found == expected
    assert len(rows) == len(found)


@given(worlds(), DAYS, THINGS)
def test_what_is_lost_is_nobodys_single_point(world: World, day: datetime.date, lost: str) -> None:
    things = [{"thing": t, "name": t} for t in SERVICES + AGENCIES + POSTS + FUNDS if t != lost]
    facts = facts_of(world, frozenset({lost}))
    for row in single_points_of_failure(things, facts, day):
        assert row["thing"] != lost
        assert lost not in row["services"]


def test_a_fallen_service_says_why() -> None:
    """One provider, one service: without the agency the service goes, and the reason is told."""
    row = {
        "service": "t/service/0",
        "partnership": "t",
        "name": "Refuge",
        "standing": "operating",
        "opened": None,
        "closed": None,
        "access": None,
        "availability": [],
        "whereabouts": "here",
        "known_on": KNOWN,
        "needs": [NEEDS[1]],
        "areas": [HOME],
        "proof": proof("t/service/0"),
    }
    reach = {
        "service": "t/service/0",
        "term": GROUPS[0],
        "strength": "specialist",
        "condition": None,
        "only_needs": [],
        "only_areas": [],
        "proof": proof("t/reach/0"),
    }
    provision = {
        "service": "t/service/0",
        "agency": AGENCIES[0],
        "role": "provides",
        "standing": None,
        "proof": proof("t/provision/0"),
    }
    empty: World = {
        "services": [row],
        "reaches": [reach],
        "awards": [],
        "provisions": [provision],
        "dependences": [],
        "referrals": [],
        "areas": [{"area": HOME, "name": "Home", "within": None}],
        "groups": [{"term": GROUPS[0], "name": "Men", "broader": [], "excluded": []}],
        "needs": [
            {"term": NEEDS[0], "name": "home", "broader": []},
            {"term": NEEDS[1], "name": "home at once", "broader": [NEEDS[0]]},
        ],
    }
    assert {h.cell[1] for h in helps_of(empty)} == set(NEEDS)
    helps, others = recorded(facts_of(empty, frozenset({AGENCIES[0]})), DAY)
    assert helps == []
    assert {o.reason for o in others} == {"Refuge: gone with what is imagined lost"}
    # Named where it no longer helps by its own need alone.
    assert {o.cell[1] for o in others} == {NEEDS[1]}
    rows = single_points_of_failure([{"thing": AGENCIES[0], "name": "Haven"}], facts_of(empty), DAY)
    assert {r["need"] for r in rows} == set(NEEDS)
    assert rows[0]["witness"].startswith("Without Haven, Refuge would fall with it: nothing is")
