"""Which tables of a document are plans, what their columns mean, and their rows put together again.

Headers are understood by synonym, never by position. A page that cuts a table repeats its header,
leaves key cells empty and breaks sentences: such rows are joined to what they belong to. Nothing
here knows names or dates.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from rapidfuzz import fuzz

from graph.imports.plan.document import Block, Cell, Line, Part, Table, Text, goes_on, text_of

Column = Literal[
    "ref",
    "gap",
    "objective",
    "action",
    "milestone",
    "lead",
    "support",
    "deadline",
    "progress",
    "rag",
    "outcome",
    "measure",
    "rating",
    "other",
]

# The first form that is found in a header decides, so the narrower meanings come first.
_SYNONYMS: tuple[tuple[Column, tuple[str, ...]], ...] = (
    ("rag", (r"^rag$|\brag (rating|status)$", r"^r\.a\.g", r"traffic light")),
    (
        "progress",
        (
            r"^(action |current |latest )?(status|position)\b",
            r"date (of completion|completed)",
            r"\bcompleted\?|\bmilestones? achieved|\bupdates?\b|\bprogress\b|where are we",
        ),
    ),
    (
        "ref",
        (r"^(ref(erence)?|nos?|number|item|id|action (no|ref|number|id))$", r"^(action )?ref\b"),
    ),
    (
        "support",
        (
            r"^(support(ing|ed by)?|key|other|delivery)? ?partners?( agenc(y|ies)| involved)?$",
            r"^support(ing|ed by)?( agenc(y|ies)| partners?| officers?| organisations?)?$",
            r"^(others|agencies|organisations|who else is) involved$|^with whom$|^in support$",
        ),
    ),
    (
        "lead",
        (
            r"\bleads?\b|\bleading\b|\bowners?\b|\bownership\b|\bowned by\b|responsib|accountab",
            r"^(by )?whom?\b|^who( will| is|$)|^(delivered|delivery) by|^(named )?officers?$",
            r"^(agency|agencies|organisations?|post ?holder|team)$|^assigned to|^delivery body",
        ),
    ),
    (
        "deadline",
        (
            r"deadline|time ?-?(scale|frame|line|table)|\b(by )?when\b|\bdue\b|\bby date\b",
            r"^(target|review|completion|end|finish|delivery|expected|planned|revised)? ?dates?\b",
            r"(?<!start )\bdates?$|^(year|quarter)$",
            r"^to be (completed|done|delivered) by$|^complete(d|ion)? by$",
        ),
    ),
    (
        "measure",
        (
            r"measures?\b(?! to| required| needed)|\bkpis?\b|\bindicators?\b|\bmetrics?\b",
            r"how (will|do) we (know|measure)|success (criteria|factor)|evidence|^targets?$",
            r"what (will )?(success|good) looks? like",
        ),
    ),
    (
        "gap",
        (
            r"areas? (for|of|requiring|needing) (improvement|development|concern|need|focus|"
            r"action)",
            r"\bgaps?\b|^(key )?(issues?|problems?|challenges?|concerns?)\b",
            r"what needs to (change|improve)|^barriers?$|^learning\b",
            r"^(identified )?needs?( identified)?$|^(key )?(findings?|weakness(es)?|shortfalls?)\b",
            r"^what (is|s) (missing|not working|the (issue|problem|gap|need))",
        ),
    ),
    (
        "action",
        (
            r"\bactions?\b|\bactivit(y|ies)\b|\binterventions?\b|\btasks?\b|\bsteps?\b",
            r"(what|how) (will|are|do|must|should|can) (we|you|they) (do|going|need|take|get|del)",
            r"(what|how) (we|you|they) (will|are|must|should|need|plan|intend|have)( going)?( to)? "
            r"(do|take|del|get)",
            r"what (needs|has|is|will) (to )?(be )?(done|happen)|^what$|^how$",
            r"^measures? (to|required|needed)",
            r"^(proposed )?(work|project|initiative)s?( required)?$",
        ),
    ),
    ("milestone", (r"\bmilestones?\b|^(key )?deliverables?$",)),
    (
        "outcome",
        (
            r"\boutcomes?\b|\boutputs?\b|\bimpacts?\b|\bbenefits?\b|\bresults?\b|\bsuccess\b",
            r"^what difference|^difference\b|^intended (effect|change)",
        ),
    ),
    (
        "objective",
        (
            r"\bobjectives?\b|\baims?\b|\bgoals?\b|\bpriorit(y|ies)\b|\bthemes?\b|\bambitions?\b",
            r"\brecommendations?\b|\bcommitments?\b|\bpledges?\b|\bwork ?streams?\b|\bstrands?\b",
            r"what (do )?we want to (achieve|see)|what we (will|want to) achieve|\bpillars?\b",
        ),
    ),
    (
        "progress",
        (r"\bcomments?\b|\bnotes?\b|\bcommentary\b|\bbarriers?\b|^complete[d?]*$|^remarks?$",),
    ),
    ("rating", (r"^risks?\b|^(level|rank|score|rating)$",)),
    (
        "other",
        (
            r"\bresources?\b|\bcosts?\b|\bbudgets?\b|\bfunding\b|\bscope\b|\blinks?\b|"
            r"\bdocuments?\b",
        ),
    ),
)
_MOST_WORDS = 9
"""A header has no more words."""

NUMBERED = re.compile(
    r"^(?:strategic |key |our )?(?P<kind>aim|priority|theme|objective|outcome|strand|pillar|goal|"
    r"work ?stream|recommendation|ambition|commitment|section|part|vision|domain|area)\s*"
    r"(?:(?:no\.?|number)\s*)?(?:\d+[a-z]?|[ivx]+\b|one|two|three|four|five|six|seven|eight|nine|"
    r"ten)?"
    r"\s*(?:[:.–—-]|$|(?<=\d)\s)",
    re.IGNORECASE,
)
_DANGLING = re.compile(
    r"\w\s+(?:a|an|and|at|by|for|from|in|into|of|on|or|re|the|to|with|around|about|between|their|"
    r"our)$"
)
"""A text that ends so was cut: "drop-in" and a lone letter are whole."""
_RATINGS = {"high", "medium", "low", "h", "m", "l", "1", "2", "3", "urgent", "critical"}
_CLOSE = 85
"""From which likeness a text is taken for a heading that was scanned badly."""


def column_of(header: str) -> Column | None:
    """What a header means, or None."""
    words = re.sub(r"[^\w/?&.' -]+", " ", header.lower()).replace("’", "'")
    text = re.sub(r"\s+", " ", words.replace("&", "and")).strip(" .-:'")
    if not text or len(text.split()) > _MOST_WORDS:
        return None
    for column, forms in _SYNONYMS:
        if any(re.search(form, text) for form in forms):
            return column
    return None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading that rows stand under: inside the table, or right above it."""

    text: str
    place: str
    line: str


