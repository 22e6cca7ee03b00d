"""Drafts: a release is looked at before it becomes the live one, and can be taken back.

Beside the releases (see `graph/release.py`) stand two pointers, `current` and `draft`, and a
history of who made which of them live, when and from what. It is only ever appended to, and each
line holds the hash of the one before it, so that a line that was changed or taken out is noticed.

An act is written down first and done second, by one `os.replace` of the pointer. A process that is
killed in between leaves the old release live, whole; the next act notices that and says so in the
history. Nothing here reads the clock or the name of the user: the caller gives both.
"""

import contextlib
import datetime
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from graph import chain
from graph.confidential import contact_in, without_hidden
from graph.errors import ReleaseError
from graph.release import (
    CURRENT,
    FOLDER,
    Content,
    Release,
    current_release,
    keep_release,
    private_folder,
    read_quads,
    write_whole,
)

Act = Literal["draft", "publish", "rollback", "discard", "prune", "found", "undone"]
"""`found`: a release had become live by another way, such as a build. `undone`: the act before was
written down and never done."""

_DRAFT, _HISTORY, _LOCK = "draft", "history.jsonl", ".lock"
_LIVE_BY: frozenset[Act] = frozenset({"publish", "rollback", "found"})


class ChangedError(ReleaseError):
    """What an act was decided on is no longer what is there: look again, then decide again."""


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, and when: given by the caller."""

    who: str
    when: datetime.datetime


@dataclass(frozen=True, slots=True)
class Used:
    """One thing that a draft was made from: its name, and the hash of its content."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history.

    `release` is what the act is about, `live` the release that was live before it, `made_from` and
    `notes` what the draft was made from and what was told then.
    """

    act: Act
    who: str
    when: str
    release: str
    live: str
    made_from: tuple[Used, ...] = ()
    notes: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A release that is on disk, and the last act about it, if any is recorded."""

    release: Release
    is_live: bool
    is_draft: bool
    last: Entry | None


# ---------------------------------------------------------------- what is there


def live_release(home: Path) -> Release | None:
    """The live release, or None where none was ever made."""
    return current_release(home) if (home / FOLDER / CURRENT).exists() else None


def draft_release(home: Path) -> Release | None:
    """The draft, or None where there is none.

    Raises ReleaseError if it is named and its file is gone.
    """
    name = _pointed(home, _DRAFT)
    # A publish that was killed after its swap leaves the pointer to what is live by now.
    if not name or name == _pointed(home, CURRENT):
        return None
    path = home / FOLDER / f"{name}.nq"
    if not path.exists():
        raise ReleaseError(f"The draft {name} is missing. Import again: fingerpost import")
    return Release(name, path)


def history(home: Path) -> tuple[Entry, ...]:
    """Every act, oldest first.

    Raises ReleaseError where a line was changed, taken out or put in.
    """
    found: list[Entry] = []
    try:
        for body, _ in chain.read(home / FOLDER / _HISTORY):
            found.append(_read_entry(body))
    except chain.BrokenChainError as error:
        raise _changed(error.line) from None
    except (ValueError, KeyError, TypeError):
        raise _changed(len(found) + 1) from None
    return tuple(found)


def draft_entry(home: Path) -> Entry | None:
    """The line of the history that tells of the draft, or None where there is no draft."""
    draft = draft_release(home)
    if draft is None:
        return None
    made = [e for e in history(home) if e.act == "draft" and e.release == draft.name]
    return made[-1] if made else None


def releases(home: Path) -> list[Kept]:
    """Every release on disk, the one acted on last first."""
    last = {entry.release: (n, entry) for n, entry in enumerate(history(home))}
    live, draft = live_release(home), draft_release(home)
    found = [
        Release(path.stem, path)
        for path in (home / FOLDER).glob("*.nq")
        if not path.name.startswith(".")
    ]
    ordered = sorted(found, key=lambda r: (-last[r.name][0] if r.name in last else 1, r.name))
    return [
        Kept(r, r == live, r == draft, last[r.name][1] if r.name in last else None) for r in ordered
    ]


