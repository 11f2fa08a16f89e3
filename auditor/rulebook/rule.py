"""A rule: what a standard asks, how it is decided, said, asked of a person, mended, and proved."""

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, StrictBool, field_validator

from auditor.model.row import Frozen

Scalar = bool | int | Decimal | date | str
ParamType = Literal[
    "integer", "number", "share", "money", "days", "working_days", "text", "pattern", "boolean", "date", "one_of", "list", "table"
]


class Severity(StrEnum):
    """How bad a nonconformity is by default, worst first."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    OBSERVATION = "observation"


class Decides(StrEnum):
    """What the condition proves (`docs/rules.md`, What a condition proves)."""

    BOTH = "both"
    REFUTES = "refutes"
    SUPPORTS = "supports"
    NOTHING = "nothing"


class Param(Frozen):
    """A value that an organisation or a project may set."""

    type: ParamType
    default: Any = None  # None: not configured until a profile or the project sets it
    default_by_edition: dict[str, Any] = {}
    unit: str | None = None
    one_of: list[Any] | None = None
    project_parameter: str | tuple[str, ...] | None = (
        None  # names in the table `project_parameter`: the first that a project states overrides it
    )
    why: str | None = None

    @property
    def stated_as(self) -> tuple[str, ...]:
        """Return the names under which a project may state it, the one that counts most first."""
        names = self.project_parameter
        return (names,) if isinstance(names, str) else names or ()


class Citation(Frozen):
    """Where the standard says it."""

    standard: str
    editions: list[str] = []
    section: str | None = None


class Each(Frozen):
    """A population that is a list: the subject is the list's element."""

    each: str | list[Any]  # `$param` or literal values
    as_: Annotated[str, Field(alias="as")]


NotAssessed = Literal[
    "no_data",
    "incomplete_data",
    "access_denied",
    "unmapped",
    "unreadable",
    "source_error",
    "stale_data",
    "low_confidence",
    "identity_unknown",
    "no_history",
    "not_configured",
    "rule_error",
    "awaiting_answer",
]
NotApplicable = Literal["condition_false", "empty_population", "tailored_out", "out_of_scope", "not_due_yet"]


class CaseAnswer(Frozen):
    """What a person says in a case."""

    says: Literal["yes", "no", "partly", "not_applicable"]
    subject: str | None = None
    note: str | None = None


class Expect(Frozen):
    """What a case must give; only what is named is compared."""

    verdict: Literal["conform", "nonconform", "not_assessed", "not_applicable"]
    reason: NotAssessed | NotApplicable | None = None
    failed: list[str] | None = None  # subject ids, any order
    undecided: list[str] | None = None
    attested: StrictBool | None = None
    says: str | None = None  # the sentence of the first failing subject


class Case(Frozen):
    """An example that proves the rule: a little project and the verdict it must get."""

    name: str
    given: dict[str, list[dict[str, Any]]] = {}  # table → rows; a table that is named here is complete
    incomplete: list[str] = []  # tables named in `given` that are incomplete all the same
    unknown: dict[str, list[str]] = {}  # table → columns that are unknown in every row although a row may name them
    params: dict[str, Any] = {}
    as_of: date | None = None  # default: 2026-06-30
    answer: CaseAnswer | None = None
    expect: Expect

    @field_validator("as_of", mode="before")
    @classmethod
    def _day(cls, value: Any) -> Any:
        if isinstance(value, (int, Decimal)):  # pydantic would take a number for seconds since 1970
            raise ValueError("a day is written YYYY-MM-DD")  # noqa: TRY004  (pydantic reports only ValueError)
        return value


class Equivalent(Frozen):
    """A mistake that no case could notice, as `auditor rules mutate` names it, and why it makes no difference."""

    change: str
    because: str


class Rule(Frozen):
    """One rule, as its file says it. Positions of its fields are kept beside it by the loader."""

    id: str
    title: str
    requirement: str
    cites: list[Citation]
    answers: list[str]
    area: str
    severity: Severity
    gate: str | None = None
    applies: str = "true"
    due: str | date = "true"
    about: str | Each = "project"
    where: str = "true"
    require: str | None = None  # None only where `decides` is nothing
    decides: Decides = Decides.BOTH
    params: dict[str, Param] = {}
    allow_share: str | int | Decimal = 0
    reads: list[str] = []
    say: str = ""
    why: str = ""
    fix: str = ""
    ask: str = ""
    known_gaps: str | None = None
    tailorable: str | StrictBool = False  # True, False, or when it may be tailored away, in words
    waivable: StrictBool = True
    aliases: list[str] = []
    succeeds: list[str] = []
    cases: list[Case] = []
    equivalent: list[Equivalent] = []

    @field_validator("due", mode="before")
    @classmethod
    def _day(cls, value: Any) -> Any:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value.strip()):
            return date.fromisoformat(value.strip())
        if isinstance(value, (int, Decimal)):
            raise ValueError("a due is a day (YYYY-MM-DD) or a condition")  # noqa: TRY004  (pydantic reports only ValueError)
        return value
