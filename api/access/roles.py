"""Who acts, and how much may be done: three roles, each with all that the one before it may do."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal


class Role(IntEnum):
    """What somebody may do in the staff application; a greater one includes the lesser."""

    READER = 1
    """Read all that is on record, the confidential included."""
    EDITOR = 2
    """Make drafts as well: import, correct, confirm."""
    PUBLISHER = 3
    """Make a draft the live release as well, or take one back."""

    @property
    def word(self) -> str:
        """The role as settings, keys and the log write it."""
        return self.name.lower()

    @classmethod
    def of(cls, word: str) -> "Role":
        """The role of a word. Raises ValueError where it is none."""
        for role in cls:
            if role.word == word:
                return role
        raise ValueError("no role")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes a request. The name is a post's, a system's or a pseudonym, never a person's."""

    name: str
    role: Role
    how: Literal["key", "browser", "local"]
