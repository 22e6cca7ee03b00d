"""How referrals hold together over all partnerships: what is reached, through what, and its breaks.

These are statements about working routes on record, for anybody with any need. Whether a service
runs, has room or takes a person is not asked (queries/routes.py asks that of each service), nor
are steps counted. What is out of reach here is without a recorded way in, not without help.

The algorithms are exact: dominators (K. D. Cooper, T. J. Harvey and K. Kennedy, A Simple, Fast
Dominance Algorithm, 2001) and blocks of a graph (J. Hopcroft and R. Tarjan, 1973), by rustworkx.
The tests hold them against networkx, and against taking each thing and route away.
"""

from dataclasses import dataclass
from itertools import chain

import numpy as np
import rustworkx as rx

from graph.collecting import no_circles
from queries.national.referrals import Marks, Network, Numbers

_UNREACHED = -1


@dataclass(frozen=True, slots=True)
class Door:
    """A thing that every way on record to some services goes through."""

    thing: str
    leads_to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """Services at working routes that no way leads to, and single doors, the widest first."""

    out_of_reach: tuple[str, ...]
    doors: tuple[Door, ...]


@dataclass(frozen=True, slots=True)
class Joint:
    """A thing without which what it joins falls into so many pieces, whichever way routes lead."""

    thing: str
    pieces: int


@dataclass(frozen=True, slots=True)
class Link:
    """Two things with a single route between them and no other connection, however long."""

    origin: str
    target: str


@dataclass(frozen=True, slots=True)
class Breaks:
    """Where the network would come apart: joints, those of most pieces first, and links."""

    joints: tuple[Joint, ...]
    links: tuple[Link, ...]


# ---------------------------------------------------------------- doors


@no_circles()
def reached(network: Network) -> Reached:
    """What is out of reach from every first door, and what all ways to some service go through.

    A service is behind a thing (its dominator) if it is reached, and would not be if nobody could
    pass that thing.
    """
    before = _passed_last(network)
    services = np.flatnonzero(network.services)
    joined = np.zeros(len(before), np.bool_)
    joined[network.origins] = joined[network.targets] = True
    out = services[joined[services] & (before[services] == _UNREACHED)]
    through, behind = _all_passed(before, services)
    order = np.argsort(through, kind="stable")
    doors, begin = np.unique(through[order], return_index=True)
    names = network.named(behind[order])
    ends = [*begin[1:].tolist(), len(names)]
    found = [
        Door(thing, tuple(sorted(names[a:b])))
        for thing, a, b in zip(network.named(doors), begin.tolist(), ends, strict=False)
    ]
    return Reached(
        tuple(sorted(network.named(out))),
        tuple(sorted(found, key=lambda door: (-len(door.leads_to), door.thing))),
    )


def _passed_last(network: Network) -> Numbers:
    """By number: what everybody passes last before it (immediate dominator).

    A first door has the number after all others, where everybody begins, and so has whatever two
    such things lead to: it has no single door. Routes to these change nothing, since whoever takes
    one might as well have begun there; most routes are such, and only the others are left to the
    algorithm.
    """
    start = len(network.things)
    is_free, inner = network.first.copy(), np.arange(len(network.origins))
    while True:
        inner = inner[~is_free[network.targets[inner]]]
        more = _led_to_by_two(network, inner[is_free[network.origins[inner]]])
        if not len(more):
            break
        is_free[more] = True
    before = np.where(is_free, start, _UNREACHED)
    ends = np.stack((network.origins[inner], network.targets[inner]))
    known, _ = _counted(ends.ravel())
    root = len(known)
    at = np.zeros(start, np.int64)
    at[known] = np.arange(root)
    origins, targets = at[ends].tolist()
    doors = np.flatnonzero(is_free[known]).tolist()
    graph: rx.PyDiGraph[None, None] = rx.PyDiGraph()
    graph.add_nodes_from([None] * (root + 1))
    graph.extend_from_edge_list(
        [*zip(origins, targets, strict=True), *((root, door) for door in doors)]
    )
    found = rx.immediate_dominators(graph, root)
    things = np.fromiter(found, np.int64, len(found))
    last = np.fromiter(found.values(), np.int64, len(found))
    numbers = np.append(known, start)
    before[known[things[things != root]]] = numbers[last[things != root]]
    return before


