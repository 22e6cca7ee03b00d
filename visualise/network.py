"""The picture of a map: vis-network's nodes, edges and options, by pyvis and without its page.

Only this module imports pyvis. Its own template loads from other hosts and puts text in as HTML, so
the picture leaves here as data; our page draws it with the vis-network file that pyvis ships
(`vis_network_file`). Colours are those of Okabe and Ito; every kind has a sign as well.
"""

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyvis
from pyvis.network import Network

from visualise.chart import Chart, Link, Rows, Thing, chart
from visualise.layout import COLUMNS, STEP, WIDTH, Place, layout


@dataclass(frozen=True, slots=True)
class Look:
    """How a kind is drawn: its word, its sign, its line and its ground."""

    word: str
    sign: str
    line: str
    ground: str
    radius: int = 3


KINDS: Mapping[str, Look] = MappingProxyType(
    {
        "fund": Look("Fund", "◆", "#009E73", "#E8F6F1", 3),
        "agency": Look("Agency", "■", "#0072B2", "#E7F1F8", 0),
        "body": Look("Board or forum", "▲", "#56B4E9", "#EEF7FD", 0),
        "post": Look("Post", "▼", "#CC79A7", "#FAF0F5", 0),
        "service": Look("Service", "●", "#3B4248", "#FFFFFF", 10),
        "client-group": Look("People it is for", "★", "#E69F00", "#FDF5E4", 18),
    }
)
LINKS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "holding": ("Holds a fund", "#009E73"),
        "money": ("Pays for", "#009E73"),
        "provision": ("Provides or commissions", "#0072B2"),
        "post": ("Posts that are needed", "#CC79A7"),
        "referral": ("Refers to", "#56606A"),
        "reach": ("Is for", "#E69F00"),
    }
)
"""How each kind of link is called in the legend, and its colour."""
_ALARM, _ALARM_GROUND, _SOON_GROUND = "#D55E00", "#FBE4D5", "#FDF8C9"
_TEXT = "#0B0C0C"
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
    "nodes": {"chosen": True},
    "edges": {
        "smooth": {
            "enabled": True,
            "type": "cubicBezier",
            "forceDirection": "horizontal",
            "roundness": 0.8,
        },
        "width": 1.5,
        "hoverWidth": 1.5,
        "selectionWidth": 1.5,
    },
}


@dataclass(frozen=True, slots=True)
class MapData:
    """A map ready to be drawn and read: the chart in words, and the picture for vis-network."""

    chart: Chart
    picture: Mapping[str, Any]


def network(rows: Rows, day: datetime.date) -> MapData:
    """The map of one partnership's rows (`visualise.chart.read_rows`) on a day."""
    said = chart(rows, day)
    places = layout(said, {kind: look.sign for kind, look in KINDS.items()})
    names = {t.id: t.name for t in said.things}
    drawing = Network(directed=True)
    for thing in said.things:
        _draw_thing(drawing, thing, places[thing.id])
    for number, link in enumerate(said.links):
        _draw_link(drawing, number, link, names, places)
    drawing.set_options(json.dumps(_OPTIONS))
    picture = {
        "nodes": drawing.nodes,
        "edges": drawing.edges,
        "options": drawing.options,
        "columns": [
            {"title": title, "x": number * STEP + WIDTH // 2}
            for number, title in enumerate(COLUMNS)
        ],
    }
    return MapData(said, picture)


def vis_network_file() -> Path:
    """The vis-network script inside the installed pyvis, the newest that it ships."""
    folder = Path(pyvis.__file__).parent / "templates" / "lib"
    found = sorted(folder.glob("vis-*/vis-network.min.js"))
    if not found:
        raise FileNotFoundError(f"pyvis ships no vis-network in {folder}")
    return found[-1]


def _draw_thing(drawing: Network, thing: Thing, place: Place) -> None:
    look = KINDS[thing.kind]
    alarm = thing.state in ("money ended", "money ends soon", "money at risk")
    ground = look.ground
    if alarm:
        ground = _ALARM_GROUND if thing.state == "money ended" else _SOON_GROUND
    line = _ALARM if alarm else look.line
    drawing.add_node(
        thing.id,
        label="\n".join(place.lines),
        title=_title(thing),
        shape="box",
        x=place.x,
        y=place.y,
        fixed=True,
        color={
            "border": line,
            "background": ground,
            "hover": {"border": _TEXT, "background": ground},
            "highlight": {"border": _TEXT, "background": ground},
        },
        borderWidth=3 if alarm else 1.5,
        borderWidthSelected=4,
        shapeProperties={
            "borderRadius": look.radius,
            "borderDashes": [6, 4] if thing.dashed else False,
        },
        widthConstraint={"minimum": WIDTH - 16, "maximum": WIDTH + 24},
        heightConstraint={"minimum": place.height - 10, "valign": "middle"},
        margin={"top": 5, "bottom": 5, "left": 8, "right": 8},
        font={"size": 15, "face": "Arial,sans-serif", "color": _TEXT, "align": "left"},
    )


def _title(thing: Thing) -> str:
    facts = [f"{label}: {value}" for label, value in thing.facts if label in ("Standing", "Money")]
    return "\n".join([thing.name, KINDS[thing.kind].word, *filter(None, [thing.sign]), *facts])


def _draw_link(
    drawing: Network,
    number: int,
    link: Link,
    names: Mapping[str, str],
    places: Mapping[str, Place],
) -> None:
    colour = LINKS[link.kind][1]
    options: dict[str, Any] = {}
    if places[link.start].x == places[link.end].x:
        options["smooth"] = {"enabled": True, "type": "curvedCW", "roundness": 0.35}
    drawing.add_edge(
        link.start,
        link.end,
        id=f"link:{number}",
        kind=link.kind,
        title=f"{names[link.start]}\n{link.says}\n{names[link.end]}",
        color={"color": colour, "hover": _TEXT, "highlight": _TEXT, "opacity": 0.55},
        dashes=False if link.firm else [5, 5],
        arrows={"to": {"enabled": True, "scaleFactor": 0.5}},
        **options,
    )
