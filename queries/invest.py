"""Where the next pound helps: options compared within a budget, by what each closes. Exact.

An option costs money and helps some groups with some needs. A cell is open where a source says that
help is missing, short or partial, or names a group and a need for which nothing is recorded. Which
options together close most weighted need within the budget is a maximum coverage problem; it is
solved as a mixed integer programme by HiGHS (Q. Huangfu and J. A. J. Hall, Parallelizing the dual
revised simplex method, 2018), and every figure is counted again in whole numbers. The tests try
every choice and compare.

What a cell is worth is a judgement, and it is written down as one: the weights are a table.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import gcd
from pathlib import Path

from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from graph.derived import chain
from graph.errors import FingerpostError, InputError, Problem, StoreError
from graph.ids import LOCAL
from graph.stores.protocol import Store
from queries.additions import NEW_SERVICE, Addition, add
from queries.ask import Answer, ask, fact, find_question
from queries.asked import Row
from queries.cells import Coverage
from queries.fits import widening
from queries.recorded import UNSPECIFIED, read_facts
from queries.recorded import Cell as CellId
from queries.tables import Line, number_in, read_lines

OPEN_STATES = ("stated uncovered", "insufficient", "not recorded", "partial")
"""The states of cells that an option can close."""
JUDGEMENTS = (
    "The weights are judgements about how much each need matters, not facts. Change them, and "
    "another choice may come first. A cell counts as closed when an option is made for it; nobody "
    "has shown that it will be enough. Where a source names a group and no need, help with any "
    "need counts."
)
"""What must be said wherever options are compared."""
OPTION_COLUMNS = ("option", "name", "cost", "groups", "needs", "areas", "requires", "excludes")
WEIGHT_COLUMNS = ("group", "need", "weight")
_HEAVIEST = 100
_HUNDREDTHS = 100


# ---------------------------------------------------------------- the tables


@dataclass(frozen=True, slots=True)
class Option:
    """Something that money could be spent on: what it costs, and the row that says what it does.

    It can only be chosen with all options that it `requires`, and with none that it `excludes`.
    """

    id: str
    name: str
    cost: int
    requires: tuple[str, ...]
    excludes: tuple[str, ...]
    line: Line


@dataclass(frozen=True, slots=True)
class Weight:
    """What closing cells is worth: of a group, of a need, of both, or of all others."""

    weight: Decimal
    line: Line


def read_options(path: Path) -> tuple[Option, ...]:
    """The options in a CSV table, by id.

    Raises InputError with every problem in the table. Whether its groups, needs and areas exist is
    known where options are compared.
    """
    lines, problems = read_lines(
        path, OPTION_COLUMNS, ("option", "name", "cost", "groups", "needs")
    )
    ids = [line.get("option") for line in lines]
    for line in lines:
        problems += _wrong_option(line, ids)
    if problems:
        raise InputError(problems)
    options = (
        Option(
            id=line.get("option"),
            name=line.get("name"),
            cost=int(number_in(line.get("cost")) or 0),
            requires=tuple(line.several("requires")),
            excludes=tuple(line.several("excludes")),
            line=line,
        )
        for line in lines
    )
    return tuple(sorted(options, key=lambda option: option.id))


def _wrong_option(line: Line, ids: Sequence[str]) -> list[Problem]:
    problems = []
    own = line.get("option")
    if not LOCAL.fullmatch(own):
        advice = 'Write a short id, such as "men-outreach".'
        problems.append(line.wrong("option", "lower-case letters, digits and hyphens", advice))
    elif ids.count(own) > 1:
        advice = "Give each option an id of its own."
        problems.append(line.wrong("option", "an id used once", advice))
    problems += [
        line.wrong(column, "a value", "Fill the cell in.")
        for column in ("name", "groups", "needs")
        if not line.get(column)
    ]
    cost = number_in(line.get("cost"))
    if cost is None or not cost.isdigit():
        problems.append(line.wrong("cost", "whole pounds", "Write digits only, such as 30000."))
    for column in ("requires", "excludes"):
        for other in line.several(column):
            if other == own or other not in ids:
                advice = f"Options: {', '.join(sorted(set(ids) - {own})) or 'no other'}."
                problems.append(line.wrong(column, "another option of the table", advice, other))
    for both in sorted(set(line.several("requires")) & set(line.several("excludes"))):
        advice = "Take it out of one of the two cells."
        problems.append(line.wrong("excludes", "no option that it requires", advice, both))
    return problems


def read_weights(path: Path) -> tuple[Weight, ...]:
    """The weights in a CSV table, in its order. An empty cell means any group, or any need.

    Raises InputError with every problem in the table.
    """
    lines, problems = read_lines(path, WEIGHT_COLUMNS, ("weight",))
    found = []
    for line in lines:
        number = number_in(line.get("weight"))
        weight = Decimal(number or -1)
        if not 0 <= weight <= _HEAVIEST or weight * _HUNDREDTHS % 1:
            expected = f"a number from 0 to {_HEAVIEST} with at most two decimals"
            problems.append(line.wrong("weight", expected, "Write it with digits, such as 2.5."))
        for column in ("group", "need"):
            if len(line.several(column)) > 1:
                problems.append(line.wrong(column, "one value", "Write a row for each."))
        found.append(Weight(weight, line))
    if problems:
        raise InputError(problems)
    return tuple(found)


# ---------------------------------------------------------------- the comparison


@dataclass(frozen=True, slots=True)
class OpenCell:
    """A cell without whole help on record: how it stands, what closing it is worth, what would.

    `closed_by` are the ids of the options that would close it.
    """

    id: CellId
    group_name: str
    need_name: str
    area_name: str
    state: str
    weight: Decimal
    closed_by: frozenset[str]
    evidence: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A client group, by id and name, with the protected characteristics that it shares."""

    id: str
    name: str
    characteristics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """What a choice does for those who share a protected characteristic.

    `characteristic` is None for groups that are named by none.
    """

    characteristic: str | None
    cells_closed: int
    cells_open: int
    weight_closed: Decimal
    weight_open: Decimal


