"""The records of a feed as they are served: written once as JSON, and found by indexes.

Nothing but public records is known here, so what is left out of the public release can influence
neither a list nor its order nor a count.
"""

import hashlib
import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from api.open.postcodes import Place, Postcodes, district, metres, normal
from graph.exports.openreferral import ENDPOINTS, Feed
from graph.ids import id_of, partnership_of
from ontology.namespaces import SHARED

Json = dict[str, Any]

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
"""Days of the week as schedules name them (RFC 5545)."""


@dataclass(frozen=True, slots=True)
class Hours:
    """One opening: on which days, from when until when; times as HH:MM, empty if not given."""

    days: frozenset[str]
    opens: str
    closes: str


@dataclass(frozen=True, slots=True)
class Facets:
    """What a record can be found by."""

    words: str = ""
    terms: frozenset[str] = frozenset()
    taxonomies: frozenset[str] = frozenset()
    organization: str = ""
    minimum_age: float | None = None
    maximum_age: float | None = None
    hours: tuple[Hours, ...] = ()
    areas: frozenset[str] = frozenset()
    modified: datetime | None = None
    place: Place | None = None
    parents: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Entry:
    """One record: in full, with its one-to-one fields alone, and what it is found by."""

    id: str
    full: bytes
    brief: bytes
    minimal: bytes
    facets: Facets
    slug: str
    """The partnership that it is of."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked of a list. Several values of one filter are alternatives; filters all hold."""

    search: tuple[str, ...] = ()
    taxonomy_term_id: frozenset[str] = frozenset()
    taxonomy_id: frozenset[str] = frozenset()
    organization_id: frozenset[str] = frozenset()
    minimum_age: float | None = None
    maximum_age: float | None = None
    days: frozenset[str] = frozenset()
    start_time: str = ""
    end_time: str = ""
    modified_after: datetime | None = None
    top_only: bool = False
    parent_id: frozenset[str] = frozenset()
    areas: frozenset[str] | None = None
    """The names or codes of the areas that a postcode lies in, None where none was given."""
    near: Place | None = None
    within: float = 0
    nowhere: bool = False
    """Near a postcode of which nobody knows where it is: nothing is chosen."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The records of one endpoint, in order of their ids, with indexes."""

    entries: tuple[Entry, ...]
    by_id: Mapping[str, Entry]
    by_term: Mapping[str, frozenset[int]]
    by_taxonomy: Mapping[str, frozenset[int]]
    by_organization: Mapping[str, frozenset[int]]

    def chosen(self, choice: Choice) -> Sequence[Entry]:
        """The records that a choice leaves: in order of ids, or the nearest first."""
        if choice.nowhere:
            return ()
        numbers = self._indexed(choice)
        entries: Iterable[Entry] = (
            self.entries if numbers is None else (self.entries[n] for n in sorted(numbers))
        )
        tests = _tests(choice)
        left = [e for e in entries if all(test(e.facets) for test in tests)] if tests else entries
        if choice.near is None:
            return left if isinstance(left, Sequence) else tuple(left)
        return _nearest(left, choice.near, choice.within)

    def _indexed(self, choice: Choice) -> set[int] | None:
        """The places in the list that the indexed filters leave, None where there is no filter."""
        left: set[int] | None = None
        for asked, index in (
            (choice.taxonomy_term_id, self.by_term),
            (choice.taxonomy_id, self.by_taxonomy),
            (choice.organization_id, self.by_organization),
        ):
            if asked:
                found = {n for one in asked for n in index.get(one, ())}
                left = found if left is None else left & found
        return left


@dataclass(frozen=True)
class Collection:
    """A feed: its root, and its listings by endpoint."""

    root: bytes
    listings: Mapping[str, Listing]
    located: Mapping[str, Sequence[Place]] = field(default_factory=dict)
    """Where the public locations of a postcode are, and of an outward code."""

    def position(self, postcode: str, known: Postcodes) -> Place | None:
        """Where a postcode is: as the file says, as its own locations say, or as its district's.

        None where nothing public says so.
        """
        given = known.places.get(normal(postcode))
        if given:
            return given
        own = self.located.get(normal(postcode)) or self.located.get(district(postcode))
        if not own:
            return None
        count = len(own)
        return Place(sum(p.latitude for p in own) / count, sum(p.longitude for p in own) / count)

    @cached_property
    def digest(self) -> str:
        """The hash of all records: the same feed has the same on another day or release."""
        found = hashlib.sha256(self.root)
        for endpoint, listing in sorted(self.listings.items()):
            found.update(f"\n{endpoint}\n".encode())
            found.update(b"\n".join(entry.full for entry in listing.entries))
        return found.hexdigest()


# ---------------------------------------------------------------- choosing


