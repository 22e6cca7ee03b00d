"""The words around the questions: what a theme is about, and what a column of an answer says."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

_FILE = Path(__file__).parent / "glossary.toml"
_COMMON = {
    "partnership": "The partnership that the row is about.",
    "as_of": "The day asked about.",
}


@dataclass(frozen=True, slots=True)
class Theme:
    """A chapter of the catalogue: the folder it stands in, its heading, and what it is about."""

    name: str
    title: str
    about: str


@lru_cache(maxsize=1)
def themes() -> tuple[Theme, ...]:
    """The themes, in the order in which a board would turn to them."""
    return tuple(Theme(name, t["title"], t["about"]) for name, t in _read()["themes"].items())


@lru_cache(maxsize=1)
def columns() -> Mapping[str, str]:
    """What each column of an answer says, by its name."""
    return MappingProxyType({**_COMMON, **_read()["columns"]})


@lru_cache(maxsize=1)
def types() -> Mapping[str, str]:
    """What each column holds: text, texts, date, integer, number, boolean or records."""
    given = {column: kind for kind, names in _read()["types"].items() for column in names}
    return MappingProxyType({column: given.get(column, "text") for column in columns()})


def _read() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
