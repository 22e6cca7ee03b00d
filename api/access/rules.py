"""The rule of each route: the least role that it needs, or that it is open to all.

A route without a rule is refused to everybody (see `api.access.gate`): forgetting is safe.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from fastapi import Depends, Request, params

from api.access.roles import Actor, Role
from api.errors import RequestError

ACTOR = "fingerpost.actor"
"""Where the gate leaves who makes a request: in its scope, which nothing that was sent can set."""


class DeniedError(RequestError):
    """Who asks may not do this: the role is too small, or the route has no rule."""

    status: ClassVar[int] = 403


class UnknownCallerError(RequestError):
    """Nobody knows who asks (RFC 9110, 15.5.2: the answer says how to tell)."""

    status: ClassVar[int] = 401

    def __init__(self, message: str) -> None:
        super().__init__(message, headers={"WWW-Authenticate": 'Bearer realm="Fingerpost staff"'})


@dataclass(frozen=True, slots=True)
class Rule:
    """The least role that a route needs; None where it is open to all."""

    least: Role | None

    def __call__(self, request: Request) -> None:
        """Hold the rule once more where the route is answered. Raises DeniedError."""
        if self.least is not None:
            self.hold(acting(request))

    def hold(self, actor: Actor | None) -> None:
        """Raise UnknownCallerError or DeniedError where this actor may not pass."""
        if self.least is None:
            return
        if actor is None:
            raise UnknownCallerError("Sign in first, or send a key.")
        if actor.role < self.least:
            raise DeniedError(
                f"This needs the role {self.least.word}; yours is {actor.role.word}. Ask whoever "
                "runs this for it."
            )


def needs(role: Role) -> Any:
    """The rule that a router or a route needs at least a role: `dependencies=[needs(role)]`."""
    return Depends(Rule(role))


open_to_all: Any = Depends(Rule(None))
"""The rule that a router or a route asks nobody who they are: `dependencies=[open_to_all]`."""


def acting(request: Request) -> Actor:
    """Who makes the request. Raises DeniedError where the gate has let nobody in."""
    actor = request.scope.get(ACTOR)
    if not isinstance(actor, Actor):
        raise DeniedError("This is not for everybody, and nobody was let in.")
    return actor


ActorDep = Annotated[Actor, Depends(acting)]


def strictest(dependencies: Iterable[params.Depends]) -> Rule | None:
    """The rule among a route's dependencies; of several the one that asks most; None if none."""
    rules = [d.dependency for d in dependencies if isinstance(d.dependency, Rule)]
    return max(rules, key=lambda rule: rule.least or 0, default=None)