def _tests(choice: Choice) -> list[Callable[[Facets], bool]]:
    """What a record must pass besides the indexes."""
    tests: list[Callable[[Facets], bool]] = []
    if choice.search:
        queries = [[f" {word}" for word in folded(text).split()] for text in choice.search]
        tests.append(lambda f: any(all(w in f.words for w in words) for words in queries))
    if (youngest := choice.minimum_age) is not None:
        tests.append(lambda f: f.minimum_age is not None and f.minimum_age >= youngest)
    if (oldest := choice.maximum_age) is not None:
        tests.append(lambda f: f.maximum_age is not None and f.maximum_age <= oldest)
    if choice.days or choice.start_time or choice.end_time:
        tests.append(lambda f: any(_is_open(hours, choice) for hours in f.hours))
    if (since := choice.modified_after) is not None:
        # Where no change is dated, it may have changed since: a harvest must not miss it.
        tests.append(lambda f: f.modified is None or f.modified >= since)
    if choice.top_only:
        tests.append(lambda f: not f.parents)
    if choice.parent_id:
        tests.append(lambda f: bool(f.parents & choice.parent_id))
    if (areas := choice.areas) is not None:
        tests.append(lambda f: not f.areas or bool(f.areas & areas))
    return tests


def _is_open(hours: Hours, choice: Choice) -> bool:
    return (
        (not choice.days or bool(hours.days & choice.days))
        and (not choice.start_time or (hours.opens != "" and hours.opens >= choice.start_time))
        and (not choice.end_time or (hours.closes != "" and hours.closes <= choice.end_time))
    )


def _nearest(entries: Iterable[Entry], near: Place, within: float) -> Sequence[Entry]:
    found = [
        (distance, entry.id, entry)
        for entry in entries
        if entry.facets.place and (distance := metres(near, entry.facets.place)) <= within
    ]
    return [entry for _, _, entry in sorted(found, key=lambda one: one[:2])]


def folded(text: str) -> str:
    """A text as words without accents and case, each with a blank before it.

    >>> folded("Café Møller, IDVA's")
    ' cafe møller idva s'
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else " " for c in plain).split()
    return "".join(f" {word}" for word in words)


# ---------------------------------------------------------------- reading a feed


def collected(feed: Feed, roots: Sequence[Json]) -> Collection:
    """All records of a feed, which may be of one partnership or of all.

    `roots` are what the root of each partnership's feed says.
    """
    found = {endpoint: feed.records(endpoint) for endpoint in ENDPOINTS}
    services = {str(r["id"]): r for r in found["services"]}
    full = {
        **found,
        "organizations": _with_services(found["organizations"], found["services"]),
        "service_at_locations": [_in_full(r, services) for r in found["service_at_locations"]],
    }
    facets = {one: facets_of(record) for one, record in services.items()}
    listings = {
        endpoint: _listing(tuple(_entry(endpoint, record, facets) for record in records))
        for endpoint, records in full.items()
    }
    return Collection(written(_root(roots)), listings, _located(found["service_at_locations"]))


def part_of(whole: Collection, root: Json, slug: str) -> Collection:
    """What of a feed over all partnerships is of one, with the terms that all share.

    `root` is what the root of that partnership's feed says.
    """
    owners = (slug, SHARED)
    listings = {
        endpoint: _listing(tuple(e for e in listing.entries if e.slug in owners))
        for endpoint, listing in whole.listings.items()
    }
    taxonomies = [json.loads(entry.full) for entry in whole.listings["taxonomies"].entries]
    for one in taxonomies:
        one["taxonomy_terms"] = [t for t in one["taxonomy_terms"] if _slug(t) in owners]
    listings["taxonomies"] = _listing(tuple(_entry("taxonomies", r, {}) for r in taxonomies))
    # A position is the same whoever asks, so the whole feed's positions serve each part.
    return Collection(written(root), listings, whole.located)


def _slug(record: Json) -> str:
    """The partnership that a record is of, as its IRI says; shared where it has none of ours."""
    iri = record.get("term_uri") or record.get("fingerpost", {}).get("iri") or ""
    return partnership_of(id_of(str(iri))) if iri else SHARED


def _in_full(at: Json, services: Mapping[str, Json]) -> Json:
    """A service at a location with all that its service says, but for its locations."""
    service = services.get(str(at["service_id"]), at.get("service", {}))
    return {**at, "service": {k: v for k, v in service.items() if k != "service_at_locations"}}


def _with_services(organizations: Sequence[Json], services: Sequence[Json]) -> list[Json]:
    """Organisations with the services that they provide, as the standard's full form has them."""
    provided: dict[str, list[Json]] = {}
    for service in services:
        own = {k: v for k, v in service.items() if k != "organization"}
        provided.setdefault(str(service.get("organization_id", "")), []).append(own)
    return [
        {**one, "services": provided[one["id"]]} if one["id"] in provided else one
        for one in organizations
    ]


def _root(roots: Sequence[Json]) -> Json:
    if len(roots) == 1:
        return roots[0]
    standard = {k: v for k, v in (roots[0] if roots else {}).items() if k != "fingerpost"}
    return {**standard, "fingerpost": {"partnerships": [r["fingerpost"] for r in roots]}}


