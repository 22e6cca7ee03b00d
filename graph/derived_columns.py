"""The columns that follow from others, whole columns at a time: what derived.py says, in frames.

What 'known', 'live' and 'here' mean stands in derived.py alone. Where a rule looks at one record,
it is asked there row by row, once for each combination of what it may depend on; only what is a
look-up or a first value that is there is done on columns.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph.column_readers import Ints
from graph.dates import bounds
from graph.derived import DERIVATIONS, whereabouts
from graph.frames import ARROW
from graph.ids import partnership_of
from ontology.schema import Class

Columns = dict[str, pa.Array]


@dataclass(frozen=True, slots=True)
class Reference:
    """Which records (`rows`) refer to which others (`numbers`), sorted, each pair once."""

    rows: Ints
    numbers: Ints


@dataclass(frozen=True, slots=True)
class Gathered:
    """The records of one class in the order of the release: their numbers, columns, references."""

    klass: Class
    numbers: Ints
    columns: Columns
    references: Mapping[str, Reference]

    def has(self, key: str) -> bool:
        """Whether the class has a property with this key."""
        return any(p.key == key for p in self.klass.properties)


def bounds_of(key: str, values: pa.Array) -> Columns:
    """The first and the last day that each EDTF text of a column can mean."""
    coded = values.dictionary_encode()
    limits = [bounds(text) for text in coded.dictionary.to_pylist()]
    days = ARROW["date"]
    return {
        f"{key}_first": pa.array([b.first for b in limits], days).take(coded.indices),
        f"{key}_last": pa.array([b.last for b in limits], days).take(coded.indices),
    }


def derive(gathered: Mapping[str, Gathered], ids: pa.Array) -> None:
    """Add the columns that follow from others; `ids` has the identifier of each number."""
    sources = gathered.get("Source")
    if sources is not None:
        sources.columns["records"] = _records(sources, gathered)
    for found in gathered.values():
        if found.has("known_on"):
            found.columns["known_on"] = _known_on(found, sources)
        if found.klass.name in DERIVATIONS:
            found.columns.update(_derived(found))
    if "Service" in gathered:
        gathered["Service"].columns["whereabouts"] = _whereabouts(gathered, ids)


def _records(sources: Gathered, gathered: Mapping[str, Gathered]) -> pa.Array:
    drawn: Counter[str | None] = Counter()
    for found in gathered.values():
        if "source" in found.columns:
            for counted in pc.value_counts(found.columns["source"]).to_pylist():
                drawn[counted["values"]] += counted["counts"]
    return pa.array([drawn[source] for source in sources.columns["id"].to_pylist()], pa.int64())


def _known_on(found: Gathered, sources: Gathered | None) -> pa.Array:
    """The last day a record speaks for: its own date, else its source's (see `known_on`)."""
    nothing = pa.nulls(len(found.numbers), ARROW["date"])
    own = found.columns.get("as_of_last", nothing)
    source = found.columns.get("source")
    if source is None or sources is None or "date_last" not in sources.columns:
        return own
    at = pc.index_in(source, value_set=sources.columns["id"])
    return pc.coalesce(own, sources.columns["date_last"].take(at))


def _derived(found: Gathered) -> Columns:
    """What `DERIVATIONS` says of each record, by its columns of one value."""
    plain = {k: v for k, v in found.columns.items() if not pa.types.is_list(v.type)}
    rows = pa.table(plain).to_pylist()
    derived = list(map(DERIVATIONS[found.klass.name], rows))
    kinds = {p.key: ARROW.get(p.type, pa.string()) for p in found.klass.properties}
    return {key: pa.array([row[key] for row in derived], kinds[key]) for key in derived[0]}


def _whereabouts(gathered: Mapping[str, Gathered], ids: pa.Array) -> pa.Array:
    homes = _firsts(gathered, "Partnership", "area", ids)
    by_partnership = {partnership_of(home): area for home, area in homes}
    within = dict(_firsts(gathered, "Area", "within", ids))

    @cache
    def where(slug: str, areas: tuple[str, ...]) -> str:
        return whereabouts(by_partnership.get(slug, ""), areas, within)

    services = gathered["Service"]
    served = services.references["area"]
    offsets = np.searchsorted(served.rows, np.arange(len(services.numbers) + 1)).tolist()
    areas = ids.take(pa.array(served.numbers)).to_pylist()
    slugs = services.columns["partnership"].to_pylist()
    found = [
        where(slug, tuple(areas[a:b]))
        for slug, (a, b) in zip(slugs, pairwise(offsets), strict=True)
    ]
    return pa.array(found, pa.string())


def _firsts(
    gathered: Mapping[str, Gathered], name: str, key: str, ids: pa.Array
) -> list[tuple[str, str]]:
    """Of each record of a class that has references by `key`: its id, and that of the first."""
    found = gathered.get(name)
    if found is None:
        return []
    reference = found.references[key]
    rows, first = np.unique(reference.rows, return_index=True)
    starts = ids.take(pa.array(found.numbers[rows])).to_pylist()
    ends = ids.take(pa.array(reference.numbers[first])).to_pylist()
    return list(zip(starts, ends, strict=True))
