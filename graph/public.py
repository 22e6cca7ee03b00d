"""The public artefact: what anybody may read, built as a release of its own (SAFETY.md, rule 2).

What is confidential is absent from it, and nothing tells that it was there: no mark, no count, no
id, no term that only something hidden used. A class is in it only if its shape says
`fp:published true`; a column of such a class may say `fp:published false`.

The steps: what is for staff goes, and whatever cannot stand without it; safe accommodation loses
its places, smaller areas and telling ids; what nothing public leads to goes. What may be told at
all is judged in graph/hidden.py.
"""

import contextlib
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from rdflib import OWL, PROV, RDF

from graph import confidential, hidden, safety
from graph.derived import chain
from graph.drafts import locked
from graph.hidden import (
    REACHED,
    ROOTS,
    Hidden,
    Near,
    Record,
    Records,
    Value,
    may_be_told,
    plain,
    published,
)
from graph.ids import id_of, local_of, record_id
from graph.model import PropertyGraph
from graph.project import project
from graph.release import (
    CURRENT,
    FOLDER,
    Release,
    current_release,
    name_of,
    nquads,
    ontology_of,
    read_quads,
    write_whole,
)
from graph.safety import is_safe
from ontology.namespaces import BASE, FP, ID, SHARED
from ontology.schema import Class, Property, Schema

PUBLIC: Final = "public"
"""The folder of the public artefact below the home, and the note of what it was made from."""

_ABOUT: Final[Mapping[str, tuple[str, ...]]] = {
    "Award": ("pays_for",),
    "Completeness": ("type", "area"),
}
"""What a record is about, where that is not all that it refers to."""
_BESIDE: Final = frozenset({FP.possiblySameAs, FP.excludes, FP.reportsTo})
"""References that tell of two records which stand by themselves: neither brings the other along."""
_SAFE_NAME: Final = "Safe accommodation"
_TYPE: Final = ox.NamedNode(str(RDF.type))
_PRIMARY: Final = ox.NamedNode(str(PROV.hadPrimarySource))
_VERSION: Final = str(OWL.versionInfo)
_ONTOLOGY: Final = f"{BASE}ontology"
_OURS: Final = str(ID)

# ---------------------------------------------------------------- the artefact, from quads to quads


def public_quads(quads: Iterable[ox.Quad], schema: Schema) -> list[ox.Quad]:
    """What of a full release is public, sorted: the same quads give the same quads.

    Two releases that differ in what is confidential alone give the same.
    """
    found, _ = told(quads, schema)
    return found


def public_ids(quads: Iterable[ox.Quad], schema: Schema) -> dict[str, str]:
    """By the id of a record in the public artefact: its id in the full release, for staff alone."""
    kept, names, _ = _told(quads, schema)
    return {names.get(one, one): one for one in kept}


def told(
    quads: Iterable[ox.Quad],
    schema: Schema,
    roots: frozenset[str] = ROOTS,
    has_money: bool = False,
) -> tuple[list[ox.Quad], dict[str, str]]:
    """What of a full release may be told, sorted, and the ids that some records have there.

    Records of the classes in `roots` stand by themselves. The ids are by those of the full release,
    for staff alone.
    """
    kept, names, constants = _told(quads, schema, roots, has_money)
    found = [*constants, *(q for one in kept.values() for q in _quads(one, names))]
    return sorted(found, key=str), names


def _told(
    quads: Iterable[ox.Quad],
    schema: Schema,
    roots: frozenset[str] = ROOTS,
    has_money: bool = False,
) -> tuple[Records, dict[str, str], list[ox.Quad]]:
    """The records that are public, the ids that some have there, and what the project says."""
    records, constants = _read(quads, schema)
    secret = Hidden(records)
    shown = (one for one in records.values() if may_be_told(one, secret, has_money))
    kept = _standing({one.id: published(one) for one in shown})
    near = Near(kept, secret)
    kept = _led_to(_standing(_without_places(kept, near)), roots)
    return kept, _names(kept, near), constants


def public_graph(release: Release, schema: Schema) -> PropertyGraph:
    """The property graph of what of a full release is public, named by its own content.

    Raises ReleaseError if the release is damaged or of another ontology.
    """
    quads = public_quads(ontology_of(read_quads(release), release, schema), schema)
    return project(quads, schema, name_of(nquads(quads)))


