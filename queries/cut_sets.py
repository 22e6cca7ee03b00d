"""Cut sets of cells: what, if lost, leaves a client group and need with no recorded help. Exact.

Everything a service stands on can be lost: the service, its providers, the posts it needs and the
agencies they belong to, its funds and who holds them, its routes. That is a fault tree: a service
falls when one kind of its support is gone, and a kind is gone when all its options are. The
smallest losses that end something are worked out upwards through the tree, as minimal cut sets are
(W. E. Vesely and others, Fault Tree Handbook, NUREG-0492, 1981), and kept up to two things. It is
no centrality and no estimate: the tests take everything away, alone and in twos, and compare.

Where several partnerships are asked about together, agencies of theirs with the same org-id are one
thing: they are lost together, and named once, by the first of their ids.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from operator import itemgetter
from types import MappingProxyType
from typing import Any

from graph.collecting import no_circles
from queries.asked import Answerer, Asked
from queries.money import PAID, money
from queries.organisations import one_of
from queries.recorded import UNSPECIFIED, Cell, Facts, Help, Support, from_award, recorded, supports
from queries.rows import Row

Cut = frozenset[str]
Cuts = frozenset[Cut]
"""Losses of which each alone is enough, and none is part of another."""
_NEVER: Cuts = frozenset()
_ALREADY: Cuts = frozenset({frozenset()})
_EACH: Mapping[str, str] = MappingProxyType({})
"""Nothing is one with anything else."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What every service and post stands on, and the smallest losses that end anything.

    Of each list of supports one is enough, and a service or post needs one of each list.
    """

    stands_on: Mapping[str, Sequence[Sequence[Support]]]
    cuts: Mapping[str, Cuts]

    def falls(self, thing: str, lost: Cut) -> bool:
        """Whether a thing is gone when others are lost."""
        return any(cut <= lost for cut in self.cuts.get(thing, _NEVER))

    def links(self, service: str, lost: Cut) -> list[Row]:
        """The records that join a service with the losses it falls with."""
        found: list[Row] = []
        seen: set[str] = set(lost)
        waiting = [service]
        while waiting:
            thing = waiting.pop()
            if thing in seen:
                continue
            seen.add(thing)
            for options in self.stands_on.get(thing, ()):
                if all(self._ends(option, lost) for option in options):
                    found += [option.proof for option in options]
                    waiting += [t for o in options for t in sorted(o.stands_on)]
        return found

    def _ends(self, support: Support, lost: Cut) -> bool:
        if any(self.falls(thing, lost) for thing in support.stands_on):
            return True
        holders = support.holders
        return bool(holders) and all(self.falls(holder, lost) for holder in holders)


def ground(
    facts: Facts,
    day: datetime.date,
    things: Iterable[str],
    most: int,
    first: Mapping[str, str] = _EACH,
) -> Ground:
    """What services stand on, with every smallest loss of up to `most` of the things.

    Things that are one are told by their `first` (see queries/organisations.py).
    """
    stands_on = _stands_on(facts, day)
    itself = {thing: frozenset({frozenset({first.get(thing, thing)})}) for thing in things}
    itself |= dict.fromkeys(facts.lost, _ALREADY)
    cuts, hanging = dict(itself), _hanging(stands_on)
    waiting = dict.fromkeys(stands_on)
    while waiting:
        thing = next(iter(waiting))
        del waiting[thing]
        kinds = stands_on[thing]
        gone = (_all((_ended(o, cuts, most) for o in options), most) for options in kinds)
        found = _any([itself.get(thing, _NEVER), *gone])
        if found != cuts.get(thing, _NEVER):
            cuts[thing] = found
            waiting |= dict.fromkeys(hanging.get(thing, ()))
    return Ground(stands_on, cuts)


def _hanging(stands_on: Mapping[str, Sequence[Sequence[Support]]]) -> dict[str, list[str]]:
    """What stands on each thing: to be looked at again when more is known of the thing."""
    found: dict[str, list[str]] = {}
    for thing, kinds in stands_on.items():
        for under in {t for options in kinds for o in options for t in (*o.stands_on, *o.holders)}:
            found.setdefault(under, []).append(thing)
    return found


def _stands_on(facts: Facts, day: datetime.date) -> dict[str, Sequence[Sequence[Support]]]:
    found: dict[str, Sequence[Sequence[Support]]] = {
        service: tuple(supports(facts, service, day).values()) for service in facts.services
    }
    for post in {row["post"] for rows in facts.dependences.values() for row in rows}:
        awards = facts.awards.get(post, ())
        paid = [from_award(a) for a in awards if money([a], day).section in PAID]
        found[post] = (paid,) if paid else ()
    return found


def _ended(support: Support, cuts: Mapping[str, Cuts], most: int) -> Cuts:
    """The losses that end a support: of one thing it stands on, or of all who hold it."""
    found = [cuts.get(thing, _NEVER) for thing in support.stands_on]
    if support.holders:
        found.append(_all((cuts.get(holder, _NEVER) for holder in support.holders), most))
    return _any(found)


def _any(families: Iterable[Cuts]) -> Cuts:
    """The losses that are enough for one of several things."""
    some = [family for family in families if family]
    return some[0] if len(some) == 1 else _minimal(cut for family in some for cut in family)


def _all(families: Iterable[Cuts], most: int) -> Cuts:
    """The losses of up to `most` that are enough for all of several things."""
    found = _ALREADY
    for family in families:
        if not family:
            return _NEVER
        if found == _ALREADY or family == _ALREADY:
            found = family if found == _ALREADY else found
        elif most == 1:
            found &= family
        else:
            both = {one | other for one in found for other in family}
            found = _minimal(cut for cut in both if len(cut) <= most)
    return found


def _minimal(cuts: Iterable[Cut]) -> Cuts:
    """Those of which no other is a part: looked up, and not compared one with another."""
    kept = frozenset(cuts)
    if len(kept) < 2:
        return kept
    return frozenset(cut for cut in kept if not any(part in kept for part in _parts(cut)))


def _parts(cut: Cut) -> Iterable[Cut]:
    return (frozenset(some) for size in range(len(cut)) for some in combinations(cut, size))


# ---------------------------------------------------------------- the cells


def single_points_of_failure(
    things: Sequence[Row], facts: Facts, day: datetime.date, first: Mapping[str, str] = _EACH
) -> list[dict[str, Any]]:
    """The answer to `resilience.single_points_of_failure`, by thing and then by cell.

    Computed within a strength: at each strength that a cell has help of, help of that strength or a
    stronger one counts, a weaker one does not. `first` is what queries/organisations.py gives.
    """
    names = {t["thing"]: t["name"] for t in things}
    rows: list[dict[str, Any]] = []
    for found in _found(1, names, facts, day, first):
        rows += sorted(
            (
                {"thing": thing, "name": names[thing], "kind": thing.split("/")[1], **told}
                for (thing,), told in found
            ),
            key=lambda r: (r["kind"], r["name"], *_by_cell_name(r)),
        )
    return rows


def pairs(
    things: Sequence[Row], facts: Facts, day: datetime.date, first: Mapping[str, str] = _EACH
) -> list[dict[str, Any]]:
    """The answer to `resilience.pairs`, by cell: two things that end all help, and one does not."""
    names = {t["thing"]: t["name"] for t in things}
    rows: list[dict[str, Any]] = []
    for found in _found(2, names, facts, day, first):
        rows += sorted(
            (
                {
                    "first": one,
                    "first_name": names[one],
                    "second": other,
                    "second_name": names[other],
                    **told,
                }
                for (one, other), told in found
            ),
            key=lambda r: (*_by_cell_name(r), r["first_name"], r["second_name"]),
        )
    return rows


def _by_cell_name(row: Row) -> tuple[str, ...]:
    return row["group_name"], row["need_name"], row["area_name"], row["strength"]


def _found(
    size: int,
    names: Mapping[str, str],
    facts: Facts,
    day: datetime.date,
    first: Mapping[str, str],
) -> Iterator[list[tuple[tuple[str, ...], dict[str, Any]]]]:
    """The smallest losses of a size that leave a cell without help: sorted, with their row.

    A list for each partnership: what one needs lies together, and a country takes as long as its
    partnerships do. Going through all cells by group would find nothing where it has just been.
    """
    base = ground(facts, day, names, size, first)
    whose: dict[str, list[tuple[tuple[Cell, str], list[Help]]]] = {}
    for at, serving in _by_cell(recorded(facts, day)[0]).items():
        slug = facts.services[serving[0].service]["partnership"]
        whose.setdefault(slug, []).append((at, serving))
    for slug in sorted(whose):
        links = cache(base.links)
        known: dict[Cut, Cuts] = {}
        found = []
        for (cell, strength), serving in sorted(whose[slug], key=itemgetter(0)):
            services = frozenset(h.service for h in serving)
            if services not in known:
                known[services] = _all((base.cuts[s] for s in sorted(services)), size)
            whole = sorted(tuple(sorted(cut)) for cut in known[services] if len(cut) == size)
            if whole:
                told: dict[str, Any] = {"partnership": slug, **facts.describe(cell)}
                told |= {"strength": strength, "services": sorted({h.name for h in serving})}
                found += [(cut, _row(cut, names, told, serving, links)) for cut in whole]
        yield found


def _by_cell(helps: Iterable[Help]) -> dict[tuple[Cell, str], list[Help]]:
    """By cell and strength: the helps of that strength or a stronger one."""
    cells: dict[Cell, list[Help]] = {}
    for one in helps:
        if one.cell[1] != UNSPECIFIED:
            cells.setdefault(one.cell, []).append(one)
    return {
        (cell, strength): [h for h in helping if h.rank <= rank]
        for cell, helping in cells.items()
        for rank, strength in {h.rank: h.strength for h in helping}.items()
    }


def _row(
    cut: Sequence[str],
    names: Mapping[str, str],
    told: Mapping[str, Any],
    serving: Sequence[Help],
    links: Callable[[str, Cut], list[Row]],
) -> dict[str, Any]:
    lost, strength = frozenset(cut), told["strength"]
    proofs = [p for h in serving for p in (*h.proofs, *links(h.service, lost))]
    bases = {p["basis"] for p in proofs}
    basis = next((b for b in ("contested", "inferred") if b in bases), "stated")
    fall = sorted({h.name for h in serving if h.service not in lost})
    them = "it" if len(cut) == 1 else "them"
    via = f" {' and '.join(fall)} would fall with {them}:" if fall else ""
    kept = "" if strength == "can be served" else f" ({strength} or stronger)"
    return {
        **told,
        "basis": basis,
        "witness": f"Without {' and '.join(names[t] for t in cut)},{via} nothing is recorded for "
        f"{told['group_name']} and {told['need_name']} in {told['area_name']}{kept}",
        "evidence": proofs,
    }


def _single_points(asked: Asked) -> list[dict[str, Any]]:
    first = one_of(asked.facts["organisations"], "agency")
    with no_circles():
        return single_points_of_failure(asked.rows, asked.recorded, asked.day, first)


def _pairs(asked: Asked) -> list[dict[str, Any]]:
    first = one_of(asked.facts["organisations"], "agency")
    with no_circles():
        return pairs(asked.rows, asked.recorded, asked.day, first)


ANSWERS: Mapping[str, Answerer] = {"single_points_of_failure": _single_points, "pairs": _pairs}
