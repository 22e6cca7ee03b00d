"""The answers about pathways: which ways there are to help, and where they break off."""

from collections.abc import Mapping

from queries.asked import Answerer

ANSWERS: Mapping[str, Answerer] = {}