def _read(quads: Iterable[ox.Quad], schema: Schema) -> tuple[Records, list[ox.Quad]]:
    """Records by id, and what the project itself says: codes and the version of the ontology."""
    by_iri = {str(klass.iri): klass for klass in schema}
    words = {str(word.iri) for found in schema.codes.values() for word in found}
    constants, said, kinds = [], defaultdict(list), {}
    for quad in quads:
        if not isinstance(quad.subject, ox.NamedNode):
            continue
        # Each look at a part of a quad makes it anew: one look a part.
        subject, predicate, value = quad.subject.value, quad.predicate.value, quad.object
        if subject in words or (subject == _ONTOLOGY and predicate == _VERSION):
            constants.append(quad)
        elif not subject.startswith(_OURS):
            continue
        elif predicate == _TYPE.value and isinstance(value, ox.NamedNode):
            if value.value in by_iri:
                kinds[subject] = by_iri[value.value], quad.graph_name
        elif isinstance(value, ox.NamedNode | ox.Literal):
            said[subject].append((predicate, value))
    keys = {klass.name: {str(p.iri): p for p in klass.columns} for klass in schema}
    records = {}
    for subject, (klass, graph) in sorted(kinds.items(), key=lambda item: item[0]):
        one = _record(id_of(subject), klass, graph, said[subject], keys[klass.name])
        records[one.id] = one
    return records, constants


def _record(
    identifier: str,
    klass: Class,
    graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph,
    said: Iterable[tuple[str, Value]],
    columns: Mapping[str, Property],
) -> Record:
    values: dict[str, list[Value]] = defaultdict(list)
    links: dict[str, list[str]] = defaultdict(list)
    for predicate, value in said:
        column = columns.get(predicate)
        if column is None:
            continue
        if column.type == "reference":
            links[column.key].append(id_of(value.value))
        else:
            values[column.key].append(value)
    return Record(
        identifier,
        klass,
        graph,
        {key: tuple(sorted(found, key=str)) for key, found in values.items()},
        {key: tuple(sorted(found)) for key, found in links.items()},
    )


def _quads(one: Record, names: Mapping[str, str]) -> Iterator[ox.Quad]:
    def node(identifier: str) -> ox.NamedNode:
        return ox.NamedNode(f"{_OURS}{names.get(identifier, identifier)}")

    graph = one.graph
    if isinstance(graph, ox.NamedNode) and graph.value.startswith(_OURS):
        graph = node(id_of(graph.value))
    subject = node(one.id)
    yield ox.Quad(subject, _TYPE, ox.NamedNode(str(one.klass.iri)), graph)
    for column in one.klass.columns:
        predicate = ox.NamedNode(str(column.iri))
        for value in one.values.get(column.key, ()):
            yield ox.Quad(subject, predicate, value, graph)
        for target in one.links.get(column.key, ()):
            yield ox.Quad(subject, predicate, node(target), graph)
            if column.iri == FP.source:
                yield ox.Quad(subject, _PRIMARY, node(target), graph)


# ---------------------------------------------------------------- safe accommodation without places


def _without_places(kept: Records, near: Near) -> Records:
    """Records whose words and areas tell no place of safe accommodation."""
    worded = {}
    for one in kept.values():
        found = _reworded(one, kept, near)
        if found is not None:
            worded[one.id] = found
    return {one.id: _relinked(one, worded, near) for one in worded.values()}


def _reworded(one: Record, kept: Records, near: Near) -> Record | None:
    """A record without the texts that tell too much; None where it cannot be without one."""
    if one.slug == SHARED or (one.klass.name == "Venue" and one.id in near.about):
        return one  # Such a venue is here because an editor made it public.
    values = dict(one.values)
    for column in one.klass.columns:
        if column.key not in values or column.type not in ("string", "text"):
            continue
        left = tuple(
            value for value in values[column.key] if not _tells(value.value, column, one, near)
        )
        if not left and column.required and not column.many:
            instead = _instead(one, kept, near)
            if instead is None:
                return None
            left = (ox.Literal(instead),)
        values[column.key] = left
    return replace(one, values={key: found for key, found in values.items() if found})


def _tells(text: str, column: Property, one: Record, near: Near) -> bool:
    """Whether a text tells where safe accommodation is."""
    allowed = confidential.ALLOWED[column.holds]
    if near.is_close(one) and (
        confidential.contact_in(text, allowed) or confidential.is_by_postcode(text)
    ):
        return True
    is_near = near.is_near(one)
    if not near.names_small(one, text, loosely=column.holds_contact and is_near):
        return False
    # What an agency, a fund or a group is called is its own, and not a word on the refuge.
    is_own = column.required and one.klass.name in REACHED - {"Source"}
    return (is_near and not is_own) or is_safe(text)


def _instead(one: Record, kept: Records, near: Near) -> str | None:
    """What stands for a name that tells too much, or None where nothing can."""
    if one.klass.name == "Source":
        return one.word("kind").replace("-", " ") or one.klass.label
    if one.klass.name != "Service":
        return None
    for kind in one.leads("type"):
        if kind in kept and not near.names_small(one, kept[kind].text("name")):
            return kept[kind].text("name")
    return _SAFE_NAME


