"""The directory as a folder of pages that work from a memory stick, with scripts or without.

The pages are those of the public application (api/templates/directory). Instead of a search there
are lists: all services by name, by need, by group and by area. Addresses and titles say nothing of
what a list holds: it has a mark made of its name.
"""

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api import design_system
from api.directory.pages import Frame, mark_of, page
from api.directory.words import Words, languages, words
from api.directory_out.listing import Listed, Listing, Told
from api.directory_out.told import area_of
from graph.ids import partnership_of
from queries.directory.directory import Entry, HelplineEntry, Place

_STATIC = Path(__file__).parent.parent / "static"
_ASSETS = "assets"
_PLAIN = {
    "safety": "safety.html",
    "accessibility": "accessibility.html",
    "help-now": "help_now.html",
}
_NO_GROUP = ("excluded", "under-served")


@dataclass(frozen=True, slots=True)
class File:
    """One file of what is handed out: its path below the folder, and its content."""

    path: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Link:
    """A list or a file that a page leads to; `number` is how many services it holds."""

    name: str
    path: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class _At:
    """Where a page is: its path below the root of its language, from which links are relative."""

    spoken: Words
    path: str

    @property
    def whole(self) -> str:
        return f"{self.spoken.prefix}/{self.path}".lstrip("/")

    def to(self, path: str) -> str:
        """The way to another page of the same language."""
        return posixpath.relpath(path, posixpath.dirname(self.path) or ".")

    def out(self, path: str) -> str:
        """The way to a file that all languages share."""
        return posixpath.relpath(path, posixpath.dirname(self.whole) or ".")

    def in_language(self, other: Words) -> str:
        """The way to the same page in another language."""
        return self.out(_At(other, self.path).whole)


def site(told: Sequence[Told], downloads: Mapping[str, Sequence[Link]]) -> Iterator[File]:
    """All files of the site. `downloads` are by place the files beside it that pages lead to."""
    yield from assets()
    for code in languages():
        yield from _Site(words(code), told, downloads).files()


def assets() -> Iterator[File]:
    """The style sheets and scripts that the pages ask for, and the licence of what is not ours."""
    for name in ("exit.css", "directory.css", "directory-pages.js"):
        yield File(f"{_ASSETS}/{name}", (_STATIC / name).read_bytes())
    if design_system.is_installed():
        at = design_system.folder()
        for name in (design_system.STYLE, design_system.LICENCE):
            yield File(f"{_ASSETS}/design-system/{name}", (at / name).read_bytes())
        script = (at / design_system.SCRIPT).read_text(encoding="utf-8")
        content = design_system.classic_script(script).encode()
        yield File(f"{_ASSETS}/design-system/{design_system.SCRIPT}", content)


