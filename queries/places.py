"""The answers about capacity: places, and services asked for more than they can do."""

from collections.abc import Mapping

from queries.asked import Answerer

ANSWERS: Mapping[str, Answerer] = {}
