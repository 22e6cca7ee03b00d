"""What words of a plan say: deadlines, progress and ratings, read as our dates and codes.

A reading never adds to what is said: a month without a year is given one only where the document
has dates of its own, and is then a conclusion with a ground. "No deadline" is not "on time".
"""

import calendar
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from graph.dates import bounds

_MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
_MONTH = r"(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
_QUARTERS = {"1": 4, "2": 7, "3": 10, "4": 1}
_ORDINAL = {"first": "1", "second": "2", "third": "3", "fourth": "4"}


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline: the source's words, their reading, its kind, and from what it is concluded."""

    text: str = ""
    edtf: str = ""
    kind: str = "none"
    ground: str = ""
    sure: float = 0.95


@dataclass(frozen=True, slots=True)
class _Date:
    """A date found in a text; the finer it is, the more it counts."""

    edtf: str
    start: int
    fineness: int
    ground: str = ""


@dataclass(frozen=True, slots=True)
class Years:
    """The years that a document speaks of, for dates that leave theirs out."""

    first: int | None = None
    last: int | None = None


# ---------------------------------------------------------------- dates

_DAY = r"(?P<day>[0-3]?\d)\s*(?:st|nd|rd|th)?\s*(?:of\s+)?"
_FINANCIAL = "A year with two numbers is read as a financial year, April to March."
_QUARTER = "Quarters are read as those of a financial year that begins in April."
_FORMS: tuple[tuple[str, int], ...] = (
    (r"\b(?P<year>(?:19|20)\d\d)-(?P<mm>[01]\d)-(?P<dd>[0-3]\d)\b", 3),
    (r"\b(?P<dd>[0-3]?\d)\s?[/.]\s?(?P<mm>[01]?\d)\s?[/.]\s?(?P<yy>(?:20)?\d\d)\b", 3),
    (rf"(?<!\d){_DAY}{_MONTH},?\s*(?:{_YEAR}|[’'](?P<yy>\d\d)\b)", 3),
    (rf"\b{_MONTH}\s+(?P<day>[0-3]?\d)(?:st|nd|rd|th)?,?\s+{_YEAR}", 3),
    (
        rf"\b(?:q(?:uarter|"
        rf"tr)?\.?\s*)(?P<quarter>[1-4])\s*(?:of\s*)?[,-]?\s*(?P<fy>{_YEAR}\s*[/–-]\s*\d\d(?:\d\d)?)",
        2,
    ),
    (rf"\b(?:q(?:uarter|tr)?\.?\s*)(?P<quarter>[1-4])\b\s*(?:of\s*)?[,-]?\s*{_YEAR}?", 2),
    (rf"\b(?P<nth>first|second|third|fourth) quarter\s*(?:of\s*)?{_YEAR}?", 2),
    (rf"(?<![a-z]){_MONTH}[\s,./’'-]*{_YEAR}(?!\d)", 2),
    (rf"(?<![a-z]){_MONTH}\s*[-/’' ]\s*(?P<yy>\d\d)\b(?!\s*(?:st|nd|rd|th|[-–/.:]\d|%))", 2),
    (rf"(?<!\d){_DAY}{_MONTH}(?![a-z])", 1),
    (rf"\b(?P<season>spring|summer|autumn|fall|winter)\s+(?:of\s+)?{_YEAR}", 2),
    (
        rf"\b(?P<end>end|close) of (?:the )?(?:financial year|"
        rf"fy)\s*{_YEAR}\s*[/–-]\s*(?P<to>\d\d(?:\d\d)?)\b",
        2,
    ),
    (rf"\b(?:fy\s*)?{_YEAR}\s*[/–-]\s*(?P<to>(?:20)?\d\d)\b(?![-/]\d)", 1),
    (rf"(?<![\d/£.-]){_YEAR}(?![\d/]|-\d)", 0),
    (rf"(?<![a-z]){_MONTH}(?![a-z])", 0),
)
_COMPILED = tuple((re.compile(form, re.IGNORECASE), fineness) for form, fineness in _FORMS)


def dates_in(text: str, years: Years = Years()) -> list[_Date]:
    """The dates in a text, in its order, none of them counted twice."""
    taken: list[tuple[int, int]] = []
    found: list[_Date] = []
    for form, fineness in _COMPILED:
        for match in form.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            read = _read(match, text, years)
            if read and _is_date(read[0]):
                taken.append(match.span())
                found.append(_Date(read[0], match.start(), fineness, read[1]))
    return sorted(found, key=lambda date: date.start)


