"""Ways to help and where they break off: the rules on made-up facts, laws, and what ships."""

import datetime
import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.stores.protocol import Store
from queries.ask import ask, find_question
from queries.asked import Asked, Given, Partnership, QuestionError
from queries.fits import PERPETRATORS, widening
from queries.recorded import WORKING
from queries.routes import ANSWERS
from queries.ways import BEHAVIOUR, MOST_STEPS, PROGRAMME

Row = dict[str, Any]

DAY = datetime.date(2013, 1, 1)
HOME = "t/area/home"
VICTIMS, WOMEN, MEN = (f"shared/client-group/{g}" for g in ("victims", "women", "men"))
SHELTER, SHELTER_NOW, TALK = (f"shared/need/{n}" for n in ("shelter", "shelter-now", "talk"))
BOTH = "t/client-group/both"
GROUPS = {VICTIMS: [], WOMEN: [VICTIMS], MEN: [VICTIMS], PERPETRATORS: []}
NEEDS = {SHELTER: [], SHELTER_NOW: [SHELTER], TALK: [], BEHAVIOUR: []}


def proof(record: str) -> Row:
    return {"record": record, "source": "t/source/s", "place": ["p"], "basis": "stated"}


def service(name: str, **columns: Any) -> Row:
    identifier = f"t/service/{name}"
    return {
        "service": identifier,
        "partnership": "t",
        "name": name,
        "standing": "operating",
        "opened": None,
        "closed": None,
        "access": None,
        "availability": [],
        "whereabouts": "here",
        "known_on": DAY,
        "wait": None,
        "needs": [SHELTER],
        "areas": [],
        "types": [],
        "proof": proof(identifier),
        **columns,
    }


def reach(name: str, term: str, strength: str = "specialist", **columns: Any) -> Row:
    return {
        "service": f"t/service/{name}",
        "term": term,
        "strength": strength,
        "condition": None,
        "only_needs": [],
        "only_areas": [],
        "proof": proof(f"t/reach/{name}-{term.rsplit('/', 1)[1]}-{strength}"),
        **columns,
    }


def step(origin: str, target: str, **columns: Any) -> Row:
    """A route; ends without a class are services."""
    start, end = (e if "/" in e else f"t/service/{e}" for e in (origin, target))
    route = f"t/referral/{start.split('/', 1)[1]}-to-{end.split('/', 1)[1]}".replace("/", "-")
    route = route.replace("t-referral-", "t/referral/")
    return {
        "route": route,
        "partnership": "t",
        "origin": start,
        "origin_name": start.rsplit("/", 1)[1],
        "target": end,
        "target_name": end.rsplit("/", 1)[1],
        "status": "working",
        "for_groups": [],
        "for_needs": [],
        "condition": None,
        "risk_levels": [],
        "self_referral": None,
        "mode": None,
        "proof": proof(route),
        **columns,
    }


def award(name: str, until: datetime.date) -> Row:
    return {
        "award": f"t/award/{name}",
        "subject": f"t/service/{name}",
        "fund": "t/fund/f",
        "fund_name": "f",
        "status": "secured",
        "live_from": datetime.date(2012, 1, 1),
        "live_until": until,
        "begun": None,
        "undated": False,
        "holders": [],
        "holder_names": [],
        "proof": proof(f"t/award/{name}"),
    }


def world(
    services: Sequence[Row], reaches: Sequence[Row], steps: Sequence[Row], **facts: Any
) -> dict[str, Any]:
    terms = {**GROUPS, **facts.pop("more_groups", {})}
    return {
        "services": services,
        "reaches": reaches,
        "steps": steps,
        "referrals": [
            {
                "service": s["target"],
                "route": s["route"],
                "origin": s["origin"],
                "status": s["status"],
                "proof": s["proof"],
            }
            for s in steps
            if "/service/" in s["target"]
        ],
        "awards": [],
        "provisions": [],
        "dependences": [],
        "map_posts": [],
        "agencies": [],
        "service_types": [{"term": PROGRAMME, "name": "Programme", "broader": []}],
        "areas": [{"area": HOME, "name": "Home", "within": None}],
        "groups": [
            {"term": t, "name": t.rsplit("/", 1)[1], "broader": b, "excluded": []}
            for t, b in terms.items()
        ],
        "needs": [{"term": t, "name": t.rsplit("/", 1)[1], "broader": b} for t, b in NEEDS.items()],
        **facts,
    }


def answer(
    name: str,
    facts: Mapping[str, Any],
    *,
    rows: Sequence[Row] | None = None,
    without: Iterable[str] = (),
    **chosen: Sequence[str],
) -> list[Row]:
    """What an algorithm answers; its rows are the services unless given."""
    lost = frozenset(without)
    subjects = [
        {"service": s["service"], "partnership": "t"}
        for s in facts["services"]
        if s["service"] not in lost
    ]
    values = {"group": (), "need": (), "start": ()} | {k: tuple(v) for k, v in chosen.items()}
    partnership = Partnership("t", "T", HOME, "Home", DAY, True, False)
    asked = Asked(
        rows=subjects if rows is None else rows,
        facts=facts,
        day=DAY,
        lost=lost,
        partnerships=(partnership,),
        given=Given({}, values),
        days={"t": DAY},
    )
    return ANSWERS[name](asked)


def told(rows: Iterable[Row], *columns: str) -> list[Any]:
    found = [tuple(row[c] for c in columns) for row in rows]
    return [f[0] for f in found] if len(columns) == 1 else found


