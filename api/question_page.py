"""A question's page: its form, and its answer by section with the records behind each row.

A long answer begins with a summary, how many rows there are of what, and is told some rows at a
time. What is to choose from stands in question_dials.py, what is imagined ended in basket.py.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby

from starlette.responses import HTMLResponse

from api.basket import Basket, address, basket_of, can_end, pairs_of, query_of
from api.deps import Choices
from api.formats import text
from api.paging import MOST, Page, paged, write_cursor
from api.question_dials import fields_of, things_that_can_end
from api.routes.pages import is_known, page, record_url, written
from graph.stores.protocol import Store
from ontology.schema import default_schema
from queries.ask import Answer, partnerships
from queries.asked import Partnership, Row
from queries.catalogue import Question
from queries.glossary import columns
from queries.records import names_of

ROWS = 50
"""How many rows of a long answer come at once, where no limit is given."""
LONG = 60
"""An answer with more rows than these begins with a summary."""
_MOST_NAMED = 5
At = Callable[[int], str]
"""The address of the page of an answer that begins with a row."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which rows of an answer are shown: how many, and from where on."""

    limit: int | None
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of an answer: its text or its list, and the record it leads to.

    `ended` is the address that shows what changes if that record's thing ended.
    """

    text: str
    items: tuple[str, ...] = ()
    url: str | None = None
    tag: bool = False
    ended: str | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """One record behind a row, as it is cited."""

    title: str
    places: tuple[str, ...]
    basis: str | None
    url: str
    kind: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of an answer: its cells, the records behind it, and the page that says why."""

    cells: tuple[Cell, ...]
    evidence: tuple[Proof, ...]
    why: str | None


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one section, under its heading; the heading is empty where there are none."""

    name: str
    anchor: str
    count: int
    headers: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What an answer says of one partnership on its day."""

    partnership: Partnership
    day: str
    count: int
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows a partnership has in a section, and where they begin."""

    number: int
    url: str | None


@dataclass(frozen=True, slots=True)
class Summary:
    """A long answer in short: rows by partnership and section, and what comes up most often."""

    sections: tuple[str, ...]
    lines: tuple[tuple[Partnership, tuple[Counted, ...], int], ...]
    often: str
    names: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """The rows that a page shows, of how many, and the ways to the others."""

    first: int
    last: int
    total: int
    before: str | None
    after: str | None
    whole: str | None


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A row with its number in the answer, and the section it stands in."""

    partnership: Partnership
    section: str
    number: int
    row: Row


@dataclass(frozen=True, slots=True)
class _Ways:
    """Where the cells of rows lead, with the choices that are handed on."""

    basket: Basket
    pairs: Sequence[tuple[str, str]]
    imagined: frozenset[str]

    def record(self, identifier: str | None) -> str | None:
        """The page of a record; None for what is only imagined."""
        if identifier is None or identifier in self.imagined:
            return None
        return record_url(identifier) + self.basket.keep

    def ended(self, identifier: str | None) -> str | None:
        """The page that shows what changes if a thing ended; None where it cannot."""
        if self.record(identifier) is None or not can_end(identifier):
            return None
        return self.basket.add(str(identifier))


def question_page(store: Store, answer: Answer, choices: Choices, place: Place) -> HTMLResponse:
    """The page of a question with its answer."""
    question = answer.question
    path = f"/questions/{question.name}"
    basket = basket_of(store, path, choices)
    return page(
        "question.html",
        about=answer.partnerships,
        question=question,
        choices=choices,
        known=partnerships(store),
        basket=basket,
        can_end=things_that_can_end(store, answer.partnerships, choices),
        fields=fields_of(store, answer),
        meanings=[(c, columns()[c]) for c in answer.columns],
        query=query_of(pairs_of(choices)),
        **told(store, answer, choices, place, basket, path),
    )


def asked_with(question: Question, choices: Choices) -> str:
    """What a place in an answer belongs to: the question with its choices."""
    return f"{question.name} {sorted(asdict(choices).items())}"


