"""Writing the directory out: every medium into a new folder, which then takes its place whole.

What an earlier export held and this one does not is gone with the old folder: a page that was
withdrawn must not stay behind. A folder that holds anything else than such an export is refused.
"""

import datetime
import hashlib
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from api import design_system
from api.directory_out import told as plain
from api.directory_out.booklet import PAPERS, booklet
from api.directory_out.fragment import fragment
from api.directory_out.listing import Listing, Told, chosen_places, listings
from api.directory_out.sheet import sheet
from api.directory_out.site import File, Link, site
from api.published import Snapshot
from graph.errors import FingerpostError
from graph.exports.openreferral import write_openreferral
from queries.directory.directory import directory

MANIFEST = "files.txt"
"""The list of all files with their SHA-256, as `sha256sum --check` reads it."""
_EACH = 500
"""After so many files progress is told."""


class Medium(StrEnum):
    """One of the forms in which the directory is handed out."""

    site = "site"
    booklet = "booklet"
    csv = "csv"
    feed = "feed"
    fragment = "fragment"


class PublishError(FingerpostError):
    """The directory cannot be written to the place that was named."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to hand out: of which partnerships (all if none), in which media, and how.

    `heading` is the level at which headings of a fragment begin; `fonts` are folders with more
    typefaces for booklets.
    """

    slugs: tuple[str, ...] = ()
    media: frozenset[Medium] = frozenset(Medium)
    heading: int = 2
    fonts: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """What was written: how many files, for which places until when, and what to know of it."""

    files: int
    until: Mapping[str, datetime.date]
    remarks: tuple[str, ...]


def publish(
    snapshot: Snapshot,
    out: Path,
    on: datetime.date,
    wanted: Wanted,
    say: Callable[[str], None] = lambda _: None,
) -> Done:
    """Write what is told on a day of a public release into the folder `out`.

    The same release, day and wishes give the same bytes.

    Raises PublishError where `out` holds other files, FingerpostError for a partnership that is not
    there, and OSError where nothing can be written; then `out` is as it was.
    """
    check_ours(out)
    out = out.resolve()
    known = directory(snapshot.graph, snapshot.schema)
    places = chosen_places(known, wanted.slugs)
    if not places:
        raise FingerpostError(
            "The public release holds no partnership. Build one first: fingerpost build"
        )
    say("reading what can be told")
    told = list(listings(known, places, on))
    job = _Job(snapshot, told, on, wanted, say)
    new = _beside(out, "new")
    _remove(new)
    new.mkdir(parents=True)
    try:
        files = _write(job, new)
        check_ours(out)  # It took a while: somebody may have put a file there.
        _swap(new, out)
    finally:
        _remove(new)
    until = {one.place.slug: one.help.until for one in told}
    return Done(files, until, tuple(job.remarks))


def check_ours(out: Path) -> None:
    """Check that a folder is missing, empty, or an export with nothing else in it.

    Raises PublishError where it is not.
    """
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise PublishError(f"{out} is no folder. Name a new folder, or one of an earlier export.")
    if not out.exists() or not any(out.iterdir()):
        return
    try:
        lines = (out / MANIFEST).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        lines = []
    ours = {line[66:] for line in lines} | {MANIFEST}
    others = [name for name in _files_below(out) if name not in ours]
    if not lines or others:
        raise PublishError(
            f"{out} holds files that are not of an earlier export ({len(others)} of them), and "
            "they would be lost. Name a new folder, or take them away."
        )


@dataclass(slots=True)
class _Job:
    snapshot: Snapshot
    told: Sequence[Told]
    on: datetime.date
    wanted: Wanted
    say: Callable[[str], None]
    remarks: list[str] = field(default_factory=list)


def _write(job: _Job, folder: Path) -> int:
    """Write all media below a folder; returns the number of files."""
    for count, file in enumerate(_files(job), 1):
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
        if count % _EACH == 0:
            job.say(f"{count} files")
    if Medium.feed in job.wanted.media:
        for one in job.told:
            slug = one.place.slug
            job.say(f"the feed of {slug}")
            graph, schema = job.snapshot.graph, job.snapshot.schema
            write_openreferral(graph, schema, slug, folder / "feed" / slug, job.on)
    names = _files_below(folder)
    lines = (f"{_hash(folder / name)}  {name}\n" for name in names)
    (folder / MANIFEST).write_text("".join(lines), encoding="utf-8", newline="\n")
    return len(names) + 1