def ways(facts: Mapping[str, Any], **chosen: Any) -> list[tuple[str | None, str]]:
    """First door and way of each row for women who need shelter, unless chosen otherwise."""
    chosen = {"group": [WOMEN], "need": [SHELTER], **chosen}
    return told(answer("ways", facts, **chosen), "first_door", "way")


POLICE, UNIT, NURSE = "t/agency/police", "t/agency/unit", "t/post/nurse"


# ---------------------------------------------------------------- ways


def test_a_way_leads_from_a_first_door_by_working_routes() -> None:
    facts = world(
        [service("refuge", access="referral only"), service("line", access="self-referral")],
        [reach("refuge", WOMEN)],
        [
            step(POLICE, "line", condition="if she agrees", mode="Form"),
            step("line", "refuge", risk_levels=["high (victim)", "medium (victim)"]),
            step(NURSE, "refuge", status="being drafted"),
            step(POLICE, "refuge", status="not stated"),
        ],
    )
    rows = answer("ways", facts, group=[WOMEN], need=[SHELTER])
    assert told(rows, "first_door", "way") == [
        ("t/service/line", "by themselves → line → refuge"),
        (POLICE, "police → line → refuge"),
    ]
    assert rows[1]["steps"] == (
        "police → line, how: Form, if: if she agrees",
        "line → refuge, if: risk high (victim) or medium (victim)",
    )
    assert rows[1]["conditions"] == (
        "line: if she agrees",
        "refuge: risk high (victim) or medium (victim)",
    )
    assert [p["record"] for p in rows[1]["evidence"]] == [
        "t/service/refuge",
        "t/reach/refuge-women-specialist",
        "t/referral/agency-police-to-service-line",
        "t/referral/service-line-to-service-refuge",
    ]


def test_people_come_by_themselves_where_a_source_says_so() -> None:
    both = [reach("refuge", WOMEN), reach("house", WOMEN)]
    facts = world([service("refuge", access="either"), service("house")], both, [])
    assert ways(facts) == [
        (None, "no way in is recorded"),
        ("self", "by themselves → refuge"),
    ]
    by_route = [
        step(VICTIMS, "house", self_referral=True, condition="if there is room"),
        step(MEN, "house", self_referral=True),
        step(VICTIMS, "refuge", self_referral=False),
    ]
    facts = world([service("refuge"), service("house")], both, by_route)
    rows = answer("ways", facts, group=[WOMEN], need=[SHELTER])
    assert told(rows, "service", "first_door", "conditions") == [
        ("t/service/house", "self", ("house: if there is room",)),
        ("t/service/refuge", None, ()),
    ]


def test_a_route_from_a_group_that_is_not_said_to_be_taken_alone_is_told_as_the_groups() -> None:
    facts = world([service("refuge")], [reach("refuge", WOMEN)], [step(WOMEN, "refuge")])
    assert ways(facts) == [("self", "women → refuge")]


def test_a_route_for_other_groups_or_needs_is_no_way() -> None:
    def only(**columns: Any) -> list[tuple[str | None, str]]:
        one = step(POLICE, "refuge", **columns)
        return ways(world([service("refuge")], [reach("refuge", VICTIMS)], [one]))

    leads, nothing = [(POLICE, "police → refuge")], [(None, "no way in is recorded")]
    assert only(for_groups=[WOMEN, MEN]) == leads
    assert only(for_groups=[VICTIMS]) == leads, "a wider group takes her in"
    assert only(for_groups=[MEN]) == nothing
    assert only(for_needs=[SHELTER]) == leads
    assert only(for_needs=[SHELTER_NOW]) == leads, "a narrower need is met with help for it"
    assert only(for_needs=[TALK]) == nothing


def test_a_way_does_not_go_round() -> None:
    services = [service("refuge"), service("a", access="either"), service("b"), service("c")]
    facts = world(
        services,
        [reach("refuge", WOMEN)],
        [step("a", "refuge"), step("a", "b"), step("b", "refuge"), step(POLICE, "b")],
    )
    assert ways(facts) == [
        ("t/service/a", "by themselves → a → refuge"),
        (POLICE, "police → b → refuge"),
    ]
    # Two routes of the same things are two ways: each has its own condition.
    facts = world(
        services,
        [reach("refuge", WOMEN)],
        [
            step(POLICE, "refuge", route="t/referral/1", condition="day"),
            step(POLICE, "refuge", route="t/referral/2", condition="night"),
        ],
    )
    rows = answer("ways", facts, group=[WOMEN], need=[SHELTER])
    assert told(rows, "conditions") == [("refuge: day",), ("refuge: night",)]


def test_a_way_is_no_longer_than_somebody_could_be_told_to_take() -> None:
    def length(number: int) -> list[tuple[str | None, str]]:
        names = [f"s{n}" for n in range(number)]
        services = [service(n, access="referral only") for n in [*names, "refuge"]]
        hops = itertools.pairwise([POLICE, *names, "refuge"])
        steps = [step(a, b) for a, b in hops]
        return ways(world(services, [reach("refuge", WOMEN)], steps))

    assert len(length(MOST_STEPS - 1)[0][1].split(" → ")) == MOST_STEPS + 1
    assert length(MOST_STEPS) == [(None, "no way in is recorded")]


