"""The picture of a map: vis-network's nodes, edges and options, by pyvis and without its page.

Only this module imports pyvis. Its own template loads from other hosts and puts text in as HTML, so
the picture leaves here as data; our page draws it with the vis-network file that pyvis ships
(`vis_network_file`). What else our page needs to switch, arrange and date the map is in `MapData`.
"""

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyvis
from pyvis.network import Network

from visualise.map.bundles import Bundle, bundles, thing_of
from visualise.map.cards import KINDS, LINKS, TEXT, WIDTH, Card, card_of, height_of, title_of
from visualise.map.chart import Chart, Thing, chart
from visualise.map.days import Moment, days_of, moments
from visualise.map.layers import opening, within
from visualise.map.layout import (
    STEP,
    Arrangement,
    Place,
    column_of,
    filled_titles,
    layout,
    money_to_people,
)
from visualise.map.links import Link, Rows
from visualise.map.steps import boards, ways_in

_OPTIONS: Mapping[str, Any] = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {
        "hover": True,
        "dragNodes": False,
        "tooltipDelay": 150,
        "selectConnectedEdges": False,
        "hoverConnectedEdges": False,
    },
    "nodes": {
        "chosen": True,
        "fixed": True,
        "borderWidthSelected": 4,
        "font": {"size": 15, "face": "Arial,sans-serif", "color": TEXT, "align": "left"},
        "margin": {"top": 5, "bottom": 5, "left": 8, "right": 8},
    },
    "edges": {
        "smooth": {
            "enabled": True,
            "type": "cubicBezier",
            "forceDirection": "horizontal",
            "roundness": 0.8,
        },
        "arrows": {"to": {"enabled": True, "scaleFactor": 0.5}},
        "width": 1.5,
        "hoverWidth": 1.5,
        "selectionWidth": 1.5,
    },
}


@dataclass(frozen=True, slots=True)
class MapData:
    """A map ready to be drawn and read.

    The chart in words, the picture of what the map begins with, how it can be arranged, the height
    of every card, the days on which it looks otherwise, and the bundles of a very large one.
    """

    chart: Chart
    picture: Mapping[str, Any]
    arrangements: Mapping[str, Arrangement]
    heights: Mapping[str, int]
    moments: tuple[Moment, ...]
    bundles: tuple[Bundle, ...]


def network(rows: Rows, day: datetime.date, newest: datetime.date | None = None) -> MapData:
    """The map of one partnership's rows (`visualise.map.chart.read_rows`) on a day.

    `newest` is the day of the newest source: the days of the map begin with it.
    """
    said = chart(rows, day)
    found = moments(rows, days_of(rows, newest or day, day))
    many = bundles(said, rows)
    bundled = {b.id: thing_of(b) for b in many}
    heights = _heights(found, bundled)
    money = money_to_people(said)
    arrangements = {"money": money, "ways": ways_in(said), "boards": boards(said)}
    shown = within(said, opening(said))
    if many:
        shown = Chart(day, tuple(bundled.values()), ())
        columns = {t.id: column_of(t) for t in bundled.values()}
        money = replace(money, columns=columns)
    places = layout(shown, heights, money)
    picture = _picture(shown, places, heights, filled_titles(shown, money))
    return MapData(said, picture, arrangements, heights, tuple(found), many)


def _heights(found: list[Moment], bundled: Mapping[str, Thing]) -> dict[str, int]:
    """The height of each card: the greatest of all days, so that no card moves with the day."""
    heights: dict[str, int] = {}
    for thing in [*(t for moment in found for t in moment.things), *bundled.values()]:
        heights[thing.id] = max(heights.get(thing.id, 0), height_of(card_of(thing)))
    return heights


def vis_network_file() -> Path:
    """The vis-network script inside the installed pyvis, the newest that it ships."""
    folder = Path(pyvis.__file__).parent / "templates" / "lib"
    found = sorted(folder.glob("vis-*/vis-network.min.js"))
    if not found:
        raise FileNotFoundError(f"pyvis ships no vis-network in {folder}")
    return found[-1]


# ---------------------------------------------------------------- by pyvis


def _picture(
    shown: Chart, places: Mapping[str, Place], heights: Mapping[str, int], titles: list[str]
) -> dict[str, Any]:
    names = {t.id: t.name for t in shown.things}
    drawing = Network(directed=True)
    for thing in shown.things:
        _draw_thing(drawing, thing, card_of(thing), places[thing.id], heights[thing.id])
    for link in shown.links:
        _draw_link(drawing, link, names, places)
    drawing.set_options(json.dumps(_OPTIONS))
    return {
        "nodes": drawing.nodes,
        "edges": drawing.edges,
        "options": drawing.options,
        "columns": [
            {"title": title, "x": number * STEP + WIDTH // 2} for number, title in enumerate(titles)
        ],
    }


def _draw_thing(drawing: Network, thing: Thing, card: Card, place: Place, height: int) -> None:
    look = KINDS[thing.kind]
    drawing.add_node(
        thing.id,
        label="\n".join(card.lines),
        title=card.title,
        shape="box",
        x=place.x,
        y=place.y,
        color={
            "border": card.line,
            "background": card.ground,
            "hover": {"border": TEXT, "background": card.ground},
            "highlight": {"border": TEXT, "background": card.ground},
        },
        borderWidth=3 if card.stands_out else 1.5,
        shapeProperties={
            "borderRadius": look.radius,
            "borderDashes": [6, 4] if card.dashed else False,
        },
        widthConstraint={"minimum": WIDTH - 16, "maximum": WIDTH + 24},
        heightConstraint={"minimum": height - 10, "valign": "middle"},
    )


def _draw_link(
    drawing: Network, link: Link, names: Mapping[str, str], places: Mapping[str, Place]
) -> None:
    options: dict[str, Any] = {}
    if places[link.start].x == places[link.end].x:
        options["smooth"] = {"enabled": True, "type": "curvedCW", "roundness": 0.35}
    drawing.add_edge(
        link.start,
        link.end,
        id=link.id,
        kind=link.kind,
        title=title_of(link, names),
        color={"color": LINKS[link.kind][1], "hover": TEXT, "highlight": TEXT, "opacity": 0.55},
        dashes=False if link.firm else [5, 5],
        **options,
    )
