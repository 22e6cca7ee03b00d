"""What is newest: the release that was published last, a draft that waits, answers that wait.

What a release changed is worked out once for each pair of releases, and kept.
"""

import datetime
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import FastAPI

from api.desk import Desk
from api.routes.pages import written
from graph import drafts, importing
from graph.release import Release, read_graph
from ontology.schema import Schema

FEW = 4
"""The most lines that tell what a release changed."""
_ACTS = {"publish": "published", "rollback": "made live again"}


@dataclass(frozen=True, slots=True)
class Published:
    """The act that made the live release live: in words, what it changed, and where more is."""

    words: str
    when: str
    who: str
    changed: tuple[str, ...]
    more: int
    url: str | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A draft that waits to be looked at: who made it when, and from what."""

    when: str
    who: str
    made_from: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Newest:
    """What is newest, as far as there is anything."""

    published: Published | None
    draft: Waiting | None
    answers: int


class Changed:
    """What releases changed, each pair worked out once. Threads may share it."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._known: dict[tuple[str, str], tuple[str, ...]] = {}
        self._working = threading.Lock()

    def summary(self, before: Release, after: Release, schema: Schema) -> tuple[str, ...]:
        """How many of what are otherwise in the later of two releases."""
        key = (before.name, after.name)
        with self._working:
            if key not in self._known:
                graphs = (read_graph(before, schema), read_graph(after, schema))
                self._known = {key: importing.what_changes(*graphs, schema).summary}
            return self._known[key]


def newest(app: FastAPI, desk: Desk, schema: Schema, answers: int) -> Newest:
    """What is newest at a desk; `answers` are those of providers that wait."""
    draft = drafts.draft_entry(desk.home)
    waiting = None
    if draft is not None:
        names = tuple(used.name for used in draft.made_from)
        waiting = Waiting(moment(draft.when), draft.who, names)
    return Newest(_published(app, desk, schema), waiting, answers)


def _published(app: FastAPI, desk: Desk, schema: Schema) -> Published | None:
    """The last act that made the live release live; None where it was built without one."""
    live = drafts.live_release(desk.home)
    acts = [e for e in drafts.history(desk.home) if e.act in _ACTS]
    if live is None or not acts or acts[-1].release != live.name:
        return None
    act = acts[-1]
    kept = {one.release.name: one.release for one in drafts.releases(desk.home)}
    before = kept.get(act.live)
    changed: Sequence[str] = ()
    if before is not None:
        held = getattr(app.state, "changed", None)
        if not isinstance(held, Changed):
            held = app.state.changed = Changed()
        changed = held.summary(before, live, schema)
    return Published(
        words=_ACTS[act.act],
        when=moment(act.when),
        who=act.who,
        changed=tuple(changed[:FEW]),
        more=max(0, len(changed) - FEW),
        url=f"/releases/{live.name}/diff?since={before.name}" if before else None,
    )


def moment(when: str) -> str:
    """A moment of the history as people write it, in the time that it was written down in.

    >>> moment("2026-05-03T10:12:44+00:00")
    '3 May 2026 at 10:12'
    """
    try:
        found = datetime.datetime.fromisoformat(when)
    except ValueError:
        return when
    return f"{written(found.date())} at {found:%H:%M}"
