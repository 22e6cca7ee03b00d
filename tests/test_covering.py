"""Coverage: the matrix and its laws, perpetrators kept apart, overlaps, and what is only named."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import (
    DAY,
    DAYS,
    GROUPS,
    HOME,
    KNOWN,
    NEEDS,
    PART,
    SERVICES,
    THINGS,
    Row,
    World,
    proof,
    provision,
    reach,
    service,
    world,
    worlds,
)

from graph.stores.protocol import Store
from queries.ask import ask, find_question
from queries.asked import Asked, Given, Partnership
from queries.catalogue import catalogue, fact_files
from queries.cells import WORST_FIRST, gap_effects
from queries.covering import ANSWERS
from queries.fits import PERPETRATORS
from queries.recorded import UNSPECIFIED
from queries.sides import BEHAVIOUR, perpetrator_groups, programmes

Rows = Sequence[Mapping[str, Any]]
Key = tuple[str, str, str]

PARTNERSHIP = Partnership("t", "Testham", HOME, "Home", KNOWN, True, False)
MEN, WOMEN = GROUPS
WIDE, NARROW = NEEDS
CONVICTED = "t/client-group/convicted"
GROUP_ROWS = [
    {"term": MEN, "name": "men", "broader": ["shared/client-group/victims"], "excluded": []},
    {"term": WOMEN, "name": "women", "broader": ["shared/client-group/victims"], "excluded": []},
    {"term": "shared/client-group/victims", "name": "victims", "broader": [], "excluded": []},
    {"term": PERPETRATORS, "name": "perpetrators", "broader": [], "excluded": []},
    {"term": CONVICTED, "name": "convicted", "broader": [PERPETRATORS], "excluded": []},
]
VICTIMS = "shared/client-group/victims"
ANGER, CALM, THERAPY = "t/need/anger", "t/need/calm", "shared/need/therapy"
NEED_ROWS = [
    {"term": WIDE, "name": "home", "broader": []},
    {"term": NARROW, "name": "home at once", "broader": [WIDE]},
    {"term": BEHAVIOUR, "name": "behaviour", "broader": []},
    {"term": ANGER, "name": "anger", "broader": [BEHAVIOUR]},
    {"term": CALM, "name": "calm", "broader": [BEHAVIOUR]},
    {"term": THERAPY, "name": "therapy", "broader": []},
]


def gap(number: int, kind: str, terms: list[str], needs: list[str], areas: list[str]) -> Row:
    identifier = f"t/gap/{number}"
    return {
        "gap": identifier,
        "record": identifier,
        "partnership": "t",
        "name": identifier,
        "kind": kind,
        "terms": terms,
        "needs": needs,
        "areas": areas,
        "proof": proof(identifier),
    }


def plan(identifier: str, terms: list[str], needs: list[str]) -> Row:
    """An action or objective that names groups and needs."""
    return {**gap(0, "", terms, needs, []), "record": identifier, "name": identifier, "kind": None,
            "proof": proof(identifier)}  # fmt: skip


def mentions(records: Rows) -> list[Row]:
    """The rows of `facts/mentions` that records with groups and needs give."""
    keys = ("record", "partnership", "needs", "proof")
    return [{**{k: r[k] for k in keys}, "term": t} for r in records for t in r["terms"]]


def asked(
    rows: World,
    records: Rows = (),
    *,
    read: Rows | None = None,
    day: datetime.date = DAY,
    lost: frozenset[str] = frozenset(),
    completeness: Rows = (),
    types: Rows = (),
) -> Asked:
    """What a question gets where the rows of a world and these records are all that is loaded."""
    services = {s["service"]: s for s in rows["services"]}
    reached = {r["service"] for r in rows["reaches"]}
    blank = {"term": None, "strength": None, "only_needs": None}
    met = [
        {**{k: r[k] for k in blank}, **{k: services[r["service"]][k] for k in ("service", *_MET)}}
        for r in rows["reaches"]
        if r["service"] in services
    ]
    met += [
        {**blank, **{k: s[k] for k in ("service", *_MET)}}
        for s in rows["services"]
        if s["service"] not in reached
    ]
    mentioned = mentions(records)
    terms = {m["term"] for m in mentioned} | {n for m in mentioned for n in m["needs"]}
    terms |= {r["term"] for r in rows["reaches"]} | {
        n for s in services.values() for n in s["needs"]
    }
    facts = {
        **rows,
        "mentions": mentioned,
        "mentioned": mentioned,
        "named_groups": [{"term": r["term"]} for r in (*mentioned, *rows["reaches"])],
        "named": [
            {"partnership": "t", "terms": sorted(terms)},
            {"partnership": "t", "terms": None},
        ],
        "met_needs": met,
        "met_by_others": [],
        "met_types": met,
        "service_types": types,
        "completeness": completeness,
    }
    gaps = [r for r in records if r["record"].startswith("t/gap/")]
    return Asked(
        rows=gaps if read is None else read,
        facts=facts,
        day=day,
        lost=lost,
        partnerships=(PARTNERSHIP,),
        given=Given({}, {}),
        days={"t": day},
    )


_MET = ("needs", "types")


def cell(row: Mapping[str, Any]) -> Key:
    return row["group"], row["need"], row["area"]


def states(rows: Rows) -> dict[Key, str]:
    found = {cell(r): r["state"] for r in rows}
    assert len(found) == len(rows), "a cell has one row"
    return found


def helped(rows: Rows) -> set[Key]:
    return {cell(r) for r in rows if r["services"]}


def rows_of(store: Store, name: str, *slugs: str, **dials: Any) -> Rows:
    return ask(store, find_question(f"coverage.{name}"), slugs=slugs, **dials).rows


@st.composite
def plans(draw: st.DrawFn) -> list[Row]:
    """Random gaps, of kinds with and without an effect, and actions."""
    groups = st.lists(st.sampled_from([*GROUPS, CONVICTED]), min_size=1, max_size=2, unique=True)
    needs = st.lists(st.sampled_from([*NEEDS, BEHAVIOUR]), max_size=2, unique=True)
    kinds = st.sampled_from([*gap_effects(), "money in danger"])
    areas = st.sampled_from([[], [HOME], [PART]])
    found = [
        gap(number, draw(kinds), draw(groups), draw(needs), draw(areas))
        for number in range(draw(st.integers(0, 3)))
    ]
    return found + [
        plan(f"t/action/{number}", draw(groups), draw(needs))
        for number in range(draw(st.integers(0, 2)))
    ]


@st.composite
def places(draw: st.DrawFn) -> World:
    """A random world that knows perpetrators and their need too."""
    rows = {**draw(worlds()), "groups": GROUP_ROWS, "needs": NEED_ROWS}
    programme = service("t/service/programme", needs=[BEHAVIOUR])
    if draw(st.booleans()):
        rows["services"] = [*rows["services"], programme]
        rows["reaches"] = [
            *rows["reaches"],
            reach("t/reach/programme", "t/service/programme", CONVICTED),
        ]
    return rows


# ---------------------------------------------------------------- laws of the matrix


@given(places(), plans(), DAYS, st.sampled_from(GROUPS), st.sampled_from(NEEDS))
def test_adding_a_covering_service_never_uncovers_a_cell(
    rows: World, records: Rows, day: datetime.date, group: str, need: str
) -> None:
    new = "t/service/new"
    added = {
        **rows,
        "services": [*rows["services"], service(new, needs=[need])],
        "reaches": [*rows["reaches"], reach("t/reach/new", new, group)],
    }
    before = ANSWERS["matrix"](asked(rows, records, day=day))
    after = ANSWERS["matrix"](asked(added, records, day=day))
    assert states(before).keys() <= states(after).keys()
    assert helped(before) | {(group, need, HOME), (group, WIDE, HOME)} <= helped(after)
    changed = {c for c, state in states(before).items() if states(after)[c] != state}
    assert {g for g, _, _ in changed} <= {group}


@given(places(), plans(), DAYS, st.sets(THINGS, max_size=2), st.sets(THINGS, max_size=2))
def test_losing_more_never_uncovers_less(
    rows: World, records: Rows, day: datetime.date, some: set[str], more: set[str]
) -> None:
    few, many = (
        ANSWERS["matrix"](asked(rows, records, day=day, lost=frozenset(lost)))
        for lost in (some, some | more)
    )
    assert helped(many) <= helped(few)
    assert states(few).keys() == states(many).keys(), "what is lost is still asked about"


def test_a_wider_need_is_asked_about_also_when_its_only_help_is_lost() -> None:
    rows = world(
        services=[service(SERVICES[0], needs=[NARROW], areas=[PART])],
        reaches=[reach("t/reach/0", SERVICES[0], MEN)],
    )
    found = [
        states(ANSWERS["matrix"](asked(rows, lost=frozenset(lost)))) for lost in ((), SERVICES[:1])
    ]
    assert found[0].keys() == {(MEN, need, area) for need in NEEDS for area in (HOME, PART)}
    assert found[1] == dict.fromkeys(found[0], "not recorded")


@given(places(), plans(), DAYS, st.sets(THINGS, max_size=2))
def test_the_matrix_agrees_with_the_narrower_questions(
    rows: World, records: Rows, day: datetime.date, lost: set[str]
) -> None:
    given_ = asked(rows, records, day=day, lost=frozenset(lost))
    agree(*(ANSWERS[name](given_) for name in ("matrix", "uncovered", "limited")))


_SAID = {"state", "might_serve", "services", "complete"}


def agree(matrix: Rows, uncovered: Rows, limited: Rows) -> None:
    """Whether three answers about the same say the same of every cell that several speak of."""
    whole = {(r["partnership"], *cell(r)): r for r in matrix}
    for row in (*uncovered, *limited):
        if row["need"] != UNSPECIFIED:
            same = whole[row["partnership"], *cell(row)]
            assert {k: same[k] for k in row.keys() & _SAID} == {
                k: row[k] for k in row.keys() & _SAID
            }
    partly = {(r["partnership"], *cell(r)) for r in limited}
    silent = {(r["partnership"], *cell(r)) for r in uncovered}
    homes = {r["area"] for r in uncovered if r["section"] == "never named here"} | {HOME}
    for key, row in whole.items():
        assert not (row["services"] and key in silent), key
        if key[-1] in homes:  # What is recorded for the whole makes no row for a part.
            assert (key in partly) == (bool(row["services"]) and row["state"] != "covered"), key
            if not row["services"] and row["state"] != "not recorded":
                assert key in silent, key


@pytest.mark.parametrize("day", [None, datetime.date(2013, 4, 1), datetime.date(2027, 7, 1)])
def test_the_matrix_agrees_with_the_narrower_questions_on_what_ships(
    store: Store, day: datetime.date | None
) -> None:
    agree(*(rows_of(store, name, as_of=day) for name in ("matrix", "uncovered", "limited")))


def test_the_matrix_has_every_group_with_every_need_of_its_side(store: Store) -> None:
    rows = rows_of(store, "matrix")
    homes = {p.slug: p.area for p in ask(store, find_question("coverage.matrix")).partnerships}
    keys = {slug: set[tuple[str, str]]() for slug in homes}
    for row in rows:
        if row["area"] == homes[row["partnership"]]:
            keys[row["partnership"]].add((row["group"], row["need"]))
    groups = {row["group"] for row in rows}
    needs = {row["need"] for row in rows}
    assert {"shared/client-group/deaf", "dudley/client-group/dda-compliant"} <= groups
    assert {"example/need/debt", "shared/need/partner-safety"} <= needs
    everywhere = set.intersection(*keys.values())
    perpetrators = {g for g in groups if (g, "shared/need/therapy") not in everywhere}
    assert perpetrators == {
        f"shared/client-group/{g}"
        for g in ("perpetrators", "convicted", "non-convicted", "young-perpetrators",
                  "teenage-perpetrators", "employees-perpetrators")
    }  # fmt: skip
    for group in groups - perpetrators:
        assert {n for g, n in everywhere if g == group} == needs - {BEHAVIOUR}, group
    for group in perpetrators:
        theirs = {n for g, n in everywhere if g == group}
        assert theirs == {BEHAVIOUR, "shared/need/prevention"}, group


def test_rows_stand_worst_first_and_say_why(store: Store) -> None:
    rows = rows_of(store, "matrix", "example")
    order = [WORST_FIRST.index(r["state"]) for r in rows]
    assert order == sorted(order)
    assert {r["state"] for r in rows} == set(WORST_FIRST)
    for row in rows:
        assert row["reason"] or row["state"] == "covered", row
        assert row["evidence"] or row["state"] == "not recorded", row


@pytest.mark.parametrize(
    ("slug", "group", "need", "state", "why"),
    [
        # Paragraph 20: none in the borough, Walsall's scheme by agreement.
        ("dudley", "perpetrators", "behaviour", "partial", "Walsall S.A.F.E.: outside the area"),
        # Paragraph 7: recognised gaps in therapeutic programmes.
        ("luton", "children", "therapy", "insufficient", "a source states a gap (shortage)"),
        # Row 11: the budget is there.
        ("slough", "victims", "stay-home", "covered", None),
        # Aim One, objective 2: it is to be effective; nobody says that it meets.
        ("southend", "victims", "safety-coordination", "partial", "not stated"),
        ("southend", "men", "stay-home", "not recorded", "no record of this partnership names"),
        ("slough", "survivors", "advocacy", "not recorded", "the group is named here"),
        ("dudley", "families", "family-support", "not recorded", "named, and nothing"),
    ],
)
def test_states_are_those_of_the_documents(
    store: Store, slug: str, group: str, need: str, state: str, why: str | None
) -> None:
    wanted = (f"shared/client-group/{group}", f"shared/need/{need}", f"{slug}/area/{slug}")
    (row,) = [r for r in rows_of(store, "matrix", slug) if cell(r) == wanted]
    assert row["state"] == state
    assert (why in row["reason"]) if why else row["reason"] is None


def test_a_narrower_area_has_rows_where_a_record_names_the_cell(store: Store) -> None:
    rows = rows_of(store, "matrix", "example")
    ostwold = {cell(r)[:2]: r for r in rows if r["area"] == "example/area/ostwold"}
    thin = ostwold["shared/client-group/victims", "shared/need/stay-home"]
    assert thin["state"] == "partial" and "thinner in Ostwold" in thin["reason"]
    assert thin["services"] == ["Own Front Door"]
    assert ("shared/client-group/men", "shared/need/accommodation") not in ostwold
    limited = {cell(r) for r in rows_of(store, "limited", "example")}
    assert cell(thin) in limited, "help that a gap says is thin there is not whole there"


# ---------------------------------------------------------------- perpetrators


def sides_world() -> World:
    """A programme, a refuge, a service open to all that takes perpetrators too."""
    return world(
        groups=GROUP_ROWS,
        needs=NEED_ROWS,
        services=[
            service(SERVICES[0], name="Programme", needs=[ANGER]),
            service(SERVICES[1], name="Refuge", needs=[WIDE]),
            service(SERVICES[2], name="Talk", needs=[THERAPY]),
            service(SERVICES[3], name="Course", needs=[]),
        ],
        reaches=[
            reach("t/reach/0", SERVICES[0], CONVICTED),
            reach("t/reach/1", SERVICES[1], WOMEN),
            reach("t/reach/2", SERVICES[2], PERPETRATORS, strength="open to all"),
            reach("t/reach/3", SERVICES[2], VICTIMS, strength="open to all"),
            reach("t/reach/4", SERVICES[3], PERPETRATORS),
            reach("t/reach/5", SERVICES[3], VICTIMS, strength="open to all"),
        ],
    )


def test_perpetrators_are_asked_about_with_their_own_needs_only() -> None:
    rows = ANSWERS["matrix"](asked(sides_world()))
    needs = {g: {r["need"] for r in rows if r["group"] == g} for g in (CONVICTED, WOMEN)}
    # What one programme meets, the wider need of it, and what a service open to them too meets.
    assert needs[CONVICTED] == {ANGER, BEHAVIOUR, THERAPY}
    assert needs[WOMEN] == {WIDE, THERAPY}


def test_what_is_perpetrators_own_stays_so() -> None:
    """Neither a need that no service meets nor one odd service makes it a need of others."""
    rows = sides_world()
    odd = [reach("t/reach/odd", "t/service/odd", VICTIMS, strength="open to all")]
    rows = {
        **rows,
        "services": [*rows["services"], service("t/service/odd", needs=[BEHAVIOUR])],
        "reaches": [*rows["reaches"], *odd],
    }
    found = states(ANSWERS["matrix"](asked(rows, [plan("t/action/0", [CONVICTED], [CALM])])))
    needs = {g: {n for group, n, _ in found if group == g} for g in (CONVICTED, WOMEN, VICTIMS)}
    assert {CALM, BEHAVIOUR} <= needs[CONVICTED]
    assert not {CALM, BEHAVIOUR} & needs[WOMEN]
    assert found[VICTIMS, BEHAVIOUR, HOME] == "covered", "what a record says is never left out"


def test_a_record_that_names_both_sides_does_not_say_whose_a_need_is() -> None:
    both = plan("t/action/both", [CONVICTED, WOMEN], [BEHAVIOUR, WIDE])
    records = [both, plan("t/action/home", [PERPETRATORS], [NARROW])]
    for name in ("matrix", "uncovered"):
        rows = ANSWERS[name](asked(sides_world(), records))
        pairs = {(r["group"], r["need"]) for r in rows}
        assert (WOMEN, BEHAVIOUR) not in pairs and (CONVICTED, WIDE) not in pairs
        assert (PERPETRATORS, NARROW) in pairs, "a record about them alone says so"
    rows = ANSWERS["matrix"](asked(sides_world(), records))
    assert (WOMEN, NARROW) in {(r["group"], r["need"]) for r in rows}


def test_a_stated_gap_is_kept_whatever_it_names() -> None:
    records = [gap(1, "no service", [CONVICTED, WOMEN], [WIDE], [])]
    found = states(ANSWERS["matrix"](asked(sides_world(), records)))
    assert found[CONVICTED, WIDE, HOME] == "stated uncovered"


def test_a_programme_for_perpetrators_might_serve_nobody_else() -> None:
    records = [plan("t/action/men", [MEN], [])]
    rows = ANSWERS["uncovered"](asked(sides_world(), records))
    (men,) = [r for r in rows if r["group"] == MEN]
    assert men["might_serve"] == ["Talk"], "the course is made for perpetrators"
    group = reach("t/reach/6", "t/service/group", CONVICTED, strength="open to all")
    reaches = [*sides_world()["reaches"], group]
    found = programmes(reaches, frozenset({PERPETRATORS, CONVICTED}))
    assert found == {SERVICES[0], SERVICES[3], "t/service/group"}


def test_no_programme_stands_beside_others_in_what_ships(store: Store) -> None:
    groups = {r["term"]: r for r in store.read(fact_files()["groups"].cypher, {})}
    perpetrators = perpetrator_groups(groups)
    types = "MATCH (s:Service)-[:TYPE]->(t:ServiceType) WHERE t.id = $wanted RETURN s.name AS name"
    wanted = {"wanted": "shared/service-type/perpetrator-programme"}
    names = {r["name"] for r in store.read(types, wanted)}
    assert {"Stone by Stone", "Walsall S.A.F.E."} <= names
    seen = set()
    for row in rows_of(store, "matrix"):
        listed = {*row["services"], *row["might_serve"]} & names
        seen |= listed
        assert row["group"] in perpetrators or not listed, row
    assert "Stone by Stone" in seen


# ---------------------------------------------------------------- signed lists


TYPES = [
    {"term": "shared/service-type/refuge", "name": "Refuge", "broader": []},
    {"term": "t/service-type/house", "name": "House", "broader": ["shared/service-type/refuge"]},
]


def signed(area: str = HOME, dated: datetime.date | None = DAY) -> Row:
    return {
        "type": "shared/service-type/refuge",
        "type_name": "Refuge",
        "area": area,
        "area_name": "Home",
        "dated": dated,
        "signed_by": "Manager",
        "proof": proof("t/completeness/0"),
    }


def complete(day: datetime.date = DAY, **changes: Any) -> dict[Key, str]:
    """The cells beside which a signed list stands, with its words."""
    rows = world(
        groups=GROUP_ROWS,
        needs=NEED_ROWS,
        services=[
            service(SERVICES[0], needs=[NARROW, THERAPY], types=["t/service-type/house"]),
            service(SERVICES[1], needs=[THERAPY]),
            service(SERVICES[2], needs=[NARROW], types=["t/service-type/house"], areas=[PART]),
        ],
        reaches=[reach(f"t/reach/{n}", name, WOMEN) for n, name in enumerate(SERVICES[:3])],
    )
    found = ANSWERS["matrix"](asked(rows, day=day, completeness=[signed(**changes)], types=TYPES))
    for row in found:
        records = {p["record"] for p in row["evidence"]}
        assert ("t/completeness/0" in records) == (row["complete"] is not None)
    return {cell(r): r["complete"] for r in found if r["complete"]}


def test_a_signed_list_stands_beside_what_only_its_type_meets() -> None:
    found = complete()
    # Services without the type meet therapy too, and the wider need is named by no service.
    assert set(found) == {(WOMEN, NARROW, HOME), (WOMEN, NARROW, PART)}
    assert set(found.values()) == {"Refuge in Home: signed by Manager for 2013-01-01"}


def test_a_signed_list_speaks_for_its_area_and_not_before_its_day() -> None:
    assert set(complete(area=PART)) == {(WOMEN, NARROW, PART)}
    assert complete(day=DAY - datetime.timedelta(days=1)) == {}
    assert complete(dated=None) == {}


def test_what_ships_has_one_signed_list(store: Store) -> None:
    rows = [r for name in ("matrix", "uncovered") for r in rows_of(store, name) if r["complete"]]
    assert {r["partnership"] for r in rows} == {"example"}
    assert "shared/need/accommodation" in {r["need"] for r in rows}
    assert "shared/need/emotional" not in {r["need"] for r in rows}
    early = datetime.date(2026, 6, 29)
    assert not any(r["complete"] for r in rows_of(store, "matrix", "example", as_of=early))


# ---------------------------------------------------------------- states


def test_disputed_help_beside_limited_help_is_not_cover() -> None:
    disputed = {**proof("t/reach/0"), "basis": "contested"}
    rows = world(
        services=[
            service(SERVICES[0], name="Evening", needs=[WIDE]),
            service(SERVICES[1], name="Homes", needs=[WIDE], availability=["full"]),
        ],
        reaches=[
            {**reach("t/reach/0", SERVICES[0], MEN), "proof": disputed},
            reach("t/reach/1", SERVICES[1], MEN),
        ],
    )
    (row,) = ANSWERS["limited"](asked(rows))
    assert (row["state"], row["reason"]) == ("partial", "Evening: sources disagree; Homes: full")
    alone = {**rows, "services": rows["services"][:1], "reaches": rows["reaches"][:1]}
    (row,) = ANSWERS["limited"](asked(alone))
    assert (row["state"], row["reason"]) == ("contested", "Evening: sources disagree")


def test_help_in_one_part_is_none_in_another() -> None:
    other = "t/area/other"
    rows = world(
        services=[service(SERVICES[0], needs=[NARROW], areas=[PART])],
        reaches=[reach("t/reach/0", SERVICES[0], MEN)],
    )
    rows = {**rows, "areas": [*rows["areas"], {"area": other, "name": "Other", "within": HOME}]}
    found = states(ANSWERS["matrix"](asked(rows, [gap(0, "no service", [MEN], [NARROW], [other])])))
    assert found[MEN, NARROW, other] == "stated uncovered"
    assert found[MEN, NARROW, PART] == "covered"
    assert found[MEN, NARROW, HOME] == "partial"


# ---------------------------------------------------------------- overlaps


def overlapping(services: list[Row], *reaches: Row) -> dict[tuple[str, str, str], Row]:
    found = ANSWERS["overlaps"](asked(world(services=services, reaches=list(reaches))))
    return {(r["need"], r["area"], r["strength"]): r for r in found}


def test_services_overlap_at_the_same_strength_only() -> None:
    services = [service(name, name=name[-1], needs=[NARROW]) for name in SERVICES]
    found = overlapping(
        services,
        reach("t/reach/0", SERVICES[0], MEN),
        reach("t/reach/1", SERVICES[1], MEN),
        reach("t/reach/2", SERVICES[1], MEN, condition="again"),
        reach("t/reach/3", SERVICES[2], MEN, strength="open to all"),
        reach("t/reach/4", SERVICES[3], WOMEN),
    )
    # Help with the narrower need is help with the wider one.
    assert found.keys() == {(NARROW, HOME, "specialist"), (WIDE, HOME, "specialist")}
    assert found[NARROW, HOME, "specialist"]["services"] == ["0", "1"]
    assert found[NARROW, HOME, "specialist"]["state"] == "covered"


def test_a_part_is_no_second_service_beside_its_whole() -> None:
    whole = service(SERVICES[0], name="whole", needs=[NARROW])
    part = service(SERVICES[1], name="part", needs=[NARROW], part_of=[SERVICES[0]])
    deeper = service(SERVICES[2], name="deeper", needs=[NARROW], part_of=[SERVICES[1]])
    other = service(SERVICES[3], name="other", needs=[NARROW], part_of=["t/service/elsewhere"])
    to = [reach(f"t/reach/{n}", name, MEN) for n, name in enumerate(SERVICES)]
    assert overlapping([whole, part, deeper], *to[:3]) == {}
    assert overlapping([whole, part, deeper], to[0], to[2]) == {}, "a part of a part"
    found = overlapping([whole, part, deeper, other], *to)
    assert found[NARROW, HOME, "specialist"]["services"] == ["other", "whole"]


def test_two_parts_without_their_whole_are_two_services() -> None:
    parts = [service(name, needs=[NARROW], part_of=["t/service/w"]) for name in SERVICES[:2]]
    whole = service("t/service/w", needs=[NARROW])
    to = [reach(f"t/reach/{n}", name, MEN) for n, name in enumerate(SERVICES[:2])]
    weaker = reach("t/reach/w", "t/service/w", MEN, strength="open to all")
    found = overlapping([*parts, whole], *to, weaker)
    assert found[NARROW, HOME, "specialist"]["services"] == SERVICES[:2]


def test_what_may_be_one_service_is_named() -> None:
    services = [
        service(
            SERVICES[0], name="a", needs=[NARROW], perhaps_the_same=[SERVICES[1], "t/service/x"]
        ),
        service(SERVICES[1], name="b", needs=[NARROW]),
        service(SERVICES[2], name="c", needs=[NARROW]),
    ]
    to = [reach(f"t/reach/{n}", name, MEN) for n, name in enumerate(SERVICES[:3])]
    found = overlapping(services, *to)[NARROW, HOME, "specialist"]
    assert (found["services"], found["perhaps_the_same"]) == (["a", "b", "c"], ["a", "b"])
    assert overlapping(services[1:], *to[1:])[NARROW, HOME, "specialist"]["perhaps_the_same"] == []


def test_a_service_of_a_part_overlaps_there_and_not_in_the_whole() -> None:
    services = [
        service(SERVICES[0], name="part", needs=[NARROW], areas=[PART]),
        service(SERVICES[1], name="whole", needs=[NARROW]),
    ]
    to = [reach(f"t/reach/{n}", name, MEN) for n, name in enumerate(SERVICES[:2])]
    found = overlapping(services, *to)
    assert {area for _, area, _ in found} == {PART}
    assert found[NARROW, PART, "specialist"]["services"] == ["part", "whole"]


@given(places(), plans(), DAYS)
def test_whoever_overlaps_helps_in_the_matrix(
    rows: World, records: Rows, day: datetime.date
) -> None:
    given_ = asked(rows, records, day=day)
    matrix = {cell(r): r for r in ANSWERS["matrix"](given_)}
    for row in ANSWERS["overlaps"](given_):
        assert len(row["services"]) > 1
        assert set(row["services"]) <= set(matrix[cell(row)]["services"])
        assert row["state"] == matrix[cell(row)]["state"]


def test_overlaps_of_the_documents(store: Store) -> None:
    found = {(*cell(r)[:2], r["strength"]): r for r in rows_of(store, "overlaps", "dudley")}
    group, need = "shared/client-group/", "shared/need/"
    # Service Provision, row 6: IDAP and the Structured Intervention, both for those convicted.
    convicted = found[group + "convicted", need + "behaviour", "specialist"]
    assert convicted["services"] == [
        "Independent Domestic Abuse Programme",
        "Structured Intervention to address Domestic Abuse",
    ]
    women = found[group + "women", need + "emotional", "specialist"]
    assert set(women["perhaps_the_same"]) == set(women["services"]) and len(women["services"]) == 3
    assert (group + "perpetrators", need + "behaviour", "specialist") not in found
    # Luton's complex needs adviser is a part of the advisers' service; Slough has one of each.
    assert [*rows_of(store, "overlaps", "luton"), *rows_of(store, "overlaps", "slough")] == []


# ---------------------------------------------------------------- named, and no more


def named_only(rows: World, records: Rows, lost: frozenset[str] = frozenset()) -> list[Row]:
    return ANSWERS["named_only"](asked(rows, records, read=records, lost=lost))


def test_a_group_with_no_service_at_all_is_only_named() -> None:
    rows = world(
        groups=GROUP_ROWS,
        needs=NEED_ROWS,
        services=[service(SERVICES[0], standing="planned", needs=[WIDE])],
        reaches=[reach("t/reach/0", SERVICES[0], WOMEN, strength="excluded")],
    )
    records = [
        plan("t/action/0", [WOMEN, MEN], [NARROW]),
        plan("t/action/1", [MEN], []),
        plan("t/objective/2", [VICTIMS], []),
        gap(3, "knowledge", [MEN], [THERAPY], [PART]),
        gap(4, "shortage", [CONVICTED], [BEHAVIOUR], []),
        plan("t/action/5", [CONVICTED], [BEHAVIOUR]),
    ]
    found = {cell(r): r["named_in"] for r in named_only(rows, records)}
    assert found == {
        (MEN, NARROW, HOME): ["t/action/0"],
        (MEN, THERAPY, PART): ["t/gap/3"],
        (VICTIMS, UNSPECIFIED, HOME): ["t/objective/2"],
    }


def test_a_lost_service_is_connected_with_nobody() -> None:
    rows = world(
        groups=GROUP_ROWS,
        services=[service(SERVICES[0], needs=[WIDE])],
        reaches=[reach("t/reach/0", SERVICES[0], WOMEN)],
        provisions=[provision("t/provision/0", SERVICES[0], "t/agency/0")],
    )
    records = [plan("t/action/0", [WOMEN], [WIDE])]
    assert named_only(rows, records) == []
    (row,) = named_only(rows, records, frozenset({"t/agency/0"}))
    assert cell(row) == (WOMEN, WIDE, HOME)


def test_who_is_only_named_in_slough(store: Store) -> None:
    """Rows 4, 6, 8 and 13; for settlers and travellers a service is at least wished for."""
    found = {(r["group"], r["need"]) for r in rows_of(store, "named_only", "slough")}
    names = ("prostitution", "fgm", "honour", "trafficking", "nrpf", "repeat", "high-risk",
             "service-users")  # fmt: skip
    assert found == {(f"shared/client-group/{name}", UNSPECIFIED) for name in names}


# ---------------------------------------------------------------- objectives without action


def objective(number: int, term: str, kind: str = "objective") -> Row:
    record = f"t/{kind}/{number}"
    return {
        "record": record,
        "partnership": "t",
        "name": record,
        "term": term,
        "proof": proof(record),
    }


def falls_away(*rows: Row) -> dict[str, Row]:
    found = ANSWERS["falls_away"](asked(world(groups=GROUP_ROWS), read=rows))
    return {r["group"]: r for r in found}


def test_a_group_falls_away_unless_an_action_names_it_or_a_narrower_one() -> None:
    men, victims = objective(1, MEN), objective(2, VICTIMS)
    assert falls_away(men, victims).keys() == {MEN, VICTIMS}
    assert falls_away(men, victims, objective(3, MEN, "action")) == {}
    found = falls_away(men, victims, objective(4, MEN), objective(3, VICTIMS, "action"))
    assert found.keys() == {MEN}
    assert found[MEN]["named_in"] == ["t/objective/1", "t/objective/4"]
    assert found[MEN]["only_wider"] == ["victims"]
    assert {p["record"] for p in found[MEN]["evidence"]} == {
        "t/objective/1",
        "t/objective/4",
        "t/action/3",
    }


def test_who_falls_away_in_the_documents(store: Store) -> None:
    found = {
        (r["partnership"], r["group"].removeprefix("shared/client-group/")): r["only_wider"]
        for r in rows_of(store, "falls_away")
        if r["partnership"] != "example"
    }
    victims, perpetrators = ["Victims of domestic abuse"], ["Perpetrators"]
    assert found == {
        ("luton", "families"): [],
        ("luton", "forced-marriage"): victims,
        ("luton", "high-risk"): victims,
        ("luton", "honour"): victims,
        ("luton", "medium-risk"): victims,
        ("luton", "non-convicted"): perpetrators,
        ("luton", "repeat"): victims,
        ("luton", "residents"): [],
        ("slough", "high-risk"): victims,
        ("southend", "children"): [],
        ("southend", "survivors"): [],
    }


# ---------------------------------------------------------------- both stores


@pytest.mark.parametrize("name", sorted(q for q in catalogue() if q.startswith("coverage.")))
def test_both_stores_say_the_same(store: Store, any_store: Store, name: str) -> None:
    question = find_question(name)
    assert ask(any_store, question).rows == ask(store, question).rows
