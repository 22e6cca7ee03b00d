"""The answers about coverage: whom recorded help reaches wholly, in part, twice, or not at all.

What makes a cell covered, partial or uncovered is said in queries/cells.py, whose needs are whose
in queries/sides.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.derived import chain
from queries.asked import Answerer, Asked
from queries.cells import WORST_FIRST, Coverage, Judgement, gap_cells, gap_effects, in_part
from queries.fits import widening
from queries.recorded import STRENGTHS, UNSPECIFIED, Cell, Facts, Help, fallen
from queries.rows import Row

_NEVER = "never named here"
_ORDER = {state: n for n, state in enumerate((*WORST_FIRST, _NEVER))}
_NAMED = "named, and nothing is recorded for it"


# ---------------------------------------------------------------- what has help and what has none


def limited(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `coverage.limited`: cells with help that is not whole, and why, worst first."""
    coverage = Coverage(asked.recorded, asked.rows, asked.day)
    rows = []
    for cell in sorted({*coverage.helps, *coverage.gaps}):
        found = coverage.judge(cell)
        if found.helps and found.state != "covered":
            rows.append(_row(_slug(coverage.facts, cell), coverage, found))
    return sorted(rows, key=_worst_first)


def uncovered(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `coverage.uncovered`: cells without recorded help, worst first.

    Per partnership: what a source says is missing; what it names and nothing is recorded for; and,
    one row a group, the groups that other partnerships name and this one never does.
    """
    facts, gaps = asked.recorded, asked.rows
    mentions, nation = asked.facts["mentions"], asked.nation
    coverage = Coverage(facts, gaps, asked.day)
    pairs, lists, reached = nation.sides.pairs(mentions), _lists(asked), _reached(facts)
    rows = []
    for slug, area in sorted(facts.homes.items()):
        own = [m for m in mentions if m["partnership"] == slug]
        named = {m["term"] for m in own} | reached.get(slug, set())
        cells = {
            cell
            for gap in gaps
            if gap["partnership"] == slug
            for cell in gap_cells(gap, facts.homes)
            if cell[1] != UNSPECIFIED or gap["kind"] in gap_effects()
        }
        cells |= {(g, n, area) for g, n, m in pairs if m["partnership"] == slug}
        cells |= {c for c in coverage.others if c[2] == area and c[1] != UNSPECIFIED}
        specific = {g for g, n, _ in cells if n != UNSPECIFIED}
        cells |= {
            (g, UNSPECIFIED, area)
            for g in named
            if g not in specific and not coverage.has_help(g, area)
        }
        naming = _Naming(coverage, area, own)
        for cell in sorted(cells):
            found = _open(coverage, cell, area)
            if found is not None:
                rows.append(_row(slug, coverage, found, naming.proofs(found), lists))
        for group in sorted(nation.named - named):
            cell = (group, UNSPECIFIED, area)
            silent = Judgement(
                cell, "not recorded", ("no record of this partnership names it",), (), ()
            )
            rows.append({**_row(slug, coverage, silent), "section": _NEVER})
    return sorted(rows, key=_worst_first)


def _reached(facts: Facts) -> dict[str, set[str]]:
    """By partnership: the groups that its services are connected with."""
    found: dict[str, set[str]] = {}
    for reach in facts.reaches:
        if reach["service"] in facts.services:
            slug = facts.services[reach["service"]]["partnership"]
            found.setdefault(slug, set()).add(reach["term"])
    return found


def _open(coverage: Coverage, cell: Cell, area: str) -> Judgement | None:
    """The judgement of a cell that belongs into the answer, or None if there is help for it."""
    found = coverage.judge(cell)
    if found.helps:
        return None
    if cell[1] == UNSPECIFIED and found.state == "not recorded":
        return None if coverage.has_help(cell[0], area) else found
    return found


def matrix(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `coverage.matrix`: every group with every need that is named, and its state.

    The groups and needs are those that any loaded partnership names, for each partnership's own
    area; for a narrower area, those that a record of a service or a gap names there.
    """
    facts, mentions = asked.recorded, asked.facts["mentions"]
    coverage = Coverage(facts, asked.rows, asked.day)
    whose, lists = asked.nation.sides, _lists(asked)
    named: dict[str, set[str]] = {}
    for row in asked.facts["named"]:
        named.setdefault(row["partnership"], set()).update(row["terms"] or ())
    universe, wider = {term for terms in named.values() for term in terms}, widening(facts.needs)
    everywhere = [
        (group, need)
        for group in universe & facts.groups.keys()
        for need in universe & facts.needs.keys()
        if whose.fits(group, need)
    ]
    pairs: dict[str, set[tuple[str, str]]] = {}
    for group, need, mention in whose.pairs(mentions):
        pairs.setdefault(mention["partnership"], set()).add((group, need))
    recorded: dict[str, set[Cell]] = {}
    for group, need, area in (*coverage.helps, *coverage.others, *coverage.gaps):
        if need != UNSPECIFIED:
            # With the wider needs also where a service does not count, so that no row comes and
            # goes with the day or with what is lost.
            cells = {(group, n, area) for n in wider[need]}
            recorded.setdefault(_slug(facts, (group, need, area)), set()).update(cells)
    rows = []
    for slug, area in sorted(facts.homes.items()):
        own = [m for m in mentions if m["partnership"] == slug]
        paired, here = pairs.get(slug, set()), named.get(slug, set())
        naming = _Naming(coverage, area, own)
        cells = {(g, n, area) for g, n in (*everywhere, *paired)} | recorded.get(slug, set())
        for cell in sorted(cells):
            found = coverage.judge(cell)
            row = _row(slug, coverage, found, naming.proofs(found), lists)
            if found.state == "not recorded" and not found.reasons and cell[:2] not in paired:
                row["reason"] = ELSEWHERE if cell[0] in here else NOWHERE
            rows.append(row)
    return sorted(rows, key=_worst_first)


ELSEWHERE = "the group is named here, and nothing says that it is helped with this need"
NOWHERE = "no record of this partnership names the group"
"""Why a cell of which no record speaks is not recorded; a matrix folds such rows away."""


# ---------------------------------------------------------------- what is only written down


def named_only(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `coverage.named_only`: groups that plans name and no service is there for.

    A group that is named with a need is listed with its needs only. A service that is imagined
    lost, or falls with what is, is connected with nobody.
    """
    facts = asked.recorded
    gaps = [r for r in asked.rows if r["record"].split("/")[1] == "gap"]
    coverage = Coverage(facts, gaps, asked.day)
    down = fallen(facts, asked.day, facts.lost)
    connected = {
        (facts.services[r["service"]]["partnership"], r["term"])
        for r in facts.reaches
        if r["service"] not in down
    }
    mentions = [{**row, "term": term} for row in asked.rows for term in row["terms"]]
    pairs = asked.nation.sides.pairs(mentions)
    with_need = {(m["partnership"], g) for g, _, m in pairs}
    pairs += [
        (m["term"], UNSPECIFIED, m)
        for m in mentions
        if (m["partnership"], m["term"]) not in with_need
    ]
    naming: dict[tuple[str, Cell], list[Row]] = {}
    for group, need, mention in pairs:
        slug = mention["partnership"]
        if (slug, group) not in connected:
            for area in mention["areas"] or [facts.homes[slug]]:
                naming.setdefault((slug, (group, need, area)), []).append(mention)
    rows = []
    for (slug, cell), records in naming.items():
        found = coverage.judge(cell)
        if found.state == "not recorded":
            row = _row(slug, coverage, found, [r["proof"] for r in records])
            rows.append({**row, "named_in": sorted({str(r["name"]) for r in records})})
    return sorted(rows, key=_worst_first)


def falls_away(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `coverage.falls_away`: groups that objectives name and no action does.

    An action names its own groups and those of the gaps that it answers; with a narrower group it
    takes up a part of the wider one, so that the wider one does not fall away.
    """
    groups = {r["term"]: r for r in asked.facts["groups"]}
    wider = widening(groups)
    acted: dict[str, dict[str, list[Row]]] = {}
    aimed: dict[str, dict[str, list[Row]]] = {}
    for row in asked.rows:
        found = acted if row["record"].split("/")[1] == "action" else aimed
        found.setdefault(row["partnership"], {}).setdefault(row["term"], []).append(row)
    rows = []
    for slug, named in aimed.items():
        actions = acted.get(slug, {})
        taken_up = {w for g in actions for w in wider[g]}
        for group in sorted(named.keys() - taken_up):
            only = wider[group] & actions.keys()
            behind = [*named[group], *(r for w in only for r in actions[w])]
            rows.append(
                {
                    "partnership": slug,
                    "group": group,
                    "group_name": groups[group]["name"],
                    "named_in": sorted({str(r["name"]) for r in named[group]}),
                    "only_wider": sorted(str(groups[w]["name"]) for w in only),
                    "evidence": [r["proof"] for r in behind],
                }
            )
    return sorted(rows, key=lambda r: (r["partnership"], r["group_name"]))


# ---------------------------------------------------------------- what there is twice


def overlaps(asked: Asked) -> list[dict[str, Any]]:
    """The answer to `coverage.overlaps`: cells with several services that help equally strongly.

    A part beside its whole is no second service. One that works in a part of an area only overlaps
    with others there, and not in the whole.
    """
    coverage = Coverage(asked.recorded, asked.rows, asked.day)
    services = coverage.facts.services
    rows = []
    for cell in sorted(c for c in coverage.helps if c[1] != UNSPECIFIED):
        found = coverage.judge(cell)
        for strength in STRENGTHS:
            alike = {h.service: h for h in found.helps if h.strength == strength and not in_part(h)}
            apart = {
                s: h for s, h in alike.items() if alike.keys().isdisjoint(_wholes(services, s))
            }
            if len(apart) < 2:
                continue
            same = {
                name
                for s, h in apart.items()
                for other in services[s]["perhaps_the_same"]
                if other in apart
                for name in (h.name, apart[other].name)
            }
            rows.append(
                {
                    **_row(_slug(coverage.facts, cell), coverage, found),
                    "strength": strength,
                    "services": sorted(h.name for h in apart.values()),
                    "perhaps_the_same": sorted(same),
                }
            )
    ranks = list(STRENGTHS)
    return sorted(rows, key=lambda r: (r["partnership"], ranks.index(r["strength"]), *_by_name(r)))


def _wholes(services: Mapping[str, Row], service: str) -> set[str]:
    """The services that a service is a part of, directly or through another."""
    found: set[str] = set()
    waiting = list(services[service]["part_of"])
    while waiting:
        current = waiting.pop()
        if current not in found and current in services:
            found.add(current)
            waiting += services[current]["part_of"]
    return found


# ---------------------------------------------------------------- rows


@dataclass(frozen=True, slots=True)
class _List:
    """A list of services that somebody signed as complete: for which needs, where, in words."""

    needs: frozenset[str]
    area: str
    words: str
    proof: Row


def _lists(asked: Asked) -> list[_List]:
    """The lists that are signed as complete up to the day.

    One bears on the needs that, in all that is loaded, only services of its type meet: for others
    it leaves open what services of another type do.
    """
    types = widening({r["term"]: r for r in asked.facts["service_types"]})
    signed = [row for row in asked.facts["completeness"] if row["dated"] is not None]
    found = []
    for row in (row for row in signed if row["dated"] <= asked.day):
        listed = {t for t, wider in types.items() if row["type"] in wider}
        words = (
            f"{row['type_name']} in {row['area_name']}: "
            f"signed by {row['signed_by']} for {row['dated'].isoformat()}"
        )
        met = asked.types_met
        needs = frozenset(n for n, each in met.items() if all(kinds & listed for kinds in each))
        found.append(_List(needs, row["area"], words, row["proof"]))
    return found


class _Naming:
    """The records of a partnership that name a group, for cells that no other record speaks of."""

    def __init__(self, coverage: Coverage, area: str, mentions: Iterable[Row]) -> None:
        self._coverage, self._area = coverage, area
        self._mentions: dict[str, list[Row]] = {}
        for mention in mentions:
            self._mentions.setdefault(mention["term"], []).append(mention["proof"])

    def proofs(self, found: Judgement) -> list[Row]:
        """Mentions of the group, or what connects it with a service; none if others speak."""
        group = found.cell[0]
        if found.proofs:
            return []
        return self._mentions.get(group) or self._coverage.naming(group, self._area)


def _row(
    slug: str,
    coverage: Coverage,
    found: Judgement,
    proofs: Sequence[Row] = (),
    lists: Sequence[_List] = (),
) -> dict[str, Any]:
    _, need, area = found.cell
    signed = [
        one for one in lists if need in one.needs and one.area in chain(area, coverage.facts.within)
    ]
    return {
        "partnership": slug,
        **coverage.facts.describe(found.cell),
        "section": found.state,
        "state": found.state,
        "reason": "; ".join(found.reasons) or (None if found.helps else _NAMED),
        "services": _names(found.helps),
        "might_serve": _names(coverage.might_serve(found.cell)),
        "complete": "; ".join(one.words for one in signed) or None,
        "evidence": [*found.proofs, *proofs, *(one.proof for one in signed)],
    }


def _names(helps: Iterable[Help]) -> list[str]:
    return sorted({h.name for h in helps})


def _slug(facts: Facts, cell: Cell) -> str:
    """The partnership whose area takes in that of a cell, else the one that records the area."""
    slugs = {area: slug for slug, area in facts.homes.items()}
    home = next((a for a in chain(cell[2], facts.within) if a in slugs), None)
    return slugs[home] if home else cell[2].split("/", 1)[0]


def _by_name(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["group_name"], row["need_name"], row["area_name"]


def _worst_first(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["partnership"], _ORDER[row["section"]], *_by_name(row)


ANSWERS: Mapping[str, Answerer] = {
    "limited": limited,
    "uncovered": uncovered,
    "matrix": matrix,
    "named_only": named_only,
    "overlaps": overlaps,
    "falls_away": falls_away,
}
