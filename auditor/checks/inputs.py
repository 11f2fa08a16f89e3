"""What the checks need besides snapshot and rules: the plan of tailoring and what people said. Frozen, filled by others."""

from datetime import date
from typing import Any, Literal

from auditor.model.row import Frozen


class ExpectedProduct(Frozen):
    """A product that a project owes."""

    kind: str
    obligation: Literal["mandatory", "recommended", "optional", "not_used"]
    why: str = ""
    because_of: str = ""


class TailoredParam(Frozen):
    """A parameter that tailoring sets: below what the project's own documents say, above the profile."""

    value: Any
    origin: str  # 'pm2: small-projects-report-less'


class ProjectPlan(Frozen):
    """What tailoring computed for one project."""

    expected: tuple[ExpectedProduct, ...] = ()
    is_known: bool = True  # False: a characteristic that tailoring needed is unknown, so is the population `expected`
    unknown_because: str = ""
    dropped: dict[str, str] = {}  # rule → because
    severities: dict[str, str] = {}
    params: dict[str, dict[str, TailoredParam]] = {}  # rule → parameter → value
    doubts: dict[str, str] = {}  # rule → what is unknown, so that it may be dropped, or have another parameter


class Plan(Frozen):
    """The plan of every project."""

    projects: dict[str, ProjectPlan] = {}


class Answer(Frozen):
    """What a person said about a rule and a project, or one of its subjects."""

    rule: str
    project: str
    subject: str | None = None  # None: all subjects that were shown
    says: Literal["yes", "no", "partly", "not_applicable"]
    author: str
    on: date
    note: str = ""
    evidence: str = ""
    expires_on: date | None = None
    evidence_digest: str | None = None  # digest of what was shown; None: not bound
