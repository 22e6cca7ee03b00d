"""What tells of safe accommodation and nobody has marked: refused in building (SAFETY, rule 1).

A value is never repeated: what is refused may be a refuge's address.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property

from rdflib import RDF, Graph, Literal, URIRef
from rdflib.term import Node as Term

from graph.errors import Problem
from graph.hidden import Small, plain
from graph.ids import id_of, local_of
from graph.safety import Told, is_safe, is_small, safe_among
from graph.sources.rows import Row
from ontology.namespaces import FP, ID, SHARED
from ontology.schema import Property, Schema

_STAFF = ID[f"{SHARED}/visibility/staff"]


def safety_problems(merged: Graph, origins: Mapping[URIRef, Row], schema: Schema) -> list[Problem]:
    """Places and small areas of safe accommodation that nobody has marked (SAFETY, rule 1).

    An editor marks them by the visibility: staff keeps them out of everything public, public says
    that the provider wants them known.
    """
    told = _told(merged)
    safe = _safe_of(told, merged)
    problems = []
    for iri, row in origins.items():
        if row.table not in ("venues", "services") or merged.value(iri, FP.visibility):
            continue
        klass = schema.by_table(row.table)
        if row.table == "venues" and safe & set(merged.objects(iri, FP.venueOf)):
            places = [p for p in klass.columns if p.holds_address and p.key in row.cells]
            problems += [_unmarked(row, p, "place") for p in places]
        elif iri in safe and _is_small_somewhere(merged, iri):
            problems.append(_unmarked(row, klass.property("area"), "small area"))
    reported = {(p.file, p.row, p.column) for p in problems}
    beside = _beside_problems(_Secrets(merged, origins, safe), schema)
    problems += [p for p in beside if (p.file, p.row, p.column) not in reported]
    return problems + _safe_by_secret(merged, origins, schema, told)


def _unmarked(row: Row, prop: Property, what: str) -> Problem:
    expected = f"no {what} of safe accommodation (the value is not repeated here)"
    advice = (
        "Write staff in its visibility. Write public only if the provider wants everybody to know."
    )
    return Problem(row.file, row.number, prop.header, "", expected, advice)


def _is_for_staff(merged: Graph, iri: Term) -> bool:
    return merged.value(iri, FP.visibility) == _STAFF


def _told(merged: Graph) -> dict[URIRef, Told]:
    """What is said of each service that tells whether it is safe accommodation."""

    def ids(subject: Term, *predicates: URIRef) -> frozenset[str]:
        return frozenset(id_of(str(o)) for p in predicates for o in merged.objects(subject, p))

    def texts(subject: Term) -> tuple[str, ...]:
        said = (FP.name, FP.alias, FP.description)
        return tuple(str(text) for p in said for text in merged.objects(subject, p))

    return {
        s: Told(texts(s), ids(s, FP.serviceType, FP.need), ids(s, FP.partOf))
        for s in merged.subjects(RDF.type, FP.Service)
        if isinstance(s, URIRef)
    }


def _safe_of(told: Mapping[URIRef, Told], merged: Graph) -> frozenset[Term]:
    """The services that are safe accommodation, of those told of."""
    broader = {
        id_of(str(s)): frozenset(id_of(str(o)) for o in merged.objects(s, FP.broader))
        for s in merged.subjects(FP.broader)
    }
    services = {id_of(str(s)): s for s in told}
    safe = safe_among({id_of(str(s)): one for s, one in told.items()}, broader)
    return frozenset(services[one] for one in safe)


def _safe_by_secret(
    merged: Graph, origins: Mapping[URIRef, Row], schema: Schema, told: Mapping[URIRef, Told]
) -> list[Problem]:
    """Public services that are safe accommodation only as a part of what is for staff.

    What the public sees of them would change with the secret (SAFETY, rule 2).
    """
    shown = {s: one for s, one in told.items() if not _is_for_staff(merged, s)}
    prop = schema.classes["Service"].property("part_of")
    expected = "no service that is for staff (the value is not repeated here)"
    advice = "Leave it empty, or write staff in the visibility of this row too."
    return [
        Problem(origins[s].file, origins[s].number, prop.header, "", expected, advice)
        for s in sorted(_safe_of(told, merged) - _safe_of(shown, merged), key=str)
        if s in shown and isinstance(s, URIRef) and s in origins
    ]


def _is_small_somewhere(merged: Graph, service: URIRef) -> bool:
    homes = {
        home
        for partnership in merged.subjects(RDF.type, FP.Partnership)
        for home in merged.objects(partnership, FP.area)
    }
    for area in merged.objects(service, FP.area):
        above = set(merged.transitive_objects(area, FP.within)) - {area}
        if is_small(str(merged.value(area, FP.onsCode) or ""), bool(homes & above)):
            return True
    return False


# ---------------------------------------------------------------- what public rows tell


_STREET = re.compile(r"(?:.*\b)?(?P<number>[0-9]+[a-z]?) (?P<name>[a-z][a-z ]+)")
"""The part of an address that holds a number and a street, as `plain` gives it."""
_INSIDE = frozenset({"floor", "flat", "unit", "room", "box", "house", "office", "suite"})
"""What the part of an address is that names no street."""


def _beside_problems(secrets: "_Secrets", schema: Schema) -> list[Problem]:
    """Public cells that tell what a row for staff hides of safe accommodation.

    A venue for staff alone hides an address only if no public row repeats it. It is refused in
    building: were it left out of what is public, that would change with the secret (SAFETY,
    rule 2). So would what is told beside a refuge and names an area that is for staff.
    """
    problems = []
    for iri, row in secrets.origins.items():
        klass = schema.by_table(row.table)
        if not klass.published or _is_for_staff(secrets.merged, iri):
            continue
        is_marked = secrets.merged.value(iri, FP.visibility) is not None
        for prop in klass.columns:
            text = row.cells.get(prop.key, "")
            if not text or not prop.published:
                continue
            if not is_marked and secrets.tell_place(iri, prop, text):
                problems.append(_unmarked(row, prop, "place"))
            elif not (is_marked and row.table == "venues") and secrets.tell_area(iri, prop, text):
                expected = "no area that is for staff (the value is not repeated here)"
                advice = "Leave its name out, or call that area something else."
                problems.append(Problem(row.file, row.number, prop.header, "", expected, advice))
    return problems


@dataclass(frozen=True)
class _Secrets:
    """What rows for staff hide of safe accommodation, and what of a public row tells it."""

    merged: Graph
    origins: Mapping[URIRef, Row]
    safe: frozenset[Term]

    def tell_place(self, iri: URIRef, prop: Property, text: str) -> bool:
        """Whether a cell tells where a hidden venue is.

        A number with its street, a postcode and a position are refused wherever they stand; a
        street or town alone in what is told of safe accommodation, or in words that speak of it.
        """
        if not self.hidden:
            return False
        if prop.iri == FP.latitude:
            return self._position(iri) in self.positions
        if prop.iri == FP.postcode:
            return plain(text).replace(" ", "") in self.postcodes
        if prop.type not in ("string", "text"):
            return False
        if self.addresses.words.search(plain(text)):  # Run together, 11 would hold 1.
            return True
        # Another service may be in the same street and the same town.
        speaks = not prop.holds_address and (is_safe(text) or self.names.named_in(text, False))
        return (iri in self.close or speaks) and self.whereabouts.named_in(text, loosely=False)

    def tell_area(self, iri: URIRef, prop: Property, text: str) -> bool:
        """Whether a cell that is told with safe accommodation names an area that is for staff."""
        if self.areas is None or prop.type not in ("string", "text"):
            return False
        if prop.iri == FP.name and iri in self.referred:
            text += f" {local_of(str(iri))}"  # A reference to what is of a place is not public.
        elif iri not in self.near and not is_safe(text):
            return False
        return self.areas.named_in(text, loosely=False)

    @cached_property
    def close(self) -> frozenset[Term]:
        """Safe accommodation and what is told of it."""
        return self.safe | {s for one in self.safe for s in self.merged.subjects(None, one)}

    @cached_property
    def referred(self) -> frozenset[Term]:
        """What public records that are close refer to."""
        public = (one for one in self.close if not _is_for_staff(self.merged, one))
        found = {o for one in public for o in self.merged.objects(one) if o in self.origins}
        return frozenset(found - self._areas)

    @cached_property
    def near(self) -> frozenset[Term]:
        """What is close, what that refers to but for other services, and the contacts of it."""
        about = self.referred - set(self.merged.subjects(RDF.type, FP.Service))
        contacts = {
            contact
            for contact in self.merged.subjects(RDF.type, FP.Contact)
            if about & set(self.merged.objects(contact))
        }
        return self.close | about | contacts

    @cached_property
    def hidden(self) -> tuple[URIRef, ...]:
        """The venues of safe accommodation that are for staff alone."""
        return tuple(
            iri
            for iri, row in self.origins.items()
            if row.table == "venues"
            and _is_for_staff(self.merged, iri)
            and (self.safe & set(self.merged.objects(iri, FP.venueOf)) or is_safe(*self._said(iri)))
        )

    @cached_property
    def postcodes(self) -> frozenset[str]:
        """Their postcodes, without blanks."""
        return frozenset(plain(text).replace(" ", "") for text in self._texts(FP.postcode))

    @cached_property
    def positions(self) -> frozenset[tuple[str, str]]:
        """Where they are."""
        return frozenset(filter(None, map(self._position, self.hidden)))

    @cached_property
    def addresses(self) -> Small:
        """Numbers with their streets."""
        return Small.of((f"{found['number']} {found['name']}" for found in self._streets()), ())

    @cached_property
    def whereabouts(self) -> Small:
        """Streets, towns and postcode districts; what is an area, the public artefact judges."""
        streets = {found["name"] for found in self._streets()}
        districts = {text[:-3].strip() for text in self._texts(FP.postcode)}
        known = {str(n) for a in self._areas for n in self.merged.objects(a, FP.name)}
        return Small.of({*streets, *districts, *self._texts(FP.town)}, known)

    @cached_property
    def names(self) -> Small:
        """What hidden venues and their services are called."""
        services = {s for v in self.hidden for s in self.merged.objects(v, FP.venueOf)} & self.safe
        said = (FP.name, FP.alias)
        about = {*self.hidden, *services}
        return Small.of(
            (str(n) for a in about for p in said for n in self.merged.objects(a, p)), ()
        )

    @cached_property
    def areas(self) -> Small | None:
        """The areas for staff alone, but for what public ones are called too; None without any."""
        secret = {a for a in self._areas if _is_for_staff(self.merged, a)}

        def of(areas: Iterable[Term]) -> set[str]:
            said = (FP.name, FP.onsCode, FP.postcodeDistrict)
            return {str(n) for a in areas for p in said for n in self.merged.objects(a, p)}

        return Small.of(of(secret), of(self._areas - secret)) if secret else None

    @cached_property
    def _areas(self) -> frozenset[Term]:
        return frozenset(self.merged.subjects(RDF.type, FP.Area))

    def _texts(self, predicate: URIRef) -> set[str]:
        return {str(text) for iri in self.hidden for text in self.merged.objects(iri, predicate)}

    def _said(self, iri: URIRef) -> tuple[str, ...]:
        return tuple(str(value) for value in self.merged.objects(iri) if isinstance(value, Literal))

    def _streets(self) -> Iterator[re.Match[str]]:
        for text in self._texts(FP.address):
            for part in re.split(r"[,;\n]", text):
                found = _STREET.fullmatch(plain(part))
                if found and not _INSIDE & set(found["name"].split()):
                    yield found

    def _position(self, iri: URIRef) -> tuple[str, str] | None:
        """Where a venue is, to some hundred metres; None where it is not told."""
        found = [self.merged.value(iri, p) for p in (FP.latitude, FP.longitude)]
        try:
            north, east = (f"{Decimal(str(value)):.3f}" for value in found)
        except InvalidOperation:
            return None  # The shapes tell what is wrong with it, if it is there.
        return north, east
