"""What was asked of a feed and what came back, as a list that a check can go through.

A feed on the web is recorded first (see `graph/oruk/crawl.py`), so that it can be judged where
there is no network. A folder of files is the same with less: no status, no headers and no
parameters.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pydantic import TypeAdapter

from graph.confidential import without_hidden
from graph.oruk.findings import ENDPOINTS

RECORD = "exchanges.json"
"""The file of a recorded feed that lists what was asked; the answers lie beside it."""


class Role(StrEnum):
    """Why something was asked."""

    root = "root"
    page = "page"
    """A page of a list, of the size that most pages have here."""
    small = "small page"
    """A page of one record: does `per_page` do anything?"""
    item = "item"
    unknown = "unknown id"
    beyond = "page beyond the last"
    odd = "odd value"
    parameter = "parameter"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer."""

    endpoint: str
    role: Role
    asked: str
    """Path and query below the base, or the name of the file."""
    file: str = ""
    """Where the content lies, below the folder; empty where nothing came."""
    failure: str = ""
    """Why nothing came."""
    is_live: bool = False
    """Whether it came over the web: then there is a status, and headers."""
    status: int = 200
    content_type: str = ""
    origin: str = ""
    """The header Access-Control-Allow-Origin."""
    identifier: str = ""
    """The id that was asked for."""
    page: int = 0
    per_page: int = 0
    parameters: tuple[tuple[str, str], ...] = ()
    targets: tuple[str, ...] = ()
    """Ids of records that must come back."""
    fits_none: bool = False
    """Whether no record can fit the parameters."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """All that was asked of a feed."""

    source: str
    exchanges: tuple[Exchange, ...]
    not_checked: tuple[str, ...] = ()


def write_recorded(recorded: Recorded, folder: Path) -> None:
    """Write the list of what was asked beside its answers."""
    (folder / RECORD).write_bytes(TypeAdapter(Recorded).dump_json(recorded))


def read_recorded(folder: Path) -> Recorded:
    """The list of what was asked, of a folder that `crawl` wrote."""
    return TypeAdapter(Recorded).validate_json((folder / RECORD).read_bytes())


_ROOTS = ("index", "api_details")
_SINGLE = {
    "service": "/services",
    "taxonomy": "/taxonomies",
    "taxonomy_term": "/taxonomy_terms",
    "service_at_location": "/service_at_locations",
    "organization": "/organizations",
}
_PAGE = re.compile(r"(?P<name>\w+?)(?:-(?P<page>\d{1,9}))?")
_ITEM = re.compile(r"(?P<name>\w+?)(?:_full)?")


def endpoint_of(name: str) -> tuple[str, Role, int] | None:
    """The endpoint that a file is of, by its path below the folder; its role and page.

    Three layouts are known: our export (`services.json`, `services/<id>.json`), the same with pages
    (`services-2.json`), and that of the standard's examples (`service_list.json`,
    `service_full.json`).

    >>> endpoint_of("services/0b1f.json")
    ('/services/{id}', <Role.item: 'item'>, 0)
    """
    folder, _, file = name.rpartition("/")
    stem = file.removesuffix(".json")
    if folder:
        endpoint = f"/{folder}/{{id}}"
        return (endpoint, Role.item, 0) if endpoint in ENDPOINTS else None
    if stem in _ROOTS:
        return "/", Role.root, 0
    if stem.endswith("_list") and stem.removesuffix("_list") in _SINGLE:
        return _SINGLE[stem.removesuffix("_list")], Role.page, 0
    page = _PAGE.fullmatch(stem)
    if page and f"/{page['name']}" in ENDPOINTS:
        return f"/{page['name']}", Role.page, int(page["page"] or 0)
    item = _ITEM.fullmatch(stem)
    if item and item["name"] in _SINGLE:
        return f"{_SINGLE[item['name']]}/{{id}}", Role.item, 0
    return None


def saved(folder: Path) -> Recorded:
    """A folder of files as a feed; those that are of no endpoint are named as not checked."""
    exchanges, others = [], 0
    for path in sorted(folder.rglob("*.json")):
        name = path.relative_to(folder).as_posix()
        found = endpoint_of(name)
        if found is None:
            others += 1
            continue
        endpoint, role, page = found
        asked = without_hidden(name)
        exchanges.append(Exchange(endpoint, role, asked, name, page=page))
    not_checked = [
        "Status, headers, an id that nobody has, and parameters: files cannot show them.",
    ]
    if others:
        not_checked.append(f"Files that are of no endpoint: {others}.")
    return Recorded(folder.name, tuple(_in_order(exchanges)), tuple(not_checked))


def _in_order(exchanges: Sequence[Exchange]) -> list[Exchange]:
    """The root, then each list with its pages in order, then records by their id."""
    places = list(ENDPOINTS)
    return sorted(
        exchanges, key=lambda e: (ENDPOINTS[e.endpoint].is_item, places.index(e.endpoint), e.page)
    )
