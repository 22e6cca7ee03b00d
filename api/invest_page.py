"""The page on which options to spend money on are compared: its form, its example, its result.

What the comparison is, and what it is not, stands in queries/invest.py. Nothing is kept: the tables
go with the form, and come back with it.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import HTMLResponse

from api.basket import Basket, basket_of
from api.comparing import why_not
from api.deps import Choices, partnership_in
from api.faults import Problem
from api.routes.pages import page, record_url
from graph.stores.protocol import Store
from queries.ask import ask, find_question, partnerships
from queries.asked import Partnership
from queries.invest import OPTION_COLUMNS, WEIGHT_COLUMNS, Choice, Comparison, OpenCell
from queries.recorded import UNSPECIFIED

INVEST = "/invest"
_COSTS = (30_000, 25_000, 70_000)
"""Of the options of an example: invented, and said to be so."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a form holds: the choices, the budget, the tables, and what is knowingly allowed."""

    choices: Choices
    budget: str = ""
    options: str = ""
    weights: str = ""
    allow_nothing: bool = False


@dataclass(frozen=True, slots=True)
class Open:
    """A group with the needs that a choice closes or leaves open, and the records behind them."""

    group: str
    cells: tuple[tuple[OpenCell, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A choice as a page tells it."""

    choice: Choice
    closed: tuple[Open, ...]
    open: tuple[Open, ...]


def invest_page(
    store: Store,
    wish: Wish,
    compared: Comparison | None = None,
    problem: Problem | None = None,
    is_example: bool = False,
) -> HTMLResponse:
    """The form with what it holds, and the comparison or what is wrong where there is one."""
    known = partnerships(store)
    slugs = wish.choices.slugs[:1]
    own = [partnership_in(store, slug) for slug in slugs]
    basket = basket_of(store, INVEST, wish.choices)
    chosen = compared.chosen if compared else None
    shown = page(
        "invest.html",
        about=own or known,
        known=known,
        own=own[0] if own else None,
        wish=wish,
        choices=wish.choices,
        basket=basket,
        option_columns=OPTION_COLUMNS,
        weight_columns=WEIGHT_COLUMNS,
        compared=compared,
        chosen=_told(chosen, basket) if chosen else None,
        not_chosen=why_not(compared, chosen) if compared and chosen else (),
        problem=problem,
        is_example=is_example,
    )
    if problem:
        shown.status_code = problem.status
    return shown


def _told(choice: Choice, basket: Basket) -> Told:
    return Told(choice, _by_group(choice.closed, basket), _by_group(choice.open, basket))


def _by_group(cells: Sequence[OpenCell], basket: Basket) -> tuple[Open, ...]:
    """Cells by client group, the heaviest first."""
    found: dict[str, list[OpenCell]] = {}
    for cell in sorted(cells, key=lambda c: (-c.weight, c.group_name, c.need_name, c.area_name)):
        found.setdefault(cell.group_name, []).append(cell)
    return tuple(
        Open(group, tuple((cell, _records(cell, basket)) for cell in own))
        for group, own in found.items()
    )


def _records(cell: OpenCell, basket: Basket) -> tuple[tuple[str, str], ...]:
    """The records behind a cell: what each is called by its source and place, and its page."""
    return tuple(
        (
            "; ".join(proof["locator"]) or str(proof["title"]),
            record_url(proof["record"]) + basket.keep,
        )
        for proof in cell.evidence
    )


# ---------------------------------------------------------------- an example


def example(store: Store, partnership: Partnership, choices: Choices) -> tuple[str, str, str]:
    """A budget, options and weights to start from: for gaps on record, at invented costs.

    The last option excludes the one before it, to show how that is written.
    """
    answer = ask(
        store, find_question("coverage.uncovered"), slugs=[partnership.slug], as_of=choices.as_of
    )
    pairs: dict[str, str] = {}
    for row in answer.rows:
        is_named = row["section"] != "never named here" and row["need"] != UNSPECIFIED
        if is_named and row["group_name"] not in pairs:
            pairs[row["group_name"]] = row["need_name"]
    chosen = sorted(pairs.items())[: len(_COSTS)]
    rows = [
        [f"option-{n}", f"Help for {group}", str(cost), group, need, "", "", ""]
        for n, ((group, need), cost) in enumerate(zip(chosen, _COSTS, strict=False), 1)
    ]
    if len(rows) == len(_COSTS):
        rows[-1][-1] = rows[-2][0]
    weights = [[rows[0][3], "", "2"]] if rows else []
    return str(sum(_COSTS[:2])), _csv(OPTION_COLUMNS, rows), _csv(WEIGHT_COLUMNS, weights)


def _csv(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([columns, *rows])
    return written.getvalue()
