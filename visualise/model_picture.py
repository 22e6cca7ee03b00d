"""The picture of the model: where each box, line and label stands, without drawing any of them.

Classes are boxes in columns under the ontology's headings; a box lists its own references, which
are drawn as thin lines to their main target. A class that becomes relationships is an arrow through
its name, from its main start to its main end; fainter lines lead to its other ends where these
stand beside it. The table under the picture holds every pair, and
`templates/reference_picture.html` draws.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from ontology.schema import Class, Property, Schema

COLUMNS = (
    ("scope and evidence",),
    ("gaps and plans",),
    ("who",),
    ("whom for and what",),
    ("money", "training and figures"),
)
"""Which headings stand beside which: those that many arrows join are neighbours. A heading that is
not among them gets a column of its own at the end."""

_BOX, _TITLE, _ROW, _PAD = 172, 24, 15, 7
_GAP, _MARGIN, _TOP = 16, 18, 34
_PILL, _PILL_HEIGHT, _PILL_STEP = 86, 24, 46
_NARROW, _WIDE = 34, 138
_LONGEST, _LONGEST_NAME = 28, 19
"""How many characters fit a row of a box, and its name; a longer name is squeezed."""


@dataclass(frozen=True, slots=True)
class Box:
    """A class of nodes with its references."""

    name: str
    label: str
    slug: str
    column: int
    x: float
    y: float
    height: float
    rows: tuple[tuple[str, float], ...]
    width: float = _BOX

    def side(self, right: bool) -> float:
        """The x of one side."""
        return self.x + (self.width if right else 0)

    @property
    def squeezed(self) -> bool:
        """Whether its name is too long for it."""
        return len(self.label) > _LONGEST_NAME


@dataclass(frozen=True, slots=True)
class Pill:
    """A class of relationships, as the name on its arrow."""

    label: str
    slug: str
    x: float
    y: float
    width: float = _PILL
    height: float = _PILL_HEIGHT


@dataclass(frozen=True, slots=True)
class Line:
    """A path; `kind` is reference, main, arrow (the half with the head) or other."""

    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class Heading:
    """The words above a group of boxes."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Picture:
    """All that is drawn, back to front: lines, boxes, pills."""

    width: float
    height: float
    headings: tuple[Heading, ...]
    boxes: tuple[Box, ...]
    pills: tuple[Pill, ...]
    lines: tuple[Line, ...]


def picture(schema: Schema, headings: Mapping[str, tuple[Class, ...]]) -> Picture:
    """The picture of a schema whose classes stand under headings."""
    columns = _columns(headings, _hubs(schema))
    xs, gutters = _across(len(columns))
    tallest = max(_height(schema, column) for column in columns)
    boxes: dict[str, Box] = {}
    titles: list[Heading] = []
    for index, column in enumerate(columns):
        _stack(schema, column, index, xs[index], tallest, boxes, titles)
    pills, arrows = _relations(schema, boxes, gutters)
    return Picture(
        width=xs[-1] + _BOX + _MARGIN,
        height=tallest + _MARGIN,
        headings=tuple(titles),
        boxes=tuple(boxes.values()),
        pills=tuple(pills),
        lines=(*_references(schema, boxes), *arrows),
    )


Column = tuple[tuple[str, tuple[Class, ...]], ...]


def _hubs(schema: Schema) -> Counter[str]:
    """How many arrows have each class as a main end; hubs stand on top to keep arrows short."""
    return Counter(name for klass in schema.edges for name in _main(klass))


def _columns(headings: Mapping[str, tuple[Class, ...]], hubs: Counter[str]) -> list[Column]:
    known = {heading for column in COLUMNS for heading in column}
    plan = [*COLUMNS, *((h,) for h in headings if h not in known)]
    nodes = {
        heading: tuple(sorted((c for c in classes if c.ends is None), key=lambda c: -hubs[c.name]))
        for heading, classes in headings.items()
    }
    found = [tuple((h, nodes[h]) for h in column if nodes.get(h)) for column in plan]
    return [column for column in found if column]


