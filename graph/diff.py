"""Two releases compared in a commissioner's words: what is new, what ended, what is otherwise.

Records are compared by their ids, column by column, so that a record whose name changed is one
change and not many. What is no longer on record has not therefore ended: nobody said so. Changes of
what only staff may see are marked, and left out altogether for readers from outside.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from graph.dates import bounds
from graph.ids import local_of, partnership_of
from graph.model import Edge, PropertyGraph, Value
from ontology.namespaces import SHARED
from ontology.schema import Class, Property, Schema

Kind = Literal["added", "ended", "changed", "gone"]

_KINDS: Mapping[Kind, str] = {
    "added": "added",
    "ended": "ended",
    "changed": "changed",
    "gone": "no longer on record",
}
_CITING = frozenset({"source", "place", "ground", "other_side", "as_of", "note"})
"""Columns that say where a record is from: a change of these alone is counted and not told."""
_ENDED = "ended"
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Cell:
    """One column that is otherwise than before; both texts as people write them."""

    header: str
    key: str
    before: str
    after: str
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    """One record that is new, gone or otherwise. `is_staff` if only staff may see it."""

    partnership: str
    table: str
    kind: Kind
    id: str
    name: str
    cells: tuple[Cell, ...]
    is_staff: bool
    is_citing: bool
    """Whether only where it is from is otherwise."""

    @property
    def words(self) -> str:
        """The change in one sentence without its kind."""
        told = "; ".join(cell.words for cell in self.cells)
        return f"{self.name}: {told}" if told else self.name


@dataclass(frozen=True, slots=True)
class _Record:
    """A record of either kind: its class, and its values by key; references are identifiers."""

    klass: Class
    values: Mapping[str, Value]

    @property
    def is_staff(self) -> bool:
        return self.values.get("visibility") == "staff"


_Records = Mapping[str, _Record]


# ---------------------------------------------------------------- comparing


def compare(
    before: PropertyGraph | None, after: PropertyGraph, schema: Schema
) -> tuple[Change, ...]:
    """What is otherwise in `after`, by partnership and class, always in the same order."""
    old = _records(before, schema) if before else {}
    new = _records(after, schema)
    found = []
    for identifier in {*old, *new}:
        if partnership_of(identifier) != SHARED:
            change = _change(identifier, old, new)
            if change is not None:
                found.append(change)
    ranks = {klass.table: rank for rank, klass in enumerate(schema)}
    kinds = list(_KINDS)
    return tuple(
        sorted(
            found,
            key=lambda c: (c.partnership, ranks[c.table], kinds.index(c.kind), c.name, c.id),
        )
    )


def _records(graph: PropertyGraph, schema: Schema) -> dict[str, _Record]:
    keys = {p.relation: p.key for c in schema.nodes for p in c.properties if p.relation}
    relations = {klass.relation: klass for klass in schema.edges}
    linked: dict[str, dict[str, tuple[str, ...]]] = {}
    found: dict[str, _Record] = {}
    for edge in graph.edges:
        if edge.id is None:
            links = linked.setdefault(edge.start[1], {})
            links[keys[edge.type]] = (*links.get(keys[edge.type], ()), edge.end[1])
        else:
            klass = relations[edge.type]
            found[edge.id] = _Record(klass, {**edge.properties, **_ends(edge, klass)})
    for node in graph.nodes:
        klass = schema.classes[node.label]
        found[node.id] = _Record(klass, {**node.properties, **linked.get(node.id, {})})
    return found


def _ends(edge: Edge, klass: Class) -> dict[str, Value]:
    start, end = klass.ends or ("", "")
    return {start: edge.start[1], end: edge.end[1]}


def _change(identifier: str, old: _Records, new: _Records) -> Change | None:
    before, after = old.get(identifier), new.get(identifier)
    record, records = (after, new) if after is not None else (before, old)
    if record is None:
        return None
    cells = tuple(_cells(before, after, old, new)) if before and after else ()
    if before and after and not cells:
        return None
    told = tuple(cell for cell in cells if cell.key not in _CITING)
    return Change(
        partnership=partnership_of(identifier),
        table=record.klass.table,
        kind=_kind(before, after),
        id=identifier,
        name=_name(identifier, record, records),
        cells=told or cells,
        is_staff=_is_staff(before, old) or _is_staff(after, new),
        is_citing=bool(cells) and not told,
    )


def _is_staff(record: _Record | None, records: _Records) -> bool:
    """Whether a record or anything that it names is for staff only."""
    if record is None:
        return False
    named = (records.get(one) for prop in record.klass.columns for one in _named(record, prop))
    return record.is_staff or any(other is not None and other.is_staff for other in named)


def _named(record: _Record, prop: Property) -> Sequence[str]:
    if prop.type != "reference":
        return ()
    value = record.values.get(prop.key)
    return value if isinstance(value, tuple) else (str(value),) if value else ()


def _kind(before: _Record | None, after: _Record | None) -> Kind:
    if before is None or after is None:
        return "added" if before is None else "gone"
    for prop in after.klass.columns:
        was, now = before.values.get(prop.key), after.values.get(prop.key)
        if prop.type == "code" and now == _ENDED != was:
            return "ended"
        if prop.key == "closed" and now and not was:
            return "ended"
    return "changed"


def _cells(before: _Record, after: _Record, old: _Records, new: _Records) -> Iterator[Cell]:
    for prop in after.klass.columns:
        was, now = before.values.get(prop.key), after.values.get(prop.key)
        if (was or None) != (now or None) or (was is False) != (now is False):
            first, second = _text(was, prop, old), _text(now, prop, new)
            words = _words(prop, was, now, first, second)
            yield Cell(prop.header, prop.key, first, second, words)


# ---------------------------------------------------------------- words


def _name(identifier: str, record: _Record, records: _Records) -> str:
    if record.klass.ends:
        start, end = (_name_of(str(record.values[key]), records) for key in record.klass.ends)
        if record.klass.name == "Award":
            return f"the money for {end} from {start}"
        return f"{start} → {end}"
    for key in ("name", "title", "description"):
        value = record.values.get(key)
        if value:
            return _short(str(value))
    named = [one for prop in record.klass.columns for one in _named(record, prop)]
    about = _name_of(named[0], records) if named else ""
    return f"{about} ({local_of(identifier)})" if about else local_of(identifier)


def _name_of(identifier: str, records: _Records) -> str:
    record = records.get(identifier)
    if record is None or record.klass.ends:
        return local_of(identifier)
    return _short(str(record.values.get("name") or record.values.get("title") or "")) or local_of(
        identifier
    )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _text(value: Value, prop: Property, records: _Records) -> str:
    if value is None or value == ():
        return ""
    if prop.type == "reference":
        many = value if isinstance(value, tuple) else (str(value),)
        return ", ".join(sorted(_name_of(one, records) for one in many))
    if isinstance(value, tuple):
        dates = prop.type == "edtf"
        return ", ".join(readable_date(one) if dates else one for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime.date):
        return day_in_words(value)
    if prop.type == "edtf":
        return readable_date(str(value))
    if isinstance(value, Decimal):
        return f"£{value:,f}" if prop.key == "amount" else f"{value:,f}"
    return str(value)


def _words(prop: Property, was: Value, now: Value, before: str, after: str) -> str:
    if prop.type == "edtf" and isinstance(was, str) and isinstance(now, str):
        ending = _ending(was, now)
        if ending:
            return ending
    if not before:
        return f"{prop.header} is now {_quoted(after, prop)}"
    if not after:
        return f"{prop.header} is no longer recorded (it was {_quoted(before, prop)})"
    return f"{prop.header} is now {_quoted(after, prop)} instead of {_quoted(before, prop)}"


def _quoted(text: str, prop: Property) -> str:
    is_plain = prop.type in ("edtf", "date", "decimal", "integer", "boolean")
    return _short(text) if is_plain else f"“{_short(text)}”"


def _ending(was: str, now: str) -> str:
    """A period that ends on another day: "now ends on 31 March 2016 instead of 2015"."""
    old, new = bounds(was), bounds(now)
    if "/" not in was + now or old.first != new.first or old.last == new.last:
        return ""
    if new.last is None or old.last is None:
        return f"now has {_until(new.last)} ({_until(old.last)} before)"
    same_day = (old.last.day, old.last.month) == (new.last.day, new.last.month)
    instead = str(old.last.year) if same_day else day_in_words(old.last)
    return f"now ends on {day_in_words(new.last)} instead of {instead}"


def _until(day: datetime.date | None) -> str:
    return f"an end on {day_in_words(day)}" if day else "no recorded end"


def day_in_words(day: datetime.date) -> str:
    """A day as people write it.

    >>> day_in_words(datetime.date(2016, 3, 31))
    '31 March 2016'
    """
    return f"{day.day} {day:%B} {day.year}"


def readable_date(edtf: str) -> str:
    """An EDTF date as people write it; seasons and doubts stay as they are.

    >>> readable_date("../2013-03")
    'until March 2013'
    """
    first, slash, last = edtf.partition("/")
    if not slash:
        return _one_date(edtf)
    if first == "..":
        return f"until {_one_date(last)}"
    if last == "..":
        return f"from {_one_date(first)}"
    return f"{_one_date(first)} to {_one_date(last)}"


def _one_date(text: str) -> str:
    try:
        match text.count("-"):
            case 2:
                return day_in_words(datetime.date.fromisoformat(text))
            case 1:
                return f"{datetime.date.fromisoformat(f'{text}-01'):%B %Y}"
    except ValueError:
        return text
    return text


# ---------------------------------------------------------------- told


def summary(changes: Iterable[Change], schema: Schema) -> list[str]:
    """How many of what, such as "3 services added", in the order of the schema."""
    counts = Counter((c.table, c.kind) for c in changes if not c.is_citing)
    return [
        f"{_counted(counts[klass.table, kind], klass)} {words}"
        for klass in schema
        for kind, words in _KINDS.items()
        if counts[klass.table, kind]
    ]


def _counted(count: int, klass: Class) -> str:
    return f"{count:,} {klass.label if count == 1 else klass.table.replace('_', ' ')}"


def in_words(
    changes: Sequence[Change],
    schema: Schema,
    conflicts: Sequence[str] = (),
    staff: bool = True,
) -> list[str]:
    """All changes as lines of text, by partnership and class; indented by two blanks a level.

    Without `staff` nothing tells of what only staff may see, not even a count.
    """
    seen = [change for change in changes if staff or not change.is_staff]
    lines: list[str] = []
    for slug in dict.fromkeys(change.partnership for change in seen):
        own = [change for change in seen if change.partnership == slug]
        lines += [slug, *(f"  {line}" for line in summary(own, schema))]
        lines += _told(own, schema)
        citing = sum(change.is_citing for change in own)
        if citing:
            records = "1 record is" if citing == 1 else f"{citing:,} records are"
            lines.append(f"  {records} only cited otherwise: another source, place or note")
    if any(change.kind == "gone" for change in seen):
        lines.append("No longer on record: no source speaks of it now. That is no word of its end.")
    if conflicts and staff:
        lines += ["Conflicts with what is there", *(f"  {conflict}" for conflict in conflicts)]
    return lines or ["Nothing would change."]


def _told(changes: Sequence[Change], schema: Schema) -> Iterator[str]:
    for klass in schema:
        # The places of a source are how it is cited: their number says enough.
        if klass.table == "source_parts":
            continue
        own = [c for c in changes if c.table == klass.table and not c.is_citing]
        if own:
            yield f"  {klass.table.replace('_', ' ')}"
        for change in own:
            mark = " [staff only]" if change.is_staff else ""
            yield f"    {_KINDS[change.kind]}: {change.words}{mark}"
