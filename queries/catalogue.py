"""The question catalogue: one Cypher file a question, with a TOML header in its first comments.

The folder is the theme, the file the question: `funding/unfunded.cypher` is `funding.unfunded`.
Files in `facts/` have the same form; they are shared inputs of the questions that need an algorithm
and are not offered as questions. A file whose header and query do not agree is refused, with its
name and line.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from queries import lint
from queries.glossary import themes

FOLDER = Path(__file__).parent
FACTS = "facts"
_MARK = "//+"
DIALS = {"partnerships": "ids", "as_of": "date", "without": "ids"}
"""The parameters that every question takes, with their types."""
GIVEN = {"months": 120}
"""The whole numbers that a question may take besides, each with its greatest value."""
CHOICES = ("groups", "needs", "things")
"""The types of parameters that name records, each after the file in `facts/` that knows them."""
BOARD, EDITOR = "board", "editor"
NOTHING = "No record answers this. That does not mean that there is none."
"""What an answer without rows says, unless its question says it better."""
_NEEDED = {"title", "question", "returns"}
_TYPES = {"date", "ids", "integer", *CHOICES}
_KEYS = {
    "title",
    "question",
    "caveats",
    "params",
    "returns",
    "facts",
    "reads",
    "answer",
    "sections",
    "shows",
    "audience",
    "across",
    "empty",
}


class CatalogueError(Exception):
    """A question's file is wrong; the message names the file and the line."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a question: its type and what it is.

    A whole number (`integer`) has a default; a choice (`groups`, `needs`, `things`) is a list of
    ids, of which none is chosen by default.
    """

    name: str
    type: str
    about: str
    default: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """One question: what it asks in words, and how it is answered.

    `reads` are the columns of the query, `returns` those of the answer; they differ where `answer`
    names an algorithm that works on the query's rows and the `facts`. `sections` is the column that
    answers are grouped by on a page, `shows` are the columns that a person reads there. `audience`
    is "editor" for what a board rarely asks; `across` questions look at all partnerships at once;
    `empty` is what an answer without rows says.
    """

    name: str
    title: str
    question: str
    caveats: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    reads: tuple[str, ...]
    returns: tuple[str, ...]
    facts: tuple[str, ...]
    answer: str | None
    sections: str | None
    shows: tuple[str, ...]
    audience: str
    across: bool
    empty: str
    cypher: str

    @property
    def theme(self) -> str:
        """The folder that the question stands in."""
        return self.name.split(".", 1)[0]

    @property
    def own(self) -> tuple[Parameter, ...]:
        """The parameters that this question takes besides the dials of all questions."""
        return tuple(p for p in self.parameters if p.name not in DIALS)


def read_question(path: Path) -> Question:
    """Read one file.

    Raises CatalogueError where the header is wrong, where declared and used parameters or columns
    differ, or where the query says something that is not portable.
    """
    text = path.read_text(encoding="utf-8")
    header, cypher = _split(text)
    try:
        about = tomllib.loads(header)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{_name(path)}: the header is not TOML: {error}") from error
    _check_header(path, about, text)
    returns = tuple(about["returns"])
    question = Question(
        name=f"{path.parent.name}.{path.stem}",
        title=about["title"],
        question=about["question"],
        caveats=tuple(about.get("caveats", ())),
        parameters=tuple(
            Parameter(name, p["type"], p["about"], p.get("default", 0))
            for name, p in about.get("params", {}).items()
        ),
        reads=tuple(about.get("reads", _read_by_default(path, returns))),
        returns=returns,
        facts=tuple(about.get("facts", ())),
        answer=about.get("answer"),
        sections=about.get("sections"),
        shows=tuple(about.get("shows", returns)),
        audience=about.get("audience", BOARD),
        across=about.get("across", False),
        empty=about.get("empty", NOTHING),
        cypher=cypher,
    )
    _check(path, question, text)
    return question


def _read_by_default(path: Path, returns: tuple[str, ...]) -> tuple[str, ...]:
    """A question's rows begin with their partnership; a fact's are just what it returns."""
    return returns if path.parent.name == FACTS else ("partnership", *returns)


def _split(text: str) -> tuple[str, str]:
    lines = text.splitlines()
    header = [line.removeprefix(_MARK).strip() for line in lines if line.startswith(_MARK)]
    cypher = [line for line in lines if not line.startswith(_MARK)]
    return "\n".join(header), "\n".join(cypher).strip() + "\n"


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _line(text: str, form: str) -> int:
    """The first line in which a form is found; 1 where it is in none."""
    found = re.search(form, text, re.M)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _check_header(path: Path, about: Mapping[str, Any], text: str) -> None:
    found = [(1, f"the header lacks {key}") for key in sorted(_NEEDED - about.keys())]
    found += [
        (_line(text, rf"^//\+\s*{re.escape(key)}\b"), f"there is no key {key}")
        for key in sorted(about.keys() - _KEYS)
    ]
    for key in ("returns", "reads", "shows", "facts", "caveats"):
        value = about.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            found.append((_line(text, rf"^//\+\s*{key}\b"), f"{key} is a list of texts"))
    given = about.get("params", {})
    for name, value in given.items() if isinstance(given, dict) else [("params", given)]:
        reason = _wrong_parameter(name, value)
        if reason:
            found.append((_line(text, rf"^//\+\s*params\.{re.escape(name)}\b"), reason))
    if about.get("audience", BOARD) not in (BOARD, EDITOR):
        found.append((_line(text, r"^//\+\s*audience\b"), f"the audience is {BOARD} or {EDITOR}"))
    if not isinstance(about.get("across", False), bool):
        found.append((_line(text, r"^//\+\s*across\b"), "across is true or false"))
    _refuse(path, found)


def _wrong_parameter(name: str, value: Any) -> str | None:
    """What is wrong with a parameter's declaration, or None."""
    is_whole = isinstance(value, dict) and value.keys() - {"default"} == {"type", "about"}
    if not is_whole or value["type"] not in _TYPES:
        kinds = ", ".join(sorted(_TYPES))
        return f"the parameter {name} needs an about and a type of {kinds}"
    if name in DIALS:
        return None if value["type"] == DIALS[name] else f"{name} is of type {DIALS[name]}"
    if value["type"] == "integer":
        most = GIVEN.get(name, 0)
        default = value.get("default")
        if not isinstance(default, int) or not 1 <= default <= most:
            return f"the parameter {name} needs a default from 1 to {most}"
    elif "default" in value:
        return f"the parameter {name} has no default: none chosen is an empty list"
    return None


