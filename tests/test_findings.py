"""What stands out: sentences hedged as the record is, worst first, with nothing of identifiers."""

import datetime
import re

import pytest

from graph.stores.protocol import Store
from queries.ask import fact, find_question
from queries.asked import QuestionError
from queries.findings.headlines import SEVERITIES, Finding, findings, headlines
from queries.findings.kinds import KINDS
from queries.findings.wording import counted, dated, day, listed, number, pounds, small

SHIPPED = ("dudley", "example", "luton", "slough", "southend")
ON = datetime.date


@pytest.fixture(scope="module")
def found(store: Store) -> dict[str, tuple[Finding, ...]]:
    return {slug: findings(store, slug) for slug in SHIPPED}


def of_kind(found: tuple[Finding, ...], kind: str) -> list[Finding]:
    return [one for one in found if one.kind == kind]


def test_money_that_ends_is_told_with_its_day_and_who_pays(
    found: dict[str, tuple[Finding, ...]],
) -> None:
    # Dudley, Appendix A, Funding, row 4: CRIG agreed money for 2012/13.
    (idva,) = [f for f in of_kind(found["dudley"], "money ends soon") if "IDVA" in f.sentence]
    assert "31 March 2013" in idva.sentence
    assert "CRIG" in idva.sentence
    assert "no renewal is recorded, as known on 6 September 2012" in idva.sentence
    assert idva.on_day == ON(2013, 3, 31)
    assert idva.severity == "serious"
    assert any("Appendix A, Funding, row 4" in one["locator"] for one in idva.evidence)


def test_money_that_ended_never_says_that_a_service_closed(store: Store) -> None:
    later = findings(store, "dudley", ON(2013, 4, 1))
    (idva,) = [f for f in of_kind(later, "money ended") if f.subject == "dudley/service/idva"]
    assert "the last recorded money ended on 31 March 2013" in idva.sentence
    assert "Whether it goes on is not recorded." in idva.sentence
    assert not re.search(r"clos(ed|ure)", idva.sentence)
    assert not of_kind(later, "money ends soon")


def test_a_group_that_a_source_says_is_not_reached_stands_first(
    found: dict[str, tuple[Finding, ...]],
) -> None:
    # Dudley, Appendix A, Engagement, row 1: data show that LGBT victims are not reached.
    first = found["dudley"][0]
    assert first.kind == "stated without help"
    assert first.sentence.startswith("LGBT victims: recorded as without help, or not reached by it")
    # Of Indian victims it only says that contact is wanted.
    silent = [f.name for f in of_kind(found["dudley"], "named without help")]
    assert any(name.startswith("Indian victims") for name in silent)


def test_groups_that_share_a_shortage_are_one_finding(
    found: dict[str, tuple[Finding, ...]],
) -> None:
    # Dudley, Appendix A, Accommodation, row 1: short above all for five groups.
    short = [f for f in of_kind(found["dudley"], "not enough help") if "safe acc" in f.sentence]
    assert len(short) == 1
    for whom in ("families with older boys", "families with disabilities", "DDA compliant"):
        assert whom in short[0].sentence


def test_what_is_imagined_lost_is_not_told_of(store: Store) -> None:
    without = findings(store, "dudley", without=["dudley/service/idva"])
    assert not [f for f in of_kind(without, "money ends soon") if "IDVA" in f.sentence]


def test_findings_stand_worst_first(found: dict[str, tuple[Finding, ...]]) -> None:
    for one in found.values():
        ranks = [SEVERITIES.index(f.severity) for f in one]
        assert ranks == sorted(ranks)
    assert {f.severity for f in found["dudley"]} == set(SEVERITIES)


def test_no_sentence_holds_an_identifier_or_a_day_in_figures(
    found: dict[str, tuple[Finding, ...]],
) -> None:
    for one in (f for told in found.values() for f in told):
        for sentence in filter(None, (one.sentence, one.open_sentence)):
            assert not re.search(r"\b(shared|dudley|example|luton|slough|southend)/", sentence)
            assert not re.search(r"\d{4}-\d\d-\d\d", sentence), sentence
            assert sentence.endswith("."), sentence
            assert "  " not in sentence, sentence
            assert "None" not in sentence, sentence
            assert "unspecified" not in sentence, sentence
        assert one.evidence, one


def test_an_open_sentence_names_no_service_provider_fund_or_post(
    found: dict[str, tuple[Finding, ...]], store: Store
) -> None:
    names = {row["thing"]: row["name"] for row in fact(store, "things")}
    for slug, told in found.items():
        mine = [name for thing, name in names.items() if thing.startswith(f"{slug}/")]
        for one in told:
            for name in mine:
                assert name not in (one.open_sentence or ""), (name, one)


def test_posts_about_to_be_left_are_never_told_openly(
    found: dict[str, tuple[Finding, ...]],
) -> None:
    posts = of_kind(found["example"], "post not filled")
    assert any("about to be left" in f.sentence for f in posts)
    assert {f.open_sentence for f in posts} == {None}


def test_a_headline_counts_its_findings_and_names_a_few(
    found: dict[str, tuple[Finding, ...]],
) -> None:
    told = found["example"]
    for line in headlines(told, most=len(told)):
        assert line.count == len(of_kind(told, line.kind))
        find_question(line.question)
    (line,) = [x for x in headlines(told, 99) if x.kind == "money ends soon"]
    assert line.sentence.startswith("All the recorded money of six services and posts ends")
    assert line.sentence.endswith("and three others.")


def test_headlines_are_as_many_as_asked_for_and_worst_first(
    found: dict[str, tuple[Finding, ...]],
) -> None:
    lines = headlines(found["dudley"])
    assert len(lines) == 5
    assert lines[0].kind == "stated without help"
    assert {line.severity for line in lines} == {"serious"}
    assert headlines([]) == ()


def test_an_open_headline_names_nothing(found: dict[str, tuple[Finding, ...]]) -> None:
    for told in found.values():
        for line in headlines(told, 99, is_open=True):
            assert ":" not in line.sentence, line
            assert line.kind != "post not filled"


def test_kinds_are_told_apart_and_ask_questions_that_are_there() -> None:
    names = [kind.name for kind in KINDS]
    assert len(set(names)) == len(names)
    for kind in KINDS:
        question = find_question(kind.question)
        column, values = kind.only
        assert not column or (column in question.returns and values)
        assert not kind.subject or kind.subject in question.returns
        assert not kind.on_day or kind.on_day in question.returns
        assert "{n}" in kind.several


def test_an_unknown_partnership_is_refused(store: Store) -> None:
    with pytest.raises(QuestionError, match='no partnership "dudly"'):
        findings(store, "dudly")


def test_wording() -> None:
    assert day(ON(2013, 4, 1)) == "1 April 2013"
    assert dated("until 2013-03-31; later") == "until 31 March 2013; later"
    assert [number(n) for n in (1, 9, 10, 1000)] == ["one", "nine", "10", "1,000"]
    assert counted(1, "body", "bodies") == "one body"
    assert counted(2, "body", "bodies") == "two bodies"
    assert small("Women who are victims") == "women who are victims"
    assert [small(n) for n in ("IDVA service", "Asian women", "CRIG")] == [
        "IDVA service",
        "Asian women",
        "CRIG",
    ]
    # One more than is to be named is named too: "and one others" is no English.
    assert listed("abc", 2) == "a, b and c"
    assert listed("abcd", 2) == "a, b and two others"
    assert pounds(44000.0) == "£44,000"