def _is_date(edtf: str) -> bool:
    try:
        bounds(edtf)
    except ValueError:
        return False
    return True


def _read(match: re.Match[str], text: str, years: Years) -> tuple[str, str] | None:
    said = {name: value for name, value in match.groupdict().items() if value}
    if "fy" in said:
        year = int(said["fy"][:4])
        return _quarter(said["quarter"], year), _QUARTER
    if "quarter" in said or "nth" in said:
        if "year" not in said and years.first is None:
            return None
        year = int(said.get("year", years.first or 0))
        return _quarter(said.get("quarter") or _ORDINAL[said["nth"].lower()], year), _QUARTER
    if "end" in said:
        return f"{int(said['year']) + 1}-03", "A financial year ends in March."
    if "to" in said:
        return _period(int(said["year"]), said["to"])
    if "season" in said:
        return f"{said['year']}-{_SEASONS[said['season'].lower()]}", ""
    month = int(said["mm"]) if "mm" in said else _MONTHS.get(said.get("month", "").lower(), 0)
    day = said.get("dd") or said.get("day")
    year_text, ground = _year(said, month, years, match[0], text)
    if not year_text:
        return None
    if not month:
        ended = re.search(r"\b(end|close) of\s*$", text[: match.start()], re.IGNORECASE)
        return (f"{year_text}-12" if ended else year_text), ground
    edtf = f"{year_text}-{month:02}"
    return (f"{edtf}-{int(day):02}" if day else edtf), ground


def _year(
    said: Mapping[str, str], month: int, years: Years, found: str, text: str
) -> tuple[str, str]:
    """The year of a date, or "" where none is known, and the ground of one that is concluded."""
    if "year" in said:
        return said["year"], ""
    if "yy" in said:
        number = int(said["yy"])
        year = number if number > 99 else 2000 + number
        near = years.first is None or years.first - 3 <= year <= (years.last or year) + 8
        if "mm" in said or re.search(r"[’'/-]", found):
            return str(year), ""
        # "March 15" may be a day: it is a year where the document speaks of years about then.
        return (str(year), f'"{found}" is read as a month and a year.') if near else ("", "")
    if not said.get("month") or (found.lower() in ("may", "mar") and not found[:1].isupper()):
        return "", ""
    if years.first is None:
        return "", ""
    if found == "May" and re.search(r"\bMay\s+(?:be|not|need|to|include|assist)\b", text):
        return "", ""
    return str(years.first), f"The year is not given; it is read from the document: {years.first}."


def _quarter(quarter: str, year: int) -> str:
    first = _QUARTERS[quarter]
    year += 1 if quarter == "4" else 0
    return f"{year}-{first:02}/{year}-{first + 2:02}"


def _period(first: int, to: str) -> tuple[str, str] | None:
    last = int(to) if len(to) == 4 else first // 100 * 100 + int(to)
    if last == first + 1 and len(to) == 2:
        return f"{first}-04/{last}-03", _FINANCIAL
    return (f"{first}/{last}", "") if last >= first else None


def years_of(text: str) -> Years:
    """The years that a text names: what a title or the head of a document speaks of."""
    found = []
    for date in dates_in(text):
        limits = bounds(date.edtf)
        found += [day.year for day in (limits.first, limits.last) if day]
    return Years(min(found), max(found)) if found else Years()


# ---------------------------------------------------------------- deadlines

_CONDITIONAL = re.compile(
    r"\b(once|when|if|subject to|depend(?:s|ing|ent)|following|after|upon|until|pending|unless|"
    r"as (?:and when )?required|as (?:soon as )?needed)\b",
    re.IGNORECASE,
)
_ONGOING = re.compile(
    r"\b(on-? ?going|continu(?:ous|al|ing|ously|e)|throughout|rolling|permanent|recurring|"
    r"(?:bi-?)?(?:annual(?:ly)?|month(?:ly)?|week(?:ly)?|quarterly|yearly)(?! \d)|"
    r"every (?:year|month|quarter|six months)|each (?:year|quarter|month))\b",
    re.IGNORECASE,
)
_TO_CONFIRM = re.compile(
    r"\b(tbc|tba|tbd|t\.b\.c|to be (?:confirmed|agreed|decided|determined|announced|set|advised)|"
    r"not (?:yet )?(?:set|agreed|confirmed|known))\b",
    re.IGNORECASE,
)
_DONE_DATE = re.compile(
    r"^\W*(?:action )?(?:now )?(complete[d]?|done|achieved|closed|finished|implemented|"
    r"delivered)\b",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"\b((?:end|start|beginning|middle|close|course) of|(?:in )?year (?:\d|one|two|three|four|"
    r"five)|"
    r"within (?:the )?(?:\d+|one|two|three|six|next|first)|in (?:\d+|three|six|twelve) (?:month|"
    r"week)s|"
    r"(?:\d+|one|two|three|six|twelve) (?:months?|weeks?|years?)|(?:next|first|each) (?:meeting|"
    r"phase|"
    r"review)|(?:by|before|at) (?:the )?(?:launch|next|conference|review|election|meeting)|"
    r"(?:short|medium|long)(?:er)?[ -]term|this (?:financial )?year|year[- ]end|financial year)\b",
    re.IGNORECASE,
)
_SOON = re.compile(
    r"\b(asap|a\.s\.a\.p|as soon as possible|immediate(?:ly)?|urgent(?:ly)?)\b", re.I
)
_EMPTY = re.compile(r"^\W*(?:n/?a|not applicable|none|nil)?\W*$", re.IGNORECASE)