def _relinked(one: Record, kept: Records, near: Near) -> Record:
    """A record whose references tell no place of safe accommodation."""
    is_close = near.is_close(one)
    links = {}
    for column in one.klass.columns:
        found = one.links.get(column.key, ())
        if column.targets == ("Area",) and near.is_near(one):
            found = _raised(found, kept, near.hidden)
        elif is_close and column.iri != FP.source and one.klass.name != "Venue":
            found = tuple(t for t in found if t in kept and not _is_of_place(kept[t], one, near))
        elif column.iri == FP.possiblySameAs:
            found = tuple(target for target in found if target not in near.safe)
        if found or column.key in one.links:
            links[column.key] = found
    return replace(one, links=links)


def _is_of_place(target: Record, one: Record, near: Near) -> bool:
    # A service of one district, of which a refuge is said to be a part, tells the district.
    is_other = target.klass.name == "Service" and target.id not in near.safe
    if is_other and one.id in near.safe and near.hidden.is_all_small(target):
        return True
    told = target.text("name")
    if is_other:
        told += f" {local_of(target.id)}"  # Whatever else stands beside a refuge gets a new id.
    return target.klass.name != "Area" and near.names_small(one, told)


def _raised(areas: Iterable[str], kept: Records, hidden: Hidden) -> tuple[str, ...]:
    """The nearest public areas of the upper tier that take areas in, if any do."""
    shown = hidden.upper & kept.keys()
    nearest = (next((a for a in chain(x, hidden.within) if a in shown), "") for x in areas)
    return tuple(sorted(set(nearest) - {""}))


# ---------------------------------------------------------------- no trace of what is gone


def _standing(kept: Records) -> Records:
    """What is left when references to what is gone are taken out, and what cannot be without them.

    A record falls with the last of what it must refer to, and with the last of its conditions: a
    way in that was for one group is not for everybody because that group is not told.
    """
    found, changed = dict(kept), True
    while changed:
        changed = False
        for one in list(found.values()):
            if all(target in found for target in one.targets()) and all(one.links.values()):
                continue
            changed = True
            links = {
                key: tuple(target for target in targets if target in found)
                for key, targets in one.links.items()
            }
            fallen = (key for key, targets in links.items() if not targets)
            if any(_needs(one, key) for key in fallen):
                del found[one.id]
            else:
                links = {key: targets for key, targets in links.items() if targets}
                found[one.id] = replace(one, links=links)
    return found


def _needs(one: Record, key: str) -> bool:
    # A figure that is told of nothing any more would still be the figure of what is hidden.
    column = one.klass.property(key)
    return column.required or column.as_column or one.klass.name == "Observation"


def _led_to(kept: Records, roots: frozenset[str]) -> Records:
    """Services and partnerships, what is told of them, and what those lead to; nothing else."""
    reached: set[str] = set()
    _follow([one.id for one in kept.values() if _is_root(one, roots)], kept, reached)
    waiting = [one for one in kept.values() if one.klass.name not in REACHED | roots]
    while True:
        standing = [one for one in waiting if _stands(one, kept, reached)]
        if not standing:
            break
        _follow([one.id for one in standing], kept, reached)
        waiting = [one for one in waiting if one.id not in reached]
    reached |= _cited(kept, reached)
    return {
        one.id: replace(
            one,
            links={
                key: left
                for key, targets in one.links.items()
                if (left := tuple(target for target in targets if target in reached))
            },
        )
        for one in kept.values()
        if one.id in reached
    }


def _is_root(one: Record, roots: frozenset[str]) -> bool:
    return one.klass.name in roots or one.slug == SHARED


def _follow(start: Iterable[str], kept: Records, reached: set[str]) -> None:
    """Add records, and all that they lead to, to what is `reached`."""
    waiting = list(start)
    while waiting:
        identifier = waiting.pop()
        if identifier in reached:
            continue
        reached.add(identifier)
        one = kept[identifier]
        for key, targets in one.links.items():
            if one.klass.property(key).iri not in _BESIDE:
                waiting += targets


def _stands(one: Record, kept: Records, reached: set[str]) -> bool:
    """Whether a record is about a public service, or only about what is public anyway."""
    keys = _ABOUT.get(one.klass.name)
    about = {
        target
        for key, targets in one.links.items()
        if (key in keys if keys else not one.klass.property(key).as_column)
        for target in targets
    }
    return any(kept[target].klass.name == "Service" for target in about) or about <= reached


def _cited(kept: Records, reached: set[str]) -> set[str]:
    """The parts of sources that something public cites."""
    places = {
        (source, place)
        for identifier in reached
        for source in kept[identifier].leads("source")
        for place in kept[identifier].texts("place")
    }
    return {
        one.id
        for one in kept.values()
        if one.klass.name == "SourcePart"
        and any((source, one.text("name")) in places for source in one.leads("source"))
    }


