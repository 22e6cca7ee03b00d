"""Every kind of finding, in the order in which findings are told: the worst first."""

from queries.findings.check import CHECK
from queries.findings.decision import DECISION
from queries.findings.kind import Kind, Severity
from queries.findings.serious import SERIOUS

KINDS: tuple[Kind, ...] = (*SERIOUS, *DECISION, *CHECK)

__all__ = ["KINDS", "Kind", "Severity"]
