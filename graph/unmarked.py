"""What tells of safe accommodation and nobody has marked: refused in building (SAFETY, rule 1).

A value is never repeated: what is refused may be a refuge's address.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property

from graph.errors import Problem
from graph.hidden import Small, plain
from graph.ids import id_of, local_of
from graph.safety import Told, is_safe, is_small, safe_among
from graph.statements import Said
from ontology.namespaces import FP, ID, SHARED
from ontology.schema import Property, shared

_STAFF = f"{ID}{SHARED}/visibility/staff"
Records = Mapping[str, Said]


def safety_problems(records: Records) -> list[Problem]:
    """Places and small areas of safe accommodation that nobody has marked (SAFETY, rule 1).

    An editor marks them by the visibility: staff keeps them out of everything public, public says
    that the provider wants them known.
    """
    told = _told(records)
    broader = _broader(records)
    safe = safe_among(told, broader)
    homes = frozenset(one.first("area") for one in _of(records, "Partnership"))
    problems = []
    for one in _of(records, "Venue", "Service"):
        if one.first("visibility"):
            continue
        if one.klass.name == "Venue" and not safe.isdisjoint(one.all("services")):
            places = [p for p in one.klass.columns if p.holds_address and p.key in one.row.cells]
            problems += [_unmarked(one, p, "place") for p in places]
        elif one.id in safe and _is_small_somewhere(records, homes, one):
            problems.append(_unmarked(one, one.klass.property("area"), "small area"))
    reported = {(p.file, p.row, p.column) for p in problems}
    beside = _beside_problems(_Secrets(records, safe))
    problems += [p for p in beside if (p.file, p.row, p.column) not in reported]
    return problems + _safe_by_secret(records, told, broader, safe)


def _of(records: Records, *names: str) -> Iterator[Said]:
    return (one for one in records.values() if one.klass.name in names)


def _unmarked(one: Said, prop: Property, what: str) -> Problem:
    expected = f"no {what} of safe accommodation (the value is not repeated here)"
    advice = (
        "Write staff in its visibility. Write public only if the provider wants everybody to know."
    )
    return Problem(one.row.file, one.row.number, prop.header, "", expected, advice)


def _is_for_staff(one: Said) -> bool:
    return one.first("visibility") == _STAFF


def _told(records: Records) -> dict[str, Told]:
    """What is said of each service that tells whether it is safe accommodation."""

    def all_of(one: Said, *keys: str) -> tuple[str, ...]:
        return tuple(value for key in keys for value in one.all(key))

    return {
        one.id: Told(
            is_safe(*all_of(one, "name", "also_called", "description")),
            frozenset(all_of(one, "type", "needs")),
            frozenset(all_of(one, "part_of")),
        )
        for one in _of(records, "Service")
    }


def _broader(records: Records) -> dict[str, frozenset[str]]:
    """By service type and need: the terms above it."""
    found = {id_of(str(s)): {id_of(str(s))} for s in shared().subjects(FP.broader)}
    for term, broad in shared().subject_objects(FP.broader):
        found[id_of(str(term))].add(id_of(str(broad)))
    own = {one.id: one.all("broader") for one in records.values() if "broader" in one.meant}
    return {term: frozenset(broad) for term, broad in {**found, **own}.items()}


def _safe_by_secret(
    records: Records,
    told: Mapping[str, Told],
    broader: Mapping[str, frozenset[str]],
    safe: frozenset[str],
) -> list[Problem]:
    """Public services that are safe accommodation only as a part of what is for staff.

    What the public sees of them would change with the secret (SAFETY, rule 2).
    """
    shown = {s: one for s, one in told.items() if not _is_for_staff(records[s])}
    expected = "no service that is for staff (the value is not repeated here)"
    advice = "Leave it empty, or write staff in the visibility of this row too."
    secretly = safe - safe_among(shown, broader)
    return [
        Problem(one.row.file, one.row.number, header, "", expected, advice)
        for one in (records[s] for s in sorted(secretly & shown.keys()))
        for header in [one.klass.property("part_of").header]
    ]


def _is_small_somewhere(records: Records, homes: frozenset[str], service: Said) -> bool:
    for area in service.all("area"):
        code = records[area].first("ons_code") if area in records else ""
        if is_small(code, not homes.isdisjoint(_around(records, area)[1:])):
            return True
    return False


def _around(records: Records, area: str) -> list[str]:
    """An area and all that take it in."""
    found: list[str] = []
    while area in records and area not in found:
        found.append(area)
        area = records[area].first("within")
    return found


# ---------------------------------------------------------------- what public rows tell


_STREET = re.compile(r"(?:.*\b)?(?P<number>[0-9]+[a-z]?) (?P<name>[a-z][a-z ]+)")
"""The part of an address that holds a number and a street, as `plain` gives it."""
_INSIDE = frozenset({"floor", "flat", "unit", "room", "box", "house", "office", "suite"})
"""What the part of an address is that names no street."""


def _beside_problems(secrets: "_Secrets") -> list[Problem]:
    """Public cells that tell what a row for staff hides of safe accommodation.

    A venue for staff alone hides an address only if no public row repeats it. It is refused in
    building: were it left out of what is public, that would change with the secret (SAFETY,
    rule 2). So would what is told beside a refuge and names an area that is for staff.
    """
    if not secrets.hidden and secrets.areas is None:
        return []
    problems = []
    for one in secrets.records.values():
        if not one.klass.published or _is_for_staff(one):
            continue
        row, is_marked = one.row, bool(one.first("visibility"))
        for prop in one.klass.columns:
            text = row.cells.get(prop.key, "")
            if not text or not prop.published:
                continue
            if not is_marked and secrets.tell_place(one, prop, text):
                problems.append(_unmarked(one, prop, "place"))
            elif not (is_marked and row.table == "venues") and secrets.tell_area(one, prop, text):
                expected = "no area that is for staff (the value is not repeated here)"
                advice = "Leave its name out, or call that area something else."
                problems.append(Problem(row.file, row.number, prop.header, "", expected, advice))
    return problems


@dataclass(frozen=True)
class _Secrets:
    """What rows for staff hide of safe accommodation, and what of a public row tells it.

    `safe` are the ids of the services that are safe accommodation.
    """

    records: Records
    safe: frozenset[str]

    def tell_place(self, one: Said, prop: Property, text: str) -> bool:
        """Whether a cell tells where a hidden venue is.

        A number with its street, a postcode and a position are refused wherever they stand; a
        street or town alone in what is told of safe accommodation, or in words that speak of it.
        """
        if not self.hidden:
            return False
        if prop.iri == FP.latitude:
            return _position(one) in self.positions
        if prop.iri == FP.postcode:
            return plain(text).replace(" ", "") in self.postcodes
        if prop.type not in ("string", "text"):
            return False
        if self.addresses.words.search(plain(text)):  # Run together, 11 would hold 1.
            return True
        # Another service may be in the same street and the same town.
        speaks = not prop.holds_address and (is_safe(text) or self.names.named_in(text, False))
        return (one.id in self.close or speaks) and self.whereabouts.named_in(text, loosely=False)

    def tell_area(self, one: Said, prop: Property, text: str) -> bool:
        """Whether a cell that is told with safe accommodation names an area that is for staff."""
        if self.areas is None or prop.type not in ("string", "text"):
            return False
        if prop.iri == FP.name and one.id in self.referred:
            text += f" {local_of(one.id)}"  # A reference to what is of a place is not public.
        elif one.id not in self.near and not is_safe(text):
            return False
        return self.areas.named_in(text, loosely=False)

    @cached_property
    def close(self) -> frozenset[str]:
        """Safe accommodation and what is told of it."""
        telling = {r.id for r in self.records.values() if not self.safe.isdisjoint(_targets(r))}
        return self.safe | telling

    @cached_property
    def referred(self) -> frozenset[str]:
        """What public records that are close refer to."""
        close = (self.records[one] for one in self.close)
        found = {t for one in close if not _is_for_staff(one) for t in _targets(one)}
        return frozenset(found & self.records.keys()) - {area.id for area in self._areas}

    @cached_property
    def near(self) -> frozenset[str]:
        """What is close, what that refers to but for other services, and the contacts of it."""
        about = self.referred - {one.id for one in _of(self.records, "Service")}
        contacts = _of(self.records, "Contact")
        telling = {one.id for one in contacts if not about.isdisjoint(_targets(one))}
        return self.close | about | telling

    @cached_property
    def hidden(self) -> tuple[Said, ...]:
        """The venues of safe accommodation that are for staff alone."""
        return tuple(
            one
            for one in _of(self.records, "Venue")
            if _is_for_staff(one)
            and (not self.safe.isdisjoint(one.all("services")) or is_safe(*_texts(one)))
        )

    @cached_property
    def postcodes(self) -> frozenset[str]:
        """Their postcodes, without blanks."""
        return frozenset(plain(text).replace(" ", "") for text in self._hidden("postcode"))

    @cached_property
    def positions(self) -> frozenset[tuple[str, str]]:
        """Where they are."""
        return frozenset(filter(None, map(_position, self.hidden)))

    @cached_property
    def addresses(self) -> Small:
        """Numbers with their streets."""
        return Small.of((f"{found['number']} {found['name']}" for found in self._streets()), ())

    @cached_property
    def whereabouts(self) -> Small:
        """Streets, towns and postcode districts; what is an area, the public artefact judges."""
        streets = {found["name"] for found in self._streets()}
        districts = {text[:-3].strip() for text in self._hidden("postcode")}
        known = {name for area in self._areas for name in area.all("name")}
        return Small.of({*streets, *districts, *self._hidden("town")}, known)

    @cached_property
    def names(self) -> Small:
        """What hidden venues and their services are called."""
        services = {s for v in self.hidden for s in v.all("services")} & self.safe
        about = [*self.hidden, *(self.records[s] for s in sorted(services))]
        keys = ("name", "also_called")
        return Small.of((n for one in about for key in keys for n in one.all(key)), ())

    @cached_property
    def areas(self) -> Small | None:
        """The areas for staff alone, but for what public ones are called too; None without any."""
        secret = [area for area in self._areas if _is_for_staff(area)]

        def of(areas: Iterable[Said]) -> set[str]:
            keys = ("name", "ons_code", "postcode_districts")
            return {n for area in areas for key in keys for n in area.all(key)}

        public = (area for area in self._areas if not _is_for_staff(area))
        return Small.of(of(secret), of(public)) if secret else None

    @cached_property
    def _areas(self) -> tuple[Said, ...]:
        return tuple(_of(self.records, "Area"))

    def _hidden(self, key: str) -> set[str]:
        return {text for venue in self.hidden for text in venue.all(key)}

    def _streets(self) -> Iterator[re.Match[str]]:
        for text in self._hidden("address"):
            for part in re.split(r"[,;\n]", text):
                found = _STREET.fullmatch(plain(part))
                if found and not _INSIDE & set(found["name"].split()):
                    yield found


def _targets(one: Said) -> Iterator[str]:
    """What a record refers to."""
    for prop in one.klass.columns:
        if prop.type == "reference":
            yield from one.all(prop.key)


def _texts(one: Said) -> Iterator[str]:
    """What a record says in words and figures."""
    for prop in one.klass.columns:
        if prop.type not in ("reference", "code"):
            yield from one.all(prop.key)


def _position(one: Said) -> tuple[str, str] | None:
    """Where a venue is, to some hundred metres; None where it is not told."""
    try:
        north, east = (f"{Decimal(one.first(key)):.3f}" for key in ("latitude", "longitude"))
    except InvalidOperation:
        return None  # The shapes tell what is wrong with it, if it is there.
    return north, east
