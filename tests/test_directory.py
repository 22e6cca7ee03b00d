"""The directory's search: what is found, what only in part and why, and what must never be told.

Expectations are read from the tables of the partnerships by hand.
"""

import datetime
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.directory.words import words
from graph.ids import iri_of
from graph.model import Edge, Node, PropertyGraph
from graph.project import project
from graph.public import public_graph, public_quads
from graph.release import Release, read_quads
from ontology.namespaces import FP
from ontology.schema import Schema
from queries.directory.directory import (
    Directory,
    Entry,
    Found,
    Match,
    Wish,
    directory,
    parse_district,
)
from queries.directory.entries import freshness_of
from queries.directory.fit import REASONS
from queries.directory.words import Hit, Texts, WordIndex, words_of
from queries.recorded import LIMITS

TODAY = datetime.date(2026, 11, 22)
GROUP, NEED = "shared/client-group/", "shared/need/"
MEN, WOMEN, CHILDREN = (GROUP + one for one in ("men", "women", "children"))
ACCOMMODATION, EMOTIONAL = NEED + "accommodation", NEED + "emotional"
STONE, PARTNERS = "example/service/stone-by-stone", "example/service/partner-contact"
EXAMPLE = ("example",)


@pytest.fixture(scope="module")
def public(release: Release, schema: Schema) -> PropertyGraph:
    return public_graph(release, schema)


@pytest.fixture(scope="module")
def known(public: PropertyGraph, schema: Schema) -> Directory:
    return directory(public, schema, words("en").terms)


def ask(
    known: Directory, day: datetime.date | None = None, today: datetime.date = TODAY, **parts: Any
) -> Found:
    return known.search(Wish(**parts), day, today)


def listed(found: Found) -> dict[str, Match]:
    return {m.entry.name: m for m in (*found.whole, *found.partly, *found.anybody)}


def names(matches: tuple[Match, ...]) -> list[str]:
    return [m.entry.name for m in matches]


def changed(graph: PropertyGraph, change: Callable[[Node], Node]) -> PropertyGraph:
    return replace(graph, nodes=tuple(change(node) for node in graph.nodes))


def set_columns(graph: PropertyGraph, identifier: str, **columns: Any) -> PropertyGraph:
    def change(node: Node) -> Node:
        if node.id != identifier:
            return node
        return replace(node, properties={**node.properties, **columns})

    assert identifier in {n.id for n in graph.nodes}
    return changed(graph, change)


# ---------------------------------------------------------------- Dudley and Luton, by hand


def test_a_man_with_children_in_dudley_is_told_what_is_not_recorded(known: Directory) -> None:
    found = ask(known, partnerships=("dudley",), needs=(ACCOMMODATION,), groups=(MEN, CHILDREN))
    assert found.whole == found.anybody == ()
    satellites = listed(found)["Self-contained satellite properties"]
    assert satellites.reasons == (
        "It can take male victims, and no more is recorded: ask.",
        "A part of it is out of use.",
        "Whether it takes children affected by domestic abuse is not recorded: ask.",
    )
    # It is for women and their children: that is a no, and nothing to ask about.
    assert "New refuge" not in listed(found)
    families = ask(
        known,
        partnerships=("dudley",),
        needs=(ACCOMMODATION,),
        groups=(MEN, GROUP + "families"),
    )
    former = listed(families)["Former refuges"].reasons
    assert "Whether it takes male victims is not recorded: ask." in former


def test_a_womens_service_fits_women_and_is_no_near_fit_for_men(known: Directory) -> None:
    wish: dict[str, Any] = {"partnerships": ("dudley",), "needs": (ACCOMMODATION,)}
    assert "New refuge" in listed(ask(known, **wish, groups=(WOMEN, CHILDREN)))
    assert "New refuge" not in listed(ask(known, **wish, groups=(MEN,)))


@pytest.mark.parametrize(
    ("day", "reasons"),
    [
        (None, ()),
        (datetime.date(2015, 3, 31), ()),
        (datetime.date(2015, 4, 1), ("Its money has ended; no renewal is recorded.",)),
    ],
)
def test_the_help_for_a_child_in_luton_before_and_after_its_money_ends(
    known: Directory, day: datetime.date | None, reasons: tuple[str, ...]
) -> None:
    found = ask(known, day, partnerships=("luton",), groups=(CHILDREN,))
    assert listed(found)["Children's IDVA service"].reasons == reasons
    assert names(found.partly if reasons else found.whole) == ["Children's IDVA service"]


