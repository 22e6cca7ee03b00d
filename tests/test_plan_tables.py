"""Plan tables understood: headers by synonym, rows put together again, words and names read."""

from pathlib import Path

import plan_documents as documents
import pytest

from graph.imports.plan.gaps import gap_kind, tells_of_a_gap
from graph.imports.plan.names import (
    NAME,
    Directory,
    Leads,
    Mention,
    first_words,
    kind_of,
    may_name_somebody,
    people_of,
    without_people,
)
from graph.imports.plan.reading import read_document
from graph.imports.plan.tables import Plan, column_of, read_plans
from graph.imports.plan.words import (
    Years,
    dates_in,
    deadline_of,
    deadline_within,
    legend_in,
    rag_of,
    status_of,
)
from graph.sources.rows import Row, Tables

# ---------------------------------------------------------------- headers


@pytest.mark.parametrize(
    ("column", "headers"),
    [
        ("gap", ["Area for improvement", "Gap", "Issue identified", "Area of need", "Needs"]),
        ("objective", ["Objective", "Our priority", "Strategic aim", "Recommendation"]),
        (
            "action",
            ["Action", "Intervention/action required", "What we will do", "Activity", "Task"],
        ),
        ("lead", ["Lead", "Lead agency", "Who", "Action owner", "Responsible officer", "By whom"]),
        ("support", ["Partners", "Supporting agencies"]),
        ("deadline", ["Deadline", "By when", "Timescale", "Target date", "Milestone date", "Due"]),
        (
            "progress",
            ["Progress", "Update (March 2020)", "Status", "Progress / Barriers", "Comments"],
        ),
        ("rag", ["RAG", "RAG rating"]),
        ("progress", ["RAG / Progress"]),
        ("outcome", ["Outcome", "Outputs and outcomes to be achieved", "Impact"]),
        (
            "measure",
            ["Performance Measures", "How will we know it worked?", "KPI", "Success criteria"],
        ),
        ("ref", ["No.", "Ref"]),
    ],
)
def test_headers_are_understood_by_synonym(column: str, headers: list[str]) -> None:
    assert {header: column_of(header) for header in headers} == dict.fromkeys(headers, column)


def test_a_sentence_is_no_header() -> None:
    said = "The lead officer will report progress against each action to the board every month"
    assert column_of(said) is None


# ---------------------------------------------------------------- rows


def plan(path: Path) -> Plan:
    blocks, problem = read_document(path)
    assert problem is None
    return read_plans(blocks)


def text_plan(tmp_path: Path, content: str) -> Plan:
    return plan(documents.text(tmp_path / "p.txt", content))


HEAD = "Objective\tAction\tLead\tDeadline\tProgress\n"


def test_rows_split_by_pages_are_put_together(tmp_path: Path) -> None:
    found = text_plan(tmp_path, documents.TABBED)
    first, second, third = found.rows
    assert first.text("progress") == "Mentors recruited. Training to begin in May 2021."
    assert second.text("action") == "Agree what schools share and with whom"
    assert third.text("gap") == "Parents are not engaged"
    assert [len(found.headers), first.joined, third.joined] == [2, True, False]


def test_rows_without_an_objective_go_on_with_the_one_above(tmp_path: Path) -> None:
    found = text_plan(tmp_path, HEAD + "Aim high\tWrite it\tA\t\t\n\tPrint it\tB\t\t\n")
    assert [row.first and row.first.text("objective") for row in found.rows] == [None, "Aim high"]


def test_a_cell_cut_inside_a_sentence_is_joined_column_by_column(tmp_path: Path) -> None:
    cut = (
        "Screen in two\tWrite the policy\tA\t\tThe group has met and\n\n"
        + HEAD
        + "wards\tTrain the staff\tA\t\tits policy is ready\n"
    )
    first, second = text_plan(tmp_path, HEAD + cut).rows
    assert first.text("objective") == "Screen in two wards"
    assert first.text("progress") == "The group has met and its policy is ready"
    assert (second.first, second.text("action"), second.text("progress")) == (
        first,
        "Train the staff",
        "",
    )


def test_headings_between_rows_are_sections_and_no_leads(tmp_path: Path) -> None:
    content = (
        "- **Training** Courses for all\n- **Money** More of it\n\n"
        "Action\tLead\tDeadline\tProgress\n"
        "\tTraining\t\t\nTrain staff\tHealth\tMay 2020\tUnder\n"
        "\n\tMoney\t\tway.\nFind money\tPolice\tMay 2021\t\n"
    )
    found = text_plan(tmp_path, content)
    assert [(row.section and row.section.text, row.text("lead")) for row in found.rows] == [
        ("Training", "Health"),
        ("Money", "Police"),
    ]
    assert found.rows[0].text("progress") == "Under way."