def test_no_way_leads_through_a_service_that_does_not_run_or_does_not_take_the_person() -> None:
    reaches = [reach("refuge", VICTIMS), reach("a", MEN, "excluded")]
    steps = [step(POLICE, "a"), step("a", "refuge")]
    facts = world([service("refuge"), service("a")], reaches, steps)
    assert ways(facts) == [(POLICE, "police → a → refuge")]
    assert ways(facts, group=[MEN]) == [(None, "no way in is recorded")]
    facts = world([service("refuge"), service("a", standing="planned")], reaches, steps)
    assert ways(facts) == [(None, "no way in is recorded")]


def test_a_way_begins_where_nothing_is_recorded_of_how_people_come() -> None:
    steps = [step("a", "refuge")]
    reaches = [reach("refuge", WOMEN)]
    facts = world([service("refuge"), service("a")], reaches, steps)
    assert ways(facts) == [("t/service/a", "how is not recorded → a → refuge")]
    facts = world([service("refuge"), service("a", access="referral only")], reaches, steps)
    assert ways(facts) == [(None, "no way in is recorded")], "nobody is recorded to come to it"


def test_the_way_starts_where_the_person_is_and_a_part_uses_the_routes_of_its_whole() -> None:
    facts = world(
        [service("refuge", access="either"), service("a", access="referral only")],
        [reach("refuge", WOMEN)],
        [step(POLICE, "refuge"), step("a", "refuge")],
        agencies=[
            {"agency": a, "name": a[9:], "part_of": wholes, "proof": proof(a)}
            for a, wholes in [(POLICE, []), (UNIT, ["t/agency/division"])]
        ]
        + [
            {
                "agency": "t/agency/division",
                "name": "division",
                "part_of": [POLICE],
                "proof": proof("t/agency/division"),
            }
        ],
    )
    assert ways(facts) == [
        ("self", "by themselves → refuge"),
        (POLICE, "police → refuge"),
    ]
    assert ways(facts, start=[UNIT]) == [(UNIT, "unit → refuge")]
    rows = answer("ways", facts, group=[WOMEN], need=[SHELTER], start=[UNIT])
    assert UNIT in {p["record"] for p in rows[0]["evidence"]}
    assert ways(facts, start=["t/service/a"]) == [("t/service/a", "a → refuge")]
    assert ways(facts, start=[NURSE]) == []
    assert ways(facts, start=[UNIT], without=[POLICE]) == []


def test_help_for_a_wider_group_counts_unless_the_service_does_not_take_the_person() -> None:
    services = [service("refuge", access="either", availability=["full"])]
    wide = reach("refuge", VICTIMS, condition="if safe")
    rows = answer("ways", world(services, [wide], []), group=[MEN], need=[SHELTER])
    assert told(rows, "limits") == [("condition: if safe", "full")]
    excluded = reach("refuge", MEN, "excluded")
    assert ways(world(services, [wide, excluded], []), group=[MEN]) == []
    assert len(ways(world(services, [wide, excluded], []), group=[WOMEN])) == 1
    only_talk = reach("refuge", MEN, "excluded", only_needs=[TALK])
    assert len(ways(world(services, [wide, only_talk], []), group=[MEN])) == 1
    # What is said of the group itself goes before what is said of a wider one.
    own = reach("refuge", MEN, "adapted")
    barred = reach("refuge", VICTIMS, "excluded")
    assert len(ways(world(services, [own, barred], []), group=[MEN])) == 1
    rows = answer(
        "ways",
        world(services, [wide, reach("refuge", MEN, "under-served")], []),
        group=[MEN],
        need=[SHELTER],
    )
    assert told(rows, "limits") == [("condition: if safe", "full", "under-serves men")]


def test_what_is_said_of_the_very_group_tells_who_is_taken_and_the_rest_is_a_limit() -> None:
    services = [service("refuge", access="either")]
    reaches = [
        reach("refuge", MEN, "adapted"),
        reach("refuge", MEN, "excluded", condition="over 25"),
        reach("refuge", VICTIMS, condition="if safe"),
        reach("refuge", VICTIMS, "under-served"),
    ]
    rows = answer("ways", world(services, reaches, []), group=[MEN], need=[SHELTER])
    assert told(rows, "limits") == [("does not take men: over 25",)]
    records = {p["record"] for p in rows[0]["evidence"]}
    assert "t/reach/refuge-victims-specialist" not in records
    assert {"t/reach/refuge-men-adapted", "t/reach/refuge-men-excluded"} <= records


def test_a_post_sends_nobody_once_its_agencies_or_its_money_are_lost() -> None:
    whose = [{"post": NURSE, "agency": UNIT, "basis": "stated"}]
    paid = {**award("refuge", DAY), "subject": NURSE}
    facts = world(
        [service("refuge")],
        [reach("refuge", WOMEN)],
        [step(NURSE, "refuge")],
        map_posts=whose,
        awards=[paid],
    )
    assert ways(facts) == [(NURSE, "nurse → refuge")]
    for lost in (UNIT, NURSE, "t/fund/f"):
        assert ways(facts, without=[lost]) == [(None, "no way in is recorded")]
    whose.append({"post": NURSE, "agency": POLICE, "basis": "stated"})
    assert ways(facts, without=[UNIT]) == [(NURSE, "nurse → refuge")], "another has the post too"


