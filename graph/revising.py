"""A draft made by changing rows of what is there: what an editor accepts, corrects or withholds.

An import never changes the row of another source (`graph/imports/merge.py`). What is accepted here
does, so one partnership's rows are changed as a whole and go the same way as all others: built,
validated, kept as the draft. A draft that waits already is gone on with, so that several things are
accepted one after the other; whoever publishes sees all of it.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from graph import drafts
from graph.build import dataset_of
from graph.errors import ReleaseError
from graph.ids import partnership_of
from graph.importing import Drafted, Progress, UnknownPartnershipError, what_changes
from graph.imports.imported import Imported
from graph.imports.merge import merge, tables_of
from graph.release import Release, read_graph
from graph.sources.rows import Tables
from ontology.schema import Schema

Change = Callable[[Tables], Tables]


def base_of(home: Path) -> Release | None:
    """What the next change is made on: the draft where it can still be published, else the live."""
    live, entry = drafts.live_release(home), drafts.draft_entry(home)
    if live is None or entry is None or entry.live != live.name:
        return live
    return drafts.draft_release(home)


def revise(
    slug: str,
    change: Change,
    by: drafts.By,
    home: Path,
    schema: Schema,
    *,
    made_from: Sequence[drafts.Used] = (),
    notes: Sequence[str] = (),
    on_live: bool = False,
    progress: Progress = lambda _: None,
) -> Drafted:
    """Change one partnership's rows, validate everything together, and keep it as the draft.

    With `on_live` a draft that waits is not gone on with: what is made is what is live, with this
    one change.

    Raises ReleaseError where nothing is live, UnknownPartnershipError where there is no such
    partnership, InputError with every problem, ChangedError where another release became live
    meanwhile.
    """
    live = drafts.live_release(home)
    base = live if on_live else base_of(home)
    if live is None or base is None:
        raise ReleaseError("No release is live. Build or import one first: fingerpost build")
    entry = drafts.draft_entry(home) if base != live else None
    before = read_graph(live, schema)
    graph = read_graph(base, schema) if base != live else before
    known = sorted(partnership_of(n.id) for n in graph.nodes if n.label == "Partnership")
    if slug not in known:
        raise UnknownPartnershipError(slug, known)
    changed = Imported(change(tables_of(graph, schema, slug)))
    joined = merge(changed, graph, schema, whole=True)
    dataset = dataset_of(joined.partnerships, [], schema, progress)
    release = drafts.draft(
        dataset,
        home,
        by,
        (*(entry.made_from if entry else ()), *made_from),
        (*(entry.notes if entry else ()), *notes),
        live.name,
    )
    return Drafted(release, what_changes(before, read_graph(release, schema), schema), (), ())
