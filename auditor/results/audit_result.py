"""The result of one audit as a value."""

from collections.abc import Iterable
from datetime import date

from auditor.checks.evaluation import Evaluation
from auditor.findings.finding import Finding
from auditor.findings.treat import SOON_DAYS, WaiverStatus
from auditor.model.row import Frozen
from auditor.reasoning.conclude import Conclusion
from auditor.reasoning.trace import Derivation
from auditor.rulebook.digest import digest


class AuditedProject(Frozen):
    """By which profile a project was audited, and the severities that tailoring changed."""

    id: str
    profile: str | None  # None: no profile is for its methodology, every rule is out of scope
    severities: dict[str, str] = {}
    derivations: tuple[Derivation, ...] = ()  # what tailoring derived for it


class AuditResult(Frozen):
    """Everything an audit says. The same inputs give the same result, and the same id.

    Attributes:
        inputs: name → digest or version of everything that the result depends on.
        evaluations: sorted by project and rule.
        findings: in the order of the evaluations.
        conclusions: what several evaluations mean together, by project ('' is the portfolio, and stands first) and name.
        waivers: how each waiver of these projects stands, by project, rule and first day.
        soon_days: within how many days the end of one is soon.
        notes: what went wrong with a reasoning engine and was mended by another one; no input, and no part of the id.
    """

    id: str
    as_of: date
    snapshot: str
    generator: str  # 'auditor 0.1.0'
    inputs: dict[str, str]
    projects: tuple[AuditedProject, ...]
    evaluations: tuple[Evaluation, ...]
    findings: tuple[Finding, ...]
    conclusions: tuple[Conclusion, ...] = ()
    waivers: tuple[WaiverStatus, ...] = ()
    soon_days: int = SOON_DAYS
    notes: tuple[str, ...] = ()


def audit_id(as_of: date, inputs: Iterable[tuple[str, str]]) -> str:
    """Return the id of the audit with these inputs: its day and 12 hexadecimal digits."""
    return f"{as_of.isoformat()}-{digest(dict(inputs))[:12]}"