def test_what_is_planned_or_ended_is_no_entry(known: Directory) -> None:
    assert "Partnership helpline" not in listed(ask(known, partnerships=("luton",)))
    found = listed(ask(known, partnerships=EXAMPLE))
    assert not found.keys() & {"Complex needs house", "Men's outreach", "Children's play therapy"}


def test_where_sources_disagree_both_sides_are_told(known: Directory) -> None:
    found = listed(ask(known, partnerships=("dudley",), needs=(NEED + "settled-home",)))
    told = " ".join(found["Rent deposit/guarantee scheme"].reasons)
    assert "Sources disagree whether it runs." in told
    assert "operational from March 2012" in told and "still to be settled" in told


# ---------------------------------------------------------------- reasons


def test_open_to_all_is_never_told_as_made_for_a_group(known: Directory) -> None:
    found = ask(known, partnerships=EXAMPLE, groups=(GROUP + "asian-women",), needs=(EMOTIONAL,))
    assert names(found.whole)[:2] == ["Chashma House", "Chashma outreach"]
    assert "Eastmarch Victim Care" in names(found.anybody)
    assert "Eastmarch Victim Care" not in names((*found.whole, *found.partly))


def test_what_is_recorded_against_it_is_told(known: Directory) -> None:
    found = listed(ask(known, partnerships=EXAMPLE, groups=(MEN,), asking="self", language="ur"))
    assert "Under-served by it, on record: Male victims." in found["County outreach"].reasons
    assert "The wait: Six weeks." in found["County outreach"].reasons
    homes = found["Dispersed homes"].reasons
    assert "You cannot ask for it yourself: somebody has to refer you." in homes
    assert "Urdu is not recorded, only English. Ask for an interpreter." in homes
    assert found["Eastmarch helpline"].reasons == ()
    assert "Kestrelgate Refuge" not in found, "men are excluded, and that is a no"


def test_an_area_decides_what_is_outside(known: Directory) -> None:
    deposit, hall = "Harrowmere rent deposit scheme", "Ostwold market-day drop-in"
    whole = listed(ask(known, partnerships=EXAMPLE))
    assert "It is for people in Ostwold only." in whole[hall].reasons
    found = listed(ask(known, partnerships=EXAMPLE, postcode_district="qz3 1aa"))
    assert found[hall].reasons == ()
    assert found[deposit].reasons[0].startswith("It is outside the area: it is for Harrowmere.")
    area = ("example/area/ostwold",)
    assert listed(ask(known, partnerships=EXAMPLE, areas=area)).keys() == found.keys()


def test_an_unknown_district_is_said_to_be_unknown(known: Directory) -> None:
    found = ask(known, postcode_district="ZE3")
    assert found.unknown_district and not listed(found) and found.helplines


def test_every_limit_of_a_service_has_a_sentence() -> None:
    assert set(LIMITS.values()) <= REASONS.keys()


# ---------------------------------------------------------------- freshness


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, "fresh"), (89, "fresh"), (90, "old"), (179, "old"), (180, "withheld")],
)
def test_the_boundaries_of_freshness(
    public: PropertyGraph, schema: Schema, days: int, expected: str
) -> None:
    checked = TODAY - datetime.timedelta(days=days)
    assert freshness_of(checked, TODAY) == expected

    def change(node: Node) -> Node:
        if node.label not in ("Service", "Contact", "Venue"):
            return node
        return replace(node, properties={**node.properties, "confirmed_on": checked})

    entry = directory(changed(public, change), schema).entry(
        "example/service/county-outreach", None, TODAY
    )
    assert entry is not None and entry.freshness == expected
    assert bool(entry.contacts) == bool(entry.venues) == (expected != "withheld")


def test_a_contact_is_as_old_as_its_own_check(public: PropertyGraph, schema: Schema) -> None:
    service = "example/service/county-outreach"
    long_ago = TODAY - datetime.timedelta(days=181)
    contacts = [e.start[1] for e in public.edges if e.type == "OF" and e.end[1] == service]
    graph = set_columns(public, contacts[0], confirmed_on=long_ago)
    before = directory(public, schema).entry(service, None, TODAY)
    after = directory(graph, schema).entry(service, None, TODAY)
    assert before and after and len(after.contacts) == len(before.contacts) - 1


