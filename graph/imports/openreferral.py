"""Open Referral (HSDS 3 and HSDS-UK 3.0) as rows of our tables: a file, a folder or a feed.

Services, organisations by org-id, eligibility, areas by ONS code and sources of funds are kept.
What people can be reached or found by never is. A feed says what a service is for, not that it
serves somebody well: eligibility becomes the weakest strength of reach, and a source of funds an
award that is marked as inferred.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from graph.imports.feed import Limits, Progress, base_of, fetch
from graph.imports.imported import Imported
from graph.imports.json_text import at, read_json, too_large
from graph.imports.making import (
    NO_CONTACTS,
    NOT_OURS,
    Making,
    day_of,
    is_url,
    place_of,
    source_of,
)
from graph.imports.marks import org_id
from graph.imports.vocabulary import Meaning, Terms, is_safe_type, type_chain
from graph.oruk.rules import FOR_IMPORT, check, kind_of, named_ids
from graph.safety import is_safe
from graph.sources.archive import MAX_BYTES
from graph.sources.names import SEPARATOR
from graph.sources.rows import Tables
from ontology.schema import Schema

_UNDATED = "No service in it says when it was assured or last changed."
_ENVELOPE = ("total_items", "total_pages", "page_number", "size")
_NO_NAME = "A feed gives neither amount nor period: only that this is a source of its money."
_AT_ONCE = 120
"""The longest words for a source of funds that can be its name."""
_STANDING = {
    "active": ("operating", "", ""),
    "inactive": (
        "ended",
        "",
        "The feed says inactive, which is read as not running; not that it is gone for good.",
    ),
    "defunct": ("ended", "", ""),
    "temporarily closed": (
        "not stated",
        "closed to referrals",
        "The feed says temporarily closed: it exists and takes no one for now.",
    ),
}
_NOT_KEPT = {
    "phones": ("telephone numbers", NO_CONTACTS),
    "contacts": ("contacts", NO_CONTACTS),
    "email": ("e-mail addresses", NO_CONTACTS),
    "assurer_email": ("e-mail addresses", NO_CONTACTS),
    "service_at_locations": ("places where services are given", NO_CONTACTS),
    "locations": ("places where services are given", NO_CONTACTS),
    "schedules": ("times and dates of opening", NOT_OURS),
    "cost_options": ("costs", NOT_OURS),
    "fees": ("costs", NOT_OURS),
    "fees_description": ("costs", NOT_OURS),
    "languages": ("languages", NOT_OURS),
    "accreditations": ("accreditations", NOT_OURS),
    "alert": ("alerts", NOT_OURS),
    "url": ("addresses of the web", NOT_OURS),
    "website": ("addresses of the web", NOT_OURS),
    "uri": ("addresses of the web", NOT_OURS),
    "logo": ("logos", NOT_OURS),
    "application_process": ("ways to apply", NOT_OURS),
    "eligibility_description": ("eligibility in words", "it is not in terms of a list"),
    "wait_time": ("waiting times", NOT_OURS),
    "licenses": ("licences", NOT_OURS),
    "required_documents": ("documents that are asked for", NOT_OURS),
}


@dataclass(frozen=True, slots=True)
class _Found:
    """One record and where it stands."""

    file: str
    path: str
    record: Mapping[str, Any]


Records = dict[str, dict[str, list[_Found]]]
"""By kind and id: every place where a record is given, in full or in short."""


def read(
    path_or_url: Path | str,
    slug: str,
    schema: Schema,
    progress: Progress = lambda _: None,
    limits: Limits | None = None,
) -> Imported:
    """The rows of a feed of Open Referral: a JSON file, a folder of them, or an address."""
    if isinstance(path_or_url, Path) or not is_url(path_or_url):
        return read_saved(Path(path_or_url), "", slug, schema, progress)
    with TemporaryDirectory() as folder:
        problems = fetch(path_or_url, Path(folder), progress, limits)
        if problems:
            return Imported(Tables(slug, (), None), problems=problems)
        return read_saved(Path(folder), path_or_url, slug, schema, progress)


def read_saved(
    path: Path, url: str, slug: str, schema: Schema, progress: Progress = lambda _: None
) -> Imported:
    """The rows of a file or folder; `url` is where it was fetched from, if it was.

    The source is then known by that address and not by the folder, so that the next time gives the
    same rows.
    """
    source, shown = source_of("open-referral", base_of(url) if url else path)
    making = Making(slug, shown, source)
    records: Records = defaultdict(lambda: defaultdict(list))
    whose: dict[str, tuple[str, str, str]] = {}
    lists: dict[str, list[_Page]] = defaultdict(list)
    for file, document in _documents(making, path, shown, progress):
        for kind, found in _records(making, file, document, lists):
            _check(making, kind, found, whose)
            if isinstance(found.record.get("id"), str):
                records[kind][found.record["id"]].append(found)
    for found_pages in lists.values():
        _check_pages(making, found_pages)
    if not making.problems:
        _make(making, records)
    about = {"title": f"Open Referral data: {shown}", "kind": "register", "document": shown}
    return making.done(schema, about, _UNDATED)


# ---------------------------------------------------------------- documents and records


def _documents(making: Making, path: Path, shown: str, progress: Progress) -> list[tuple[str, Any]]:
    files = sorted(path.rglob("*.json")) if path.is_dir() else [path]
    if path.is_dir() and sum(f.stat().st_size for f in files if f.is_file()) > MAX_BYTES:
        making.problems.append(too_large(shown))
        return []
    documents = []
    for file in files:
        name = f"{shown}/{file.relative_to(path)}" if path.is_dir() else shown
        document, problems = read_json(file, name)
        making.problems += problems
        progress(f"read {name}")
        if problems:
            continue
        if path.is_dir() and not _is_part(document, name):
            making.leave("files that are no part of a feed", "they hold no record of it")
        else:
            documents.append((name, document))
    if not files:
        making.wrong("", "files that end in .json", "Choose the folder that the feed was saved in.")
    return documents


def _is_part(document: Any, name: str) -> bool:
    if isinstance(document, dict):
        return "contents" in document or kind_of(document, name) is not None
    return isinstance(document, list)


@dataclass(frozen=True, slots=True)
class _Page:
    """One page of a list: its file, what its envelope says, and how many records it has."""

    file: str
    said: Mapping[str, int]
    there: int


def _check_pages(making: Making, pages: Iterable[_Page]) -> None:
    """Count the records of pages that are missing, and refuse a page that contradicts itself.

    One page of many may be imported: the standard's own examples are such. It is told, because what
    is not there must not read as what has ended.
    """
    found = list(pages)
    there = sum(page.there for page in found)
    total = max((page.said.get("total_items", 0) for page in found), default=0)
    why = "their pages are not there: import the whole feed, or it will seem that they have ended"
    making.leave("records that the feed counts", why, total - there)
    for page in found:
        if page.said.get("size", page.there) != page.there and total != there:
            making.wrong("size", f"the {page.there} records that the page has", file=page.file)


def _records(
    making: Making, file: str, document: Any, lists: dict[str, list[_Page]]
) -> Iterator[tuple[str, _Found]]:
    if isinstance(document, dict) and "contents" not in document:
        kind = kind_of(document, file)
        if kind is None:
            making.wrong("", "a record of Open Referral", file=file)
        else:
            yield kind, _Found(file, "", document)
        return
    items, path = document, ""
    if isinstance(document, dict):
        items, path = document["contents"], "contents"
    if not isinstance(items, list):
        making.wrong(path, "a list of records", file=file)
        return
    said = _envelope(making, file, document) if path else {}
    ids: dict[str, str] = {}
    kinds = set()
    for number, item in enumerate(items):
        place = f"{path}[{number}]"
        kind = kind_of(item, file) if isinstance(item, dict) else None
        if kind is None:
            making.wrong(place, "a record of Open Referral", file=file)
            continue
        kinds.add(kind)
        identifier = item.get("id")
        if isinstance(identifier, str) and ids.setdefault(identifier, place) != place:
            making.wrong(f"{place}.id", f"an id of its own; {ids[identifier]} has it", file=file)
        yield kind, _Found(file, place, item)
    for kind in kinds:
        lists[kind].append(_Page(file, said, len(items)))


def _envelope(making: Making, file: str, page: Mapping[str, Any]) -> dict[str, int]:
    said = {}
    for key in _ENVELOPE:
        value = page.get(key)
        if type(value) is int and value >= 0:
            said[key] = value
        elif value is not None:
            making.wrong(key, "a whole number", file=file)
    return said


def _check(
    making: Making, kind: str, found: _Found, whose: dict[str, tuple[str, str, str]]
) -> None:
    for wrong in check(found.record, kind, found.path, FOR_IMPORT):
        making.wrong(wrong.path, wrong.expected, file=found.file)
    for identifier, named, path in named_ids(found.record, kind, found.path):
        other, file, place = whose.setdefault(identifier, (named, found.file, path))
        if other != named:
            expected = f"an id of its own; {place} of {file}, another kind of record, has it"
            making.wrong(path, expected, file=found.file)


def _nested(records: Records, found: _Found, kind: str) -> None:
    """Also note the records that stand within a record."""
    inner = {
        "service": (("organization", "organization"),),
        "organization": (("services", "service"),),
        "service_at_location": (("service", "service"),),
        "taxonomy": (("taxonomy_terms", "taxonomy_term"),),
    }
    for key, inner_kind in inner.get(kind, ()):
        value = found.record.get(key) or ()
        is_list = isinstance(value, list)
        for number, part in enumerate(value if is_list else [value] if value else ()):
            if inner_kind == "service" and kind == "organization":
                part = {"organization_id": found.record["id"], **part}
            if kind == "service_at_location":
                rest = {k: v for k, v in found.record.items() if k != "service"}
                part = {**part, "service_at_locations": [rest]}
            place = at(found.path, key) + (f"[{number}]" if is_list else "")
            one = _Found(found.file, place, part)
            records[inner_kind][part["id"]].append(one)
            _nested(records, one, inner_kind)


# ---------------------------------------------------------------- rows


def _make(making: Making, records: Records) -> None:
    for kind in list(records):
        for given in list(records[kind].values()):
            for one in list(given):
                _nested(records, one, kind)
    terms = Terms()
    organizations = {}
    for identifier, given in sorted(records["organization"].items()):
        organizations[identifier] = _organization(making, identifier, _merged(making, given))
    for identifier, given in sorted(records["organization"].items()):
        _parent(making, identifier, _merged_quietly(given), organizations)
    at_places = _places_of(records)
    for identifier, given in sorted(records["service"].items()):
        one = _merged(making, given)
        _service(making, identifier, one, given, organizations, terms, at_places)


def _places_of(records: Records) -> Mapping[str, list[tuple[Any, str]]]:
    """By service: what `/service_at_locations` says of its places, with the paths."""
    found: dict[str, list[tuple[Any, str]]] = defaultdict(list)
    for given in records["service_at_location"].values():
        for one in given:
            service = one.record.get("service_id") or (one.record.get("service") or {}).get("id")
            if service:
                rest = {k: v for k, v in one.record.items() if k != "service"}
                found[service].append((rest, one.path))
    return found


def _merged_quietly(given: Iterable[_Found]) -> _Found:
    """One record out of all places that give it: a fuller one's words before a shorter one's."""
    ranked = sorted(given, key=lambda f: (-len(f.record), _canonical(f.record)))
    record: dict[str, Any] = {}
    for one in ranked:
        for key, value in one.record.items():
            if record.get(key) in (None, "", []):
                record[key] = value
    return _Found(ranked[0].file, ranked[0].path, record)


def _merged(making: Making, given: list[_Found]) -> _Found:
    one = _merged_quietly(given)
    for key in ("name", "status"):
        said = {f.record[key] for f in given if isinstance(f.record.get(key), str)}
        why = "the place that gives the record most fully is kept"
        making.leave("names or states that two places give differently", why, len(said) - 1)
    return one


def _canonical(record: Mapping[str, Any]) -> str:
    return json.dumps(record, sort_keys=True, default=str)


def _organization(making: Making, identifier: str, one: _Found) -> str:
    record = one.record
    org = next(iter(_org_ids(making, record)), "")
    name = making.name(record.get("name"), at(one.path, "name"))
    alias = making.text(record.get("alternate_name"), one.path, "other names")
    place = place_of("organizations", identifier)
    if record.get("description"):
        making.leave("descriptions of organisations", "the tables tell of what they provide")
    _leave(making, record)
    aliases = [alias] if alias else []
    return making.agency(identifier, name, (place, one.path), org, aliases=aliases)


def _parent(making: Making, identifier: str, one: _Found, known: Mapping[str, str]) -> None:
    above = one.record.get("parent_organization_id")
    if not above:
        return
    if above in known and known[above] != known[identifier]:
        place = place_of("organizations", identifier)
        org = next(iter(_org_ids(None, one.record)), "")
        making.agency(identifier, "", (place, one.path), org, part_of=known[above])
    else:
        making.leave("organisations above that are not in the data", "nothing is known of them")


def _org_ids(making: Making | None, record: Mapping[str, Any]) -> list[str]:
    found = []
    for one in record.get("organization_identifiers") or ():
        whole = org_id(
            one.get("identifier_scheme") or "",
            str(one.get("identifier") or ""),
            one.get("identifier_type") or "",
        )
        if whole:
            found.append(whole)
        elif making:
            making.leave("identifiers of no register at org-id.guide", "they join with nothing")
    ranked = sorted(set(found))
    if making:
        making.leave("second org-ids of an organisation", "one is kept", max(len(ranked) - 1, 0))
    return ranked


def _leave(making: Making, record: Mapping[str, Any]) -> None:
    for key, (what, why) in _NOT_KEPT.items():
        value = record.get(key)
        making.leave(what, why, len(value) if isinstance(value, list) else 1 if value else 0)


def _service(
    making: Making,
    identifier: str,
    one: _Found,
    given: list[_Found],
    organizations: Mapping[str, str],
    terms: Terms,
    at_places: Mapping[str, list[tuple[Any, str]]],
) -> None:
    record, path = one.record, one.path
    row_id = making.key(identifier)
    place = place_of("services", identifier), path
    means = [_meaning(making, a, terms) for a in record.get("attributes") or ()]
    safe = _is_safe(record, means)
    if safe:
        without = ("organization",)
        said = [({k: v for k, v in f.record.items() if k not in without}, f.path) for f in given]
        making.hides([*said, *at_places.get(identifier, ())])
    standing, availability, ground = _STANDING[record["status"]]
    day = day_of(record.get("assured_date")) or day_of(record.get("last_modified"))
    areas = [
        (part.get("uri") or part.get("extent") or "", _short_name(making, part, path), path)
        for part in record.get("service_areas") or ()
    ]
    kinds = _kinds(means)
    making.leave("further types of a service", "a service has one", max(len(kinds) - 1, 0))
    ages = _ages(record)
    alias = making.text(record.get("alternate_name"), path, "other names").replace(";", ",")
    cells = {
        "name": making.name(record.get("name"), at(path, "name")),
        "also_called": alias,
        "type": kinds[0] if kinds else "",
        "needs": SEPARATOR.join(sorted({m.cell for m in means if m.kind == "Need"})),
        "area": making.areas(areas, place[0], safe),
        "standing": standing,
        "availability": availability,
        "description": making.text(record.get("description"), path, "descriptions"),
        "as_of": making.dated(day),
        "note": f"The feed gives it as for people {ages}." if ages else "",
    }
    making.row("services", row_id, place, cells, ground)
    _leave(making, record)
    holder = str((record.get("organization") or {}).get("id") or record.get("organization_id"))
    if holder in organizations:
        provides = {"agency": organizations[holder], "role": "provides", "service": row_id}
        making.row("provisions", making.key("provides", identifier), place, provides)
    _terms(making, means, place)
    _reaches(making, identifier, means, ages, place)
    _funding(making, identifier, record, path, place)


def _is_safe(record: Mapping[str, Any], means: Iterable[Meaning]) -> bool:
    terms = [a.get("taxonomy_term") or {} for a in record.get("attributes") or ()]
    words = [term.get(key) for term in terms for key in ("name", "term")]
    own = [record.get(key) for key in ("name", "alternate_name", "description")]
    named = is_safe(*own, *words)
    return named or any(is_safe_type(meaning.cell) for meaning in means)


def _short_name(making: Making, area: Mapping[str, Any], path: str) -> str:
    """The name of an area where it is one, and not a sentence."""
    name = area.get("name") or ""
    return making.text(name, path, "names of areas") if len(name) <= 60 else ""


def _ages(record: Mapping[str, Any]) -> str:
    low, high = record.get("minimum_age"), record.get("maximum_age")
    if low is not None and high is not None:
        return f"aged {low} to {high}"
    if low is not None:
        return f"aged {low} and over"
    return f"aged up to {high}" if high is not None else ""


def _meaning(making: Making, attribute: Mapping[str, Any], terms: Terms) -> Meaning:
    term = attribute.get("taxonomy_term") or {}
    words = [" ".join(str(term.get(key) or "").split()) for key in ("name", "term")]
    signs = f"{term.get('taxonomy') or ''} {attribute.get('link_type') or ''}"
    meaning = terms.meaning(term.get("term_uri") or "", words, signs)
    if meaning.kind and not meaning.cell:
        name = making.text(words[0], "", "terms")
        own = making.key("term", str(term.get("id")))
        return Meaning(meaning.kind, own, name) if name else Meaning("")
    if term and not meaning.kind:
        making.leave("terms of no known group, need or type of service", "what they mean is open")
    return meaning


def _kinds(means: Iterable[Meaning]) -> list[str]:
    """The types of a service, safe accommodation first: its rules must hold (SAFETY, rule 1)."""
    found = {m.cell for m in means if m.kind == "ServiceType"}
    return sorted(found, key=lambda c: (not is_safe_type(c), -len(type_chain(c)), c))


def _terms(making: Making, means: Iterable[Meaning], place: tuple[str, str]) -> None:
    tables = {"ClientGroup": "client_groups", "Need": "needs", "ServiceType": "service_types"}
    for meaning in means:
        if meaning.said:
            making.row(tables[meaning.kind], meaning.cell, place, {"name": meaning.said})


def _reaches(
    making: Making,
    identifier: str,
    means: Iterable[Meaning],
    ages: str,
    place: tuple[str, str],
) -> None:
    for cell in sorted({m.cell for m in means if m.kind == "ClientGroup"}):
        cells = {
            "service": making.key(identifier),
            "group": cell,
            "strength": "can be served",
            "condition": ages[:1].upper() + ages[1:],
        }
        making.row("reaches", making.key("reach", identifier, cell), place, cells)


def _funding(
    making: Making,
    identifier: str,
    record: Mapping[str, Any],
    path: str,
    place: tuple[str, str],
) -> None:
    for number, one in enumerate(record.get("funding") or ()):
        where = f"{at(path, 'funding')}[{number}]"
        words = making.text(one.get("source"), where, "sources of funds")
        if not words:
            continue
        is_name = len(words) <= _AT_ONCE
        fund = making.key("fund", words.lower())
        cells = {"name": words} if is_name else {"name": _for(record), "description": words}
        making.row("funds", fund, (place[0], where), cells)
        award = {
            "fund": fund,
            "pays_for": f"service/{making.key(identifier)}",
            "status": "secured",
        }
        key = making.key("award", identifier, str(one["id"]))
        making.row("awards", key, (place[0], where), award, _NO_NAME)


def _for(record: Mapping[str, Any]) -> str:
    return f"Money for {' '.join(record['name'].split())} (described, not named)"