def _across(columns: int) -> tuple[list[float], list[float]]:
    """The x of each column and the middle of each gutter; no arrow stands in the first gutter."""
    xs, gutters = [float(_MARGIN)], []
    for index in range(1, columns):
        width = _NARROW if index == 1 else _WIDE
        gutters.append(xs[-1] + _BOX + width / 2)
        xs.append(xs[-1] + _BOX + width)
    return xs, gutters


def _references_of(klass: Class) -> tuple[Property, ...]:
    return tuple(p for p in klass.properties if p.relation)


def _box_height(klass: Class) -> float:
    rows = len(_references_of(klass))
    return _TITLE + (rows * _ROW + _PAD if rows else 2)


def _height(schema: Schema, column: Column) -> float:
    boxes = [_box_height(c) for _, classes in column for c in classes]
    return _TOP * len(column) + sum(boxes) + _GAP * (len(boxes) - 1) + _MARGIN


def _stack(
    schema: Schema,
    column: Column,
    index: int,
    x: float,
    tallest: float,
    boxes: dict[str, Box],
    titles: list[Heading],
) -> None:
    """Put a column's boxes under each other, spread over the height of the tallest column."""
    count = sum(len(classes) for _, classes in column)
    spare = (tallest - _height(schema, column)) / max(count, 1)
    y = 0.0
    for heading, classes in column:
        titles.append(Heading(heading, x, y + 20))
        y += _TOP
        for klass in classes:
            boxes[klass.name] = _box(schema, klass, index, x, y)
            y += _box_height(klass) + _GAP + spare


def _box(schema: Schema, klass: Class, column: int, x: float, y: float) -> Box:
    rows = tuple(
        (_row(schema, prop), y + _TITLE + _ROW * (place + 0.75))
        for place, prop in enumerate(_references_of(klass))
    )
    return Box(klass.name, klass.label, klass.slug, column, x, y, _box_height(klass), rows)


def _row(schema: Schema, prop: Property) -> str:
    more = f" +{len(prop.targets) - 1}" if len(prop.targets) > 1 else ""
    text = f"{prop.header} → {schema.classes[prop.targets[0]].label}{more}"
    return text if len(text) <= _LONGEST else f"{prop.header} → …"


def _references(schema: Schema, boxes: Mapping[str, Box]) -> list[Line]:
    lines = []
    for box in boxes.values():
        for prop, (_, y) in zip(_references_of(schema.classes[box.name]), box.rows, strict=True):
            target = next((t for t in prop.targets if t != box.name), None)
            if target is not None:
                lines.append(Line("reference", _reference(box, y - 4, boxes[target])))
    return lines


def _reference(start: Box, y: float, end: Box) -> str:
    """A curve to the side of the target that faces the start; a bow to the left in one column."""
    if start.column == end.column:
        x, bow, to = start.x, start.x - 18, end.y + 12
        return f"M{x:.0f} {y:.0f} C{bow:.0f} {y:.0f} {bow:.0f} {to:.0f} {x:.0f} {to:.0f}"
    right = end.column > start.column
    return _curve(start.side(right), y, end.side(not right), end.y + 12)


def _curve(x1: float, y1: float, x2: float, y2: float) -> str:
    reach = (x2 - x1) * 0.5
    return (
        f"M{x1:.0f} {y1:.0f} C{x1 + reach:.0f} {y1:.0f} {x2 - reach:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"
    )


# ---------------------------------------------------------------- arrows through their names


@dataclass(frozen=True, slots=True)
class _Arrow:
    klass: Class
    start: Box
    end: Box
    gutter: int
    wanted: float
    others: tuple[Box, ...]


