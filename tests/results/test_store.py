"""Results come back from the store as they were written."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.checks.evaluation import Evaluation, Evidence, ParamValue, Reason, Verdict
from auditor.errors import StoreError
from auditor.findings.finding import Finding, Item, finding_key, item_key
from auditor.results.audit_result import AuditedProject, AuditResult, audit_id
from auditor.results.store import audits, open_result, write_result

names = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=12)
plain = st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), names)
evidence = st.builds(
    Evidence,
    subject_table=st.sampled_from(["risk", "issue"]),
    subject_id=names,
    outcome=st.sampled_from(["failed", "undecided"]),
    values=st.dictionaries(names, plain, max_size=3),
    says=names,
    reason=st.one_of(st.none(), st.sampled_from(Reason)),
    url=st.one_of(st.none(), names),
)
evaluation = st.builds(
    Evaluation,
    rule=names,
    project=names,
    verdict=st.sampled_from(Verdict),
    reason=st.one_of(st.none(), st.sampled_from(Reason)),
    detail=names,
    population=st.integers(0, 10**9),
    failed=st.integers(0, 10**9),
    is_attested=st.booleans(),
    next_verdict=st.one_of(st.none(), st.sampled_from(Verdict)),
    params=st.dictionaries(names, st.builds(ParamValue, value=plain, origin=names), max_size=2),
    evidence=st.lists(evidence, max_size=3).map(tuple),
    due_is_unknown=st.booleans(),
    contradictions=st.integers(0, 9),
    evidence_digest=st.text("0123456789abcdef", max_size=16),
)


def result_of(evaluations: list[Evaluation], findings: tuple[Finding, ...] = ()) -> AuditResult:
    inputs = {"snapshot": "s", "n": str(len(evaluations))}
    return AuditResult(
        id=audit_id(date(2026, 6, 30), inputs.items()),
        as_of=date(2026, 6, 30),
        snapshot="2026-06-30-aaaaaaaaaaaa",
        generator="auditor test",
        inputs=inputs,
        projects=tuple(AuditedProject(id=name, profile="pm2") for name in sorted({item.project for item in evaluations})),
        evaluations=tuple(evaluations),
        findings=findings,
    )


@given(st.lists(evaluation, max_size=6, unique_by=lambda item: (item.project, item.rule)))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_is_what_is_read(tmp_path_factory: pytest.TempPathFactory, evaluations: list[Evaluation]) -> None:
    """A result survives the way through the store unchanged, whatever texts it holds."""
    store = tmp_path_factory.mktemp("store")
    result = result_of(sorted(evaluations, key=lambda item: (item.project.encode(), item.rule.encode())))
    write_result(store, result)
    assert open_result(store) == result


def test_findings_survive(tmp_path: Path) -> None:
    """A finding keeps its items, their evidence and its parameters."""
    shown = Evidence(subject_table="risk", subject_id="R1", outcome="failed", values={"score": 25}, says="R1 is not answered")
    finding = Finding(
        key=finding_key("P", "PM2-RSK-10"),
        project="P",
        rule="PM2-RSK-10",
        title="t",
        area="risk",
        severity="major",
        grade="major",
        gate=None,
        requirement="r",
        why="w",
        fix="f",
        population=3,
        failed=1,
        undecided=0,
        is_attested=False,
        contradictions=0,
        params={"high": ParamValue(value=20, origin="pm2")},
        items=(Item(key=item_key("risk", "R1"), evidence=shown),),
    )
    result = result_of([Evaluation(rule="PM2-RSK-10", project="P", verdict=Verdict.NONCONFORM, evidence=(shown,))], (finding,))
    write_result(tmp_path, result)
    assert open_result(tmp_path).findings == (finding,)


def test_the_same_result_is_the_same_folder(tmp_path: Path) -> None:
    """Writing a result twice changes nothing, and the bytes do not depend on the run."""
    result = result_of([Evaluation(rule="A-1", project="P", verdict=Verdict.CONFORM, population=1)])
    first = write_result(tmp_path / "one", result)
    again = write_result(tmp_path / "one", result)
    other = write_result(tmp_path / "two", result)
    assert first == again
    assert audits(tmp_path / "one") == [result.id]
    assert {p.name: p.read_bytes() for p in first.iterdir()} == {p.name: p.read_bytes() for p in other.iterdir()}


def test_what_is_missing_is_told(tmp_path: Path) -> None:
    """An empty store, an unknown id, a damaged folder and another version each say what to do."""
    with pytest.raises(StoreError, match="no audit yet"):
        open_result(tmp_path)
    folder = write_result(tmp_path, result_of([]))
    with pytest.raises(StoreError, match="no audit is called 'nothing'"):
        open_result(tmp_path, "nothing")
    head = json.loads((folder / "audit.json").read_text("utf-8"))
    (folder / "audit.json").write_text(json.dumps(head | {"format": 99}), "utf-8")
    with pytest.raises(StoreError, match="another version"):
        open_result(tmp_path)
    (folder / "audit.json").write_text("{", "utf-8")
    with pytest.raises(StoreError, match="cannot be read"):
        open_result(tmp_path)
