"""What may not be in any table: contacts of people and places, recognised by their form.

Fingerpost records posts, never people, and no address of a place where somebody is safe. The value
found is never repeated in a message: a log must not become the leak.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Final

_FORMS = {
    "an e-mail address": re.compile(
        r"[\w.+'-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE
    ),
    "a telephone number": re.compile(
        r"(?<![\d-])\(?(?:(?:\+|00)?44[\s.\-–/)]*(?:\(0\))?|\(?0\)?|(?=[1237]\d{9}(?!\d)))"
        r"[\s.\-–/)]*(?:\d[\s.\-–/)]{0,2}){9,10}(?!\d)"
    ),
    "a postcode": re.compile(
        r"(?<![A-Za-z0-9])[A-Z]{1,2}[0-9][A-Z0-9]?[\s.\-]{0,2}[0-9]\s?[ABD-HJLNP-UW-Z]{2}"
        r"(?![A-Za-z0-9])",
        re.IGNORECASE,
    ),
    "a street address": re.compile(
        r"\b\d{1,4}[A-Za-z]?,?\s+(?:[A-Z][\w'’]+\s+){1,3}(?:Street|St|Road|Rd|Lane|Avenue|Ave|Close|"
        r"Drive|Crescent|Terrace|Grove|Gardens|Square|Court|Walk|Mews|Way|Row|Hill|Parade)\b"
    ),
    "a map position": re.compile(
        r"-?\d{1,2}\.\d{3,}\s*[,;]\s*-?\d{1,2}\.\d{3,}|(?<![\w-])\d{12}(?!\d)|\bUPRN\b"
    ),
}
ALLOWED: Final[Mapping[str | None, Collection[str]]] = {
    None: (),
    "contact": ("an e-mail address", "a telephone number"),
    "address": ("a postcode", "a street address", "a map position"),
}
"""What a column may hold by its `fp:holds`: the forms above that are no contact to refuse there."""

_TEAM = re.compile(
    r"help|info|team|enquir|inquir|contact|support|advice|advis|service|office|admin|referral|"
    r"reception|duty|desk|line|hub|mail|hello|front|access|intake|idva|outreach|refuge|abuse|"
    r"violence|victim|safe|care|aid|housing|council|police|health|centre|commission|public|feedback",
    re.IGNORECASE,
)
"""What a mailbox of a team is called after. People's mailboxes are called after people."""

# Marks that nobody sees: they hide a contact from the forms above, break lines, or turn text round.
_HIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_ZERO_WIDTH = re.compile(r"[\u200b-\u200d\u2060\ufeff]")


def hidden_in(text: str) -> bool:
    """Whether a text holds control characters, line separators or marks that turn it round."""
    return _HIDDEN.search(text) is not None


def without_hidden(text: str) -> str:
    """A text with a blank for each character that `hidden_in` finds."""
    return _HIDDEN.sub(" ", text)


def contact_in(text: str, allowed: Collection[str] = ()) -> str | None:
    """What kind of contact a text holds, in words, or None; kinds in `allowed` are passed over.

    >>> contact_in("ring 01632 960123")
    'a telephone number'
    """
    plain = unicodedata.normalize("NFKC", _ZERO_WIDTH.sub("", text))
    # All hyphens and dashes are one here, and marks that nobody sees, such as soft hyphens, none.
    plain = "".join(
        "-" if kind == "Pd" else character
        for character in plain
        if (kind := unicodedata.category(character)) != "Cf"
    )
    for kind, form in _FORMS.items():
        if kind not in allowed and form.search(plain):
            return kind
    return None


def is_persons_mailbox(text: str) -> bool:
    """Whether an e-mail address looks like one person's: several words, none of them a team's.

    >>> is_persons_mailbox("asha.rao@haven.example"), is_persons_mailbox("da.team@haven.example")
    (True, False)
    """
    name, at, _ = text.rpartition("@")
    parts = [part for part in re.split(r"[._+-]+", name) if part.strip("0123456789")]
    return bool(at) and len(parts) > 1 and not _TEAM.search(name)
