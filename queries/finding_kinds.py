"""Every kind of finding, in the order in which findings are told: the worst first."""

from queries.finding_kind import Kind, Severity
from queries.findings_check import CHECK
from queries.findings_decision import DECISION
from queries.findings_serious import SERIOUS

KINDS: tuple[Kind, ...] = (*SERIOUS, *DECISION, *CHECK)

__all__ = ["KINDS", "Kind", "Severity"]
