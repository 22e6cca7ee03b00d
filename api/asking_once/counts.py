"""How many searches found something, month by month: only where a council switches it on.

A search is counted in memory by partnership, need and outcome, and by nothing else. When its month
is over the counts are suppressed (`queries/suppression.py`) and written once; the exact ones are
never on a disk. What was counted since the application started is lost when it stops: the table
says from which day on it counts.
"""

import datetime
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import TypeAdapter, ValidationError

from api.asking_once.letterbox import Letterbox
from queries.suppression import suppressed

Outcome = Literal["wholly", "partly", "nothing"]
OUTCOMES: Final[tuple[Outcome, ...]] = ("wholly", "partly", "nothing")
ANY_NEED: Final = "any"
"""What stands for the need where none was chosen."""


@dataclass(frozen=True, slots=True)
class MonthLine:
    """The searches of a partnership for a need; None where a count is hidden."""

    partnership: str
    need: str
    wholly: int | None
    partly: int | None
    nothing: int | None
    total: int | None


@dataclass(frozen=True, slots=True)
class Month:
    """A month as it may be shown; `since` is the day from which it was counted."""

    month: str
    since: datetime.date
    lines: tuple[MonthLine, ...]


_MONTH = TypeAdapter(Month)


def read_month(content: bytes) -> Month | None:
    """A month from JSON; None where it is none."""
    try:
        return _MONTH.validate_json(content)
    except ValidationError:
        return None


class Searches:
    """The counts of this month. Threads may share it."""

    def __init__(self, letterbox: Letterbox, today: datetime.date) -> None:
        """Begin to count on a day."""
        self._letterbox = letterbox
        self._lock = threading.Lock()
        self._since = today
        self._counts: Counter[tuple[str, str, Outcome]] = Counter()

    def count(
        self,
        partnerships: Iterable[str],
        needs: Iterable[str],
        outcome: Outcome,
        today: datetime.date,
    ) -> None:
        """Count a search, once for each partnership and need that it was for."""
        wanted = tuple(needs) or (ANY_NEED,)
        with self._lock:
            if _month(today) != _month(self._since):
                self._close(today)
            self._counts.update((slug, need, outcome) for slug in partnerships for need in wanted)

    def _close(self, today: datetime.date) -> None:
        month = shown(_month(self._since), self._since, self._counts)
        if month.lines:
            self._letterbox.add_counts(month.month, _MONTH.dump_json(month))
        self._counts.clear()
        self._since = today


def shown(month: str, since: datetime.date, counts: Counter[tuple[str, str, Outcome]]) -> Month:
    """A month's counts as they may be shown.

    Only what was searched for has a line, and a line with nothing to show has none: that somebody
    searched for it once would be told by its line alone.
    """
    lines = sorted({(slug, need) for slug, need, _ in counts})
    table = {(*line, outcome): counts[(*line, outcome)] for line in lines for outcome in OUTCOMES}
    fit = suppressed(table, {line: [(*line, o) for o in OUTCOMES] for line in lines})
    found = []
    for line in lines:
        wholly, partly, nothing = (fit.counts[(*line, outcome)] for outcome in OUTCOMES)
        found.append(MonthLine(*line, wholly, partly, nothing, fit.totals[line]))
    kept = (x for x in found if (x.wholly, x.partly, x.nothing) != (None, None, None))
    return Month(month, since, tuple(kept))


def _month(day: datetime.date) -> str:
    return f"{day:%Y-%m}"
