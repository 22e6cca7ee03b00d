"""OCDS 1.1 as rows of our tables: release packages, record packages and single releases.

A contract is a stream of money with an end: the buyer holds the fund, suppliers provide, the period
of the contract says until when. Releases of one process are put together, the later word before the
earlier. A process is never known by its ocid alone: there are empty ones, and ones used twice.
"""

import datetime
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.imports.feed import Progress
from graph.imports.imported import Imported
from graph.imports.json_text import at, read_json
from graph.imports.making import NO_CONTACTS, Making, day_of, place_of, source_of
from graph.imports.marks import local_id, org_id
from graph.imports.paying import Payment, Period, amount_of, between, date_of, leave_fields, pay
from graph.safety import is_safe
from ontology.schema import Schema

_UNDATED = "No release in it has a date."
_GONE = ("cancelled", "unsuccessful")
_STATUS = {"pending": "proposed", "terminated": "ended"}
"""By OCDS's word; a contract that runs, or an award that says nothing, is secured."""
_LEFT = {
    "description": "descriptions of contracts",
    "documents": "documents",
    "items": "items that are bought",
    "milestones": "milestones",
    "implementation": "payments and progress",
    "amendments": "amendments",
}
_MOST_DAYS = 100 * 366
"""The most days that a contract is believed to run."""
_PARTY = ("address", "contactPoint")
_Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Given:
    """A release and its path."""

    path: str
    release: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Process:
    """One process of buying: its key, its releases from the latest, and who takes part."""

    key: tuple[str, ...]
    releases: tuple[_Given, ...]

    def first(self, *keys: str) -> tuple[Any, str]:
        """The latest value at a path of keys, and where it stands; None where nothing is said."""
        for given in self.releases:
            value: Any = given.release
            for key in keys:
                value = value.get(key) if isinstance(value, dict) else None
            if value not in (None, "", [], {}):
                return value, at(given.path, ".".join(keys))
        return None, ""

    def listed(self, key: str) -> list[tuple[Mapping[str, Any], str]]:
        """The latest form of each thing of a list, by its id; fields it omits come from earlier."""
        found: dict[str, tuple[dict[str, Any], str]] = {}
        for given in self.releases:
            for number, one in enumerate(given.release.get(key) or ()):
                path = f"{at(given.path, key)}[{number}]"
                earlier = found.get(str(one.get("id")))
                if earlier:
                    found[str(one.get("id"))] = ({**one, **earlier[0]}, earlier[1])
                else:
                    found[str(one.get("id"))] = (dict(one), path)
        return [found[key] for key in sorted(found)]


def read(
    path: Path | str, slug: str, schema: Schema, progress: Progress = lambda _: None
) -> Imported:
    """The rows of a file of contracts in OCDS."""
    source, shown = source_of("ocds", path)
    making = Making(slug, shown, source)
    document, problems = read_json(Path(path), shown)
    making.problems += problems
    publisher: Any = None
    if not problems:
        found = [g for g in _releases(making, document) if _is_whole(making, g)]
        publisher = document.get("publisher") if isinstance(document, dict) else None
        processes = _processes(found)
        for number, process in enumerate(processes, start=1):
            _process(making, process)
            if number % 1_000 == 0:
                progress(f"contract {number} of {len(processes)}")
    name = publisher.get("name") if isinstance(publisher, dict) else None
    about = {
        "title": f"Contracts (OCDS): {shown}",
        "kind": "register",
        "publisher": making.text(name, "publisher.name", "names of publishers"),
        "document": shown,
    }
    return making.done(schema, about, _UNDATED)


# ---------------------------------------------------------------- releases and processes


def _releases(making: Making, document: Any) -> Iterator[_Given]:
    """Every release of a package, a record or by itself; a record's own compiled one if it has."""
    if isinstance(document, list):
        for number, one in enumerate(document):
            yield from _one(making, one, f"[{number}]")
    elif isinstance(document, dict) and "releases" in document and "ocid" not in document:
        yield from _each(making, document["releases"], "releases")
    elif isinstance(document, dict) and "records" in document:
        yield from _each(making, document["records"], "records")
    else:
        yield from _one(making, document, "")


