"""What a board paper says, in both versions, over everything that ships."""

import datetime
import re
from collections.abc import Iterator

import pytest
from test_board_paper_dudley import texts, texts_of

from graph.for_publication import ForPublication
from graph.stores.protocol import Store
from queries.ask import ask, fact, find_question
from queries.asked import QuestionError
from queries.findings.wording import number
from visualise.matrix import Matrix
from visualise.paper import content_help
from visualise.paper.brief import brief
from visualise.paper.content import paper
from visualise.paper.content_findings import MOST
from visualise.paper.content_tables_open import _shown
from visualise.paper.model import Paper, Picture, Points, Section, Table, Version, notes_of
from visualise.paper.moneyless import Moneyless
from visualise.paper.words import figure, notes_of_records, period, sentences, table

SHIPPED = ("dudley", "example", "luton", "slough", "southend")
VERSIONS: tuple[Version, ...] = ("exempt", "open")
ON = datetime.date
Papers = dict[tuple[str, Version], Paper]


@pytest.fixture(scope="module")
def papers(store: Store, open_store: ForPublication) -> Papers:
    stores: dict[Version, Store] = {"exempt": store, "open": open_store}
    return {(s, v): paper(stores[v], s, version=v) for s in SHIPPED for v in VERSIONS}


def test_an_open_paper_is_written_from_nothing_but_what_may_be_published(store: Store) -> None:
    with pytest.raises(TypeError, match="for publication"):
        paper(store, "luton", version="open")


def opens(papers: Papers) -> Iterator[tuple[str, Paper]]:
    yield from ((slug, one) for (slug, version), one in papers.items() if version == "open")


