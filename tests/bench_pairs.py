"""A pair of the benchmark: ours and a named alternative, run in turn, and what the ratio is to be.

Nothing is asserted of times: machines differ and are noisy, and a ratio of medians is what travels.
What must hold on every machine is that both give the same; `same` says it, where it can be said.
"""

import gc
import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Pair:
    """Two ways to do something. `at_most` or `at_least` is the target of ours to theirs.

    A target of `at_least` is told as how many times as fast ours is; `at_most` as how many times as
    long it takes. `scale` is how much more ours does in a run than the alternative: an alternative
    that would take hours is run on a part.
    """

    what: str
    ours: Callable[[], Any]
    against: str
    theirs: Callable[[], Any]
    at_most: float | None = None
    at_least: float | None = None
    same: Callable[[Any, Any], bool] | None = None
    scale: float = 1
    rounds: int = ROUNDS


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured of a pair, in milliseconds a run of ours."""

    what: str
    ms: float
    against: str
    against_ms: float
    ratio: float
    target: str
    met: bool | None
    same: bool | None

    def told(self) -> dict[str, Any]:
        """The figure as JSON has it."""
        return asdict(self)


def measure(pair: Pair) -> Figure:
    """Run both in turn, several times, and compare their medians."""
    times: tuple[list[float], list[float]] = ([], [])
    found: list[Any] = [None, None]
    for _ in range(pair.rounds):
        for place, run in enumerate((pair.ours, pair.theirs)):
            found[place] = None
            gc.collect()
            begun = perf_counter()
            found[place] = run()
            times[place].append((perf_counter() - begun) * 1000)
    ours, theirs = (statistics.median(t) for t in times)
    theirs *= pair.scale
    ratio = theirs / ours if pair.at_most is None else ours / theirs
    return Figure(
        what=pair.what,
        ms=ours,
        against=pair.against,
        against_ms=theirs,
        ratio=ratio,
        target=_target(pair),
        met=_met(pair, ratio),
        same=pair.same(*found) if pair.same else None,
    )


def _target(pair: Pair) -> str:
    if pair.at_most is not None:
        return f"takes at most {pair.at_most:g} ×"
    return f"at least {pair.at_least:g} × as fast" if pair.at_least is not None else ""


def _met(pair: Pair, ratio: float) -> bool | None:
    if pair.at_most is not None:
        return ratio <= pair.at_most
    return None if pair.at_least is None else ratio >= pair.at_least