def told(
    store: Store,
    answer: Answer,
    choices: Choices,
    place: Place,
    basket: Basket,
    path: str | None,
    imagined: frozenset[str] = frozenset(),
) -> dict[str, object]:
    """The rows of an answer as a page shows them: parts, summary, and which rows they are.

    Without a `path` the answer has no address of its own, and all of it is shown. What is only
    `imagined` has no record to lead to.
    """
    rows = _in_order(answer)
    limit = place.limit or (ROWS if path and len(rows) > LONG else None)
    release, asked = store.release() or "", asked_with(answer.question, choices)
    found = paged(rows, limit, place.cursor if path else None, release, asked)
    first = rows.index(found.items[0]) if found.items else 0
    pairs = pairs_of(choices)
    paging = [*pairs, *([("limit", str(place.limit))] if place.limit else [])]

    def at(number: int) -> str:
        cursor = [("cursor", write_cursor(number, release, asked))] if number else []
        return address(path or "", [*paging, *cursor])

    is_long = bool(path) and len(rows) > LONG
    return {
        "total": len(rows),
        "parts": _parts(store, answer, rows, found.items, _Ways(basket, pairs, imagined)),
        "summary": _summary(answer, rows, at) if is_long else None,
        "shown": _shown(found, first, limit, at, address(path or "", pairs)),
    }


def _in_order(answer: Answer) -> list[_Numbered]:
    """The rows as a page has them: by partnership, then by section in order of appearance."""
    column = answer.question.sections
    own = {p.slug: p for p in answer.partnerships}
    rows = [
        _Numbered(own[r["partnership"]], str(r[column]) if column else "", n, r)
        for n, r in enumerate(answer.rows, 1)
    ]
    sections = {s: n for n, s in enumerate(dict.fromkeys(r.section for r in rows))}
    return sorted(rows, key=lambda r: (r.partnership.slug, sections[r.section], r.number))


def _shown(found: Page[_Numbered], first: int, limit: int | None, at: At, whole: str) -> Shown:
    last = first + len(found.items)
    step = limit or found.total
    return Shown(
        first=first + 1,
        last=last,
        total=found.total,
        before=at(max(0, first - step)) if first else None,
        after=at(last) if last < found.total else None,
        whole=f"{whole}{'&' if '?' in whole else '?'}limit={MOST}"
        if len(found.items) < found.total <= MOST
        else None,
    )


# ---------------------------------------------------------------- in short


def _summary(answer: Answer, rows: Sequence[_Numbered], at: At) -> Summary:
    begins: dict[tuple[str, str], int] = {}
    for place, row in enumerate(rows):
        begins.setdefault((row.partnership.slug, row.section), place)
    counts = Counter((r.partnership.slug, r.section) for r in rows)
    sections = tuple(dict.fromkeys(r.section for r in rows))
    lines = []
    for partnership in answer.partnerships:
        keys = [(partnership.slug, section) for section in sections]
        cells = tuple(
            Counted(
                counts[key],
                f"{at(begins[key])}#{_anchor(*key, sections)}" if counts[key] else None,
            )
            for key in keys
        )
        lines.append((partnership, cells, sum(cell.number for cell in cells)))
    often, names = _often(answer.question, rows)
    return Summary(sections, tuple(lines), often, names)


def _often(
    question: Question, rows: Sequence[_Numbered]
) -> tuple[str, tuple[tuple[str, int], ...]]:
    """What the first column whose values come again and again says most often."""
    for column in question.shows:
        values = [r.row[column] for r in rows if isinstance(r.row[column], str)]
        if column != question.sections and 1 < len(set(values)) <= len(rows) // 2:
            counted = Counter(values)
            names = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
            return header_of(column), tuple(names[:_MOST_NAMED])
    return "", ()


# ---------------------------------------------------------------- rows