def deadline_of(text: str, years: Years = Years()) -> Deadline:
    """What a cell for deadlines says.

    Of several dates the last counts, and among those as fine as the finest: a deadline that was put
    off is the later one.
    """
    said = text.strip()
    if _EMPTY.match(said):
        return Deadline()
    if _DONE_DATE.match(said):
        return Deadline(said, "", "said to be done", "", 0.9)
    dates = dates_in(said, years)
    if dates and not re.match(r"\s*(?:once|when|if|subject|depend)", said, re.IGNORECASE):
        return _dated(said, dates)
    if _CONDITIONAL.search(said):
        return Deadline(said, "", "conditional", "", 0.85)
    for form, kind in ((_TO_CONFIRM, "to be confirmed"), (_SOON, "none"), (_ONGOING, "ongoing")):
        if form.search(said):
            return Deadline(said, "", kind, "", 0.9)
    if _EVENT.search(said):
        return Deadline(said, "", "event", "", 0.85)
    return Deadline(said, "", "event" if dates else "none", "", 0.4)


def _dated(said: str, dates: Sequence[_Date]) -> Deadline:
    finest = max(date.fineness for date in dates)
    chosen = [date for date in dates if date.fineness == finest or date.fineness >= 2][-1]
    several = len(dates) > 1
    ground = chosen.ground
    if several:
        ground = f"{ground} Of several dates the last is taken.".strip()
    return Deadline(
        said, chosen.edtf, "fixed", ground, 0.6 if several else 0.75 if ground else 0.97
    )


def deadline_within(text: str, years: Years = Years()) -> Deadline:
    """A deadline said inside a sentence, such as "asap" or "by March 2013"; none where none is."""
    soon = _SOON.search(text)
    dated = re.search(
        rf"\b(?:by|before|no later than|until) (?:the )?(?:end of )?[^.;]{{0,12}}?(?={_MONTH}|"
        rf"{_YEAR})",
        text,
        re.I,
    )
    if dated:
        dates = dates_in(text[dated.start() :], years)
        if dates:
            end = dates[0]
            said = re.match(r"[^.;,()]{0,40}", text[dated.start() :])
            return Deadline(said[0].strip() if said else "", end.edtf, "fixed", end.ground, 0.7)
    when = re.search(
        r"\b(?:one of the )?first tasks?\b[^.;]*|\b(?:once|when) [^.;,]*\bin (?:post|place)\b",
        text,
        re.I,
    )
    if when:
        return Deadline(when[0].strip(), "", "conditional", "", 0.6)
    return Deadline(soon[0], "", "none", "", 0.8) if soon else Deadline()


# ---------------------------------------------------------------- progress


@dataclass(frozen=True, slots=True)
class Status:
    """How far an action has come, by the words of a cell."""

    word: str = "not recorded"
    sure: float = 0.9
    ground: str = ""


