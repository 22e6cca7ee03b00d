"""A source accounted for: every place of it, with the records drawn from it or why it holds none.

This is how a reader who knows a document checks that nothing is missing and nothing invented.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from graph.ids import partnership_of
from graph.model import Edge, Node, PropertyGraph

_PLACES = ("place", "other_side")


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a source: what it is, what was drawn from it, or why nothing was.

    `records` are identifiers; `reason` and `repeats` are empty where there are records of its own.
    """

    source: str
    name: str
    kind: str
    lines: str
    reason: str
    repeats: str
    damage: str
    records: tuple[str, ...]

    @property
    def is_accounted_for(self) -> bool:
        """Whether the place has a record, a reason, or repeats another place."""
        return bool(self.records or self.reason or self.repeats)


def account(graph: PropertyGraph, slug: str) -> list[Place]:
    """Every place that a partnership lists of its sources, in the order of its lines and names."""
    drawn: dict[tuple[str, str], list[str]] = {}
    parts: list[Node] = []
    for record in _records(graph, slug):
        if isinstance(record, Node) and record.label == "SourcePart":
            parts.append(record)
            continue
        for key in _PLACES:
            for place in _texts(record.properties.get(key)):
                cited = drawn.setdefault((str(record.properties.get("source")), place), [])
                if record.id is not None and record.id not in cited:
                    cited.append(record.id)
    places = [_place(part, drawn) for part in parts]
    return sorted(places, key=lambda p: (p.source, _first_line(p.lines), reading_order(p.name)))


def _records(graph: PropertyGraph, slug: str) -> Iterable[Node | Edge]:
    yield from (n for n in graph.nodes if partnership_of(n.id) == slug)
    yield from (e for e in graph.edges if e.id is not None and partnership_of(e.id) == slug)


def _place(part: Node, drawn: dict[tuple[str, str], list[str]]) -> Place:
    columns = part.properties

    def text(key: str) -> str:
        return str(columns.get(key) or "")

    return Place(
        source=text("source"),
        name=text("name"),
        kind=text("kind"),
        lines=text("lines"),
        reason=text("holds_none_because"),
        repeats=text("repeats"),
        damage=text("damage"),
        records=tuple(sorted(drawn.get((text("source"), text("name")), ()))),
    )


def _texts(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _first_line(lines: str) -> int:
    found = re.match(r"\d+", lines)
    return int(found[0]) if found else 0


def reading_order(text: str) -> list[tuple[int, int | str]]:
    """What places are sorted by, so that paragraph 10 comes after paragraph 9."""
    return [(0, int(p)) if p.isdigit() else (1, p) for p in re.split(r"(\d+)", text) if p]
