"""What the checks need besides snapshot and rules: the plan of tailoring and what people said. Frozen, filled by others."""

from datetime import date
from typing import Literal

from auditor.model.row import Frozen


class ExpectedProduct(Frozen):
    """A product that a project owes."""

    kind: str
    obligation: Literal["mandatory", "recommended", "optional", "not_used"]
    why: str = ""
    because_of: str = ""


class ProjectPlan(Frozen):
    """What tailoring computed for one project."""

    expected: tuple[ExpectedProduct, ...] = ()
    is_known: bool = True  # False: a characteristic that tailoring needed is unknown, so is the population `expected`
    unknown_because: str = ""
    dropped: dict[str, str] = {}  # rule → because
    severities: dict[str, str] = {}


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
