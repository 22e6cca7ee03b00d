"""How the parts of a paper stand on A4: which lie on pages on their side, how wide columns are."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from visualise.paper.numbering import NOTES, Cited, Heading, Listed, Part, Shown, Tabled

UPRIGHT, SIDEWAYS = 92, 145
"""How many letters stand on a line of a table."""
FIGURE, FIGURE_SIDEWAYS = (470, 600), (717, 380)
"""The room for a figure, across and down, in points; a pixel is drawn as three quarters of one."""
_SMALL, _GAIN = 0.55, 1.15
"""How many points to a pixel are too few to read, and what turning must gain to be worth it."""
_LEADING = 3
"""How many texts before a wide part go with it to its page."""
_SHORT = 1_500
"""So many letters between two parts that lie on their side lie there too."""
_LONGEST_WORD, _BRIEF, _WIDEST, _HEADER_LINES = 22, 17, 160, 3


@dataclass(frozen=True, slots=True)
class Run:
    """Parts that follow each other on pages of one kind."""

    wide: bool
    parts: tuple[Part, ...]


def runs(parts: Sequence[Part]) -> tuple[Run, ...]:
    """The parts as runs of upright pages and pages on their side.

    The headings and the few texts before a wide part stand on its page, and so do a few texts
    between two such parts, so that no page holds a heading or a line alone.
    """
    wide = [_is_wide(part) for part in parts]
    turned = [place for place, is_wide in enumerate(wide) if is_wide]
    for place in turned:
        start = _start(parts, place)
        wide[start:place] = [True] * (place - start)
    for before, after in pairwise(turned):
        if _is_short(parts[before + 1 : after]):
            wide[before:after] = [True] * (after - before)
    starts = [n for n in range(len(parts)) if n == 0 or wide[n] != wide[n - 1]]
    ends = [*starts, len(parts)][1:]
    return tuple(Run(wide[a], tuple(parts[a:b])) for a, b in zip(starts, ends, strict=True))


def _is_wide(part: Part) -> bool:
    match part:
        case Tabled():
            return part.wide
        case Shown():
            upright, sideways = (points_of(part, room) for room in (FIGURE, FIGURE_SIDEWAYS))
            return upright < _SMALL and sideways > upright * _GAIN
        case _:
            return False


def _is_short(parts: Sequence[Part]) -> bool:
    return sum(map(_letters, parts)) <= _SHORT


def _letters(part: Part) -> int:
    """About how many letters a part takes the room of."""
    match part:
        case Heading():
            return 150 + len(part.completeness)
        case Cited():
            return 100 + len(part.text)
        case Listed():
            return sum(80 + len(point.text) for point in part.points)
        case _:
            return _SHORT + 1


def points_of(one: Shown, room: tuple[int, int]) -> float:
    """How many points a pixel of a figure gets: three quarters, or less where room is short."""
    return min(0.75, room[0] / one.figure.width, room[1] / one.figure.height)


def _start(parts: Sequence[Part], place: int) -> int:
    """Where the headings and texts begin that introduce a wide part; its own place if none do."""
    start = place
    while start and isinstance(parts[start - 1], Cited) and place - start < _LEADING:
        start -= 1
    if not start or not isinstance(parts[start - 1], Heading):
        return place
    while start and isinstance(parts[start - 1], Heading):
        start -= 1
    return start


def widths(table: Tabled) -> tuple[float, ...]:
    """The shares of the columns of a table; they sum to 1, nearly.

    A column first gets its longest word, so that words are not cut; what is left goes to those
    with much to say.
    """
    columns = [[name, *(row[n] for row in table.rows)] for n, name in enumerate(table.headers)]
    if table.notes:
        columns.append([NOTES, *(", ".join(str(m.number) for m in marks) for marks in table.notes)])
    least = [max(_least(cells), len(cells[0]) / _HEADER_LINES) + 2 for cells in columns]
    more = [max(0.0, _wish(cells) - one) for cells, one in zip(columns, least, strict=True)]
    left = max(0.0, (SIDEWAYS if table.wide else UPRIGHT) - sum(least))
    share = min(1.0, left / sum(more)) if sum(more) else 0.0
    wanted = [one + share * two for one, two in zip(least, more, strict=True)]
    return tuple(round(one / sum(wanted), 4) for one in wanted)


def _least(cells: Sequence[str]) -> int:
    """How many letters wide a column must be: short cells stay whole, and so do most words."""
    longest = max(map(len, cells))
    if longest <= _BRIEF:
        return longest
    words = (len(word) for cell in cells for word in cell.split())
    return min(_LONGEST_WORD, max(words, default=1))


def _wish(cells: Sequence[str]) -> float:
    """How many letters wide a column would like to be: between its usual and its longest cell."""
    lengths = sorted(len(cell) for cell in cells)
    return min(_WIDEST, (lengths[-1] + 3 * lengths[len(lengths) * 3 // 4]) / 4 + 2)