def test_what_is_chosen_only_narrows_the_whole_answer() -> None:
    facts = world(
        [service("refuge"), service("now", needs=[SHELTER_NOW]), service("talk", needs=[])],
        [reach("refuge", VICTIMS), reach("now", WOMEN), reach("talk", MEN)],
        [step(POLICE, "now")],
    )
    whole = answer("ways", facts)
    assert {(r["group"], r["need"]) for r in whole} == {
        (VICTIMS, SHELTER),
        (WOMEN, SHELTER),
        (WOMEN, SHELTER_NOW),
        (MEN, SHELTER),
    }
    for group, need in itertools.product([VICTIMS, WOMEN, MEN], [SHELTER, SHELTER_NOW]):
        part = [r for r in whole if (r["group"], r["need"]) == (group, need)]
        assert answer("ways", facts, group=[group], need=[need]) == part
    assert [len(r["steps"]) for r in whole if r["group"] == WOMEN] == [1, 0, 1]


# ---------------------------------------------------------------- laws of ways

AGENCIES = [POLICE, UNIT]
SERVICES = [f"s{n}" for n in range(4)]
ENDS = [*AGENCIES, NURSE, *(f"t/service/{s}" for s in SERVICES)]
Found = set[tuple[str, tuple[str, ...], tuple[str, ...]]]
"""First door, things from it to the service, routes taken."""


@st.composite
def networks(draw: st.DrawFn) -> dict[str, Any]:
    services = [
        service(
            name,
            access=draw(st.sampled_from([None, "either", "referral only"])),
            standing=draw(st.sampled_from(["operating", "operating", "operating", "planned"])),
        )
        for name in SERVICES
    ]
    reaches = [
        reach(s, g, draw(st.sampled_from(["specialist", "excluded"])))
        for s in SERVICES
        for g in draw(st.sampled_from([[VICTIMS], [WOMEN], [MEN], [VICTIMS, MEN], []]))
    ]
    pairs = draw(
        st.lists(
            st.tuples(st.sampled_from([*ENDS, WOMEN]), st.sampled_from(ENDS)),
            min_size=2,
            max_size=14,
        )
    )
    steps = [
        step(
            origin,
            target,
            route=f"t/referral/{number}",
            status=draw(st.sampled_from(["working", "working", "to be reinforced", "missing"])),
            for_groups=draw(st.sampled_from([[], [], [VICTIMS], [WOMEN], [MEN]])),
            for_needs=draw(st.sampled_from([[], [], [], [SHELTER_NOW], [TALK]])),
            proof=proof(f"t/referral/{number}"),
        )
        for number, (origin, target) in enumerate(pairs)
        if origin != target
    ]
    return world(services, reaches, steps)


def of_all(facts: Mapping[str, Any], group: str, service_id: str) -> Found:
    """Every way there is, minimal or not, by looking at every simple path of routes."""
    takes_in = {group, *GROUPS[group]}
    barred = {r["service"] for r in facts["reaches"] if r["strength"] == "excluded"}
    barred = {
        s
        for s in barred
        if not answer_fits(facts, s, group)
        and any(
            r["term"] in takes_in
            for r in facts["reaches"]
            if r["service"] == s and r["strength"] == "excluded"
        )
    }
    usable = [
        s
        for s in facts["steps"]
        if s["status"] in WORKING
        and (not s["for_groups"] or takes_in & set(s["for_groups"]))
        and TALK not in s["for_needs"]
        and (s["origin"] not in GROUPS or s["origin"] in takes_in)
    ]
    rows = {s["service"]: s for s in facts["services"]}
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for one in usable:
        origin = rows.get(one["origin"])
        is_left_out = origin and (origin["standing"] == "planned" or one["origin"] in barred)
        if one["origin"] not in GROUPS and not is_left_out:
            graph.add_edge(one["origin"], one["target"], key=one["route"])
    alone = {s["target"] for s in usable if s["origin"] in GROUPS}
    alone |= {s for s, row in rows.items() if row["access"] == "either"}
    named = {s["target"] for s in facts["steps"]}
    untold = {s for s, row in rows.items() if row["access"] is None and s not in named}
    found: Found = {("self", (service_id,), ())} if service_id in alone else set()
    for door in set(graph) - {service_id}:
        if (door in rows and door not in alone | untold) or service_id not in graph:
            continue
        for path in nx.all_simple_edge_paths(graph, door, service_id, cutoff=MOST_STEPS):
            things = (door, *(edge[1] for edge in path))
            found.add((door, things, tuple(edge[2] for edge in path)))
    return found


def answer_fits(facts: Mapping[str, Any], service_id: str, group: str) -> bool:
    """Whether a service takes a group: what is said of the group itself, then of a wider one."""
    said = {r["term"]: r["strength"] for r in facts["reaches"] if r["service"] == service_id}
    nearest = [said[t] for t in (group, *GROUPS[group]) if t in said]
    return bool(nearest) and nearest[0] == "specialist"


def minimal(found: Found) -> Found:
    """Those whose things are no strict superset of another's from the same first door."""
    return {
        one for one in found if not any(o[0] == one[0] and set(o[1]) < set(one[1]) for o in found)
    }


def of_ours(facts: Mapping[str, Any], group: str, **dials: Any) -> dict[str, Found]:
    routes = {s["route"]: s for s in facts["steps"]}
    found: dict[str, Found] = {}
    for row in answer("ways", facts, group=[group], need=[SHELTER], **dials):
        ways_to = found.setdefault(row["service"], set())
        if row["first_door"] is None:
            continue
        taken = [p["record"] for p in row["evidence"] if p["record"] in routes]
        taken = [t for t in taken if routes[t]["origin"] not in GROUPS]
        things = tuple(routes[t]["target"] for t in taken)
        start = row["first_door"] if row["first_door"] != "self" else row["service"]
        ways_to.add((row["first_door"], (start, *things), tuple(taken)))
    return found


