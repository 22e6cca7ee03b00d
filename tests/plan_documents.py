"""Invented action plans on other topics and in other layouts, made as files for the tests.

Each names invented people, agencies and dates. What a careful reader finds in each stands beside
it in the tests.
"""

from collections.abc import Sequence
from pathlib import Path

import docx
from docx.document import Document
from fpdf import FPDF

HOMELESSNESS = [
    ["Our priority", "What we will do", "Who is responsible", "By when", "RAG", "Latest update"],
    [
        "Prevent homelessness earlier",
        "Set up a duty to refer protocol with the hospital\nTrain 40 frontline staff in early help",
        "Housing Options Manager",
        "31 March 2024",
        "Green",
        "Protocol drafted and out for consultation.",
    ],
    [
        "",
        "Pilot a landlord mediation service",
        "Ferrymouth Borough Council; Crisis Bridge",
        "Q2 2024/25",
        "Amber",
        "Bid submitted; awaiting decision.",
    ],
    [
        "End rough sleeping",
        "Open a year-round night shelter",
        "St Brannock's Trust",
        "Winter 2024",
        "Red",
        "On hold: no suitable building.",
    ],
    [
        "",
        "Review the severe weather protocol",
        "Rough Sleeping Task Group",
        "Annually",
        "Blue",
        "Complete",
    ],
]

ALCOHOL = """\
<html><head><title>x</title><script>alert(1)</script></head><body>
<h1>Ferrymouth Alcohol Harm Reduction Plan</h1><p>Version 3, updated 12 May 2023</p>
<table>
<tr><th>Issue identified</th><th>Task</th><th>Lead officer and partners</th><th>Timescale</th>
<th>Progress to date</th></tr>
<tr><td rowspan="2">There is no community detox service in the borough</td>
<td>Commission a community detox pathway</td><td>Public Health</td>
<td rowspan="2">December 2023</td>
<td>Specification agreed. Tender to be issued.</td></tr>
<tr><td>Agree a referral form with GPs</td><td>Integrated Care Board (ICB)</td>
<td>Not started</td></tr>
<tr><td>Long waiting lists for counselling</td><td><ul><li>Recruit two counsellors</li>
<li>Offer evening groups</li></ul></td><td>Harbour Recovery / ICB</td><td>tbc</td>
<td>Both counsellors in post. Groups to start in June 2023.</td></tr>
<tr><td>Licensing data is not shared with health</td><td>Sign a data sharing agreement</td>
<td>Cllr Doris Penhallow, Licensing Team</td><td>Completed</td><td></td></tr>
</table></body></html>
"""

SLAVERY = """\
# Modern Slavery Partnership: Delivery Plan 2022-2024

## Strand 1: Identify

| Ref | Recommendation | Action | Owner | Target date | Status |
|---|---|---|---|---|---|
| 1.1 | Staff recognise the signs | **Deliver** awareness sessions to hotel staff | Police | Sept 2022 | Done |
| 1.2 | Staff recognise the signs | Publish a guide for employers | Chamber of Commerce | Spring 2023 | In progress |

## Strand 2: Support

| Ref | Recommendation | Action | Owner | Target date | Status |
|---|---|---|---|---|---|
| 2.1 | Survivors have somewhere safe | Agree two emergency beds | TBC | To be agreed | Not yet started |
| 2.2 | Survivors have somewhere safe | Map legal advice | Anti-Slavery Coordinator | when funding is confirmed | |
"""  # noqa: E501

TABBED = (
    "Ferrymouth Youth Violence Action Plan\n\nUpdated March 2021\n\n"
    "Gap\tIntervention\tLead\tMilestone date\tUpdate\n"
    "No mentoring for under 12s\t<ul> <li>• Recruit mentors</li> <li>• Train mentors</li> </ul>\t"
    "Youth Justice Service\tJuly 2021\tMentors recruited. Training to\n"
    "\n"
    "\t\t\t\tbegin in May 2021.\n"
    "Schools do not share exclusions data\tAgree what schools\tEducation\t2021/22\t"
    "Talks under way\n"
    "\n"
    "Gap\tIntervention\tLead\tMilestone date\tUpdate\n"
    "\tshare and with whom\t\t\t\n"
    "Parents are not engaged\tHold two parent evenings\tMs Oyelaran-Whitcombe\tasap\t"
    "Done (in progress)\n"
)

