"""What a visitor says is wrong with an entry: which entry, what, and perhaps a few words.

Nothing of who said so is kept: no address, no browser, and of the time the day alone.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import TypeAdapter, ValidationError

from graph.confidential import contact_in, hidden_in

What = Literal["unsafe", "take-down", "closed", "wrong"]
WHAT: Final[Mapping[What, str]] = {
    "unsafe": "It could put somebody in danger",
    "take-down": "It should not be here",
    "closed": "It has closed",
    "wrong": "Something in it is wrong",
}
"""What can be said to be wrong, the most urgent first, in the words of the form."""
LONGEST: Final = 1_000


@dataclass(frozen=True, slots=True)
class Report:
    """A report about an entry, which is named by its id in the public release."""

    about: str
    name: str
    what: What
    text: str
    on: datetime.date


_REPORT = TypeAdapter(Report)


def written_report(report: Report) -> bytes:
    """A report as JSON."""
    return _REPORT.dump_json(report)


def read_report(content: bytes) -> Report | None:
    """A report from JSON; None where it is none."""
    try:
        return _REPORT.validate_json(content)
    except ValidationError:
        return None


def is_kept(text: str) -> bool:
    """Whether the words of a report may be kept: short, and without any contact."""
    return len(text) <= LONGEST and not hidden_in(text) and contact_in(text) is None