def test_what_nobody_checked_is_nowhere(public: PropertyGraph, schema: Schema) -> None:
    service = "example/service/winterbeck-centre"
    before = directory(public, schema)
    after = directory(set_columns(public, service, confirmed_on=None), schema)
    assert before.entry(service, None, TODAY) and not after.entry(service, None, TODAY)
    need = NEED + "sexual-violence-support"

    def counted(known: Directory) -> int:
        return sum(
            c.number for c in ask(known, partnerships=EXAMPLE).counts["needs"] if c.id == need
        )

    assert (counted(before), counted(after)) == (1, 0)
    assert not listed(ask(after, partnerships=EXAMPLE, words="winterbeck"))


def test_historical_entries_never_have_a_contact(known: Directory) -> None:
    for match in listed(ask(known, partnerships=("dudley", "luton"))).values():
        entry: Entry = match.entry
        assert entry.freshness == "historical" and not entry.contacts and not entry.venues


# ---------------------------------------------------------------- programmes for those who abuse


def test_programmes_are_found_by_those_who_want_to_change_alone(known: Directory) -> None:
    found = ask(known, partnerships=EXAMPLE, asking="behaviour")
    assert set(listed(found)) == {"Stone by Stone"}
    told = listed(found)["Stone by Stone"].entry.partner_support
    assert "Partner contact service" in told
    assert known.entry(PARTNERS, None, TODAY) is None, "it is reached through a programme alone"
    assert "Respect Phoneline" in {line.name for line in found.helplines}


def test_a_programme_is_not_told_of_as_who_sends_people(
    public: PropertyGraph, schema: Schema
) -> None:
    service = "example/service/idva-service"
    route = next(e for e in public.edges if e.type == "REFERRAL" and e.end[1] == service)
    more = Edge("REFERRAL", ("Service", STONE), route.end, "example/referral/x", route.properties)
    known = directory(replace(public, edges=(*public.edges, more)), schema)
    entry = known.entry(service, None, TODAY)
    assert entry
    assert not any(
        "Stone" in w.who for w in known.how_to_get_there(entry, Wish(), None, TODAY).ways
    )


def test_nothing_to_choose_is_about_those_who_abuse(known: Directory) -> None:
    choices = known.choices(())
    assert not any("erpetrator" in c.name for c in choices.groups if "artner" not in c.name)
    assert NEED + "behaviour" not in {c.id for c in choices.needs}
    assert all(c.id.endswith("(victim)") for c in choices.risks)


# ---------------------------------------------------------------- helplines, ways in, words


def test_helplines_are_of_the_nation_and_nearest_to_the_group_first(known: Directory) -> None:
    lines = known.helplines(Wish(partnerships=("dudley",), groups=(MEN,)))
    assert lines[0].name == "Men's Advice Line"
    told = {line.name for line in lines}
    assert "Samaritans" in told
    assert not told & {"Live Fear Free", "Respect Phoneline"}


def test_a_partnerships_own_line_is_for_its_readers_alone(
    public: PropertyGraph, schema: Schema
) -> None:
    shared = next(n for n in public.nodes if n.label == "Helpline" and "samaritans" in n.id)
    own = replace(shared, id="example/helpline/x", properties={**shared.properties, "name": "Own"})
    known = directory(replace(public, nodes=(*public.nodes, own)), schema)

    def told(*slugs: str) -> bool:
        return "Own" in {line.name for line in known.helplines(Wish(partnerships=slugs))}

    assert told("example")
    assert not told() and not told("luton") and not told("example", "luton")


def test_the_ways_in_are_told_with_what_does_not_work_yet(known: Directory) -> None:
    hospital = known.entry("example/service/hospital-idva", None, TODAY)
    assert hospital
    way = known.how_to_get_there(hospital, Wish(), None, TODAY)
    assert way.self_referral == "no" and way.recorded
    assert way.ways[0].status == "This link is still being drafted."
    assert way.ways[0].condition == "From the day the post is filled."
    outreach = known.entry("example/service/county-outreach", None, TODAY)
    assert outreach
    first = known.how_to_get_there(outreach, Wish(), None, TODAY).ways[0]
    assert first.by_oneself and first.risk == "medium, standard"
    lye = known.entry("dudley/service/lye-project", None, TODAY)
    assert lye and not known.how_to_get_there(lye, Wish(), None, TODAY).recorded


