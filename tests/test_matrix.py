"""The coverage matrix as data and as a picture, held against the documents and a small one."""

import datetime
from typing import Any

import pytest
from lxml import etree

from graph.stores.protocol import Store
from queries.ask import ask, find_question
from queries.cells import WORST_FIRST
from queries.covering import ELSEWHERE, NOWHERE
from visualise.comparing import by_group, by_need, common
from visualise.matrix import MEANINGS, WORDS, Matrix, Term, matrix_figure, matrix_of, sign_of_state

HOSTILE = "</text><script>alert(1)</script>"


def read(store: Store, slug: str, as_of: str = "", area: str = "") -> Matrix:
    day = datetime.date.fromisoformat(as_of) if as_of else None
    return matrix_of(
        ask(store, find_question("coverage.matrix"), slugs=[slug], as_of=day).rows, area
    )


def state(matrix: Matrix, group: str, need: str) -> str:
    return matrix.cells[f"shared/client-group/{group}", f"shared/need/{need}"].state


def names(terms: Any) -> list[str]:
    return [t.id.rpartition("/")[2] for t in terms]


def row(group: str, need: str, state: str, reason: str | None = None, area: str = "a") -> Any:
    return {
        "partnership": "testham",
        "as_of": datetime.date(2020, 1, 1),
        "group": group,
        "group_name": f"Group {group}",
        "need": need,
        "need_name": f"Need {need}",
        "area": area,
        "area_name": f"Area {area}",
        "state": state,
        "reason": reason,
        "services": [],
        "might_serve": [],
        "complete": None,
        "evidence": [],
    }


def small() -> Matrix:
    """Groups g to k and needs x to z, of which h, i and z have something on record."""
    return matrix_of(
        [
            row("g", "x", "not recorded", ELSEWHERE),
            row("g", "y", "not recorded", ELSEWHERE),
            row("h", "x", "covered"),
            row("h", "y", "stated uncovered", "a source says so"),
            row("i", "x", "partial", "full"),
            row("i", "y", "partial", "full"),
            row("j", "x", "not recorded", NOWHERE),
            row("j", "y", "not recorded", NOWHERE),
            row("k", "x", "not recorded", "a plan names it"),
            row("k", "z", "not recorded", ELSEWHERE),
            row("h", "x", "insufficient", area="part"),
        ]
    )


# ---------------------------------------------------------------- from the documents


def test_dudley_stands_as_its_report_says(store: Store) -> None:
    found = read(store, "dudley")
    # Appendix A, Accommodation, row 1: short for these; men can be housed in the satellites.
    for group in ("families-older-boys", "families-disabled", "bme-families"):
        assert state(found, group, "accommodation") == "insufficient", group
    assert state(found, "men", "accommodation") == "partial"
    # Appendix A, Accommodation, row 2: running from March, and in July still a proposal.
    assert state(found, "victims", "settled-home") == "contested"
    # Appendix A, Funding, row 4: money for advisers for 2012/13 only.
    assert state(found, "victims", "advocacy") == "at risk"
    # Paragraph 20: none in the borough, access to Walsall's agreed.
    assert state(found, "perpetrators", "behaviour") == "partial"


def test_the_matrix_is_that_of_the_day(store: Store) -> None:
    # Luton, paragraph 6: the children's advisers are not paid for beyond March 2015.
    assert state(read(store, "luton"), "children", "advocacy") == "at risk"
    later = read(store, "luton", "2015-04-01")
    assert state(later, "children", "advocacy") == "not recorded"
    assert later.day == datetime.date(2015, 4, 1)


def test_what_nothing_is_recorded_of_is_folded_away_and_kept(store: Store) -> None:
    found = read(store, "dudley")
    # Appendix A, Engagement, row 1 names LGBT victims with no need; deaf people nowhere.
    assert "lgbt" in names(found.silent)
    assert "deaf" in names(found.unnamed)
    assert "victims" in names(found.groups)
    told = {*found.groups, *found.silent, *found.unnamed}
    assert len(told) == len(found.groups) + len(found.silent) + len(found.unnamed)
    assert {c.group for c in found.cells.values()} == told
    assert {c.need for c in found.cells.values()} == {*found.needs, *found.silent_needs}