class _Site:
    """The pages in one language."""

    def __init__(
        self, spoken: Words, told: Sequence[Told], downloads: Mapping[str, Sequence[Link]]
    ) -> None:
        self._spoken = spoken
        self._told = told
        self._downloads = downloads
        self._places = [one.place for one in told]
        self._until = min(one.help.until for one in told)

    def files(self) -> Iterator[File]:
        """All pages of the language."""
        lines = list(dict.fromkeys(line for one in self._told for line in one.help.helplines))
        if len(self._told) > 1:
            found = [Link(area_of(p), _start(p)) for p in self._places]
            yield self._page("index.html", "out/places.html", self._places, lines, found=found)
        for name, template in _PLAIN.items():
            yield self._page(f"{name}.html", template, self._places, lines)
        for one in self._told:
            yield from self._place(one)

    def _place(self, one: Told) -> Iterator[File]:
        """The pages of one place."""
        at = f"places/{one.place.slug}"
        everything = Link("", f"{at}/a-z.html", len(one.help.listed))
        change = Link("", f"{at}/change.html", len(one.change.listed))
        lists = self._lists(one.help)
        yield self._of(
            one.help,
            _start(one.place) if len(self._told) > 1 else "index.html",
            "out/place.html",
            area=area_of(one.place),
            lists=[(kind, [link for link, _ in found]) for kind, found in lists],
            everything=everything,
            change=change if one.change.listed else None,
            downloads=self._downloads.get(one.place.slug, ()),
        )
        whole = [(everything, one.help.listed), *(f for _, found in lists for f in found)]
        for link, listed in whole:
            yield self._list(one.help, link, listed)
        if one.change.listed:
            yield self._list(one.change, change, one.change.listed)
        for listing in (one.help, one.change):
            for each in listing.listed:
                yield from self._service(listing, each)

    def _lists(self, listing: Listing) -> list[tuple[str, list[tuple[Link, list[Listed]]]]]:
        """The lists of a place by kind: for each need, group and area the services that have it."""
        kinds: tuple[tuple[str, Callable[[Entry], Iterable[str]]], ...] = (
            ("needs", lambda entry: entry.needs),
            (
                "groups",
                lambda entry: (g.name for g in entry.groups if g.strength not in _NO_GROUP),
            ),
            ("areas", lambda entry: entry.areas),
        )
        found = []
        for kind, names in kinds:
            by_name: dict[str, list[Listed]] = {}
            for one in listing.listed:
                for name in dict.fromkeys(names(one.entry)):
                    by_name.setdefault(name, []).append(one)
            links = [
                (Link(self._spoken.term(name), _list_path(listing, kind, name), len(own)), own)
                for name, own in sorted(by_name.items(), key=lambda i: self._spoken.rank(i[0]))
            ]
            found.append((kind, links))
        return found

    def _list(self, listing: Listing, link: Link, listed: Sequence[Listed]) -> File:
        return self._of(listing, link.path, "out/list.html", name=link.name, listed=listed)

    def _service(self, listing: Listing, one: Listed) -> Iterator[File]:
        path = _service_path(one.entry.id)
        context: dict[str, Any] = {"entry": one.entry, "reasons": one.reasons, "hidden_fields": []}
        context |= {"steps": _steps_path(one.entry), "pathway": one.pathway, "service": path}
        yield self._of(listing, path, "out/service.html", **context)
        yield self._of(listing, context["steps"], "out/steps.html", **context)

    def _of(self, listing: Listing, path: str, template: str, **context: Any) -> File:
        """A page of one place."""
        context |= {"until": listing.until, "changing": listing.changing}
        context["start"] = _start(listing.place) if len(self._told) > 1 else "index.html"
        return self._page(path, template, [listing.place], listing.helplines, **context)

    def _page(
        self,
        path: str,
        template: str,
        concerned: Sequence[Place],
        lines: Sequence[HelplineEntry],
        **context: Any,
    ) -> File:
        at = _At(self._spoken, path)
        frame = Frame(self._spoken, path, tuple(concerned), tuple(lines))
        given = {
            "until": self._until,
            "url": lambda name: at.to(f"{name}.html" if name in _PLAIN else "index.html"),
            "to": at.to,
            "out": at.out,
            "asset": lambda name: at.out(f"{_ASSETS}/{name}"),
            "in_language": at.in_language,
            "service_url": lambda entry: at.to(_service_path(entry.id)),
            "origin_url": lambda identifier: at.to(_service_path(identifier)),
            "data_url": "",
            **context,
        }
        return File(at.whole, page(template, frame, **given).encode())


def _start(place: Place) -> str:
    return f"places/{place.slug}/index.html"


def _list_path(listing: Listing, kind: str, name: str) -> str:
    return f"places/{listing.place.slug}/list/{mark_of(f'{kind} {name}')}.html"


def _service_path(identifier: str) -> str:
    return f"places/{partnership_of(identifier)}/service/{mark_of(identifier)}.html"


def _steps_path(entry: Entry) -> str:
    return f"places/{entry.slug}/service/{mark_of(entry.id)}-steps.html"
