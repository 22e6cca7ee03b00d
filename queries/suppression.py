"""Counts of people made fit to be shown: small ones hidden, others rounded (SAFETY.md, rule 8).

A count below 10 is hidden, zero included; any other is rounded to 5. A total is shown only where
nothing that it is the sum of is hidden (secondary suppression). So nothing that is shown depends on
a hidden count: whatever it is, from 0 to 9, the table looks the same, however much a reader knows
of the others. To show totals beside one or two hidden counts would let them be worked out, or at
least bounded; so totals are given up first.
"""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

LEAST = 10
"""The least count that is shown."""
STEP = 5
"""What shown counts are rounded to."""

Key = TypeVar("Key", bound=Hashable)
Total = TypeVar("Total", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Shown(Generic[Key, Total]):
    """A table that may be shown; None where a count or total is hidden."""

    counts: Mapping[Key, int | None]
    totals: Mapping[Total, int | None]


def suppressed(
    counts: Mapping[Key, int], totals: Mapping[Total, Collection[Key]]
) -> Shown[Key, Total]:
    """A table with its small counts hidden, and every total that would tell of one.

    `totals` says of which counts each total is the sum; one that is not among `counts` is zero.

    >>> suppressed({"a": 12, "b": 3}, {"all": ("a", "b"), "a alone": ("a",)})
    Shown(counts={'a': 10, 'b': None}, totals={'all': None, 'a alone': 10})
    """
    return Shown(
        {key: _rounded(count) if count >= LEAST else None for key, count in counts.items()},
        {
            total: (
                _rounded(sum(counts[key] for key in keys))
                if keys and all(counts.get(key, 0) >= LEAST for key in keys)
                else None
            )
            for total, keys in totals.items()
        },
    )


def _rounded(count: int) -> int:
    return STEP * ((count + STEP // 2) // STEP)
