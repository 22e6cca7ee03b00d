"""What may not be in any table: contacts of people and places, recognised by their form.

Fingerpost records posts, never people, and no address of a place where somebody is safe. The value
found is never repeated in a message: a log must not become the leak.
"""

import re

_FORMS = {
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"),
    "a telephone number": re.compile(
        r"(?<![\w/-])\(?(?:(?:\+|00)44\)?[\s.-]?(?:\(0\))?|0)[\s.-]?(?:\d[\s.)-]*){9,10}(?![\w/])"
    ),
    "a postcode": re.compile(
        r"\b(?:[A-Z]{1,2}[0-9][A-Z0-9]?\s?[0-9][ABD-HJLNP-UW-Z]{2}"
        r"|[a-z]{1,2}[0-9][a-z0-9]?\s?[0-9][abd-hjlnp-uw-z]{2})\b"
    ),
}


def contact_in(text: str) -> str | None:
    """What kind of contact a text holds, in words, or None.

    >>> contact_in("ring 01632 960123")
    'a telephone number'
    """
    for kind, form in _FORMS.items():
        if form.search(text):
            return kind
    return None
