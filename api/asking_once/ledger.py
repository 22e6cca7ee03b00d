"""Who was asked, when, and what came back: the staff side of the letterbox.

Kept below the home, where the public application does not look. Answers are taken out of the
letterbox as soon as the staff application looks at it. Whether an answer was accepted is not noted
here: it is where its source stands in a release or in the draft, so that an answer whose draft was
put aside waits again.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from pydantic import TypeAdapter, ValidationError

from api.asking_once.answers import Answer, read_answer
from api.asking_once.letterbox import FOLDER as LETTERBOX
from api.asking_once.letterbox import Letterbox, digest_of, new_token
from api.asking_once.packets import Entries, Own, Packet
from graph.release import write_whole

FOLDER: Final = "asked"
DAYS: Final = 28
"""How long a link leads somewhere."""
_REF = 16
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
"""Digits in a row may look like a telephone number, which no id may hold."""

Closed = Literal["", "withdrawn", "refused"]


@dataclass(frozen=True, slots=True)
class Asking:
    """One provider asked once."""

    digest: str
    slug: str
    on: datetime.date
    packet: Packet
    own: Own
    closed: Closed = ""

    @property
    def ref(self) -> str:
        """What staff call it, in addresses and in the log: the token does not follow from it."""
        return self.digest[:_REF].translate(_LETTERS)

    @property
    def source(self) -> str:
        """The id of the source that its answer becomes."""
        return f"answer-{self.ref}"


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it is handed on, once: nobody can read the token again."""

    provider: str
    services: tuple[str, ...]
    token: str
    until: datetime.date


_ASKING = TypeAdapter(Asking)


class Ledger:
    """What was asked and answered, in files for their owner alone."""

    def __init__(self, home: Path) -> None:
        """The ledger and the letterbox of a home."""
        self._folder = home / FOLDER
        self.letterbox = Letterbox(home / LETTERBOX)

    def ask(
        self, entries: Entries, slug: str, agencies: Sequence[str], today: datetime.date
    ) -> list[Link]:
        """Make a link for each provider; an earlier one that was not answered is withdrawn."""
        until = today + datetime.timedelta(days=DAYS)
        links = []
        for agency in agencies:
            found = entries.packet(slug, agency, until)
            if found is None:
                continue
            for earlier in self.askings(slug):
                if earlier.own.agency == agency and not earlier.closed:
                    self.withdraw(earlier)
            packet, own = found
            token = new_token()
            asking = Asking(digest_of(token), slug, today, packet, own)
            self._write(asking)
            self.letterbox.ask(asking.digest, packet)
            names = tuple(service.name for service in packet.services)
            links.append(Link(packet.provider, names, token, until))
        return links

    def askings(self, slug: str | None = None) -> list[Asking]:
        """Everything that was asked, the newest first; answers are taken out of the letterbox."""
        found = []
        for path in sorted(self._folder.glob("*.asked")):
            try:
                asking = _ASKING.validate_json(path.read_bytes())
            except ValidationError:
                continue  # Of an earlier version: its link is withdrawn with its packet's.
            self._collect(asking)
            if slug is None or asking.slug == slug:
                found.append(asking)
        return sorted(found, key=lambda a: (-a.on.toordinal(), a.packet.provider, a.ref))

    def find(self, ref: str) -> Asking | None:
        """What staff call by a ref."""
        return next((asking for asking in self.askings() if asking.ref == ref), None)

    def answer_to(self, asking: Asking) -> Answer | None:
        """The answer that came, None where none did."""
        content = self.content(asking)
        return read_answer(content) if content is not None else None

    def content(self, asking: Asking) -> bytes | None:
        """The answer as it was sent."""
        path = self._folder / f"{asking.digest}.answer"
        return path.read_bytes() if path.exists() else None

    def withdraw(self, asking: Asking) -> None:
        """Let a link lead nowhere; an answer that came already stays."""
        self.letterbox.withdraw(asking.digest)
        self._collect(asking)
        if self.content(asking) is None:
            self._write(replace(asking, closed="withdrawn"))

    def refuse(self, asking: Asking) -> None:
        """Note that an answer is not accepted, and remove what it said."""
        (self._folder / f"{asking.digest}.answer").unlink(missing_ok=True)
        self._write(replace(asking, closed="refused"))

    def _collect(self, asking: Asking) -> None:
        content = self.letterbox.answer_of(asking.digest)
        if content is not None:
            # The first answer counts, should another have slipped in while it was taken out.
            if not asking.closed and self.content(asking) is None:
                self._put(f"{asking.digest}.answer", content)
            self.letterbox.withdraw(asking.digest)
            self.letterbox.remove_answer(asking.digest)

    def _write(self, asking: Asking) -> None:
        self._put(f"{asking.digest}.asked", _ASKING.dump_json(asking))

    def _put(self, name: str, content: bytes) -> None:
        # Only the user that the application runs as may look into it.
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(self._folder / name, content)