def _refuse(path: Path, found: Sequence[tuple[int, str]]) -> None:
    if found:
        told = "; ".join(f"line {line}: {reason}" for line, reason in found)
        raise CatalogueError(f"{_name(path)}: {told}")


def _check(path: Path, question: Question, text: str) -> None:
    # The header's lines are blanked, so that lines are counted as in the file.
    body = "\n".join("" if line.startswith(_MARK) else line for line in text.splitlines())
    found = [(f.line, f.reason) for f in lint.findings(body)]
    declared = {p.name for p in question.parameters}
    used = lint.parameters(question.cypher)
    is_fact = path.parent.name == FACTS
    # What an algorithm works with its query need not use.
    elsewhere = {p.name for p in question.own} if question.answer else set()
    found += [
        (_line(body, rf"\${name}\b"), f"uses ${name} and does not declare it")
        for name in sorted(used - declared)
    ]
    # A question has all three dials, also where its query has no use for one of them.
    for name in sorted(declared - used - elsewhere - (set() if is_fact else set(DIALS))):
        line = _line(text, rf"^//\+\s*params\.{name}\b")
        found.append((line, f"declares {name} and does not use it"))
    returned = _line(body, r"(?i)\bRETURN\b")
    found += [
        (returned, f"returns {columns} and declares {list(question.reads)}")
        for columns in lint.columns(body)
        if tuple(columns) != question.reads
    ]
    if not is_fact and not declared >= set(DIALS):
        found.append((1, "a question takes partnerships, as_of and without"))
    if not {*question.shows, *filter(None, [question.sections])} <= {*question.returns}:
        line = _line(text, r"^//\+\s*(shows|sections)\b")
        found.append((line, "shows or sections name a column that is not returned"))
    if question.answer is None and question.reads != _read_by_default(path, question.returns):
        line = _line(text, r"^//\+\s*reads\b")
        found.append((line, "only an algorithm may return other columns than the query reads"))
    if question.across and (question.answer is None or "as_of" in used):
        line = _line(text, r"^//\+\s*across\b")
        found.append((line, "across partnerships an algorithm has the days, no $as_of"))
    for name in question.facts:
        if not (FOLDER / FACTS / f"{name}.cypher").exists():
            found.append((_line(text, r"^//\+\s*facts\b"), f"there is no file facts/{name}.cypher"))
    _refuse(path, found)


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, Question]:
    """All questions by name, theme by theme in the order of the glossary, then by name."""
    chapters = [theme.name for theme in themes()]
    paths = sorted(p for p in FOLDER.glob("*/*.cypher") if p.parent.name != FACTS)
    stray = [p for p in paths if p.parent.name not in chapters]
    if stray:
        raise CatalogueError(f"{_name(stray[0])}: glossary.toml says nothing of the theme")
    paths.sort(key=lambda p: (chapters.index(p.parent.name), p.stem))
    return MappingProxyType({q.name: q for q in map(read_question, paths)})


@lru_cache(maxsize=1)
def fact_files() -> Mapping[str, Question]:
    """The shared inputs of algorithms, by file name."""
    paths = sorted((FOLDER / FACTS).glob("*.cypher"))
    return MappingProxyType({p.stem: read_question(p) for p in paths})
