"""Matrices in other orders, and several side by side with the same groups and needs."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from queries.cells import WORST_FIRST
from visualise.matrix import Cell, Matrix, Term

MOST_GROUPS, MOST_NEEDS = 14, 10


@dataclass(frozen=True, slots=True)
class Common:
    """The groups and needs that several matrices are compared by, and how many are left out."""

    groups: tuple[Term, ...]
    needs: tuple[Term, ...]
    groups_left_out: int
    needs_left_out: int


def common(
    matrices: Sequence[Matrix], most_groups: int = MOST_GROUPS, most_needs: int = MOST_NEEDS
) -> Common:
    """What most partnerships speak of, and of that what stands worst; no more than can be seen."""
    told = [c for m in matrices for c in m.cells.values() if c.is_told_of]
    spoken: Counter[Term] = Counter(t for m in matrices for t in (*m.groups, *m.needs))
    grave: Counter[Term] = Counter()
    for cell in told:
        weight = len(WORST_FIRST) - WORST_FIRST.index(cell.state)
        grave.update({cell.group: weight, cell.need: weight})

    def first(terms: set[Term]) -> list[Term]:
        return sorted(terms, key=lambda t: (-spoken[t], -grave[t], t.name, t.id))

    groups = first({g for m in matrices for g in m.groups})
    needs = first({n for m in matrices for n in m.needs})
    return Common(
        tuple(groups[:most_groups]),
        tuple(needs[:most_needs]),
        max(0, len(groups) - most_groups),
        max(0, len(needs) - most_needs),
    )


# ---------------------------------------------------------------- orders


def by_need(matrix: Matrix, groups: Iterable[Term], need: Term) -> list[Term]:
    """Groups in the order of how they stand with one need, worst first."""
    return sorted(groups, key=lambda g: (_rank(matrix.cell(g, need)), g.name))


def by_group(matrix: Matrix, needs: Iterable[Term], group: Term) -> list[Term]:
    """Needs in the order of how one group stands with them, worst first."""
    return sorted(needs, key=lambda n: (_rank(matrix.cell(group, n)), n.name))


def _rank(cell: Cell | None) -> int:
    """0 for the worst; what nothing is said of comes after all that something is said of."""
    if cell is None:
        return len(WORST_FIRST) + 1
    return WORST_FIRST.index(cell.state) if cell.is_told_of else len(WORST_FIRST)