@dataclass(slots=True)
class PlanRow:
    """One row of a plan, put together again.

    `first` is the row that the objective or gap of this one is written in. `inherited` are the
    columns whose cell is merged with the one above. `joined` says that pages had split the row.
    """

    place: str
    lines: list[str]
    cells: dict[Column, Cell]
    headers: Mapping[Column, str]
    section: Section | None
    first: "PlanRow | None" = None
    inherited: set[Column] = field(default_factory=set)
    joined: bool = False

    def cell(self, column: Column) -> Cell:
        """The cell of a column; empty where the table has none."""
        return self.cells.get(column, ())

    def text(self, column: Column) -> str:
        """The text of a column."""
        return text_of(self.cell(column))


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row from which nothing is drawn: its place, lines, and whether it is a heading."""

    place: str
    line: str
    text: str
    repeats: str = ""


@dataclass(slots=True)
class Plan:
    """All rows of all plan tables of a document, its sections and headers, and the other tables."""

    rows: list[PlanRow] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    headers: list[Skipped] = field(default_factory=list)
    others: list[tuple[str, Line]] = field(default_factory=list)
    """Rows of tables that are no plan, each with its place."""


def read_plans(blocks: Sequence[Block]) -> Plan:
    """The plan tables of a document, read in order."""
    reader = _Reader(_headings(blocks))
    for block in _with_forms(blocks):
        if isinstance(block, Text):
            reader.text(block)
        else:
            reader.table(block)
    return reader.plan


def _headings(blocks: Sequence[Block]) -> list[str]:
    """What the document uses as headings, also those that lead the items of a list."""
    found = []
    for block in blocks:
        if isinstance(block, Text):
            if block.kind == "heading":
                found.append(block.text)
            lead = re.match(r"([A-Z][\w &/]{2,40}?)\s*[-–:]\s", block.text)
            if block.lead:
                found.append(block.lead)
            elif block.kind == "item" and lead:
                found.append(lead[1])
    return found


# ---------------------------------------------------------------- forms: one action a block

_LABEL = re.compile(r"^([A-Z][\w /&'’-]{1,40}?)\s*:\s+(.+)$", re.DOTALL)


def _with_forms(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks, with each form ("Lead: …" below "Action: …") turned into a table of one row."""
    waiting: list[Text] = []
    for block in [*blocks, None]:
        if isinstance(block, Text) and block.kind != "heading" and _labelled(block.text):
            if waiting and _begins_form(waiting, block.text):
                yield from _form(waiting)
                waiting = []
            waiting.append(block)
            continue
        yield from _form(waiting)
        waiting = []
        if isinstance(block, Table):
            yield from _turned(block)
        elif block is not None:
            yield block