def _led_to_by_two(network: Network, routes: Numbers) -> Numbers:
    """The things to which some routes lead from more than one other."""
    size = len(network.things)
    ways, _ = _counted(network.targets[routes] * size + network.origins[routes])
    things, many = _counted(ways // max(size, 1))
    return things[many > 1]


def _all_passed(before: Numbers, services: Numbers) -> tuple[Numbers, Numbers]:
    """Each service with each thing that all ways to it go through, as two columns."""
    start = len(before)
    through, behind = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    services = services[before[services] != _UNREACHED]
    passed = before[services]
    while len(passed):
        is_thing = passed < start
        passed, services = passed[is_thing], services[is_thing]
        through.append(passed)
        behind.append(services)
        passed = before[passed]
    return np.concatenate(through), np.concatenate(behind)


# ---------------------------------------------------------------- breaks


@no_circles()
def breaks(network: Network) -> Breaks:
    """The things and the single routes whose loss takes what they join apart.

    Where two things are joined by several routes, in either direction, none of these is single.
    """
    size = len(network.things)
    low = np.minimum(network.origins, network.targets)
    high = np.maximum(network.origins, network.targets)
    codes, times = _counted((low * size + high)[low < high])
    graph: rx.PyGraph[None, None] = rx.PyGraph()
    graph.add_nodes_from([None] * size)
    graph.extend_from_edge_list(list(zip(*_pairs(codes, size), strict=True)))
    blocks = rx.biconnected_components(graph)
    count = len(blocks)
    # Of a route by itself the block is the route alone.
    joined = np.fromiter(chain.from_iterable(blocks), np.int64, 2 * count).reshape(count, 2)
    block = np.fromiter(blocks.values(), np.int64, count)
    low, high = joined.T
    joined = np.stack((np.minimum(low, high), np.maximum(low, high)), axis=1)
    return Breaks(
        _joints(network, joined, block), _links(network, joined, block, codes[times == 1])
    )


def _counted(values: Numbers) -> tuple[Numbers, Numbers]:
    """Each value once, in order, and how often (np.unique hashes: three times as long)."""
    values = np.sort(values)
    is_next = np.diff(values) > 0
    firsts = np.flatnonzero(np.concatenate((np.ones(min(1, len(values)), np.bool_), is_next)))
    return values[firsts], np.diff(firsts, append=len(values))


def _pairs(codes: Numbers, size: int) -> tuple[list[int], list[int]]:
    low, high = np.divmod(codes, max(size, 1))
    return low.tolist(), high.tolist()


def _joints(network: Network, joined: Numbers, block: Numbers) -> tuple[Joint, ...]:
    """A thing in several blocks is what holds them together."""
    most = int(block.max(initial=0)) + 1
    each, _ = _counted((joined * most + block[:, None]).ravel())
    things, pieces = _counted(each // most)
    is_joint = pieces > 1
    names = network.named(things[is_joint])
    found = map(Joint, names, pieces[is_joint].tolist())
    return tuple(sorted(found, key=lambda joint: (-joint.pieces, joint.thing)))


def _links(network: Network, joined: Numbers, block: Numbers, single: Numbers) -> tuple[Link, ...]:
    """A block of one pair, with one route between the two, told as the route leads."""
    size = len(network.things)
    alone = np.bincount(block)[block] == 1
    links = np.sort(joined[alone, 0] * size + joined[alone, 1])
    links = links[_is_among(links, single)]
    low = np.minimum(network.origins, network.targets)
    high = np.maximum(network.origins, network.targets)
    is_link = np.zeros(size, np.bool_)
    is_link[links // max(size, 1)] = True
    is_link = is_link[low]
    is_link[is_link] = _is_among((low * size + high)[is_link], links)
    origins, targets = (network.named(e[is_link]) for e in (network.origins, network.targets))
    return tuple(Link(*pair) for pair in sorted(zip(origins, targets, strict=True)))


def _is_among(values: Numbers, known: Numbers) -> Marks:
    """Which values are among those known, which are in order."""
    if not len(known):
        return np.zeros(len(values), np.bool_)
    at = np.minimum(np.searchsorted(known, values), len(known) - 1)
    found: Marks = known[at] == values
    return found