FORMS = [
    [
        ("Objective", "Fewer evictions"),
        ("Action", "Fund a debt adviser in the housing team"),
        ("Lead", "Citizens Advice Ferrymouth"),
        ("Deadline", "June 2025"),
        ("Progress", "Adviser appointed"),
    ],
    [
        ("Objective", "Better move-on"),
        ("Action", "Write a move-on protocol"),
        ("Lead", "Director of Housing"),
        ("Deadline", "Ongoing"),
        ("Progress", ""),
    ],
]

PDF_ROWS = [
    ["Action", "Lead agency", "Deadline", "Progress"],
    ["Set up a hate crime reporting centre", "Victim Care Unit", "October 2019", "Centre opened"],
    ["Translate leaflets into six languages", "Communications Team", "Nov 2019", "Being printed"],
    ["Train bus drivers", "Ferrymouth Transport", "2020", "Not started"],
    ["Hold a forum twice a year", "Equality Forum", "Ongoing", "First meeting held"],
]


def homelessness(path: Path) -> Path:
    """A Word document whose priorities are cells merged over several rows."""
    book = docx.Document()
    book.add_heading("Ferrymouth Homelessness Action Plan 2023-2025", 0)
    book.add_paragraph("Published 4 September 2023")
    book.add_paragraph("Green: on track. Amber: some delay. Red: stalled. Blue: complete.")
    book.add_paragraph(
        "There is a shortage of one bedroom homes in the borough. Housing Options Manager: "
        "Rosalind Tregarthen, telephone 01632 960123."
    )
    _table(book, HOMELESSNESS, merged=0)
    book.save(str(path))
    return path


def forms(path: Path) -> Path:
    """A Word document with one small table of labels an action."""
    book = docx.Document()
    book.add_heading("Tenancy Sustainment Plan", 0)
    book.add_paragraph("Updated January 2025")
    for form in FORMS:
        book.add_heading(form[0][1], 2)
        _table(book, [list(pair) for pair in form])
    book.save(str(path))
    return path


def _table(book: Document, rows: Sequence[Sequence[str]], merged: int | None = None) -> None:
    table = book.add_table(len(rows), len(rows[0]))
    for line, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(line, column).text = text
    if merged is None:
        return
    top = 1
    for line in range(2, len(rows) + 1):
        if line == len(rows) or rows[line][merged]:
            if line - top > 1:
                table.cell(top, merged).merge(table.cell(line - 1, merged))
            top = line


def text(path: Path, content: str) -> Path:
    """A text file of any kind."""
    path.write_text(content, encoding="utf-8")
    return path


def pdf(path: Path, rows: Sequence[Sequence[str]] = PDF_ROWS) -> Path:
    """A PDF whose table goes on over the page, its header repeated, with a footer on each page."""

    class Paper(FPDF):
        def footer(self) -> None:
            self.set_y(-12)
            self.set_font("helvetica", size=8)
            self.cell(0, 8, f"Hate Crime Delivery Plan - page {self.page_no()}", align="C")

    paper = Paper()
    paper.add_page()
    paper.set_font("helvetica", "B", 16)
    paper.cell(0, 12, "Hate Crime Delivery Plan", new_x="LMARGIN", new_y="NEXT")
    paper.set_font("helvetica", size=10)
    paper.cell(0, 8, "Approved 1 July 2019", new_x="LMARGIN", new_y="NEXT")
    paper.ln(215)
    with paper.table(repeat_headings=1, line_height=8) as table:
        for row in rows:
            cells = table.row()
            for cell in row:
                cells.cell(cell)
    paper.output(str(path))
    return path
