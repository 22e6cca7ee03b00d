"""Frames of a release made from those of an earlier one and of the partnerships that changed.

Rows of one partnership stand together in every table: by the id of a node, by the start of an edge.
So tables are cut and put together, and no row is looked at.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from graph.frames import FROM, Frames


def spliced(kept: Frames, part: Frames, changed: Collection[str]) -> Frames:
    """The frames of `part`'s release, of which it holds the rows of `changed` and `kept` the rest.

    No reference may lead from one partnership to another's records (see `Frames.blocks`).
    """
    slugs = sorted(changed, key=_from)
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
    """What stays and what is new, in order; no piece is empty."""
    begin = 0
    for slug in slugs:
        start, end = rows_of(kept, slug)
        yield from _cut(kept, begin, start)
        yield from _cut(part, *rows_of(part, slug))
        begin = end
    yield from _cut(kept, begin, 0 if kept is None else len(kept))


def _cut(table: pa.Table | None, start: int, end: int) -> Iterator[pa.Table]:
    if table is not None and start < end:
        yield table.slice(start, end - start)


def rows_of(table: pa.Table | None, slug: str) -> tuple[int, int]:
    """Where the rows of a partnership begin and end, found by halving."""
    if table is None:
        return 0, 0
    ids = table[FROM] if FROM in table.column_names else table["id"]
    begin, end = (
        bisect_left(range(len(ids)), bound, key=lambda at: ids[at].as_py())
        for bound in (_from(slug), f"{slug}0")  # The character after the slash is 0.
    )
    return begin, end


def _from(slug: str) -> str:
    return f"{slug}/"
