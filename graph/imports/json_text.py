"""JSON from anybody, read so that nothing in it is guessed and nothing in it can do harm.

RFC 8259 leaves open what a key given twice, a number without bounds or a lone surrogate means, and
Python's reader takes `NaN` too. Here each of them is refused with its place. A place is a path such
as `contents[3].name`.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from graph.confidential import contact_in
from graph.errors import Problem
from graph.sources.archive import MAX_BYTES

_DEEPEST = 64
_DIGITS = 15
"""The most digits of a number, before and after its point: nobody gives more pounds or degrees."""
_MOST = 100
"""How many problems are told of one file: more of them help nobody."""
_PLAIN = re.compile(r"[A-Za-z@$_][\w@.:-]{0,59}", re.ASCII)
_SURROGATE = re.compile("[\ud800-\udfff]")
_CODES = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"), (b"\x1f\x8b", "gzip"), (b"PK", "zip"))


@dataclass(frozen=True, slots=True)
class _Refused:
    """Stands in a document for a value that cannot be used, until its place is known."""

    expected: str


def read_json(path: Path, file: str = "") -> tuple[Any, list[Problem]]:
    """The content of a JSON file, or None and why it cannot be used."""
    name = file or path.name
    try:
        if path.stat().st_size > MAX_BYTES:
            return None, [too_large(name)]
        content = path.read_bytes()
    except OSError as error:
        advice = f"Check the path and the rights to it ({error.strerror})."
        return None, [Problem(name, 0, "", "", "a file that can be read", advice)]
    return parse_json(content, name)


def parse_json(content: bytes, file: str) -> tuple[Any, list[Problem]]:
    """The content of a JSON text in UTF-8, or None and everything that is wrong with it."""
    if len(content) > MAX_BYTES:
        return None, [too_large(file)]
    try:
        value = json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_constant=lambda _: _Refused("a number (JSON has no NaN and no Infinity)"),
            parse_float=_number,
            parse_int=_number,
        )
    except UnicodeDecodeError:
        found = next((f" It looks like {n}." for mark, n in _CODES if content.startswith(mark)), "")
        advice = f"Save it as JSON in UTF-8.{found}"
        return None, [Problem(file, 0, "", "", "text in UTF-8", advice)]
    except RecursionError:
        return None, [_too_deep(file)]
    except json.JSONDecodeError as error:
        advice = f"Mend it at line {error.lineno}, column {error.colno}: {error.msg}."
        return None, [Problem(file, 0, "", "", "JSON", advice)]
    problems = _problems(value, file)
    return (None, problems) if problems else (value, [])


def too_large(file: str) -> Problem:
    """The problem with a file, or all pages of a feed together, beyond the limit."""
    expected = f"at most {MAX_BYTES // 1024**2} MB"
    return Problem(file, 0, "", "", expected, "Import it in parts.")


def _too_deep(file: str) -> Problem:
    advice = "Ask whoever made the file: no record of these standards is as deep."
    return Problem(file, 0, "", "", f"values nested at most {_DEEPEST} deep", advice)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        found[key] = _Refused("a key once in its object") if key in found else value
    return found


def _number(text: str) -> int | Decimal | _Refused:
    """A number whose writing out is short; `1e999999999` would fill the memory."""
    if len(text) <= 2 * _DIGITS + 3:
        number = Decimal(text)
        if -_DIGITS <= number.adjusted() < _DIGITS or not number:
            return int(number) if number == number.to_integral_value() else number
    return _Refused(f"a number of at most {_DIGITS} digits")


def _is_plain(value: Any) -> bool:
    """Whether nothing in a document needs to be told, so that no path has to be worked out."""
    level = [value]
    for _ in range(_DEEPEST + 1):
        below: list[Any] = []
        for part in level:
            if isinstance(part, dict):
                below.extend(part)
                below.extend(part.values())
            elif isinstance(part, list):
                below.extend(part)
            elif isinstance(part, _Refused) or (
                isinstance(part, str) and not part.isascii() and _SURROGATE.search(part)
            ):
                return False
        if not below:
            return True
        level = below
    return False


def _problems(value: Any, file: str) -> list[Problem]:
    if _is_plain(value):
        return []
    found: list[Problem] = []
    for path, part, depth in _walk(value):
        expected, advice = "", "Correct it where the data come from, and import again."
        if isinstance(part, _Refused):
            expected = part.expected
        elif isinstance(part, str) and _SURROGATE.search(part):
            expected = "text of whole characters"
        elif depth > _DEEPEST:
            return [_too_deep(file)]
        if expected:
            found.append(Problem(file, 0, path, "", expected, advice))
        if len(found) == _MOST:
            break
    return found


def _walk(value: Any) -> Iterator[tuple[str, Any, int]]:
    """Every value and key with its path and depth; no recursion, so that no depth can end it."""
    waiting: list[tuple[str, Any, int]] = [("", value, 0)]
    while waiting:
        path, part, depth = waiting.pop()
        yield path, part, depth
        waiting.extend((p, v, depth + 1) for p, v in _children(path, part))
        if isinstance(part, dict):
            waiting.extend((path, key, depth) for key in part)


def _children(path: str, part: Any) -> Iterable[tuple[str, Any]]:
    if isinstance(part, dict):
        return ((at(path, key), value) for key, value in part.items())
    if isinstance(part, list):
        return ((f"{path}[{n}]", value) for n, value in enumerate(part))
    return ()


def values_in(value: Any, path: str) -> Iterator[tuple[str, str, Any]]:
    """Every value that is no object or list, with its path and the key it stands under."""
    waiting: list[tuple[str, str, Any]] = [(path, "", value)]
    while waiting:
        place, key, part = waiting.pop()
        if isinstance(part, dict):
            waiting.extend((at(place, k), k, v) for k, v in part.items())
        elif isinstance(part, list):
            waiting.extend((f"{place}[{n}]", key, v) for n, v in enumerate(part))
        else:
            yield place, key, part


def at(path: str, key: str) -> str:
    """The path of a key; one that is no plain word is not repeated, for it may hold anything."""
    return f"{path}.{_shown(key)}" if path else _shown(key)


@lru_cache(maxsize=4096)
def _shown(key: str) -> str:
    return key if _PLAIN.fullmatch(key) and not contact_in(key) else "…"
