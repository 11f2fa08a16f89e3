"""Which questions are the same, and what an answer to one is bound to."""

from auditor.checks.evaluation import Evaluation
from auditor.checks.run import evidence_digest
from auditor.checks.verdict import State
from auditor.rulebook.rule import Rule


def question_of(rule: Rule) -> tuple[str, frozenset[str]]:
    """Return what makes two rules ask the same: the question ('': the rule has none), and the clauses that it answers."""
    return rule.ask, frozenset(rule.answers)


def shown_digest(evaluation: Evaluation) -> str:
    """Return the digest of what is shown where nobody answered yet: that of the next audit when nothing changes until then."""
    count = evaluation.population + evaluation.may_pass
    return evidence_digest(evaluation.rule, evaluation.project, {State.TRUE: count}, evaluation.evidence)
