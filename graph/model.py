"""The property graph: nodes, edges and nothing that reads or writes.

An edge is either a reference of a node (no id, no properties) or a record of its own, such as an
award (an id and properties). Every node has exactly one label.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

Scalar = str | int | float | Decimal | bool | datetime.date
Value = Scalar | tuple[str, ...] | None
"""What a column can hold. Lists are lists of text."""


@dataclass(frozen=True, slots=True)
class Node:
    """One record or term, with its columns by key."""

    id: str
    label: str
    properties: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Edge:
    """One relationship from a node to a node, each named by label and id."""

    type: str
    start: tuple[str, str]
    end: tuple[str, str]
    id: str | None
    properties: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class PropertyGraph:
    """All nodes and edges of a release, each in a fixed order, with the release's name."""

    release: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