def test_a_cell_cut_in_two_by_the_scan_is_joined(tmp_path: Path) -> None:
    content = HEAD + "Help\tStreng\tthen the team\tHealth\tMay 2020\tDone\n"
    (row,) = text_plan(tmp_path, content).rows
    assert (row.text("lead"), row.text("deadline")) == ("Health", "May 2020")


def test_a_list_of_versions_is_no_plan(tmp_path: Path) -> None:
    content = HEAD + "A\tB\tC\tD\tE\n\nVersion control\t\nDraft\t9 May 2020\n"
    found = text_plan(tmp_path, content)
    assert len(found.rows) == 1
    assert [place for place, _ in found.others] == ["table 1, row 3", "table 1, row 4"]


def test_tables_of_labels_are_turned(tmp_path: Path) -> None:
    rows = plan(documents.forms(tmp_path / "f.docx")).rows
    assert [(row.text("action"), row.text("deadline")) for row in rows] == [
        ("Fund a debt adviser in the housing team", "June 2025"),
        ("Write a move-on protocol", "Ongoing"),
    ]


def test_labels_in_paragraphs_are_a_form(tmp_path: Path) -> None:
    content = (
        "# Plan\n\nAction: Open a drop-in\n\nLead: Health\n\nDeadline: May 2020\n\n"
        "Action: Print a leaflet\n\nLead: Police\n\nDeadline: June 2020\n"
    )
    rows = plan(documents.text(tmp_path / "p.md", content)).rows
    assert [(row.text("action"), row.text("lead"), row.lines) for row in rows] == [
        ("Open a drop-in", "Health", ["3-7"]),
        ("Print a leaflet", "Police", ["9-13"]),
    ]


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("text", "edtf", "kind"),
    [
        ("Oct 2012", "2012-10", "fixed"),
        ("Sept2012", "2012-09", "fixed"),
        ("31/03/2014", "2014-03-31", "fixed"),
        ("by 9th July 2012", "2012-07-09", "fixed"),
        ("Dec-12", "2012-12", "fixed"),
        ("Summer 2014", "2014-22", "fixed"),
        ("Q1 2013/14", "2013-04/2013-06", "fixed"),
        ("Q4 2013/14", "2014-01/2014-03", "fixed"),
        ("2012/13", "2012-04/2013-03", "fixed"),
        ("2011-2013", "2011/2013", "fixed"),
        ("end of 2013", "2013-12", "fixed"),
        ("end of financial year 2013/14", "2014-03", "fixed"),
        ("Sept 2012 Dec 2012", "2012-12", "fixed"),
        ("End of year one", "", "event"),
        ("within 6 months", "", "event"),
        ("Ongoing", "", "ongoing"),
        ("Quarterly", "", "ongoing"),
        ("TBC", "", "to be confirmed"),
        ("To be agreed once group established", "", "conditional"),
        ("when in post", "", "conditional"),
        ("Done", "", "said to be done"),
        ("asap", "", "none"),
        ("n/a", "", "none"),
        ("", "", "none"),
    ],
)
def test_deadlines(text: str, edtf: str, kind: str) -> None:
    found = deadline_of(text)
    assert (found.edtf, found.kind) == (edtf, kind)


def test_a_month_takes_its_year_from_the_document_and_says_so() -> None:
    assert deadline_of("April").edtf == ""
    found = deadline_of("April", Years(2010, 2010))
    assert (found.edtf, found.kind) == ("2010-04", "fixed")
    assert "not given" in found.ground


def test_a_financial_year_is_a_conclusion_and_several_dates_are_doubtful() -> None:
    assert deadline_of("2012/13").ground
    assert deadline_of("Oct 2012").ground == ""
    assert deadline_of("May 2012 June 2013").sure < deadline_of("June 2013").sure


def test_dates_that_are_none() -> None:
    assert dates_in("£2013 was spent on 99 of 2999 cases") == []


