"""The answers about governance: whether what was decided is done, and who sits where."""

from collections.abc import Mapping

from queries.asked import Answerer

ANSWERS: Mapping[str, Answerer] = {}