def _labelled(text: str) -> tuple[Column, str] | None:
    found = _LABEL.match(text)
    column = column_of(found[1]) if found else None
    return (column, found[2]) if found and column else None


def _begins_form(waiting: Sequence[Text], text: str) -> bool:
    label = text.partition(":")[0].lower()
    return any(w.text.partition(":")[0].lower() == label for w in waiting)


def _form(texts: Sequence[Text]) -> Iterator[Block]:
    pairs = [(text, _labelled(text.text)) for text in texts]
    columns = {pair[0] for _, pair in pairs if pair}
    if len(columns) < 3 or not _is_plan(columns):
        yield from texts
        return
    headers = tuple((Part(text.text.partition(":")[0]),) for text, _ in pairs)
    values = tuple((Part(pair[1]),) for _, pair in pairs if pair)
    place = texts[0].place
    yield Table((Line(headers, texts[0].line), Line(values, _span(texts))), place)


def _span(texts: Sequence[Text]) -> str:
    numbers = [text.line for text in texts if text.line]
    return f"{numbers[0]}-{numbers[-1]}" if len(numbers) > 1 else "".join(numbers)


def _turned(table: Table) -> Iterator[Table]:
    """A table whose headers stand in its first column, as one of usual shape; others unchanged."""
    lines = [line for line in table.lines if any(line.cells)]
    kinds = [column_of(text_of(line.cells[0])) if line.cells[0] else None for line in lines]
    wide = max((len(line.cells) for line in lines), default=0)
    known = {kind for kind in kinds if kind}
    if wide != 2 or len(known) < 3 or not _is_plan(known) or _mapping(lines[0]):
        yield table
        return
    start = next(kind for kind in kinds if kind)
    forms: list[list[Line]] = []
    for line, kind in zip(lines, kinds, strict=True):
        if kind == start or not forms:
            forms.append([])
        forms[-1].append(line)
    new: list[Line] = []
    for form in forms:
        headers = tuple(line.cells[0] for line in form)
        values = tuple(line.cells[1] if len(line.cells) > 1 else () for line in form)
        new += [Line(headers, form[0].line), Line(values, form[0].line)]
    yield replace(table, lines=tuple(new))


def _is_plan(columns: set[Column]) -> bool:
    return bool(columns & {"action", "milestone", "gap", "objective"}) and bool(
        columns & {"lead", "support", "deadline", "progress", "rag", "measure", "outcome", "action"}
    )


# ---------------------------------------------------------------- rows


def _mapping(line: Line) -> dict[int, Column] | None:
    """The columns that a row names if it is the header of a plan, or None."""
    found: dict[int, Column] = {}
    filled = 0
    for number, cell in enumerate(line.cells):
        text = text_of(cell)
        if not text:
            continue
        filled += 1
        column = column_of(text)
        if column and not (text.endswith(".") and len(text.split()) > 2):
            found[number] = column
        else:
            found[number] = "other"
    named = [column for column in found.values() if column != "other"]
    if len(set(named)) < 2 or len(named) * 2 <= filled or not _is_plan(set(named)):
        return None
    return _settled(found)


def _settled(found: dict[int, Column]) -> dict[int, Column]:
    """The mapping where two headers compete: milestones are actions if nothing else is."""
    columns = set(found.values())
    if "action" not in columns and "milestone" in columns:
        return {n: "action" if c == "milestone" else c for n, c in found.items()}
    return found


