"""Contacts that may not be shown on a day: checked too long ago, or never (SAFETY, rule 4).

The release holds what was recorded; how old it is depends on the day it is served. So the linked
data and the dumps leave out the same contacts as the feed does.
"""

import datetime

import pyoxigraph as ox

from api.published import Snapshot

_AGING = ("Contact", "Venue")


def withheld(snapshot: Snapshot, day: datetime.date) -> frozenset[ox.Quad]:
    """The statements that are not served on a day: contacts and addresses that are too old."""
    return snapshot.once("withheld", lambda: _withheld(snapshot, day), day)


def _withheld(snapshot: Snapshot, day: datetime.date) -> frozenset[ox.Quad]:
    feed = snapshot.feed(day)
    telling = {
        label: {str(p.iri) for p in snapshot.schema.classes[label].properties if p.holds}
        for label in _AGING
    }
    return frozenset(
        quad
        for label in _AGING
        for node in feed.nodes(label)
        if not feed.is_fresh(node)
        for quad in snapshot.by_subject.get(node.id, ())
        if quad.predicate.value in telling[label]
    )