def _files(job: _Job) -> Iterator[File]:
    yield File("README.txt", _readme(job.told, job.wanted.media))
    if Medium.site in job.wanted.media:
        job.say("the pages")
        if not design_system.is_installed():
            job.remarks.append(
                "The pages work and are plain: the Design System is not installed. "
                "Fetch it: python -m api.design_system"
            )
        downloads = {one.place.slug: _downloads(one, job.wanted.media) for one in job.told}
        yield from site(job.told, downloads)
    for one in job.told:
        for listing in (one.help, one.change):
            if listing is one.help or listing.listed:
                yield from _of_listing(job, listing)


def _of_listing(job: _Job, listing: Listing) -> Iterator[File]:
    """The media that are one file for a listing."""
    name, media = _name(listing), job.wanted.media
    if Medium.booklet in media:
        for paper in PAPERS:
            job.say(f"the booklet {name}, {paper.upper()}")
            made = booklet(listing, paper, job.wanted.fonts)
            yield File(f"booklet/{name}-{paper}.pdf", made.pdf)
        if made.missing:
            job.remarks.append(
                f"The booklet {name} has an empty box for {len(made.missing)} letters of which "
                "there is no typeface. Give a folder with typefaces that have them: --fonts FOLDER"
            )
    if Medium.csv in media:
        yield File(f"csv/{name}.csv", sheet(listing))
    if Medium.fragment in media:
        yield File(f"fragment/{name}.html", fragment(listing, job.wanted.heading))


def _name(listing: Listing) -> str:
    """What the files of a listing are called; it says nothing of what help it is."""
    return listing.place.slug + ("-change" if listing.changing else "")


def _downloads(one: Told, media: Collection[Medium]) -> list[Link]:
    """What the pages of a place lead to beside themselves."""
    name, found = _name(one.help), []
    if Medium.booklet in media:
        found += [
            Link("A booklet on small pages, A5 (PDF)", f"booklet/{name}-a5.pdf"),
            Link("A booklet on large pages, A4 (PDF)", f"booklet/{name}-a4.pdf"),
        ]
    if Medium.csv in media:
        found.append(Link("A table (CSV)", f"csv/{name}.csv"))
    return found


_ABOUT = {
    Medium.site: "index.html   open it in a browser: all pages, no network needed",
    Medium.booklet: "booklet/     to print, A5 and A4",
    Medium.csv: "csv/         a row for each service",
    Medium.feed: "feed/        Open Referral UK 3.0, for programs",
    Medium.fragment: "fragment/    to put into a page of another site",
}


def _readme(told: Sequence[Told], media: Collection[Medium]) -> bytes:
    """What is in the folder and how long it can be used."""
    lines = [plain.TITLE, "", plain.EMERGENCY, ""]
    for one in told:
        lines.append(f"{plain.area_of(one.place)}: {plain.until_text(one.help.until)}")
        lines += [f"  {notice}" for notice in plain.notices_of(one.help)]
    lines += ["", *(about for medium, about in _ABOUT.items() if medium in media)]
    lines += [f"{MANIFEST}    all files and their SHA-256", ""]
    return "\n".join(lines).encode()


def _files_below(folder: Path) -> list[str]:
    """The files below a folder by their paths, in order; links count as files."""
    found = (p for p in folder.rglob("*") if p.is_symlink() or not p.is_dir())
    return sorted(p.relative_to(folder).as_posix() for p in found)


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _beside(out: Path, what: str) -> Path:
    """A folder of ours beside the one that is written, on the same disk."""
    return out.with_name(f".{out.name}.fingerpost-{what}")


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _swap(new: Path, out: Path) -> None:
    """Put a whole folder in the place of another, and remove that."""
    old = _beside(out, "old")
    _remove(old)
    if out.exists():
        out.rename(old)
    try:
        new.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise
    _remove(old)
