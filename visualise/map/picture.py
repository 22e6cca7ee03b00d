"""The map as a still picture, for paper: what has money, who pays and provides, and whom it is for.

A page has no room for all of a map. Services and posts with money on record are drawn, with the
funds, agencies and groups that they are linked with; the tables of a paper have the rest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import altair as alt

from visualise.figure import QUIET, TEXT, Figure, draw
from visualise.map.cards import LINE, PADDING, WIDTH, Card, card_of, height_of
from visualise.map.chart import Chart, Thing
from visualise.map.layout import Arrangement, Place, layout, paid
from visualise.map.links import Link

MOST = 26
"""How many services and posts fit a page."""
_DRAWN = ("money", "provision", "reach")
_TITLES = ("Funds", "Agencies", "Services and posts", "People they are for")
_COLUMNS = {"fund": 0, "agency": 1, "body": 1, "service": 2, "post": 2, "client-group": 3}
_HEAD = 34


def with_money(said: Chart, most: int = MOST) -> Chart:
    """The part of a chart that the picture draws."""
    names = {t.id: t.name for t in said.things}
    subjects = sorted(paid(said), key=lambda one: (names[one], one))[:most]
    links = [
        k for k in said.links if k.kind in _DRAWN and not {k.start, k.end}.isdisjoint(subjects)
    ]
    linked = {end for k in links for end in (k.start, k.end)} | set(subjects)
    things = [t for t in said.things if t.id in linked and t.kind in _COLUMNS]
    kept = {t.id for t in things}
    links = [k for k in links if k.start in kept and k.end in kept]
    return replace(said, things=tuple(things), links=tuple(links))


def map_figure(said: Chart, title: str) -> Figure | None:
    """The picture, or None where no money is on record."""
    part = with_money(said)
    if not part.things:
        return None
    cards = {t.id: card_of(t) for t in part.things}
    heights = {one: height_of(card) for one, card in cards.items()}
    columns = {t.id: _COLUMNS[t.kind] for t in part.things}
    places = layout(part, heights, Arrangement("", _TITLES, columns, 2))
    top = min(p.y - heights[one] / 2 for one, p in places.items()) - _HEAD
    bottom = max(p.y + heights[one] / 2 for one, p in places.items())
    right = max(p.x for p in places.values()) + WIDTH // 2
    size: dict[str, Any] = {"width": right, "height": round(bottom - top)}
    scales = {"x": _scale("x", 0, right), "y": _scale("y", top, bottom)}
    layers = [
        _lines(part.links, places, scales),
        _boxes(places, cards, heights, scales),
        _texts(places, cards, heights, scales),
        _heads(part.things, places, top, scales),
    ]
    return draw(alt.layer(*layers).properties(**size), title, _words(part, said))


def _scale(channel: str, first: float, last: float) -> Any:
    """Positions as they are, downwards, without an axis."""
    domain = [first, last] if channel == "x" else [last, first]
    kind = alt.X if channel == "x" else alt.Y
    return kind(f"{channel}:Q", axis=None, scale=alt.Scale(domain=domain, nice=False, zero=False))


def _layer(rows: Iterable[Mapping[str, Any]]) -> alt.Chart:
    data: Any = alt.Data(values=[dict(row) for row in rows])  # type: ignore[no-untyped-call]
    return alt.Chart(data)


def _lines(links: Iterable[Link], places: Mapping[str, Place], scales: Mapping[str, Any]) -> Any:
    rows = []
    for k in links:
        start, end = places[k.start], places[k.end]
        if start.x > end.x:
            start, end = end, start
        rows.append(
            {
                "x": start.x + WIDTH / 2,
                "y": start.y,
                "x2": end.x - WIDTH / 2,
                "y2": end.y,
                "firm": k.firm,
            }
        )
    return (
        _layer(rows)
        .mark_rule(strokeWidth=1.2, color=QUIET, opacity=0.7)
        .encode(
            **scales,
            x2="x2:Q",
            y2="y2:Q",
            strokeDash=alt.StrokeDash(
                "firm:N",
                legend=None,
                scale=alt.Scale(domain=[True, False], range=[[1, 0], [5, 4]]),
            ),
        )
    )


def _boxes(
    places: Mapping[str, Place],
    cards: Mapping[str, Card],
    heights: Mapping[str, int],
    scales: Mapping[str, Any],
) -> Any:
    rows = [
        {
            "x": p.x - WIDTH / 2,
            "x2": p.x + WIDTH / 2,
            "y": p.y - heights[one] / 2,
            "y2": p.y + heights[one] / 2,
            "line": cards[one].line,
            "ground": cards[one].ground,
        }
        for one, p in sorted(places.items())
    ]
    return (
        _layer(rows)
        .mark_rect(strokeWidth=1.5, cornerRadius=4)
        .encode(
            **scales,
            x2="x2:Q",
            y2="y2:Q",
            fill=alt.Fill("ground:N", scale=None),
            stroke=alt.Stroke("line:N", scale=None),
        )
    )


def _texts(
    places: Mapping[str, Place],
    cards: Mapping[str, Card],
    heights: Mapping[str, int],
    scales: Mapping[str, Any],
) -> Any:
    rows = [
        {
            "x": p.x - WIDTH / 2 + 8,
            "y": p.y - heights[one] / 2 + PADDING / 2 + LINE * (n + 0.5),
            # The column says what kind a card is; not every typeface has its sign.
            "text": line if n else line.split(" ", 1)[1],
            "weight": "normal" if n < cards[one].named else "bold",
        }
        for one, p in sorted(places.items())
        for n, line in enumerate(cards[one].lines)
    ]
    mark = _layer(rows).mark_text(align="left", baseline="middle", fontSize=13, color=TEXT)
    return mark.encode(**scales, text="text:N")


def _heads(
    things: Iterable[Thing], places: Mapping[str, Place], top: float, scales: Mapping[str, Any]
) -> Any:
    heads = {places[t.id].x: _TITLES[_COLUMNS[t.kind]] for t in things}
    rows = [{"x": x, "y": top + 12, "text": title} for x, title in sorted(heads.items())]
    mark = _layer(rows).mark_text(align="center", fontWeight="bold", fontSize=14, color=TEXT)
    return mark.encode(**scales, text="text:N")


def left_out(said: Chart) -> int:
    """How many services and posts with money the picture leaves out."""
    return max(0, len(paid(said)) - MOST)


def _words(part: Chart, said: Chart) -> str:
    """What the picture shows, for whoever does not see it."""
    names = {t.id: t.name for t in part.things}
    told = [f"{names[k.start]} {k.says} {names[k.end]}" for k in part.links if k.kind == "money"]
    more = f" {left_out(said)} more are not drawn." if left_out(said) else ""
    return f"{'; '.join(told)}.{more}"
