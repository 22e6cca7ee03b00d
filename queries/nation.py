"""What an answer about one partnership takes from all that is loaded: who names and meets what.

Whose needs are whose, which groups anybody names, and of which types the services are that meet a
need. It is the same for every partnership of a release, so it is worked out once. Of the services
and plans of a whole country only those that speak of perpetrators are looked at one by one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from queries.rows import Row
from queries.sides import Sides, perpetrator_groups, sides

Fact = Callable[..., Sequence[Row]]
"""Reads a file in `facts/` by its name, with the groups that it is asked for."""


@dataclass(frozen=True, slots=True)
class Nation:
    """Whose needs are whose, and the groups that anybody names in plans, gaps or services."""

    sides: Sides
    named: frozenset[str]


def nation(fact: Fact) -> Nation:
    """What is named and met anywhere."""
    groups = {row["term"]: row for row in fact("groups")}
    theirs = sorted(perpetrator_groups(groups))
    met = [*fact("met_needs", groups=theirs), *map(_met, fact("met_by_others", groups=theirs))]
    return Nation(
        sides=sides(
            groups,
            {row["term"]: row for row in fact("needs")},
            met,
            fact("mentioned", groups=theirs),
        ),
        named=frozenset(row["term"] for row in fact("named_groups")),
    )


def _met(row: Row) -> Row:
    """A row of a need that services meet that are for others, as one of what a service meets."""
    needs = [] if row["need"] is None else [row["need"]]
    return {**row, "service": None, "term": None, "needs": needs}


Types = Mapping[str, frozenset[frozenset[str]]]
"""By need: the types of each service that meets it."""


def types_met(rows: Iterable[Row]) -> Types:
    """Of which types the services are that meet each need, from the rows of `facts/met_types`."""
    found: dict[str, set[frozenset[str]]] = {}
    for row in rows:
        types = frozenset(row["types"])
        for need in row["needs"]:
            found.setdefault(need, set()).add(types)
    return {need: frozenset(kinds) for need, kinds in found.items()}