@settings(max_examples=300)
@given(networks(), st.sampled_from([WOMEN, MEN, VICTIMS]))
def test_the_ways_are_those_that_looking_at_every_path_finds(
    facts: dict[str, Any], group: str
) -> None:
    ours = of_ours(facts, group)
    for service_id, found in ours.items():
        assert found == minimal(of_all(facts, group, service_id))


@given(networks(), st.sampled_from([WOMEN, MEN, VICTIMS]))
def test_every_way_is_a_chain_of_working_routes_without_a_thing_twice(
    facts: dict[str, Any], group: str
) -> None:
    routes = {s["route"]: s for s in facts["steps"]}
    for service_id, found in of_ours(facts, group).items():
        for _, things, taken in found:
            assert things[-1] == service_id
            assert len(set(things)) == len(things) <= MOST_STEPS + 1
            assert [(routes[t]["origin"], routes[t]["target"]) for t in taken] == list(
                itertools.pairwise(things)
            )
            assert all(routes[t]["status"] in WORKING for t in taken)


@given(networks(), st.sampled_from([WOMEN, MEN]), st.data())
def test_losing_a_route_never_adds_a_way(
    facts: dict[str, Any], group: str, data: st.DataObject
) -> None:
    """What is told afterwards was a way before, if perhaps one that went round."""
    routes = [s["route"] for s in facts["steps"]]
    lost = data.draw(st.lists(st.sampled_from(routes), max_size=3)) if routes else []
    before, after = of_ours(facts, group), of_ours(facts, group, without=lost)
    assert after.keys() <= before.keys()
    for service_id, found in after.items():
        assert found <= of_all(facts, group, service_id)
        assert {w[0] for w in found} <= {w[0] for w in before[service_id]}
        assert not {t for w in found for t in w[2]} & set(lost)


# ---------------------------------------------------------------- a household


def household(facts: Mapping[str, Any], *groups: str, **dials: Any) -> dict[str, Row]:
    rows = answer("profile", facts, group=groups, **dials)
    return {row["name"]: row for row in rows}


def test_a_household_is_looked_at_as_a_whole() -> None:
    facts = world(
        [
            service("all", access="self-referral"),
            service("some", access="referral only"),
            service("none"),
            service("not", access="referral only"),
            service("wait", availability=["waiting list"]),
        ],
        [
            reach("all", VICTIMS, "open to all"),
            reach("some", WOMEN),
            reach("not", WOMEN),
            reach("not", PERPETRATORS, "excluded"),
            reach("wait", WOMEN, "adapted"),
            reach("wait", MEN, "can be served"),
            reach("none", PERPETRATORS),
        ],
        [step(POLICE, "some"), step(NURSE, "some", for_groups=[PERPETRATORS]), step("all", "wait")],
    )
    rows = household(facts, WOMEN, MEN)
    assert {n: r["section"] for n, r in rows.items()} == {
        "all": "fits",
        "wait": "fits, with limits",
        "some": "not said for every circumstance",
        "not": "not said for every circumstance",
    }
    assert list(rows) == ["all", "wait", "not", "some"], "best first, then by name"
    assert rows["all"]["fits"] == ("women: open to all (victims)", "men: open to all (victims)")
    assert rows["wait"]["fits"] == ("women: adapted", "men: can be served")
    assert rows["wait"]["limits"] == ("waiting list", "can be served; a source says no more")
    assert rows["some"]["not_said"] == ("men",)
    assert {n: r["way_in"] for n, r in rows.items()} == {
        "all": "people can come by themselves",
        "some": "people must be referred, by police",
        "not": "people must be referred, by whom is not recorded",
        "wait": "people are sent by all",
    }
    assert household(facts, WOMEN, PERPETRATORS)["not"]["section"] == "does not take them"
    assert household(facts, WOMEN, PERPETRATORS)["not"]["limits"] == ("does not take perpetrators",)
    assert household(facts) == {}, "without a circumstance there is no household"


def test_all_circumstances_must_fit_for_one_and_the_same_need() -> None:
    facts = world(
        [service("house", needs=[SHELTER_NOW, TALK])],
        [reach("house", WOMEN), reach("house", MEN, only_needs=[TALK], condition="evenings")],
        [],
    )
    row = household(facts, WOMEN, MEN)["house"]
    assert (row["section"], row["needs"]) == ("fits, with limits", ["talk"])
    assert row["limits"] == ("condition: evenings",)
    row = household(facts, WOMEN, MEN, need=[SHELTER])["house"]
    assert (row["section"], row["needs"]) == ("not said for every circumstance", ["shelter-now"])
    assert household(facts, MEN, need=[SHELTER]) == {}
    assert household(facts, WOMEN)["house"]["needs"] == ["shelter-now", "talk"]


def test_a_programme_for_perpetrators_is_told_of_only_where_they_are_asked_for() -> None:
    facts = world(
        [
            service("typed", types=[PROGRAMME]),
            service("needed", needs=[BEHAVIOUR]),
            service("refuge"),
        ],
        [reach(name, term) for name in ("typed", "needed") for term in (PERPETRATORS, WOMEN)]
        + [reach("refuge", VICTIMS)],
        [],
        more_groups={BOTH: [PERPETRATORS, VICTIMS]},
    )
    assert household(facts, WOMEN).keys() == {"refuge"}
    assert household(facts, WOMEN, PERPETRATORS).keys() == {"refuge", "typed", "needed"}
    assert household(facts, PERPETRATORS).keys() == {"typed", "needed"}
    # Who abuses is not taken for a victim, whatever wider terms the group falls under.
    assert household(facts, BOTH).keys() == {"typed", "needed"}