@dataclass(frozen=True, slots=True)
class Choice:
    """Options that could be chosen together, and what that closes and leaves open.

    `left_with_nothing` are the groups for which nothing at all is recorded and no cell is closed.
    `by_characteristic` is there for the public sector equality duty (Equality Act 2010, section
    149): to have due regard, one must see who gains and who does not.
    """

    options: tuple[Option, ...]
    cost: int
    closed: tuple[OpenCell, ...]
    open: tuple[OpenCell, ...]
    weight_closed: Decimal
    weight_open: Decimal
    left_with_nothing: tuple[Group, ...]
    by_characteristic: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Options compared: the choice that closes most weighted need, and the next best.

    `runner_up` is the best choice that does without one option of the first at least. `chosen` is
    None where the budget does not reach for every group that it could help alone: `conflict` names
    groups that it cannot all help, and `least` is what helping all of them costs, None where
    options exclude each other. `out_of_reach` are the groups that no choice within the budget
    helps.
    """

    budget: int
    options: tuple[Option, ...]
    cells: tuple[OpenCell, ...]
    chosen: Choice | None
    runner_up: Choice | None
    out_of_reach: tuple[Group, ...]
    conflict: tuple[Group, ...]
    least: int | None
    note: str = JUDGEMENTS


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known before options are compared: open cells, and groups with nothing on record."""

    cells: tuple[OpenCell, ...]
    groups: Mapping[str, Group]
    without_help: frozenset[str]


