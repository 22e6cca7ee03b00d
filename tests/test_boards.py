"""The questions about plans and boards: rules on hand-made rows, findings from the documents."""

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from testham import ABOUT, TABLES, write_tables
from worlds import (
    AGENCIES,
    DAYS,
    GROUPS,
    HOME,
    KNOWN,
    NEEDS,
    PART,
    POSTS,
    SERVICES,
    World,
    award,
    facts_of,
    proof,
    reach,
    service,
    world,
    worlds,
)

from graph.build import build_dataset
from graph.columns import frames_of
from graph.dates import add_months
from graph.release import write_release
from graph.stores.embedded import EmbeddedStore
from graph.stores.protocol import Store
from ontology.schema import Schema, default_schema, ontology, shared_terms
from queries.ask import ask, find_question
from queries.asked import Asked, Given, Partnership, Row
from queries.boards import (
    ASIDE,
    CHANGES,
    CHILDREN,
    CLOSED,
    COVER,
    DOCUMENTS,
    DONE,
    INTENDED,
    MONEY_BEGAN,
    MONEY_ENDED,
    NOT_IN_FORCE,
    NOT_RECORDED,
    OPEN,
    OPENED,
    OVERDUE,
    SEATS,
    SECTORS,
    SURVIVORS,
    TIER_TWO,
    VICTIMS,
    changes,
    done_but_open,
    duties,
    missing_sectors,
    old_sources,
    part_4,
)
from queries.catalogue import fact_files
from queries.recorded import recorded

IN_FORCE = datetime.date(2021, 10, 1)
LATER = datetime.date(2022, 1, 1)
REPORT_DAY = datetime.date(2012, 9, 6)


def asked(
    rows: Sequence[Row] = (),
    facts: Mapping[str, Sequence[Row]] | None = None,
    day: datetime.date = LATER,
    lost: frozenset[str] = frozenset(),
    months: int = 3,
) -> Asked:
    """What an algorithm gets, for one partnership called t."""
    partnership = Partnership("t", "T", HOME, "Home", KNOWN, historical=False, fictional=True)
    given = Given({"months": months}, {})
    return Asked(rows, facts or {}, day, lost, (partnership,), given, {"t": day})


def answer(store: Store, name: str, slug: str, **dials: Any) -> list[Row]:
    return list(ask(store, find_question(name), slugs=[slug], **dials).rows)


def cells(rows: Sequence[Row], *columns: str) -> set[Any]:
    return {tuple(r[c] for c in columns) if len(columns) > 1 else r[columns[0]] for r in rows}


# ---------------------------------------------------------------- done, and still open


def action(identifier: str = "t/action/a", **told: Any) -> Row:
    return {
        "action": identifier,
        "partnership": "t",
        "name": identifier,
        "status": "not recorded",
        "deadline_as_given": None,
        "deadline_kind": "none",
        "known_on": KNOWN,
        "part_of": None,
        "proof": proof(identifier),
        **told,
    }


def report(identifier: str, status: str | None, **told: Any) -> Row:
    """A progress record on the action a."""
    return {
        "progress": identifier,
        "partnership": "t",
        "about": "t/action/a",
        "about_name": "a",
        "description": identifier,
        "status": status,
        "dated": None,
        "known_on": KNOWN,
        "proof": proof(identifier),
        **told,
    }


def contradictions(actions: Sequence[Row], reports: Sequence[Row]) -> list[Row]:
    return done_but_open(asked(actions, {"progress": reports}))


EARLIER = KNOWN - datetime.timedelta(days=30)


@pytest.mark.parametrize("status", OPEN)
def test_a_date_cell_that_says_done_is_contradicted_by_every_open_status(status: str) -> None:
    told = action(status=status, deadline_kind=DONE, deadline_as_given="Complete.")
    rows = contradictions([told], [])
    assert [(r["said_done"], r["still_open"]) for r in rows] == [
        (["in place of a date: Complete."], [f"status: {status}"])
    ]


@pytest.mark.parametrize("status", ["not recorded", "to be identified", DONE])
def test_silence_contradicts_nothing(status: str) -> None:
    assert contradictions([action(status=status, deadline_kind=DONE)], []) == []
    assert contradictions([action(status=DONE)], [report("p", None)]) == []


def test_one_report_says_done_and_another_of_the_same_day_does_not() -> None:
    reports = [report("p/done", DONE), report("p/open", "in progress")]
    (row,) = contradictions([action()], reports)
    assert row["said_done"] == [f"{DONE}: p/done"]
    assert row["still_open"] == ["in progress: p/open"]
    assert {p["record"] for p in row["evidence"]} == {"t/action/a", "p/done", "p/open"}


def test_a_later_report_that_it_is_done_settles_what_was_open_before() -> None:
    opened = report("p/open", "in progress", dated=EARLIER)
    assert contradictions([action()], [opened, report("p/done", DONE)]) == []
    # Not the other way round: what was done and is said to go on later is still a question.
    again = report("p/open", "in progress")
    assert contradictions([action()], [again, report("p/done", DONE, dated=EARLIER)])
    # What is announced for a day to come is said on the day of its source.
    announced = report("p/open", "planned", dated=KNOWN + datetime.timedelta(days=99))
    after = report("p/done", DONE, known_on=KNOWN + datetime.timedelta(days=1))
    assert contradictions([action()], [announced, after]) == []


