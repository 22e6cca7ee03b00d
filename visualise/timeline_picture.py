"""Money over time as a picture: a bar for each award, the day asked about, and the days of change.

A bar is filled where money is there, hollow where it is only wanted or has ended. Where a source
gives no start or no end, the bar is dashed and open on that side: it is drawn on, and never ends.
"""

import datetime
import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import altair as alt

from graph.dates import add_months
from queries.findings.wording import counted
from queries.findings.wording import day as written
from visualise.figure import QUIET, TEXT, Figure, draw
from visualise.signs import PAINTS, sign_of
from visualise.timeline import Bar, By, Timeline

KEY = (
    "Filled bar: money that is there. Hollow bar: money that has ended. Thin bar: money that is "
    "only wanted. Dashed and open: no start or no end is recorded; “?” where there is no date at "
    "all. D: the day to decide by. E: the day up to which it may be extended. Numbers: days of "
    "change, as in the table."
)
"""How the picture is to be read; stands with it wherever it is shown."""
_WIDTH, _NAMES, _NOTES = 420, 262, 190
"""The widths of the time line, of the names to its left and of the notes to its right."""
_LINE, _SMALL, _PADDING, _HALF = 16, 14, 14, 11
"""The heights of a line of text, of a small one, what is free in a row, and half a bar."""
_BEFORE, _AFTER = 36, 60
"""How many months before and after the day are drawn at most."""
_MONTHS_TO = 4 * 365
"""Up to how many days the axis tells months."""
Window = tuple[datetime.date, datetime.date]


def timeline_figure(
    timeline: Timeline, by: By = "service", *, named: bool = True, title: str = "Money over time"
) -> Figure:
    """The bars as a picture, by what is paid for or by who pays.

    Not `named`: kinds of service stand for names of services, and no fund or post is named.
    """
    bars = ordered(timeline, by)
    window, drawn, top = _window(timeline), [], 0
    for bar, label in zip(bars, _labels(bars, by, named=named), strict=True):
        lines = _lines(label)
        height = max(46, sum(_LINE if big else _SMALL for _, big in lines) + _PADDING)
        drawn.append(_drawn(bar, lines, top, height, window))
        top += height
    layers = [_grid(drawn), *_bars(drawn, window), *_texts(drawn), *_days(timeline, window)]
    chart = alt.layer(*layers).properties(width=_WIDTH, height=max(1, top))
    return draw(chart, title, words_of(timeline))


def ordered(timeline: Timeline, by: By) -> list[Bar]:
    """The bars in the order of the picture: what ends soonest first, or by who pays."""
    if by == "service":
        return list(timeline.bars)
    place = {bar.award: n for n, bar in enumerate(timeline.bars)}
    return sorted(timeline.bars, key=lambda b: (b.funder, b.fund, place[b.award]))


def words_of(timeline: Timeline) -> str:
    """What the picture shows, for whoever does not see it. It names nobody."""
    states = Counter(bar.words for bar in timeline.bars)
    told = "; ".join(f"{count} {words}" for words, count in sorted(states.items()))
    days = counted(len(timeline.changes), "day")
    awards = f"{counted(len(timeline.bars), 'award')} on {written(timeline.day)}"
    after = f"{days} of change up to {written(timeline.until)}"
    told = f": {told}" if told else ""
    return " ".join(f"{part[:1].upper()}{part[1:]}." for part in (awards + told, after))


def _labels(bars: Sequence[Bar], by: By, *, named: bool) -> list[tuple[str, str]]:
    """For each bar what it is called, and what is said below it."""
    if not named:
        counts: Counter[str] = Counter()
        found = []
        for bar in bars:
            counts[bar.sort] += 1
            found.append((f"{bar.sort} ({counts[bar.sort]})", ""))
        return found
    if by == "fund":
        return [(bar.funder, f"for {bar.name}") for bar in bars]
    return [(bar.name, _payer(bar)) for bar in bars]


def _payer(bar: Bar) -> str:
    """Who pays, or from whom money is wanted; the fund where no source says who holds it."""
    if bar.funder == bar.fund:
        return f"{'wanted' if bar.certainty == 'wanted' else 'fund'}: {bar.fund}"
    return f"{'wanted from' if bar.certainty == 'wanted' else 'paid by'} {bar.funder}"


def _lines(label: tuple[str, str]) -> list[tuple[str, bool]]:
    """The lines of a label, each with whether it is a large one."""
    name, below = label
    large = [(line, True) for line in textwrap.wrap(name, 38)]
    return large + [(line, False) for line in textwrap.wrap(below, 44)]


# ---------------------------------------------------------------- one bar


