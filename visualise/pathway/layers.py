"""The layers of a network of steps: who stands how far to the right, with circles broken.

The same steps in the same order give the same layers.
"""

from collections.abc import Iterable, Mapping, Sequence

import networkx as nx

Edge = tuple[str, str]


def layers_of(stops: Iterable[str], edges: Sequence[Edge]) -> tuple[dict[str, int], set[Edge]]:
    """The layer of each stop from the left, and the edges that lead back.

    An edge leads back if those before it in the list already lead the other way round. Each stop
    stands right of all that lead to it; one that nothing leads to, right before what it leads to.
    """
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(sorted(stops))
    back: set[Edge] = set()
    for start, end in dict.fromkeys(edges):
        if start == end or nx.has_path(graph, end, start):
            back.add((start, end))
        else:
            graph.add_edge(start, end)
    layers: dict[str, int] = {}
    for one in nx.lexicographical_topological_sort(graph):
        layers[one] = max((layers[before] + 1 for before in graph.predecessors(one)), default=0)
    for one in sorted(graph):
        following = [layers[after] for after in graph.successors(one)]
        if following and not graph.in_degree(one):
            layers[one] = min(following) - 1
    return layers, back


def placed_beside(
    columns: Sequence[Sequence[str]], edges: Iterable[Edge], heights: Mapping[str, float]
) -> dict[str, float]:
    """The middle of everything, each column from the top, near what it is joined with.

    Columns are put in order from left to right and back, a few times, by where their neighbours
    stand; then everything is moved as near to them as it can without meeting another.
    """
    near: dict[str, list[str]] = {one: [] for column in columns for one in column}
    for a, b in edges:
        near[a].append(b)
        near[b].append(a)
    middles: dict[str, float] = {}
    orders = [list(column) for column in columns]
    for column in orders:
        middles |= _packed(column, heights, {})
    for sweep in range(_SWEEPS):
        turn = orders if sweep % 2 == 0 else orders[::-1]
        for column in turn:
            wanted = {one: _mean([middles[n] for n in near[one]]) for one in column}
            column.sort(key=lambda one: (wanted.get(one) or middles[one], one))
            middles |= _packed(column, heights, wanted)
    return middles


_SWEEPS = 12


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _packed(
    order: Sequence[str], heights: Mapping[str, float], wanted: Mapping[str, float | None]
) -> dict[str, float]:
    """A column in an order, each thing as near to where it is wanted as the others allow.

    Neighbours that would meet are moved together to the mean of what they want (the pooling of
    adjacent violators), which is the least movement in all.
    """
    offsets, top = {}, 0.0
    for one in order:
        offsets[one] = top + heights[one] / 2
        top += heights[one]
    runs: list[tuple[float, int]] = []
    for one in order:
        at = wanted.get(one)
        run = ((offsets[one] if at is None else at) - offsets[one], 1)
        while runs and runs[-1][0] > run[0]:
            mean, count = runs.pop()
            run = ((mean * count + run[0] * run[1]) / (count + run[1]), count + run[1])
        runs.append(run)
    shifts = [mean for mean, count in runs for _ in range(count)]
    return {one: offsets[one] + shift for one, shift in zip(order, shifts, strict=True)}
