"""A plan document as rows of our tables, for review: each with its place, its basis and how sure.

Every row says where in the document it stands. What the document says is `stated`; what is
concluded is `inferred`, with the ground. How sure a reading is stands beside the rows and is no
column of the form.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from rapidfuzz import fuzz

from graph.confidential import contact_in
from graph.errors import Problem
from graph.imports.imported import Imported, Left
from graph.imports.plan.document import Block, Cell, Text, text_of
from graph.imports.plan.gaps import gap_kind, tells_of_a_gap
from graph.imports.plan.head import Head, head_of
from graph.imports.plan.names import (
    NAME,
    Directory,
    Leads,
    Mention,
    People,
    first_words,
    may_name_somebody,
    name_and_post,
    normal,
    people_of,
    without_people,
)
from graph.imports.plan.reading import read_document
from graph.imports.plan.tables import (
    NUMBERED,
    Column,
    Plan,
    PlanRow,
    Section,
    is_rating,
    read_plans,
)
from graph.imports.plan.vocabulary import SMALL
from graph.imports.plan.words import (
    Deadline,
    Status,
    clauses,
    dates_in,
    deadline_of,
    deadline_within,
    legend_in,
    rag_of,
    status_of,
)
from graph.sources.names import SEPARATOR
from graph.sources.rows import Row, Tables
from ontology.schema import Schema

Key = tuple[str, str]
"""A table and the id of a row in it."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is uncertain in a row: the column it is about, "" for the whole row, and why."""

    column: str
    why: str


@dataclass(frozen=True, slots=True)
class Sureness:
    """How sure one row is, from 0 to 1, and what is doubtful about it."""

    table: str
    id: str
    confidence: float
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """What was read, and how sure each row is."""

    imported: Imported
    sureness: tuple[Sureness, ...] = ()

    @property
    def confidence(self) -> dict[Key, float]:
        """How sure each row is, by its table and id."""
        return {(one.table, one.id): one.confidence for one in self.sureness}


_LONGEST_NAME = 90
_SAME = 92
"""From which likeness two paragraphs are one that was pasted twice."""
_ABOUT = 0.5
"""From which share of content words a statement of progress is about a part of an action."""
_ADDS = 3
"""How many content words a bullet among results must add to be an action of its own."""
_PASTED = 40
"""From how many characters on a paragraph is taken for pasted, not for a common phrase."""
_KIND_OF = {
    "aim": "aim",
    "goal": "aim",
    "ambition": "aim",
    "commitment": "aim",
    "priority": "priority",
    "recommendation": "recommendation",
    "vision": "vision",
    "outcome": "outcome",
    "objective": "objective",
    "theme": "theme",
}
_RESULTS = re.compile(
    r"^\W*(?:improved?|increas\w+|reduc\w+|fewer|more|better|greater|enhanced?|enabl\w+|raised|"
    r"strengthened|maximis\w+|risk|useful|impact|what|number|%|percentage|all )\b",
    re.IGNORECASE,
)
_DOING = re.compile(
    r"^\W*(?:to )?(?:accelerate|agree|allocate|analyse|appoint|arrange|assess|attend|audit|build|"
    r"carry out|check|circulate|clarify|collate|commission|complete|conduct|consider|consult|"
    r"coordinate|co-ordinate|create|define|deliver|design|determine|develop|disseminate|distribute|"
    r"draft|embed|engage|ensure|establish|evaluate|examine|expand|explore|extend|finalise|find|"
    r"hold|identify|implement|include|integrate|introduce|invite|invest|involve|launch|liaise|link|"
    r"list|look|maintain|map|meet|mobilise|monitor|negotiate|organise|pilot|plan|prepare|present|"
    r"procure|produce|promote|provide|publish|raise|recommend|recruit|refer|refresh|reinforce|"
    r"report|"
    r"review|roll out|scope|secure|seek|set up|share|sign|support|test|train|undertake|update|use|"
    r"work|write)\b|\bto be \w+(?:ed|en|t)\b|^\W*(?:letter|review|analysis|consultation) (?:to|"
    r"of|with)\b",
    re.IGNORECASE,
)


def read_plan(path: Path, slug: str, schema: Schema, known: Tables | None = None) -> Draft:
    """Read an action plan as a draft for a partnership.

    `known` are the tables that the partnership has already: leads are linked to what they name.
    Nothing is raised for a bad file: the draft holds the problem.
    """
    blocks, problem = read_document(path)
    if problem:
        return Draft(Imported(Tables(slug, (), None), problems=(problem,)))
    plan = read_plans(blocks)
    if not plan.rows:
        advice = (
            "Give the columns of the plan headers such as Action, Lead, Deadline and Progress, or "
            "fill in the workbook: fingerpost template"
        )
        expected = "a table whose headers are those of an action plan"
        empty = Imported(
            Tables(slug, (), None), problems=(Problem(path.name, 0, "", "", expected, advice),)
        )
        return Draft(empty)
    return _Drafter(path.name, slug, schema, known, blocks, plan).draft()


