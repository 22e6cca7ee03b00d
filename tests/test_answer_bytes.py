"""Answers as bytes: what is the same has the same, and what differs does not."""

import datetime
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from answer_bytes import digest_of


@dataclass(frozen=True)
class Row:
    thing: str
    day: datetime.date


DAY = datetime.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([1, 2], (1, 2)),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({"a", "b"}, frozenset(["b", "a"])),
        (Row("a", DAY), Row("a", DAY)),
        (np.arange(3), np.arange(6)[:3]),
        (pa.table({"a": ["x", "y"]}), pa.concat_tables([pa.table({"a": [v]}) for v in "xy"])),
        (np.int64(3), 3),
    ],
)
def test_the_same_has_the_same_bytes(one: Any, other: Any) -> None:
    assert digest_of(one) == digest_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([1, 2], [2, 1]),
        ([1, 2], [12]),
        (["1", "2"], ["1, 2"]),
        ([[1], [2]], [[1, 2]]),
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"b": 1}),
        ({"a"}, {"b"}),
        ("1", 1),
        (None, ""),
        (True, 1),
        (Row("a", DAY), Row("b", DAY)),
        (np.array([1], np.int8), np.array([1], np.int64)),
        (np.zeros((2, 3)), np.zeros((3, 2))),
        (pa.table({"a": ["x"]}), pa.table({"b": ["x"]})),
        (b"a", b"b"),
    ],
)
def test_what_differs_has_others(one: Any, other: Any) -> None:
    assert digest_of(one) != digest_of(other)