def test_a_part_of_the_area_has_a_matrix_of_its_own(store: Store) -> None:
    whole, part = read(store, "example"), read(store, "example", area="example/area/ostwold")
    assert whole.area.id == "example/area/eastmarch"
    assert part.area.name == "Ostwold"
    assert len(part.cells) < len(whole.cells)
    assert part.areas == whole.areas
    with pytest.raises(ValueError, match="no row"):
        read(store, "example", area="dudley/area/dudley")


# ---------------------------------------------------------------- folding and order


def test_rows_fold_by_what_is_said_of_them() -> None:
    found = small()
    # A source says that there is none: worst. What is only planned: before what is there in part.
    assert names(found.groups) == ["h", "k", "i"]
    assert names(found.silent) == ["g"]
    assert names(found.unnamed) == ["j"]
    assert names(found.needs) == ["y", "x"]
    assert names(found.silent_needs) == ["z"]
    assert found.area == Term("a", "Area a")


def test_rows_and_columns_are_put_in_order_by_one_of_the_others() -> None:
    found = small()
    x, y = (next(n for n in found.needs if n.id == one) for one in "xy")
    assert names(by_need(found, found.groups, x)) == ["k", "i", "h"]
    assert names(by_need(found, found.groups, y)) == ["h", "i", "k"]  # Not asked about: last.
    h = found.groups[0]
    assert names(by_group(found, found.needs, h)) == ["y", "x"]


def test_what_no_record_speaks_of_stands_after_all_that_one_does() -> None:
    found = matrix_of([row("g", "x", "not recorded", ELSEWHERE), row("h", "x", "covered")])
    assert names(by_need(found, [*found.silent, *found.groups], found.needs[0])) == ["h", "g"]


def test_counts_are_of_every_cell() -> None:
    counts = small().counts()
    assert list(counts) == list(WORST_FIRST)
    assert counts["not recorded"] == 6
    assert counts["stated uncovered"] == 1
    assert counts["partial"] == 2
    assert sum(counts.values()) == 10


# ---------------------------------------------------------------- words, signs and the picture


def test_every_state_has_words_a_meaning_and_a_sign_of_its_own() -> None:
    assert set(WORDS) == set(MEANINGS) == set(WORST_FIRST)
    signs = [sign_of_state(s).sign for s in WORST_FIRST]
    assert len(set(signs)) == len(signs)
    assert WORDS["covered"] == "provided (on record)"
    assert "does not mean that there is none" in MEANINGS["not recorded"]


def test_the_picture_has_a_sign_in_every_cell() -> None:
    found = small()
    root = etree.fromstring(matrix_figure(found, "Who is helped").svg)
    texts = [t.text for t in root.iter("{*}text")]
    signs = {"✕": 1, "±": 2, "+": 1, "–": 1}
    # Beside the cells, each sign stands once in the legend, with its word.
    assert {sign: texts.count(sign) for sign in signs} == signs
    assert "· not recorded" not in texts and "+ provided (on record)" in texts
    assert root.get("aria-label").startswith(
        "Who is helped. 5 pairs of a client group and a need: 1 none"
    )


def test_a_small_picture_has_no_legend_and_the_groups_asked_for() -> None:
    found = small()
    figure = matrix_figure(found, "Small", groups=found.silent, needs=found.needs, small=True)
    texts = [t.text for t in etree.fromstring(figure.svg).iter("{*}text")]
    assert texts.count("·") == 2
    assert "Group g" in texts and "Group h" not in texts
    assert not any("provided" in t for t in texts)


def test_hostile_names_stay_text() -> None:
    found = matrix_of([row(HOSTILE, "x", "covered")])
    root = etree.fromstring(matrix_figure(found, HOSTILE).svg)
    assert not [e for e in root.iter() if e.tag.endswith("script")]


def test_matrices_are_compared_by_what_most_of_them_speak_of() -> None:
    one = matrix_of([row("g", "x", "covered"), row("h", "x", "partial", "full")])
    two = matrix_of([row("h", "x", "covered"), row("i", "y", "stated uncovered")])
    found = common([one, two], most_groups=2, most_needs=1)
    assert names(found.groups) == ["h", "i"]
    assert names(found.needs) == ["x"]
    assert (found.groups_left_out, found.needs_left_out) == (1, 1)