def _parts(
    store: Store,
    answer: Answer,
    rows: Sequence[_Numbered],
    shown: Sequence[_Numbered],
    ways: "_Ways",
) -> list[Part]:
    counts = Counter((r.partnership.slug, r.section) for r in rows)
    sections = tuple(dict.fromkeys(r.section for r in rows))
    names = _names(store, answer.question, (r.row for r in shown))
    found: dict[str, list[Section]] = {p.slug: [] for p in answer.partnerships}
    for (slug, name), own in groupby(shown, key=lambda r: (r.partnership.slug, r.section)):
        lines = list(own)
        anchor = _anchor(slug, name, sections)
        found[slug].append(_section(answer, name, anchor, counts[slug, name], lines, names, ways))
    totals = Counter(r.partnership.slug for r in rows)
    # On a later page of a long answer only those stand that have rows there.
    is_whole = len(shown) == len(rows)
    return [
        Part(p, written(answer.as_of[p.slug]), totals[p.slug], tuple(found[p.slug]))
        for p in answer.partnerships
        if found[p.slug] or (is_whole and not totals[p.slug])
    ]


def _anchor(slug: str, section: str, sections: Sequence[str]) -> str:
    return f"part-{slug}-{sections.index(section) + 1}"


def _names(store: Store, question: Question, rows: Iterable[Row]) -> Mapping[str, str]:
    """The names of the records that rows name by nothing but their id."""
    identifiers = {
        value for row in rows for c in question.shows for value in [row[c]] if _is_record(value)
    }
    return names_of(store, default_schema(), identifiers)


def _is_record(value: object) -> bool:
    return isinstance(value, str) and value.count("/") == 2 and " " not in value


def header_of(column: str) -> str:
    """A column's name as a person reads it."""
    return column.removesuffix("_name").replace("_", " ")


def _section(
    answer: Answer,
    name: str,
    anchor: str,
    count: int,
    rows: Sequence[_Numbered],
    names: Mapping[str, str],
    ways: "_Ways",
) -> Section:
    """Columns that are empty throughout, or only repeat the heading, are left out."""
    question = answer.question
    shown = [c for c in question.shows if not {text(r.row[c]) for r in rows} <= {"", name}]
    lines = tuple(
        Line(
            cells=tuple(_cell(question, r.row, c, names, ways) for c in shown),
            evidence=_proofs(r.row, ways.basket),
            why=address(f"/questions/{question.name}/explain/{r.number}", ways.pairs),
        )
        for r in rows
    )
    return Section(name, anchor, count, tuple(header_of(c) for c in shown), lines)


def _cell(
    question: Question, row: Row, column: str, names: Mapping[str, str], ways: "_Ways"
) -> Cell:
    value = row[column]
    if isinstance(value, list | tuple):
        return Cell("", items=tuple(text(v) for v in value))
    if _is_record(value):
        return Cell(names.get(value, value), url=ways.record(value), ended=ways.ended(value))
    shown = written(value) if hasattr(value, "isoformat") else text(value)
    target = _leads_to(question, row, column)
    return Cell(
        shown,
        url=ways.record(target),
        tag=is_known(shown),
        ended=ways.ended(target),
    )


def _leads_to(question: Question, row: Row, column: str) -> str | None:
    """The record a name stands for: `group` beside `group_name`, the subject beside `name`.

    The subject is the first column; in answers that begin with a day or a kind it is a thing.
    """
    own = (question.returns[0], "thing", "what", "route")
    holders = own if column == "name" else (column.removesuffix("_name"),)
    found = (row.get(holder) for holder in holders if holder != column)
    return next((target for target in found if _is_record(target)), None)


def _proofs(row: Row, basket: Basket) -> tuple[Proof, ...]:
    return tuple(
        Proof(
            title=e["title"] or "Shared terms",
            places=tuple(e["locator"]),
            basis=e["basis"],
            url=record_url(e["record"]) + basket.keep,
            kind=_kind(e["record"]),
        )
        for e in row.get("evidence", ())
    )


def _kind(identifier: str) -> str:
    try:
        return default_schema().by_slug(identifier.split("/")[1]).label
    except (IndexError, KeyError):
        return "record"
