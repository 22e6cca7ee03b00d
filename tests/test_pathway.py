"""Ways to help as data and as a picture, held against the documents."""

import datetime
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from graph.stores.protocol import Store
from queries.ask import fact
from visualise.figure import Figure
from visualise.pathway.boxes import arranged, steps_drawn
from visualise.pathway.layers import layers_of, placed_beside
from visualise.pathway.picture import left_out, pathway_figure
from visualise.pathway.steps import Step
from visualise.pathway.ways import Pathway, pathway_of

DAYS = {
    "dudley": datetime.date(2012, 9, 6),
    "luton": datetime.date(2014, 6, 24),
    "slough": datetime.date(2014, 2, 28),
    "southend": datetime.date(2010, 12, 31),
    "example": datetime.date(2026, 6, 30),
}


def read(store: Store, slug: str, group: str = "", need: str = "") -> Pathway:
    return pathway_of(store, slug, DAYS[slug], group, need)


def step(pathway: Pathway, start: str, end: str) -> Step:
    (found,) = [s for s in pathway.steps if (s.start_name, s.end_name) == (start, end)]
    return found


def texts(figure: Figure) -> list[str]:
    return [t.text for t in etree.fromstring(figure.svg).iter("{*}text") if t.text]


# ---------------------------------------------------------------- from the documents


def test_dudley_has_the_routes_that_its_report_names(store: Store) -> None:
    found = read(store, "dudley")
    # Paragraph 7: homeless households are sent on to three kinds of home.
    homeless = [s for s in found.steps if s.start_name == "Homelessness Prevention services"]
    assert [s.line for s in homeless] == ["firm"] * 3
    # Appendix A, Engagement, row 1: a way that is still to be arranged.
    drafted = step(found, "Asian women's centre", "DASH women's support groups")
    assert (drafted.line, drafted.status) == ("drafted", "being drafted")
    # Engagement, row 3: prompt referral must happen in very high and high risk cases.
    prompt = step(found, "Probation Trust", "Womens Safety Work")
    assert prompt.line == "to be reinforced"
    assert sorted(prompt.risks) == ["high (perpetrator)", "very high (perpetrator)"]
    # Service Provision, row 6: a link to custody cases is only asked for.
    assert step(found, "Perpetrators", "Voluntary programme for perpetrators").line == "drafted"
    assert len(found.steps) == 10
    assert "Nobody has a recorded working way into DASH women's support groups." in found.sayings


def test_nothing_works_that_no_source_says_works(store: Store) -> None:
    # Luton, Appendix 2, action 2c: a process that is to be reviewed; nothing is said of it.
    (found,) = read(store, "luton").steps
    assert (found.start_name, found.line) == ("Bedfordshire Police", "not stated")
    assert found.evidence[0]["locator"] == ["Appendix 2, action 2c"]
    for slug in DAYS:
        working = {
            row["route"]
            for row in fact(store, "steps", [slug])
            if row["status"] in ("working", "to be reinforced")
        }
        routes = [s for s in read(store, slug).steps if s.line in ("firm", "to be reinforced")]
        assert {s.route for s in routes} == working


def test_where_no_route_is_named_it_is_said_in_words(store: Store) -> None:
    found = read(store, "southend")
    assert (found.steps, found.stops) == ((), ())
    assert found.sayings[0] == "No source names a route by which anybody is sent to anybody."
    assert pathway_figure(found).words == "No steps from left to right."


def test_help_without_a_way_in_is_drawn_and_said(store: Store) -> None:
    # Dudley, paragraph 9 tells of the new refuge; nobody says how a woman comes to it.
    found = read(store, "dudley", "women", "accommodation")
    (only,) = found.steps
    assert (only.end_name, only.line, only.status) == (
        "New refuge", "not stated", "no way in is recorded"
    )  # fmt: skip
    assert found.sayings[0] == "No way in is recorded to New refuge."
    assert "1. ? no way in recorded" in texts(pathway_figure(found))
    assert [s.is_help for s in found.stops] == [False, True]


def test_no_help_on_record_is_said(store: Store) -> None:
    found = read(store, "southend", "men", "settled-home")
    assert found.sayings[0] == (
        "No help is on record that a way could lead to: Male victims, A settled home."
    )


# ---------------------------------------------------------------- a choice


def test_the_ways_of_a_group_begin_with_people_and_end_with_help(store: Store) -> None:
    found = read(store, "example", "women", "accommodation")
    assert (found.group_name, found.need_name) == ("Women who are victims", "Safe accommodation")
    helps = {s.name for s in found.stops if s.is_help}
    # Table 1 and table 3, rows 10, 11, 23, 25 and 27.
    assert {"Kestrelgate Refuge", "Emergency flats", "Second stage flats"} <= helps
    own = step(found, "Women who are victims", "Kestrelgate Refuge")
    assert own.is_own and own.condition == "A place is free and safe for her"
    onward = step(found, "Kestrelgate Refuge", "Second stage flats")
    assert onward.condition == "Ready to live with lighter support"
    # Row 14: by night to Victim Care; row 18: with the checklist, to be reinforced.
    assert step(found, "Eastmarch Children's Services", "IDVA service").line == "to be reinforced"
    # Men and Asian women have ways of their own, which are not hers.
    assert "Male victims" not in {s.start_name for s in found.steps}
    assert "Chashma House" not in {s.name for s in found.stops}