# ---------------------------------------------------------------- rows


@dataclass(slots=True)
class _Made:
    """A row being made."""

    table: str
    id: str
    cells: dict[str, str]
    sure: float
    doubts: list[Doubt] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _At:
    """Where something stands: the name of the place, what sort of place, its lines."""

    name: str
    kind: str
    lines: str
    description: str = ""


def _of_block(block: Text) -> _At:
    return _At(block.place, "list item" if block.kind == "item" else block.kind, block.line)


class _Drafter:
    """Makes the rows of one document, in its order."""

    def __init__(
        self,
        file: str,
        slug: str,
        schema: Schema,
        known: Tables | None,
        blocks: Sequence[Block],
        plan: Plan,
    ) -> None:
        self._file, self._slug, self._schema = file, slug, schema
        self._blocks, self._plan = blocks, plan
        self._made: list[_Made] = []
        self._ids: set[str] = set()
        self._parts: dict[str, _At] = {}
        self._left: dict[tuple[str, str], int] = {}
        self._head: Head = head_of(blocks)
        known = _without_source(known, _id_of("plan", self._head.title or file))
        leads = [p.text for r in plan.rows for c in ("lead", "support") for p in r.cell(c)]
        texts = _texts(blocks, set(leads))
        pairs = [name_and_post([text_of(c) for c in line.cells]) for _, line in plan.others]
        self._people: People = people_of(texts, leads, pairs, known)
        headings = frozenset(normal(s.text) for s in plan.sections)
        self._leads = Leads(
            Directory(known, [*texts, *leads]), self._people, headings, first_words(leads)
        )
        self._legend = legend_in(texts)
        self._sections: dict[str, _Made] = {}
        self._records: dict[tuple[str, str], str] = {}
        self._progress: list[_Made] = []
        self._of_row: dict[int, _RowRecords] = {}
        self._cleaned: dict[str, str] = {}
        self._ids |= {row.id for row in known.rows} if known else set()
        self._source = ""

    def draft(self) -> Draft:
        """Everything that the document gives."""
        self._add_source()
        self._add_stated_objectives()
        for row in self._plan.rows:
            self._add_row(row)
        self._add_told_gaps()
        self._add_parts()
        self._count_left()
        return self._finished()

    # -------------------------------------------------------- the source

    def _add_source(self) -> None:
        title = self._clean(self._head.title) or self._file
        cells = {
            "title": title,
            "kind": self._head.kind,
            "document": self._clean(self._file) or "(name left out)",
            "date": self._head.date,
            "date_ground": self._head.ground,
        }
        doubts = []
        if not self._head.date:
            doubts.append(Doubt("date", "The document gives no date. Fill in what it speaks for."))
        elif "no date" in self._head.ground:
            doubts.append(Doubt("date", "Concluded from a year in the title or head."))
        self._source = self._new_id("plan", title)
        sure = 0.9 if self._head.date and not doubts else 0.4
        self._made.append(_Made("sources", self._source, cells, sure, doubts))
        if self._head.title_place:
            self._parts[self._head.title_place] = _At(
                self._head.title_place, "heading", "", "Title"
            )

    # -------------------------------------------------------- objectives

    def _add_stated_objectives(self) -> None:
        """Visions, aims and priorities that stand outside the plan itself."""
        for block in self._blocks:
            if isinstance(block, Text) and block.kind != "item":
                found = NUMBERED.match(block.text)
                kind = _KIND_OF.get(found["kind"].lower().replace(" ", "")) if found else None
                numbered = found and re.search(r"\d|one|two|three|four|five|six", found[0], re.I)
                if found and kind and numbered and len(block.text.split()) > 2:
                    self._section_objective(block.text, kind, _of_block(block))
        for place, line in self._plan.others:
            texts = [cell for cell in line.cells if cell]
            label = text_of(texts[0]).lower().strip(" :") if len(texts) == 2 else ""
            kind = _KIND_OF.get(re.sub(r"ies$", "y", label).removesuffix("s"), "")
            if kind:
                for number, part in enumerate(texts[1], start=1):
                    many = len(texts[1]) > 1
                    name = f"{place}, item {number}" if many else place
                    at = _At(name, "list item" if many else "table row", line.line)
                    text = re.sub(r"^\(?\w{1,2}[.)]\s+", "", part.text)
                    self._section_objective(text, kind, at)

    def _section_objective(self, text: str, kind: str, at: _At) -> _Made | None:
        """The objective of a heading; one that says the same again adds its place."""
        cleaned = self._clean(text)
        if not cleaned:
            return None
        key = _core(cleaned)
        for other, made in self._sections.items():
            if made.cells["kind"] == kind and fuzz.ratio(key, other) >= 80:
                self._cite(made, at)
                return made
        made = self._new("objectives", cleaned, {"kind": kind}, at, 0.85)
        self._sections[key] = made
        return made

    def _objective_of_section(self, section: Section | None) -> str:
        if section is None:
            return ""
        found = NUMBERED.match(section.text)
        kind = _KIND_OF.get(found["kind"].lower().replace(" ", ""), "theme") if found else "theme"
        at = _At(section.place, "heading", section.line)
        made = self._section_objective(section.text, kind, at)
        return made.id if made else ""

    def _row_objective(self, row: PlanRow) -> tuple[str, list[_Made]]:
        """The objective that a row serves, and the actions that its cell lists as bullets."""
        first = row.first or row
        known = self._of_row.get(id(first))
        if row.first is not None and known is not None:
            return known.objective, []
        cell = row.cell("objective")
        section = self._objective_of_section(row.section)
        if not cell or is_rating(text_of(cell)):
            return section, []
        at = _At(f"{row.place}, objective", "table cell", _lines(row))
        header = row.headers.get("objective", "").lower()
        kind = next(
            (k for w, k in _KIND_OF.items() if re.search(rf"\b{w[:-1]}", header)), "objective"
        )
        head = [part.text for part in cell if not part.item] or [cell[0].text]
        bullets = [part for part in cell if part.item and part.text not in head]
        again = self._again("objectives", " ".join(head), section)
        if again is not None and not bullets and row.cell("action"):
            self._cite(again, at)
            return again.id, []
        cells = {"kind": kind, "part_of": section}
        cells["description"] = self._wanted(row) if not row.cell("action") else ""
        made = self._new("objectives", " ".join(head), cells, at, 0.9)
        if not row.cell("action"):
            self._outcomes(row, made)
        actions = [
            self._new(
                "actions",
                part.text,
                {"objective": made.id, "status": "not recorded"},
                _At(f"{row.place}, objective, item {number}", "list item", _lines(row)),
                0.7,
            )
            for number, part in enumerate(bullets, start=1)
        ]
        return made.id, actions

    def _again(self, table: str, text: str, section: str = "") -> _Made | None:
        """The row made last of a table, if a cell says the same once more."""
        last = next((m for m in reversed(self._made) if m.table == table), None)
        if last is None or last.cells.get("part_of", "") != section:
            return None
        said = last.cells.get("description") or last.cells["name"]
        return last if normal(said) == normal(self._clean(text)) else None

    def _outcomes(self, row: PlanRow, objective: _Made) -> None:
        for number, part in enumerate(row.cell("outcome"), start=1):
            at = _At(f"{row.place}, outcome, paragraph {number}", "paragraph", _lines(row))
            cells = {"kind": "outcome", "part_of": objective.id}
            self._new("objectives", part.text, cells, at, 0.75)

    # -------------------------------------------------------- rows of the plan

    def _add_row(self, row: PlanRow) -> None:
        objective, bullets = self._row_objective(row)
        gaps = self._gaps(row)
        records = _RowRecords(objective, [gap.id for gap in gaps])
        self._of_row[id(row)] = records
        if row.first is not None and not gaps:
            above = self._of_row.get(id(row.first))
            records.gaps = list(above.gaps) if above else []
        deadline, inherited = self._deadline(row)
        status = self._status(row, deadline)
        actions = self._actions(row, records, gaps)
        for action in bullets:
            self._set_deadline(action, deadline, True)
        in_order = self._in_order(row, actions)
        for number, action in enumerate(actions):
            is_part = bool(action.cells.get("part_of"))
            own = self._own_deadline(action) if is_part else Deadline()
            own = in_order[number] if in_order else own
            if own.text:
                self._set_deadline(action, own, False)
            else:
                self._set_deadline(action, deadline, inherited or is_part)
        tops = [action for action in actions if not action.cells.get("part_of")]
        for action in tops:
            self._set_status(action, status)
            if len(tops) > 1 and status.word != "not recorded":
                action.doubts.append(Doubt("status", "The row has one status for several actions."))
                action.sure = min(action.sure, 0.6)
        subjects = [action.id for action in tops] or ([objective] if objective else [])
        if subjects:
            self._add_progress(row, subjects, actions if len(tops) > 1 else actions[1:])
            self._add_leads(row, subjects)
        elif row.cell("lead") or row.cell("progress"):
            self._leave("leads or progress of rows without an action", "Nothing could hold them.")

    def _gaps(self, row: PlanRow) -> list[_Made]:
        found = []
        parts = _grouped(row.cell("gap"))
        for number, text in enumerate(parts, start=1):
            suffix = f", gap, paragraph {number}" if len(parts) > 1 else ", gap"
            at = _At(f"{row.place}{suffix}", "paragraph", _lines(row))
            again = self._again("gaps", text)
            if again is not None:
                self._cite(again, at)
            found.append(again or self._gap(text, at, 0.85, "stated", ""))
        if not row.cell("gap"):
            text = self._clean(row.text("action"))
            if text and tells_of_a_gap(text):
                at = _At(row.place, "table row", _lines(row))
                ground = "The words of the action say that something is lacking."
                found.append(self._gap(row.text("action"), at, 0.5, "inferred", ground))
        return [gap for gap in found if gap is not None]

    def _gap(self, text: str, at: _At, sure: float, basis: str, ground: str) -> _Made:
        kind, told = gap_kind(text)
        for made in self._made:
            again = (
                made.table == "gaps" and basis == "inferred" and made.cells["kind_of_gap"] == kind
            )
            if (
                again
                and _shared(text, made.cells.get("description") or made.cells["name"], 3) >= 0.6
            ):
                self._cite(made, at)
                return made
        cells = {"kind_of_gap": kind, "basis": basis, "ground": ground}
        made = self._new("gaps", text, cells, at, sure if told else sure - 0.25)
        if not told:
            made.doubts.append(Doubt("kind_of_gap", "No word of the text tells the kind of gap."))
        return made

    def _actions(self, row: PlanRow, records: "_RowRecords", gaps: Sequence[_Made]) -> list[_Made]:
        """The actions of a row: its own first, then those that are part of it."""
        parts = _grouped(row.cell("action"))
        lists = _listed(row.cell("action"))
        if not lists and len(parts) > 1 and all(_DOING.match(text) for text in parts):
            lists = parts
        outputs = [part.text for part in row.cell("outcome") if part.item]
        milestones = _grouped(row.cell("milestone"))
        base = {
            "objective": records.objective,
            "answers_gap": SEPARATOR.join(records.gaps),
            "status": "not recorded",
        }
        if not parts:
            texts = milestones or ([] if row.cell("objective") or row.cell("gap") else outputs)
            return [
                self._part_action(row, text, number, base, "", "outcome")
                for number, text in enumerate(texts, start=1)
            ]
        at = _At(row.place, "table row", _lines(row))
        whole = gaps and row.cell("gap") and len(parts) > 1
        if whole:
            top = self._new("actions", row.cell("gap")[0].text, base, at, 0.6)
            top.cells["basis"] = "inferred"
            top.cells["ground"] = "The row as a whole, named by what it is to improve."
            subs = list(enumerate(parts, start=1))
        elif len(lists) > 1 and len(lists) == len(parts):
            return [
                self._part_action(row, text, number, base, "", "action")
                for number, text in enumerate(parts, start=1)
            ]
        else:
            listed = [text for text in parts if text in lists]
            name = " ".join(text for text in parts if text not in lists) or parts[0]
            description = self._wanted(row)
            top = self._new("actions", name, {**base, "description": description}, at, 0.9)
            subs = [(n, t) for n, t in enumerate(parts, start=1) if t in listed and t != name]
        made = [top]
        for number, text in subs:
            made.append(self._part_action(row, text, number, base, top.id, "action"))
        for number, text in enumerate(milestones, start=1):
            made.append(self._part_action(row, text, number, base, top.id, "milestone"))
        for number, text in enumerate(outputs, start=1):
            if _is_further_action(row, text):
                part = self._part_action(row, text, number, base, top.id, "outcome")
                part.cells["basis"] = "inferred"
                part.cells["ground"] = "It stands in a column of results and says what to do."
                part.sure = 0.5
                made.append(part)
        return made

    def _part_action(
        self, row: PlanRow, text: str, number: int, base: Mapping[str, str], top: str, column: str
    ) -> _Made:
        at = _At(f"{row.place}, {column}, item {number}", "list item", _lines(row))
        cells = {**base, "part_of": top}
        if top:
            cells["answers_gap"] = ""
        return self._new("actions", text, cells, at, 0.8)

    def _wanted(self, row: PlanRow) -> str:
        """What a row wants to reach and how that is measured, for a description."""
        said = []
        wanted = [
            self._clean(p.text)
            for p in row.cell("outcome")
            if not (p.item and row.cell("action") and _is_further_action(row, p.text))
        ]
        measures = [self._clean(p.text) for p in row.cell("measure")]
        if row.cell("action") and any(wanted):
            said.append("Wanted: " + ", ".join(t.rstrip(" .,") for t in wanted if t) + ".")
        if any(measures):
            said.append("Measured by: " + ", ".join(t.rstrip(" .,") for t in measures if t) + ".")
        return " ".join(said)

    # -------------------------------------------------------- deadlines and statuses

    def _deadline(self, row: PlanRow) -> tuple[Deadline, bool]:
        """The deadline of a row, and whether it is that of a row above."""
        text = self._clean(row.text("deadline"))
        found = deadline_of(text, self._head.years) if text else Deadline()
        if found.text:
            return found, "deadline" in row.inherited
        if row.first is not None and row.first.cell("deadline") and not row.cell("deadline"):
            given = deadline_of(self._clean(row.first.text("deadline")), self._head.years)
            heirs = [r for r in self._plan.rows if r.first is row.first]
            if given.kind != "said to be done" and not any(r.cell("deadline") for r in heirs):
                return given, True
        header = row.headers.get("progress", "").lower()
        if not row.cell("deadline") and re.search(r"time|date|when|deadline", header):
            return deadline_within(self._clean(row.text("progress")), self._head.years), False
        return found, False

    def _in_order(self, row: PlanRow, actions: Sequence[_Made]) -> list[Deadline]:
        """One deadline an action, where a cell lists as many dates as the row has actions."""
        if len(actions) < 2 or any(action.cells.get("part_of") for action in actions):
            return []
        text = self._clean(row.text("deadline"))
        dates = [d for d in dates_in(text, self._head.years) if d.fineness >= 1]
        if len(dates) != len(actions):
            return []
        ground = "The dates of the cell are matched to the actions by their order."
        return [Deadline(text, date.edtf, "fixed", ground, 0.6) for date in dates]

    def _own_deadline(self, action: _Made) -> Deadline:
        text = action.cells.get("description") or action.cells["name"]
        return deadline_within(text, self._head.years)

    def _set_deadline(self, action: _Made, deadline: Deadline, inherited: bool) -> None:
        cells = action.cells
        kind = deadline.kind
        if inherited and deadline.text and kind not in ("none", "said to be done"):
            kind = "inherited"
            cells["note"] = "The deadline is that of the row or cell it belongs to."
        elif inherited and kind in ("none", "said to be done"):
            deadline, kind = Deadline(), "none"
        cells["deadline_as_given"], cells["deadline"] = deadline.text, deadline.edtf
        cells["deadline_kind"] = kind
        if deadline.ground and not inherited:
            self._infer(action, f"Deadline: {deadline.ground}")
        if deadline.sure < 0.7:
            action.doubts.append(Doubt("deadline", deadline.ground or "It could not be read."))
            action.sure = min(action.sure, deadline.sure + 0.1)

    def _infer(self, made: _Made, ground: str) -> None:
        made.cells["basis"] = "inferred"
        before = made.cells.get("ground", "")
        made.cells["ground"] = f"{before} {ground}".strip()

    def _status(self, row: PlanRow, deadline: Deadline) -> Status:
        text = "\n".join(self._clean(t) for t in _grouped(row.cell("progress")))
        said = status_of(text) if text.strip() else Status()
        rated = rag_of(row.text("rag"), self._legend) if row.cell("rag") else None
        if rated is None and row.cell("progress"):
            rated = rag_of(text, self._legend)
            if rated is not None and len(text.split()) <= 3:
                return rated
        if rated is not None and said.word == "not recorded":
            return rated
        if deadline.kind == "said to be done" and said.word in ("not recorded", "in progress"):
            return Status("said to be done", 0.85)
        return said

    def _set_status(self, action: _Made, status: Status) -> None:
        action.cells["status"] = status.word
        if status.ground:
            self._infer(action, f"Status: {status.ground}")
        if status.sure < 0.7:
            why = "The progress cell says several things." if not status.ground else status.ground
            action.doubts.append(Doubt("status", why))
            action.sure = min(action.sure, status.sure + 0.15)

    # -------------------------------------------------------- progress

    def _add_progress(
        self, row: PlanRow, subjects: Sequence[str], actions: Sequence[_Made]
    ) -> None:
        """The statements of a progress cell, each about one of several actions or about the row."""
        subject = SEPARATOR.join(subjects)
        parts = _grouped(row.cell("progress"))
        for number, text in enumerate(parts, start=1):
            cleaned = self._clean(text)
            if not cleaned or not re.search(r"\w{2}", cleaned) or cleaned == NAME:
                continue
            suffix = f", progress, paragraph {number}" if len(parts) > 1 else ", progress"
            at = _At(f"{row.place}{suffix}", "paragraph", _lines(row))
            for clause in clauses(cleaned):
                if len(clause.split()) > 2 and tells_of_a_gap(clause, reported=True):
                    ground = "The progress cell says that something is lacking."
                    self._gap(clause, at, 0.4, "inferred", ground)
            about = self._about(cleaned, actions) or subject
            again = self._pasted(cleaned)
            if again is not None:
                self._cite(again, at)
                named = again.cells["action"].split(SEPARATOR)
                again.cells["action"] = SEPARATOR.join(dict.fromkeys([*named, about]))
                continue
            status = status_of(cleaned)
            word = status.word if status.word != "not recorded" else ""
            cells = {"action": about, "description": cleaned, "status": word}
            happened = [d for d in dates_in(cleaned) if d.fineness >= 2]
            if len(happened) == 1 and not happened[0].ground:
                cells["dated"] = happened[0].edtf
            made = self._new("progress", cleaned, cells, at, min(0.8, status.sure))
            if about != subject:
                made.sure = min(made.sure, 0.55)
                made.doubts.append(Doubt("action", "Linked to the part whose words it shares."))
                part = next(a for a in actions if a.id == about)
                if word and part.cells["status"] == "not recorded":
                    self._set_status(part, Status(word, 0.6, "A progress paragraph is about it."))
            self._progress.append(made)

    def _about(self, text: str, actions: Sequence[_Made]) -> str:
        """The part of an action whose words a statement of progress shares, if one does.

        Words that several parts have do not tell them apart.
        """
        stems = [_stems(a.cells.get("description") or a.cells["name"]) for a in actions]
        said = _stems(text)
        best, found = 0.0, ""
        for action, own in zip(actions, stems, strict=True):
            telling = {w for w in own & said if sum(w in other for other in stems) == 1}
            share = len(own & said) / max(1, min(len(own), len(said)))
            if telling and share > best:
                best, found = share, action.id
        return found if best >= _ABOUT else ""

    def _pasted(self, text: str) -> _Made | None:
        if len(text) < _PASTED:
            return None
        for made in self._progress:
            other = made.cells["description"]
            if fuzz.ratio(normal(other), normal(text)) >= _SAME:
                return made
        return None

    # -------------------------------------------------------- leads

    def _add_leads(self, row: PlanRow, subjects: Sequence[str]) -> None:
        header = row.headers.get("lead", "").lower()
        mixed = bool(re.search(r"support|partner", header)) and "lead partner" not in header
        found = [(m, "lead") for m in self._mentions(row, "lead", mixed)]
        found += [(m, "support") for m in self._mentions(row, "support", False)]
        at = _At(row.place, "table row", _lines(row))
        for mention, column in found:
            record = self._record(mention, at)
            for subject in subjects:
                cells = {
                    "action": subject,
                    "role": "support" if column == "support" else mention.role or "lead",
                    "by": record,
                    "condition": self._clean(mention.condition),
                    "basis": "inferred" if mention.ground else "stated",
                    "ground": mention.ground,
                }
                made = self._new("leads", f"{subject} {record}", cells, at, mention.sure)
                if mention.doubt:
                    made.doubts.append(Doubt("by", mention.doubt))
                elif mention.sure < 0.7:
                    why = mention.ground or "Its form alone tells what it is."
                    made.doubts.append(Doubt("by", why))

    def _mentions(
        self, row: PlanRow, column: Literal["lead", "support"], mixed: bool
    ) -> list[Mention]:
        parts = [part.text for part in row.cell(column)]
        return self._leads.read(parts, mixed=mixed, role=column)

    def _record(self, mention: Mention, at: _At) -> str:
        """The id of who is mentioned: a known one, or one newly met."""
        if mention.record:
            return mention.record
        key = (mention.kind, normal(mention.name))
        if key in self._records:
            made = next(m for m in self._made if m.id == self._records[key])
            self._cite(made, at)
            return made.id
        name = self._clean(mention.name) or mention.name
        cells: dict[str, str] = {}
        other = self._leads.directory.long_forms.get(name, "")
        short = self._leads.directory.short_form(name)
        if other or short:
            cells["also_called"] = self._clean(other or short).replace(";", ",")
        if mention.kind == "posts":
            cells["filled"] = "not stated"
        made = self._new(mention.kind, name, cells, at, mention.sure - 0.1)
        if mention.sure < 0.75 and re.fullmatch(r"[A-Z&.]{2,}", name):
            made.doubts.append(Doubt("name", "An acronym that the document does not explain."))
        self._near(made, mention)
        self._records[key] = made.id
        return made.id

    def _near(self, made: _Made, mention: Mention) -> None:
        """Mark one newly met that resembles one met before."""
        for other in self._made:
            if other.table == made.table and other is not made:
                likeness = fuzz.token_sort_ratio(normal(other.cells["name"]), normal(mention.name))
                if likeness >= _SAME and not re.fullmatch(r"[A-Z]{2,}", mention.name):
                    made.cells["possibly_the_same_as"] = other.id
                    why = f"Perhaps another spelling of {other.cells['name']}."
                    made.doubts.append(Doubt("name", why))
                    made.sure = min(made.sure, 0.5)
                    return

    # -------------------------------------------------------- gaps told in the text

    def _add_told_gaps(self) -> None:
        """Sentences outside the plan that say something is lacking."""
        said = [
            m.cells.get("description") or m.cells["name"] for m in self._made if m.table == "gaps"
        ]
        for block in self._blocks:
            if not isinstance(block, Text) or block.kind == "heading":
                continue
            for sentence in clauses(re.sub(r"^\(?\d{1,3}[.)]?\s+", "", block.text)):
                if len(sentence.split()) < 5 or not tells_of_a_gap(sentence):
                    continue
                cleaned = self._clean(sentence)
                if not cleaned or any(fuzz.token_set_ratio(cleaned, s) >= 90 for s in said):
                    continue
                said.append(cleaned)
                at = _of_block(block)
                ground = "A sentence of the text says that something is lacking."
                self._gap(sentence, at, 0.45, "inferred", ground)

    # -------------------------------------------------------- places

    def _add_parts(self) -> None:
        """The places that records cite, and the headings of the plan's tables."""
        cited = [
            place
            for made in self._made
            for place in made.cells.get("place", "").split(SEPARATOR)
            if place
        ]
        for header in self._plan.headers:
            if header.place not in self._parts:
                self._parts[header.place] = _At(header.place, "heading", header.line, "Headers")
        for name, at in self._parts.items():
            cells = {"name": name, "kind": at.kind, "lines": at.lines, "source": self._source}
            if name not in cited:
                cells["holds_none_because"] = "heading"
            identifier = self._new_id("part", name)
            self._made.append(_Made("source_parts", identifier, cells, 0.95))

    def _count_left(self) -> None:
        places = {
            place for made in self._made for place in made.cells.get("place", "").split(SEPARATOR)
        }
        texts = [b for b in self._blocks if isinstance(b, Text) and b.kind != "heading"]
        unread = sum(block.place not in places for block in texts)
        rows = sum(place not in places for place, _ in self._plan.others)
        for column in _NOT_KEPT:
            cells = sum(bool(row.cell(column)) for row in self._plan.rows)
            if cells:
                what = "ratings of risk or rank" if column == "rating" else "cells of other columns"
                self._leave(what, "The form has no column for them.", cells)
        if self._people.met:
            self._leave("names of people", "Posts are recorded, not people.", self._people.met)
        if unread:
            self._leave("paragraphs", "Nothing was drawn from them; read them.", unread)
        if rows:
            self._leave("rows of other tables", "Their headers are not those of a plan.", rows)

    def _leave(self, what: str, why: str, times: int = 1) -> None:
        self._left[(what, why)] = self._left.get((what, why), 0) + times

    # -------------------------------------------------------- making rows

    def _new(self, table: str, text: str, cells: Mapping[str, str], at: _At, sure: float) -> _Made:
        """A new row, named by its text; what is too long for a name is its description."""
        cleaned = self._clean(text) or "(text left out)"
        own: dict[str, str] = {}
        if table not in ("leads", "progress"):
            own["name"] = shortened(cleaned)
            if own["name"] != cleaned and table in ("gaps", "actions", "objectives"):
                own["description"] = cleaned
        described = " ".join(filter(None, (own.get("description"), cells.get("description"))))
        merged = {**own, **{k: v for k, v in cells.items() if v}}
        if described:
            merged["description"] = described
        merged.setdefault("basis", "stated")
        merged["source"] = self._source
        identifier = self._new_id(_PREFIX.get(table, table[:-1]), cleaned)
        made = _Made(table, identifier, merged, round(max(sure, 0.05), 2))
        if table in _TOLD and may_name_somebody(cleaned, self._people):
            column = "description" if "description" in merged else "name"
            why = "It may hold the name of a person: look, and if so take it out."
            made.doubts.append(Doubt(column, why))
            made.sure = min(made.sure, 0.5)
        self._made.append(made)
        self._cite(made, at)
        return made

    def _cite(self, made: _Made, at: _At) -> None:
        places = [p for p in made.cells.get("place", "").split(SEPARATOR) if p]
        if at.name not in places:
            made.cells["place"] = SEPARATOR.join([*places, at.name])
        self._parts.setdefault(at.name, at)

    def _clean(self, text: str) -> str:
        """A text without people and without statements that hold a contact, counted once."""
        if text not in self._cleaned:
            self._cleaned[text] = self._without(text)
        return self._cleaned[text]

    def _without(self, text: str) -> str:
        without = without_people(text, self._people)
        if not contact_in(without):
            return without.strip()
        kept = [clause for clause in clauses(without) if not contact_in(clause)]
        self._leave("statements with a contact", "Contacts are not recorded.")
        joined = " ".join(kept)
        return "" if contact_in(joined) else joined.strip()

    def _new_id(self, prefix: str, text: str) -> str:
        """An id that no row has, from what a row says."""
        base = _id_of(prefix, text)
        identifier, number = base, 1
        while identifier in self._ids:
            number += 1
            identifier = f"{base}-{number}"
        self._ids.add(identifier)
        return identifier

    def _finished(self) -> Draft:
        order = {klass.table: klass.order for klass in self._schema}
        tables = dict.fromkeys(sorted((m.table for m in self._made), key=lambda t: order[t]))
        rows, sureness = [], []
        for table in tables:
            columns = {p.key for p in self._schema.by_table(table).columns}
            made = [m for m in self._made if m.table == table]
            for number, found in enumerate(made, start=2):
                cells = {k: v for k, v in found.cells.items() if v and k in columns}
                rows.append(Row(table, self._file, number, found.id, cells))
                sure = round(found.sure, 2)
                sureness.append(Sureness(table, found.id, sure, tuple(found.doubts)))
        left = tuple(sorted(Left(what, times, why) for (what, why), times in self._left.items()))
        imported = Imported(Tables(self._slug, tuple(rows), None), left)
        return Draft(imported, tuple(sureness))


