"""What can be wrong with the pages of a list: each by itself, and all of them together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.oruk.findings import shown

_NUMBERS = ("total_items", "total_pages", "page_number", "size")
_FLAGS = ("first_page", "last_page", "empty")


@dataclass(frozen=True, slots=True)
class PageFault:
    """A rule that a page breaks."""

    rule: str
    pointer: str
    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, as far as its envelope can be read."""

    asked: str
    number: int
    """The page that was asked for; 0 where nobody asked, as of a file."""
    per_page: int
    said: Mapping[str, int]
    flags: Mapping[str, bool]
    ids: tuple[str, ...]
    there: int
    """How many records it has."""


def page_of(document: Any, asked: str, number: int, per_page: int) -> Page | None:
    """A page, or None where there is no list of contents."""
    if not isinstance(document, dict) or not isinstance(document.get("contents"), list):
        return None
    contents = document["contents"]
    ids = tuple(
        record["id"]
        for record in contents
        if isinstance(record, dict) and isinstance(record.get("id"), str)
    )
    said = {k: v for k in _NUMBERS if type(v := document.get(k)) is int and v >= 0}
    flags = {k: v for k in _FLAGS if type(v := document.get(k)) is bool}
    return Page(asked, number, per_page, said, flags, ids, len(contents))


def envelope_faults(document: Any) -> Iterator[PageFault]:
    """What is missing from an envelope, or of the wrong type."""
    if not isinstance(document, dict):
        yield PageFault("envelope", "", shown(document), "an object with contents")
        return
    for keys, kind, expected in (
        (_NUMBERS, int, "a whole number, 0 or more"),
        (_FLAGS, bool, "true or false"),
        (("contents",), list, "a list of records"),
    ):
        for key in keys:
            value = document.get(key)
            if type(value) is not kind or (isinstance(value, int) and value < 0):
                found = shown(value) if key in document else "nothing"
                yield PageFault("envelope", f"/{key}", found, expected)


def page_faults(page: Page) -> Iterator[PageFault]:
    """What a page says of itself and is not so."""
    said, flags = page.said, page.flags
    if said.get("size", page.there) != page.there:
        yield PageFault("page-size", "/size", str(said["size"]), f"{page.there}, as in contents")
    number, total = said.get("page_number"), said.get("total_pages")
    if number is not None and page.number and number != page.number:
        yield PageFault("page-number", "/page_number", str(number), f"{page.number}, as asked")
    if flags.get("empty", page.there == 0) != (page.there == 0):
        yield _flag(page, "empty", page.there == 0)
    if number is not None and flags.get("first_page", number <= 1) != (number <= 1):
        yield _flag(page, "first_page", number <= 1)
    if number is not None and total is not None:
        is_last = number >= total
        if flags.get("last_page", is_last) != is_last:
            yield _flag(page, "last_page", is_last)
        if page.there and number > max(total, 1):
            yield PageFault("page-totals", "/total_pages", str(total), f"{number} or more")
    yield from _arithmetic(page)
    if page.per_page and page.there > page.per_page:
        expected = f"at most {page.per_page}, as asked"
        yield PageFault("parameter-ignored", "/contents", f"{page.there} records", expected)
    yield from _repeated(page)


def _flag(page: Page, name: str, value: bool) -> PageFault:
    return PageFault("page-flags", f"/{name}", shown(page.flags[name]), shown(value))


def _arithmetic(page: Page) -> Iterator[PageFault]:
    items, total = page.said.get("total_items"), page.said.get("total_pages")
    number = page.said.get("page_number")
    if items is None or total is None:
        return
    if items < page.there:
        expected = f"{page.there} or more, as in contents"
        yield PageFault("page-totals", "/total_items", str(items), expected)
    elif total > max(items, 1) or (items and not total):
        expected = f"1 to {max(items, 1)}, for {items} records"
        yield PageFault("page-totals", "/total_pages", str(total), expected)
    elif number is not None and number < total and page.there:
        # Every page but the last is full, so this one tells how many there must be.
        pages = -(-items // page.there)
        if pages != total:
            expected = f"{pages}: {items} records, {page.there} a page"
            yield PageFault("page-totals", "/total_pages", str(total), expected)
    elif total == 1 and number == 1 and items != page.there:
        expected = f"{page.there}, as in contents of the only page"
        yield PageFault("page-totals", "/total_items", str(items), expected)


def _repeated(page: Page) -> Iterator[PageFault]:
    seen: set[str] = set()
    for number, identifier in enumerate(page.ids):
        if identifier.lower() in seen:
            found = shown(identifier)
            yield PageFault("id-repeated", f"/contents/{number}/id", found, "an id of its own")
        seen.add(identifier.lower())


def together(pages: Sequence[Page]) -> Iterator[tuple[Page, PageFault]]:
    """What pages of one list, asked for in the same size, say differently or give twice."""
    ordered = sorted(pages, key=lambda p: p.said.get("page_number", p.number))
    if not ordered:
        return
    first = ordered[0]
    for page in ordered[1:]:
        for key in ("total_items", "total_pages"):
            if page.said.get(key) != first.said.get(key):
                expected = f"{first.said.get(key)}, as before"
                fault = PageFault("page-totals", f"/{key}", str(page.said.get(key)), expected)
                yield page, fault
    yield from _not_full(ordered)
    yield from _twice(ordered)
    numbers = {page.said.get("page_number", page.number) for page in ordered}
    total, items = first.said.get("total_pages"), first.said.get("total_items")
    there = sum(page.there for page in ordered)
    if total and numbers == set(range(1, total + 1)) and len(ordered) == total and there != items:
        expected = f"{items}, as total_items says"
        yield ordered[-1], PageFault("page-count", "/total_items", f"{there} records", expected)


def _not_full(ordered: Sequence[Page]) -> Iterator[tuple[Page, PageFault]]:
    size = ordered[0].there
    for page in ordered[1:]:
        number, total = page.said.get("page_number"), page.said.get("total_pages")
        if number is not None and total is not None and number < total and page.there != size:
            expected = f"{size} records, as on the page before"
            yield page, PageFault("page-full", "/contents", f"{page.there} records", expected)


def _twice(ordered: Sequence[Page]) -> Iterator[tuple[Page, PageFault]]:
    whose: dict[str, Page] = {}
    for page in ordered:
        for number, identifier in enumerate(page.ids):
            other = whose.setdefault(identifier.lower(), page)
            if other is not page:
                expected = f"a record that is not on {other.asked} as well"
                place = f"/contents/{number}/id"
                yield page, PageFault("id-repeated", place, shown(identifier), expected)