def _each(making: Making, given: Any, path: str) -> Iterator[_Given]:
    if not isinstance(given, list):
        making.wrong(path, "a list")
        return
    for number, one in enumerate(given):
        yield from _one(making, one, f"{path}[{number}]")


def _one(making: Making, one: Any, path: str) -> Iterator[_Given]:
    if not isinstance(one, dict):
        making.wrong(path, "an object")
    elif isinstance(one.get("compiledRelease"), dict):
        yield _Given(
            at(path, "compiledRelease"), {"ocid": one.get("ocid")} | one["compiledRelease"]
        )
    elif "releases" in one:
        yield from _each(making, one["releases"], at(path, "releases"))
    elif set(one) <= {"url", "date", "tag", "uri"}:
        making.leave("releases given only by their address", "nothing is fetched for a file")
    elif {"ocid", "tag", "awards", "contracts", "tender", "buyer"} & set(one):
        yield _Given(path, one)
    else:
        making.wrong(path, "a release, a release package or a record package of OCDS")


_SHAPES = {
    "buyer": "object",
    "tender": "object",
    "parties": "list",
    "awards": "list",
    "contracts": "list",
}


def _is_whole(making: Making, given: _Given) -> bool:
    """Whether a release can be read: ids where the standard requires them, and the right shapes."""
    before = len(making.problems)
    release, path = given.release, given.path
    for key, kind in _SHAPES.items():
        _shape(making, release.get(key), kind, at(path, key))
    for key in ("awards", "contracts", "parties"):
        for number, one in _numbered(release.get(key)):
            where = f"{at(path, key)}[{number}]"
            if not isinstance(one, dict):
                making.wrong(where, "an object")
            elif not isinstance(one.get("id"), str | int) or one["id"] == "":
                making.wrong(at(where, "id"), "an id")
            else:
                _parts(making, one, where)
    for key in ("ocid", "id", "date"):
        if release.get(key) is not None and not isinstance(release[key], str | int):
            making.wrong(at(path, key), "text")
    tender = release.get("tender")
    if isinstance(tender, dict):
        _parts(making, tender, at(path, "tender"))
    return len(making.problems) == before


def _parts(making: Making, one: Mapping[str, Any], path: str) -> None:
    parts = {
        "value": "object",
        "period": "object",
        "contractPeriod": "object",
        "suppliers": "list",
        "identifier": "object",
        "procuringEntity": "object",
    }
    for key, kind in parts.items():
        _shape(making, one.get(key), kind, at(path, key))
    for number, supplier in _numbered(one.get("suppliers")):
        if not isinstance(supplier, dict):
            making.wrong(f"{at(path, 'suppliers')}[{number}]", "an object")
    if one.get("status") is not None and not isinstance(one["status"], str):
        making.wrong(at(path, "status"), "text")


def _shape(making: Making, value: Any, kind: str, path: str) -> None:
    if value is not None and not isinstance(value, dict if kind == "object" else list):
        making.wrong(path, f"an {kind}" if kind == "object" else f"a {kind}")


def _numbered(value: Any) -> Iterable[tuple[int, Any]]:
    return enumerate(value) if isinstance(value, list) else ()


def _processes(found: Iterable[_Given]) -> list[_Process]:
    """Releases by process: the same ocid, buyer and tender. Without an ocid each is its own."""
    groups: dict[tuple[str, ...], list[_Given]] = defaultdict(list)
    for given in found:
        release = given.release
        own = str(release.get("ocid") or "").strip() or f"release {_own_name(release)}"
        groups[own, _buyer_key(release)].append(given)
    processes = []
    for key, releases in sorted(groups.items()):
        tenders = {_tender(g) for g in releases} - {""}
        if len(tenders) < 2:
            processes.append(_process_of(key, releases))
            continue
        # The same ocid for two tenders of a buyer: two processes, whatever the number says.
        for tender in sorted({_tender(g) for g in releases}):
            of_it = [g for g in releases if _tender(g) == tender]
            processes.append(_process_of((*key, tender), of_it))
    return processes


