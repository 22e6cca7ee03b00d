"""What is told of a place to readers without a server: its services, its lines, and for how long.

Help and programmes for those who abuse are two listings and never stand together (SAFETY, rule 7).
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from graph.errors import FingerpostError
from graph.exports.openreferral import WITHHELD_AFTER
from queries.directory.directory import Directory, Entry, HelplineEntry, Pathway, Place, Wish

_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Listed:
    """A service, what may be in its way for anybody, and how somebody gets to it."""

    entry: Entry
    reasons: tuple[str, ...]
    pathway: Pathway


@dataclass(frozen=True, slots=True)
class Listing:
    """The services of a place by name, with the national lines for those who read of them.

    `changing` says that they are for people who want to change how they behave. `until` is the last
    day on which all of it may still be told.
    """

    place: Place
    changing: bool
    listed: tuple[Listed, ...]
    helplines: tuple[HelplineEntry, ...]
    on: datetime.date
    until: datetime.date


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a place: help, and programmes for those who abuse, apart from it."""

    help: Listing
    change: Listing

    @property
    def place(self) -> Place:
        """The place that both are of."""
        return self.help.place


def chosen_places(known: Directory, slugs: Iterable[str]) -> tuple[Place, ...]:
    """The places of some slugs (all if none is named), by name.

    Raises FingerpostError where there is no such place.
    """
    named = set(slugs)
    unknown = sorted(named - {p.slug for p in known.places})
    if unknown:
        there = ", ".join(p.slug for p in known.places) or "none"
        raise FingerpostError(
            f"The public release has no partnership {', '.join(unknown)}. It has: {there}."
        )
    return tuple(p for p in known.places if not named or p.slug in named)


def listings(known: Directory, places: Sequence[Place], on: datetime.date) -> Iterator[Told]:
    """What is told of each of some places on a day."""
    for place in places:
        help_, change = (_listed(known, place, on, changing) for changing in (False, True))
        until = last_day(known, [one.entry for one in (*help_, *change)], on)
        yield Told(
            Listing(place, False, help_, known.helplines(_wish(place, False)), on, until),
            Listing(place, True, change, known.helplines(_wish(place, True)), on, until),
        )


def _wish(place: Place, changing: bool) -> Wish:
    return Wish(partnerships=(place.slug,), asking="behaviour" if changing else "")


def _listed(
    known: Directory, place: Place, on: datetime.date, changing: bool
) -> tuple[Listed, ...]:
    wish = _wish(place, changing)
    found = known.search(wish, None, on)
    matches = sorted(
        (*found.whole, *found.partly, *found.anybody),
        key=lambda m: (m.entry.name.casefold(), m.entry.id),
    )
    return tuple(
        Listed(m.entry, m.reasons, known.how_to_get_there(m.entry, wish, None, on)) for m in matches
    )


def last_day(known: Directory, entries: Iterable[Entry], on: datetime.date) -> datetime.date:
    """The last day on which all that these entries say may still be told.

    It is the day before the first on which one of them would lose a contact or a place because
    nobody has checked it for 180 days, or would not be shown at all because the service has ended;
    and never more than 179 days after `on`, the day on which it was all written.
    """
    last = on + (WITHHELD_AFTER - 1) * _DAY
    # Whatever was checked longest ago most often says it for all: then one look each is enough.
    for entry in sorted(entries, key=lambda e: (e.checked or on, e.id)):
        if entry.historical or _holds(known, entry, last):
            continue
        # What is withheld stays so: the first day on which it no longer holds is found by halving.
        low, high = on, last
        while (high - low).days > 1:
            middle = low + (high - low) // 2
            low, high = (middle, high) if _holds(known, entry, middle) else (low, middle)
        last = low
    return last


def _holds(known: Directory, entry: Entry, day: datetime.date) -> bool:
    """Whether an entry still tells on a later day all that it tells now."""
    later = known.entry(entry.id, None, day)
    if later is None:
        return False
    is_withheld = later.freshness == "withheld" and entry.freshness != "withheld"
    return not is_withheld and (later.contacts, later.venues) == (entry.contacts, entry.venues)
