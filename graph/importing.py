"""From a file to a draft, and from a draft to what is live: what every door shares.

A file from outside is read in a process of its own (`graph/sandbox.py`), joined with what is live,
validated together with it, and kept as a draft. Nothing here speaks to anybody or reads the clock:
the command line and the staff application do that, and tell the same of the same import.
"""

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from graph import diff, drafts
from graph.build import dataset_of
from graph.columns import frames_of
from graph.confidential import contact_in, hidden_in, without_hidden
from graph.derived import newest_days
from graph.errors import FingerpostError, InputError, Problem
from graph.ids import LOCAL, partnership_of
from graph.imports import contracts, grants, openreferral, rdf, sheets
from graph.imports.imported import Imported, Left
from graph.imports.mapping import FileMapping, read_mapping
from graph.imports.merge import merge, tables_of
from graph.imports.plan.draft import Draft, read_plan
from graph.imports.proposal import known_names, propose
from graph.kept_frames import keep_frames, kept_frames
from graph.model import PropertyGraph
from graph.public import ensure_public
from graph.release import Release, current_release, read_graph
from graph.sandbox import read_safely
from graph.sources import workbook
from graph.sources.marked import write_marked
from graph.sources.reading import WORKBOOK, read_tables
from graph.sources.rows import Tables
from graph.stores.protocol import Store
from ontology.schema import Schema

Progress = Callable[[str], None]
READERS: Mapping[str, Callable[..., Imported]] = MappingProxyType(
    {
        "openreferral": openreferral.read,
        "grants": grants.read,
        "contracts": contracts.read,
        "rdf": rdf.read_rdf,
    }
)
"""The readers of files in formats of others, by the name of the format."""


class UnknownPartnershipError(FingerpostError):
    """There is no partnership of that name to import into; `told` does not repeat the name."""

    def __init__(self, slug: str, known: Sequence[str]) -> None:
        self.told = f"there is none of that name. Live are: {', '.join(known) or 'none'}."
        super().__init__(
            f'There is no partnership "{slug}" to import into. '
            f"Live are: {', '.join(known) or 'none'}. "
            f"Start one: fingerpost template {slug}.xlsx, fill it in, fingerpost import workbook "
            f"{slug}.xlsx"
        )


@dataclass(frozen=True, slots=True)
class Changes:
    """What is otherwise between two releases.

    `moved_days` tells which partnerships would be asked about another day where none is named.
    """

    changes: tuple[diff.Change, ...]
    summary: tuple[str, ...]
    moved_days: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft that was made: what it would change, what clashed, and what was left out."""

    release: Release
    changes: Changes
    conflicts: tuple[str, ...]
    left: tuple[Left, ...]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a store holds after a release was loaded; `is_new` is false if it held it before."""

    release: Release
    nodes: int
    edges: int
    is_new: bool


def acting(name: str, when: datetime.datetime) -> drafts.By:
    """Who acts, as the history keeps it for good.

    Raises FingerpostError where the name holds a contact.
    """
    if hidden_in(name) or contact_in(name):
        raise FingerpostError("--by stays in the history: write a post or a name, and no contact.")
    return drafts.By(name, when)


def partnership_named(slug: str) -> str:
    """A partnership's name as it was written. Raises FingerpostError where it is none."""
    if not LOCAL.fullmatch(slug):
        raise FingerpostError(
            f'"{without_hidden(slug)}" is no name of a partnership: lower-case letters, digits and '
            "hyphens, such as dudley."
        )
    return slug


def live_graph(home: Path, schema: Schema) -> PropertyGraph | None:
    """The graph of the live release, or None where there is none."""
    live = drafts.live_release(home)
    return read_graph(live, schema) if live else None


# ---------------------------------------------------------------- reading


def is_form(path: Path, schema: Schema) -> bool:
    """Whether a workbook is in our form, or a folder that is read as one."""
    return path.is_dir() or read_safely(workbook.is_our_form, path, schema)


def read_form(path: Path, schema: Schema, progress: Progress) -> Imported:
    """A partnership's workbook in our form, or its folder of tables; its name is the slug."""
    tables, problems = read_safely(read_tables, path, schema, progress=progress)
    return Imported(tables, (), problems)


def read_own_sheet(
    path: Path, mapping: Path, slug: str, schema: Schema, progress: Progress
) -> tuple[Imported, FileMapping]:
    """A sheet in a form of its own, by a mapping that somebody has looked at.

    Raises InputError where the mapping is wrong.
    """
    how = read_mapping(mapping, schema)
    return read_safely(sheets.read_sheet, path, how, slug, schema, progress=progress), how


def proposed_mapping(
    path: Path, slug: str, home: Path, schema: Schema, progress: Progress
) -> FileMapping:
    """How the columns of a sheet could become ours, for a person to correct."""
    live = live_graph(home, schema)
    known = known_names(live, schema, slug) if live else {}
    return read_safely(propose, path, schema, known, progress=progress)


def plan_drafted(
    path: Path, slug: str, home: Path, schema: Schema, progress: Progress
) -> tuple[Draft, Tables | None]:
    """An action plan as a draft for review, and the tables that the partnership has already.

    Raises InputError where the document cannot be read as a plan.
    """
    live = live_graph(home, schema)
    known = tables_of(live, schema, slug) if live else None
    draft = read_safely(read_plan, path, slug, schema, known, progress=progress)
    if draft.imported.problems:
        raise InputError(draft.imported.problems)
    return draft, known


