"""Two releases compared, as a page tells it: by partnership, then what was added, ended or changed.

What only another source, place or note makes different is counted and not told. Releases are named
by what was done with them and when: their own names are hashes, which tell a reader nothing.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from api.desk import Desk
from api.formats import text
from api.newest import moment
from api.routes.pages import written
from graph import drafts
from graph.columns import frames_of
from graph.diff import Cell, Change, summary
from graph.ids import partnership_of
from graph.kept_frames import kept_frames
from graph.model import PropertyGraph
from graph.release import Release
from graph.stores.embedded import EmbeddedStore
from graph.stores.protocol import Store
from ontology.schema import Schema
from queries.ask import Answer, ask, find_question, partnerships
from queries.asked import Row
from queries.catalogue import Question
from queries.differing import difference

KEY_QUESTIONS = (
    "funding.unfunded",
    "funding.ending",
    "coverage.uncovered",
    "resilience.single_points_of_failure",
    "governance.overdue",
)
"""The questions whose answers tell most of what a release does."""
MOST_CHANGES = 500
"""The most changes that a page tells one by one; the JSON has all."""
MOST_ROWS = 10
"""The most rows of each answer that a page tells."""
_ORDER = (
    ("added", "added"),
    ("ended", "ended"),
    ("gone", "no longer on record"),
    ("changed", "changed"),
)
_ACTS = {
    "publish": "published",
    "rollback": "made live again",
    "draft": "drafted",
    "discard": "put aside",
    "found": "built from tables",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One record that is otherwise: its kind, its name, and its columns as they were and are."""

    kind: str
    name: str
    cells: tuple[Cell, ...]
    staff: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The records of a partnership that were added, say; `more` are not told one by one."""

    word: str
    count: int
    told: tuple[Told, ...]

    @property
    def more(self) -> int:
        """How many are not told."""
        return self.count - len(self.told)


@dataclass(frozen=True, slots=True)
class Section:
    """What is otherwise for one partnership; `citing` are only cited otherwise."""

    name: str
    summary: tuple[str, ...]
    groups: tuple[Group, ...]
    citing: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of an answer: how many rows before and after, and those that differ in words.

    `altered` are rows that read as before here, and say otherwise in a detail.
    """

    question: Question
    before: int
    after: int
    added: tuple[str, ...]
    gone: tuple[str, ...]
    altered: int
    days: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A release to choose: what it is called, and its name."""

    release: str
    words: str


# ---------------------------------------------------------------- changes


def sections_of(
    changes: Sequence[Change], schema: Schema, names: Mapping[str, str]
) -> tuple[Section, ...]:
    """Changes by partnership and kind of change, as a page tells them."""
    labels = {klass.table: klass.label for klass in schema}
    left = MOST_CHANGES
    found = []
    for slug in dict.fromkeys(change.partnership for change in changes):
        own = [c for c in changes if c.partnership == slug]
        # The places of a source are how it is cited: their number says enough.
        telling = [c for c in own if not c.is_citing and c.table != "source_parts"]
        groups = []
        for kind, word in _ORDER:
            of_kind = [c for c in telling if c.kind == kind]
            told = tuple(
                Told(labels[c.table], c.name, c.cells, c.is_staff) for c in of_kind[: max(0, left)]
            )
            left -= len(told)
            if of_kind:
                groups.append(Group(word, len(of_kind), told))
        found.append(
            Section(
                name=names.get(slug, slug),
                summary=tuple(summary(own, schema)),
                groups=tuple(groups),
                citing=sum(c.is_citing for c in own),
            )
        )
    return tuple(found)


def names_in(*graphs: PropertyGraph | None) -> dict[str, str]:
    """What the partnerships of releases are called, by slug; a later release's word counts."""
    return {
        partnership_of(node.id): str(node.properties.get("name") or partnership_of(node.id))
        for graph in graphs
        for node in (graph.nodes if graph else ())
        if node.label == "Partnership"
    }


# ---------------------------------------------------------------- answers


def effects(before: Store | None, after: Store) -> tuple[Effect, ...]:
    """What becomes of the key answers between two stores, each on its own day."""
    return tuple(_effect(find_question(name), before, after) for name in KEY_QUESTIONS)


def _effect(question: Question, before: Store | None, after: Store) -> Effect:
    was = _answer(before, question) if before else None
    now = _answer(after, question)
    old, new = (answer.rows if answer else () for answer in (was, now))
    differing = difference(old, new)
    names = {p.slug: p.name for answer in (was, now) if answer for p in answer.partnerships}
    added, gone = (
        Counter(_words(question, row, names) for row in rows)
        for rows in (differing.added, differing.gone)
    )
    return Effect(
        question=question,
        before=len(old),
        after=len(new),
        added=tuple((added - gone).elements()),
        gone=tuple((gone - added).elements()),
        altered=(added & gone).total(),
        days=tuple(_moved(was, now, names)),
    )


def _answer(store: Store, question: Question) -> Answer | None:
    return ask(store, question) if partnerships(store) else None


def _words(question: Question, row: Row, names: Mapping[str, str]) -> str:
    said = [
        written(row[c]) if hasattr(row[c], "isoformat") else text(row[c])
        for c in question.shows
        if not isinstance(row[c], list | tuple)
    ]
    return f"{names[row['partnership']]}: {', '.join(one for one in said[:4] if one)}"


def _moved(was: Answer | None, now: Answer | None, names: Mapping[str, str]) -> Iterator[str]:
    """The partnerships that the two answers are asked about on different days."""
    if was and now:
        for slug, day in now.as_of.items():
            if slug in was.as_of and was.as_of[slug] != day:
                days = f"{written(day)}; before it was {written(was.as_of[slug])}"
                yield f"{names[slug]} is asked about {days}"


@contextmanager
def opened(desk: Desk, release: Release, served: Store, schema: Schema) -> Iterator[Store]:
    """A store that holds a release: the one that is served, the draft's, or one built for this."""
    if served.release() == release.name:
        yield served
    elif release == drafts.draft_release(desk.home):
        yield desk.preview(release, schema)
    else:
        with desk.scratch() as folder:
            store = EmbeddedStore(folder)
            try:
                store.replace(frames_of(release, schema, kept_frames(desk.home)), schema)
                yield store
            finally:
                store.close()


# ---------------------------------------------------------------- names of releases


def called(kept: drafts.Kept) -> str:
    """What a release is called: what was done with it last, when, and by whom."""
    words = "built from tables"
    if kept.last is not None and kept.last.act in _ACTS:
        by = f" by {kept.last.who}" if kept.last.who else ""
        words = f"{_ACTS[kept.last.act]} on {moment(kept.last.when)}{by}"
    state = "live: " if kept.is_live else "the draft: " if kept.is_draft else ""
    return f"{state}{words}"


def named(home_releases: Sequence[drafts.Kept]) -> tuple[Named, ...]:
    """Releases to choose from; where two are called alike, the beginning of the hash tells them."""
    words = [called(kept) for kept in home_releases]
    times = Counter(words)
    return tuple(
        Named(kept.release.name, w if times[w] == 1 else f"{w} ({kept.release.name[:6]})")
        for kept, w in zip(home_releases, words, strict=True)
    )