def test_a_later_report_settles_the_status_of_an_older_plan_and_no_dispute() -> None:
    newer = report("p/done", DONE, known_on=KNOWN + datetime.timedelta(days=60))
    plan = action(status="in progress")
    assert contradictions([plan], [newer]) == []
    disputed = {**plan, "proof": {**plan["proof"], "basis": "contested"}}
    (row,) = contradictions([disputed], [newer])
    assert row["still_open"] == ["sources disagree on it"]


def test_a_part_that_is_open_keeps_the_whole_open() -> None:
    part = action("t/action/b", status="blocked", part_of="t/action/a", name="The part")
    (row,) = contradictions([action(status=DONE), part], [])
    assert row["action"] == "t/action/a"
    assert row["still_open"] == ["part of it, The part: blocked"]
    assert proof("t/action/b") in row["evidence"]


STATUSES = st.sampled_from([*OPEN, DONE, "not recorded", "to be identified"])
REPORTS = st.lists(st.tuples(STATUSES, st.none() | DAYS), max_size=4)


@given(STATUSES, REPORTS)
def test_a_newest_report_that_it_is_done_settles_everything(
    status: str, told: list[tuple[str, datetime.date | None]]
) -> None:
    reports = [report(f"p/{n}", s, dated=d) for n, (s, d) in enumerate(told)]
    last = report("p/last", DONE, known_on=KNOWN + datetime.timedelta(days=1))
    assert contradictions([action(status=status)], [*reports, last]) == []
    silent = [r for r in reports if r["status"] != DONE]
    if status != DONE:
        assert contradictions([action(status=status)], silent) == [], "nobody said done"


def test_what_the_plans_say_of_one_action_twice(any_store: Store) -> None:
    dudley = cells(answer(any_store, "governance.done_but_open", "dudley"), "action")
    # "Complete." stands in the date cell, and the progress cell beside it still lists work.
    assert "dudley/action/act-problem-solving" in dudley
    # Training, money and meetings are done; the leadership protocol of the same row is a draft.
    assert "dudley/action/act-marac" in dudley
    # Its row tells of one letter still to be written, and of nothing done.
    assert "dudley/action/act-national-health" not in dudley
    luton = cells(answer(any_store, "governance.done_but_open", "luton"), "action")
    assert "luton/action/action-1b" in luton
    assert "luton/action/action-1a" not in luton


# ---------------------------------------------------------------- who sits where


def agency(identifier: str, sector: str | None, **told: Any) -> Row:
    return {
        "agency": identifier,
        "partnership": "t",
        "sector": sector,
        "benchmark": False,
        "part_of": None,
        "areas": [],
        "proof": proof(identifier),
        **told,
    }


def seat(member: str, of: str | None = None, **told: Any) -> Row:
    """A taken seat of a member on the board b; `of` is a post's agency."""
    return {
        "body": "t/body/b",
        "member": member,
        "name": member,
        "kind": None,
        "role": "member",
        "seat": "taken",
        "represents": [],
        "agency": of,
        "proof": proof(f"t/membership/{member}"),
        "member_proof": proof(member),
        **told,
    }


BODY = {"body": "t/body/b", "partnership": "t", "name": "Board", "proof": proof("t/body/b")}
COUNCIL = agency("t/agency/council", "local authority")
POLICE = agency("t/agency/police", "police")
CARE = agency("t/agency/care", None, part_of="t/agency/council")


def sectors(
    seats: Sequence[Row],
    agencies: Sequence[Row] = (COUNCIL, POLICE, CARE),
    lost: frozenset[str] = frozenset(),
) -> list[Row]:
    return missing_sectors(asked([BODY], {"seats": seats, "sectors": agencies}, lost=lost))


def test_a_list_of_two_says_nothing_of_who_is_missing() -> None:
    two = [seat("t/agency/council"), seat("t/agency/police")]
    assert sectors(two) == []
    assert sectors([*two, seat("t/agency/police", role="chair")]) == [], "one member, two seats"
    assert sectors([*two, seat("t/post/p")])


def test_a_post_counts_for_its_agency_and_a_department_for_the_council() -> None:
    seats = [
        seat("t/post/officer", "t/agency/police"),
        seat("t/post/head", "t/agency/care"),
        seat("t/body/forum"),
    ]
    rows = sectors(seats)
    assert [r["sector"] for r in rows] == [
        s for s in SECTORS if s not in ("police", "local authority")
    ]
    assert {tuple(r["sector_unknown"]) for r in rows} == {("t/body/forum",)}
    told = {p["record"] for p in rows[0]["evidence"]}
    assert {"t/body/b", "t/post/head", "t/agency/care", "t/agency/council"} <= told


def test_one_who_observes_or_is_to_be_invited_is_no_member() -> None:
    seats = [seat(f"t/post/{n}") for n in range(3)]
    for role in ("observer", "invited"):
        rows = sectors([*seats, seat("t/agency/police", role=role)])
        assert "police" in {r["sector"] for r in rows}
    rows = sectors([*seats, seat("t/agency/police", seat="empty")])
    assert "police" not in {r["sector"] for r in rows}


