"""What may not be in any table: contacts of people and places, recognised by their form.

Fingerpost records posts, never people, and no address of a place where somebody is safe. The value
found is never repeated in a message: a log must not become the leak.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Final

_NAMED: Final = (
    r"Street|St|Road|Rd|Lane|Avenue|Ave|Close|Drive|Crescent|Terrace|Grove|Gardens|Square|Court|"
    r"Walk|Mews|Way|Row|Hill|Parade|Place|Green|Park|Rise|View|Villas|Cottages|Croft|Wharf|Quay|"
    r"Vale|Broadway|Boulevard|Circus|Esplanade"
)
"""What the name of a street ends with, where it is written with capitals."""
_PLAIN: Final = r"street|road|rd|lane|avenue|crescent|terrace|mews|grove|parade"
"""Those that are no common end of a sentence: 2 women walk, 3 days in court, the way, the close."""
_NUMBER: Final = r"(?<![\w.,£:/-])\d{1,3}[a-z]?,?\s+"
# Words before those that make no name of them: "10 years down the road", "2 way street".
_NO_NAME: Final = (
    r"(?!(?:a|an|and|any|as|at|back|between|by|down|each|every|for|from|high|in|into|is|its|later|local|"
    r"main|more|of|off|on|one|or|other|our|out|over|per|same|side|single|the|their|this|to|two|"
    r"under|up|way|with|safer?|busy|no|not|years?|months?|weeks?|days?|hours?|minutes?|miles?|"
    r"table|women|men|people|first|last|next|second|third|were|was|who|that)\b)"
)
_SQUARES: Final = r"(?:H[O-Z]|N[A-HJ-Z]|OV|S[A-HJ-Z]|T[A-HJ-Z])"
"""The 100 km squares of the Ordnance Survey's National Grid."""
_PLUS: Final = "[2-9CFGHJMPQRVWX]"
"""The digits of an Open Location Code."""
_POSITIONS: Final = (
    r"-?\d{1,2}\.\d{3,}\s*[,;/]\s*-?\d{1,2}\.\d{3,}",
    r"\b(?:49|5\d|60)\.\d{3,}\s*°?\s*N?[\s,;/]+-?[0-8]\.\d{3,}",
    r"\d{1,2}\s?(?:°|deg(?:rees)?\b)\s?\d{1,2}(?:\.\d+)?\s?(?:['’′]|min)",
    r"(?<![\w-])\d{12}(?!\d)",
    r"\bUPRN\b",
    rf"(?<![\w-]){_SQUARES}\s?(?:\d{{5}}\s?\d{{5}}|\d{{4}}\s?\d{{4}}|\d{{3}}\s\d{{3}})(?!\d)",
    r"(?<![\w:/])///\s?\w+\.\w+\.\w+",
    r"\bwhat3words\b|\bw3w\.co/",
    rf"(?i:(?<![\w+])(?=\d*[a-z])(?=[a-z]*\d){_PLUS}{{4,8}}\+{_PLUS}{{2,3}}(?![\w+]))",
    r"(?i:\bgoo\.gl/maps|\bmaps\.app\.goo\.gl|\bmaps\.google\.|\bgoogle\.[a-z.]+/maps|"
    r"\bmaps\.apple\.|\bbing\.com/maps|\bopenstreetmap\.org|\bosm\.org/|\bstreetmap\.co\.uk|"
    r"\bwaze\.com/|\bplus\.codes/|\bgeo:-?\d)",
)
_FORMS = {
    "an e-mail address": re.compile(
        # From the start of a run of such characters: else a long one takes minutes.
        r"(?<![\w.+'-])[\w.+'-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+",
        re.IGNORECASE,
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
        rf"\b\d{{1,4}}[A-Za-z]?,?\s+(?:[A-Z][\w'’]+\.?\s+){{1,3}}(?:{_NAMED}|{_NAMED.upper()})\b|"
        # In small letters: the number and at most two words that a street may be called after.
        rf"{_NUMBER}(?:{_NO_NAME}[a-z][a-z'’]+\.?\s+){{1,2}}(?:{_PLAIN})\b|"
        # "12 high street" is an address, "12 high street shops" is none; so with "1 canary row".
        rf"{_NUMBER}(?:{_NO_NAME}[a-z'’]{{3,}}\s+row|high\s+street)(?=\s*(?:[,.;)]|$))"
    ),
    "a map position": re.compile("|".join(_POSITIONS)),
}
_OUTWARD: Final = re.compile(
    r"\b(?:in|near|around|within|postcode|district|area)\s+[A-Z]{1,2}[0-9][A-Z0-9]?\b"
)
"""The first half of a postcode, told as a place."""
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


def as_seen(text: str) -> str:
    """A text as a reader sees it: one form of each character, hyphen and apostrophe.

    Marks that nobody sees, such as soft hyphens, are gone.
    """
    if text.isascii():
        return text  # Most texts: there is nothing to change in them.
    plain = unicodedata.normalize("NFKC", _ZERO_WIDTH.sub("", text))
    return "".join(
        "-" if kind == "Pd" else character
        for character in plain.replace("’", "'").replace("‘", "'")
        if (kind := unicodedata.category(character)) != "Cf"
    )


def contact_in(text: str, allowed: Collection[str] = ()) -> str | None:
    """What kind of contact a text holds, in words, or None; kinds in `allowed` are passed over.

    >>> contact_in("ring 01632 960123")
    'a telephone number'
    """
    plain = as_seen(text)
    for kind, form in _FORMS.items():
        if kind not in allowed and form.search(plain):
            return kind
    return None


def is_by_postcode(text: str) -> bool:
    """Whether a text tells a place by the first half of a postcode.

    It is no contact of anything but a place that is to be told of the upper tier alone.

    >>> is_by_postcode("a house in QZ9"), is_by_postcode("a house for women")
    (True, False)
    """
    return _OUTWARD.search(as_seen(text)) is not None


def is_persons_mailbox(text: str) -> bool:
    """Whether an e-mail address looks like one person's: several words, none of them a team's.

    >>> is_persons_mailbox("asha.rao@haven.example"), is_persons_mailbox("da.team@haven.example")
    (True, False)
    """
    name, at, _ = text.rpartition("@")
    parts = [part for part in re.split(r"[._+-]+", name) if part.strip("0123456789")]
    return bool(at) and len(parts) > 1 and not _TEAM.search(name)
