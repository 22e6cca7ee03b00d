"""A board paper made by hand: every kind of block, hostile text, long and wide tables."""

import datetime

import altair as alt

from visualise.figure import Figure, draw, link
from visualise.paper.model import (
    Block,
    Note,
    Paper,
    Paragraph,
    Picture,
    Points,
    Section,
    Table,
    Version,
)

DAY = datetime.date(2013, 4, 1)
HOSTILE = (
    "a #b *c* $x$ @d `e` \\ [f] = <g onload=h> // /* h */ -- ~ 'i' \"j\" ${k} #panic() {{ l }} "
    "&amp; ]]> </style>"
)
MARKING = "Exempt: not for publication (Schedule 12A, paragraph 3)"
REVIEW = Note("Service review 2012", ("page 12", "table 3"))
PLAN = Note("Action plan 2012", ("action 7",), "inferred")
DAMAGED = Note(f"Minutes {HOSTILE}", ("item 2",), "contested")
LETTERS = "Ŵyn łódź – ‘quoted’ “twice” £25,000 ✕ ! ~ … + ■ ŷ é"


def figure(names: tuple[str, ...] = ("A service", "Another service"), leads: str = "") -> Figure:
    rows = [
        {"name": n, "from": "2012-04-01", "to": "2013-03-31", "url": link(leads or "/x")}
        for n in names
    ]
    channels = {"x": alt.X("from:T", scale=alt.Scale(type="utc")), "x2": "to:T", "y": "name:N"}
    if leads:
        channels["href"] = "url:N"
    chart = alt.Chart(alt.Data(values=rows)).mark_bar(clip=True).encode(**channels)
    return draw(chart, "Money over time", "Two bars that end on 31 March 2013.")


def section(heading: str, *blocks: Block, **more: object) -> Section:
    return Section(heading, blocks, **more)  # type: ignore[arg-type]


LONG = Table(
    "Services on record",
    ("Service", "For whom", "Standing"),
    tuple((f"Service number {n}", "Women and children", "operating") for n in range(1, 81)),
    notes=tuple((REVIEW,) if n % 2 else (PLAN, REVIEW) for n in range(80)),
)
WIDE = Table(
    "Money, award by award",
    ("Service", "Fund", "Amount", "From", "To", "Status", "Held by", "Risk", "What is said of it"),
    tuple(
        (
            f"Specialist service number {n} for a whole county",
            "A fund with a rather long name",
            "£125,000",
            "1 April 2012",
            "31 March 2013",
            "✕ money ended",
            "The council",
            "high",
            "No renewal is recorded, as known on 6 September 2012.",
        )
        for n in range(1, 16)
    ),
    tones=tuple((n, 5, "bad") for n in range(15)),
    wide=True,
)


def paper(version: Version = "exempt", **more: object) -> Paper:
    """The paper; `more` replaces fields of it."""
    fields: dict[str, object] = {
        "title": "Domestic abuse services in Eastmarch",
        "subtitle": "What is funded, who is reached and what is missing",
        "version": version,
        "day": DAY,
        "marking": MARKING if version == "exempt" else "For publication",
        "notices": ("This is made up. No service here is real.",),
        "facts": (("Report to", "Community safety board"), ("Day", "1 April 2013")),
        "sections": (
            section("Purpose", Paragraph(f"To say what is funded. {LETTERS}")),
            section(
                "Summary",
                Points(
                    (
                        Paragraph("The adviser service has no money after 31 March.", (REVIEW,)),
                        Paragraph("Two services are said to be short of room.", (PLAN, REVIEW)),
                        Paragraph("Who leads on one action is in doubt.", (DAMAGED,)),
                    ),
                    numbered=True,
                ),
                Points((Paragraph("One that is not numbered."), Paragraph(HOSTILE))),
            ),
            section(
                "Money",
                Paragraph("Money is told award by award.", (REVIEW,)),
                Picture(figure(), "Money over time."),
                LONG,
                completeness="11 of 27 awards have an amount.",
                sections=(
                    section(
                        "Awards that end",
                        Picture(figure(leads="/services/a/b"), "The same with links."),
                        sections=(section("In detail", Paragraph("Words.", (PLAN,))),),
                    ),
                ),
            ),
            section("Appendix A: money", WIDE, appendix=True),
            section(
                "Appendix B: =1+1", Table(HOSTILE, ("=A", HOSTILE), (("=1+1", HOSTILE), ("x",)))
            ),
        ),
    }
    return Paper(**{**fields, **more})  # type: ignore[arg-type]