@given(networks(), st.permutations([WOMEN, MEN, VICTIMS, PERPETRATORS]), st.integers(1, 3))
def test_another_circumstance_never_makes_more_fit(
    facts: dict[str, Any], groups: list[str], number: int
) -> None:
    order = ["fits", "fits, with limits", "not said for every circumstance", "does not take them"]
    few, more = household(facts, *groups[:number]), household(facts, *groups[: number + 1])
    assert few.keys() <= more.keys()
    for name, row in few.items():
        assert order.index(row["section"]) <= order.index(more[name]["section"])
    for row in more.values():
        fits = {f.split(": ")[0] for f in row["fits"]}
        assert fits, "a service that fits none of the circumstances is not listed"
        assert not fits & set(row["not_said"])


def test_a_wider_group_takes_in_what_it_does_not_exclude() -> None:
    terms = {
        "bme": {"broader": ["victims"], "excluded": []},
        "racialised": {"broader": ["bme"], "excluded": ["travellers"]},
        "travellers": {"broader": ["racialised"], "excluded": []},
        "irish travellers": {"broader": ["travellers", "women"], "excluded": []},
        "women": {"broader": ["victims"], "excluded": []},
        "victims": {"broader": [], "excluded": []},
    }
    found = widening(terms)
    assert found["racialised"] == {"racialised", "bme", "victims"}
    assert found["travellers"] == {"travellers"}
    assert found["irish travellers"] == {"irish travellers", "travellers", "women", "victims"}


# ---------------------------------------------------------------- where ways break off


def test_what_nobody_can_reach_on_record() -> None:
    facts = world(
        [
            service("open", access="either"),
            service("untold"),
            service("drafted"),
            service("unclear", access="referral only"),
            service("no-route", access="referral only"),
            service("works", access="referral only"),
            service("planned", access="referral only", standing="planned"),
        ],
        [],
        [
            step(POLICE, "open", status="missing"),
            step(POLICE, "drafted", status="being drafted"),
            step(POLICE, "unclear", status="missing"),
            step(NURSE, "unclear", status="not stated"),
            step(POLICE, "works", status="to be reinforced"),
            step(NURSE, "works", status="missing"),
        ],
    )
    always = [
        ("drafted", "no route works"),
        ("unclear", "not said whether a route works"),
        ("no-route", "no route recorded"),
    ]
    rows = answer("unreachable", facts)
    assert told(rows, "name", "section") == always
    assert rows[1]["routes"] == ["police: missing", "nurse: not stated"]
    # A way in that is imagined lost is one that does not work, and its service is not reached.
    lost = answer("unreachable", facts, without=[POLICE])
    assert told(lost, "name", "section") == [always[0], ("works", "no route works"), *always[1:]]
    # A service that falls for another reason is not asked about.
    provided = {
        **facts,
        "provisions": [
            {
                "service": "t/service/no-route",
                "agency": UNIT,
                "role": "provides",
                "standing": None,
                "proof": proof("t/provision/1"),
            }
        ],
    }
    assert told(answer("unreachable", provided, without=[UNIT]), "name", "section") == always[:2]


def test_dead_ends_stand_under_the_first_reason_that_applies() -> None:
    known = datetime.date(2012, 6, 1)
    names = ["planned", "shut", "unpaid", "closed", "full", "wait", "room", "runs-on"]
    availability = {
        "planned": ["full"],
        "unpaid": ["waiting list"],
        "closed": ["full", "closed to referrals"],
        "full": ["waiting list", "full"],
        "wait": ["waiting list"],
        "room": ["room", "above capacity"],
    }
    services = [service(n, availability=availability.get(n, []), known_on=known) for n in names]
    services[0]["standing"] = "planned"
    services[1]["closed"] = datetime.date(2012, 12, 31)
    # A source of a later day than the money says that it runs.
    services[7]["known_on"] = DAY
    steps = [step(POLICE, name) for name in names]
    steps += [step(NURSE, "full", status="missing"), step(POLICE, UNIT)]
    ended = datetime.date(2012, 8, 31)
    awards = [award("unpaid", ended), award("runs-on", ended), award("wait", DAY)]
    facts = world(services, [], steps, awards=awards)
    rows = answer("dead_ends", facts)
    assert told(rows, "name", "section") == [
        ("planned", "does not run"),
        ("shut", "does not run"),
        ("unpaid", "money ended"),
        ("closed", "closed to referrals"),
        ("full", "full"),
        ("wait", "waiting list"),
    ]
    assert "t/award/unpaid" in {p["record"] for p in rows[2]["evidence"]}
    assert answer("dead_ends", facts, without=[POLICE]) == []
    # What is imagined lost is left out, with what falls with it.
    left = answer("dead_ends", facts, without=["t/award/wait", "t/service/full"])
    assert told(left, "name") == ["planned", "shut", "unpaid", "closed"]


