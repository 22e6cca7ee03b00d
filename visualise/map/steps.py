"""Maps that read from left to right in steps: ways in from the first doors, and who reports up.

A first door is where a recorded route begins and none leads to. Working routes are followed before
those that are missing or being drafted, which are drawn as such. A service that no route leads to
or from stands aside; that none is recorded does not mean that there is none. Boards stand after
those who sit on them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from heapq import heappop, heappush

from queries.ways import BY_SELF
from visualise.map.chart import Chart
from visualise.map.layers import LAYERS
from visualise.map.layout import WIDE_STEP, Arrangement
from visualise.map.links import Link

_DOORS = "First doors"
_NUMBERS = ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
BY_THEMSELVES = "People come by themselves"
NO_WAY = "No way in recorded"
GOVERNANCE = LAYERS["governance"].links


def ways_in(said: Chart) -> Arrangement:
    """The columns from the first doors on, and at the right the services without any route."""
    routes = [k for k in said.links if k.kind == "referral"]
    depths = depths_of(routes)
    deepest = max(depths.values(), default=-1)
    titles = [_DOORS, *map(_steps, range(1, deepest + 1))][: deepest + 1]
    columns = dict(depths)
    aside = [t for t in said.things if t.kind == "service" and t.id not in depths]
    for title, is_own in ((BY_THEMSELVES, True), (NO_WAY, False)):
        standing = [t.id for t in aside if (t.access in BY_SELF) == is_own]
        columns |= dict.fromkeys(standing, len(titles))
        titles += [title] if standing else []
    packed = _fullest(columns, len(depths))
    word, layers = "Ways in, left to right", ("pathways",)
    return Arrangement(word, tuple(titles), columns, packed, layers, WIDE_STEP)


def boards(said: Chart) -> Arrangement:
    """Agencies, their posts, and the boards that they sit on; then those that boards report to."""
    kinds = {t.id: t.kind for t in said.things}
    reports = [k for k in said.links if k.kind == "report"]
    depths = depths_of(reports)
    ends = {e for k in said.links if k.kind in GOVERNANCE for e in (k.start, k.end)}
    sitting = {k.start for k in said.links if k.kind in GOVERNANCE}
    columns = {i: int(kinds[i] == "post") for i in ends & sitting if kinds[i] != "body"}
    columns |= {t.id: 2 + depths.get(t.id, 0) for t in said.things if t.kind == "body"}
    columns |= {i: 2 + depths[i] for i in depths if i not in columns}
    deepest = max((*columns.values(), 2))
    more = ("What they report to", *("…" for _ in range(deepest)))
    titles = ("Agencies", "Posts", "Boards and forums", *more)[: deepest + 1]
    word, layers = "Boards and who sits on them", ("governance",)
    return Arrangement(word, titles, columns, 2, layers, WIDE_STEP)


def _steps(number: int) -> str:
    word = _NUMBERS[number - 1] if number <= len(_NUMBERS) else str(number)
    return f"{word} step{'s' if number > 1 else ''} on"


def _fullest(columns: Mapping[str, int], routed: int) -> int:
    """The fullest column of those with routes, or of all where there is no route."""
    counts: dict[int, int] = defaultdict(int)
    for number in list(columns.values())[: routed or None]:
        counts[number] += 1
    return max(counts, key=lambda n: (counts[n], -n), default=0)


def depths_of(routes: Iterable[Link]) -> dict[str, int]:
    """By thing: how many steps it is from a first door, by working routes where they lead there."""
    routes = sorted(routes, key=lambda k: k.id)
    led_to = {k.end for k in routes}
    found = {k.start: 0 for k in routes if k.start not in led_to}
    while True:
        _follow(found, [k for k in routes if k.firm])
        wanted = [k for k in routes if k.start in found and k.end not in found]
        if wanted:
            found |= {k.end: found[k.start] + 1 for k in reversed(wanted)}
            continue
        # What is left leads round in a circle: it begins at the first of it.
        left = sorted(k.start for k in routes if k.start not in found)
        if not left:
            return found
        found[left[0]] = 0


def _follow(found: dict[str, int], routes: Iterable[Link]) -> None:
    """Put everything that routes lead to one step after the nearest thing that leads there."""
    onward = defaultdict(list)
    for route in routes:
        onward[route.start].append(route.end)
    edge = sorted((depth, thing) for thing, depth in found.items())
    while edge:
        depth, thing = heappop(edge)
        for other in onward[thing]:
            if other not in found:
                found[other] = depth + 1
                heappush(edge, (depth + 1, other))
