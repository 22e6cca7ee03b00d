"""What a very large map begins with: one card for many things, which opens on its members.

Services are put together by type, agencies by sector, client groups by the wider group, gaps by
kind; funds, posts and boards by kind alone. The tables beside the map still list everything.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from visualise.map.chart import Chart, Thing
from visualise.map.links import Rows

MOST = 2_000
"""A map of more things than these begins with bundles."""
_ALL = {
    "fund": "Funds",
    "post": "Posts",
    "body": "Boards and forums",
    "agency": "Agencies, sector not recorded",
    "service": "Services, type not recorded",
    "client-group": "Groups without a wider group",
    "gap": "Gaps, kind not recorded",
}


@dataclass(frozen=True, slots=True)
class Bundle:
    """Many things of one kind as one card; `holds` as that of its members."""

    id: str
    name: str
    kind: str
    holds: bool
    members: tuple[str, ...]


def bundles(said: Chart, rows: Rows) -> tuple[Bundle, ...]:
    """The bundles of a map that has too many things to show each; none where it has few."""
    if len(said.things) <= MOST:
        return ()
    names = {row["term"]: str(row["name"]) for n in ("service_types", "groups") for row in rows[n]}
    members: dict[tuple[str, bool, str], list[str]] = defaultdict(list)
    for thing in said.things:
        members[thing.kind, thing.holds, thing.sort].append(thing.id)
    return tuple(
        Bundle(_id(kind, holds, sort), _name(kind, sort, names), kind, holds, tuple(found))
        for (kind, holds, sort), found in sorted(members.items())
    )


def _id(kind: str, holds: bool, sort: str) -> str:
    return f"bundle/{kind}/{'holding' if holds else 'doing'}/{sort}"


def _name(kind: str, sort: str, names: Mapping[str, str]) -> str:
    if not sort:
        return _ALL[kind]
    word = names.get(sort, sort)
    return word[:1].upper() + word[1:]


def thing_of(bundle: Bundle) -> Thing:
    """A bundle as a thing that can stand in a column; its card says how many it holds."""
    sign = f"{len(bundle.members)} of them: open to see each"
    return Thing(
        bundle.id, bundle.name, bundle.kind, "", sign, (), False, False, holds=bundle.holds
    )
