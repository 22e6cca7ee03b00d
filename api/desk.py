"""The desk of the editors: what the staff application has at hand to import, preview and publish.

One act at a time: an import, a publication or a rollback that comes while another is under way is
refused and not queued, for it would be decided on something that is about to change. What is put
aside for an editor to fetch, such as a workbook with its problems marked, has a random address that
only that editor may open, and is removed after an hour and whenever the application starts.
"""

import datetime
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request

from api.errors import ConflictError, UnavailableError
from api.settings import Settings
from graph.columns import frames_of
from graph.errors import StoreError
from graph.kept_frames import kept_frames
from graph.release import Release
from graph.stores.embedded import EmbeddedStore
from graph.stores.protocol import Store
from ontology.schema import Schema

Clock = Callable[[], datetime.datetime]
UPLOADS, PREVIEW = "uploads", "draft-store"
"""The folders below the home: of what is being read or waits to be fetched, and of the draft."""
KEPT = datetime.timedelta(hours=1)
"""How long something waits to be fetched."""


@dataclass(frozen=True, slots=True)
class Underway:
    """What is being done now, since when, and what it told last."""

    what: str
    since: datetime.datetime
    told: str


@dataclass(frozen=True, slots=True)
class Held:
    """A file that waits for the one who may fetch it."""

    path: Path
    name: str
    media_type: str
    whose: str
    until: datetime.datetime


class Desk:
    """What imports, previews and publications of one application share. Threads may share it."""

    def __init__(self, settings: Settings, now: Clock) -> None:
        """A desk over the home of the settings; what an earlier application left is removed."""
        self.home, self.now = settings.home, now
        self.most_rows, self.most_bytes = settings.import_rows, settings.upload_bytes
        home = settings.home
        self._folder = home / UPLOADS
        self._acting = threading.Lock()
        self._underway: Underway | None = None
        self._held: dict[str, Held] = {}
        self._holding = threading.Lock()
        self._preview: EmbeddedStore | None = None
        self._previewing = threading.Lock()
        self.clear()

    def clear(self) -> None:
        """Remove all that waits to be fetched, and the draft's store."""
        with self._holding:
            self._held.clear()
            shutil.rmtree(self._folder, ignore_errors=True)
        self.forget_preview()

    # ------------------------------------------------------------ one at a time

    @property
    def underway(self) -> Underway | None:
        """What is being done now, or None."""
        return self._underway

    def refuse_while_acting(self) -> None:
        """Raises ConflictError while something is done: before a file is taken in vain."""
        if self._underway is not None:
            raise _under_way()

    @contextmanager
    def acting(self, what: str) -> Iterator[Callable[[str], None]]:
        """Do one thing, and tell how far it is. Raises ConflictError while another is done."""
        if not self._acting.acquire(blocking=False):
            raise _under_way()
        try:
            since = self.now()

            def tell(told: str) -> None:
                self._underway = Underway(what, since, told)

            tell("begun")
            yield tell
        finally:
            self._underway = None
            self._acting.release()

    # ------------------------------------------------------------ files

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder of nobody else's, removed afterwards."""
        folder = self._new_folder()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def hold(self, name: str, media_type: str, whose: str, write: Callable[[Path], object]) -> str:
        """Let a file be written that waits for one person; returns the last part of its address."""
        self.sweep()
        folder = self._new_folder()
        path = folder / name
        write(path)
        with self._holding:
            self._held[folder.name] = Held(path, name, media_type, whose, self.now() + KEPT)
        return folder.name

    def held(self, token: str, whose: str) -> Held | None:
        """The file of an address, or None where there is none for this person."""
        self.sweep()
        with self._holding:
            found = self._held.get(token)
        return found if found is not None and found.whose == whose else None

    def sweep(self) -> None:
        """Remove what has waited too long."""
        with self._holding:
            old = [token for token, held in self._held.items() if held.until <= self.now()]
            for token in old:
                del self._held[token]
                shutil.rmtree(self._folder / token, ignore_errors=True)

    def _new_folder(self) -> Path:
        # Only the user that the application runs as may look into it.
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = self._folder / secrets.token_urlsafe(24)
        folder.mkdir(mode=0o700)
        return folder

    # ------------------------------------------------------------ the draft's store

    def preview(self, draft: Release, schema: Schema) -> Store:
        """A store that holds the draft, built when it is first asked for."""
        with self._previewing:
            if self._preview is None:
                self._preview = EmbeddedStore(self.home / PREVIEW)
            store = self._preview
            if store.release() != draft.name:
                try:
                    store.replace(frames_of(draft, schema, kept_frames(self.home)), schema)
                except (OSError, RuntimeError) as error:
                    raise StoreError("The draft's store cannot be built.") from error
            return store

    def forget_preview(self) -> None:
        """Remove the draft's store. Who still reads it keeps it open until then."""
        with self._previewing:
            # Not closed: to close it under a thread that reads would end the process.
            self._preview = None
            with suppress(OSError):
                shutil.rmtree(self.home / PREVIEW)


def _under_way() -> ConflictError:
    return ConflictError(
        "Another import, publication or rollback is under way. The page /imports tells how far it "
        "is: try again when it is done.",
        headers={"Retry-After": "10"},
    )


def get_desk(request: Request) -> Desk:
    """The desk of the application. Raises UnavailableError where it was made without one."""
    desk = getattr(request.app.state, "desk", None)
    if not isinstance(desk, Desk):
        raise UnavailableError("No releases are kept here: start it with fingerpost serve.")
    return desk


DeskDep = Annotated[Desk, Depends(get_desk)]
