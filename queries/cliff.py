"""The funding cliff over time: what changes state on which day, from change points."""

from collections.abc import Mapping

from queries.asked import Answerer

ANSWERS: Mapping[str, Answerer] = {}