class _Reader:
    """Reads blocks in order, and remembers what the rows before meant."""

    def __init__(self, headings: Sequence[str]) -> None:
        self.plan = Plan()
        self._headings = list(headings)
        self._mapping: dict[int, Column] | None = None
        self._headers: dict[Column, str] = {}
        self._width = 0
        self._section: Section | None = None
        self._above: Section | None = None
        self._row: PlanRow | None = None
        self._group: PlanRow | None = None
        self._broken = False
        self._title: Section | None = None

    def text(self, block: Text) -> None:
        """A heading above a table is what its rows stand under."""
        if block.kind == "heading":
            self._above = Section(block.text, block.place, block.line)

    def table(self, table: Table) -> None:
        """Read a table, which may go on with the plan before it."""
        first = next((line for line in table.lines if any(line.cells)), None)
        goes = first is not None and self._width == len(first.cells) and self._width > 2
        self._title = None
        if not goes:
            self._forget()
        if self._above and NUMBERED.match(self._above.text):
            self._section = None
        lines = list(table.lines)
        for number, line in enumerate(lines, start=1):
            place = f"{table.place}, row {number}"
            following = next((each for each in lines[number:] if any(each.cells)), None)
            self._line(line, following, place)

    def _forget(self) -> None:
        self._mapping, self._width, self._row, self._group = None, 0, None, None
        self._section = None

    def _line(self, line: Line, following: Line | None, place: str) -> None:
        texts = [text_of(cell) for cell in line.cells]
        if not any(texts):
            self._broken = self._broken or line.after_break
            return
        self._broken = self._broken or line.after_break
        mapping = _mapping(line)
        if mapping:
            self._header(mapping, line, place)
        elif self._mapping is None:
            self._other(line, place)
        elif line.after_break and len(texts) < self._width and texts[0]:
            self._forget()
            self._other(line, place)
        else:
            self._row_or_section(line, following, place)

    def _other(self, line: Line, place: str) -> None:
        whole = _pieced([text_of(cell) for cell in line.cells if cell])
        short = 0 < len(whole.split()) <= 12
        self._title = Section(whole, place, line.line) if short else None
        self.plan.others.append((place, line))

    def _header(self, mapping: dict[int, Column], line: Line, place: str) -> None:
        again = mapping == self._mapping
        first = next((h.place for h in self.plan.headers if h.text == _shown(line)), "")
        self.plan.headers.append(Skipped(place, line.line, _shown(line), first))
        self._broken = True
        if again:
            return
        if self._mapping is None:
            self._group = self._row = None
            self._titled()
        elif _key_kind(mapping) == "action" and _key_kind(self._mapping) != "action":
            self._group = self._row  # the actions of the objective that stands right above
        self._mapping, self._width = mapping, len(line.cells)
        self._headers = {}
        for number, column in mapping.items():
            self._headers.setdefault(column, text_of(line.cells[number]))
        self._row = None if _key_kind(mapping) == "action" else self._row
        self._broken = False

    def _titled(self) -> None:
        """Take the row right above the header for what the rows below stand under."""
        title = self._title
        if title and self.plan.others and self.plan.others[-1][0] == title.place:
            scanned = len([cell for cell in self.plan.others[-1][1].cells if cell])
            if scanned == 1 or _has_scraps([text_of(c) for c in self.plan.others[-1][1].cells]):
                self._section = title
                self.plan.sections.append(title)
                self.plan.others.pop()
        self._title = None

    def _row_or_section(self, line: Line, following: Line | None, place: str) -> None:
        if self._mapping is None:
            return
        heading, line = self._heading_in(line, following)
        if any(line.cells):
            self._add(line, place)
        if heading and not (self._section and self._section.text == heading):
            self._section = Section(heading, place, line.line)
            self._group = None
            self._row = None
            self.plan.sections.append(self._section)
            self._broken = False
        elif heading:
            self.plan.headers.append(Skipped(place, line.line, heading, self._section_place()))
            self._broken = True

    def _section_place(self) -> str:
        return self._section.place if self._section else ""

    # -------------------------------------------------------- headings between rows

    def _heading_in(self, line: Line, following: Line | None) -> tuple[str, Line]:
        """The heading that a row is, or that was scanned into it, and what is left of the row."""
        filled = [number for number, cell in enumerate(line.cells) if cell]
        texts = [text_of(line.cells[number]) for number in filled]
        whole = _pieced(texts)
        if len(filled) == 1 and NUMBERED.match(whole):
            return whole, Line((), line.line)
        empty_key = not (line.cells and line.cells[0])
        short = len(whole.split()) <= 4 and whole[:1].isupper() and not whole.endswith(".")
        if len(filled) == 1 and not empty_key:
            new = whole[:1].isupper() and len(whole.split()) <= 15 and not whole.endswith(".")
            goes = self._row is not None and self._broken and self._open(line, filled[0])
            if new and not goes and not line.merged and len(line.cells) > 2:
                return whole, Line((), line.line)
            return "", line
        opens = following is not None and bool(following.cells and following.cells[0])
        if empty_key and short and (opens or self._is_heading(whole)):
            alone = len(filled) == 1 and self._kind(filled[0]) in ("lead", "outcome", "deadline")
            pieces = len(filled) > 1 and all(len(text.split()) <= 3 for text in texts)
            if (alone and not _is_acronym(whole)) or (pieces and _has_scraps(texts)):
                return whole, Line((), line.line)
        broken = len(filled) >= 3 and all(len(text.split()) <= 2 for text in texts)
        if empty_key and short and broken and _has_scraps(texts):
            return whole, Line((), line.line)
        for number in filled:
            if empty_key and self._kind(number) == "lead" and self._row is not None:
                text = text_of(line.cells[number])
                if self._is_heading(text) and not _is_acronym(text):
                    left = tuple(c if n != number else () for n, c in enumerate(line.cells))
                    name = self._heading_like(text)
                    return name, replace(line, cells=left)
        return "", line

    def _is_heading(self, text: str) -> bool:
        return bool(self._heading_like(text))

    def _heading_like(self, text: str) -> str:
        for heading in [*self._headings, *(s.text for s in self.plan.sections)]:
            if fuzz.ratio(heading.lower(), text.lower()) >= _CLOSE:
                return heading
        return ""

    def _kind(self, number: int) -> Column | None:
        return (self._mapping or {}).get(number)

    def _open(self, line: Line, number: int) -> bool:
        """Whether the cell above was cut in the middle of a sentence that this one ends."""
        column = self._kind(number)
        before = self._row.text(column) if self._row and column else ""
        after = text_of(line.cells[number])
        return bool(before) and (goes_on(before, after) or bool(_DANGLING.search(before)))

    # -------------------------------------------------------- rows

    def _add(self, line: Line, place: str) -> None:
        mapping = self._mapping or {}
        cells = _aligned(line, self._width)
        named: dict[Column, Cell] = {}
        for number, cell in enumerate(cells):
            column = mapping.get(number) or self._unnamed(number, cell)
            if column and cell:
                named[column] = named.get(column, ()) + cell
        inherited = {mapping[n] for n in line.merged if n in mapping}
        key = _key_kind(mapping)
        if self._row is not None and self._broken:
            self._join_fragments(named, key)
        if self._row is not None and self._continues(named, key, inherited):
            self._join(self._row, named, line.line)
        elif named:
            self._new_row(named, inherited, key, line, place)
        self._broken = False

    def _unnamed(self, number: int, cell: Cell) -> Column | None:
        """What a column without a header holds: numbers of rows, or nothing that we know."""
        text = text_of(cell)
        return "ref" if number == 0 and re.fullmatch(r"[\w.()]{1,5}", text) else None

    def _continues(self, named: dict[Column, Cell], key: Column, inherited: set[Column]) -> bool:
        """Whether a row is more of the row before it."""
        row = self._row
        if row is None:
            return False
        if "ref" in row.cells and "ref" not in named and "ref" not in inherited:
            return True
        if named.get(key) or key in inherited:
            return False
        if key != "action" and "action" in named:
            alone = not set(named) & {"lead", "deadline", "progress", "support"}
            return self._broken and alone
        return True

    def _join_fragments(self, named: dict[Column, Cell], key: Column) -> None:
        """Join what ends a sentence of the page before to that sentence, column by column."""
        found = False
        group = self._group
        rows = [r for r in self.plan.rows if r is self._row or (group and group in (r, r.first))]
        begun = text_of(named.get(key, ()))
        before_key = next((row.text(key) for row in reversed(rows) if row.cell(key)), "")
        goes = goes_on(before_key, begun) or bool(_DANGLING.search(before_key))
        if len(begun.split()) > 2 and not goes:
            return
        for column in list(named):
            before = next((row for row in reversed(rows) if row.cell(column)), None)
            if before is None or column == "ref":
                continue
            text = before.text(column)
            if goes_on(text, named[column][0].text) or _DANGLING.search(text):
                before.cells[column] = joined(before.cells[column], named.pop(column))
                before.joined = found = True
        if found and key in named and len(text_of(named[key]).split()) <= 2 and self._group:
            self._group.cells[key] = joined(self._group.cells.get(key, ()), named.pop(key), True)

    def _join(self, row: PlanRow, named: Mapping[Column, Cell], line: str) -> None:
        for column, cell in named.items():
            row.cells[column] = joined(row.cells.get(column, ()), cell)
        row.joined = True
        if line:
            row.lines.append(line)

    def _new_row(
        self,
        named: dict[Column, Cell],
        inherited: set[Column],
        key: Column,
        line: Line,
        place: str,
    ) -> None:
        row = PlanRow(
            place,
            [line.line] if line.line else [],
            named,
            self._headers,
            self._section or self._numbered_above(),
        )
        row.inherited = {column for column in inherited if column != key}
        for column in row.inherited:
            above = next((r for r in reversed(self.plan.rows) if r.cell(column)), None)
            if above and not row.cell(column):
                row.cells[column] = above.cells[column]
        if key == "action" or (key not in named and self._group is not None):
            row.first = self._group
        else:
            self._group = row
        self._row = row
        self.plan.rows.append(row)

    def _numbered_above(self) -> Section | None:
        above = self._above
        return above if above and NUMBERED.match(above.text) else None


