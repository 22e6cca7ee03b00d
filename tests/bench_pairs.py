"""A pair of the benchmark: ours and a named alternative, run in turn, and what the ratio is to be.

A timing is ours alone, for what is to take no longer than people wait; it depends on the machine.

Nothing is asserted of times: machines differ and are noisy, and a ratio of medians is what travels.
What must hold on every machine is that both give the same: of most pairs the bytes of both answers
are compared, of the others what can be said.
"""

import gc
import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any

from answer_bytes import digest_of

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Pair:
    """Two ways to do something. `at_most` or `at_least` is the target of ours to theirs.

    A target of `at_least` is told as how many times as fast ours is; `at_most` as how many times as
    long it takes. `scale` is how much more ours does in a run than the alternative: an alternative
    that would take hours is run on a part. `form` is what of the answers is compared, byte for
    byte; `same` compares them where they are not of one form, such as a sample and the whole.
    """

    what: str
    ours: Callable[[], Any]
    against: str
    theirs: Callable[[], Any]
    at_most: float | None = None
    at_least: float | None = None
    form: Callable[[Any], Any] | None = None
    same: Callable[[Any, Any], bool] | None = None
    scale: float = 1
    rounds: int = ROUNDS


@dataclass(frozen=True, slots=True)
class Timing:
    """Something that is to take at most so many milliseconds in the given share of its runs.

    Where it is not `judged`, as at another size than the limit is for, there is no verdict. `after`
    is done with each outcome outside the time.
    """

    what: str
    ours: Callable[[], Any]
    limit: float
    share: float = 0.5
    rounds: int = ROUNDS
    judged: bool = True
    after: Callable[[Any], object] = bool


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


def measure(pair: Pair | Timing) -> Figure:
    """Run both in turn, several times, and compare their medians; or time ours alone."""
    if isinstance(pair, Timing):
        return _timed(pair)
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
    return figure_of(pair, ours, theirs * pair.scale, _same(pair, *found))


def _same(pair: Pair, ours: Any, theirs: Any) -> bool | None:
    if pair.form is not None:
        return digest_of(pair.form(ours)) == digest_of(pair.form(theirs))
    return None if pair.same is None else pair.same(ours, theirs)


def whole(answer: Any) -> Any:
    """The form of an answer that is compared as it is."""
    return answer


def turned_off(pair: Pair) -> tuple[str, bool] | None:
    """The answer with the fast path and with the slow one, as a line, and whether they are equal.

    None where the two do not give the same thing.
    """
    if pair.form is None and pair.same is None:
        return None
    ours, theirs = pair.ours(), pair.theirs()
    told, is_same = "compared by what both tell", bool(_same(pair, ours, theirs))
    if pair.form is not None:
        told = " ".join(digest_of(pair.form(one))[:16] for one in (ours, theirs))
    verdict = "equal" if is_same else "NOT EQUAL"
    return f"{pair.what:38} {pair.against:40} {told:34} {verdict}", is_same


def line_of(figure: Figure) -> str:
    """A figure as a line of the table."""
    verdict = {None: "", True: "met", False: "NOT MET"}[figure.met]
    equal = {None: "", True: "equal", False: "NOT EQUAL"}[figure.same]
    return (
        f"{figure.what:44} {figure.ms:11,.2f} ms   {figure.against:40} {figure.against_ms:14,.2f} "
        f"ms {figure.ratio:10.2f} ×  {figure.target:24} {verdict:8} {equal}"
    )


def figure_of(pair: Pair, ours: float, theirs: float, same: bool | None) -> Figure:
    """What two times of a pair in milliseconds tell, however they were measured."""
    ratio = theirs / ours if pair.at_most is None else ours / theirs
    return Figure(
        what=pair.what,
        ms=ours,
        against=pair.against,
        against_ms=theirs,
        ratio=ratio,
        target=_target(pair),
        met=_met(pair, ratio),
        same=same,
    )


def _timed(one: Timing) -> Figure:
    times = []
    gc.collect()
    for _ in range(one.rounds):
        begun = perf_counter()
        done = one.ours()
        times.append((perf_counter() - begun) * 1000)
        one.after(done)
    ms = sorted(times)[min(int(len(times) * one.share), len(times) - 1)]
    share = "half" if one.share == 0.5 else f"{one.share:.0%}"
    return Figure(
        what=one.what,
        ms=ms,
        against=f"the limit, {share} of {one.rounds:,} runs",
        against_ms=one.limit,
        ratio=ms / one.limit,
        target=f"at most {one.limit:g} ms" if one.judged else "",
        met=ms <= one.limit if one.judged else None,
        same=None,
    )


def _target(pair: Pair) -> str:
    if pair.at_most is not None:
        return f"takes at most {pair.at_most:g} ×"
    return f"at least {pair.at_least:g} × as fast" if pair.at_least is not None else ""


def _met(pair: Pair, ratio: float) -> bool | None:
    if pair.at_most is not None:
        return ratio <= pair.at_most
    return None if pair.at_least is None else ratio >= pair.at_least