def _id_of(prefix: str, text: str) -> str:
    """An id from what a row says, never from where or when it was read."""
    words = re.findall(r"[a-z0-9]+", normal(text.replace(NAME, "")))
    kept = [w for w in words if w not in _DULL][:7] or words[:3] or ["row"]
    base = "-".join([prefix, *kept])[:70].rstrip("-")
    hidden = contact_in(base.replace("-", "")) or contact_in(base.replace("-", " "))
    return prefix if hidden else base


def _without_source(known: Tables | None, source: str) -> Tables | None:
    """The known tables without what an earlier import of the same document gave.

    So that importing a document again gives the same rows again.
    """
    if known is None:
        return None
    rows = tuple(r for r in known.rows if source not in (r.id, r.cells.get("source")))
    return Tables(known.slug, rows, known.counts)


@dataclass(slots=True)
class _RowRecords:
    """What was made of a row, for the rows that go on with it."""

    objective: str
    gaps: list[str]


_TOLD = {"gaps", "actions", "objectives", "progress"}
"""The tables whose texts are sentences of the document."""
_NOT_KEPT: tuple[Column, ...] = ("rating", "other")
_PREFIX = {
    "objectives": "obj",
    "gaps": "gap",
    "actions": "act",
    "leads": "lead",
    "progress": "prog",
    "agencies": "agency",
    "bodies": "body",
    "posts": "post",
}
_DULL = {"the", "a", "an", "of", "and", "to", "in", "for", "on", "with", "act", "obj"}
_CONTENT = re.compile(r"[a-z]{3,}")


