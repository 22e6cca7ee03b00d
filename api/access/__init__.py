"""Who may do what in the staff application.

A route says its rule, `APIRouter(dependencies=[needs(Role.EDITOR)])`; one without a rule is refused
to everybody. Who acts is a parameter, `actor: ActorDep`; what changes anything is written to the
log before it is done, `audit(request, "publish", release=name)`.
"""

from api.access.log import audit
from api.access.roles import Actor, Role
from api.access.rules import ActorDep, DeniedError, needs, open_to_all

__all__ = ["Actor", "ActorDep", "DeniedError", "Role", "audit", "needs", "open_to_all"]
