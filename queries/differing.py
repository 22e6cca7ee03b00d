"""Two answers to one question compared, such as over what is live and over a draft.

Rows are the same where all that they say is; the day asked about and the records behind a row do
not count: a row that only rests on another record has the same to say.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from queries.asked import Row

_PASSED_OVER = frozenset({"as_of", "evidence"})


@dataclass(frozen=True, slots=True)
class Difference:
    """The rows that only the later answer has, those that only the earlier had, how many both."""

    added: tuple[Row, ...]
    gone: tuple[Row, ...]
    same: int


def difference(before: Sequence[Row], after: Sequence[Row]) -> Difference:
    """How a later answer differs from an earlier one; rows keep the order of their answer."""
    gone = _without(before, after)
    return Difference(_without(after, before), gone, len(before) - len(gone))


def _without(rows: Sequence[Row], others: Sequence[Row]) -> tuple[Row, ...]:
    """The rows that the others have not; of rows that come more than once, those too many."""
    left = Counter(map(_said, others))
    found = []
    for row in rows:
        said = _said(row)
        if left[said]:
            left[said] -= 1
        else:
            found.append(row)
    return tuple(found)


def _said(row: Row) -> str:
    told = {key: value for key, value in row.items() if key not in _PASSED_OVER}
    return json.dumps(told, default=str, sort_keys=True)