_STATUS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "to be identified",
        (
            r"\bto be (?:identified|reported)\b",
            r"\bupdate (?:is |was )?(?:requested|awaited|required|due|pending)",
            r"\bawaiting (?:an )?update",
            r"\bunclear (?:of|on|what)? ?(?:the )?status",
        ),
    ),
    (
        "not started",
        (
            r"\bnot (?:yet )?(?:started|begun|commenced|progressed|in place|underway)",
            r"\bno progress|\byet to (?:start|begin|commence)|\bnothing (?:yet|to report)",
        ),
    ),
    (
        "blocked",
        (
            r"\b(?:blocked|on hold|stalled|suspended|postponed)\b|\bnot possible\b",
            r"\bcannot (?:proceed|progress)|\bunable to (?:deliver|progress|proceed)",
            r"\bno longer (?:possible|viable)",
        ),
    ),
    (
        "partly done",
        (
            r"\b(?:partly|partially|part|mostly|substantially|nearly|almost|largely|half) ?-?"
            r"(?:done|complete[d]?|achieved|implemented|met|delivered|in place)",
        ),
    ),
    (
        "in progress",
        (
            r"\b(?:in progress|under ?-?way|in hand|in development|in train|well advanced)\b",
            r"\b(?:on track|on target|progressing|recruiting|mapping|leading on|liaising)\b",
            r"\bbeing \w+(?:ed|ing|ten|wn|ld|t)?\b|\bcurrently \w+ing\b",
            r"\bwork (?:is )?(?:continu|ongoing)|\bcontinu(?:es|ing)\b",
            r"\b(?:is|are) (?:now |currently |also )?\w+ing\b",
            r"\b(?:started|begun|commenced|drafted|gathered|collated|requested|identified|"
            r"submitted|"
            r"await(?:ing|ed|s))\b",
            r"\bdraft (?:\w+ ){0,2}(?:complete|produced|prepared|circulated|done)",
            r"\b(?:in )?draft(?: form)?\b|\bexplor(?:ing|ation of)|\brequests? for\b",
            r"\bunder (?:review|development|discussion|consideration|construction)",
            r"\bworking (?:with|on|to)\b|\bestablished and\b",
        ),
    ),
    (
        "said to be done",
        (
            r"(?<!be )(?<!not )(?<!yet )\b(?:complete[d]?|done|achieved|accomplished|finished|"
            r"implemented|delivered|launched|signed (?:up|off)|opened|established|appointed|"
            r"published|adopted|recruited|secured|set up|agreed|supplied|confirmed|provided|"
            r"created|filled|approved|closed|operational|held|in place|took place|produced|"
            r"rolled out|trained|circulated|now (?:available|live|open))\b",
        ),
    ),
    (
        "planned",
        (
            r"\b(?:to be|will|planned|there are plans|plan is|scheduled|arranged|due to)\b",
            r"\bneed(?:s|ed)?\b|\bintend(?:s|ed)?\b|\bpropos(?:ed|al|es)\b|\bshall\b",
            r"\b(?:is|are|going) to\b|\bfollowing (?:the )?(?:action|above)|\bonce\b",
            r"\bnext (?:step|meeting)",
            r"^(?:\S+\s+){1,6}to (?:commence|start|begin|follow|approach|meet|attend|"
            r"contact|discuss|review|explore|speak|update|identify|lead|develop|prepare|report)\b",
        ),
    ),
    ("ongoing", (r"\bon-? ?going\b|\bcontinuous\b",)),
)
_FORMS_OF = tuple((word, re.compile("|".join(forms), re.IGNORECASE)) for word, forms in _STATUS)
_BARE = re.compile(
    r"^\W*(?:action |now |all )?(?:complete[d]?|done|achieved|closed|finished|implemented|"
    r"delivered)(?: and (?:ongoing|closed))?\W*$",
    re.I,
)
_SMALL = re.compile(
    r"\b(draft|first|initial|meeting|scop(?:e|ing)|letter|early|discussions?|approach(?:es)?|"
    r"working group|members|funding|money|preferred|information|requests?|data requirements|"
    r"group|criteria|profile|proposal|review (?:of )?)\b",
    re.IGNORECASE,
)
_KEPT = re.compile(
    r"^\W*(?:(?:this|it|these|will|to|be|is|are|need|needs|regularly|future)\W+){1,5}"
    r"(?:regularly )?(?:future )?(?:review(?:ed)?|monitor(?:ed|ing)?|kept|updated)\W*$",
    re.IGNORECASE,
)
"""What is done and looked after: to be reviewed is no part that is missing."""
_OPEN = re.compile(
    r"\b(still|but|however|further|more work|remain(?:s|ing)?|outstanding|need(?:s)? |not yet|"
    r"to be (?!regularly|reviewed|reported))",
    re.IGNORECASE,
)


def clauses(text: str) -> Iterator[str]:
    """The statements of a text: its sentences, and what semicolons part."""
    for piece in re.split(r"(?<=[.;!?])\s+|\n|;\s*", text):
        if re.search(r"\w", piece):
            yield piece.strip()


