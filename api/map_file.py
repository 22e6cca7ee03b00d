"""A map as one HTML file: script, style and data inside, opened without a server or a network.

What falls with each thing is worked out beforehand. The file's own Content Security Policy allows
the scripts and styles that are in it, by their hashes, and nothing from anywhere else.
"""

import base64
import datetime
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from api.map_data import loss_told, losses_told, map_data
from api.map_facts import Rows
from api.map_tables import tables_of
from api.routes.pages import page
from queries.asked import Partnership
from queries.losing import Losing
from visualise.map.network import network, vis_network_file

_STATIC = Path(__file__).parent / "static"
STYLES = ("site.css", "map.css")
SCRIPTS = (
    "map-layout.js",
    "map-cards.js",
    "map-view.js",
    "map-panel.js",
    "map-days.js",
    "map-lose.js",
    "map.js",
)
"""The parts of the map's script, in the order in which they are needed."""
_MOST_ANSWERS = 4_000
"""Of things times days: beyond it what falls is worked out for the day shown alone."""
_UNSAFE = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


@dataclass(frozen=True, slots=True)
class Part:
    """A script or style inside the file, with the hash by which the file's policy knows it."""

    text: Markup
    hash: str


def map_file(
    partnership: Partnership, rows: Rows, day: datetime.date, without: Sequence[str] = ()
) -> bytes:
    """The file of a partnership's map on a day; it begins with some things imagined ended.

    The same rows give the same bytes.
    """
    drawn = network(rows, day, partnership.newest)
    days = [moment.day for moment in drawn.moments]
    if len(days) * len(drawn.chart.things) > _MOST_ANSWERS:
        days = [day]
    homes = {partnership.slug: partnership.area}
    losses = losses_told(drawn, rows, homes, days)
    if len(without) > 1:
        losses |= _together(losses["answers"], rows, homes, days, without)
    data = {**map_data(drawn, partnership), "losses": losses}
    scripts = [vis_network_file().read_text(encoding="utf-8"), *map(_static, SCRIPTS)]
    styles = [_static(name) for name in STYLES]
    found = page(
        "map_file.html",
        about=(partnership,),
        partnership=partnership,
        styles=[_part(text, "style") for text in styles],
        scripts=[_part(text, "script") for text in scripts],
        data=embedded(data),
        without=" ".join(without),
        **tables_of(drawn),
    )
    return bytes(found.body)


def _together(
    answers: list[dict[str, Any]],
    rows: Rows,
    homes: dict[str, str],
    days: Sequence[datetime.date],
    without: Sequence[str],
) -> dict[str, Any]:
    """What falls with several things at once, on each day, among the answers of the file."""
    numbers = []
    for day in days:
        told = loss_told(Losing(rows, homes, day).of(frozenset(without)))
        if told not in answers:
            answers.append(told)
        numbers.append(answers.index(told))
    return {"together": numbers}


def embedded(data: object) -> Markup:
    """Data as JSON inside a page: no name in it can end the element that it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_UNSAFE))  # noqa: S704 - nothing is left that HTML could read


def _static(name: str) -> str:
    return (_STATIC / name).read_text(encoding="utf-8")


def _part(text: str, element: str) -> Part:
    """A file of ours, or the one that pyvis ships, as it can stand inside its element."""
    safe = re.sub(rf"</(?={element})", r"<\\/", text, flags=re.IGNORECASE).replace("<!--", "<\\!--")
    digest = base64.b64encode(hashlib.sha256(safe.encode()).digest()).decode()
    return Part(Markup(safe), f"sha256-{digest}")  # noqa: S704 - none of it comes from data


def file_name(partnership: Partnership, day: datetime.date) -> str:
    """What the file is called where it is downloaded."""
    return f"map-{partnership.slug}-{day.isoformat()}.html"