@pytest.mark.parametrize("lost", ["t/agency/police", "t/post/officer"])
def test_a_seat_goes_with_its_member_and_a_post_with_its_agency(lost: str) -> None:
    seats = [seat("t/post/officer", "t/agency/police"), *(seat(f"t/post/{n}") for n in range(3))]
    assert "police" not in {r["sector"] for r in sectors(seats)}
    assert "police" in {r["sector"] for r in sectors(seats, lost=frozenset({lost}))}


@given(st.lists(st.sampled_from([*SECTORS, None]), min_size=3, max_size=9))
def test_every_sector_is_on_the_board_or_missing_from_it(found: list[str | None]) -> None:
    agencies = [agency(f"t/agency/{n}", sector) for n, sector in enumerate(found)]
    rows = sectors([seat(a["agency"]) for a in agencies], agencies)
    assert {r["sector"] for r in rows} | set(found) >= set(SECTORS)
    assert not {r["sector"] for r in rows} & set(found)


def test_who_is_missing_in_sloughs_strategic_group(any_store: Store) -> None:
    """The plan lists social care, housing, community safety, health, probation and police."""
    rows = answer(any_store, "governance.missing_sectors", "slough")
    assert cells(rows, "body") == {"slough/body/strategic-group"}
    assert {"voluntary", "education"} <= cells(rows, "sector")
    assert not {"police", "health", "probation and justice"} & cells(rows, "sector")
    assert "Community Safety" in rows[0]["sector_unknown"], "the plan does not say whose it is"


# ---------------------------------------------------------------- Part 4 of the Act of 2021


def record(identifier: str, duty: str, state: str | None = None, **told: Any) -> Row:
    return {
        "record": identifier,
        "partnership": "t",
        "name": identifier,
        "duty": [duty],
        "standing": None,
        "state": state,
        "begins": None,
        "until": None,
        "proof": proof(identifier),
        **told,
    }


BOARD = record("t/body/b", "Part 4 board")
AREAS: list[Row] = [
    {"area": HOME, "name": "Home", "within": None},
    {"area": PART, "name": "Part", "within": HOME},
    {"area": "t/area/far", "name": "Far", "within": None},
]
TERMS: list[Row] = [
    {"term": "shared/client-group/victims", "name": "v", "broader": [], "excluded": []},
    {"term": "shared/client-group/children", "name": "c", "broader": [], "excluded": []},
    {
        "term": GROUPS[1],
        "name": "women",
        "broader": ["shared/client-group/victims"],
        "excluded": [],
    },
]


def readiness(
    rows: Sequence[Row],
    seats: Sequence[Row] = (),
    agencies: Sequence[Row] = (),
    day: datetime.date = LATER,
) -> dict[str, Row]:
    facts: dict[str, Sequence[Row]] = {
        "seats": seats,
        "sectors": agencies,
        "areas": AREAS,
        "groups": TERMS,
    }
    return {r["requirement"]: r for r in part_4(asked(rows, facts, day))}


def test_part_4_binds_from_the_first_of_october_2021() -> None:
    before = readiness([BOARD], day=IN_FORCE - datetime.timedelta(days=1))
    assert {name: r["state"] for name, r in before.items()} == {"all": NOT_IN_FORCE}
    on_it = readiness([BOARD], day=IN_FORCE)
    assert set(on_it) == (set(SEATS) - {TIER_TWO}) | set(DOCUMENTS)
    assert {r["state"] for r in on_it.values()} == {NOT_RECORDED}
    assert on_it["strategy"]["law"] == "Domestic Abuse Act 2021, section 57"


def test_the_words_are_those_of_the_ontology(schema: Schema) -> None:
    def words(name: str) -> set[str]:
        return {word.label for word in schema.codes[name]}

    assert set(SECTORS) <= words("Sector")
    assert set(ASIDE) <= words("SeatRole")
    assert {*OPEN, DONE} <= words("ActionStatus")
    assert DONE in words("DateKind")
    assert SURVIVORS in words("BodyKind")
    groups = {f"shared/client-group/{t}" for t in shared_terms(ontology(), "ClientGroup").values()}
    assert {VICTIMS, CHILDREN} <= groups


def test_the_duties_are_those_of_the_ontology(schema: Schema) -> None:
    assert set(duties()) == {word.label for word in schema.codes["Duty"]}
    assert {BOARD["duty"][0], *DOCUMENTS.values()} == set(duties()) - {"homicide review"}


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("in force", "on record"),
        ("complete", "on record"),
        ("in draft", "needs work"),
        ("to be drawn up", "needs work"),
        ("needs updating", "needs work"),
        ("being refreshed", "needs work"),
        ("missing", "stated missing"),
        ("not stated", "to be confirmed"),
        (None, "to be confirmed"),
    ],
)
def test_a_document_stands_as_its_source_says(state: str | None, expected: str) -> None:
    strategy = record("t/instrument/s", "Part 4 strategy", state)
    assert readiness([strategy])["strategy"]["state"] == expected
    whole = record("t/instrument/new", "Part 4 strategy", "in force")
    row = readiness([strategy, whole])["strategy"]
    assert row["state"] == "on record", "of several the best counts"
    assert "t/instrument/new" in row["named"]
    assert len(row["evidence"]) == 2