def _shown(line: Line) -> str:
    return " | ".join(text_of(cell) for cell in line.cells)


def _key_kind(mapping: Mapping[int, Column]) -> Column:
    """The column whose filled cells begin rows: the leftmost that says what a row is about."""
    for number in sorted(mapping):
        if mapping[number] in ("gap", "objective", "action"):
            return mapping[number]
    return "action"


def _aligned(line: Line, width: int) -> tuple[Cell, ...]:
    """The cells of a row under the columns of its header.

    A row whose left cells are empty and that is too short has lost cells: what it holds stood last.
    """
    cells = line.cells
    if len(cells) == width + 1 and all(cells[:2]):
        return _narrowed(cells)
    if 1 < len(cells) < width and not cells[0] and sum(map(bool, cells)) == 1 and cells[-1]:
        return (*((),) * (width - len(cells)), *cells)
    return cells


def _narrowed(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """The cells of a row in which one was cut in two: the half that begins inside a word."""
    for number in reversed(range(1, len(cells))):
        half = text_of(cells[number])
        if half[:1].islower() and cells[number - 1]:
            both = joined(cells[number - 1], cells[number])
            return (*cells[: number - 1], both, *cells[number + 1 :])
    return cells[:-1] if not cells[-1] else cells


def joined(before: Cell, after: Cell, same: bool = False) -> Cell:
    """Two halves of a cell as one; the first part of the second may end the last of the first."""
    if not before or not after:
        return before or after
    last, first = before[-1], after[0]
    cut = first.text[:1].islower() and not last.text.endswith((".", "!", "?"))
    opened = last.text.count("(") > last.text.count(")") and ")" in first.text
    if same or cut or opened or _DANGLING.search(last.text):
        return (*before[:-1], Part(f"{last.text} {first.text}", last.item), *after[1:])
    return before + after


def _pieced(texts: Sequence[str]) -> str:
    """A heading that was scanned in pieces, without the scraps beside it."""
    whole = ""
    for text in texts:
        if not re.search(r"[^\W\d]", text):
            continue
        glued = whole and text[:1].islower() and len(whole.split()[-1]) <= 4
        whole = whole + text if glued else f"{whole} {text}".strip()
    return whole


def _has_scraps(texts: Sequence[str]) -> bool:
    return any(
        len(text) == 1 or not re.search(r"[^\W\d]", text) or text[:1].islower() for text in texts
    )


def _is_acronym(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Z][A-Z&/. ]{1,9}", text))


def is_rating(text: str) -> bool:
    """Whether a cell holds a level, such as "High", and no objective."""
    return text.strip().lower() in _RATINGS
