"""Money over time as data and as a picture, held against the documents."""

import datetime
from dataclasses import replace

import pytest
from lxml import etree

from graph.stores.protocol import Store
from visualise.figure import Figure
from visualise.timeline import Bar, Timeline, timeline_of
from visualise.timeline_picture import ordered, timeline_figure

DUDLEY = datetime.date(2012, 9, 6)
EXAMPLE = datetime.date(2026, 6, 30)


def texts(figure: Figure) -> list[str]:
    return [t.text for t in etree.fromstring(figure.svg).iter("{*}text") if t.text]


@pytest.fixture(scope="module")
def dudley(store: Store) -> Timeline:
    return timeline_of(store, "dudley", DUDLEY)


@pytest.fixture(scope="module")
def example(store: Store) -> Timeline:
    return timeline_of(store, "example", EXAMPLE)


def bar(timeline: Timeline, award: str) -> Bar:
    (found,) = [b for b in timeline.bars if b.award.endswith(f"/award/{award}")]
    return found


# ---------------------------------------------------------------- from the documents


def test_money_with_a_period_has_its_days(dudley: Timeline) -> None:
    # Appendix A, Funding, row 4: agreed for 2012/13.
    found = bar(dudley, "crig-idva-2012")
    assert (found.first, found.last) == (datetime.date(2012, 4, 1), datetime.date(2013, 3, 31))
    assert (found.name, found.funder) == ("IDVA service", "CRIG")
    assert found.words == "ends within 12 months"
    assert found.amount == "amount not recorded"
    # Appendix A, Service Provision, row 5.
    assert bar(dudley, "barnardos-extra").amount == "£30,000"


def test_money_without_dates_is_told_and_drawn_as_such(dudley: Timeline) -> None:
    # Paragraph 17: money for a co-ordinator, and no period. Funding, row 3: asked how great the
    # risk is. Paragraph 18: contributions that are planned.
    coordinator = bar(dudley, "marac-coordinator-award")
    assert (coordinator.first, coordinator.last) == (None, None)
    assert coordinator.words == "secured, no end recorded"
    assert coordinator.dates == "no dates recorded (as known on 6 September 2012)"
    assert bar(dudley, "dart-post-award").words == "said to be at risk"
    assert bar(dudley, "sarc-award").words == "proposed, not secured"
    # Ten of Dudley's awards to services and posts have no date at all.
    assert texts(timeline_figure(dudley)).count("?") == 10


def test_what_is_known_of_undated_money_grows_old(store: Store) -> None:
    later = timeline_of(store, "dudley", datetime.date(2013, 6, 1))
    assert bar(later, "marac-coordinator-award").words == "secured as last known"
    assert bar(later, "crig-idva-2012").words == "ended"


def test_a_day_of_change_has_the_money_and_what_it_uncovers(dudley: Timeline) -> None:
    (change,) = dudley.changes
    assert (change.number, change.day) == (1, datetime.date(2013, 4, 1))
    assert [r["name"] for r in change.money] == ["Barnardos service provision", "IDVA service"]
    assert [(r["group_name"], r["need_name"], r["after"]) for r in change.cells] == [
        ("Victims of domestic abuse", "Advocacy and safety planning", "not recorded")
    ]
    assert dudley.until == datetime.date(2014, 9, 6)


def test_months_are_looked_ahead_as_far_as_asked(store: Store) -> None:
    assert timeline_of(store, "dudley", DUDLEY, 6).changes == ()
    assert len(timeline_of(store, "dudley", DUDLEY, 7).changes) == 1


def test_ended_money_never_says_that_a_service_closed(store: Store) -> None:
    later = timeline_of(store, "luton", datetime.date(2015, 4, 1))
    (row,) = later.lapsed
    # Paragraph 6.
    assert row["name"] == "Children's IDVA service"
    assert row["state"] == "money ended; no renewal recorded (as known on 2014-06-24)"
    assert "clos" not in " ".join(texts(timeline_figure(later)))


def test_money_that_is_only_sought_is_not_there(store: Store) -> None:
    # Row 2 wants future money for the manager; row 11 has money for the Sanctuary scheme.
    found = timeline_of(store, "slough", datetime.date(2014, 2, 28))
    assert bar(found, "award-manager").words == "sought, not secured"
    assert bar(found, "award-manager").certainty == "wanted"
    assert bar(found, "award-sanctuary").certainty == "there"


