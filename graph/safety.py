"""What safe accommodation is, and how large an area must be to be told of it (SAFETY.md, rule 1).

Data from elsewhere say it in words, our own tables by type: here are the words, and the ONS codes
by which an area is at least an upper-tier authority.
"""

import re
from typing import Any, Final

UPPER_TIER: Final = ("E06", "E08", "E09", "E10", "W06", "S12", "N09")
"""Authorities with none above them: unitary, metropolitan, London, county, and those of Wales,
Scotland and Northern Ireland."""
ABOVE: Final = ("E12", "E47", "E92", "W92", "S92", "N92", "K02", "K03", "K04")
"""Regions, combined authorities, nations and what is made of them."""
DISTRICT: Final = ("E07",)
"""Districts of a county: below the upper tier, and nobody's ward."""

_SAFE: Final = re.compile(
    r"\brefuges?\b|\bsafe[ -]?(?:house|home|accommodation|place)s?\b|\bplaces? of safety\b|"
    r"\bsanctuary (?:scheme|project)s?\b|"
    r"\b(?:dispersed|second[ -]stage|emergency|crisis|move[ -]?on) accommodation\b|"
    r"\bwomen'?s hostels?\b|\bllet[yt]y? diogel\b|\blloches(?:au)?\b|"
    r"\bdomestic (?:abuse|violence) (?:\w+ )?(?:accommodation|hostel|housing)\b",
    re.IGNORECASE,
)


def is_safe(*texts: Any) -> bool:
    """Whether a name or term speaks of a refuge or other safe accommodation.

    >>> is_safe("Haven Women's Refuge"), is_safe("Advice for refugees")
    (True, False)
    """
    return any(_SAFE.search(text) for text in texts if isinstance(text, str))


def is_upper(code: str) -> bool:
    """Whether an ONS code is that of an upper-tier authority, or of something that takes it in."""
    return code.startswith((*UPPER_TIER, *ABOVE))