def compare_options(
    situation: Situation, options: Sequence[Option], budget: int, *, allow_nothing: bool = False
) -> Comparison:
    """The options that together close most weighted need within a budget in pounds.

    Among choices that close as much, the cheapest comes first, then the one with fewest options,
    then the one with the earliest ids. A group for which nothing at all is recorded, and which the
    budget could help, may not be left with nothing, unless `allow_nothing` is chosen knowingly.
    """
    options = sorted(options, key=lambda option: option.id)
    programme = _Programme(options, situation.cells, budget)
    in_need = sorted(g for g in situation.without_help if _cells_of(situation, g))
    helpers = {g: _helpers(situation, g) for g in in_need}
    within = [g for g in in_need if programme.feasible([helpers[g]])]
    required = [] if allow_nothing else [helpers[g] for g in within]
    conflict = [] if programme.feasible(required) else _conflict(programme, within, helpers)
    chosen = None if conflict else programme.best(required)
    runner_up = programme.best(required, chosen) if chosen else None
    named = situation.groups

    def told(ids: frozenset[str] | None) -> Choice | None:
        return None if ids is None else _choice(situation, options, ids)

    return Comparison(
        budget=budget,
        options=tuple(options),
        cells=situation.cells,
        chosen=told(chosen),
        runner_up=told(runner_up),
        out_of_reach=tuple(named[g] for g in in_need if g not in within),
        conflict=tuple(named[g] for g in conflict),
        least=programme.least(required) if conflict else None,
    )


def _cells_of(situation: Situation, group: str) -> list[OpenCell]:
    return [cell for cell in situation.cells if cell.id[0] == group]


def _helpers(situation: Situation, group: str) -> frozenset[str]:
    """The options that close a cell of a group."""
    return frozenset(o for cell in _cells_of(situation, group) for o in cell.closed_by)


def _conflict(
    programme: "_Programme", groups: Sequence[str], helpers: Mapping[str, frozenset[str]]
) -> list[str]:
    """Groups that cannot all be helped, of which every one can be left out: no smaller set is."""
    kept = list(groups)
    for group in groups:
        without = [g for g in kept if g != group]
        if not programme.feasible([helpers[g] for g in without]):
            kept = without
    return kept


def _choice(situation: Situation, options: Sequence[Option], ids: frozenset[str]) -> Choice:
    closed = tuple(c for c in situation.cells if c.closed_by & ids)
    left = tuple(c for c in situation.cells if not c.closed_by & ids)
    helped = {cell.id[0] for cell in closed}
    nothing = sorted({c.id[0] for c in left} & situation.without_help - helped)
    kinds = {c for g in situation.groups.values() for c in g.characteristics or (None,)}
    chosen = tuple(option for option in options if option.id in ids)
    return Choice(
        options=chosen,
        cost=sum(option.cost for option in chosen),
        closed=closed,
        open=left,
        weight_closed=_weight(closed),
        weight_open=_weight(left),
        left_with_nothing=tuple(situation.groups[g] for g in nothing),
        by_characteristic=tuple(
            _share(situation, kind, closed, left)
            for kind in sorted(kinds, key=lambda kind: (kind is None, kind or ""))
        ),
    )


def _share(
    situation: Situation,
    kind: str | None,
    closed: Sequence[OpenCell],
    left: Sequence[OpenCell],
) -> Share:
    def shared(cells: Sequence[OpenCell]) -> list[OpenCell]:
        return [
            cell
            for cell in cells
            if kind in (situation.groups[cell.id[0]].characteristics or (None,))
        ]

    gains, waits = shared(closed), shared(left)
    return Share(kind, len(gains), len(waits), _weight(gains), _weight(waits))


def _weight(cells: Iterable[OpenCell]) -> Decimal:
    return sum((cell.weight for cell in cells), Decimal(0))


# ---------------------------------------------------------------- the programme

_Terms = Mapping[int, float]
"""A row of a programme: the factor of each variable."""
_Limit = tuple[_Terms, float, float]
"""A row with what it must at least and may at most come to."""
_INFINITE = float("inf")


