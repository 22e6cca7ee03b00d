"""Small made-up facts, as rows of the files in `queries/facts/`, for laws that must always hold.

Holds: rows with every column of their file, to be changed as a test wants; and `worlds`, random
partnerships with everything that help can stand on. Leaves out: anything that asks them.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from graph.derived import award_window
from queries.recorded import STRENGTHS, Facts, read_facts

Row = dict[str, Any]
World = Mapping[str, list[Row]]

HOME = "t/area/home"
PART = "t/area/part"
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
ALL_THINGS = SERVICES + AGENCIES + POSTS + FUNDS
THINGS = st.sampled_from(ALL_THINGS)


def proof(record: str) -> Row:
    return {"record": record, "source": "t/source/s", "place": ["p"], "basis": "stated"}


def service(identifier: str, **changes: Any) -> Row:
    """An operating service in the partnership's area, without needs."""
    return {
        "service": identifier,
        "partnership": "t",
        "name": identifier,
        "standing": "operating",
        "opened": None,
        "closed": None,
        "access": None,
        "availability": [],
        "whereabouts": "here",
        "known_on": KNOWN,
        "legal_basis": None,
        "wait": None,
        "needs": [],
        "areas": [],
        "types": [],
        "part_of": [],
        "perhaps_the_same": [],
        "proof": proof(identifier),
        **changes,
    }


def reach(identifier: str, name: str, term: str, **changes: Any) -> Row:
    """A service that is made for a group."""
    return {
        "service": name,
        "term": term,
        "strength": "specialist",
        "condition": None,
        "only_needs": [],
        "only_areas": [],
        "proof": proof(identifier),
        **changes,
    }


def provision(identifier: str, name: str, agency: str) -> Row:
    """An agency that provides a service."""
    return {
        "service": name,
        "agency": agency,
        "role": "provides",
        "standing": None,
        "proof": proof(identifier),
    }


def award(identifier: str, subject: str, **changes: Any) -> Row:
    """Secured money without dates, from the first fund and its agency."""
    row = {
        "award": identifier,
        "subject": subject,
        "fund": FUNDS[0],
        "fund_name": FUNDS[0],
        "status": "secured",
        "begun": None,
        "holders": [AGENCIES[0]],
        "holder_names": [AGENCIES[0]],
        "amount": None,
        "known_on": KNOWN,
        "decide_by": None,
        "extension": None,
        "notice": None,
        "proof": proof(identifier),
    }
    last = changes.pop("last", None)
    row |= changes
    window = {"known_on": KNOWN, "period_first": row["begun"], "period_last": last}
    return row | award_window({"status": row["status"], **window})


def dependence(identifier: str, name: str, post: str) -> Row:
    """A service that cannot go on without a post of the agency of the same number."""
    return {
        "service": name,
        "post": post,
        "post_name": post,
        "filled": "filled",
        "agencies": [AGENCIES[POSTS.index(post)]],
        "proof": proof(identifier),
    }


def referral(identifier: str, name: str, origin: str, status: str = "working") -> Row:
    """A route to a service."""
    return {
        "service": name,
        "route": identifier,
        "origin": origin,
        "status": status,
        "proof": proof(identifier),
    }


def world(**tables: list[Row]) -> World:
    """A world of one area with a part, two groups and two needs, the second narrower."""
    return {
        "services": [],
        "reaches": [],
        "awards": [],
        "provisions": [],
        "dependences": [],
        "referrals": [],
        "areas": [
            {"area": HOME, "name": "Home", "within": None},
            {"area": PART, "name": "Part", "within": HOME},
        ],
        "groups": [{"term": g, "name": g, "broader": [], "excluded": []} for g in GROUPS],
        "needs": [
            {"term": NEEDS[0], "name": "home", "broader": []},
            {"term": NEEDS[1], "name": "home at once", "broader": [NEEDS[0]]},
        ],
        **tables,
    }


def facts_of(rows: World, lost: frozenset[str] = frozenset()) -> Facts:
    """The facts of a world with things lost."""
    return read_facts(rows, HOMES, lost)


# ---------------------------------------------------------------- random ones


@st.composite
def _services(draw: st.DrawFn, identifier: str) -> Row:
    return service(
        identifier,
        standing=draw(st.sampled_from(["operating", "operating", "not stated", "planned"])),
        opened=draw(st.none() | DAYS),
        closed=draw(st.none() | st.none() | DAYS),
        access=draw(st.sampled_from([None, "referral only"])),
        availability=draw(st.sampled_from([[], ["full"]])),
        needs=draw(st.lists(st.sampled_from(NEEDS), max_size=2, unique=True)),
        areas=draw(st.sampled_from([[], [HOME], [PART]])),
    )


@st.composite
def _awards(draw: st.DrawFn, number: int) -> Row:
    first, last = draw(st.none() | DAYS), draw(st.none() | DAYS)
    if first and last:
        first, last = sorted((first, last))
    fund = draw(st.sampled_from(FUNDS))
    holders = draw(st.lists(st.sampled_from(AGENCIES), max_size=2, unique=True))
    return award(
        f"t/award/{number}",
        draw(st.sampled_from(SERVICES + POSTS)),
        fund=fund,
        fund_name=fund,
        status=draw(st.sampled_from(["secured", "secured", "sought"])),
        begun=first,
        last=last,
        holders=holders,
        holder_names=holders,
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    names = SERVICES[: draw(st.integers(1, 4))]
    some = st.sampled_from(names)
    reaches = draw(
        st.lists(
            st.tuples(some, st.sampled_from(GROUPS), st.sampled_from(list(STRENGTHS))),
            min_size=1,
            max_size=6,
            unique_by=lambda found: found[:2],
        )
    )
    provisions = draw(st.lists(st.tuples(some, st.sampled_from(AGENCIES)), max_size=4, unique=True))
    posts = draw(st.lists(st.tuples(some, st.sampled_from(POSTS)), max_size=2, unique=True))
    origins = st.sampled_from([*AGENCIES, *names])
    routes = draw(st.lists(st.tuples(some, origins), max_size=4, unique=True))
    statuses = st.sampled_from(["working", "missing"])
    awards = [draw(_awards(number)) for number in range(draw(st.integers(0, 4)))]
    return world(
        services=[draw(_services(name)) for name in names],
        reaches=[
            reach(f"t/reach/{number}", name, term, strength=strength)
            for number, (name, term, strength) in enumerate(reaches)
        ],
        awards=[a for a in awards if a["subject"] in (*names, *POSTS)],
        provisions=[provision(f"t/provision/{n}", *found) for n, found in enumerate(provisions)],
        dependences=[dependence(f"t/dependence/{n}", *found) for n, found in enumerate(posts)],
        referrals=[
            referral(f"t/referral/{n}", name, origin, draw(statuses))
            for n, (name, origin) in enumerate(routes)
        ],
    )
