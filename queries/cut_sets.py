"""Cut sets of cells: what, if lost, leaves a client group and need with no recorded help. Exact.

Everything a service stands on can be lost: the service, its providers, the posts it needs and the
agencies they belong to, its funds and who holds them, its routes. A single point of failure is
found by taking each thing away and looking again; it is no centrality and no estimate.
"""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from queries.asked import Answerer, Asked
from queries.recorded import UNSPECIFIED, Cell, Facts, Help, Row, fallen, recorded, supports


def single_points_of_failure(
    things: Sequence[Row], facts: Facts, day: datetime.date
) -> list[dict[str, Any]]:
    """The answer to `resilience.single_points_of_failure`, by thing and then by cell.

    Computed within a strength: at each strength that a cell has help of, help of that strength or a
    stronger one counts, a weaker one does not.
    """
    helps = [h for h in recorded(facts, day)[0] if h.cell[1] != UNSPECIFIED]
    cells = _by_cell(helps)
    names = {t["thing"]: t["name"] for t in things}
    before = fallen(facts, day, facts.lost)
    rows = []
    for thing in sorted(_candidates(facts, helps, day) & names.keys()):
        down = fallen(facts, day, facts.lost | {thing}) - before
        for (cell, strength), serving in sorted(cells.items()):
            if serving and all(h.service in down for h in serving):
                rows.append(_row(thing, names[thing], cell, strength, serving, facts, day))
    return sorted(
        rows,
        key=lambda r: (
            r["partnership"],
            r["kind"],
            r["name"],
            r["group_name"],
            r["need_name"],
            r["area_name"],
            r["strength"],
        ),
    )


def _by_cell(helps: Sequence[Help]) -> dict[tuple[Cell, str], list[Help]]:
    """By cell and strength: the helps of that strength or a stronger one."""
    strengths: dict[Cell, dict[int, str]] = {}
    for one in helps:
        strengths.setdefault(one.cell, {})[one.rank] = one.strength
    return {
        (cell, name): [h for h in helps if h.cell == cell and h.rank <= rank]
        for cell, ranks in strengths.items()
        for rank, name in ranks.items()
    }


def _candidates(facts: Facts, helps: Sequence[Help], day: datetime.date) -> set[str]:
    """Everything that the helping services stand on, directly or through a post."""
    found = {h.service for h in helps}
    for service in list(found):
        for options in supports(facts, service, day).values():
            for option in options:
                found |= option.stands_on | option.holders
        for row in facts.dependences.get(service, ()):
            for award in facts.awards.get(row["post"], ()):
                found |= {award["fund"], *award["holders"]}
    return found


def _row(
    thing: str,
    name: str,
    cell: Cell,
    strength: str,
    serving: Sequence[Help],
    facts: Facts,
    day: datetime.date,
) -> dict[str, Any]:
    told = facts.describe(cell)
    group, need, area = told["group_name"], told["need_name"], told["area_name"]
    proofs = [p for h in serving for p in (*h.proofs, *_links(thing, h.service, facts, day))]
    bases = {p["basis"] for p in proofs}
    basis = next((b for b in ("contested", "inferred") if b in bases), "stated")
    services = sorted({h.name for h in serving})
    lost = " and ".join(services)
    via = "" if {h.service for h in serving} == {thing} else f" {lost} would fall with it:"
    return {
        "partnership": facts.services[serving[0].service]["partnership"],
        "thing": thing,
        "name": name,
        "kind": thing.split("/")[1],
        **told,
        "strength": strength,
        "services": services,
        "basis": basis,
        "witness": f"Without {name},{via} nothing is recorded for {group} and {need} in {area}"
        + ("" if strength == "can be served" else f" ({strength} or stronger)"),
        "evidence": proofs,
    }


def _links(thing: str, service: str, facts: Facts, day: datetime.date) -> list[Mapping[str, Any]]:
    """The records that join a thing with a service that falls with it."""
    if thing == service:
        return []
    found = [
        option.proof
        for options in supports(facts, service, day).values()
        for option in options
        if thing in option.stands_on | option.holders
    ]
    for row in facts.dependences.get(service, ()):
        for award in facts.awards.get(row["post"], ()):
            if thing in (award["fund"], *award["holders"]):
                found += [row["proof"], award["proof"]]
    return found


def _single_points(asked: Asked) -> list[dict[str, Any]]:
    return single_points_of_failure(asked.rows, asked.recorded, asked.day)


ANSWERS: Mapping[str, Answerer] = {"single_points_of_failure": _single_points}
