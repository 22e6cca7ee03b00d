"""How the tokens of a column become an array of its type: worked out from the Schema once.

Leaves out what a record's columns have to do with one another (columns.py, derived_columns.py).
"""

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from graph.frames import ARROW
from ontology.schema import Property

Ints = np.ndarray[tuple[int], np.dtype[np.int64]]
Reader = Callable[[Sequence[str]], pa.Array]

_ESCAPE = re.compile(r"""\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([tbnrf"'\\]))""")
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


class Numbers(dict[str, int]):
    """A number for each token, given when it is first met."""

    def __missing__(self, token: str) -> int:
        number = self[token] = len(self)
        return number

    def of(self, tokens: Sequence[str]) -> Ints:
        """The numbers of some tokens."""
        return np.fromiter(map(self.__getitem__, tokens), np.int64, len(tokens))


class _Once(dict[str, Any]):
    """What a token holds, worked out once for all its appearances."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        self._read = read

    def __missing__(self, token: str) -> Any:
        found = self[token] = self._read(token)
        return found


def text_of(token: str) -> str:
    r"""The IRI or the text of a token of N-Quads.

    >>> text_of('"a \\"b\\"\\u00e9"@en')
    'a "b"é'
    """
    text = token[1:-1] if token[0] == "<" else token[1 : token.rindex('"')]
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _ESCAPED[found[3]]


def is_measured(prop: Property) -> bool:
    """Whether a property's values have an order that is not that of their text."""
    return prop.type in ("integer", "decimal", "boolean", "date")


def reader(prop: Property, words: Mapping[str, str], numbers: Numbers) -> Reader:
    """What turns the tokens of a property into an array.

    References become numbers; several values of a record that have an order of their own stay text,
    for lists in a store are lists of text.
    """
    if prop.type == "reference":
        return lambda tokens: pa.array(numbers.of(tokens))
    if prop.type != "code" and prop.type != "edtf" and not is_measured(prop):
        return lambda tokens: pa.array(list(map(text_of, tokens)), pa.string())
    read = _value_of(prop, words)
    if prop.many:
        once = _Once(lambda token: str(read(text_of(token))))
    elif prop.type == "decimal":
        once = _Once(lambda token: float(read(text_of(token))))
    else:
        once = _Once(lambda token: read(text_of(token)))
    kind = ARROW[prop.type] if is_measured(prop) and not prop.many else pa.string()
    return lambda tokens: pa.array(list(map(once.__getitem__, tokens)), kind)


def _value_of(prop: Property, words: Mapping[str, str]) -> Callable[[str], Any]:
    match prop.type:
        case "code":
            return lambda text: words.get(text, text)
        case "integer":
            return int
        case "decimal":
            return Decimal
        case "boolean":
            return lambda text: text == "true"
        case "date":
            return datetime.date.fromisoformat
        case _:
            return str


def measured(prop: Property, values: pa.Array) -> pa.Array:
    """What a list's values are sorted by, and compared by: themselves, where they are text."""
    if not prop.many or not is_measured(prop):
        return values
    parses: dict[str, Callable[[str], Any]] = {
        "integer": int,
        "decimal": float,
        "boolean": lambda text: text == "True",
        "date": datetime.date.fromisoformat,
    }
    parse = parses[prop.type]
    return pa.array(list(map(parse, values.to_pylist())), ARROW[prop.type])