def test_what_is_missing_for_a_group_is_drawn_as_missing(store: Store) -> None:
    # Table 3, row 29: from the Winterbeck Centre to counselling there is no route.
    found = read(store, "example", "sexual-violence", "therapy")
    missing = step(found, "The Winterbeck Centre", "Kestrelgate counselling")
    assert missing.line == "missing"
    figure = pathway_figure(found)
    number = missing.number
    assert f"{number}. ✕ missing" in texts(figure)
    dashed = [
        p for p in etree.fromstring(figure.svg).iter("{*}path") if p.get("stroke") == "#9c2b00"
    ]
    assert {p.get("stroke-dasharray") for p in dashed} == {"7,5"}


def test_a_route_for_others_is_no_way(store: Store) -> None:
    # Dudley, paragraph 7 is of homeless households.
    homeless = read(store, "dudley", "homeless", "settled-home")
    assert "Homelessness Prevention services" in {s.start_name for s in homeless.steps}
    women = read(store, "dudley", "women", "settled-home")
    assert "Homelessness Prevention services" not in {s.start_name for s in women.steps}


def test_steps_are_numbered_from_left_to_right(store: Store) -> None:
    found = read(store, "example", "women", "accommodation")
    layers = {s.id: s.layer for s in found.stops}
    assert [s.number for s in found.steps] == list(range(1, len(found.steps) + 1))
    starts = [layers[s.start] for s in found.steps]
    assert starts == sorted(starts)
    assert all(s.leads_back or layers[s.start] < layers[s.end] for s in found.steps)


def test_a_step_that_leads_back_is_told_so(store: Store) -> None:
    found = read(store, "example")
    # Table 3, row 22: the conference finds an advocate, and the advocate brings cases to it.
    back = step(found, "Eastmarch MARAC", "IDVA service")
    assert back.leads_back
    assert not step(found, "IDVA service", "Eastmarch MARAC").leads_back
    assert "back to IDVA service" in texts(pathway_figure(found))


# ---------------------------------------------------------------- the picture


def test_what_the_picture_leaves_out_is_said(store: Store) -> None:
    found = read(store, "example")
    own = sum(s.is_own for s in found.steps)
    told = "The table has, and the picture has not: "
    assert left_out(found) == f"{told}{own} ways in that people take by themselves."
    few = steps_drawn(found, 12)
    assert len(few) == 12
    # What does not work comes before what does.
    assert sum(s.line == "missing" for s in few) == 1
    assert "38 steps that would not fit" in left_out(found, 12)
    assert left_out(read(store, "dudley")) == ""


@pytest.mark.parametrize(("slug", "group"), [("example", ""), ("example", "women"), ("dudley", "")])
def test_no_box_stands_on_another(store: Store, slug: str, group: str) -> None:
    boxes, arrows = arranged(read(store, slug, group), 60)
    for a, b in itertools.combinations(boxes.values(), 2):
        if a.layer == b.layer:
            assert abs(a.y - b.y) >= (a.height + b.height) / 2, (a, b)
    for box in boxes.values():
        ends = [(a.end - len(a.label) * 13, a.end) for a in box.taken]
        assert all(one[1] <= two[0] for one, two in itertools.pairwise(ends))
        assert all(box.y - box.height / 2 <= a.end <= box.bottom for a in box.taken)
    assert len(arrows) == len(steps_drawn(read(store, slug, group)))


def test_the_same_ways_are_the_same_bytes(store: Store) -> None:
    one, two = (pathway_figure(read(store, "example", "men")) for _ in range(2))
    assert one.svg == two.svg


# ---------------------------------------------------------------- layers


def test_layers_go_right_and_circles_are_broken_where_they_close() -> None:
    layers, back = layers_of("abcd", [("a", "b"), ("b", "c"), ("a", "c"), ("c", "a"), ("d", "c")])
    assert layers == {"a": 0, "b": 1, "c": 2, "d": 1}
    assert back == {("c", "a")}


EDGES = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=14)


@given(EDGES)
def test_every_step_leads_right_or_back(edges: list[tuple[str, str]]) -> None:
    layers, back = layers_of("abcdef", edges)
    assert set(layers) == set("abcdef")
    assert all(edge in back or layers[edge[0]] < layers[edge[1]] for edge in edges)


@given(EDGES, st.lists(st.integers(10, 90), min_size=6, max_size=6))
def test_nothing_in_a_column_meets(edges: list[tuple[str, str]], heights: list[int]) -> None:
    tall = dict(zip("abcdef", map(float, heights), strict=True))
    columns = ["abc", "def"]
    middles = placed_beside(columns, edges, tall)
    for column in columns:
        for a, b in itertools.combinations(column, 2):
            assert abs(middles[a] - middles[b]) >= (tall[a] + tall[b]) / 2 - 1e-6