def used(paths: Sequence[Path]) -> tuple[Used, ...]:
    """Files, and the files of folders, each with the hash of its content, sorted by name."""
    found = []
    for path in paths:
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            with file.open("rb") as content:
                digest = hashlib.file_digest(content, "sha256").hexdigest()
            found.append(Used(_told(str(file.relative_to(path.parent))), digest))
    return tuple(found)


def _told(name: str) -> str:
    """The name of a file as the history may keep it for good: none that holds a contact."""
    plain = without_hidden(name.encode("utf-8", "replace").decode())
    return "(a name that is not repeated)" if contact_in(plain.replace("_", " ")) else plain


# ---------------------------------------------------------------- acts


def draft(
    content: Content,
    home: Path,
    by: By,
    made_from: Sequence[Used] = (),
    notes: Sequence[str] = (),
    joined_with: str | None = None,
) -> Release:
    """Write content as a release that is not live: the draft. It replaces an earlier draft.

    `joined_with` is the live release that it was joined with ("" where there was none).
    Raises ChangedError where another is live by now: what that one brought would be lost.
    """
    release = keep_release(content, home)
    with locked(home):
        settled = _settled(home, by)
        if joined_with is not None and joined_with != settled:
            raise ChangedError(
                "Another release has become live while this was read. Import it again: what is "
                "live now is then joined with it."
            )
        entry = _entry("draft", by, release.name, settled)
        _append(home, replace(entry, made_from=tuple(made_from), notes=tuple(notes)))
        _point(home, _DRAFT, release.name)
    return release


def publish(home: Path, by: By, seen: str | None = None) -> Release:
    """Make the draft the live release.

    `seen` is the name of the draft that was looked at: nobody publishes what they did not see.

    Raises ReleaseError if there is no draft, if it is damaged, or if another release has become
    live since it was made: what that one brought would be lost; ChangedError if it is not the one
    that was seen.
    """
    with locked(home):
        release = draft_release(home)
        if release is None:
            raise ReleaseError(
                "There is no draft, or it is what is live already. "
                "Import something first: fingerpost import"
            )
        if seen is not None and seen != release.name:
            raise ChangedError(
                f"The draft has changed since it was looked at: it is {release.name} now. Look at "
                "what would change, then publish that."
            )
        _check(release)
        live = _settled(home, by)
        entry = draft_entry(home)
        if entry is None:
            raise ReleaseError(
                f"The history says nothing of the draft {release.name}: it cannot be told what it "
                "was made from. Import again: fingerpost import"
            )
        if entry.live != live:
            raise ChangedError(
                f"The live release has changed since the draft {release.name} was made: publishing "
                "it would take that change back. Import again: fingerpost import"
            )
        _append(home, _entry("publish", by, release.name, live))
        _point(home, CURRENT, release.name)
        (home / FOLDER / _DRAFT).unlink(missing_ok=True)
    return release


def rollback(home: Path, by: By, to: str | None = None) -> Release:
    """Make an earlier release live again: the one named, or the one that was live before this one.

    Raises ReleaseError if there is none, or if it is gone or damaged.
    """
    with locked(home):
        live = _settled(home, by)
        earlier = _been_live(home)[:-1]
        name = to or (earlier[-1] if earlier else None)
        if name is None:
            raise ReleaseError(
                "No release was live before this one. Name one: fingerpost releases, "
                "fingerpost rollback NAME"
            )
        release = Release(name, home / FOLDER / f"{name}.nq")
        if name == live:
            raise ReleaseError(f"The release {name} is the live one. See: fingerpost releases")
        if not _is_name(name) or not release.path.exists():
            raise ReleaseError(f"There is no release {name}. See: fingerpost releases")
        _check(release)
        _append(home, _entry("rollback", by, name, live))
        _point(home, CURRENT, name)
    return release


def discard(home: Path, by: By, seen: str | None = None) -> None:
    """Put the draft aside; its release stays on disk until it is pruned.

    Raises ChangedError if it is not the draft that was `seen`.
    """
    with locked(home):
        release = draft_release(home)
        if seen is not None and (release is None or seen != release.name):
            raise ChangedError("The draft has changed since it was looked at. Look at it again.")
        live = _settled(home, by)
        if release is not None:
            _append(home, _entry("discard", by, release.name, live))
        (home / FOLDER / _DRAFT).unlink(missing_ok=True)


