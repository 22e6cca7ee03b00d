"""What stands out, in a few lines for the start page and the pages of partnerships.

The lines come from queries/findings/headlines.py, which asks many questions; what they say is kept
for as long as the release is served that they were worked out from.
"""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fastapi import FastAPI

from api.basket import address
from graph.stores.protocol import Store
from queries.asked import Partnership
from queries.catalogue import catalogue
from queries.findings.headlines import Headline, findings, headlines
from queries.findings.kinds import KINDS, Severity

LINES = 5
"""The most lines that tell what is worst."""
_MOST_ASKED = 12
"""The most partnerships that are looked through for a start page: more would keep it waiting."""
_WORDS: dict[Severity, str] = {"serious": "serious", "decision": "to decide", "check": "to check"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of what stands out: how grave, of whom, in words, and the answer that lists it."""

    word: str
    partnership: Partnership
    sentence: str
    url: str


class Standing:
    """The headlines of partnerships, each worked out once for a release. Threads may share it."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._release: str | None = None
        self._lines: dict[str, tuple[Line, ...]] = {}
        self._working = threading.Lock()

    def lines(self, store: Store, partnership: Partnership) -> tuple[Line, ...]:
        """What stands out for one partnership on the day of its newest source, worst first."""
        with self._working:
            release = store.release()
            if release != self._release:
                self._release, self._lines = release, {}
            if partnership.slug not in self._lines:
                found = headlines(findings(store, partnership.slug), LINES)
                self._lines[partnership.slug] = tuple(_line(one, partnership) for one in found)
            return self._lines[partnership.slug]


def standing_of(app: FastAPI) -> Standing:
    """What an application knows of what stands out."""
    held = getattr(app.state, "standing", None)
    if not isinstance(held, Standing):
        held = app.state.standing = Standing()
    return held


def worst(standing: Standing, store: Store, known: Sequence[Partnership]) -> tuple[Line, ...]:
    """The lines of a start page.

    One partnership has all the lines; several have a line each, and none where there are too many
    to look through.
    """
    if len(known) > _MOST_ASKED:
        return ()
    lines = [standing.lines(store, partnership) for partnership in known]
    if len(lines) == 1:
        return lines[0]
    return tuple(_gravest(own[0] for own in lines if own))[:LINES]


def _gravest(lines: Iterable[Line]) -> list[Line]:
    """What is of today before what is history, then the gravest, then by name."""
    words = list(_WORDS.values())
    return sorted(
        lines,
        key=lambda one: (one.partnership.historical, words.index(one.word), one.partnership.name),
    )


_MONTHS = {kind.name: kind.months for kind in KINDS}


def _line(headline: Headline, partnership: Partnership) -> Line:
    pairs = [("partnership", partnership.slug)]
    takes = {p.name for p in catalogue()[headline.question].own}
    if _MONTHS[headline.kind] and "months" in takes:
        pairs.append(("months", str(_MONTHS[headline.kind])))
    return Line(
        word=_WORDS[headline.severity],
        partnership=partnership,
        sentence=headline.sentence,
        url=address(f"/questions/{headline.question}", pairs),
    )
