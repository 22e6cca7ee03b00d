"""Options compared within a budget, as text for a terminal, and as JSON or CSV.

What the comparison is, and what it is not, stands in queries/invest.py.
"""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.formats import plain, safe_cell
from queries.invest import Choice, Comparison, OpenCell, Option


def tell(console: Console, compared: Comparison) -> None:
    """Print a comparison: what is chosen, what it closes, what stays open, and for whom."""
    console.print(Text(f"Options compared within {_pounds(compared.budget)}", style="bold"))
    console.print(Text(compared.note))
    if compared.chosen is None:
        _tell_conflict(console, compared)
        return
    _tell_choice(console, "What closes most weighted need", compared.chosen)
    console.print(_cells("It closes", compared.chosen.closed))
    console.print(_cells("It leaves open", compared.chosen.open))
    console.print(_shares(compared.chosen))
    if compared.runner_up is None:
        console.print(Text("\nThere is no other such choice within the budget.", style="bold"))
    else:
        _tell_choice(console, "The next best", compared.runner_up)
    _tell_groups(console, "No choice within the budget helps", compared.out_of_reach)
    _tell_not_chosen(console, compared, compared.chosen)


def _tell_choice(console: Console, title: str, choice: Choice) -> None:
    told = "; ".join(f"{o.name} ({_pounds(o.cost)})" for o in choice.options) or "nothing"
    console.print(Text(f"\n{title}: {told}", style="bold"))
    console.print(
        Text(
            f"  costs {_pounds(choice.cost)}; closes {len(choice.closed)} cells of weight "
            f"{choice.weight_closed}; leaves {len(choice.open)} open, of weight "
            f"{choice.weight_open}"
        )
    )
    _tell_groups(console, "  Still with no help on record made for them", choice.left_with_nothing)


def _tell_not_chosen(console: Console, compared: Comparison, chosen: Choice) -> None:
    left = why_not(compared, chosen)
    if left:
        console.print(Text("\nNot chosen", style="bold"))
    for option, why in left:
        console.print(Text(f"  {option.name} ({_pounds(option.cost)}): {why}"))


def why_not(compared: Comparison, chosen: Choice) -> list[tuple[Option, str]]:
    """Each option that is not chosen, and why as far as one reason suffices."""
    closing = {option for cell in compared.cells for option in cell.closed_by}
    ids = {option.id for option in chosen.options}
    found = []
    for option in compared.options:
        why = "other options close more within the budget"
        if option.id not in closing:
            why = "it closes no open cell here: check its groups, needs and areas"
        elif option.cost > compared.budget:
            why = "it costs more than the budget"
        elif set(option.excludes) & ids:
            why = "it cannot be had with what is chosen"
        if option.id not in ids:
            found.append((option, why))
    return found


def _tell_conflict(console: Console, compared: Comparison) -> None:
    console.print(Text("\nNo choice leaves none of these groups with nothing:", style="bold"))
    for group in compared.conflict:
        console.print(Text(f"  {group.name}"))
    if compared.least is None:
        told = "Options that exclude each other stand in the way."
    else:
        told = f"Helping all of them costs at least {_pounds(compared.least)}."
    console.print(Text(f"{told} To choose knowingly that one stays with nothing: --allow-nothing"))


def _tell_groups(console: Console, title: str, groups: Sequence[Any]) -> None:
    if groups:
        console.print(Text(f"{title}: {'; '.join(group.name for group in groups)}"))


def _cells(title: str, cells: Sequence[OpenCell]) -> Table:
    shown = Table(title=f"{title} ({len(cells)})", title_justify="left", header_style="bold")
    for column in ("group", "need", "area", "how it stands", "weight"):
        shown.add_column(column, overflow="fold")
    for cell in sorted(cells, key=lambda c: (-c.weight, c.group_name, c.need_name)):
        words = (cell.group_name, cell.need_name, cell.area_name, cell.state, str(cell.weight))
        shown.add_row(*map(Text, words))
    return shown


def _shares(choice: Choice) -> Table:
    """Who gains and who does not, for the public sector equality duty."""
    title = "By protected characteristic (Equality Act 2010, section 149)"
    shown = Table(title=title, title_justify="left", header_style="bold")
    for column in ("characteristic", "closed", "left open", "weight closed", "weight left open"):
        shown.add_column(column)
    for share in choice.by_characteristic:
        shown.add_row(
            share.characteristic or "none named",
            str(share.cells_closed),
            str(share.cells_open),
            str(share.weight_closed),
            str(share.weight_open),
        )
    return shown


def _pounds(amount: int) -> str:
    return f"£{amount:,}"


# ---------------------------------------------------------------- as data


def written(compared: Comparison, form: str) -> str:
    """A comparison as JSON, or its cells as CSV with what happens to each."""
    return _as_csv(compared) if form == "csv" else _as_json(compared)


def _as_json(compared: Comparison) -> str:
    found = {
        "budget": compared.budget,
        "note": compared.note,
        "chosen": _choice(compared.chosen),
        "runner_up": _choice(compared.runner_up),
        "out_of_reach": [group.id for group in compared.out_of_reach],
        "conflict": [group.id for group in compared.conflict],
        "least": compared.least,
    }
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _choice(choice: Choice | None) -> dict[str, Any] | None:
    if choice is None:
        return None
    return {
        "options": [{"option": o.id, "name": o.name, "cost": o.cost} for o in choice.options],
        "cost": choice.cost,
        "weight_closed": plain(choice.weight_closed),
        "weight_open": plain(choice.weight_open),
        "closed": [_cell(cell) for cell in choice.closed],
        "open": [_cell(cell) for cell in choice.open],
        "left_with_nothing": [group.id for group in choice.left_with_nothing],
        "by_characteristic": [
            {
                "characteristic": share.characteristic,
                "cells_closed": share.cells_closed,
                "cells_open": share.cells_open,
                "weight_closed": plain(share.weight_closed),
                "weight_open": plain(share.weight_open),
            }
            for share in choice.by_characteristic
        ],
    }


def _cell(cell: OpenCell) -> dict[str, Any]:
    group, need, area = cell.id
    return {
        "group": group,
        "group_name": cell.group_name,
        "need": need,
        "need_name": cell.need_name,
        "area": area,
        "area_name": cell.area_name,
        "state": cell.state,
        "weight": plain(cell.weight),
        "records": [proof["record"] for proof in cell.evidence],
    }


def _as_csv(compared: Comparison) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = ("choice", "outcome", "group", "need", "area", "state", "weight", "records")
    writer.writerow(names)
    for name, choice in (("chosen", compared.chosen), ("runner-up", compared.runner_up)):
        for outcome in ("closed", "open") if choice else ():
            for cell in getattr(choice, outcome):
                told = _cell(cell)
                values = [name, outcome, *(told[k] for k in names[2:7]), "; ".join(told["records"])]
                writer.writerow([safe_cell(str(value)) for value in values])
    return out.getvalue()