def _own_name(release: Mapping[str, Any]) -> str:
    """What a release without an ocid is known by: its id, or else all that it says."""
    return str(release.get("id") or "") or local_id(
        json.dumps(release, sort_keys=True, default=str)
    )


def _process_of(key: tuple[str, ...], releases: Iterable[_Given]) -> _Process:
    latest = sorted(
        releases,
        key=lambda g: (str(g.release.get("date") or ""), str(g.release.get("id") or "")),
        reverse=True,
    )
    return _Process(key, tuple(latest))


def _tender(given: _Given) -> str:
    return str((given.release.get("tender") or {}).get("id") or "")


def _buyer_key(release: Mapping[str, Any]) -> str:
    buyer = release.get("buyer") or (release.get("tender") or {}).get("procuringEntity") or {}
    return str(buyer.get("id") or buyer.get("name") or "")


# ---------------------------------------------------------------- one process


def _process(making: Making, process: _Process) -> None:
    awards, contracts = process.listed("awards"), process.listed("contracts")
    place = place_of("contracts", process.key[0])
    parties = {str(p.get("id")): (p, path) for p, path in process.listed("parties")}
    for party, _ in parties.values():
        leave = sum(1 for key in _PARTY if party.get(key))
        making.leave("addresses and contacts of organisations", NO_CONTACTS, leave)
    for given in process.releases:
        leave_fields(
            making, given.release, {"planning": "plans", "relatedProcesses": "related processes"}
        )
    if not awards and not contracts:
        making.leave("processes without an award", "no money is given yet")
        return
    date, _ = process.first("date")
    making.dated(day_of(date))
    by_award = {str(a.get("id")): (a, path) for a, path in awards}
    used = set()
    for contract, path in contracts:
        award, award_path = by_award.get(str(contract.get("awardID")), ({}, ""))
        used.add(str(contract.get("awardID")))
        _contract(making, process, parties, (contract, path), (award, award_path), place)
    for key, (award, path) in sorted(by_award.items()):
        if key not in used:
            _contract(making, process, parties, ({}, ""), (award, path), place)


_Part = tuple[Mapping[str, Any], str]


def _contract(
    making: Making,
    process: _Process,
    parties: Mapping[str, _Part],
    contract: _Part,
    award: _Part,
    where: str,
) -> None:
    said = contract[0].get("status") or award[0].get("status") or ""
    if {contract[0].get("status"), award[0].get("status")} & set(_GONE):
        making.leave("awards that were cancelled or not made", "no money is given")
        return
    main, path = contract if contract[0] else award
    place = where, path
    title, title_path = _title(process, contract, award)
    safe = is_safe(title)
    if safe:
        making.hides(_where_given(process, contract, award))
    holder, holder_name = _buyer(making, process, parties, place)
    value, value_path = _value(contract, award)
    providers = [
        _party(making, supplier, parties, f"{at(award[1], 'suppliers')}[{number}]", where)[0]
        for number, supplier in enumerate(award[0].get("suppliers") or ())
    ]
    if not providers:
        making.leave("contracts without a supplier", "who provides is not said")
    period, extension = _periods(making, process, contract, award)
    date, _ = process.first("date")
    fund = f"Contracts of {holder_name}" if holder_name else "Contracts (the buyer is not named)"
    payment = Payment(
        form="contract",
        key=(*process.key, str(award[0].get("id") or ""), str(contract[0].get("id") or "")),
        place=place,
        title=making.name(title, title_path),
        fund_key=("contracts", holder or process.key[0]),
        fund=fund,
        holder=holder,
        providers=providers,
        status=_STATUS.get(said, "secured"),
        amount=amount_of(
            making, value.get("amount"), value.get("currency"), at(value_path, "amount")
        ),
        period=Period(period),
        extension=extension,
        as_of=making.dated(day_of(date)),
        safe=safe,
    )
    pay(making, payment)
    leave_fields(making, main, _LEFT)