def test_circles_begin_with_the_smallest_thing() -> None:
    steps = [
        step("c", "a", route="t/referral/1"),
        step("c", "a", route="t/referral/2"),
        step("a", "b"),
        step("b", "c"),
        step("b", "a"),
        step("a", "d", status="missing"),
        step("d", "a"),
        step(POLICE, "a"),
    ]
    facts = world([service(n) for n in "abcd"], [], steps)
    rows = answer("circles", facts, rows=steps)
    ab, abc = (tuple(f"t/service/{n}" for n in names) for names in ("ab", "abc"))
    assert told(rows, "things", "name") == [(ab, "a → b → a"), (abc, "a → b → c → a")]
    assert len(rows[1]["evidence"]) == 4, "both routes from c"
    assert told(answer("circles", facts, rows=steps, without=["t/service/c"]), "things") == [ab]


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde")), max_size=12))
def test_every_circle_is_found_once(pairs: list[tuple[str, str]]) -> None:
    steps = [step(a, b, route=f"t/referral/{n}") for n, (a, b) in enumerate(pairs)]
    facts = world([service(n) for n in "abcde"], [], steps)
    found = told(answer("circles", facts, rows=steps), "things")
    expected = {
        chosen
        for size in range(1, 6)
        for chosen in itertools.permutations("abcde", size)
        if chosen[0] == min(chosen)
        and all(pair in pairs for pair in zip(chosen, (*chosen[1:], chosen[0]), strict=True))
    }
    assert {"".join(t[-1] for t in things) for things in found} == {"".join(e) for e in expected}
    assert len(found) == len(expected)


SETTLED = "shared/need/settled-home"
SAFE, REFUGE, TEMPORARY = (
    f"shared/service-type/{t}" for t in ("safe-accommodation", "refuge", "temporary-accommodation")
)


def test_where_people_cannot_move_on_from() -> None:
    services = [
        service("blocked", types=[REFUGE]),
        service("untold", types=[TEMPORARY]),
        service("moves", types=[SAFE]),
        service("stuck", types=[SAFE]),
        service("planned", types=[REFUGE], standing="planned"),
        service("advice"),
        service("homes", needs=[SETTLED]),
        service("no-homes", needs=[SETTLED], standing="ended"),
    ]
    facts = world(
        services,
        [],
        [
            step("blocked", "homes"),
            step("moves", "homes", status="to be reinforced"),
            step("stuck", "homes", status="being drafted"),
            step("stuck", "no-homes"),
            step("untold", "moves"),
        ],
        service_types=[
            {"term": t, "name": t, "broader": b}
            for t, b in [(SAFE, []), (REFUGE, [SAFE]), (TEMPORARY, [])]
        ],
        needs=[{"term": t, "name": t, "broader": []} for t in (SETTLED, SHELTER, TALK)],
    )

    def gap(name: str, kind: str, needs: list[str], affects: list[str]) -> Row:
        return {
            "gap": f"t/gap/{name}",
            "partnership": "t",
            "name": name,
            "kind": kind,
            "needs": needs,
            "services": [f"t/service/{s}" for s in affects],
            "proof": proof(f"t/gap/{name}"),
        }

    gaps = [
        gap("nowhere to go", "shortage", [SETTLED], ["blocked"]),
        gap("talk", "blockage", [TALK], []),
        gap("others", "blockage", [SETTLED], ["advice"]),
        gap("short", "shortage", [SETTLED], []),
    ]
    rows = answer("blocked_move_on", facts, rows=gaps)
    assert told(rows, "name", "section", "gaps") == [
        ("blocked", "a source says so", ["nowhere to go"]),
        ("stuck", "no way on recorded", []),
        ("untold", "no way on recorded", []),
    ]
    # A blockage of which no service is named is one of every such place.
    general = [gap("blocked", "blockage", [SETTLED], [])]
    rows = answer("blocked_move_on", facts, rows=general)
    assert set(told(rows, "section")) == {"a source says so"}
    assert told(rows, "name") == ["blocked", "moves", "stuck", "untold"]
    rows = answer("blocked_move_on", facts, rows=[], without=["t/service/homes"])
    assert told(rows, "name") == ["blocked", "moves", "stuck", "untold"]


def test_an_agency_speaks_by_its_parts_posts_and_services() -> None:
    far = "t/area/far"
    names = ["parts", "part", "posts", "provides", "commissions", "drafts", "silent", "far", "wing"]
    part_of = {"part": ["t/agency/parts"], "wing": ["t/agency/drafts"]}
    agencies = [
        {
            "agency": f"t/agency/{n}",
            "partnership": "t",
            "name": n,
            "sector": "police",
            "areas": [far] if n == "far" else [],
            "part_of": part_of.get(n, []),
            "proof": proof(f"t/agency/{n}"),
        }
        for n in names
    ]
    provisions = [
        {
            "service": "t/service/a",
            "agency": f"t/agency/{agency}",
            "role": role,
            "standing": None,
            "proof": proof(f"t/provision/{agency}"),
        }
        for agency, role in [("provides", "provides"), ("commissions", "commissions")]
    ]
    facts = world(
        [service("a"), service("b")],
        [],
        [
            step("t/agency/part", "b"),
            step("t/post/p", "b"),
            step("a", "b"),
            step("t/agency/drafts", "b", status="not stated"),
        ],
        agencies=agencies,
        map_posts=[{"post": "t/post/p", "agency": "t/agency/posts", "basis": "stated"}],
        provisions=provisions,
        areas=[
            {"area": HOME, "name": "Home", "within": None},
            {"area": far, "name": "Far", "within": None},
        ],
    )
    rows = answer("silent_referrers", facts, rows=agencies)
    assert told(rows, "name", "section") == [
        # Its part "wing" is not told of apart.
        ("drafts", "not said whether its routes work"),
        ("commissions", "no route from it on record"),
        ("silent", "no route from it on record"),
    ]
    assert rows[0]["routes"] == ["b: not stated"]
    rows = answer("silent_referrers", facts, rows=agencies, without=["t/service/b"])
    assert {"parts", "posts", "provides"} <= set(told(rows, "name"))
    drafted = [{**s, "status": "being drafted"} for s in facts["steps"]]
    rows = answer("silent_referrers", {**facts, "steps": drafted}, rows=agencies)
    assert ("drafts", "its routes do not work") in told(rows, "name", "section")


