"""The question catalogue: one Cypher file a question, with a TOML header in its first comments.

The folder is the theme, the file the question: `funding/unfunded.cypher` is `funding.unfunded`.
Files in `facts/` have the same form; they are shared inputs of the questions that need an algorithm
and are not offered as questions. A file whose header and query do not agree is refused, with its name
and line.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from queries import lint

FOLDER = Path(__file__).parent
FACTS = "facts"
_MARK = "//+"
_DIALS = {"partnerships", "as_of", "without"}
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
}


class CatalogueError(Exception):
    """A question's file is wrong; the message names the file and the line."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a question: its type (`date`, `ids`, `integer`, `text`) and what it is."""

    name: str
    type: str
    about: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question: what it asks in words, and how it is answered.

    `reads` are the columns of the query, `returns` those of the answer; they differ where `answer`
    names an algorithm that works on the query's rows and the `facts`. `sections` is the column that
    answers are grouped by on a page, `shows` are the columns that a person reads there.
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
    cypher: str

    @property
    def theme(self) -> str:
        """The folder that the question stands in."""
        return self.name.split(".", 1)[0]


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
    missing = {"title", "question", "returns"} - about.keys()
    unknown = about.keys() - _KEYS
    if missing or unknown:
        raise CatalogueError(
            f"{_name(path)}: the header lacks {sorted(missing)} or has unknown {sorted(unknown)}"
        )
    returns = tuple(about["returns"])
    question = Question(
        name=f"{path.parent.name}.{path.stem}",
        title=about["title"],
        question=about["question"],
        caveats=tuple(about.get("caveats", ())),
        parameters=tuple(
            Parameter(name, p["type"], p["about"]) for name, p in about.get("params", {}).items()
        ),
        reads=tuple(about.get("reads", _read_by_default(path, returns))),
        returns=returns,
        facts=tuple(about.get("facts", ())),
        answer=about.get("answer"),
        sections=about.get("sections"),
        shows=tuple(about.get("shows", returns)),
        audience=about.get("audience", "board"),
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


def _check(path: Path, question: Question, text: str) -> None:
    offset = sum(line.startswith(_MARK) for line in text.splitlines())
    found = [f"line {f.line + offset}: {f.reason}" for f in lint.findings(question.cypher)]
    declared = {p.name for p in question.parameters}
    used = lint.parameters(question.cypher)
    is_fact = path.parent.name == FACTS
    # A question has all three dials, also where its query has no use for one of them.
    if not used <= declared or declared - used - (set() if is_fact else _DIALS):
        found.append(f"declares the parameters {sorted(declared)} and uses {sorted(used)}")
    found += [
        f"returns {columns} and declares {list(question.reads)}"
        for columns in lint.columns(question.cypher)
        if tuple(columns) != question.reads
    ]
    if not is_fact and not declared >= _DIALS:
        found.append("a question takes partnerships, as_of and without")
    if not {*question.shows, *filter(None, [question.sections])} <= {*question.returns}:
        found.append("shows or sections name a column that is not returned")
    if question.answer is None and question.reads != _read_by_default(path, question.returns):
        found.append("only an algorithm may return other columns than the query reads")
    if found:
        raise CatalogueError(f"{_name(path)}: " + "; ".join(found))


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, Question]:
    """All questions by name, in the order of themes and names."""
    paths = sorted(p for p in FOLDER.glob("*/*.cypher") if p.parent.name != FACTS)
    return MappingProxyType({q.name: q for q in map(read_question, paths)})


@lru_cache(maxsize=1)
def fact_files() -> Mapping[str, Question]:
    """The shared inputs of algorithms, by file name."""
    paths = sorted((FOLDER / FACTS).glob("*.cypher"))
    return MappingProxyType({p.stem: read_question(p) for p in paths})