def _title(process: _Process, contract: _Part, award: _Part) -> tuple[Any, str]:
    for part, path in (contract, award):
        if part.get("title"):
            return part["title"], at(path, "title")
    title, path = process.first("tender", "title")
    return title, path or at((contract if contract[0] else award)[1], "title")


def _value(contract: _Part, award: _Part) -> _Part:
    for part, path in (contract, award):
        if part.get("value"):
            return part["value"], at(path, "value")
    return {}, ""


def _where_given(process: _Process, contract: _Part, award: _Part) -> list[tuple[Any, str]]:
    """Everything of a process that may say where something is, but for the parties' own seats."""
    parts: list[tuple[Any, str]] = [contract, award]
    for given in process.releases:
        for key in ("tender", "planning"):
            part = given.release.get(key)
            if isinstance(part, dict):
                rest = {k: v for k, v in part.items() if k not in ("procuringEntity", "tenderers")}
                parts.append((rest, at(given.path, key)))
    return parts


def _buyer(
    making: Making, process: _Process, parties: Mapping[str, _Part], place: _Place
) -> tuple[str, str]:
    buyer, path = process.first("buyer")
    if buyer is None:
        buyer, path = process.first("tender", "procuringEntity")
    if not isinstance(buyer, dict):
        making.leave("contracts without a buyer", "who pays is not said")
        return "", ""
    return _party(making, buyer, parties, path, place[0])


def _party(
    making: Making, named: Mapping[str, Any], parties: Mapping[str, _Part], path: str, where: str
) -> tuple[str, str]:
    """The id and name of an organisation, by the party that it refers to."""
    party, party_path = parties.get(str(named.get("id")), ({}, ""))
    identifier = party.get("identifier") or named.get("identifier") or {}
    name_path = at(party_path, "name") if party.get("name") else at(path, "name")
    name = making.name(party.get("name") or named.get("name"), name_path)
    numbers = [
        org_id(str(identifier.get("scheme") or ""), str(identifier.get("id") or "")),
        org_id("", str(named.get("id") or "")),
    ]
    legal = making.text(identifier.get("legalName"), path, "legal names")
    aliases = [legal] if legal and legal != name else []
    org = next(filter(None, numbers), "")
    own = str(named.get("id") or name)
    return making.agency(own, name, (where, path), org, aliases=aliases), name


def _periods(making: Making, process: _Process, contract: _Part, award: _Part) -> tuple[str, str]:
    """The period and until when it can be extended: the contract's, else the award's or tender's.

    A block that says no end gives way to one that does.
    """
    tender, path = process.first("tender", "contractPeriod")
    blocks = [
        (contract[0].get("period"), at(contract[1], "period")),
        (award[0].get("contractPeriod"), at(award[1], "contractPeriod")),
        (tender, path),
    ]
    found = [(block, path) for block, path in blocks if isinstance(block, dict)]
    read_blocks = [
        (*_start_and_end(making, block, path), date_of(making, block, "maxExtentDate", path), path)
        for block, path in found
    ]
    period = ""
    for start, end, _, path in sorted(read_blocks, key=lambda b: (not b[1], not b[0])):
        period = between(making, start, end, path)
        if period:
            break
    longest = next((most for _, _, most, _ in read_blocks if most), "")
    if not period and any(block.get("durationInDays") for block, _ in found):
        making.leave("durations without a start", "their end cannot be counted")
    return period, longest


def _start_and_end(making: Making, block: Mapping[str, Any], path: str) -> tuple[str, str]:
    """When a period starts and ends; its days are counted from the first one where only they are.

    OCDS counts in days, the first among them.
    """
    start, end = (date_of(making, block, key, path) for key in ("startDate", "endDate"))
    first, days = day_of(start), block.get("durationInDays")
    if end or first is None or type(days) is not int or not 0 < days <= _MOST_DAYS:
        return start, end
    return start, (first + datetime.timedelta(days=days - 1)).isoformat()
