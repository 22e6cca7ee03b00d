"""Partnerships side by side on the same codes: what one has that another lacks."""

from collections.abc import Mapping

from queries.asked import Answerer

ANSWERS: Mapping[str, Answerer] = {}