def test_a_deadline_said_in_a_sentence() -> None:
    assert deadline_within("Needs to be done asap as a start").text == "asap"
    assert deadline_within("Publish it by March 2020, then review").edtf == "2020-03"
    assert deadline_within("Publish it").text == ""


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", "not recorded"),
        ("A national strategy exists", "not recorded"),
        ("Done", "said to be done"),
        ("Website in development. Completed", "said to be done"),
        ("Workshop held", "said to be done"),
        ("Done (in progress)", "partly done"),
        ("Partially complete", "partly done"),
        ("Work in progress", "in progress"),
        ("Plan being drafted", "in progress"),
        ("First draft completed; meeting being arranged", "in progress"),
        ("Specification agreed. Tender to be issued.", "in progress"),
        ("Ongoing", "ongoing"),
        ("Meeting arranged", "planned"),
        ("Not yet started", "not started"),
        ("On hold: no building", "blocked"),
        ("To be identified", "to be identified"),
    ],
)
def test_progress_words(text: str, status: str) -> None:
    assert status_of(text).word == status


def test_ratings_by_the_documents_own_legend() -> None:
    legend = legend_in(["Green: complete. Amber: under way."])
    green, amber = rag_of("Green", legend), rag_of("A", legend)
    assert green is not None
    assert amber is not None
    assert (green.word, amber.word) == ("said to be done", "in progress")
    assert "explains" in green.ground
    plain = rag_of("Green", {})
    assert plain is not None
    assert plain.sure < green.sure
    assert rag_of("Groundwork", {}) is None
    assert rag_of("A meeting was held", {}) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("There is no detox service in the borough", "no service"),
        ("Shortage of one bedroom homes", "shortage"),
        ("Police data are not shared", "data"),
        ("The service doesn't reach men", "not reached"),
        ("Strategy needs updating", "strategy or plan"),
        ("Funding not secured beyond March", "money in danger"),
    ],
)
def test_kinds_of_gaps(text: str, kind: str) -> None:
    assert gap_kind(text)[0] == kind


def test_to_look_for_gaps_is_no_gap() -> None:
    assert tells_of_a_gap("There is a shortage of homes")
    assert not tells_of_a_gap("Identify any gaps in provision")
    assert not tells_of_a_gap("Open a new hostel")


# ---------------------------------------------------------------- names


def leads(
    cell: str, *texts: str, known: Tables | None = None, mixed: bool = False
) -> list[Mention]:
    people = people_of([*texts], [cell], [], known)
    reader = Leads(Directory(known, [*texts, cell]), people, frozenset(), first_words([cell]))
    return reader.read([cell], mixed=mixed)


def named(found: list[Mention]) -> list[tuple[str, str]]:
    return [(mention.name, mention.kind) for mention in found]


def test_agencies_bodies_and_posts_are_told_apart_and_people_set_aside() -> None:
    found = leads("Harbour Trust Sharon Whitlock Safety Board; Head of Housing, NHS Trust")
    assert named(found) == [
        ("Harbour Trust", "agencies"),
        ("Safety Board", "bodies"),
        ("Head of Housing", "posts"),
        ("NHS Trust", "agencies"),
    ]


@pytest.mark.parametrize(
    "cell",
    [
        "Joan Petherick",
        "Mr Petherick",
        "Mrs P Okonkwo",
        "Dr. J. K. Okonkwo",
        "Ms",
        "Cllr Doris Penhallow",
        "J. Petherick",
        "Siobhan O'Rourke",
        "Siobhan O Rourke",
        "Zbigniew Petherick",
        "JP",
        "KO'N",
        "TBC",
        "All partners",
    ],
)
def test_nobody_is_made_of_a_name(cell: str) -> None:
    assert leads(cell) == []


@pytest.mark.parametrize("cell", ["Turning Point", "Shelter", "St Mungo's", "Change Grow Live"])
def test_names_that_organisations_choose_are_no_people(cell: str) -> None:
    assert [mention.kind for mention in leads(cell)] == ["agencies"]


def test_and_joins_names_or_parts_them() -> None:
    assert named(leads("Health and Wellbeing Board")) == [("Health and Wellbeing Board", "bodies")]
    assert named(leads("Police and Probation")) == [
        ("Police", "agencies"),
        ("Probation", "agencies"),
    ]
    assert named(leads("Fire & Rescue")) == [("Fire & Rescue", "agencies")]
    assert named(leads("ABC & DEF")) == [("ABC", "agencies"), ("DEF", "agencies")]


