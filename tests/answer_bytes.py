"""An answer as bytes, so that two ways to it can be held against each other byte for byte.

Two answers have the same bytes if they say the same: types of containers do not matter, the order
of lists and rows does, that of sets and of a dictionary's keys does not.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pyarrow as pa


def digest_of(answer: Any) -> str:
    """The SHA-256 of an answer's bytes."""
    digest = hashlib.sha256()
    for piece in pieces_of(answer):
        digest.update(piece)
    return digest.hexdigest()


def pieces_of(answer: Any) -> Iterator[bytes]:
    """The bytes of an answer, piece by piece."""
    if isinstance(answer, bytes):
        yield answer
    elif isinstance(answer, pa.Table):
        yield from _framed(
            "table", ((name, answer[name].to_pylist()) for name in answer.column_names)
        )
    elif isinstance(answer, np.ndarray):
        yield f"array {answer.dtype} {answer.shape} ".encode()
        yield np.ascontiguousarray(answer).tobytes()
    elif isinstance(answer, np.generic):
        yield from pieces_of(answer.item())
    elif is_dataclass(answer):
        yield from _framed("record", ((f.name, getattr(answer, f.name)) for f in fields(answer)))
    elif isinstance(answer, Mapping):
        items = ((repr(key), answer[key]) for key in answer)
        yield from _framed("map", sorted(items, key=lambda item: item[0]))
    elif isinstance(answer, Set):
        yield from _framed("set", sorted(b"".join(pieces_of(one)) for one in answer))
    elif isinstance(answer, Iterable) and not isinstance(answer, str):
        yield from _framed("list", answer)
    else:
        yield repr(answer).encode()


def _framed(kind: str, parts: Iterable[Any]) -> Iterator[bytes]:
    yield f"{kind}(".encode()
    for part in parts:
        yield from pieces_of(part)
        yield b","
    yield b")"