def status_of(text: str) -> Status:
    """What the words of a progress cell say of an action; "not recorded" where they say nothing.

    "Done (in progress)" says both: a part is done and a part is not.
    """
    if _EMPTY.match(text.strip()):
        return Status()
    parts = list(clauses(text))
    if any(_BARE.match(part) for part in (parts[0], parts[-1])):
        return Status("said to be done", 0.95)
    bracket = re.match(r"^\W*(?:done|complete[d]?)\W*\((.*)\)\W*$", text.strip(), re.IGNORECASE)
    if bracket:
        inner = status_of(bracket[1]).word
        return Status("said to be done" if inner == "not recorded" else "partly done", 0.9)
    words = [_of_clause(part) for part in parts]
    return _together([w for w in words if w], parts)


def _of_clause(text: str) -> str:
    if re.fullmatch(r"\W*(?:work )?(?:is )?(?:on-? ?going|continuing)\W*", text, re.IGNORECASE):
        return "ongoing"
    if _KEPT.match(text):
        return ""
    found = {word for word, form in _FORMS_OF if form.search(text)}
    for word in ("to be identified", "not started", "blocked", "partly done"):
        if word in found:
            return word
    if "said to be done" in found:
        if "in progress" in found or ("planned" in found and _OPEN.search(text)):
            return "in progress"
        small = _SMALL.search(text)
        return "begun" if small and not re.match(r"\W*(?:done|complete)", text, re.I) else "done"
    for word in ("in progress", "ongoing", "planned"):
        if word in found:
            return word
    return ""


def _together(words: list[str], parts: Sequence[str]) -> Status:
    """One status from those of the statements."""
    kinds = set(words)
    if not kinds:
        return Status("not recorded", 0.5)
    sure = 0.85 if len(kinds) == 1 else 0.55
    for word in ("partly done", "blocked", "not started", "to be identified"):
        if kinds == {word} or (word == "partly done" and word in kinds):
            return Status(word, sure)
    if kinds == {"done"}:
        return Status("said to be done", sure - 0.1)
    if kinds == {"begun"}:
        return Status("in progress" if len(parts) > 1 else "said to be done", 0.55)
    if kinds == {"planned"} or kinds == {"ongoing"}:
        return Status(kinds.pop(), sure)
    if kinds <= {"planned", "to be identified", "not started"}:
        return Status("planned", 0.5)
    if kinds <= {"done", "planned"} and words[0] == "done" and words.count("done") > len(words) / 2:
        return Status("said to be done", 0.45)
    return Status("in progress", sure)


# ---------------------------------------------------------------- ratings

_RAG = re.compile(
    r"^\W*(?:rag\W*)?(?:(red|amber|green|blue|yellow|black|grey)\b|([ragb])\W*$)", re.IGNORECASE
)
_COLOURS = {"r": "red", "a": "amber", "g": "green", "b": "blue", "yellow": "amber", "grey": "black"}
_RAG_MEANS = {
    "red": Status("blocked", 0.4, "Rated red, which plans use for work that is not on course."),
    "amber": Status("in progress", 0.5, "Rated amber, for work that goes on with difficulties."),
    "green": Status("in progress", 0.5, "Rated green, for work that is on course."),
    "blue": Status(
        "said to be done", 0.6, "Rated blue, which plans use for work that is complete."
    ),
    "black": Status("not recorded", 0.3, ""),
}


def rag_of(text: str, legend: Mapping[str, str]) -> Status | None:
    """What a rating says, by the document's own legend where it has one; None if it is none."""
    found = _RAG.match(text)
    if not found:
        return None
    said_as = (found[1] or found[2]).lower()
    colour = _COLOURS.get(said_as, said_as)
    rest = text[found.end() :]
    said = status_of(rest).word if re.search(r"\w", rest) else "not recorded"
    if said != "not recorded":
        return Status(said, 0.8, f"Rated {colour}.")
    explained = status_of(legend.get(colour, "")).word
    if explained != "not recorded":
        return Status(explained, 0.75, f"Rated {colour}, which the document explains.")
    return _RAG_MEANS[colour]


def legend_in(texts: Sequence[str]) -> dict[str, str]:
    """What a document says its colours mean: "Green: complete"."""
    found: dict[str, str] = {}
    for text in texts:
        for match in re.finditer(
            r"\b(red|amber|green|blue)\s*[:=–-]\s*([^.;,|]{3,80})", text, re.IGNORECASE
        ):
            found.setdefault(match[1].lower(), match[2].strip())
    return found
