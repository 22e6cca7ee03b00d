"""The working routes between things of all partnerships, as numbers, ready for algorithms.

Reading is all that happens here; what follows from the network is worked out in reach.py.
From an embedded store it comes as columns and no row is looked at; from any other store as rows of
the files in `facts/`. Both give the same network, and the tests hold the one against the other.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.ids import partnership_of
from graph.stores.embedded import EmbeddedStore
from graph.stores.protocol import Store
from queries.ask import fact, partnerships
from queries.organisations import one_of, with_equals
from queries.recorded import WORKING
from queries.ways import BY_SELF, works

Numbers = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]

_LABELS = ("Agency", "Body", "Post", "Service")
_GROUP = "ClientGroup"
_MORE = {"Agency": ", n.org_id AS more", "Service": ", n.access AS more"}


@dataclass(frozen=True, slots=True)
class Network:
    """Things by number, which of them are services and first doors, and the working routes.

    People can begin, as in queries/ways.py, at any agency, body or post, and at a service to which
    they come by themselves or of whose way in nothing is recorded. Routes of client groups are only
    such beginnings. Agencies with one number in a register are one thing, named by the first.
    """

    things: pa.Array
    services: Marks
    first: Marks
    origins: Numbers
    targets: Numbers

    def named(self, numbers: Numbers) -> list[str]:
        """The identifiers of some things."""
        found: list[str] = self.things.take(pa.array(numbers)).to_pylist()
        return found


def network(store: Store, slugs: Sequence[str] = (), without: Collection[str] = ()) -> Network:
    """The working routes of some partnerships (all if none is named), without things or routes.

    Losing an agency is losing its organisation. What falls with a loss for want of money or of a
    provider is not worked out here.
    """
    if isinstance(store, EmbeddedStore):
        return _by_columns(store, slugs, without)
    return by_rows(store, slugs, without)


def _looked_at(slugs: Sequence[str], without: Iterable[str]) -> set[str]:
    """The partnerships whose agencies may be one; all if it is empty."""
    return {*slugs, *map(partnership_of, without)} if slugs else set()


# ---------------------------------------------------------------- as rows


def by_rows(store: Store, slugs: Sequence[str], without: Collection[str]) -> Network:
    """The network from rows: slow where there are many, and the same in every store."""
    chosen = slugs or [p.slug for p in partnerships(store)]
    looked_at = sorted(_looked_at(slugs, without) or chosen)
    whose = one_of(fact(store, "organisations", looked_at), "agency")
    lost = with_equals(without, whose)

    def one(thing: str) -> str:
        return whose.get(thing, thing)

    steps = fact(store, "steps", chosen)
    groups = {row["term"] for row in fact(store, "groups")}
    access = {row["service"]: row["access"] for row in fact(store, "services", chosen)}
    led_to = {step["target"] for step in steps}
    usable = [step for step in steps if works(step, lost)]
    own = {s["target"] for s in usable if s["origin"] in groups and s["self_referral"] is not False}
    routes = [s for s in usable if s["origin"] not in groups]
    things = sorted({one(e) for s in routes for e in (s["origin"], s["target"])})
    numbers = {thing: number for number, thing in enumerate(things)}

    def is_first(thing: str) -> bool:
        if thing not in access or thing in own or access[thing] in BY_SELF:
            return True
        return access[thing] is None and thing not in led_to

    def ends(key: str) -> Numbers:
        return np.array([numbers[one(s[key])] for s in routes], np.int64)

    return Network(
        pa.array(things, pa.string()),
        np.array([thing in access for thing in things], np.bool_),
        np.array([is_first(thing) for thing in things], np.bool_),
        ends("origin"),
        ends("target"),
    )


# ---------------------------------------------------------------- as columns


@dataclass(frozen=True, slots=True)
class _Table:
    """The things of one label, by their places in the store; their numbers begin at `base`."""

    base: int
    things: pa.Array
    more: pa.Array


def _by_columns(store: EmbeddedStore, slugs: Sequence[str], without: Collection[str]) -> Network:
    tables: dict[str, _Table] = {}
    size = 0
    for label in _LABELS:
        tables[label] = _table(store, label, size)
        size += len(tables[label].things)
    same, whose = _same(tables["Agency"], size, _looked_at(slugs, without))
    asked = _Asked(store, tables, slugs, with_equals(without, whose))
    origins, targets, led_to = asked.routes(size)
    services = np.arange(size) >= tables["Service"].base
    access = tables["Service"].more
    first = np.ones(size, np.bool_)
    first[services] = _marks(pc.is_in(access, pa.array(BY_SELF)))
    first[services] |= _marks(access.is_null()) & ~led_to[services]
    first[asked.own()] = True
    things = pa.concat_arrays([table.things for table in tables.values()])
    return Network(things, services, first, same[origins], same[targets])


def _table(store: EmbeddedStore, label: str, base: int) -> _Table:
    """The identifiers of all things of a label by their places, with what else is needed."""
    found = store.columns(
        f"MATCH (n:{label}) RETURN offset(id(n)) AS place, n.id AS thing{_MORE.get(label, '')}", {}
    )
    places = found["place"].to_numpy()
    rows = np.full(int(places.max(initial=-1)) + 1, -1)
    rows[places] = np.arange(len(places))
    columns = [found[key].combine_chunks() for key in found.column_names[1:]]
    if not np.array_equal(rows, np.arange(len(places))):
        columns = [column.take(pa.array(rows, mask=rows < 0)) for column in columns]
    return _Table(base, columns[0], columns[-1])


def _same(
    agencies: _Table, size: int, looked_at: Collection[str]
) -> tuple[Numbers, Mapping[str, str]]:
    """By number: the number of what it is one with; and the same by the identifiers of agencies."""
    known = np.flatnonzero(_marks(agencies.more.is_valid()))
    at = pa.array(known)
    ids = agencies.things.take(at).to_pylist()
    given = zip(ids, agencies.more.take(at).to_pylist(), strict=True)
    whose = one_of(
        [
            {"agency": agency, "org_id": number}
            for agency, number in given
            if not looked_at or partnership_of(agency) in looked_at
        ],
        "agency",
    )
    numbers = dict(zip(ids, (known + agencies.base).tolist(), strict=True))
    same = np.arange(size)
    same[[numbers[agency] for agency in whose]] = [numbers[first] for first in whose.values()]
    return same, whose


def _marks(array: pa.Array) -> Marks:
    found: Marks = array.fill_null(False).to_numpy(zero_copy_only=False)
    return found


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the store is asked about routes, and the numbers of their ends."""

    store: EmbeddedStore
    tables: Mapping[str, _Table]
    slugs: Sequence[str]
    lost: frozenset[str]

    def routes(self, size: int) -> tuple[Numbers, Numbers, Marks]:
        """Where each working route begins and ends, and to what a route at all leads."""
        led_to = np.zeros(size, np.bool_)
        none = np.zeros(0, np.int64)
        origins, targets = [none], [none]
        for start, end in self._joined():
            begin, finish, working = self._ends(start, end)
            led_to[finish] = True
            origins.append(begin[working])
            targets.append(finish[working])
        led_to[self._ends(_GROUP, "Service")[1]] = True
        return np.concatenate(origins), np.concatenate(targets), led_to

    def _joined(self) -> list[tuple[str, str]]:
        """The labels between which routes are to be read: of those that lead to no service, few."""
        others = [label for label in _LABELS if label != "Service"]
        found = self.store.read(
            f"MATCH (a:{'|'.join(_LABELS)})-[:REFERRAL]->(b:{'|'.join(others)}) "
            "RETURN DISTINCT label(a) AS origin, label(b) AS target ORDER BY origin, target",
            {},
        )
        return [
            *((label, "Service") for label in _LABELS),
            *((row["origin"], row["target"]) for row in found),
        ]

    def own(self) -> Numbers:
        """The services that people of some group come to by themselves, by a route of the group."""
        own = " AND (r.self_referral IS NULL OR r.self_referral)"
        _, finish, working = self._ends(_GROUP, "Service", own)
        return finish[working]

    def _ends(self, start: str, end: str, only: str = "") -> tuple[Numbers, Numbers, Marks]:
        given: dict[str, list[str]] = {"working": list(WORKING)}
        where, kept = "", ""
        if self.slugs:
            where, given["slugs"] = " WHERE r.partnership IN $slugs", list(self.slugs)
        if self.lost:
            kept, given["lost"] = " AND NOT (a.id IN $lost OR r.id IN $lost OR b.id IN $lost)", []
            given["lost"] = sorted(self.lost)
        found = self.store.columns(
            f"MATCH (a:{start})-[r:REFERRAL]->(b:{end}){where} RETURN offset(id(a)) AS origin, "
            f"offset(id(b)) AS target, r.status IN $working{kept}{only} AS works",
            given,
        )
        base = self.tables[start].base if start in self.tables else 0
        return (
            found["origin"].to_numpy() + base,
            found["target"].to_numpy() + self.tables[end].base,
            _marks(found["works"].combine_chunks()),
        )