def test_every_state_of_a_document_is_read(schema: Schema) -> None:
    for word in schema.codes["InstrumentState"]:
        strategy = record("t/instrument/s", "Part 4 strategy", word.label)
        state = readiness([strategy])["strategy"]["state"]
        assert (state == "to be confirmed") == (word.label == "not stated"), word.label


def test_what_begins_later_or_is_only_planned_is_not_there() -> None:
    later = record("t/instrument/s", "Part 4 strategy", "in force", begins=LATER)
    assert readiness([later])["strategy"]["state"] == "on record"
    before = LATER - datetime.timedelta(days=1)
    assert readiness([later], day=before)["strategy"]["state"] == NOT_RECORDED
    health = agency("t/agency/nhs", "health")
    seats = [seat("t/agency/nhs")]
    assert readiness([BOARD], seats, [health])["health care"]["state"] == "on record"
    planned = {**BOARD, "standing": "planned"}
    assert readiness([planned], seats, [health])["health care"]["state"] == NOT_RECORDED


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("taken", "on record"),
        ("empty", "seat empty"),
        ("to be confirmed", "to be confirmed"),
        ("not stated", "to be confirmed"),
    ],
)
def test_a_seat_stands_as_its_source_says(state: str, expected: str) -> None:
    police = seat("t/agency/police", seat=state)
    rows = readiness([BOARD], [police], [POLICE])
    assert rows["policing or criminal justice"]["state"] == expected
    assert rows["health care"]["state"] == NOT_RECORDED
    taken = [police, seat("t/post/officer", "t/agency/police")]
    rows = readiness([BOARD], taken, [POLICE])
    assert rows["policing or criminal justice"]["state"] == "on record"
    beside = readiness([BOARD], [{**police, "role": "observer"}], [POLICE])
    assert beside["policing or criminal justice"]["state"] == NOT_RECORDED
    elsewhere = readiness([BOARD], [{**police, "body": "t/body/other"}], [POLICE])
    assert elsewhere["policing or criminal justice"]["state"] == NOT_RECORDED


def test_a_district_stands_for_itself_and_not_for_the_county() -> None:
    district = agency("t/agency/district", "local authority", areas=[PART])
    rows = readiness([BOARD], [seat("t/agency/district")], [district])
    assert (rows["local authority"]["state"], rows[TIER_TWO]["state"]) == (
        NOT_RECORDED,
        "on record",
    )
    county = agency("t/agency/county", "local authority", areas=[HOME])
    rows = readiness([BOARD], [seat("t/post/p", "t/agency/county")], [county, district])
    assert (rows["local authority"]["state"], rows[TIER_TWO]["state"]) == (
        "on record",
        NOT_RECORDED,
    )
    # A team that works in one district is a part of the county council.
    team = agency("t/agency/team", "local authority", areas=[PART], part_of="t/agency/county")
    rows = readiness([BOARD], [seat("t/agency/team")], [county, team])
    assert rows["local authority"]["state"] == "on record"
    assert TIER_TWO not in rows
    far = agency("t/agency/far", "local authority", areas=["t/area/far"])
    rows = readiness([BOARD], [seat("t/agency/far")], [far])
    assert rows["local authority"]["state"] == NOT_RECORDED


def test_who_speaks_for_victims_and_for_their_children() -> None:
    """Said by the seat or by what the member is, never by a name."""
    named = seat("t/post/p", name="Survivor representative")
    assert readiness([BOARD], [named])["victims"]["state"] == NOT_RECORDED
    forum = seat("t/body/f", kind="survivors' forum")
    assert readiness([BOARD], [forum])["victims"]["state"] == "on record"
    assert readiness([BOARD], [seat("t/body/f", kind="forum")])["victims"]["state"] == NOT_RECORDED
    women = readiness([BOARD], [seat("t/post/p", represents=[GROUPS[1]])])
    assert women["victims"]["state"] == "on record", "women who are victims are victims"
    assert women["children of victims"]["state"] == NOT_RECORDED
    young = readiness([BOARD], [seat("t/post/p", represents=["shared/client-group/children"])])
    assert young["children of victims"]["state"] == "on record"
    assert young["victims"]["state"] == NOT_RECORDED


def test_eastmarch_lacks_the_seat_for_children(any_store: Store) -> None:
    rows = answer(any_store, "governance.part_4", "example")
    states = {r["requirement"]: r["state"] for r in rows}
    assert states.pop("children of victims") == "seat empty"
    assert set(states) == (set(SEATS) | set(DOCUMENTS)) - {"children of victims"}
    assert set(states.values()) == {"on record"}
    lost = ["example/agency/harrowmere-bc", "example/agency/icb"]
    rows = answer(any_store, "governance.part_4", "example", without=lost)
    states = {r["requirement"]: r["state"] for r in rows}
    assert states[TIER_TWO] == states["health care"] == NOT_RECORDED
    assert states["local authority"] == "on record"


