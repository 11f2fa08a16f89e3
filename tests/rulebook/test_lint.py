"""Lint: what is allowed and still not good."""

from pathlib import Path

import pytest

from auditor.rulebook.lint import CODES, lint_rulebook, missing_verdicts
from auditor.rulebook.load import Rulebook, load_rulebook
from auditor.rulebook.rule import Rule


def changed(folders: Path, tmp_path: Path, file: str, *pairs: tuple[str, str]) -> Rulebook:
    for source in sorted((folders / "good").rglob("*.yaml")):
        target = tmp_path / "copy" / source.relative_to(folders / "good")
        target.parent.mkdir(parents=True, exist_ok=True)
        text = source.read_text()
        if str(source).endswith(file):
            for old, new in pairs:
                assert old in text
                text = text.replace(old, new)
        target.write_text(text)
    return load_rulebook([tmp_path / "copy"], installed=False)


def test_a_careful_pack_has_no_findings(folders: Path) -> None:
    """Lint is silent about a pack in which everything is said."""
    assert lint_rulebook(load_rulebook([folders / "good"], installed=False)) == []


RISK = "ACME-RSK-01.yaml"


@pytest.mark.parametrize(
    ("code", "file", "old", "new"),
    [
        ("missing-text", RISK, "fix: Link a task to the risk.\n", ""),
        ("say-without-values", "HOUSE-01.yaml", "say: Risk {id} has no owner.", "say: A risk has no owner."),
        ("long-condition", RISK, "require: linked", "require: " + "title <> 'a long story' and " * 8 + "linked"),
        ("order-of-dates", RISK, "require: linked", "require: project.start_on <= gate_on('rfe') and linked"),
        ("order-of-dates", RISK, "require: linked", "require: event('started') < event('started') or linked"),
        ("order-of-dates", RISK, "require: linked", "require: project.start_on <= project.end_on or linked"),
        ("missing-case", RISK, "expect: {verdict: not_assessed}", "expect: {verdict: conform}"),
        ("unused-param", RISK, "  high_score: {type", "  spare: {type: text}\n  high_score: {type"),
        ("clause-unlisted", "acme/clauses.yaml", "status: partly, rules: [ACME-PLA-01]", "status: partly, rules: planned"),
        ("clause-unanswered", "acme/clauses.yaml", "reason: Nobody records it., rules: planned", "reason: x, rules: [ACME-PLA-01]"),
        ("unknown-standard", RISK, 'cites: [{standard: acme, editions: ["1", "2"], section', "cites: [{standard: iso-9001, section"),
        ("no-schema-line", "house/pack.yaml", "# yaml-language-server", "# some-other-server"),
    ],
)  # fmt: skip
def test_each_habit_that_is_broken_is_found(folders: Path, tmp_path: Path, code: str, file: str, old: str, new: str) -> None:
    """One broken habit gives its code, and no other, at a line of its file."""
    found = lint_rulebook(changed(folders, tmp_path, file, (old, new)))
    assert [finding.code for finding in found] == [code]
    assert code in CODES
    assert file in found[0].at.file or code.startswith("clause")
    assert found[0].at.line


@pytest.mark.parametrize(
    "condition",
    [
        "project.end_on < today",
        "happened_by(event('started'), gate_on('rfe'))",
        "days(project.start_on, project.end_on) > 3",
        "title <> 'a_on <= b_on' or true",
        "exists (from gate where gate.decided_on <= (project.start_on) and gate.decided_on >= project.start_on)",
    ],
)
def test_a_day_compared_with_something_else_is_no_order_of_events(folders: Path, tmp_path: Path, condition: str) -> None:
    """Only two dates of events compared with each other are suspicious."""
    found = lint_rulebook(changed(folders, tmp_path, RISK, ("require: linked", f"require: {condition} and linked")))
    assert [finding.code for finding in found] == []


def test_reads_are_compared_with_what_the_compiler_found(folders: Path) -> None:
    """Tables that `reads` lacks or names in vain are both named."""
    rulebook = load_rulebook([folders / "good"], installed=False)

    def reads(_: Rulebook, rule: Rule) -> frozenset[str]:
        return frozenset({"risk", "link"}) if rule.id == "ACME-RSK-01" else frozenset(rule.reads)

    (finding,) = lint_rulebook(rulebook, reads)
    assert finding.message == "'reads' of ACME-RSK-01 lacks risk and names open_risk in vain"


def test_a_rule_about_the_project_alone_always_applies(folders: Path) -> None:
    """`not_applicable` is asked for only where a rule can reach it."""
    rule = load_rulebook([folders / "good"], installed=False).rules["HOUSE-01"]
    bare = rule.model_copy(update={"about": "project", "cases": []})
    assert missing_verdicts(bare) == ("conform", "nonconform", "not_assessed")
    assert "not_applicable" in missing_verdicts(bare.model_copy(update={"applies": "uses('risk_log')"}))