def test_the_post_of_a_person_is_taken_from_the_document() -> None:
    people = people_of([], ["Joan Petherick", "JP"], [("Joan Petherick", "Director of Housing")])
    reader = Leads(Directory(None, []), people, frozenset())
    for cell in ("Joan Petherick", "JP"):
        (found,) = reader.read([cell], mixed=False)
        assert (found.name, found.kind) == ("Director of Housing", "posts")
        assert found.ground


def test_lead_and_support_in_one_column() -> None:
    told = leads("Police to lead. Housing may assist", mixed=True)
    assert [(m.name, m.role, m.ground) for m in told] == [
        ("Police", "lead", ""),
        ("Housing", "support", ""),
    ]
    first, second = leads("Police, Housing", mixed=True)
    assert (first.role, second.role) == ("lead", "support")
    assert first.ground


def test_supported_by_parts_lead_and_support() -> None:
    found = leads("Children's Services, supported by Police")
    assert [(m.name, m.role) for m in found] == [
        ("Children's Services", "lead"),
        ("Police", "support"),
    ]


def test_a_condition_is_kept() -> None:
    (found,) = leads("Project manager, when in post")
    assert (found.name, found.condition) == ("Project manager", "when in post")


KNOWN = Tables(
    "x",
    (
        Row(
            "agencies",
            "f",
            2,
            "harbour",
            {"name": "Harbour Recovery", "also_called": "HR; Harbour"},
        ),
        Row("bodies", "f", 2, "hwb", {"name": "Health and Wellbeing Board"}),
        Row("posts", "f", 2, "dph", {"name": "Director of Public Health"}),
    ),
    None,
)


@pytest.mark.parametrize(
    ("cell", "record"),
    [
        ("Harbour Recovery", "harbour"),
        ("the harbour recovery", "harbour"),
        ("HR", "harbour"),
        ("Harbour", "harbour"),
        ("Director of Public Health", "dph"),
        ("Health & Wellbeing Board", "hwb"),
    ],
)
def test_known_ones_are_linked_by_name_alias_or_acronym(cell: str, record: str) -> None:
    (found,) = leads(cell, known=KNOWN)
    assert (found.record, found.doubt) == (record, "")


def test_a_likeness_is_marked_and_an_acronym_is_never_guessed() -> None:
    (alike,) = leads("Harbour Recovry", known=KNOWN)
    assert (alike.record, alike.sure) == ("harbour", 0.5)
    assert "resembles" in alike.doubt
    (acronym,) = leads("HWB", known=KNOWN)
    assert acronym.record == ""


def test_an_acronym_is_linked_where_the_document_gives_both_forms() -> None:
    (found,) = leads("HWB", "It goes to the Health and Wellbeing Board (HWB).", known=KNOWN)
    assert (found.record, found.doubt) == ("hwb", "")
    (other,) = leads("HWB", "The Hospital Ward Bureau (HWX).", known=KNOWN)
    assert other.record == ""


def test_names_are_left_out_of_texts() -> None:
    texts = [
        "Joan Petherick now chairing the group. Clarify with Joan (JP).",
        "Meeting with Adeola Brightwater to plan",
        "Kestrel Hill Trust and the Freedom Programme in Eastern Marsh",
        "Identify who monitors contracts when Petherick moves on",
    ]
    people = people_of(texts, ["Joan Petherick"], [])
    cleaned = [without_people(text, people) for text in texts]
    assert cleaned[0] == f"{NAME} now chairing the group. Clarify with {NAME}."
    assert cleaned[1] == f"Meeting with {NAME} to plan"
    assert cleaned[2] == texts[2]
    assert cleaned[3] == f"Identify who monitors contracts when {NAME} moves on"
    assert people.met == 5


def test_names_of_no_known_form_are_found_by_what_stands_about_them() -> None:
    texts = [
        "Visit by Zbyszko Trelawarren and Ottoline Penrosevear",
        "Health group (Zbyszko Trelawarren)",
        "Ask Ottoline Penrosevear",
        "Open the Kestrel Hill centre",
    ]
    people = people_of([], [], [])
    assert without_people(texts[0], people) == f"Visit by {NAME} and {NAME}"
    assert without_people(texts[1], people) == "Health group"
    unsure = [may_name_somebody(without_people(text, people), people) for text in texts]
    assert unsure == [False, False, True, False], "a reader is told to look"


def test_kinds_of_names() -> None:
    kinds = {
        n: kind_of(n) for n in ("DA manager", "Ops Board", "Victim Care Unit", "DA Forum sub group")
    }
    assert list(kinds.values()) == ["posts", "bodies", "agencies", "bodies"]
