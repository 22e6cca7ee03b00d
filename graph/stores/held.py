"""What is kept of one release while a store holds it: within a bound, and shared by all who ask.

A release never changes, so what was read of it or worked out from it stays true as long as the
store holds it. Here is the keeping alone; which release is held is the store's to say.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")

MOST = 200_000
"""How many rows are kept at most, about 1 kB each; what was asked for longest ago goes first."""
_LARGEST = 20_000
"""What has more rows than this is read again each time: one of them would push out all others."""


class Held:
    """What is kept of one release. Nobody may change what it gives: others have the same.

    `release` is its name, or None. `is_current` says whether the store still reads it: what was
    read meanwhile of another one is given, and not kept.
    """

    def __init__(
        self,
        release: str | None,
        is_current: Callable[[], bool] = lambda: True,
        most: int = MOST,
    ) -> None:
        self.release = release
        self._is_current = is_current
        self._most = most
        self._lock = threading.Lock()
        self._found: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._rows = 0

    @property
    def rows(self) -> int:
        """How many rows are kept now."""
        return self._rows

    def of(self, key: Hashable, work: Callable[[], T], size: Callable[[T], int]) -> T:
        """What a piece of work gives, which its key tells: worked out once and then kept.

        `size` says how many rows it holds. Two who ask at once may both work it out.
        """
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                kept: T = self._found[key][0]
                return kept
        found = work()
        rows = size(found)
        if rows <= min(_LARGEST, self._most) and self._is_current():
            self._keep(key, found, rows)
        return found

    def _keep(self, key: Hashable, found: Any, rows: int) -> None:
        with self._lock:
            if key in self._found:
                return
            self._found[key] = found, rows
            self._rows += rows
            while self._rows > self._most:
                _, (_, gone) = self._found.popitem(last=False)
                self._rows -= gone
