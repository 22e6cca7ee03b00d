"""The signs of states: what stands beside a word so that no state is told by its colour alone.

Pages, pictures and papers take signs and colours from here. The colours of pages are in
`api/static/site.css`, under the same tones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Tone = Literal["bad", "warn", "note", "good", "staff", "plain"]


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign and its tone: how grave it is."""

    sign: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Paint:
    """The colours of a tone: of what is written, and of its ground (4.5:1 between them)."""

    ink: str
    ground: str


SIGNS: Mapping[str, Sign] = MappingProxyType(
    {
        "money ended": Sign("✕", "bad"),
        "stated uncovered": Sign("✕", "bad"),
        "missing": Sign("✕", "bad"),
        "insufficient": Sign("<", "warn"),
        "money ends soon": Sign("!", "warn"),
        "money at risk": Sign("!", "warn"),
        "at risk": Sign("!", "warn"),
        "contested": Sign("≠", "warn"),
        "partial": Sign("±", "note"),
        "vacant": Sign("!", "warn"),
        "recruiting": Sign("!", "warn"),
        "inferred": Sign("~", "note"),
        "undated": Sign("~", "note"),
        "only sought or proposed": Sign("…", "note"),
        "begins later": Sign("…", "note"),
        "planned": Sign("…", "note"),
        "proposed": Sign("…", "note"),
        "sought": Sign("…", "note"),
        "not running yet": Sign("…", "note"),
        "funded": Sign("+", "good"),
        "provided (on record)": Sign("+", "good"),
        "serious": Sign("✕", "bad"),
        "to decide": Sign("!", "warn"),
        "to check": Sign("~", "note"),
        "left with nothing on record": Sign("✕", "bad"),
        "service falls": Sign("✕", "bad"),
        "help gets weaker": Sign("!", "warn"),
        "then hangs on one thing": Sign("!", "warn"),
        "gains help on record": Sign("+", "good"),
        "help gets stronger": Sign("+", "good"),
        "added": Sign("+", "good"),
        "ended": Sign("✕", "bad"),
        "changed": Sign("~", "note"),
        "no longer on record": Sign("–", "warn"),
        "historical": Sign("!", "warn"),
        "invented": Sign("i", "note"),
        "staff only": Sign("■", "staff"),
    }
)
"""The sign of each state that has one."""
PAINTS: Mapping[Tone, Paint] = MappingProxyType(
    {
        "bad": Paint("#9c2b00", "#fbe4d5"),
        "warn": Paint("#5c4a00", "#fdf3b8"),
        "note": Paint("#17456b", "#e3eef7"),
        "good": Paint("#0b5a43", "#e0f3ec"),
        "staff": Paint("#0b0c0c", "#f4f6f7"),
        "plain": Paint("#4a5258", "#f4f6f7"),
    }
)
"""The colours of pictures, by tone; those of `site.css`."""
_NONE = Sign("–", "plain")


def sign_of(state: str) -> Sign:
    """The sign of a state; a dash where it has none."""
    return SIGNS.get(state, _NONE)
