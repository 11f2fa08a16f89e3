"""What one rule says of one project: verdict, reason, counts, evidence."""

from enum import StrEnum
from typing import Any

from auditor.model.row import Frozen


class Verdict(StrEnum):
    """The four answers."""

    CONFORM = "conform"
    NONCONFORM = "nonconform"
    NOT_ASSESSED = "not_assessed"  # always with a Reason: we cannot say, and why
    NOT_APPLICABLE = "not_applicable"  # always with a Reason


class Reason(StrEnum):
    """Why a rule was not assessed, or does not apply."""

    NO_DATA = "no_data"
    INCOMPLETE_DATA = "incomplete_data"
    ACCESS_DENIED = "access_denied"
    UNMAPPED = "unmapped"
    UNREADABLE = "unreadable"
    SOURCE_ERROR = "source_error"
    STALE_DATA = "stale_data"
    LOW_CONFIDENCE = "low_confidence"
    IDENTITY_UNKNOWN = "identity_unknown"
    NO_HISTORY = "no_history"
    NOT_CONFIGURED = "not_configured"
    RULE_ERROR = "rule_error"
    AWAITING_ANSWER = "awaiting_answer"
    CONDITION_FALSE = "condition_false"
    EMPTY_POPULATION = "empty_population"
    TAILORED_OUT = "tailored_out"
    OUT_OF_SCOPE = "out_of_scope"
    NOT_DUE_YET = "not_due_yet"


class Evidence(Frozen):
    """One subject of a rule, with the values that decided and the place where they stand."""

    subject_table: str
    subject_id: str
    outcome: str  # failed, undecided, passed
    values: dict[str, Any]  # the columns that the condition read, and what terms and sub-queries answered
    says: str  # the rule's sentence about this subject; '' when it did not fail
    reason: Reason | None = None  # when undecided
    source: str | None = None
    url: str | None = None
    locator: str | None = None
    content_hash: str | None = None


class ParamValue(Frozen):
    """The value of a parameter in one evaluation and who set it."""

    value: Any
    origin: str  # 'pm2', 'acme.yaml:12', 'Handbook.docx §4.2 table 3'


class Evaluation(Frozen):
    """What one rule says of one project in one snapshot."""

    rule: str
    project: str
    verdict: Verdict
    reason: Reason | None = None
    detail: str = ""  # which fact, table or parameter is missing; which event has not happened
    population: int = 0  # subjects that belong or may belong
    passed: int = 0
    failed: int = 0
    undecided: int = 0
    may_pass: int = 0  # subjects that pass if they belong (`where` unknown, `require` true)
    is_attested: bool = False  # rests on a person's statement
    is_partial: bool = False  # an answer said 'partly': grade one step lower
    contradictions: int = 0  # answers that the evidence contradicts
    next_verdict: Verdict | None = None  # for `not_due_yet`: what the rule would say were it due today
    due_is_unknown: bool = False
    params: dict[str, ParamValue] = {}
    evidence: tuple[Evidence, ...] = ()  # the first few failing, then undecided subjects; the counts count all
    evidence_digest: str = ""  # of what was shown, where a person may be asked: an answer is bound to it
