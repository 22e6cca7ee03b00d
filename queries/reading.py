"""What one asking reads of a store: rows, and what follows from them whatever is asked.

A store that keeps things (the embedded one) keeps these for as long as it holds the release, so
that a partnership's facts are read once, however many questions are asked about it. Nobody may
change what is given here. Answers are never kept.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from graph.stores.embedded import EmbeddedStore
from graph.stores.held import Held
from graph.stores.protocol import Store
from queries.asked import Partnership, Row
from queries.catalogue import Question, fact_files
from queries.nation import Nation, Types, nation, types_met
from queries.recorded import Facts, read_facts


class Reading:
    """A store as one asking reads it: nothing twice, and nothing at all that is kept."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._held = store.held() if isinstance(store, EmbeddedStore) else Held(store.release())

    @property
    def release(self) -> str | None:
        """The name of the release that is read, as long as no other is loaded."""
        return self._held.release

    def rows(self, question: Question, dials: Mapping[str, Any]) -> Sequence[Row]:
        """The rows of a query with the dials that it uses, in the order of its answer."""
        used = {name: value for name, value in dials.items() if f"${name}" in question.cypher}
        key = (question.cypher, tuple((name, _whole(value)) for name, value in used.items()))
        return self._held.of(key, lambda: self._read(question, used), len)

    def _read(self, question: Question, used: Mapping[str, Any]) -> list[Row]:
        rows = self._store.read(question.cypher, used)
        if question.answer is None and "UNION" in question.cypher:
            # The order of a union is that of its last part alone.
            rows.sort(key=lambda row: str(row[question.returns[0]]))
        return rows

    def fact(
        self, name: str, slugs: Sequence[str] = (), groups: Sequence[str] = ()
    ) -> Sequence[Row]:
        """The rows of a file in `facts/`, of some partnerships or groups where it asks for them."""
        file, chosen = fact_files()[name], {"partnerships": slugs, "groups": groups}
        given = {p.name: list(chosen[p.name]) for p in file.parameters}
        key = (file.cypher, *(tuple(ids) for ids in given.values()))
        return self._held.of(key, lambda: self._store.read(file.cypher, given), len)

    def facts(self, names: Sequence[str], slugs: Sequence[str]) -> Mapping[str, Sequence[Row]]:
        """The rows of several files, each read when it is looked at."""
        return _Facts(self, names, slugs)

    @property
    def partnerships(self) -> Mapping[str, Partnership]:
        """Every partnership in the store, in the order of their slugs."""
        return self._held.of("partnerships", self._partnerships, len)

    def _partnerships(self) -> dict[str, Partnership]:
        newest = _newest(self.fact("sources"))
        return {
            row["partnership"]: Partnership(
                slug=row["partnership"],
                name=row["name"],
                area=row["area"],
                area_name=row["area_name"],
                newest=newest.get(row["partnership"], datetime.date.max),
                historical=bool(row["historical"]),
                fictional=bool(row["fictional"]),
            )
            for row in self.fact("partnerships")
        }

    @property
    def titles(self) -> Mapping[str, str]:
        """The title of each source."""
        return self._held.of(
            "titles", lambda: {row["source"]: row["title"] for row in self.fact("sources")}, len
        )

    def recorded(self, chosen: Sequence[Partnership]) -> Facts:
        """The facts that say who helps whom among some partnerships, with nothing lost."""
        slugs, homes = [p.slug for p in chosen], {p.slug: p.area for p in chosen}
        rows = self.facts(_OWN, slugs)
        return self._held.of(
            ("recorded", *slugs), lambda: _among(self._terms, rows, homes), lambda _: _size(rows)
        )

    @property
    def _terms(self) -> Facts:
        """The areas, groups and needs that all partnerships have in common."""
        rows = {**self.facts(_SHARED, ()), **dict.fromkeys(_OWN, ())}
        return self._held.of("terms", lambda: read_facts(rows, {}, frozenset()), lambda _: 0)

    @property
    def nation(self) -> Nation:
        """What is named and met anywhere."""
        return self._held.of("nation", lambda: nation(self.fact), lambda _: 0)

    @property
    def types_met(self) -> Types:
        """Of which types the services are that meet each need anywhere."""
        rows = self.fact
        return self._held.of("types met", lambda: types_met(rows("met_types")), lambda _: 0)


_SHARED = ("areas", "groups", "needs")
_OWN = ("services", "reaches", "awards", "provisions", "dependences", "referrals")


class _Facts(Mapping[str, Sequence[Row]]):
    """The rows of files in `facts/`, each read when it is looked at."""

    def __init__(self, reading: Reading, names: Sequence[str], slugs: Sequence[str]) -> None:
        self._reading, self._names, self._slugs = reading, names, slugs

    def __getitem__(self, name: str) -> Sequence[Row]:
        if name not in self._names:
            raise KeyError(name)
        return self._reading.fact(name, self._slugs)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _among(terms: Facts, rows: Mapping[str, Sequence[Row]], homes: Mapping[str, str]) -> Facts:
    own = read_facts({**rows, **dict.fromkeys(_SHARED, ())}, homes, frozenset())
    return replace(
        own,
        within=terms.within,
        area_names=terms.area_names,
        groups=terms.groups,
        needs=terms.needs,
    )


def _size(rows: Mapping[str, Sequence[Row]]) -> int:
    return sum(len(found) for found in rows.values())


def _newest(sources: Iterable[Row]) -> dict[str, datetime.date]:
    """By partnership: the day of the newest source that it has records from."""
    found: dict[str, datetime.date] = {}
    for source in sources:
        # What a document only cites does not make the partnership's knowledge newer.
        if source["records"] and source["dated"] is not None:
            slug = source["partnership"]
            found[slug] = max(source["dated"], found.get(slug, source["dated"]))
    return found


def _whole(value: Any) -> Any:
    """A dial's value so that it can be a part of a key."""
    return tuple(value) if isinstance(value, list) else value