# ---------------------------------------------------------------- what ships


def shipped(store: Store, name: str, slug: str, *columns: str, **dials: Any) -> list[Any]:
    return told(ask(store, find_question(f"pathways.{name}"), slugs=[slug], **dials).rows, *columns)


def test_breaks_in_the_ways_that_the_documents_tell(any_store: Store) -> None:
    assert shipped(any_store, "unreachable", "example", "service", "section") == [
        ("example/service/hospital-idva", "no route works")
    ]
    assert shipped(any_store, "unreachable", "dudley", "service", "section") == [
        ("dudley/service/dash-groups", "no route works")
    ]
    assert shipped(any_store, "dead_ends", "dudley", "route", "section") == [
        ("dudley/referral/homeless-to-refuge", "full")
    ]
    assert ("example/referral/rf-mash-to-young-idva", "closed to referrals") in shipped(
        any_store, "dead_ends", "example", "route", "section"
    )
    assert shipped(any_store, "circles", "dudley", "things") == []
    assert ("example/service/idva-service", "example/service/marac") in shipped(
        any_store, "circles", "example", "things"
    )
    moves = shipped(any_store, "blocked_move_on", "example", "service", "section")
    assert [s for s, section in moves if section == "a source says so"] == [
        "example/service/dispersed-homes",
        "example/service/kestrelgate-refuge",
        "example/service/second-stage-flats",
    ]
    assert shipped(any_store, "silent_referrers", "example", "agency", "section") == [
        ("example/agency/learning-trust", "its routes do not work"),
        ("example/agency/da-team", "no route from it on record"),
        ("example/agency/icb", "no route from it on record"),
    ]
    assert shipped(any_store, "no_named_end", "luton", "route") == [
        "luton/referral/police-adult-safeguarding"
    ]
    assert shipped(any_store, "no_named_end", "slough", "route") == [
        "slough/referral/ref-police-wellbeing"
    ]
    assert shipped(any_store, "no_named_end", "dudley", "route") == []


def test_ways_that_the_documents_tell(any_store: Store) -> None:
    homeless = {"group": ["homeless"], "need": ["settled-home"]}
    assert set(shipped(any_store, "ways", "dudley", "service", "first_door", given=homeless)) == {
        ("dudley/service/homelessness-prevention", None),
        ("dudley/service/social-tenancies", "dudley/service/homelessness-prevention"),
    }
    men = {"group": ["men"], "need": ["accommodation"], "start": ["example/agency/constabulary"]}
    assert shipped(any_store, "ways", "example", "way", given=men) == [
        f"Eastmarch Constabulary → Eastmarch Victim Care → County outreach → {rest}"
        for rest in (
            "Dispersed homes",
            "IDVA service → Emergency flats",
            "IDVA service → Tarrow House",
        )
    ]
    asian = {"group": ["asian-women"], "need": ["accommodation"]}
    doors = shipped(any_store, "ways", "example", "service", "first_door", given=asian)
    assert {d for s, d in doors if s == "example/service/chashma-house"} == {
        "example/service/chashma-outreach",
        "example/service/county-helpline",
        "example/service/kestrelgate-refuge",
    }
    assert all(s != "example/service/dispersed-homes" for s, _ in doors), "for others"


def test_households_in_the_directory(any_store: Store) -> None:
    def sections(groups: list[str], **given: Any) -> dict[str, str]:
        found = shipped(
            any_store, "profile", "example", "service", "section", given={"group": groups, **given}
        )
        return {service.rsplit("/", 1)[1]: section for service, section in found}

    fathers = sections(["men", "families-older-boys"], need=["accommodation"])
    assert fathers["dispersed-homes"] == "fits, with limits"
    assert fathers["tarrow-house"] == "not said for every circumstance"
    assert "kestrelgate-refuge" not in fathers
    alone = sections(["women", "nrpf"])
    assert alone["rent-deposit"] == "does not take them"
    assert alone["kestrelgate-refuge"] == "fits, with limits"
    assert "stone-by-stone" not in alone
    assert sections(["non-convicted"]).keys() == {"stone-by-stone"}


@pytest.mark.parametrize(
    "name",
    ["unreachable", "dead_ends", "circles", "blocked_move_on", "silent_referrers", "ways"],
)
def test_every_row_names_records_with_their_places(store: Store, name: str) -> None:
    rows = ask(store, find_question(f"pathways.{name}")).rows
    assert rows
    for row in rows:
        assert row["evidence"]
        assert all(record["locator"] and record["title"] for record in row["evidence"])


def test_more_circles_or_ways_than_anybody_can_read_are_refused() -> None:
    """Every service with a route to every other: there would be millions."""
    names = [f"s{n}" for n in range(16)]
    steps = [step(a, b) for a in names for b in names if a != b]
    facts = world([service(n) for n in names], [], steps)
    with pytest.raises(QuestionError, match="more than 5,000 circles"):
        answer("circles", facts, rows=facts["steps"])