def every(sections: tuple[Section, ...]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from every(section.sections)


def whole(one: Paper) -> list[str]:
    """Everything that a paper says: texts, headings, notes, and what its pictures hold."""
    told = [one.title, one.subtitle, one.marking, *one.notices]
    told += [value for fact_ in one.facts for value in fact_]
    told += list(texts(one))
    told += [str(note) for note in notes_of(one)]
    for section in every(one.sections):
        told += [section.heading, section.completeness]
        for block in section.blocks:
            if isinstance(block, Table):
                told += [block.caption, *block.headers]
            if isinstance(block, Picture):
                told += re.findall(r">([^<>]+)<", block.figure.svg)
    return told


def section_of(one: Paper, heading: str) -> Section:
    (found,) = [s for s in every(one.sections) if s.heading == heading]
    return found


# ---------------------------------------------------------------- how it is written


def test_no_paper_holds_an_identifier(papers: Papers) -> None:
    slugs = "|".join(("shared", *SHIPPED))
    for key, one in papers.items():
        for text in whole(one):
            assert not re.search(rf"\b({slugs})/[a-z-]+/", text), (key, text)
            assert "fingerpost.example" not in text, (key, text)


JARGON = (
    r"\bcells?\b|\bnodes?\b|\bedges?\b|\bgraphs?\b|cut set|SHACL|\bRDF\b|\bCypher\b|\bas_of\b|"
    r"\bquer(y|ies)\b|\bdataset\b|\bontology\b|\bschema\b|\bIRI\b|\bnull\b|\bNone\b(?!,)|\bTrue\b|"
    r"\bFalse\b|hard to reach|hard-to-reach|\bkill\b|\bscores?\b|imagined lost|unspecified"
)


def test_no_paper_speaks_jargon(papers: Papers, store: Store) -> None:
    for key, one in papers.items():
        recorded = recorded_texts(store, key[0]) + grounds(store, key[0])
        for text in whole(one):
            # A scheme may have such a word for its name: what is recorded is not ours.
            found = re.search(JARGON, without(text, recorded))
            assert not found, (key, found, text)


def recorded_texts(store: Store, slug: str) -> list[str]:
    """Names and descriptions as they are recorded, longest first."""
    facts = ("paper_services", "paper_things", "paper_actions", "map_gaps", "paper_progress")
    found = {
        text.rstrip(".")
        for name in facts
        for row in fact(store, name, [slug])
        for text in (row.get("name"), row.get("about"))
        if text
    }
    return sorted(found, key=lambda text: (-len(text), text))


def without(text: str, parts: list[str]) -> str:
    for part in parts:
        text = text.replace(part, "")
    return text


def test_no_paper_says_that_there_is_none_where_no_source_does(
    papers: Papers, store: Store
) -> None:
    for key, one in papers.items():
        recorded = recorded_texts(store, key[0])
        for text in whole(one):
            own = without(text, recorded + grounds(store, key[0]))
            own = own.replace("does not mean that there is none", "")
            assert not re.search(r"(?i)\bthere (is|are|was|were) (no|none|nothing)\b", own), (
                key,
                text,
            )
            assert not re.search(r"(?i)\b(nobody|no one) (helps|provides|pays)\b(?! *\.)", own), (
                text
            )


def grounds(store: Store, slug: str) -> list[str]:
    """What records say of contradictions: it speaks of the cells of a document's tables."""
    rows = ask(store, find_question("evidence.contested"), slugs=[slug]).rows
    return [row["ground"].rstrip(".") for row in rows]


def test_sentences_begin_large_end_well_and_read_well(papers: Papers) -> None:
    for key, one in papers.items():
        for section in every(one.sections):
            for block in section.blocks:
                texts_ = [p.text for p in block.points] if isinstance(block, Points) else []
                texts_ += [block.text] if hasattr(block, "text") else []
                for text in texts_:
                    assert text[-1] in ".:;" or text.endswith("; and"), (key, text)
                    assert "  " not in text, (key, text)
                    assert ".." not in text, (key, text)
                    assert not re.search(r"\b1 (are|services|awards|actions)\b", text), (key, text)
                    assert not re.search(r"\bone (are|services|awards|actions)\b", text), (
                        key,
                        text,
                    )
                    assert not re.search(r"\d{4}-\d\d-\d\d", text), (key, text)


def test_lists_in_the_body_are_short(papers: Papers) -> None:
    for key, one in papers.items():
        for section in every(tuple(s for s in one.sections if not s.appendix)):
            for block in section.blocks:
                if isinstance(block, Points):
                    is_about_paper = section.heading in ("Summary", "Limits of this paper")
                    most = 9 if is_about_paper else MOST
                    assert len(block.points) <= most, (key, section.heading)


def test_what_the_body_cuts_the_appendix_tells_whole(papers: Papers) -> None:
    one = papers["dudley", "exempt"]
    tables = [b for b in section_of(one, "Findings in full").blocks if isinstance(b, Table)]
    (overdue,) = [b for b in tables if "were due" in b.caption]
    (line,) = [t for t in texts_of_section(section_of(one, "For decision")) if "were due" in t]
    assert line.startswith(f"{overdue.caption}: ")
    titles = [title for (title,) in overdue.rows]
    assert len(set(titles)) == 25
    assert all(title in line for title in titles[:5])
    assert line.endswith(" and 20 more. “Findings in full” has all of them.")
    (alone,) = [b for b in tables if "carry the only help" in b.caption]
    body = [t for t in texts_of_section(section_of(one, "For decision")) if t.startswith("If ")]
    assert 0 < len(body) < len(alone.rows)
    assert {(text,) for text in body} <= set(alone.rows)


def texts_of_section(section: Section) -> list[str]:
    return list(texts_of(section))


def test_every_main_section_says_how_complete_the_record_is(papers: Papers) -> None:
    for key, one in papers.items():
        for heading in ("Who is helped with what", "Money over time", "Ways to help", "Findings"):
            assert section_of(one, heading).completeness, (key, heading)


def test_notes_name_documents_and_places(papers: Papers) -> None:
    notes = notes_of(papers["dudley", "exempt"])
    assert {n.document for n in notes} >= {"Domestic Abuse Service Improvement Review Update"}
    assert any("Appendix A, Funding, row 4" in n.places for n in notes)
    assert any(n.basis == "inferred" for n in notes)
    for one in papers.values():
        for note in notes_of(one):
            assert note.document, note


def test_the_summary_tells_at_most_nine_points_worst_first(papers: Papers) -> None:
    for key, one in papers.items():
        (points,) = [b for b in section_of(one, "Summary").blocks if isinstance(b, Points)]
        assert points.numbered
        assert 3 <= len(points.points) <= 9, key
        for point in points.points:
            assert len(re.findall(r"[.”](?= [A-Z“])", point.text)) <= 1, (key, point.text)
    (points,) = [
        b for b in section_of(papers["dudley", "exempt"], "Summary").blocks if isinstance(b, Points)
    ]
    first = points.points[0].text
    assert first.startswith("LGBT victims: recorded as without help, or not reached by it")
    assert "31 March 2013" in points.points[1].text


def test_the_paper_goes_to_the_board_on_record(papers: Papers) -> None:
    assert dict(papers["dudley", "exempt"].facts)["Report to"] == "safe and sound strategic board"
    assert dict(papers["dudley", "exempt"].facts)["How things stood on"] == "6 September 2012"


def test_sources_are_those_of_the_partnership_alone(papers: Papers) -> None:
    drawn = dict(papers["dudley", "exempt"].facts)["Drawn from"]
    assert drawn == "Domestic Abuse Service Improvement Review Update (6 September 2012)"


def test_historical_and_invented_partnerships_say_so(papers: Papers) -> None:
    for (slug, version), one in papers.items():
        word = "Invented." if slug == "example" else "Historical."
        assert any(notice.startswith(word) for notice in one.notices), (slug, version)
        assert "999" in one.notices[0]


def test_the_same_paper_twice(papers: Papers, store: Store, open_store: ForPublication) -> None:
    assert paper(store, "luton") == papers["luton", "exempt"]
    assert paper(open_store, "luton", version="open") == papers["luton", "open"]


def test_a_later_day_says_what_it_cannot_know(store: Store) -> None:
    later = paper(store, "dudley", ON(2013, 4, 1))
    assert any("1 April 2013" in n and "6 September 2012" in n for n in later.notices)
    told = " ".join(texts(later))
    assert "IDVA service: the last recorded money ended on 31 March 2013" in told


def test_what_is_imagined_lost_is_said_first(store: Store) -> None:
    one = paper(store, "luton", without=["luton/service/children-idva"])
    assert any("as if Children's IDVA service had ended" in notice for notice in one.notices)
    rows = next(b for b in section_of(one, "Services").blocks if isinstance(b, Table)).rows
    assert all(row[0] != "Children's IDVA service" for row in rows)


def test_an_unknown_partnership_is_refused(store: Store) -> None:
    with pytest.raises(QuestionError, match='no partnership "nowhere"'):
        paper(store, "nowhere")


def test_a_group_that_a_service_is_for_is_not_told_as_without_anything(papers: Papers) -> None:
    # Dudley, Appendix A: Summit House has a worker for HIV and LGBT; no need is named.
    told = texts_of_section(section_of(papers["dudley", "exempt"], "Who is helped with what"))
    (without_,) = [t for t in told if t.startswith("Named, with nothing recorded")]
    (served,) = [t for t in told if t.startswith("Named as people whom a service is for")]
    assert "LGBT people" not in without_
    assert "LGBT people, people with HIV" in served
    assert "Indian victims" in without_


def test_what_is_yet_to_open_is_not_told_as_open(papers: Papers) -> None:
    rows = next(
        b
        for b in section_of(papers["example", "exempt"], "Services").blocks
        if isinstance(b, Table)
    ).rows
    standing = {row[0]: row[4] for row in rows}
    assert standing["Complex needs house"] == "Planned; to open November 2026"
    assert "opened June 2022" in standing["Chashma House"]


def test_a_post_is_told_apart_from_the_service_called_like_it(papers: Papers) -> None:
    told = " ".join(texts(papers["example", "exempt"]))
    assert "Hospital IDVA (post): all the recorded money ends on 31 December 2026" in told


def test_nobody_is_sent_to_a_service_that_shuts_them_out(papers: Papers) -> None:
    rows = next(
        b for b in section_of(papers["example", "open"], "Services").blocks if isinstance(b, Table)
    ).rows
    whom = {row[0]: row[-1] for row in rows}
    assert "male victims" not in whom["Kestrelgate Refuge"]
    assert "male victims" in whom["Tarrow House"]
    assert whom["County interpreting contract"] == "people who need an interpreter"


# ---------------------------------------------------------------- what is exempt


def test_each_version_is_marked(papers: Papers) -> None:
    for (_, version), one in papers.items():
        assert one.version == version
        is_exempt = "Schedule 12A, Part 1, paragraph 3" in one.marking
        assert is_exempt == (version == "exempt")
        assert (one.marking == "For publication") == (version == "open")


def test_the_open_version_says_what_is_exempt_and_why(papers: Papers) -> None:
    for slug, one in opens(papers):
        told = " ".join(texts_of_section(section_of(one, "What is in the exempt version only")))
        assert "Local Government Act 1972, Schedule 12A, Part 1, paragraph 3" in told, slug


HELD_BACK = (
    "What would change if something ended",
    "Money",
    "Actions",
    "Gaps as the documents state them",
    "What has been done, as reported",
    "Findings in full",
)


def test_parts_that_are_exempt_are_in_the_exempt_version_alone(papers: Papers) -> None:
    for slug, one in opens(papers):
        headings = {s.heading for s in every(one.sections)}
        assert headings.isdisjoint(HELD_BACK), slug
    headings = {s.heading for s in every(papers["dudley", "exempt"].sections)}
    assert headings >= set(HELD_BACK)


def test_the_open_version_names_no_fund_and_no_sum(papers: Papers, store: Store) -> None:
    for slug, one in opens(papers):
        funds = {r["fund_name"] for r in fact(store, "paper_awards", [slug])}
        for text in whole(one):
            assert "£" not in text, (slug, text)
            for fund in funds:
                assert fund not in text, (slug, fund, text)


def test_the_open_version_names_services_in_its_lists_alone(papers: Papers, store: Store) -> None:
    for slug, one in opens(papers):
        services = {r["name"] for r in fact(store, "paper_services", [slug])}
        # A service called by the name of a need or a kind is not named by it.
        terms = {r["name"] for name in ("needs", "service_types") for r in fact(store, name)}
        for section in one.sections:
            if section.heading in ("Services", "Ways to services", "Figures"):
                continue
            told = texts_of_section(section)
            told += [
                text
                for block in section.blocks
                if isinstance(block, Picture)
                for text in re.findall(r">([^<>]+)<", block.figure.svg)
            ]
            for text in told:
                for name in services - terms:
                    assert name not in text, (slug, name, section.heading, text)


def test_the_open_version_holds_nothing_for_staff_alone(papers: Papers, store: Store) -> None:
    # The example has a post about to be left, and records marked for staff.
    rows = store.read(
        "MATCH (n:Post|Gap) WHERE n.visibility = 'staff' AND n.partnership = 'example' "
        "RETURN n.name AS name ORDER BY name",
        {},
    )
    told = " ".join(whole(papers["example", "open"]))
    assert len(rows) >= 2
    for row in rows:
        assert row["name"] not in told
    coordinator = "Outreach coordinator, Chashma"
    assert coordinator in [row["name"] for row in rows]
    assert coordinator in " ".join(whole(papers["example", "exempt"]))
    assert "Men refused at least once" not in told


def test_money_moves_nothing_in_the_open_matrix(store: Store, open_store: ForPublication) -> None:
    # Dudley: CRIG's money for the only advocacy service ends on 31 March 2013.
    stores: dict[Version, Store] = {"exempt": store, "open": open_store}

    def states(version: Version, day: datetime.date) -> dict[tuple[str, str], str]:
        found: Matrix = content_help.matrix(brief(stores[version], "dudley", day, version))
        return {key: cell.state for key, cell in found.cells.items()}

    before, after = ON(2013, 3, 31), ON(2013, 4, 1)
    assert states("open", before) == states("open", after)
    assert states("open", ON(2014, 9, 6)) == states("open", after)
    assert states("exempt", before) != states("exempt", after)
    assert "at risk" not in states("open", before).values()


def test_the_open_version_gives_no_number_of_what_loses_money(papers: Papers) -> None:
    # Eastmarch: one service's money has ended, that of six more ends within twelve months.
    for slug, one in opens(papers):
        for text in whole(one):
            said = re.search(r"(?i)(\w+) (?:services? and posts?|awards? of money)", text)
            count = {number(n) for n in range(1, 13)} | {str(n) for n in range(13, 99)}
            assert not said or said[1].lower() not in count, (slug, text)
    told = " ".join(whole(papers["example", "open"]))
    assert "last recorded money of some services and posts has ended" in told.lower()
    assert "last recorded money of a service" not in told


def test_counts_of_people_are_rounded_and_small_ones_hidden(papers: Papers) -> None:
    rows = next(
        b for b in section_of(papers["dudley", "open"], "Figures").blocks if isinstance(b, Table)
    ).rows
    told = {row[0]: row[-1] for row in rows}
    # Dudley, paragraph 8: 147 women and 235 children; paragraph 7: 2,223 enquiries.
    assert told["Women referred and not accommodated"] == "about 145 women"
    assert told["Enquiries to the Homelessness Prevention services"] == "about 2,225 enquiries"
    # Appendix A, Service Provision, row 1: EMDR is used with seven clients.
    assert "Clients with whom EMDR is used" not in told
    exempt = " ".join(whole(papers["dudley", "exempt"]))
    assert "Clients with whom EMDR is used: 7 clients" in exempt


def test_the_open_matrix_stands_the_same_when_all_money_of_the_example_has_ended(
    store: Store, open_store: ForPublication
) -> None:
    # Of its awards most end by 1 April 2028, with all that hangs on them.
    stores: dict[Version, Store] = {"exempt": store, "open": open_store}

    def found(version: Version, day: datetime.date) -> dict[tuple[str, str], str]:
        cells = content_help.matrix(brief(stores[version], "example", day, version)).cells
        return {key: cell.state for key, cell in cells.items()}

    today, later = ON(2026, 6, 30), ON(2028, 6, 1)
    assert found("open", today) == found("open", later)
    assert found("exempt", today) != found("exempt", later)


def test_a_store_without_money_knows_all_else(store: Store) -> None:
    made = Moneyless(store)
    assert fact(store, "awards", ["example"]) and not fact(made, "awards", ["example"])
    assert fact(made, "reaches", ["example"]) == fact(store, "reaches", ["example"])


def observed(observation: str, value: float, when: str) -> dict[str, object]:
    return {"observation": observation, "value": value, "period": when}


def test_a_small_count_takes_with_it_what_would_give_it_away() -> None:
    rows = [
        observed("all", 112.0, "2025/26"),
        observed("women", 105.0, "2025/26"),
        observed("men", 7.0, "2025/26"),
        observed("earlier", 58.0, "2024/25"),
    ]
    assert _shown(rows) == {"all": None, "women": None, "men": None, "earlier": 60}


def test_periods_in_other_words_overlap_all_the_same() -> None:
    rows = [
        observed("all", 116.0, "April 2025 to March 2026"),
        observed("women", 107.0, "1 April 2025 to 31 March 2026"),
        observed("men", 9.0, "2025/26"),
        observed("a year", 300.0, "2025"),
        observed("later", 58.0, "from May 2027"),
        observed("whenever", 61.0, ""),
    ]
    none = dict.fromkeys(("all", "women", "men", "a year"))
    assert _shown(rows) == {**none, "later": 60, "whenever": 60}


def test_places_of_safe_accommodation_are_in_no_version(papers: Papers) -> None:
    # Of the example's dispersed homes a record for staff says how many are in Carrowfen.
    for version in VERSIONS:
        for text in whole(papers["example", version]):
            assert not ("Carrowfen" in text and "omes" in text and "Dispersed" in text), text


# ---------------------------------------------------------------- words


def test_periods_are_as_precise_as_recorded() -> None:
    assert period(ON(2012, 4, 1), ON(2012, 4, 30)) == "April 2012"
    assert period(ON(2012, 4, 20), ON(2012, 4, 20)) == "20 April 2012"
    assert period(ON(2012, 4, 1), ON(2013, 3, 31)) == "1 April 2012 to 31 March 2013"
    assert period(ON(2012, 1, 1), ON(2012, 12, 31)) == "2012"
    assert period(None, None) == ""


def test_texts_become_sentences() -> None:
    assert sentences("Open to all", None, "Full.") == "Open to all. Full."
    assert [figure(n) for n in (2223.0, -3.3)] == ["2,223", "-3.3"]


def test_the_notes_of_several_records_are_one_a_document_and_say_the_weakest() -> None:
    rows = [
        {"source": "s", "place": ["row 10", "row 9"], "basis": "stated"},
        {"source": "s", "place": ["row 9"], "basis": "inferred"},
    ]
    (note,) = notes_of_records(rows, {"s": "Report"})
    assert (note.document, note.places, note.basis) == ("Report", ("row 9", "row 10"), "inferred")


def test_a_table_leaves_out_columns_that_say_nothing() -> None:
    made = table("Caption", ("A", "B", "C"), [(("a", "", "c"), ()), (("b", "", ""), ())])
    assert isinstance(made, Table)
    assert made.headers == ("A", "C")
    assert made.rows == (("a", "c"), ("b", "–"))
    empty = table("Caption", ("A",), [])
    assert not isinstance(empty, Table)
    assert empty.text == "Caption: nothing is recorded."