class _Programme:
    """Options and cells as a mixed integer programme.

    A variable for each option (chosen or not), and one for all cells that the same options close
    (closed or not). Costs and weights are whole numbers, divided by what they have in common, so
    that the solver's tolerance is far from any difference that counts; what it finds is counted
    again, and asked for anew where it does not hold.
    """

    def __init__(self, options: Sequence[Option], cells: Sequence[OpenCell], budget: int) -> None:
        self._ids = [option.id for option in options]
        self._number = {identifier: n for n, identifier in enumerate(self._ids)}
        unit = gcd(*(option.cost for option in options)) or 1
        self._costs = [option.cost // unit for option in options]
        self._unit = unit
        self._budget = budget // unit
        worth: dict[frozenset[int], int] = {}
        for cell in cells:
            closers = frozenset(self._number[o] for o in cell.closed_by)
            if closers and cell.weight:
                worth[closers] = worth.get(closers, 0) + int(cell.weight * _HUNDREDTHS)
        common = gcd(*worth.values()) or 1
        self._worth = {closers: value // common for closers, value in worth.items()}
        self._closed = {closers: len(options) + n for n, closers in enumerate(worth)}
        self._always: list[_Limit] = [
            ({z: 1.0, **dict.fromkeys(closers, -1.0)}, -_INFINITE, 0.0)
            for closers, z in self._closed.items()
        ]
        for option in options:
            own = self._number[option.id]
            for other in option.requires:
                self._always.append(({own: 1.0, self._number[other]: -1.0}, -_INFINITE, 0.0))
            for other in option.excludes:
                self._always.append(({own: 1.0, self._number[other]: 1.0}, -_INFINITE, 1.0))

    def feasible(self, groups: Iterable[frozenset[str]]) -> bool:
        """Whether something within the budget has an option for each group of options."""
        return self._solve({}, self._each(groups), self._budget) is not None

    def least(self, groups: Iterable[frozenset[str]]) -> int | None:
        """The least cost, in pounds, of an option for each group; None where there is none."""
        found = self._solve(self._pounds(), self._each(groups), sum(self._costs))
        return None if found is None else self._cost(found) * self._unit

    def best(
        self, groups: Iterable[frozenset[str]], other_than: frozenset[str] | None = None
    ) -> frozenset[str] | None:
        """The ids of the best choice; with `other_than`, of one without something of that."""
        limits = self._each(groups)
        if other_than is not None:
            chosen = dict.fromkeys((self._number[o] for o in other_than), 1.0)
            if not chosen:
                return None
            limits.append((chosen, -_INFINITE, len(chosen) - 1.0))
        value: _Terms = {z: -float(self._worth[c]) for c, z in self._closed.items()}
        found = self._solve(value, limits, self._budget)
        if found is None:
            return None
        most = self._value(found)
        limits.append(({z: -v for z, v in value.items()}, most - 0.5, _INFINITE))
        found = self._still(found, self._pounds(), limits, self._budget, most)
        cost = self._cost(found)
        fewest = dict.fromkeys(range(len(self._ids)), 1.0)
        found = self._still(found, fewest, limits, cost, most)
        limits.append((fewest, -_INFINITE, len(found) + 0.5))
        for number in range(len(self._ids)):
            if number not in found:
                wanted: _Limit = ({number: 1.0}, 1.0, 1.0)
                earlier = self._solve({}, [*limits, wanted], cost, most)
                if earlier is None:
                    limits.append(({number: 1.0}, 0.0, 0.0))
                    continue
                found = earlier
            limits.append(({number: 1.0}, 1.0, 1.0))
        return frozenset(self._ids[number] for number in found)

    def _still(
        self,
        found: frozenset[int],
        least: _Terms,
        limits: Sequence[_Limit],
        most_cost: int,
        value: int,
    ) -> frozenset[int]:
        """What makes `least` least among those as good as what was found."""
        better = self._solve(least, limits, most_cost, value)
        return found if better is None else better

    def _each(self, groups: Iterable[frozenset[str]]) -> list[_Limit]:
        return [
            (dict.fromkeys((self._number[o] for o in helpers), 1.0), 1.0, _INFINITE)
            for helpers in groups
        ]

    def _pounds(self) -> _Terms:
        return {n: float(cost) for n, cost in enumerate(self._costs)}

    def _cost(self, found: frozenset[int]) -> int:
        return sum(self._costs[number] for number in found)

    def _value(self, found: frozenset[int]) -> int:
        return sum(value for closers, value in self._worth.items() if closers & found)

    def _solve(
        self, least: _Terms, limits: Sequence[_Limit], most_cost: int, value: int = 0
    ) -> frozenset[int] | None:
        """The options that make `least` least, or None where nothing is within the limits."""
        rows = [*self._always, *limits, (self._pounds(), -_INFINITE, most_cost + 0.5)]
        while True:
            found = self._ask(least, rows)
            if found is None:
                return None
            if self._cost(found) <= most_cost and self._value(found) >= value:
                return found
            # Within the solver's tolerance and yet not right: not this one.
            others = set(range(len(self._ids))) - found
            apart = {**dict.fromkeys(found, -1.0), **dict.fromkeys(others, 1.0)}
            rows.append((apart, 1.0 - len(found), _INFINITE))

    def _ask(self, least: _Terms, rows: Sequence[_Limit]) -> frozenset[int] | None:
        if any(low > 0 and not terms for terms, low, _ in rows):
            return None
        count, size = len(self._ids), len(self._ids) + len(self._closed)
        if not size:
            return frozenset()
        entries = [(n, v, f) for n, (terms, _, _) in enumerate(rows) for v, f in terms.items()]
        where, which, factors = zip(*entries, strict=True)
        table = coo_array((factors, (where, which)), shape=(len(rows), size)).tocsr()
        found = milp(
            [least.get(n, 0.0) for n in range(size)],
            integrality=[1] * count + [0] * (size - count),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(table, [r[1] for r in rows], [r[2] for r in rows]),
            options={"mip_rel_gap": 0, "time_limit": _MOST_SECONDS},
        )
        if found.status == _INFEASIBLE:
            return None
        if found.status == _OUT_OF_TIME:
            raise FingerpostError(
                f"The options could not be compared exactly within {_MOST_SECONDS:.0f} seconds. "
                "Leave some out, or join those that belong together."
            )
        if not found.success:
            raise FingerpostError(f"The options could not be compared: {found.message}")
        return frozenset(n for n in range(count) if found.x[n] > 0.5)


_INFEASIBLE = 2
"""How scipy says that nothing is within the limits."""
_OUT_OF_TIME = 1
"""How scipy says that it had to stop before it was sure."""
_MOST_SECONDS = 60.0
"""How long the solver may take for one choice."""


# ---------------------------------------------------------------- from a store


def options_compared(
    store: Store,
    slug: str,
    options: Sequence[Option],
    weights: Sequence[Weight],
    budget: int,
    *,
    as_of: datetime.date | None = None,
    without: Sequence[str] = (),
    allow_nothing: bool = False,
) -> Comparison:
    """Compare options for a partnership, as `compare_options` does, by what a store holds.

    Raises InputError where a table names a group, need or area that does not exist, QuestionError
    where the partnership or something imagined lost does not, StoreError where another release is
    loaded meanwhile.
    """
    release = store.release()
    questions = [find_question(f"coverage.{name}") for name in ("uncovered", "limited")]
    answers = [
        ask(store, question, slugs=[slug], as_of=as_of, without=without) for question in questions
    ]
    names = {name for question in questions for name in question.facts} | {"characteristics"}
    facts = {name: fact(store, name, [slug]) for name in names}
    if store.release() != release:
        raise StoreError("The store was loaded again meanwhile. Ask once more.")
    situation = read_situation(answers, facts, options, weights)
    return compare_options(situation, options, budget, allow_nothing=allow_nothing)


def read_situation(
    answers: Sequence[Answer],
    facts: Mapping[str, Sequence[Row]],
    options: Sequence[Option],
    weights: Sequence[Weight],
) -> Situation:
    """The open cells of one partnership in the answers about coverage, and what closes them.

    Raises InputError where a table names a group, need or area that does not exist.
    """
    (partnership,) = answers[0].partnerships
    day, slug = answers[0].as_of[partnership.slug], partnership.slug
    homes = {slug: partnership.area}
    lost = frozenset(answers[0].without)
    problems: list[Problem] = []
    worth = _weights(facts, weights, problems)
    offered = [
        Addition(NEW_SERVICE, _service_of(slug, option), _as_service(option.line))
        for option in options
    ]
    try:
        imagined, _ = add(facts, offered, homes, (slug,), day)
    except InputError as error:
        problems += error.problems
    if problems:
        raise InputError(problems)
    coverage = Coverage(read_facts(facts, homes, lost), [], day)
    offers = Coverage(read_facts(imagined, homes, lost), [], day)
    services = {_service_of(slug, option): option.id for option in options}
    rows = {
        (row["group"], row["need"], row["area"]): row
        for answer in answers
        for row in answer.rows
        if row["state"] in OPEN_STATES and row.get("section") != "never named here"
    }
    cells = tuple(
        OpenCell(
            id=cell,
            group_name=row["group_name"],
            need_name=row["need_name"],
            area_name=row["area_name"],
            state=row["state"],
            weight=worth(cell),
            closed_by=_closers(offers, cell, services),
            evidence=tuple(row["evidence"]),
        )
        for cell, row in sorted(rows.items())
    )
    kinds = _characteristics(facts)
    groups = {
        cell.id[0]: Group(cell.id[0], cell.group_name, kinds.get(cell.id[0], ())) for cell in cells
    }
    nothing = frozenset(g for g in groups if not coverage.has_help(g, partnership.area))
    return Situation(cells, groups, nothing)


def _characteristics(facts: Mapping[str, Sequence[Row]]) -> dict[str, tuple[str, ...]]:
    """The protected characteristics of each group: its own, and those of the wider ones."""
    own = {r["term"]: set(r["characteristics"] or ()) for r in facts["characteristics"]}
    wider = widening({r["term"]: r for r in facts["groups"]})
    return {
        group: tuple(sorted(set().union(*(own.get(w, set()) for w in above))))
        for group, above in wider.items()
    }


def _service_of(slug: str, option: Option) -> str:
    return f"{slug}/service/option-{option.id}"


def _as_service(line: Line) -> Line:
    """An option's row as that of a new service; made for its groups, whatever its strength."""
    return Line(line.file, line.number, {**line.cells, "strength": "specialist"})


def _closers(offers: Coverage, cell: CellId, services: Mapping[str, str]) -> frozenset[str]:
    """The options that help wholly in a cell.

    Where a source names a group and no need, help with any need closes the cell: it is reached.
    """
    group, need, area = cell
    if need == UNSPECIFIED:
        around = chain(area, offers.facts.within)
        needs = {n for g, n, a in offers.helps if g == group and a in around and n != UNSPECIFIED}
    else:
        needs = {need}
    return frozenset(
        services[one.service]
        for n in needs
        for one in offers.judge((group, n, area)).helps
        if one.service in services and not one.reasons
    )


class _Worth:
    """What a cell is worth: the weight of its group and need, of one of them, or of all others."""

    def __init__(self, weights: Mapping[tuple[str | None, str | None], Decimal]) -> None:
        self._weights = {(None, None): Decimal(1), **weights}

    def __call__(self, cell: CellId) -> Decimal:
        group, need, _ = cell
        keys = ((group, need), (group, None), (None, need), (None, None))
        return next(self._weights[key] for key in keys if key in self._weights)


def _weights(
    facts: Mapping[str, Sequence[Row]], weights: Sequence[Weight], problems: list[Problem]
) -> _Worth:
    groups = {r["term"]: str(r["name"]) for r in facts["groups"]}
    needs = {r["term"]: str(r["name"]) for r in facts["needs"]} | {UNSPECIFIED: UNSPECIFIED}
    found: dict[tuple[str | None, str | None], Decimal] = {}
    for one in weights:
        group, wrong = one.line.ids("group", groups)
        need, more = one.line.ids("need", needs)
        problems += [*wrong, *more]
        key = (group[0] if group else None, need[0] if need else None)
        if key in found and not wrong and not more:
            advice = "Take one of the rows out."
            problems.append(one.line.wrong("group", "a group and need once", advice))
        found[key] = one.weight
    return _Worth(found)
