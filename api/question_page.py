"""A question's page: its form, and its answer by section with the records behind each row."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import HTMLResponse

from api.deps import Choices
from api.formats import text
from api.routes.pages import is_known, page, record_url, written
from graph.stores.protocol import Store
from ontology.schema import default_schema
from queries.ask import Answer, fact, partnerships
from queries.asked import Partnership, Row
from queries.catalogue import GIVEN, Question
from queries.glossary import columns


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter of a question in its form: a number up to `most`, or one or more of `options`."""

    name: str
    about: str
    most: int = 0
    number: int = 0
    options: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of an answer: its text or its list, and the record it leads to."""

    text: str
    items: tuple[str, ...] = ()
    url: str | None = None
    tag: bool = False


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
    """One row of an answer, with the records behind it."""

    cells: tuple[Cell, ...]
    evidence: tuple[Proof, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one section, under its heading; the heading is empty where there are none."""

    name: str
    headers: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What an answer says of one partnership on its day."""

    partnership: Partnership
    day: str
    sections: tuple[Section, ...]

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(len(s.lines) for s in self.sections)


def question_page(store: Store, answer: Answer, choices: Choices) -> HTMLResponse:
    """The page of a question with its answer."""
    parts = [_part(answer, p) for p in answer.partnerships]
    return page(
        "question.html",
        about=answer.partnerships,
        question=answer.question,
        choices=choices,
        known=partnerships(store),
        parts=parts,
        total=sum(p.count for p in parts),
        without=_names(store, answer.without),
        things=_things(store, choices),
        fields=_fields(store, answer),
        meanings=[(c, columns()[c]) for c in answer.columns],
        query=query_of(choices),
    )


def query_of(choices: Choices) -> str:
    """The choices as the end of an address, to hand the same ones on."""
    pairs = [("partnership", s) for s in choices.slugs]
    pairs += [("as_of", choices.as_of.isoformat())] if choices.as_of else []
    pairs += [("without", w) for w in choices.without]
    pairs += [(name, v) for name, values in sorted(choices.given.items()) for v in values]
    return f"?{urlencode(pairs)}" if pairs else ""


def _fields(store: Store, answer: Answer) -> list[Field]:
    """The question's own parameters as fields of its form, as they were set."""
    found = []
    for parameter in answer.question.own:
        if parameter.type == "integer":
            number = answer.given.numbers[parameter.name]
            found.append(Field(parameter.name, parameter.about, GIVEN[parameter.name], number))
        else:
            names = _written_names(fact(store, parameter.type))
            chosen = tuple(names[one] for one in answer.given.chosen[parameter.name])
            options = tuple(sorted(names.values()))
            found.append(Field(parameter.name, parameter.about, options=options, chosen=chosen))
    return found


def _written_names(rows: Iterable[Row]) -> dict[str, str]:
    """By id: the name that a person writes; the id itself where two have the same name."""
    names = {str(r.get("term") or r["thing"]): str(r["name"]) for r in rows}
    times = Counter(name.casefold() for name in names.values())
    return {i: name if times[name.casefold()] == 1 else i for i, name in names.items()}


def _things(store: Store, choices: Choices) -> list[Row]:
    """What can be imagined lost, to choose from, where one partnership is chosen."""
    if len(choices.slugs) != 1:
        return []
    rows = fact(store, "map_things", choices.slugs)
    return [{"id": r["thing"], "name": r["name"]} for r in rows]


def _names(store: Store, things: Iterable[str]) -> list[str]:
    wanted = list(things)
    if not wanted:
        return []
    rows = [r for name in ("things", "routes") for r in fact(store, name)]
    names = {r["thing"]: r["name"] for r in rows}
    return [str(names[w]) for w in wanted]


def _part(answer: Answer, partnership: Partnership) -> Part:
    rows = [r for r in answer.rows if r["partnership"] == partnership.slug]
    column = answer.question.sections
    names = dict.fromkeys(str(r[column]) for r in rows) if column else {"": None}
    sections = tuple(
        _section(answer.question, n, [r for r in rows if column is None or r[column] == n])
        for n in names
    )
    return Part(partnership, written(answer.as_of[partnership.slug]), sections)


def _section(question: Question, name: str, rows: list[Row]) -> Section:
    """Columns that are empty throughout, or only repeat the heading, are left out."""
    shown = [c for c in question.shows if not {text(r[c]) for r in rows} <= {"", name}]
    headers = tuple(c.removesuffix("_name").replace("_", " ") for c in shown)
    lines = tuple(Line(tuple(_cell(question, r, c) for c in shown), _proofs(r)) for r in rows)
    return Section(name, headers, lines)


def _cell(question: Question, row: Row, column: str) -> Cell:
    value = row[column]
    if isinstance(value, list | tuple):
        return Cell("", items=tuple(text(v) for v in value))
    shown = written(value) if hasattr(value, "isoformat") else text(value)
    return Cell(shown, url=_leads_to(question, row, column), tag=is_known(shown))


def _leads_to(question: Question, row: Row, column: str) -> str | None:
    """The record a name stands for: `group` beside `group_name`, the first column beside `name`."""
    holder = question.returns[0] if column == "name" else column.removesuffix("_name")
    target = row.get(holder) if holder != column else None
    return record_url(target) if isinstance(target, str) and target.count("/") == 2 else None


def _proofs(row: Row) -> tuple[Proof, ...]:
    return tuple(
        Proof(
            title=e["title"] or "Shared terms",
            places=tuple(e["locator"]),
            basis=e["basis"],
            url=record_url(e["record"]),
            kind=_kind(e["record"]),
        )
        for e in row.get("evidence", ())
    )


def _kind(identifier: str) -> str:
    try:
        return default_schema().by_slug(identifier.split("/")[1]).label
    except (IndexError, KeyError):
        return "record"
