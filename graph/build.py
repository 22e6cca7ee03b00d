"""Tables to the statements of a release, block by block; all problems at once.

There is a named graph a source. What cells mean is read in `graph/meaning.py`, and written as
statements in `graph/statements.py`. What can only be judged over whole records is left to the
shapes (`ontology/violations.py`), whose findings come back with the file, row and column they stand
in.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from graph.collecting import no_circles
from graph.errors import InputError, Problem
from graph.ids import id_of
from graph.meaning import Known, said_in
from graph.sources.names import SEPARATOR
from graph.sources.reading import read_tables
from graph.sources.rows import Tables, duplicates
from graph.statements import (
    Forms,
    Said,
    block_of,
    code_lines,
    columns_of,
    forms_of,
    subjects_of,
)
from graph.unmarked import safety_problems
from ontology.columns import read_columns
from ontology.judging import Verdicts
from ontology.namespaces import BASE, FP, SHARED
from ontology.schema import Schema, shared
from ontology.violations import Violation, kinds_among, kinds_of, violations_among

Progress = Callable[[str], None]


def build_dataset(
    paths: Iterable[Path], schema: Schema, progress: Progress = lambda _: None
) -> list[bytes]:
    """Read and validate partnerships, each a folder or a workbook: the content of a release.

    Raises InputError with every problem found in all of them; nothing is written.
    """
    problems: list[Problem] = []

    def read() -> Iterator[Tables]:
        for path in paths:
            progress(f"reading {path.name}")
            tables, found = read_tables(path, schema)
            problems.extend(found)
            yield tables

    return dataset_of(read(), problems, schema, progress)


def dataset_of(
    partnerships: Iterable[Tables],
    problems: Iterable[Problem],
    schema: Schema,
    progress: Progress = lambda _: None,
) -> list[bytes]:
    """Validate tables, from whatever they were read: the content of a release, block by block.

    There is a block a partnership: what one says refers to its own records and to shared terms, and
    so it is read, checked and written without the others. `problems` are those met in reading, also
    while partnerships are still coming; they are told together with what is found here.

    Raises InputError with every problem found in all of them; nothing is written.
    """
    building = _Building(schema, forms_of(schema))
    with no_circles():
        building.add_shared()
        for tables in partnerships:
            building.add(tables)
        progress("looking for what tells of safe places")
        found = [*problems, *building.problems, *safety_problems(building.records)]
        found += _unreported(found, building.breaches_as_problems())
    if found:
        raise InputError([*dict.fromkeys(found)])
    return [building.content[start] for start in sorted(building.content)]


@dataclass(slots=True)
class _Building:
    """What is known of the partnerships so far: blocks by how their subjects begin, and faults."""

    schema: Schema
    forms: Forms
    known: Known = field(default_factory=dict)
    verdicts: Verdicts = field(default_factory=dict)
    shared_kinds: dict[str, str] = field(default_factory=dict)
    content: dict[str, bytes] = field(default_factory=dict)
    records: dict[str, Said] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    breaches: list[Violation] = field(default_factory=list)

    def add_shared(self) -> None:
        """Add what belongs to no partnership."""
        blocks = _shared_blocks(self.schema)
        self.shared_kinds = kinds_of(line for lines in blocks.values() for line in lines)
        for start, lines in blocks.items():
            self.breaches += violations_among(read_columns(lines), self.shared_kinds)
            self.content[start] = "".join(f"{line}\n" for line in lines).encode()

    def add(self, tables: Tables) -> None:
        """Read, check and write one partnership."""
        said, unread = said_in(tables, self.schema, self.known)
        self.problems += [*unread, *_count_problems(tables, self.schema), *_unaccounted(tables)]
        own = {one.id: one for one in said}
        if len(own) < len(said):
            self.problems += duplicates(tables.rows)
        self.records |= own
        in_order = sorted(own.values(), key=lambda one: f"{one.id}>")
        columns = columns_of(in_order, self.forms)
        self.breaches += violations_among(
            columns, kinds_among(columns) | self.shared_kinds, verdicts=self.verdicts
        )
        slug = quote(tables.slug)
        self.content[subjects_of(slug)] = block_of(in_order, slug, self.forms)

    def breaches_as_problems(self) -> list[Problem]:
        """What the shapes found, with the file, row and column."""
        return [_as_problem(v, self.records, self.schema) for v in self.breaches]


def _shared_blocks(schema: Schema) -> dict[str, list[str]]:
    """What belongs to no partnership, by how its subjects begin: shared terms, and the ontology."""
    ours = subjects_of(SHARED)
    blocks: dict[str, list[str]] = {ours: [], f"<{BASE}ontology": []}
    for line in sorted({*code_lines(shared(), schema)}):
        blocks[ours if line.startswith(ours) else f"<{BASE}ontology"].append(line)
    return blocks


def _unreported(problems: Sequence[Problem], found: Iterable[Problem]) -> list[Problem]:
    """What the shapes find, without what is told already."""
    found = list(found)
    reported = {(p.file, p.row, p.column) for p in problems}
    # Whether a ground is needed is only known where the basis is.
    reported |= {(p.file, p.row, "ground") for p in [*problems, *found] if p.column == "basis"}
    # A row whose id is wrong or taken is mixed up with another: nothing more is known of it.
    return [p for p in found if not {(p.file, p.row, p.column), (p.file, p.row, "id")} & reported]


def _count_problems(tables: Tables, schema: Schema) -> list[Problem]:
    if tables.counts is None:
        return []
    file = f"{tables.slug}/partnership.toml"
    held: dict[str, int] = {}
    for row in tables.rows:
        held[row.table] = held.get(row.table, 0) + 1
    known = {c.table for c in schema} - {"partnership", "sources"}
    problems = []
    for table in sorted(known & set(held) | set(tables.counts)):
        declared, actual = tables.counts.get(table, 0), held.get(table, 0)
        if declared != actual:
            advice = "Find the row that is missing or twice there, or correct the count."
            expected = f"{declared} rows in {table}, and {actual} are there"
            problems.append(Problem(file, 0, f"counts.{table}", "", expected, advice))
    return problems


def _unaccounted(tables: Tables) -> list[Problem]:
    """Places of a source that no record cites and that give no reason for it."""
    parts = [row for row in tables.rows if row.table == "source_parts"]
    if not parts:
        return []
    cells = {
        (row.cells.get("source", ""), row.cells.get(key, ""))
        for row in tables.rows
        for key in ("place", "other_side")
    }
    cited = {(s, place.strip()) for s, cell in cells for place in cell.split(SEPARATOR.strip())}
    problems = []
    for row in parts:
        key = row.cells.get("source", ""), row.cells.get("name", "")
        silent = not (row.cells.get("holds_none_because") or row.cells.get("repeats"))
        if silent and key not in cited:
            advice = 'Cite it in the "place" of a record, or say why it holds none.'
            expected = "a place that a record is drawn from, or a reason"
            problems.append(
                Problem(row.file, row.number, "holds none because", "", expected, advice)
            )
    return problems


def _as_problem(violation: Violation, records: Mapping[str, Said], schema: Schema) -> Problem:
    said = records.get(id_of(str(violation.focus)))
    if said is None:
        return Problem(
            "codes.ttl", 0, "", str(violation.focus), violation.message, "Mend the term."
        )
    row, klass = said.row, said.klass
    prop = next((p for p in klass.properties if p.iri == violation.path), None)
    header = prop.header if prop else ""
    shown = row.cells.get(prop.key, "") if prop and not prop.holds else ""
    advice = "Correct the row."
    expected = violation.message.rstrip(".")
    if violation.component == "MinCountConstraintComponent":
        expected, advice = "a value", "Fill the cell in; it may not be empty."
    elif violation.component == "MaxCountConstraintComponent":
        expected, advice = "one value", "Leave one value in the cell."
    elif violation.path == FP.ground:
        advice = "Fill in the ground, or write 'stated' if the source says it."
    return Problem(row.file, row.number, header, shown, expected, advice)
