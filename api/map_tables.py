"""The tables beside a map: the same things, links, ways and days as the picture has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.routes.pages import record_url, written
from visualise.map.cards import KINDS, LINKS
from visualise.map.chart import Chart, Thing
from visualise.map.days import Counts, news_of
from visualise.map.layers import LAYERS, opening
from visualise.map.layout import COLUMNS, column_of
from visualise.map.links import Evidence
from visualise.map.network import MapData
from visualise.map.steps import BY_THEMSELVES, NO_WAY


@dataclass(frozen=True, slots=True)
class Joined:
    """A link as a row of the table beside the picture; `step` is where on the ways in it leads."""

    start: str
    start_url: str
    says: str
    mark: str
    end: str
    end_url: str
    record: str | None
    evidence: Evidence | None
    step: str = ""


@dataclass(frozen=True, slots=True)
class OnDay:
    """A row of the table of days: how money stands, and what is marked otherwise from it on."""

    day: str
    counts: Counts
    news: tuple[str, ...]


def tables_of(drawn: MapData) -> dict[str, Any]:
    """What the templates of maps take."""
    said = drawn.chart
    return {
        "day": said.day,
        "kinds": KINDS,
        "layers": LAYERS,
        "layers_on": opening(said),
        "lines": {name: LINKS[layer.links[0]][1] for name, layer in LAYERS.items()},
        "arrangements": {name: how.word for name, how in drawn.arrangements.items()},
        "columns": _columns(said),
        "links": _joined(drawn),
        "aside": _aside(drawn),
        "days": _days(drawn),
        "standing_out": [t for t in said.things if t.state.startswith("money ")],
        "bundled": len(drawn.bundles),
    }


def _columns(said: Chart) -> list[tuple[str, list[Thing]]]:
    titles = [*COLUMNS[:-1], "People they are for", "Gaps that sources name"]
    found: list[tuple[str, list[Thing]]] = [(title, []) for title in titles]
    for thing in sorted(said.things, key=lambda t: (t.name, t.id)):
        found[column_of(thing) + (thing.kind == "gap")][1].append(thing)
    return [(title, things) for title, things in found if things]


def _joined(drawn: MapData) -> list[tuple[str, list[Joined]]]:
    names = {t.id: t.name for t in drawn.chart.things}
    ways = drawn.arrangements["ways"]
    rows: dict[str, list[Joined]] = {word: [] for word, _ in LINKS.values()}
    for link in drawn.chart.links:
        record = record_url(link.record) if link.record else None
        step = ways.titles[ways.columns[link.end]] if link.kind == "referral" else ""
        rows[LINKS[link.kind][0]].append(
            Joined(
                names[link.start],
                record_url(link.start),
                link.says,
                link.mark,
                names[link.end],
                record_url(link.end),
                record,
                link.evidence,
                step,
            )
        )
    order = {title: number for number, title in enumerate(ways.titles)}
    return [
        (word, sorted(found, key=lambda j: (order.get(j.step, 0), j.start, j.end)))
        for word, found in rows.items()
        if found
    ]


def _aside(drawn: MapData) -> Mapping[str, list[Thing]]:
    """The services without a recorded route: those to which people come themselves, and others."""
    ways = drawn.arrangements["ways"]
    found: dict[str, list[Thing]] = {}
    for thing in sorted(drawn.chart.things, key=lambda t: (t.name, t.id)):
        title = ways.titles[ways.columns[thing.id]] if thing.id in ways.columns else ""
        if title in (BY_THEMSELVES, NO_WAY):
            found.setdefault(title, []).append(thing)
    return found


def _days(drawn: MapData) -> list[OnDay]:
    news = news_of(drawn.moments)
    return [OnDay(written(m.day), m.counts, tuple(news[m.day])) for m in drawn.moments]
