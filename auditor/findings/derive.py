"""From evaluations to findings."""

from collections.abc import Iterable, Iterator, Mapping

from auditor.checks.evaluation import Evaluation, Verdict
from auditor.findings.finding import GRADES, Finding, Grade, Item, finding_key, item_key, one_step_lower
from auditor.rulebook.rule import Rule


def derive_findings(
    evaluations: Iterable[Evaluation], rules: Mapping[str, Rule], severities: Mapping[str, Mapping[str, str]] | None = None
) -> Iterator[Finding]:
    """Yield one finding per nonconform evaluation, in the order of the evaluations.

    Args:
        evaluations: of one audit.
        rules: resolved rules by id.
        severities: project → rule → severity, where tailoring changed it.
    """
    for evaluation in evaluations:
        if evaluation.verdict is not Verdict.NONCONFORM:
            continue
        rule = rules[evaluation.rule]
        severity = (severities or {}).get(evaluation.project, {}).get(rule.id, rule.severity)
        grade: Grade = next(grade for grade in GRADES if grade == severity)
        yield Finding(
            key=finding_key(evaluation.project, rule.aliases[0] if rule.aliases else rule.id),
            project=evaluation.project,
            rule=rule.id,
            title=rule.title,
            area=rule.area,
            severity=rule.severity,
            grade=one_step_lower(grade) if evaluation.is_partial else grade,
            gate=rule.gate,
            requirement=rule.requirement,
            why=rule.why,
            fix=rule.fix,
            population=evaluation.population,
            failed=evaluation.failed,
            undecided=evaluation.undecided,
            is_attested=evaluation.is_attested,
            contradictions=evaluation.contradictions,
            params=evaluation.params,
            items=tuple(
                Item(key=item_key(evidence.subject_table, evidence.subject_id), evidence=evidence)
                for evidence in evaluation.evidence
                if evidence.outcome == "failed"
            ),
        )
