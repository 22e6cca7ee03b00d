"""Frames of a release made from those of an earlier one and of the partnerships that changed.

Rows of one partnership stand together in every table: by the id of a node, by the start of an edge.
So tables are cut and put together, and no row is looked at.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from graph.frames import Frames, in_order, rows_of


def spliced(kept: Frames, part: Frames, changed: Collection[str]) -> Frames:
    """The frames of `part`'s release, of which it holds the rows of `changed` and `kept` the rest.

    No reference may lead from one partnership to another's records (see `Frames.blocks`).
    """
    slugs = in_order(changed)
    return Frames(
        part.release,
        dict(_tables(kept.nodes, part.nodes, slugs)),
        dict(_tables(kept.edges, part.edges, slugs)),
        part.blocks,
    )


def _tables(
    kept: Mapping[Any, pa.Table], part: Mapping[Any, pa.Table], slugs: Sequence[str]
) -> Iterator[tuple[Any, pa.Table]]:
    for key in sorted({*kept, *part}):
        pieces = list(_pieces(kept.get(key), part.get(key), slugs))
        if pieces:
            yield key, pa.concat_tables(pieces)


def _pieces(
    kept: pa.Table | None, part: pa.Table | None, slugs: Sequence[str]
) -> Iterator[pa.Table]:
    """What stays and what is new, in order."""
    begin = 0
    for slug in slugs:
        start, end = (0, 0) if kept is None else rows_of(kept, slug)
        yield from _cut(kept, begin, start)
        yield from _cut(part, *((0, 0) if part is None else rows_of(part, slug)))
        begin = end
    yield from _cut(kept, begin, 0 if kept is None else len(kept))


def _cut(table: pa.Table | None, start: int, end: int) -> Iterator[pa.Table]:
    if table is not None and start < end:
        yield table.slice(start, end - start)