def prune(home: Path, by: By, keep: int = 5) -> tuple[str, ...]:
    """Remove old releases, and return their names.

    The live one, the draft and the `keep` that were live last stay.
    """
    with locked(home):
        live = _settled(home, by)
        been = list(dict.fromkeys(reversed(_been_live(home))))
        spared = {live, _pointed(home, _DRAFT), *been[: max(keep, 0)]}
        gone = tuple(sorted(k.release.name for k in releases(home) if k.release.name not in spared))
        if gone:
            _append(home, replace(_entry("prune", by, "", live), removed=gone))
        for name in gone:
            (home / FOLDER / f"{name}.nq").unlink(missing_ok=True)
    return gone


def _check(release: Release) -> None:
    """Raises ReleaseError if a release's content does not have the hash it is named by."""
    for _ in read_quads(release):
        return


def _is_name(text: str) -> bool:
    return len(text) == 16 and set(text) <= set("0123456789abcdef")


# ---------------------------------------------------------------- pointers


def _pointed(home: Path, pointer: str) -> str:
    try:
        return (home / FOLDER / pointer).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""


def _point(home: Path, pointer: str, name: str) -> None:
    write_whole(home / FOLDER / pointer, f"{name}\n".encode())


@contextlib.contextmanager
def locked(home: Path) -> Iterator[None]:
    """Only one process acts at a time; the lock of one that is killed is free at once."""
    folder = home / FOLDER
    private_folder(folder)
    with (folder / _LOCK).open("ab") as file, chain.locked(file):
        yield


# ---------------------------------------------------------------- the history


def _settled(home: Path, by: By) -> str:
    """The live release, after the history has been made to agree with the pointers.

    An act that was written down and not done is marked; a release that became live by another way
    is written down.
    """
    entries = history(home)
    live = _pointed(home, CURRENT)
    last = entries[-1] if entries else None
    if last is not None and not _is_done(home, last):
        _append(home, Entry("undone", "", by.when.isoformat(), last.release, live))
    been = _been_live(home)
    if live and (not been or been[-1] != live):
        _append(home, Entry("found", "", by.when.isoformat(), live, been[-1] if been else ""))
    return live


def _is_done(home: Path, entry: Entry) -> bool:
    match entry.act:
        case "publish" | "rollback":
            if _pointed(home, CURRENT) == entry.release:
                return True
            # Where a build has made something else live after it, it was done before.
            return _pointed(home, CURRENT) != entry.live and _pointed(home, _DRAFT) != entry.release
        case "draft":
            return _pointed(home, _DRAFT) == entry.release
        case _:
            return True


def _been_live(home: Path) -> list[str]:
    """The releases that were live, oldest first, without those that were rolled back."""
    entries = history(home)
    undone = {n - 1 for n, entry in enumerate(entries) if entry.act == "undone"}
    been: list[str] = []
    for number, entry in enumerate(entries):
        if number in undone or entry.act not in _LIVE_BY:
            continue
        if entry.act == "rollback" and entry.release in been:
            last = len(been) - 1 - been[::-1].index(entry.release)
            been = been[: last + 1]
        elif not been or been[-1] != entry.release:
            been.append(entry.release)
    return been


def _entry(act: Act, by: By, release: str, live: str) -> Entry:
    return Entry(act, by.who, by.when.isoformat(), release, live)


def _append(home: Path, entry: Entry) -> None:
    """Add a line, whole and on the disk before anything is done."""
    history(home)  # Nothing is added to a history that was changed.
    chain.append(home / FOLDER / _HISTORY, asdict(entry))


def _changed(line: int) -> ReleaseError:
    return ReleaseError(
        f"The history has been changed: line {line} of {_HISTORY} does not follow from the one "
        "before it. Put the file back from a backup."
    )


def _read_entry(body: dict[str, Any]) -> Entry:
    if body["act"] not in get_args(Act):
        raise ValueError(body["act"])
    return Entry(
        act=body["act"],
        who=body["who"],
        when=body["when"],
        release=body["release"],
        live=body["live"],
        made_from=tuple(Used(**one) for one in body["made_from"]),
        notes=tuple(body["notes"]),
        removed=tuple(body["removed"]),
    )
