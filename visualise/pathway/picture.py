"""Ways to help as a picture: stops as boxes in columns, steps as arrows from left to right.

A step ends in a level stretch before the stop that it leads to; there stand its number, whether it
works, the risk and the condition. What is missing or only drafted is dashed and has its sign.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import altair as alt

from queries.findings.wording import counted
from visualise.figure import QUIET, TEXT, Figure, draw
from visualise.pathway.boxes import (
    CURVE,
    GAP,
    LINE,
    LOOKS,
    MOST,
    SMALL,
    Arrow,
    Box,
    arranged,
    lines_of,
    steps_drawn,
)
from visualise.pathway.steps import Line
from visualise.pathway.ways import Pathway
from visualise.signs import PAINTS

KEY = (
    "Arrows lead from the first door to help; numbers are those of the table. Firm: said to work. "
    "“! to be reinforced”: works, and a source wants it stronger. Dashed with “…”: only drafted or "
    "proposed. Dashed with “✕”: a source says that it is missing. Dotted with “?”: nobody says "
    "whether it works, or no way is recorded. A thick frame: help with the need."
)
"""How the picture is to be read; stands with it wherever it is shown."""
_STROKES: dict[Line, tuple[str, list[int]]] = {
    "firm": ("#3B4248", [1, 0]),
    "to be reinforced": (PAINTS["warn"].ink, [1, 0]),
    "not stated": ("#56606A", [1, 4]),
    "drafted": (PAINTS["note"].ink, [7, 5]),
    "missing": (PAINTS["bad"].ink, [7, 5]),
}
"""The colour and dashes of a step by how it stands."""


def pathway_figure(pathway: Pathway, *, most: int = MOST, title: str = "Ways to help") -> Figure:
    """The steps as a picture from left to right; at most so many: `left_out` tells of the rest."""
    boxes, arrows = arranged(pathway, most)
    layers = [*_arrow_layers(arrows), *_box_layers(boxes.values())]
    width = max((b.right for b in boxes.values()), default=1)
    height = max((b.bottom for b in boxes.values()), default=1)
    chart = alt.layer(*layers).properties(width=width, height=round(height))
    return draw(chart, title, words_of(pathway, most))


def left_out(pathway: Pathway, most: int = MOST) -> str:
    """What the picture leaves out, in a sentence; empty where it leaves out nothing."""
    own = 0 if pathway.draws_own else sum(s.is_own for s in pathway.steps)
    over = len(pathway.steps) - own - len(steps_drawn(pathway, most))
    told = [f"{counted(over, 'step')} that would not fit"] if over else []
    told += [f"{counted(own, 'way', 'ways')} in that people take by themselves"] if own else []
    return f"The table has, and the picture has not: {' and '.join(told)}." if told else ""


def words_of(pathway: Pathway, most: int = MOST) -> str:
    """What the picture shows, for whoever does not see it."""
    lines = Counter(s.status for s in steps_drawn(pathway, most))
    told = ", ".join(f"{count} {status}" for status, count in sorted(lines.items()))
    steps = counted(sum(lines.values()), "step")
    return f"{steps[:1].upper()}{steps[1:]} from left to right{f': {told}' if told else ''}."


# ---------------------------------------------------------------- layers


def _data(rows: Iterable[dict[str, Any]]) -> Any:
    return alt.Data(values=list(rows))  # type: ignore[no-untyped-call]


def _x(name: str) -> alt.X:
    return alt.X(f"{name}:Q", scale=None, axis=None)


def _y(name: str) -> alt.Y:
    return alt.Y(f"{name}:Q", scale=None, axis=None)


def _points(arrow: Arrow) -> list[tuple[float, float]]:
    """The points of an arrow: it bends in the first part of each gap and is level after it."""
    found: list[tuple[float, float]] = []
    for a, b in zip(arrow.through, arrow.through[1:], strict=False):
        last = b is arrow.through[-1]
        height = arrow.end if last else b.y
        for part in range(13):
            t = part / 12
            rise = 3 * t * t - 2 * t * t * t
            found.append((a.right + t * CURVE, a.y + (height - a.y) * rise))
        found.append((b.left - 7 if last else b.right, height))
    return found


def _arrow_layers(arrows: Sequence[Arrow]) -> list[Any]:
    found: list[Any] = []
    for line, (colour, dash) in _STROKES.items():
        points = [
            {"x": x, "y": y, "n": n, "step": arrow.step.number}
            for arrow in arrows
            if arrow.step.line == line
            for n, (x, y) in enumerate(_points(arrow))
        ]
        marks = alt.Chart(_data(points)).mark_line(
            color=colour, strokeWidth=1.6, strokeDash=dash, strokeCap="round"
        )
        found.append(marks.encode(x=_x("x"), y=_y("y"), order="n:Q", detail="step:N"))
        tips = [{"x": a.through[-1].left - 6, "y": a.end} for a in arrows if a.step.line == line]
        found.append(
            alt.Chart(_data(tips))
            .mark_point(shape="triangle-right", size=70, filled=True, color=colour, opacity=1)
            .encode(x=_x("x"), y=_y("y"))
        )
        found += _labels([a for a in arrows if a.step.line == line], colour)
    return found


def _labels(arrows: Sequence[Arrow], colour: str) -> list[Any]:
    rows = [
        {
            "x": a.through[-1].left - GAP + CURVE + 4,
            "y": a.end - 5 - (len(a.label) - 1 - n) * SMALL,
            "text": text,
            "first": n == 0,
        }
        for a in arrows
        for n, text in enumerate(a.label)
    ]
    marks: dict[str, Any] = {"align": "left", "baseline": "bottom", "fontSize": 11}
    return [
        alt.Chart(_data([r for r in rows if r["first"] is first]))
        .mark_text(
            **marks, color=colour if first else TEXT, fontWeight="bold" if first else "normal"
        )
        .encode(x=_x("x"), y=_y("y"), text="text:N")
        for first in (True, False)
    ]


def _box_layers(boxes: Iterable[Box]) -> list[Any]:
    shown = [b for b in boxes if b.stop or b.back_to]
    rects = [_rect(box) for box in shown]
    lines = [line for box in shown for line in _placed(box)]
    found = []
    for dashed in (False, True):
        marks = alt.Chart(_data([r for r in rects if r["dashed"] is dashed])).mark_rect(
            cornerRadius=4, strokeDash=[3, 3] if dashed else [1, 0]
        )
        found.append(
            marks.encode(
                x=_x("left"),
                x2="right:Q",
                y=_y("top"),
                y2="bottom:Q",
                fill=alt.Fill("ground:N", scale=None, legend=None),
                stroke=alt.Stroke("ink:N", scale=None, legend=None),
                strokeWidth=alt.StrokeWidth("width:Q", scale=None, legend=None),
            )
        )
    return [*found, *_texts(lines)]


def _texts(lines: Sequence[dict[str, Any]]) -> list[Any]:
    """The names in boxes, and the smaller lines below them."""
    looks: dict[bool, dict[str, Any]] = {
        True: {"fontSize": 13, "fontWeight": "bold", "color": TEXT},
        False: {"fontSize": 11, "color": QUIET},
    }
    return [
        alt.Chart(_data(n for n in lines if n["large"] is large))
        .mark_text(align="left", baseline="middle", **look)
        .encode(x=_x("x"), y=_y("y"), text="text:N")
        for large, look in looks.items()
    ]


def _rect(box: Box) -> dict[str, Any]:
    _, ink, ground = LOOKS[box.stop.kind] if box.stop else ("", "#56606A", "#FFFFFF")
    is_help = box.stop is not None and box.stop.is_help
    return {
        "left": box.left,
        "right": box.right,
        "top": box.y - box.height / 2,
        "bottom": box.bottom,
        "ink": TEXT if is_help else ink,
        "ground": ground,
        "width": 3 if is_help else 1.5,
        "dashed": box.stop is None,
    }


def _placed(box: Box) -> list[dict[str, Any]]:
    lines = lines_of(box)
    heights = [LINE if large else SMALL for _, large in lines]
    top, found = box.y - sum(heights) / 2, []
    for (text, large), height in zip(lines, heights, strict=True):
        found.append({"text": text, "large": large, "x": box.left + 9, "y": top + height / 2})
        top += height
    return found