@pytest.mark.parametrize("words", ["conselling", "COUNSELLING", "counsel", "cóunselling"])
def test_slips_case_accents_and_beginnings_find(known: Directory, words: str) -> None:
    assert "Kestrelgate counselling" in listed(ask(known, partnerships=EXAMPLE, words=words))


def test_half_of_the_words_is_a_fit_in_part(known: Directory) -> None:
    found = ask(known, partnerships=EXAMPLE, words="winterbeck unicorn")
    assert names(found.whole) == [] and "Not all of your words" in found.partly[0].reasons[-1]
    assert not listed(ask(known, partnerships=EXAMPLE, words="unicorn xylophone"))
    assert words_of("Somebody to talk to") == ["talk"]


@pytest.mark.parametrize(
    ("said", "service"),
    [
        ("someone to talk to", "County outreach"),
        ("somewhere to stay tonight", "Emergency flats"),
        ("kids", "The Winterbeck Centre"),
        ("dog", "Dispersed homes"),
        ("pet", "Dispersed homes"),
        ("polish", "Eastmarch helpline"),
    ],
)
def test_words_of_the_form_and_of_people_find(known: Directory, said: str, service: str) -> None:
    found = ask(known, partnerships=EXAMPLE, words=said)
    assert service in listed(found)
    assert "word" not in " ".join(listed(found)[service].reasons)


def test_a_word_is_whole_before_it_is_the_beginning_of_another(known: Directory) -> None:
    for said in ("men", "man", "Men's"):
        found = listed(ask(known, partnerships=("dudley",), words=said))
        assert "Self-contained satellite properties" in found
        assert not found.keys() & {
            "Primary Mental Health Workers",
            "Integrated Offender Management",
        }


def test_who_is_turned_away_does_not_find_it_by_their_name(known: Directory) -> None:
    assert "Kestrelgate Refuge" not in listed(ask(known, partnerships=EXAMPLE, words="men"))
    assert "Kestrelgate Refuge" in listed(ask(known, partnerships=EXAMPLE, words="refuge"))


def test_a_word_like_one_that_is_there_fits_in_part_alone() -> None:
    index = WordIndex({"a": Texts(("house",), ()), "b": Texts(("housing",), ("mouse",))})
    assert index.search(["house"]) == {"a": Hit(1, 1, 0), "b": Hit(1, 0, 1)}
    # Where nobody has the word itself, the one like it is what was meant.
    assert index.search(["house"], index.among({"b"})) == {"b": Hit(1, 0, 0)}
    assert index.search(["hou"]) == {}


def test_who_refers_is_an_entry_that_can_be_opened(known: Directory) -> None:
    flats = known.entry("example/service/emergency-flats", None, TODAY)
    assert flats
    origins = {w.who: w.origin for w in known.how_to_get_there(flats, Wish(), None, TODAY).ways}
    assert origins["Housing options"] == "example/service/housing-options"
    assert all(not one or known.entry(one, None, TODAY) for one in origins.values())


def test_a_group_is_told_of_once_with_all_its_conditions(known: Directory) -> None:
    entry = known.entry("luton/service/children-idva", None, TODAY)
    assert entry
    assert [(g.name, g.condition) for g in entry.groups] == [
        (
            "Children affected by domestic abuse",
            "Emotional and practical support: One-to-one support is for the children most in need",
        )
    ]


def test_a_short_word_has_no_slips_and_the_order_of_texts_makes_no_difference() -> None:
    texts = {
        "a": Texts(("cat",), ()),
        "b": Texts(("car",), ("refuge",)),
        "c": Texts((), ("house",)),
    }
    index, turned = WordIndex(texts), WordIndex(dict(reversed(texts.items())))
    assert set(index.search(["cat"])) == {"a"}
    assert set(index.search(["rafuge"])) == {"b"}
    assert set(index.search(["hxxse"])) == set()
    assert index.search(["house", "car"]) == turned.search(["house", "car"])


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("dy1", "DY1"), ("dy1 1aa", "DY1"), ("DY11AA", "DY1"), ("ec1a 1bb", "EC1A"),
        ("dy1 1", "DY1"), ("nonsense", ""), ("999", ""), ("DY", ""), ("", ""), ("D" * 500, ""),
    ],
)  # fmt: skip
def test_of_a_postcode_only_the_first_part_is_kept(typed: str, expected: str) -> None:
    assert parse_district(typed) == expected