def _listing(entries: tuple[Entry, ...]) -> Listing:
    return Listing(
        entries,
        {entry.id: entry for entry in entries},
        _index(entries, lambda f: f.terms),
        _index(entries, lambda f: f.taxonomies),
        _index(entries, lambda f: {f.organization} if f.organization else ()),
    )


def _index(
    entries: Sequence[Entry], of: Callable[[Facets], Iterable[str]]
) -> Mapping[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, entry in enumerate(entries):
        for one in of(entry.facets):
            found.setdefault(one, set()).add(number)
    return {one: frozenset(numbers) for one, numbers in found.items()}


_NESTED = ("organization", "service", "location", "fingerpost")


def _entry(endpoint: str, record: Json, services: Mapping[str, Facets]) -> Entry:
    slug = _slug(record)
    if endpoint == "service_at_locations":
        slug = _slug(record["service"])
        facets = _located_facets(record, services[str(record["service_id"])])
    else:
        facets = facets_of(record)
    minimal = {"id": record["id"]}
    if "last_modified" in record:
        minimal["modified_date"] = record["last_modified"]
    return Entry(
        str(record["id"]),
        written(record),
        written(brief(record)),
        written(minimal),
        facets,
        slug,
    )


def brief(record: Json) -> Json:
    """A record with its one-to-one fields alone, as lists have it."""
    left = {key: value for key, value in record.items() if not isinstance(value, list)}
    return {
        key: brief(value) if key in _NESTED and isinstance(value, dict) else value
        for key, value in left.items()
    }


def written(record: Any) -> bytes:
    """A record as JSON, without blanks."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def facets_of(record: Json) -> Facets:
    """What a service, organisation, taxonomy or term can be found by."""
    attributes = record.get("attributes", ())
    terms = [a["taxonomy_term"] for a in attributes if "taxonomy_term" in a]
    names = [
        *(record.get(key) for key in ("name", "alternate_name", "description")),
        *(term.get("name") for term in terms),
        (record.get("organization") or {}).get("name"),
    ]
    is_term = "taxonomy_id" in record
    return Facets(
        words="".join(folded(text) for text in names if isinstance(text, str)),
        terms=frozenset(str(a["taxonomy_term_id"]) for a in attributes if "taxonomy_term_id" in a),
        taxonomies=frozenset({str(record["taxonomy_id"])})
        if is_term
        else frozenset(str(t["taxonomy_id"]) for t in terms if "taxonomy_id" in t),
        organization=str(record.get("organization_id", "")),
        minimum_age=record.get("minimum_age"),
        maximum_age=record.get("maximum_age"),
        hours=tuple(_hours(s) for s in record.get("schedules", ())),
        areas=frozenset(
            str(area.get("extent") or area.get("name") or "")
            for area in record.get("service_areas", ())
        ),
        modified=moment(record.get("last_modified")),
        parents=frozenset({str(record["parent_id"])} if record.get("parent_id") else ()),
    )


def _hours(schedule: Json) -> Hours:
    days = {day.strip()[-2:].upper() for day in str(schedule.get("byday", "")).split(",")}
    return Hours(
        frozenset(days & set(DAYS)),
        _time(schedule.get("opens_at")),
        _time(schedule.get("closes_at")),
    )


def _time(given: Any) -> str:
    return given[:5] if isinstance(given, str) else ""


def moment(given: Any) -> datetime | None:
    """A date-time of a record, in universal time where it says no zone."""
    if not isinstance(given, str):
        return None
    try:
        found = datetime.fromisoformat(given)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _located_facets(record: Json, own: Facets) -> Facets:
    """What a service at a location is found by: all that its service is, and where it is."""
    location = record.get("location") or {}
    named = "".join(folded(str(location.get(k, ""))) for k in ("name", "description"))
    return replace(own, words=own.words + named, place=_place(location))


def _place(location: Json) -> Place | None:
    if "latitude" not in location or "longitude" not in location:
        return None
    return Place(float(location["latitude"]), float(location["longitude"]))


def _postcodes(location: Json) -> Iterable[str]:
    # An address that is not whole is no address of the standard; its postcode stands beside it.
    ours = location.get("fingerpost", {}).get("postcode")
    given = [a.get("postal_code") for a in location.get("addresses", ())]
    yield from {normal(str(postcode)) for postcode in (*given, ours) if postcode}


def _located(records: Sequence[Json]) -> Mapping[str, Sequence[Place]]:
    """The positions of public locations by postcode and by outward code."""
    by: dict[str, dict[str, Place]] = {}
    for record in records:
        location = record.get("location") or {}
        place = _place(location)
        if place:
            for postcode in _postcodes(location):
                for key in (postcode, district(postcode)):
                    # A location counts once, however many services are at it.
                    by.setdefault(key, {})[str(location.get("id"))] = place
    return {key: tuple(places[i] for i in sorted(places)) for key, places in by.items()}
