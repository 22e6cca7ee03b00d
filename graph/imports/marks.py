"""Identifiers of foreign data as ours: ids of rows, org-ids of organisations, codes of areas.

All are functions of what the data say, so that importing twice gives the same rows.
"""

import hashlib
import re
from typing import Final

from graph.confidential import contact_in
from graph.sources.rows import bad_id

_LONGEST: Final = 40
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_LENGTH: Final = 14
"""Letters of a shortened id: 26^14 of them, so that a million ids never meet by chance."""
_UUID: Final = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE
)
_ORG_ID: Final = re.compile(r"(?!UK-)[A-Z]{2}-[A-Z0-9]+-[A-Za-z0-9][A-Za-z0-9./_-]*")
"""As org-id.guide has them: the country (there is none called UK), the register, the number."""
_ONS: Final = re.compile(r"(?:https?://\S+/)?([EWSNK]\d{8})/?", re.ASCII)


def local_id(*parts: str) -> str:
    """The id of a row: the feed's own id as it is if it can be, otherwise a name made from it.

    UUIDs and long ids are shortened to letters: digits in a row may look like a telephone number,
    and an id stands in every address and answer.

    >>> local_id("GB-CHC-1234567"), local_id("ac148810-d857-441c-9679-408f346de14b")
    ('gb-chc-1234567', 'lqtxkwqssjpgkn')
    """
    text = "\n".join(part.strip() for part in parts)
    plain = text.lower()
    is_short = len(plain) <= _LONGEST and not _UUID.fullmatch(plain)
    if is_short and not bad_id("", 0, plain) and not contact_in(plain):
        return plain
    number = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
    letters = []
    for _ in range(_LENGTH):
        number, rest = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[rest])
    return "".join(letters)


def is_unique(identifier: str) -> bool:
    """Whether an id is one thing's in all the world, as its form says.

    That is a UUID, or an id of a scheme that hands out prefixes (360Giving, OCDS).
    """
    text = identifier.strip()
    return bool(_UUID.fullmatch(text)) or text.lower().startswith(("360g-", "ocds-"))


def org_id(scheme: str, identifier: str, kind: str = "") -> str:
    """The org-id of an organisation, or nothing where the data do not give a whole one.

    `kind` is the identifier's type in words: a company number or charity number without its
    register is one of Companies House or of a charity commission by its form.
    """
    number = re.sub(r"\s+", "", identifier)
    found = number if _ORG_ID.fullmatch(number) else f"{scheme.strip().upper()}-{number}"
    if not scheme.strip() and found != number:
        found = _of_register(kind.lower(), number.upper())
    return found if _ORG_ID.fullmatch(found) and not contact_in(found) else ""


def _of_register(kind: str, number: str) -> str:
    if "company" in kind and re.fullmatch(r"[0-9]{8}|[A-Z]{2}[0-9]{6}", number):
        return f"GB-COH-{number}"
    if "charity" in kind:
        if re.fullmatch(r"[0-9]{6,7}(?:-[0-9]{1,2})?", number):
            return f"GB-CHC-{number}"
        if re.fullmatch(r"SC[0-9]{6}", number):
            return f"GB-SC-{number}"
        if re.fullmatch(r"NIC[0-9]{6}", number):
            return f"GB-NIC-{number.removeprefix('NIC')}"
    return ""


def sector_of(org: str) -> str:
    """The sector that a register is of by definition, or nothing."""
    prefixes = {
        "GB-LAE-": "local authority",
        "GB-LAS-": "local authority",
        "GB-NHS-": "health",
        "GB-CHC-": "voluntary",
        "GB-SC-": "voluntary",
        "GB-NIC-": "voluntary",
    }
    return next((sector for prefix, sector in prefixes.items() if org.startswith(prefix)), "")


def ons_code(text: str) -> str:
    """The ONS code that a text is, alone or as the end of an address, or nothing."""
    found = _ONS.fullmatch(text.strip())
    return found[1] if found else ""
