"""Whose needs are whose: those of perpetrators are kept apart from those of everybody else.

A programme for perpetrators is no help for victims, and what victims need is nothing that
perpetrators go without. To show one beside the other would mislead, and could endanger. So which
needs belong to whom is concluded from what services of all loaded partnerships are for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from queries.fits import BEHAVIOUR, PERPETRATORS, widening
from queries.recorded import STRENGTHS, UNSPECIFIED
from queries.rows import Row

_MADE_FOR = ("led by and for", "specialist", "adapted")
"""The strengths of a service that is made for a group, or made to fit it."""


def perpetrator_groups(groups: Mapping[str, Row]) -> frozenset[str]:
    """The shared group of perpetrators and every narrower one."""
    return frozenset(g for g, wider in widening(groups).items() if PERPETRATORS in wider)


def programmes(reaches: Iterable[Row], perpetrators: frozenset[str]) -> frozenset[str]:
    """The services for perpetrators: those made for them, and those that are for nobody else."""
    reached: dict[str, list[Row]] = {}
    for reach in reaches:
        if reach["strength"] in STRENGTHS:
            reached.setdefault(reach["service"], []).append(reach)
    found = set()
    for service, rows in reached.items():
        theirs = [r for r in rows if r["term"] in perpetrators]
        made_for = any(r["strength"] in _MADE_FOR for r in theirs)
        if made_for or (theirs and len(theirs) == len(rows)):
            found.add(service)
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Sides:
    """Which groups are perpetrators, which needs they are looked at for, which are theirs alone."""

    groups: frozenset[str]
    needs: frozenset[str]
    own: frozenset[str]

    def fits(self, group: str, need: str) -> bool:
        """Whether it makes sense to ask for help with a need for a group."""
        if need == UNSPECIFIED:
            return True
        return need in self.needs if group in self.groups else need not in self.own

    def pairs(self, mentions: Iterable[Row]) -> list[tuple[str, str, Row]]:
        """Each group with each need that a plan names it with, and the mention.

        A record that names perpetrators and others does not say whose each of its needs is.
        """
        rows = list(mentions)
        named: dict[str, set[bool]] = {}
        for row in rows:
            named.setdefault(row["record"], set()).add(row["term"] in self.groups)
        return [
            (row["term"], need, row)
            for row in rows
            for need in row["needs"]
            if len(named[row["record"]]) == 1 or self.fits(row["term"], need)
        ]


def sides(
    groups: Mapping[str, Row],
    needs: Mapping[str, Row],
    met: Sequence[Row],
    mentions: Sequence[Row],
) -> Sides:
    """Whose needs are whose, from the needs that services meet and the groups that plans name.

    Perpetrators' own are changing abusive behaviour, and what services made for them meet and no
    other service meets. Perpetrators are looked at for these and for every need that a service or
    a plan connects with them.
    """
    perpetrators, wider = perpetrator_groups(groups), widening(needs)
    theirs = programmes(met, perpetrators)
    by_programmes, by_others, connected = {BEHAVIOUR}, set[str](), {BEHAVIOUR}
    for row in met:
        if row["strength"] in STRENGTHS:
            found = {w for need in row["only_needs"] or row["needs"] for w in wider[need]}
            (by_programmes if row["service"] in theirs else by_others).update(found)
            if row["term"] in perpetrators:
                connected |= found
    by_others.discard(BEHAVIOUR)
    first = by_programmes - by_others
    own = frozenset(n for n in needs if wider[n] & first and n not in by_others)
    # As long as nothing fits anybody, only records that name one side alone give pairs.
    named = Sides(perpetrators, frozenset(), frozenset(needs)).pairs(mentions)
    connected |= {need for group, need, _ in named if group in perpetrators}
    return Sides(perpetrators, frozenset(connected) | own, own)
