"""The rows behind maps, kept while the same release is served, so that a click is answered at once.

A map asks again and again about one partnership: what falls with this, and with that. Reading is
most of the work, and the same release always gives the same rows.
"""

import datetime
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Request

from graph.errors import StoreError
from graph.stores.protocol import Store
from queries.ask import fact
from queries.asked import Partnership
from queries.losing import FACTS as LOSING
from queries.losing import Losing
from visualise.map.chart import FACTS

Rows = Mapping[str, list[dict[str, Any]]]
_KEPT = 16
"""How many partnerships, and days of them, are kept: those asked about last."""
_TRIES = 3


class MapFacts:
    """The rows of the partnerships that were asked about last. Threads may share it."""

    def __init__(self) -> None:
        """Nothing is kept yet."""
        self._kept: OrderedDict[tuple[object, ...], Any] = OrderedDict()
        self._lock = threading.Lock()

    def rows(self, store: Store, slug: str) -> Rows:
        """The rows that a partnership's map is drawn from, all of one release."""
        for _ in range(_TRIES):
            release = store.release()
            found: Rows | None = self._get((release, slug))
            if found is not None:
                return found
            found = read_map(store, slug)
            if store.release() == release:
                self._put((release, slug), found)
                return found
        raise StoreError("The store is being loaded again and again. Ask once more in a while.")

    def losing(self, store: Store, partnership: Partnership, day: datetime.date) -> Losing:
        """What falls with what in a partnership on a day."""
        rows = self.rows(store, partnership.slug)
        # The rows are of one release, and nothing else is the same object.
        found: tuple[Rows, Losing] | None = self._get((partnership.slug, day))
        if found is None or found[0] is not rows:
            found = (rows, Losing(rows, {partnership.slug: partnership.area}, day))
            self._put((partnership.slug, day), found)
        return found[1]

    def _get(self, key: tuple[object, ...]) -> Any:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _put(self, key: tuple[object, ...], found: object) -> None:
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)


def read_map(store: Store, slug: str) -> Rows:
    """The rows of a map, and of what falls with its things."""
    return {name: fact(store, name, [slug]) for name in sorted({*FACTS, *LOSING})}


def get_map_facts(request: Request) -> MapFacts:
    """What is kept for the maps of the application that a request came to."""
    found = getattr(request.app.state, "map_facts", None)
    if not isinstance(found, MapFacts):
        found = request.app.state.map_facts = MapFacts()
    return found


MapFactsDep = Annotated[MapFacts, Depends(get_map_facts)]