@pytest.mark.parametrize("slug", ["dudley", "luton", "slough", "southend"])
def test_the_old_plans_are_asked_nothing_and_claim_nothing(store: Store, slug: str) -> None:
    (row,) = answer(store, "governance.part_4", slug)
    assert (row["requirement"], row["state"]) == ("all", NOT_IN_FORCE)
    rows = answer(store, "governance.part_4", slug, as_of=LATER)
    assert {r["state"] for r in rows} == {NOT_RECORDED}


# ---------------------------------------------------------------- what changed


def things(rows: World) -> list[Row]:
    """The services and posts of a world as the question reads them."""
    found = [
        {
            "thing": s["service"],
            "partnership": "t",
            **{key: s[key] for key in ("name", "standing", "whereabouts", "opened", "closed")},
            "agencies": [],
            "proof": s["proof"],
        }
        for s in rows["services"]
    ]
    paid = {a["subject"] for a in rows["awards"]} & set(POSTS)
    return found + [
        {
            "thing": post,
            "partnership": "t",
            "name": post,
            **dict.fromkeys(("standing", "whereabouts", "opened", "closed")),
            "agencies": [AGENCIES[POSTS.index(post)]],
            "proof": proof(post),
        }
        for post in sorted(paid)
    ]


def changed(
    rows: World,
    day: datetime.date,
    months: int = 3,
    lost: frozenset[str] = frozenset(),
    **facts: Sequence[Row],
) -> list[Row]:
    held = {"gaps": (), "deadlines": (), "progress": (), **rows, **facts}
    left = [t for t in things(rows) if t["thing"] not in lost]
    return changes(asked(left, held, day, lost, months))


ONE = SERVICES[0]
MARCH = datetime.date(2013, 3, 31)
APRIL = datetime.date(2013, 4, 1)


def paid(**told: Any) -> World:
    return world(services=[service(ONE)], awards=[award("t/award/0", ONE, **told)])


def test_money_ends_on_the_day_after_its_last_and_counts_once() -> None:
    rows = paid(begun=datetime.date(2012, 4, 1), last=MARCH)
    assert changed(rows, MARCH) == []
    (row,) = changed(rows, APRIL)
    assert (row["section"], row["thing"], row["on_day"]) == (MONEY_ENDED, ONE, APRIL)
    assert (row["before"], row["after"]) == ("funded", "money ended")
    last = add_months(APRIL, 3) - datetime.timedelta(days=1)
    assert len(changed(rows, last)) == 1
    assert changed(rows, add_months(APRIL, 3)) == [], "the window begins after its first day"
    middle = datetime.date(2013, 3, 15)
    rows_of_march = paid(begun=datetime.date(2012, 4, 1), last=middle)
    (row,) = changed(rows_of_march, add_months(middle, 3))
    assert row["on_day"] == middle + datetime.timedelta(days=1), "it was there on the first day"
    assert changed(rows, APRIL, lost=frozenset({ONE})) == []
    assert changed(rows, APRIL, lost=frozenset({AGENCIES[0]})) == [], "its money is gone anyway"


def test_money_that_follows_without_a_gap_is_no_change() -> None:
    first = award("t/award/0", ONE, begun=datetime.date(2012, 4, 1), last=MARCH)
    next_one = award("t/award/1", ONE, begun=APRIL, last=datetime.date(2014, 3, 31))
    rows = world(services=[service(ONE)], awards=[first, next_one])
    assert changed(rows, APRIL) == []
    may = award("t/award/1", ONE, begun=datetime.date(2013, 5, 1), last=None)
    rows = world(services=[service(ONE)], awards=[first, may])
    found = [(r["section"], r["on_day"]) for r in changed(rows, datetime.date(2013, 5, 1))]
    assert found == [(MONEY_ENDED, APRIL), (MONEY_BEGAN, datetime.date(2013, 5, 1))]


def test_money_that_is_only_heard_of_does_not_begin_and_undated_money_does_not_end() -> None:
    assert changed(paid(begun=None, last=None), KNOWN) == []
    assert changed(paid(begun=None, last=MARCH), KNOWN) == []
    assert changed(paid(begun=KNOWN, last=None), datetime.date(2012, 12, 1)) != []
    later = paid(begun=KNOWN, last=None)
    for day in (datetime.date(2013, 1, 1), datetime.date(2020, 1, 1)):
        assert changed(later, day) == []


def test_a_service_opens_on_its_day_unless_it_is_only_planned() -> None:
    for standing, sections in (("operating", [OPENED]), ("ended", [OPENED]), ("planned", [])):
        rows = world(services=[service(ONE, standing=standing, opened=APRIL)])
        assert [r["section"] for r in changed(rows, APRIL)] == sections
        assert changed(rows, MARCH) == []
    rows = world(services=[service(ONE, closed=MARCH)])
    assert changed(rows, MARCH) == []
    assert [(r["section"], r["on_day"]) for r in changed(rows, APRIL)] == [(CLOSED, APRIL)]