def marked_copies(
    problems: Sequence[Problem], paths: Sequence[Path], out: Callable[[Path], Path]
) -> Iterator[tuple[Path, int]]:
    """Write a copy of each workbook that has problems; yields each copy and its marked cells.

    `out` says where the copy of a workbook is written.
    """
    for path in paths:
        if path.suffix.lower() == WORKBOOK and any(path.name in p.file for p in problems):
            copy = out(path)
            yield copy, read_safely(write_marked, path, list(problems), copy)


# ---------------------------------------------------------------- drafting


def make_draft(
    imported: Imported,
    paths: Sequence[Path],
    by: drafts.By,
    home: Path,
    schema: Schema,
    *,
    whole: bool = False,
    mapping: FileMapping | None = None,
    most_rows: int | None = None,
    progress: Progress = lambda _: None,
) -> Drafted:
    """Join what was read with what is live, validate all of it, and keep it as the draft.

    With `whole` it replaces all of its partnership, which need not exist yet. `paths` are what it
    was read from; `most_rows` is how many rows an import may have.

    Raises InputError with every problem, in the words of the sheet where there is a `mapping`;
    UnknownPartnershipError where there is no such partnership; ChangedError where another release
    became live meanwhile.
    """
    if imported.problems:
        raise InputError(imported.problems)
    _refuse_many(imported, paths, most_rows)
    released = drafts.live_release(home)
    live = read_graph(released, schema) if released else None
    if not whole:
        _refuse_unknown(imported.tables.slug, live)
    joined = merge(imported, live, schema, whole)
    conflicts = tuple(str(conflict) for conflict in joined.conflicts)
    left = tuple(sorted(imported.left))
    notes = [*conflicts, *(f"not kept: {one.what} ({one.times}): {one.why}" for one in left)]
    try:
        dataset = dataset_of(joined.partnerships, [], schema, progress)
    except InputError as error:
        # What is wrong is told in the words of the sheet that it was read from.
        own = sheets.in_own_words(error.problems, mapping, schema) if mapping else error.problems
        raise InputError(own) from None
    joined_with = released.name if released else ""
    release = drafts.draft(dataset, home, by, drafts.used(paths), notes, joined_with)
    changes = what_changes(live, read_graph(release, schema), schema)
    return Drafted(release, changes, conflicts, left)


def _refuse_many(imported: Imported, paths: Sequence[Path], most: int | None) -> None:
    """Validating takes time in proportion to the rows, and here nobody stands by to end it."""
    count = len(imported.tables.rows)
    if most is not None and count > most:
        name = paths[0].name if paths else imported.tables.slug
        expected = f"at most {most:,} rows in one import, and it gives {count:,}"
        advice = "Split it, or have it imported where the data are kept: fingerpost import"
        raise InputError([Problem(name, 0, "", "", expected, advice)])


def _refuse_unknown(slug: str, live: PropertyGraph | None) -> None:
    nodes = live.nodes if live else ()
    known = sorted(partnership_of(node.id) for node in nodes if node.label == "Partnership")
    if slug not in known:
        raise UnknownPartnershipError(slug, known)


# ---------------------------------------------------------------- looking


def what_changes(before: PropertyGraph | None, after: PropertyGraph, schema: Schema) -> Changes:
    """What is otherwise in `after`."""
    changes = diff.compare(before, after, schema)
    summary = tuple(diff.summary(changes, schema))
    return Changes(changes, summary, tuple(_moved_days(before, after)))


def _moved_days(before: PropertyGraph | None, after: PropertyGraph) -> Iterator[str]:
    """What becomes of the day that each partnership is asked about where none is named."""
    was, now = (newest_days(graph) if graph else {} for graph in (before, after))
    for slug, day in sorted(now.items()):
        if slug in was and was[slug] != day:
            yield (
                f"{slug}: the newest day on record becomes {day.isoformat()}; it was "
                f"{was[slug].isoformat()}. A question that names no day is asked about that day."
            )


def release_named(home: Path, name: str) -> Release:
    """The release of a name that is on disk. Raises FingerpostError where there is none."""
    for kept in drafts.releases(home):
        if kept.release.name == name:
            return kept.release
    raise FingerpostError(f"There is no release {name}. See: fingerpost releases")


# ---------------------------------------------------------------- loading


def load(home: Path, schema: Schema, store: Store) -> Loaded:
    """Put the live release into a store, after the public artefact was made of it.

    Readers see the old release or the new one. Raises ReleaseError where there is no live release,
    StoreError where the store cannot take it: it then serves what it held, and loading again mends
    it.
    """
    release = current_release(home)
    kept = kept_frames(home)
    frames = frames_of(release, schema, kept)
    # What is withdrawn leaves the public artefact first, whatever becomes of the store.
    ensure_public(home, schema)
    is_new = store.replace(frames, schema)
    if kept is None or kept.release != release.name or kept.blocks != frames.blocks:
        keep_frames(frames, home)
    return Loaded(release, frames.node_count, frames.edge_count, is_new)
