"""The answers about coverage: whom recorded help reaches wholly, in part, twice, or not at all.

What makes a cell covered, partial or uncovered is said in queries/cells.py.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from graph.derived import chain
from queries.asked import Answerer, Asked
from queries.cells import Coverage, Judgement, gap_cells, gap_effects
from queries.recorded import UNSPECIFIED, Cell, Row


def limited(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `coverage.limited`: cells with help that is not whole, and why, worst first."""
    facts = asked.recorded
    coverage = Coverage(facts, asked.rows, asked.day)
    slugs = {area: slug for slug, area in facts.homes.items()}
    rows = []
    for cell in sorted(c for c in coverage.helps if c[1] != UNSPECIFIED):
        found = coverage.judge(cell)
        if found.state != "covered":
            home = next((a for a in chain(cell[2], facts.within) if a in slugs), None)
            slug = slugs.get(home or "", cell[2].split("/", 1)[0])
            row = _row(slug, coverage, found, [])
            rows.append({**row, "services": sorted({h.name for h in found.helps})})
    order = {s: n for n, s in enumerate(_LIMITED)}
    return sorted(rows, key=lambda r: (r["partnership"], order[r["section"]], *_by_name(r)))


_LIMITED = ("contested", "insufficient", "partial", "at risk")


def uncovered(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `coverage.uncovered`: cells without recorded help, worst first.

    Per partnership: what a source says is missing; what it names and nothing is recorded for; and,
    one row a group, the groups that other partnerships name and this one never does.
    """
    facts, gaps = asked.recorded, asked.rows
    mentions, reached = asked.facts["mentions"], asked.facts["reached"]
    coverage = Coverage(facts, gaps, asked.day)
    universe = {m["term"] for m in mentions} | {r["term"] for r in reached}
    rows = []
    for slug, area in sorted(facts.homes.items()):
        own = [m for m in mentions if m["partnership"] == slug]
        named = {m["term"] for m in own}
        named |= {r["term"] for r in reached if r["partnership"] == slug}
        cells = {
            cell
            for gap in gaps
            if gap["partnership"] == slug
            for cell in gap_cells(gap, facts.homes)
            if cell[1] != UNSPECIFIED or gap["kind"] in gap_effects()
        }
        cells |= {(m["term"], n, area) for m in own for n in m["needs"]}
        cells |= {c for c in coverage.others if c[2] == area and c[1] != UNSPECIFIED}
        specific = {g for g, n, _ in cells if n != UNSPECIFIED}
        cells |= {
            (g, UNSPECIFIED, area)
            for g in named
            if g not in specific and not coverage.has_help(g, area)
        }
        mentioned: dict[str, list[Row]] = {}
        for m in own:
            mentioned.setdefault(m["term"], []).append(m["proof"])
        for cell in sorted(cells):
            found = _open(coverage, cell, area)
            if found is not None:
                proofs = [] if found.proofs else mentioned.get(cell[0], coverage.naming(cell[0]))
                rows.append(_row(slug, coverage, found, proofs))
        for group in sorted(universe - named):
            cell = (group, UNSPECIFIED, area)
            silent = Judgement(
                cell, "not recorded", ("no record of this partnership names it",), (), ()
            )
            rows.append({**_row(slug, coverage, silent, []), "section": "never named here"})
    order = {s: n for n, s in enumerate(_SECTIONS)}
    return sorted(
        rows,
        key=lambda r: (r["partnership"], order[r["section"]], *_by_name(r)),
    )


_SECTIONS = ("stated uncovered", "insufficient", "not recorded", "never named here")


def _by_name(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["group_name"], row["need_name"], row["area_name"]


def _open(coverage: Coverage, cell: Cell, area: str) -> Judgement | None:
    """The judgement of a cell that belongs into the answer, or None if there is help for it."""
    found = coverage.judge(cell)
    if found.helps:
        return None
    if cell[1] == UNSPECIFIED and found.state == "not recorded":
        return None if coverage.has_help(cell[0], area) else found
    return found


def _row(slug: str, coverage: Coverage, found: Judgement, proofs: Sequence[Row]) -> dict[str, Any]:
    return {
        "partnership": slug,
        **coverage.facts.describe(found.cell),
        "section": found.state,
        "state": found.state,
        "reason": "; ".join(found.reasons) or "named, and nothing is recorded for it",
        "might_serve": sorted({h.name for h in coverage.might_serve(found.cell)}),
        "evidence": [*found.proofs, *proofs],
    }


ANSWERS: Mapping[str, Answerer] = {"limited": limited, "uncovered": uncovered}