def test_progress_is_one_row_whatever_it_reports_on() -> None:
    one = report("t/progress/p", "in progress", dated=MARCH, known_on=APRIL)
    both = [one, {**one, "about": "t/action/b", "about_name": "b"}]
    (row,) = changed(world(), APRIL, progress=both)
    assert (row["thing"], row["on_day"]) == ("t/progress/p", MARCH)
    assert row["name"].startswith("a; b: ")
    assert changed(world(), APRIL, progress=[report("t/progress/p", "ongoing")]) == [], "undated"


@pytest.mark.parametrize("status", INTENDED)
def test_what_is_only_intended_for_a_day_has_not_happened_on_it(status: str) -> None:
    told = report("t/progress/p", status, dated=MARCH, known_on=APRIL)
    assert changed(world(), APRIL, progress=[told]) == []
    early = report("t/progress/p", "in progress", dated=MARCH, known_on=KNOWN)
    assert changed(world(), APRIL, progress=[early]) == [], "its source could not know"


def test_cover_is_compared_at_both_ends() -> None:
    ending = award("t/award/0", ONE, begun=datetime.date(2011, 4, 1), last=MARCH)
    rows = world(
        services=[service(ONE, needs=[NEEDS[0]])],
        reaches=[reach("t/reach/0", ONE, GROUPS[0])],
        awards=[ending],
    )
    (row,) = [r for r in changed(rows, APRIL) if r["section"] == COVER]
    assert (row["before"], row["after"]) == ("at risk", "not recorded")
    assert (row["group"], row["need"], row["area"]) == (GROUPS[0], NEEDS[0], HOME)
    assert {p["record"] for p in row["evidence"]} >= {ONE, "t/reach/0", "t/award/0"}
    (row,) = changed(rows, datetime.date(2012, 4, 2))
    assert (row["before"], row["after"]) == ("covered", "at risk"), "the end came near"


@given(worlds(), DAYS, st.integers(1, 24))
def test_cover_goes_only_where_money_ends_or_a_service_closes(
    rows: World, day: datetime.date, months: int
) -> None:
    found = changed(rows, day, months)
    gone = {r["thing"] for r in found if r["section"] in (MONEY_ENDED, CLOSED)}
    start = add_months(day, -months)
    now = {h.cell for h in recorded(facts_of(rows), day)[0]}
    for help_ in recorded(facts_of(rows), start)[0]:
        if help_.cell not in now and help_.cell[1] != "unspecified":
            assert help_.service in gone, help_
    cover = {(r["group"], r["need"], r["area"]) for r in found if r["section"] == COVER}
    before = {h.cell for h in recorded(facts_of(rows), start)[0] if h.cell[1] != "unspecified"}
    assert before - now <= cover | {c for c in before if c[2] == PART}


@given(worlds(), DAYS, st.integers(1, 24))
def test_every_dated_change_lies_in_the_window(
    rows: World, day: datetime.date, months: int
) -> None:
    for row in changed(rows, day, months):
        assert row["section"] in CHANGES
        if row["section"] != COVER:
            assert add_months(day, -months) < row["on_day"] <= day
            assert row["thing"]


def test_the_calendar_has_a_first_day() -> None:
    first = datetime.date(1, 2, 1)
    assert add_months(first, -120) == datetime.date.min
    assert changed(world(), first, 120) == []


@pytest.mark.parametrize(
    "day", [REPORT_DAY, datetime.date(2012, 10, 1), datetime.date(2013, 4, 1)], ids=str
)
@pytest.mark.parametrize("slug", ["dudley", "example", "luton", "slough", "southend"])
def test_what_became_overdue_is_the_difference_of_two_answers(
    store: Store, slug: str, day: datetime.date
) -> None:
    def overdue(on: datetime.date) -> set[str]:
        return cells(answer(store, "governance.overdue", slug, as_of=on), "action")

    rows = answer(store, "governance.changes", slug, as_of=day)
    new = cells([r for r in rows if r["section"] == OVERDUE], "thing")
    assert new == overdue(day) - overdue(add_months(day, -3))


def test_a_september_action_is_not_overdue_in_september(any_store: Store) -> None:
    """Issue 4: a month runs to its last day, and what has no date is never late."""

    def late(day: datetime.date) -> dict[str, datetime.date]:
        rows = answer(any_store, "governance.changes", "dudley", as_of=day)
        return {r["thing"]: r["on_day"] for r in rows if r["section"] == OVERDUE}

    assert "dudley/action/act-affordable" not in late(REPORT_DAY)
    october = datetime.date(2012, 10, 1)
    assert late(october)["dudley/action/act-affordable"] == october
    assert late(REPORT_DAY)["dudley/action/act-refugee-women"] == datetime.date(2012, 7, 1)
    for day in (october, datetime.date(2013, 4, 1), datetime.date(2030, 1, 1)):
        assert "dudley/action/act-bme-balance" not in late(day)


def test_what_dudley_lost_in_spring_2013(any_store: Store) -> None:
    day = datetime.date(2013, 4, 15)
    rows = answer(any_store, "governance.changes", "dudley", as_of=day)
    ended = {(r["thing"], r["on_day"]) for r in rows if r["section"] == MONEY_ENDED}
    assert ended == {("dudley/service/idva", APRIL), ("dudley/service/barnardos", APRIL)}
    cover = {(r["group"], r["need"]): r for r in rows if r["section"] == COVER}
    row = cover["shared/client-group/victims", "shared/need/advocacy"]
    assert (row["before"], row["after"]) == ("at risk", "not recorded")


