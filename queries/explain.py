"""Why an answer says what it says: the records behind a row, in words, each with its place.

A row names its records in `evidence`. Here each is looked up and told in one sentence: what it
says, in which source and where, and whether the source says it or we conclude it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.stores.protocol import Store
from ontology.schema import Schema
from queries.records import Record, find_record


@dataclass(frozen=True, slots=True)
class Reason:
    """One record behind a row: its id, its kind, what it says, and where that is said."""

    record: str
    kind: str
    words: str
    where: str


def chain_of(store: Store, schema: Schema, row: Mapping[str, Any]) -> tuple[Reason, ...]:
    """The records behind a row of an answer, in the order of its evidence."""
    evidence: Sequence[Mapping[str, Any]] = row["evidence"]
    return tuple(_reason(find_record(store, schema, proof["record"])) for proof in evidence)


def _reason(record: Record) -> Reason:
    return Reason(record.id, record.klass.label, _words(record), _where(record))


def _words(record: Record) -> str:
    """What a record says: what it joins, or its name, description, columns and what it names."""
    described = [_shown(v) for p, v in record.columns if p.key == "description"]
    sentences = [] if record.klass.ends else [record.name]
    sentences += [words for words in described if words != record.name]
    named: dict[str, list[str]] = {}
    for link in record.links:
        if link.direction == "out" and link.record_id is None:
            named.setdefault(link.header, []).append(link.other_name)
    ends = [f"{header}: {', '.join(names)}" for header, names in named.items()]
    columns = [
        f"{prop.header}: {_shown(value)}"
        for prop, value in record.columns
        if not prop.derived and prop.key not in ("name", "title", "description")
    ]
    facts = "; ".join([*ends, *columns] if record.klass.ends else [*columns, *ends])
    return ". ".join(part.rstrip(".") for part in [*sentences, facts] if part)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "; ".join(map(_shown, value)) if isinstance(value, list | tuple) else str(value)


def _where(record: Record) -> str:
    if record.klass.name == "Source":
        return "a source itself"
    places = " and ".join(record.locators) or "no place given"
    told = f"{record.source_title or 'the shared terms of the ontology'}, {places}"
    if record.basis in (None, "stated"):
        return told
    ground = f": {record.ground}" if record.ground else ""
    other = f" Otherwise: {', '.join(record.other_side)}." if record.other_side else ""
    return f"{told} ({record.basis}{ground}){other}"