def _window(timeline: Timeline) -> Window:
    """The days between which is drawn: what is recorded, no further than a few years."""
    day = timeline.day
    firsts = [b.first or b.known_on or day for b in timeline.bars]
    lasts = [b.extension or b.last for b in timeline.bars if b.last]
    first = max(min([day, *firsts]), add_months(day, -_BEFORE))
    last = min(max([timeline.until, *filter(None, lasts)]), add_months(day, _AFTER))
    return add_months(first, -2), add_months(last, 2)


def _drawn(
    bar: Bar, lines: list[tuple[str, bool]], top: int, height: int, window: Window
) -> dict[str, Any]:
    left, right = window
    known = _inside(bar.known_on or bar.first or left, window)
    end = _inside(bar.last, window) if bar.last else right
    start = _inside(bar.first, window) if bar.first else min(known, end)
    is_wanted, has_ended = bar.certainty == "wanted", bar.state == "money ended"
    sure_to = end if bar.last else max(start, known)
    paint, middle = PAINTS[sign_of(bar.state).tone], top + height / 2
    half = _HALF * 0.7 if is_wanted else _HALF
    return {
        "lines": lines,
        "row": top,
        "height": height,
        "y": middle,
        "top": middle - half,
        "bottom": middle + half,
        "start": start.isoformat(),
        "sure": sure_to.isoformat(),
        "end": end.isoformat(),
        "left": left.isoformat(),
        "open_before": bar.first is None and bar.last is not None,
        "open_after": bar.last is None,
        "mark": bar.first is None and bar.last is None,
        "ink": paint.ink,
        "ground": "#ffffff" if is_wanted or has_ended else paint.ground,
        "sign": f"{sign_of(bar.state).sign} {bar.words}",
        "note": _note(bar),
        "extension": _mark(bar.extension, window),
        "decide": _mark(bar.decide_by, window),
    }


def _note(bar: Bar) -> str:
    """What stands beside a bar: how long, and the amount where one is recorded."""
    if bar.last:
        when = f"to {written(bar.last)}"
    else:
        when = f"from {written(bar.first)}" if bar.first else "no dates recorded"
    return when if bar.pounds is None else f"{when}, {bar.amount}"


def _inside(day: datetime.date, window: Window) -> datetime.date:
    return min(max(day, window[0]), window[1])


def _mark(day: datetime.date | None, window: Window) -> str:
    return day.isoformat() if day and window[0] <= day <= window[1] else ""


# ---------------------------------------------------------------- layers


def _data(rows: Iterable[dict[str, Any]]) -> Any:
    return alt.Data(values=list(rows))  # type: ignore[no-untyped-call]


def _x(field: str, window: Window) -> alt.X:
    domain = [d.isoformat() for d in window]
    axis = alt.Axis(
        format="%b %Y" if (window[1] - window[0]).days < _MONTHS_TO else "%Y",
        labelOverlap="greedy",
        labelSeparation=10,
        tickCount=6,
        orient="bottom",
        title=None,
    )
    return alt.X(f"{field}:T", scale=alt.Scale(type="utc", domain=domain, nice=False), axis=axis)


def _y(field: str) -> alt.Y:
    return alt.Y(f"{field}:Q", scale=None, axis=None)


def _as_is(field: str, channel: Any) -> Any:
    return channel(f"{field}:N", scale=None, legend=None)


def _grid(drawn: Sequence[dict[str, Any]]) -> Any:
    """A thin line below each row."""
    marks = alt.Chart(_data({"y": d["row"] + d["height"]} for d in drawn)).mark_rule()
    return marks.encode(
        y=_y("y"),
        x=alt.value(-_NAMES - 12),
        x2=alt.value(_WIDTH + _NOTES),
        color=alt.value("#e3e6e8"),
    )