# ---------------------------------------------------------------- answered by the queries alone


PLAN = {
    "instruments": """\
id,name,kind,duty,source,place,basis
plan,Plan after the review,action plan,homicide review,report,paragraph 1,stated
""",
    "objectives": """\
id,name,kind,duty,source,place,basis
advice,Ask and refer,recommendation,homicide review,report,paragraph 1,stated
""",
    "actions": """\
id,name,instrument,objective,part of,status,deadline,deadline kind,duty,about,source,place,basis
open,Open,plan,,,planned,2012-09,fixed,,,report,paragraph 1,stated
done,Done,plan,,,said to be done,2012-08,fixed,,,report,paragraph 1,stated
own,Own duty,,,,not recorded,2012-12,fixed,homicide review,,report,paragraph 1,stated
aim,For a recommendation,,advice,,not recorded,,none,,,report,paragraph 2,stated
part,A part,,,own,not recorded,2012-11,inherited,,,report,paragraph 2,stated
other,Something else,,,,ongoing,,none,,adviser,report,paragraph 2,stated
""",
    "dependences": """\
id,what depends,depends on,source,place,basis
d1,open,own,report,paragraph 1,stated
d2,own,open,report,paragraph 1,stated
d3,open,refuge,report,paragraph 1,stated
d4,open,far,report,paragraph 1,stated
d5,done,own,report,paragraph 1,stated
d6,own,done,report,paragraph 1,stated
d7,other,open,report,paragraph 1,stated
d8,own,adviser,report,paragraph 1,stated
d9,open,later,report,paragraph 1,stated
""",
    "services": TABLES["services"]
    + "later,Later,Helpline,,testham,planned,2012-10-01,report,paragraph 2,stated,\n",
    "progress": """\
id,action,description,status,source,place,basis
p1,aim,Begun,in progress,report,paragraph 2,stated
""",
    "bodies": """\
id,name,kind,source,place,basis
voices,Voices,survivors' forum,report,paragraph 2,stated
talk,Talk,forum,report,paragraph 2,stated
""",
    "gaps": """\
id,name,kind of gap,groups,raised by,source,place,basis
gap-lgbt,Not reached,not reached,LGBT victims,Survivors,report,paragraph 10,stated
gap-voices,Raised by the forum,quality,,voices,report,paragraph 10,stated
gap-talk,Raised by others,quality,,talk; charity,report,paragraph 10,stated
""",
    "training": """\
id,name,trains,state,source,place,basis
named,Named,charity,planned,report,paragraph 10,stated
wanted,Wanted,charity,needed,report,paragraph 10,stated
nobody,For nobody,,needed,report,paragraph 10,stated
barred,Cannot be,charity,not possible,report,paragraph 10,stated
"""
}  # fmt: skip


@pytest.fixture(scope="module")
def testham(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store that holds Testham with a plan."""
    root: Path = tmp_path_factory.mktemp("testham")
    folder = write_tables(root, about=ABOUT, **PLAN)
    schema = default_schema()
    release = write_release(build_dataset([folder], schema), root / "home")
    found = EmbeddedStore(root / "store")
    found.replace(frames_of(release, schema), schema)
    return found


def local(store: Store, name: str, *columns: str, **dials: Any) -> set[Any]:
    """The rows' columns, ids by their last part."""
    rows = answer(store, name, "testham", **dials)
    short = [{c: str(r[c]).rsplit("/", 1)[-1] for c in columns} for r in rows]
    return cells(short, *columns)


def test_what_depends_on_what_comes_later(testham: Store) -> None:
    rows = local(testham, "governance.due_before_dependency", "action", "needs", "section")
    assert rows == {
        ("open", "own", "due before what it depends on"),
        ("open", "later", "due before what it depends on"),
        ("open", "far", "no date to compare"),
        ("own", "adviser", "no date to compare"),
        ("other", "open", "no date to compare"),
    }, "the refuge opened in time, and what is said to be done waits for nothing"
    name = "governance.due_before_dependency"
    without = local(testham, name, "needs", without=["testham/post/adviser"])
    assert "adviser" not in without


def test_what_follows_from_homicide_reviews(testham: Store) -> None:
    name = "governance.homicide_reviews"
    assert local(testham, name, "action") == {"open", "own", "aim", "part"}
    rows = {r["action"]: r for r in answer(testham, name, "testham")}
    told = {p["record"] for p in rows["testham/action/aim"]["evidence"]}
    assert told == {"testham/action/aim", "testham/objective/advice"}
    assert [p["record"] for p in rows["testham/action/own"]["evidence"]] == ["testham/action/own"]


def test_of_what_no_progress_is_recorded(testham: Store) -> None:
    assert local(testham, "governance.actions_without_progress", "action") == {"own", "part"}


def test_what_survivors_raised(testham: Store) -> None:
    rows = local(testham, "governance.survivors_unanswered", "gap", "raised_by")
    assert rows == {("gap-lgbt", "['Survivors']"), ("gap-voices", "['Voices']")}


def test_training_that_reaches_nobody(testham: Store) -> None:
    assert local(testham, "evidence.training_reaching_nobody", "training", "section") == {
        ("wanted", "needed, not arranged"),
        ("nobody", "needed, not arranged"),
        ("nobody", "nobody named"),
        ("barred", "cannot be given"),
    }
    name = "evidence.training_reaching_nobody"
    without = local(testham, name, "training", "section", without=["testham/agency/charity"])
    assert ("named", "nobody named") in without


@pytest.mark.parametrize("fact", ["seats", "sectors", "progress", "deadlines"])
def test_the_hand_made_rows_have_the_columns_of_the_files(fact: str) -> None:
    due = {"action": 1, "partnership": "t", "name": "a", "due": MARCH, "proof": proof("a")}
    made = {
        "seats": seat("m"),
        "sectors": COUNCIL,
        "progress": report("p", None),
        "deadlines": due,
    }
    assert set(made[fact]) == set(fact_files()[fact].returns)


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("governance.done_but_open", action()),
        ("governance.missing_sectors", BODY),
        ("governance.part_4", BOARD),
        ("governance.changes", things(world(services=[service(ONE)]))[0]),
    ],
)
def test_the_hand_made_rows_have_the_columns_of_the_question(question: str, row: Row) -> None:
    assert set(row) == set(find_question(question).reads)