def test_where_no_money_is_recorded_there_is_no_bar(store: Store) -> None:
    found = timeline_of(store, "southend", datetime.date(2010, 12, 31))
    assert found.bars == ()
    assert "Multi-Agency Risk Assessment Conferences" in [r["name"] for r in found.silent]
    assert timeline_figure(found).words.startswith("No awards on 31 December 2010.")


# ---------------------------------------------------------------- days to decide, order, states


def test_days_to_decide_to_extend_and_notice_are_told(example: Timeline) -> None:
    # Table 2, row 1.
    refuge = bar(example, "aw-refuge")
    assert refuge.decide_by == datetime.date(2027, 9, 30)
    assert refuge.extension == datetime.date(2030, 3, 31)
    assert refuge.notice == "Six months, either side"
    found = texts(timeline_figure(example))
    # Rows with a day to decide by, and with one to be extended to, that the picture reaches.
    assert found.count("D") == sum(b.decide_by is not None for b in example.bars)
    assert found.count("E") == sum(
        b.extension is not None and b.extension < datetime.date(2031, 9, 1) for b in example.bars
    )


def test_states_of_money(example: Timeline) -> None:
    states = {b.award.rpartition("/")[2]: b.state for b in example.bars}
    assert states["aw-recovery"] == "money ended"  # Row 16: April 2025 to March 2026, ended.
    assert states["aw-hospital-idva"] == "money at risk"  # Row 12.
    assert states["aw-complex"] == "begins later"  # Row 8: from July 2026.
    assert states["aw-emergency"] == "undated"  # Row 7.
    assert states["aw-deposit"] == "money ends soon"  # Row 10: 2026/27.
    assert states["aw-winterbeck"] == "funded"  # Row 19: to March 2029.


def test_what_ends_soonest_stands_first_and_awards_of_one_service_together(
    dudley: Timeline, example: Timeline
) -> None:
    names = [b.name for b in dudley.bars]
    assert names[:3] == [
        "Barnardos service provision",
        "Barnardos service provision",
        "IDVA service",
    ]
    doors = [n for n, b in enumerate(example.bars) if b.name == "Own Front Door"]
    assert doors == [doors[0], doors[0] + 1]
    funders = [b.funder for b in ordered(example, "fund")]
    assert funders == sorted(funders)
    assert sorted(b.award for b in ordered(example, "fund")) == sorted(
        b.award for b in example.bars
    )


# ---------------------------------------------------------------- the picture


def test_the_picture_tells_each_bar_in_words(dudley: Timeline) -> None:
    found = texts(timeline_figure(dudley))
    assert found.count("! ends within 12 months") == 3
    assert found.count("! said to be at risk") == 3
    assert found.count("… proposed, not secured") == 2
    assert "to 31 March 2013, £30,000" in found
    assert "6 September 2012" in found
    assert "1" in found


def test_money_without_an_end_has_no_bar_that_ends(dudley: Timeline) -> None:
    one = replace(dudley, bars=(bar(dudley, "dash-award"),), changes=())
    root = etree.fromstring(timeline_figure(one).svg)
    bars = [p for p in root.iter("{*}path") if p.get("stroke") == "#17456b" and p.get("fill")]
    assert [b for b in bars if b.get("fill") not in ("none", "transparent")] == []
    lines = [e for e in root.iter("{*}line") if e.get("stroke-dasharray") == "5,4"]
    level = [e for e in lines if e.get("y2") in (None, "0")]
    upright = [e for e in lines if e.get("x2") in (None, "0")]
    # Open to the right: a line above, one below, and one where it is known from.
    assert (len(level), len(upright)) == (2, 1)


def test_without_names_nothing_is_named(dudley: Timeline) -> None:
    figure = timeline_figure(dudley, named=False)
    told = " ".join([*texts(figure), figure.words])
    for one in dudley.bars:
        for name in (one.name, one.fund, one.funder):
            assert name not in told, name
    assert "Barnardos" not in told


def test_the_same_money_is_the_same_bytes(store: Store, example: Timeline) -> None:
    again = timeline_of(store, "example", EXAMPLE)
    assert again == example
    assert timeline_figure(again, "fund").svg == timeline_figure(example, "fund").svg