def _stems(text: str) -> set[str]:
    return {w[:6] for w in _CONTENT.findall(text.lower()) if w not in SMALL}


def _shared(first: str, second: str, least: int = 2) -> float:
    """Which share of the content words of the shorter text the longer has too; 0 for too few."""
    a, b = _stems(first), _stems(second)
    both = a & b
    return len(both) / min(len(a), len(b)) if len(both) >= least else 0.0


def _is_further_action(row: PlanRow, text: str) -> bool:
    """Whether a bullet among results says what to do, and more than the action of its row says."""
    adds = len(_stems(text) - _stems(row.text("action"))) >= _ADDS
    return adds and bool(_DOING.search(text)) and not _RESULTS.match(text)


def _core(text: str) -> str:
    """What a heading says behind its number."""
    found = NUMBERED.match(text)
    rest = text[found.end() :] if found else text
    return normal(rest) or normal(text)


def _lines(row: PlanRow) -> str:
    numbers = [n for line in row.lines for n in re.findall(r"\d+", line)]
    if not numbers:
        return ""
    return numbers[0] if len(set(numbers)) == 1 else f"{numbers[0]}-{numbers[-1]}"


def _texts(blocks: Sequence[Block], without: set[str]) -> list[str]:
    """All texts of a document but some."""
    found: list[str] = []
    for block in blocks:
        if isinstance(block, Text):
            found.append(block.text)
        else:
            found += [part.text for line in block.lines for cell in line.cells for part in cell]
    return [text for text in found if text not in without]