# ---------------------------------------------------------------- laws


GROUPS = st.lists(
    st.sampled_from(
        ["men", "women", "children", "families", "asian-women", "lgbt", "nrpf", "older"]
    ),
    max_size=3,
    unique=True,
).map(lambda found: tuple(GROUP + one for one in found))
NEEDS = st.lists(
    st.sampled_from(["accommodation", "emotional", "advocacy", "therapy", "information"]),
    max_size=2,
    unique=True,
).map(lambda found: tuple(NEED + one for one in found))
WISHES = st.builds(
    Wish,
    partnerships=st.sampled_from([(), EXAMPLE, ("dudley",), ("luton",), ("slough", "southend")]),
    needs=NEEDS,
    groups=GROUPS,
    language=st.sampled_from(["", "", "ur", "pl"]),
    risk=st.sampled_from(["", "", "high (victim)"]),
    asking=st.sampled_from(["", "self", "other"]),
    words=st.sampled_from(["", "", "refuge", "stone programme", "perpetrators"]),
)


@given(WISHES)
def test_victims_never_see_a_programme_and_a_whole_fit_fits_each_part(
    known: Directory, wish: Wish
) -> None:
    found = known.search(wish, None, TODAY)
    for match in listed(found).values():
        assert "erpetrator programme" not in match.entry.name and match.entry.id != STONE
        assert not match.entry.partner_support
    for match in found.whole:
        assert not match.reasons
        parts = [replace(wish, needs=(n,), groups=()) for n in wish.needs]
        parts += [replace(wish, needs=(), groups=(g,)) for g in wish.groups]
        for part in parts:
            assert match.entry.id in {m.entry.id for m in known.search(part, None, TODAY).whole}


@given(WISHES.filter(lambda w: not w.words))
def test_a_count_is_what_choosing_it_would_list(known: Directory, wish: Wish) -> None:
    counts = known.search(wish, None, TODAY).counts
    for count in counts["needs"][::5]:
        found = known.search(replace(wish, needs=(count.id,)), None, TODAY)
        assert len(found.whole) + len(found.partly) + len(found.anybody) == count.number
    for count in counts["groups"][::9]:
        found = known.search(replace(wish, groups=(count.id,)), None, TODAY)
        assert len(found.whole) + len(found.partly) + len(found.anybody) == count.number


def test_the_order_of_a_release_makes_no_difference(
    public: PropertyGraph, schema: Schema, known: Directory
) -> None:
    turned = replace(public, nodes=public.nodes[::-1], edges=public.edges[::-1])
    other = directory(turned, schema)
    for wish in (Wish(), Wish(words="refuge"), Wish(partnerships=EXAMPLE, groups=(WOMEN,))):
        assert known.search(wish, None, TODAY) == other.search(wish, None, TODAY)
    assert known.choices(()) == other.choices(()) and known.places == other.places


def test_what_is_for_staff_makes_no_difference(
    release: Release, schema: Schema, known: Directory
) -> None:
    quads = list(read_quads(release))
    staff = next(q for q in quads if str(FP.visibility) == q.predicate.value)
    seen = ox.NamedNode(str(iri_of("example/service/winterbeck-centre")))
    secret = ox.NamedNode(str(iri_of("example/service/secret-winterbeck")))
    more = [
        ox.Quad(secret, q.predicate, q.object, q.graph_name) for q in quads if q.subject == seen
    ]
    more.append(ox.Quad(secret, staff.predicate, staff.object, staff.graph_name))
    for quad in quads:  # What refers to the one that anybody may see refers to the other too.
        if quad.object == seen and isinstance(quad.subject, ox.NamedNode):
            copied = ox.NamedNode(f"{quad.subject.value}-x")
            about = (q for q in quads if q.subject == quad.subject)
            more += [
                ox.Quad(copied, q.predicate, secret if q.object == seen else q.object, q.graph_name)
                for q in about
            ]
    graph = project(public_quads([*quads, *more], schema), schema, "with a secret")
    other = directory(graph, schema)
    for wish in (Wish(), Wish(words="winterbeck"), Wish(partnerships=EXAMPLE, groups=(WOMEN,))):
        assert known.search(wish, None, TODAY) == other.search(wish, None, TODAY)
    assert known.choices(()) == other.choices(()) and len(more) > 20
