"""Ways to help: from the first door to help for a group, with what is missing drawn as missing.

The steps: `pathway_steps.py`; the order of the stops: `pathway_layers.py`; drawing:
`pathway_picture.py`.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from graph.stores.protocol import Store
from queries.asked import Row
from queries.findings.wording import counted, listed
from visualise.pathway.layers import layers_of
from visualise.pathway.steps import FIRM, Line, Read, Step, kind_of, read_for, steps_of


@dataclass(frozen=True, slots=True)
class Stop:
    """People, an agency, a body, a post or a service on the way. `layer` counts from the left.

    `notes` say what limits it, or that nothing is recorded of how people come to it.
    """

    id: str
    name: str
    kind: str
    layer: int
    is_help: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pathway:
    """The ways of a partnership to help: of one group to help with one need, or all routes.

    `group` and `need` are ids, empty for any. `ways` are rows of `pathways.ways`, none where
    neither is chosen. `sayings` are the findings in sentences: what no way leads to, and who sends
    nobody on.
    """

    partnership: str
    day: datetime.date
    group: str
    group_name: str
    need: str
    need_name: str
    stops: tuple[Stop, ...]
    steps: tuple[Step, ...]
    ways: tuple[Row, ...]
    sayings: tuple[str, ...]

    @property
    def is_chosen(self) -> bool:
        """Whether a group or a need is chosen."""
        return bool(self.group or self.need)

    @property
    def draws_own(self) -> bool:
        """Whether people are stops of their own. Where there is much, that hides all else."""
        return draws_own(self.is_chosen, len(self.steps))


def draws_own(is_chosen: bool, steps: int) -> bool:
    """Whether people are drawn as stops: in a choice, and where there are few steps in all."""
    return is_chosen or steps <= _FEW


_FEW = 25


def pathway_of(
    store: Store, slug: str, day: datetime.date, group: str = "", need: str = ""
) -> Pathway:
    """The ways of a group to help with a need on a day; all routes where neither is given.

    Raises QuestionError where there is no such group or need.
    """
    read = read_for(store, slug, day, group, need)
    helps = {row["service"]: str(row["name"]) for row in read.ways}
    stops, steps = _placed(read, steps_of(read), helps)
    return Pathway(
        partnership=slug,
        day=day,
        group=read.group,
        group_name=read.group_name,
        need=read.need,
        need_name=read.need_name,
        stops=stops,
        steps=steps,
        ways=read.ways,
        sayings=tuple(_sayings(read, steps)),
    )


# ---------------------------------------------------------------- stops


def _placed(
    read: Read, steps: Sequence[Step], helps: Mapping[str, str]
) -> tuple[tuple[Stop, ...], tuple[Step, ...]]:
    """The stops in layers, and the steps numbered from left to right.

    Where people are no stops, their steps are told of at the stop they lead to.
    """
    own = draws_own(read.is_chosen, len(steps))
    drawn = [s for s in steps if own or not s.is_own]
    names = {s.start: s.start_name for s in drawn}
    names |= {s.end: s.end_name for s in steps}
    names |= helps
    order = sorted(drawn, key=lambda s: (_RANKS.index(s.line), s.route, s.end))
    layers, back = layers_of(names, [(s.start, s.end) for s in order])
    placed = [
        replace(s, leads_back=(s.start, s.end) in back and s in drawn)
        for s in sorted(
            steps,
            key=lambda s: (layers.get(s.start, -1), s.start_name, s.end_name, s.route),
        )
    ]
    open_to_all = {s.end for s in steps if s.is_own and s.line in FIRM}
    stops = [
        Stop(
            id=one,
            name=name,
            kind=kind_of(one),
            layer=layers[one],
            is_help=one in helps,
            notes=tuple(_notes(read, one, not own and one in open_to_all)),
        )
        for one, name in names.items()
    ]
    return (
        tuple(sorted(stops, key=lambda s: (s.layer, s.name, s.id))),
        tuple(replace(s, number=n) for n, s in enumerate(placed, start=1)),
    )


_RANKS: Sequence[Line] = ("firm", "to be reinforced", "not stated", "drafted", "missing")


def _notes(read: Read, stop: str, can_come: bool) -> Iterable[str]:
    if can_come:
        yield "people come by themselves"
    ways = [way for way in read.ways if way["service"] == stop]
    limits = {limit for way in ways for limit in way["limits"]}
    if stop in read.ends and read.ends[stop] not in limits:
        yield _ENDS.get(read.ends[stop], read.ends[stop])
    yield from sorted(limits)


_ENDS = {
    "money ended": "money ended; no renewal recorded",
    "does not run": "not running on record",
}
"""How a service stands that is no help now; other states are said as they are."""


# ---------------------------------------------------------------- sayings


def _sayings(read: Read, steps: Sequence[Step]) -> Iterable[str]:
    who, what = read.group_name or "anybody", read.need_name or "any need"
    if read.is_chosen and not read.ways:
        yield f"No help is on record that a way could lead to: {who}, {what}."
    unled = sorted({w["name"] for w in read.ways if w["first_door"] is None})
    if unled:
        yield f"No way in is recorded to {listed(unled)}."
    if not steps and not read.is_chosen:
        yield "No source names a route by which anybody is sent to anybody."
    if not read.is_chosen:
        barred = sorted(row["name"] for row in read.barred)
        if barred:
            yield f"Nobody has a recorded working way into {listed(barred)}."
    silent = sorted(row["name"] for row in read.silent)
    if silent:
        agencies = counted(len(silent), "agency that meets", "agencies that meet")
        told = f"From {agencies} people first, no working route to help is recorded"
        yield f"{told}: {listed(silent)}."
