"""Where the stops and steps of a way stand: boxes in columns, and arrows between them.

A step that leads over several columns passes each at a place of its own; one that leads back ends
in a note that names where. The same pathway is arranged in the same way.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

from visualise.pathway.layers import placed_beside
from visualise.pathway.steps import HOW_UNKNOWN, NO_WAY, PEOPLE, Line, Step
from visualise.pathway.ways import Pathway, Stop

MOST = 60
"""How many steps are drawn at most."""
BOX, GAP, CURVE = 174, 212, 56
"""The widths of a box, of the gap between columns, and of the part of it in which steps bend."""
LINE, SMALL, _SPACE = 16, 13, 16
"""The heights of a line of text, of a small one, and the space between boxes."""
LOOKS: dict[str, tuple[str, str, str]] = {
    PEOPLE: ("people", "#E69F00", "#FDF5E4"),
    "agency": ("agency", "#0072B2", "#E7F1F8"),
    "body": ("board or meeting", "#56B4E9", "#EEF7FD"),
    "post": ("post", "#CC79A7", "#FAF0F5"),
    "service": ("service", "#3B4248", "#FFFFFF"),
}
"""What each kind of stop is called, with the colours of its frame and ground; those of the map."""
SIGNS: dict[Line, str] = {
    "firm": "",
    "to be reinforced": "!",
    "not stated": "?",
    "drafted": "…",
    "missing": "✕",
}
"""The sign beside a step that is not simply said to work."""


def steps_drawn(pathway: Pathway, most: int = MOST) -> list[Step]:
    """The steps of the picture: what does not work before what does, then by number."""
    steps = [s for s in pathway.steps if pathway.draws_own or not s.is_own]
    first = sorted(steps, key=lambda s: (s.line == "firm", s.number))[:most]
    return sorted(first, key=lambda s: s.number)


@dataclass(slots=True)
class Box:
    """A stop, a place that a step passes through (no stop), or a note that a step leads back."""

    layer: int
    height: float
    stop: Stop | None = None
    back_to: str = ""
    y: float = 0.0
    taken: list["Arrow"] = field(default_factory=list)

    @property
    def left(self) -> int:
        """Its left edge."""
        return self.layer * (BOX + GAP)

    @property
    def right(self) -> int:
        """Its right edge."""
        return self.left + BOX

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height / 2


@dataclass(slots=True)
class Arrow:
    """A step with the boxes that it leads through, and how high it ends."""

    step: Step
    through: list[Box]
    label: list[str]
    end: float = 0.0

    @property
    def room(self) -> int:
        """How much height its end needs."""
        return max(22, len(self.label) * SMALL + 8)


def arranged(pathway: Pathway, most: int) -> tuple[dict[str, Box], list[Arrow]]:
    """Every box and arrow with its place. The same pathway is arranged in the same way."""
    steps = steps_drawn(pathway, most)
    ends = {e for s in steps for e in (s.start, s.end)}
    shown = [s for s in pathway.stops if s.id in ends or (s.is_help and pathway.is_chosen)]
    lowest = min((s.layer for s in shown), default=0)
    boxes = {s.id: Box(s.layer - lowest, 0, s) for s in shown}
    arrows = []
    for step in steps:
        through = _through(step, boxes)
        arrows.append(Arrow(step, through, _label(step)))
        through[-1].taken.append(arrows[-1])
        for n, one in enumerate(through[1:-1]):
            boxes[f"{step.number} through {n}"] = one
        if through[-1].back_to:
            boxes[f"{step.number} back"] = through[-1]
    for box in boxes.values():
        box.height = _height(box)
    _place(boxes, arrows)
    return boxes, arrows


def _through(step: Step, boxes: dict[str, Box]) -> list[Box]:
    start, end = boxes[step.start], boxes[step.end]
    if end.layer <= start.layer:
        return [start, Box(start.layer + 1, 0, back_to=step.end_name)]
    between = [Box(layer, SMALL) for layer in range(start.layer + 1, end.layer)]
    return [start, *between, end]


def _height(box: Box) -> float:
    text = sum(LINE if large else SMALL for _, large in lines_of(box)) + 14
    return max(text, sum(a.room for a in box.taken) + 6) if box.stop or box.back_to else SMALL


def lines_of(box: Box) -> list[tuple[str, bool]]:
    """The text of a box: its name large, then its kind and what limits it."""
    if box.stop is None:
        return [(line, False) for line in textwrap.wrap(f"back to {box.back_to}", 24)]
    word = LOOKS[box.stop.kind][0]
    found = [(line, True) for line in textwrap.wrap(box.stop.name, 20)]
    found += [(word, False)]
    for note in box.stop.notes[:3]:
        found += [(line, False) for line in textwrap.wrap(_short(note, 60), 27)]
    return found


def _label(step: Step) -> list[str]:
    """What stands beside the end of a step: number and sign, risk, condition."""
    sign = SIGNS[step.line]
    told = [
        f"{step.number}. {sign} {_SAID.get(step.status, step.status)}" if sign else f"{step.number}"
    ]
    if step.risks:
        told.append(_short(f"risk: {', '.join(_risk(r) for r in step.risks)}", 26))
    if step.condition:
        told += textwrap.wrap(_short(f"if: {step.condition}", 48), 25)[:2]
    return told


_SAID = {
    "not stated": "not said to work",
    HOW_UNKNOWN: "how is not recorded",
    NO_WAY: "no way in recorded",
}
"""Statuses in fewer words, where there is little room."""


def _risk(level: str) -> str:
    return level.partition(" (")[0]


def _short(text: str, most: int) -> str:
    return textwrap.shorten(text, most, placeholder=" …")


def _place(boxes: dict[str, Box], arrows: Sequence[Arrow]) -> None:
    """Set how high every box stands and every arrow ends."""
    columns: dict[int, list[str]] = {}
    for key in sorted(boxes, key=lambda k: (boxes[k].layer, boxes[k].stop is None, k)):
        columns.setdefault(boxes[key].layer, []).append(key)
    keys = {id(box): key for key, box in boxes.items()}
    pairs = [
        (keys[id(a)], keys[id(b)])
        for arrow in arrows
        for a, b in zip(arrow.through, arrow.through[1:], strict=False)
    ]
    heights = {key: box.height + _SPACE for key, box in boxes.items()}
    middles = placed_beside([columns[n] for n in sorted(columns)], pairs, heights)
    top = min((middles[k] - boxes[k].height / 2 for k in boxes), default=0)
    for key, box in boxes.items():
        box.y = middles[key] - top + 2
    for box in boxes.values():
        box.taken.sort(key=lambda a: (a.through[-2].y, a.step.number))
        used = box.y - sum(a.room for a in box.taken) / 2
        for arrow in box.taken:
            arrow.end = used + arrow.room - 7
            used += arrow.room