def _grouped(cell: Cell) -> list[str]:
    """The things a cell says: a paragraph that ends with a colon takes in the items below it."""
    found: list[str] = []
    opened = False
    for part in cell:
        if part.item and opened and found:
            sep = " " if found[-1].endswith(":") else ", "
            found[-1] = f"{found[-1]}{sep}{part.text.rstrip(' .;,')}"
        else:
            found.append(part.text)
            opened = not part.item and part.text.endswith(":")
    return found


def _listed(cell: Cell) -> list[str]:
    """The items of a cell that stand for themselves."""
    grouped = _grouped(cell)
    return [part.text for part in cell if part.item and part.text in grouped]


def shortened(text: str) -> str:
    """A text as a name: its first statement, cut between words where it is long."""
    first = next(iter(clauses(text)), text).rstrip(" .;,:")
    if len(first) <= _LONGEST_NAME:
        return first
    cut = first[: _LONGEST_NAME - 1].rsplit(" ", 1)[0].rstrip(" ,;:–-(")
    return f"{cut}…"


def rows_of(draft: Draft) -> Iterator[tuple[Row, float, tuple[Doubt, ...]]]:
    """Every row with how sure it is and what is doubtful, the least sure first."""
    rows = {(row.table, row.id): row for row in draft.imported.tables.rows}
    for one in sorted(draft.sureness, key=lambda s: (s.confidence, s.table, s.id)):
        yield rows[one.table, one.id], one.confidence, one.doubts