def _bars(drawn: Sequence[dict[str, Any]], window: Window) -> list[Any]:
    """Firm pieces, dashed ones where a start or an end is not recorded, and extensions."""
    firm = [d for d in drawn if d["sure"] > d["start"]]
    after = [{**d, "from": d["sure"], "to": d["end"]} for d in drawn if d["open_after"]]
    before = [{**d, "from": d["left"], "to": d["start"]} for d in drawn if d["open_before"]]
    longer = [{**d, "from": d["end"], "to": d["extension"]} for d in drawn if d["extension"]]
    begun = [d for d in drawn if d["open_after"] and d["sure"] == d["start"]]
    edges = [{**d, "edge": d[side]} for d in (*after, *before) for side in ("top", "bottom")]
    rect = alt.Chart(_data(firm)).mark_rect(strokeWidth=1.5)
    dashed: dict[str, Any] = {"strokeWidth": 1.5, "strokeDash": [5, 4]}
    colour = _as_is("ink", alt.Color)
    return [
        rect.encode(
            x=_x("start", window),
            x2="sure:T",
            y=_y("top"),
            y2="bottom:Q",
            fill=_as_is("ground", alt.Fill),
            stroke=_as_is("ink", alt.Stroke),
        ),
        alt.Chart(_data(edges))
        .mark_rule(**dashed)
        .encode(x=_x("from", window), x2="to:T", y=_y("edge"), color=colour),
        alt.Chart(_data(begun))
        .mark_rule(**dashed)
        .encode(x=_x("start", window), y=_y("top"), y2="bottom:Q", color=colour),
        alt.Chart(_data(longer))
        .mark_rule(strokeWidth=2, strokeDash=[2, 3])
        .encode(x=_x("from", window), x2="to:T", y=_y("y"), color=colour),
        _letters([d for d in drawn if d["extension"]], "extension", "E", window, dx=7),
        _letters([d for d in drawn if d["decide"]], "decide", "D", window),
        _letters([d for d in drawn if d["mark"]], "start", "?", window, dx=12),
    ]


def _letters(
    rows: Sequence[dict[str, Any]], field: str, letter: str, window: Window, dx: int = 0
) -> Any:
    marks = alt.Chart(_data(rows)).mark_text(
        text=letter, fontWeight="bold", fontSize=13, color=TEXT, dx=dx
    )
    return marks.encode(x=_x(field, window), y=_y("y"))


def _texts(drawn: Sequence[dict[str, Any]]) -> list[Any]:
    """Names on the left, signs and dates on the right."""
    names = [line for d in drawn for line in _placed(d)]
    large, small = ([n for n in names if n["large"] is big] for big in (True, False))
    left: dict[str, Any] = {"align": "right", "baseline": "middle"}
    right: dict[str, Any] = {"align": "left", "baseline": "middle", "limit": _NOTES}
    places = {"left": alt.value(-12), "right": alt.value(_WIDTH + 12)}
    beside = alt.Chart(_data(drawn)).encode(y=_y("y"), x=places["right"])
    return [
        alt.Chart(_data(large))
        .mark_text(**left, fontSize=13)
        .encode(text="text:N", x=places["left"], y=_y("y")),
        alt.Chart(_data(small))
        .mark_text(**left, fontSize=11.5, color=QUIET)
        .encode(text="text:N", x=places["left"], y=_y("y")),
        beside.mark_text(**right, dy=-8, fontSize=13, fontWeight="bold").encode(
            text="sign:N", color=_as_is("ink", alt.Color)
        ),
        beside.mark_text(**right, dy=9, fontSize=12, color=TEXT).encode(text="note:N"),
    ]


def _placed(row: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines of a label, one below the other around the middle of its row."""
    heights = [_LINE if large else _SMALL for _, large in row["lines"]]
    top, found = row["y"] - sum(heights) / 2, []
    for (text, large), height in zip(row["lines"], heights, strict=True):
        found.append({"text": text, "large": large, "y": top + height / 2})
        top += height
    return found


def _days(timeline: Timeline, window: Window) -> list[Any]:
    """The day asked about as a firm line, and the numbered days of change as dashed ones."""
    changes = _numbered(timeline, window)
    highest = min((c["at"] for c in changes), default=-4)
    today = [{"day": timeline.day.isoformat(), "told": written(timeline.day), "at": highest - 16}]
    later, now = alt.Chart(_data(changes)), alt.Chart(_data(today))
    top: dict[str, Any] = {"baseline": "bottom", "fontWeight": "bold"}
    return [
        later.mark_rule(color=PAINTS["bad"].ink, strokeDash=[3, 3]).encode(x=_x("day", window)),
        later.mark_text(**top, fontSize=12, color=PAINTS["bad"].ink).encode(
            x=_x("day", window), text="number:N", y=_y("at")
        ),
        now.mark_rule(color=TEXT, strokeWidth=2).encode(x=_x("day", window)),
        now.mark_text(**top, fontSize=13, color=TEXT, align="left", dx=-2).encode(
            x=_x("day", window), text="told:N", y=_y("at")
        ),
    ]


def _numbered(timeline: Timeline, window: Window) -> list[dict[str, Any]]:
    """The days of change with their numbers, each as low as no other is in its way."""
    span = (window[1] - window[0]).days
    taken: list[float] = []
    found = []
    for change in (c for c in timeline.changes if window[0] <= c.day <= window[1]):
        x = (change.day - window[0]).days * _WIDTH / span
        level = next((n for n, at in enumerate(taken) if x - at >= 18), len(taken))
        taken[level : level + 1] = [x]
        number = {"day": change.day.isoformat(), "number": str(change.number)}
        found.append({**number, "at": -4 - 14 * level})
    return found