# ---------------------------------------------------------------- ids that say nothing


def _names(kept: Records, near: Near) -> dict[str, str]:
    """New ids for records whose own may be made from a place: from what is public of them.

    A safe service gets its public name, whatever is told of it the names of both ends. Where two
    would get the same, they are numbered by what is public of them.
    """
    names: dict[str, str] = {}
    beside = [
        one
        for one in kept.values()
        if one.id in near.beside and near.names_small(one, local_of(one.id), loosely=True)
    ]
    safe = [one for one in kept.values() if one.id in near.safe]
    about = [one for one in kept.values() if one.id in near.about]
    told: dict[str, list[Record]] = defaultdict(list)
    for one in about:
        for target in one.targets():
            told[target].append(one)
    bases = {one.id: _slug(one.text("name") or one.text("title"), one) for one in [*beside, *safe]}

    def content(one: Record) -> str:
        shown = {**bases, **names}
        links = [(key, sorted(shown.get(t, t) for t in ts)) for key, ts in one.links.items()]
        return repr((sorted((k, [str(v) for v in vs]) for k, vs in one.values.items()), links))

    def whole(one: Record) -> str:
        return content(one) + repr(sorted(content(other) for other in told[one.id]))

    _number(beside, bases, kept, content, names)
    _number(safe, bases, kept, whole, names)
    for one in about:
        ends = (
            names.get(target, target)
            for column in one.klass.columns
            if column.relation or column.key in (one.klass.ends or ())
            for target in one.leads(column.key)
        )
        bases[one.id] = "-".join(local_of(end) for end in ends)
    _number(about, bases, kept, content, names)
    return names


def _number(
    records: list[Record],
    bases: Mapping[str, str],
    kept: Records,
    content: Callable[[Record], str],
    names: dict[str, str],
) -> None:
    renamed = {one.id for one in records}
    taken = (kept.keys() - renamed) | set(names.values())
    for one in sorted(records, key=lambda r: (r.slug, r.klass.name, bases[r.id], content(r))):
        base = record_id(one.slug, one.klass.slug, bases[one.id])
        name, number = base, 1
        while name in taken:
            number += 1
            name = f"{base}-{number}"
        taken.add(name)
        names[one.id] = name


def _slug(name: str, one: Record) -> str:
    return plain(name).replace(" ", "-") or one.klass.slug


# ---------------------------------------------------------------- the artefact on disk


def public_home(home: Path) -> Path:
    """Where the public artefact is: a home of its own, of which nothing leads to the full one."""
    return home / PUBLIC


def write_public(home: Path, schema: Schema) -> Release:
    """Make the public release of the live one, and make it the current one of `public_home`.

    Earlier public releases are removed: what was withdrawn does not stay. Doing it again changes
    nothing. Raises ReleaseError where there is no live release, or one of another ontology.
    """
    with locked(home):
        live = current_release(home)
        content = nquads(public_quads(ontology_of(read_quads(live), live, schema), schema))
        folder = public_home(home) / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        release = _release(home, name_of(content))
        if not release.path.exists() or release.path.read_bytes() != content:
            write_whole(release.path, content)
        write_whole(folder / CURRENT, f"{release.name}\n".encode())
        # Which release it was made from stands with the full ones: the public one does not say.
        write_whole(home / FOLDER / PUBLIC, _note(live, release).encode())
        _remove_others(release)
    return release


def ensure_public(home: Path, schema: Schema) -> Release:
    """The public release of the live one, made if what is there is not that, or is damaged.

    It mends what a process that was killed has left, and what other rules of safety made.
    """
    live = current_release(home)
    with locked(home), contextlib.suppress(FileNotFoundError):
        name = (public_home(home) / FOLDER / CURRENT).read_text(encoding="utf-8").strip()
        release = _release(home, name)
        noted = (home / FOLDER / PUBLIC).read_text(encoding="utf-8")
        if noted == _note(live, release) and name_of(release.path.read_bytes()) == name:
            _remove_others(release)
            return release
    return write_public(home, schema)


def _release(home: Path, name: str) -> Release:
    return Release(name, public_home(home) / FOLDER / f"{name}.nq")


def _note(live: Release, public: Release) -> str:
    return f"{live.name} {public.name} {_rules()}\n"


@lru_cache(maxsize=1)
def _rules() -> str:
    """The hash of the rules that were used: other rules make another artefact of a release."""
    files = (
        Path(__file__),
        *(Path(str(module.__file__)) for module in (hidden, safety, confidential)),
    )
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def _remove_others(release: Release) -> None:
    """Remove every other public release, and what a killed process left of one."""
    for path in release.path.parent.iterdir():
        if path.name not in (release.path.name, CURRENT):
            path.unlink(missing_ok=True)