# ---------------------------------------------------------------- from the documents


@pytest.mark.parametrize(
    ("name", "slug", "columns", "expected"),
    [
        # Row 10 of the plan: a fitting response, training for the chair, a budget.
        (
            "governance.homicide_reviews",
            "slough",
            ("action", "status"),
            {
                ("slough/action/a10", "not recorded"),
                ("slough/action/a10-training", "not recorded"),
                ("slough/action/a10-budget", "not recorded"),
            },
        ),
        # Aim Five, objective 6: getting ready for Murder Reviews under the Act of 2004.
        (
            "governance.homicide_reviews",
            "southend",
            ("action",),
            {f"southend/action/act-5-6-{n}" for n in (1, 2, 3)},
        ),
        # The terms of reference name the reviews, and no action of the plan is about them.
        ("governance.homicide_reviews", "luton", ("action",), set()),
        ("governance.homicide_reviews", "dudley", ("action",), set()),
        (
            "governance.homicide_reviews",
            "example",
            ("action", "status"),
            {
                ("example/action/ac-flag", "partly done"),
                ("example/action/ac-gp-training", "planned"),
            },
        ),
        ("governance.survivors_unanswered", "slough", ("gap",), {"slough/gap/g-staff-attitude"}),
        (
            "governance.survivors_unanswered",
            "example",
            ("gap",),
            {"example/gap/gap-animals", "example/gap/gap-debt"},
        ),
        # The refuge opened before its action was due; the review has a condition and no date.
        (
            "governance.due_before_dependency",
            "dudley",
            ("action", "needs", "section"),
            {
                (
                    "dudley/action/act-accommodation",
                    "dudley/action/act-review-refuge",
                    "no date to compare",
                )
            },
        ),
        (
            "evidence.training_reaching_nobody",
            "dudley",
            ("training", "section"),
            {
                ("dudley/training/magistrates-training", "cannot be given"),
                ("dudley/training/atlantic-house-training", "needed, not arranged"),
                ("dudley/training/cranstoun-marac-training", "needed, not arranged"),
                ("dudley/training/cultural-customs-course", "nobody named"),
            },
        ),
    ],
)
def test_what_the_documents_say(
    any_store: Store, name: str, slug: str, columns: tuple[str, ...], expected: set[Any]
) -> None:
    rows = answer(any_store, name, slug)
    assert cells(rows, *columns) == expected
    assert all(r["evidence"] for r in rows)


def test_how_old_a_source_is(any_store: Store) -> None:
    """The report is of 6 September 2012: two years later to the day it is not yet older.

    The research of 1999 that the report takes a figure from is older all along.
    """

    def old(slug: str, day: datetime.date, months: int = 24) -> dict[str, Row]:
        given = {"months": [str(months)]}
        rows = answer(any_store, "evidence.old_sources", slug, as_of=day, given=given)
        return {r["source"].removeprefix(f"{slug}/source/"): r for r in rows}

    day = datetime.date(2014, 9, 6)
    assert set(old("dudley", day)) == {"hors-191"}
    row = old("dudley", day + datetime.timedelta(days=1))["report"]
    assert row["dated"] == REPORT_DAY
    assert row["evidence"][0]["record"] == "dudley/source/report"
    assert set(old("dudley", day, 12)) == {"hors-191", "report"}
    # A report that is only listed among the background papers says nothing here.
    assert "scrutiny-2011" not in old("dudley", datetime.date(2030, 1, 1))


def test_an_undated_source_is_not_called_old() -> None:
    source = {"source": "t/source/s", "partnership": "t", "dated": None, "proof": proof("s")}
    assert old_sources(asked([source])) == []