def _relations(
    schema: Schema, boxes: Mapping[str, Box], gutters: list[float]
) -> tuple[list[Pill], list[Line]]:
    taken = [0] * len(gutters)
    arrows = []
    for klass in sorted(schema.edges, key=lambda k: _span(k, boxes), reverse=True):
        arrow = _arrow(klass, boxes, taken)
        taken[arrow.gutter] += 1
        arrows.append(arrow)
    placed = []
    for gutter in range(len(gutters)):
        here = sorted((a for a in arrows if a.gutter == gutter), key=lambda a: a.wanted)
        placed += list(zip(here, _apart([a.wanted for a in here]), strict=True))
    ports = _ports(placed)
    pills: list[Pill] = []
    lines: list[Line] = []
    for arrow, y in placed:
        x = gutters[arrow.gutter]
        pills.append(Pill(arrow.klass.label, arrow.klass.slug, x - _PILL / 2, y - 12))
        lines += _through(arrow, x, y, ports)
    return pills, sorted(lines, key=lambda line: line.kind != "other")


Ports = Mapping[tuple[str, bool, str], float]
"""By box, whether on its right side, and class of relationships: where its line touches the box."""


def _ports(placed: Iterable[tuple[_Arrow, float]]) -> Ports:
    """Spread the lines that touch one side of a box over it, in the order of their pills."""
    sides: dict[tuple[str, bool], list[tuple[float, str, Box]]] = {}
    for arrow, y in placed:
        for box in (arrow.start, arrow.end, *arrow.others):
            side = (box.name, box.column <= arrow.gutter)
            sides.setdefault(side, []).append((y, arrow.klass.name, box))
    ports = {}
    for (name, right), touching in sides.items():
        for place, (_, relation, box) in enumerate(sorted(touching, key=lambda t: t[:2])):
            share = (place + 0.5) / len(touching)
            ports[name, right, relation] = box.y + 6 + share * (box.height - 12)
    return ports


def _main(klass: Class) -> tuple[str, str]:
    """The ends that the shapes name first, and are not the same class."""
    starts, ends = (klass.property(key).targets for key in klass.ends or ())
    pairs = [(a, b) for a in starts for b in ends]
    return next(((a, b) for a, b in pairs if a != b), pairs[0])


def _span(klass: Class, boxes: Mapping[str, Box]) -> int:
    start, end = (boxes[name].column for name in _main(klass))
    return abs(start - end)


def _arrow(klass: Class, boxes: Mapping[str, Box], taken: list[int]) -> _Arrow:
    start, end = (boxes[name] for name in _main(klass))
    low, high = sorted((start.column, end.column))
    choices = range(low, high) if low < high else (low - 1, low)
    gutter = min((g for g in choices if 0 <= g < len(taken)), key=lambda g: (taken[g], -g))
    ends = {t for key in klass.ends or () for t in klass.property(key).targets}
    others = tuple(
        box
        for name, box in boxes.items()
        if name in ends and box not in (start, end) and box.column in (gutter, gutter + 1)
    )
    middle = (start.y + start.height / 2 + end.y + end.height / 2) / 2
    return _Arrow(klass, start, end, gutter, middle, others)


def _apart(wanted: Iterable[float]) -> list[float]:
    """The wanted places moved apart, as little as needed, from the middle of each cluster."""
    places = list(wanted)
    for _ in range(200):
        moved = False
        for index, (upper, lower) in enumerate(pairwise(places)):
            if lower - upper < _PILL_STEP - 0.01:
                push = (_PILL_STEP - (lower - upper)) / 2
                places[index], places[index + 1] = upper - push, lower + push
                moved = True
        if not moved:
            break
    return places


def _through(arrow: _Arrow, x: float, y: float, ports: Ports) -> list[Line]:
    def port(box: Box) -> tuple[float, float]:
        right = box.column <= arrow.gutter
        return box.side(right), ports[box.name, right, arrow.klass.name]

    def pill(box: Box) -> float:
        return x - _PILL / 2 if box.column <= arrow.gutter else x + _PILL / 2

    # Between two boxes of one column both halves meet the pill on one side, a little apart.
    apart = 0
    if arrow.start.column == arrow.end.column:
        apart = 6 if arrow.start.y < arrow.end.y else -6
    return [
        *(Line("other", _curve(pill(box), y, *port(box))) for box in arrow.others),
        Line("main", _curve(*port(arrow.start), pill(arrow.start), y - apart)),
        Line("arrow", _curve(pill(arrow.end), y + apart, *port(arrow.end))),
    ]
