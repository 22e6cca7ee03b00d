"""What the rows of a partnership follow from, as a hash: where it is the same, so are the rows."""

import hashlib
from collections.abc import Iterable, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from graph.column_readers import Ints
from graph.derived_columns import Gathered
from graph.frames import Frames
from graph.program import digest_of
from ontology.namespaces import SHARED


def digest_of_lines(lines: bytes) -> str:
    """The digest of a partnership whose rows follow from its lines and from what is shared."""
    program = digest_of("graph", "ontology").encode()
    return hashlib.sha256(program + lines).hexdigest()


def changed_since(kept: Frames | None, digests: Mapping[str, str]) -> set[str] | None:
    """The partnerships whose rows are not those that are kept; None where all may be others."""
    if kept is None or kept.blocks.get(SHARED) != digests.get(SHARED):
        return None
    slugs = {*kept.blocks, *digests}
    return {slug for slug in slugs if kept.blocks.get(slug) != digests.get(slug)}


def are_closed(gathered: Iterable[Gathered], homes: Ints, shared: int) -> bool:
    """Whether all records refer to records of their own partnership and to shared ones alone.

    `homes` has the partnership of each record, by number, and `shared` is that of shared ones.
    """
    for found in gathered:
        for key, reference in found.references.items():
            own, other = homes[found.numbers[reference.rows]], homes[reference.numbers]
            is_start = found.klass.ends is not None and key == found.klass.ends[0]
            if not ((own == other) | ((other == shared) & (not is_start))).all():
                return False
    return True


def with_derived(digests: Mapping[str, str], gathered: Mapping[str, Gathered]) -> dict[str, str]:
    """Digests that tell also what follows from records of other partnerships."""
    blocks = {
        slug: hashlib.sha256(f"not closed {digest}".encode()) for slug, digest in digests.items()
    }
    for name, found in sorted(gathered.items()):
        slugs = pc.run_end_encode(found.columns["partnership"], run_end_type=pa.int32())
        starts = pa.array([0, *slugs.run_ends.to_pylist()], pa.int32())
        for prop in found.klass.properties:
            if prop.derived and prop.key in found.columns:
                texts = found.columns[prop.key].cast(pa.string()).fill_null("")
                joined = pc.binary_join(pa.ListArray.from_arrays(starts, texts), "\n")
                for slug, text in zip(slugs.values.to_pylist(), joined.to_pylist(), strict=True):
                    blocks[slug].update(f"\n{name} {prop.key}\n{text}".encode())
    return {slug: found.hexdigest() for slug, found in blocks.items()}
