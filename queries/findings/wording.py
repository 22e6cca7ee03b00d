"""How answers are put into sentences: days, numbers, lists, and names in the middle of a sentence.

Plain British English for pages and papers. Nothing is judged here: what an answer says is said in
words, and no more.
"""

import datetime
import re
from collections.abc import Iterable

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_ORDINARY = frozenset(
    re.findall(
        r"\S+",
        """
        a about advocacy agencies all at awareness changing children children's convicted
        counselling deaf disabled domestic drop-in east emergency emotional employees families
        female for former from health help homeless households housing in individual information
        interpreting larger male men mental minority money moving new no nominations non north
        older one only other outreach parents partners people
        perpetrators pregnant prevention pupils refuge rent repeat routine safe safety seasonal
        every once second self-contained several social socially south specialist standard
        support survivors teenage the to training travelling two users victims visits vulnerable
        west when where with women women's years young
        """,
    )
)
"""First words of names that are no proper names: these alone are written small in a sentence."""


def day(value: datetime.date) -> str:
    """A day as people write it.

    >>> day(datetime.date(2013, 3, 31))
    '31 March 2013'
    """
    return f"{value.day} {value:%B} {value.year:04d}"


def dated(text: str) -> str:
    """A text with its days written out.

    >>> dated("its money ends on 2013-03-31")
    'its money ends on 31 March 2013'
    """
    return _ISO.sub(lambda found: day(datetime.date.fromisoformat(found.group())), text)


def number(count: int) -> str:
    """A number as a sentence has it: in words up to nine.

    >>> number(3), number(25), number(1200)
    ('three', '25', '1,200')
    """
    return _SMALL[count] if count < len(_SMALL) else f"{count:,}"


def counted(count: int, one: str, several: str = "") -> str:
    """A number with what is counted.

    >>> counted(1, "service"), counted(4, "service"), counted(12, "post of it", "posts of it")
    ('one service', 'four services', '12 posts of it')
    """
    return f"{number(count)} {one if count == 1 else several or f'{one}s'}"


def small(name: str) -> str:
    """A name as it stands inside a sentence; what may be a proper name keeps its capital.

    >>> small("Male victims"), small("LGBT victims"), small("Indian victims")
    ('male victims', 'LGBT victims', 'Indian victims')
    """
    first = re.split(r"[^\w-]", name, maxsplit=1)[0].lower()
    return name[0].lower() + name[1:] if first in _ORDINARY else name


def upper(sentence: str) -> str:
    """A sentence with its first letter large."""
    return sentence[:1].upper() + sentence[1:]


def listed(parts: Iterable[str], most: int = 0, what: str = "others") -> str:
    """Parts as a sentence lists them; beyond `most`, how many more there are.

    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"]), listed("abcde", 2)
    ('a', 'a and b', 'a, b and c', 'a, b and three others')
    """
    told = list(parts)
    # One more is sooner named than counted.
    if most and len(told) > most + 1:
        told = [*told[:most], f"{number(len(told) - most)} {what}"]
    if len(told) < 2:
        return "".join(told)
    return f"{', '.join(told[:-1])} and {told[-1]}"


def quoted(name: str) -> str:
    """A name or title in quotation marks."""
    return f"“{name}”"


def pounds(amount: float) -> str:
    """An amount of money.

    >>> pounds(30000.0), pounds(1250.5)
    ('£30,000', '£1,250.50')
    """
    return f"£{amount:,.0f}" if amount == int(amount) else f"£{amount:,.2f}"
