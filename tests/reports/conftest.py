"""A report of a small portfolio with everything that reports show, hostile texts included."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from auditor.checks.evaluation import Evaluation, Evidence, ParamValue, Reason, Verdict
from auditor.findings.derive import derive_findings
from auditor.findings.treat import Decided, WaiverBook, treat
from auditor.ledger.waiver import Waiver, requirement_digest
from auditor.reports.build import build_report
from auditor.reports.model import AuditReport
from auditor.results.audit_result import AuditedProject, AuditResult
from auditor.rulebook.profile import Profile, resolve_profile
from auditor.snapshot.store import Snapshot, write_snapshot
from tests.shipped import shipped_rulebook

HOSTILE = '<script>alert(1)</script> =HYPERLINK("http://x") & “quoted” \u202etxet'
AS_OF = date(2026, 6, 30)
PROJECTS = (("ALPINE", "Alpine Portal"), ("../../etc", "Outside & <b>bold</b>"), ("empty", "Nothing known"))


@pytest.fixture(scope="session")
def profile() -> Profile:
    return resolve_profile(shipped_rulebook(), "pm2")


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    rows = [
        {
            "project_id": key,
            "id": key,
            "name": name,
            "phase": "executing",
            "phase_basis": "gate",
            "phase_confidence": "0.9",
            "size": None if key == "empty" else "medium",
        }
        for key, name in PROJECTS
    ]
    unread = {"project_id": "ALPINE", "id": "1", "path": "Scan <i>1</i>.pdf", "reason": "no_text_layer", "candidate_kinds": "business_case"}

    def gone(number: str, url: str, **more: Any) -> dict[str, Any]:
        return {"project_id": "ALPINE", "id": number, "source": "tracker", "url": url, "is_gone": True, **more}

    tables = {
        "project": rows,
        "artefact": [gone("9e" * 16, "file:///p/Plan.docx", path="Plan.docx", title=HOSTILE)],
        "risk": [
            gone("17", "http://t/browse/A-17", title="Supplier late"),
            gone("3", "file:///p/Plan.docx#table%202", title="Stood in the plan"),
            {"project_id": "ALPINE", "id": "4", "source": "tracker", "title": "Still there"},
        ],
        "issue": [gone("17", "http://t/browse/B-17", title="Another with that number")],
        "work_item": [
            gone("17", "http://t/browse/A-17", key="A-17", title="Supplier late"),
            *(gone(str(100 + number), f"http://t/browse/A-{100 + number}", key=f"A-{100 + number}", title="Work") for number in range(120)),
            {**gone("1", "http://t/browse/X-1", key="X-1", title="Of a project that is not audited"), "project_id": "OTHER"},
        ],
        "unreadable": [unread],
        "coverage": [
            {
                "project_id": "ALPINE",
                "id": "c",
                "source": "documents",
                "table_name": "risk",
                "is_complete": False,
                "reason": "permission_denied",
            }
        ],
    }
    return write_snapshot(tmp_path_factory.mktemp("snapshots") / "one", tables, {"as_of": "2026-06-30"})


@pytest.fixture(scope="session")
def result(profile: Profile) -> AuditResult:
    evaluations = []
    for place, (project, _) in enumerate(PROJECTS):
        for number, rule in enumerate(profile.rules):
            verdict = (Verdict.CONFORM, Verdict.NONCONFORM, Verdict.NOT_ASSESSED, Verdict.NOT_APPLICABLE)[(number * (place + 1)) % 4]
            if project == "empty":
                verdict = Verdict.NOT_ASSESSED
            evidence = tuple(
                Evidence(
                    subject_table="risk",
                    subject_id=f"R-{n}",
                    outcome="failed",
                    values={"status": "approved", "score": 20, "owner_id": None},
                    says=f"Risk R-{n} {HOSTILE} has no owner.",
                    source="documents",
                    url="javascript:alert(1)" if n else "file:///p/Risk%20Log.xlsx#Risks!A12",
                    locator="Risks!A12:K12",
                )
                for n in range(2)
            )
            failed = verdict is Verdict.NONCONFORM
            evaluations.append(
                Evaluation(
                    rule=rule,
                    project=project,
                    verdict=verdict,
                    reason={Verdict.NOT_ASSESSED: Reason.NO_DATA, Verdict.NOT_APPLICABLE: Reason.NOT_DUE_YET}.get(verdict),
                    detail="table risk was not read completely" if verdict is Verdict.NOT_ASSESSED else "",
                    population=9,
                    passed=9 - 7 * failed,
                    failed=7 * failed,
                    evidence=evidence if failed else (),
                    params={"high": ParamValue(value=20, origin="pm2")} if failed else {},
                )
            )
    evaluations.sort(key=lambda item: (item.project, item.rule))
    rules = profile.rules
    decided = Decided(
        AS_OF, {(item.project, item.rule): item for item in evaluations}, {key: rules for key, _ in PROJECTS}, failing=_failing(evaluations)
    )
    findings, statuses = treat(derive_findings(evaluations, rules), WaiverBook(waivers=waivers_of(profile, evaluations)), decided)
    return AuditResult(
        id="2026-06-30-aaaaaaaaaaaa",
        as_of=AS_OF,
        snapshot="one",
        generator="auditor test",
        inputs={"snapshot": "one"},
        projects=tuple(AuditedProject(id=key, profile="pm2") for key, _ in sorted(PROJECTS)),
        evaluations=tuple(evaluations),
        findings=findings,
        waivers=statuses,
    )


def _failing(evaluations: list[Evaluation]) -> dict[tuple[str, str], set[str]]:
    """Every subject that fails: seven each, of which the evidence shows two."""
    return {(item.project, item.rule): {f"R-{n}" for n in range(7)} for item in evaluations if item.verdict is Verdict.NONCONFORM}


def waivers_of(profile: Profile, evaluations: list[Evaluation]) -> tuple[Waiver, ...]:
    """Waivers of ALPINE in every state, and one of a project that is gone; their texts are hostile."""
    lapses = [item.rule for item in evaluations if item.project == "ALPINE" and item.verdict is Verdict.NONCONFORM]
    met = next(item.rule for item in evaluations if item.project == "ALPINE" and item.verdict is Verdict.CONFORM)
    waivable = [rule for rule in lapses if profile.rules[rule].waivable]

    def made(rule: str, **more: Any) -> Waiver:
        values = {
            "rule": rule,
            "requirement": requirement_digest(profile.rules[rule].requirement),
            "project": "ALPINE",
            "reason": HOSTILE,
            "requester": "Jan Kowalski",
            "approver": "Olga <b>Brandt</b>",
            "begins_on": date(2026, 6, 1),
            "ends_on": date(2026, 12, 31),
        }
        return Waiver(**(values | more))

    return (
        made(waivable[0]),
        made(waivable[1], subject="R-0", ends_on=date(2026, 7, 15)),
        made(waivable[2], kind="accepted"),
        made(waivable[3], begins_on=date(2026, 1, 1), ends_on=date(2026, 5, 31)),
        made(waivable[4], begins_on=date(2026, 1, 1), ends_on=date(2026, 5, 31)),
        made(waivable[4], ends_on=date(2026, 8, 31)),
        made(waivable[5], requirement="r-before"),
        made(waivable[6], ends_on=None, ends_with="ALPINE-7"),
        made(waivable[7], begins_on=date(2026, 9, 1)),
        made(met),
        made(waivable[0], project="gone"),
    )


@pytest.fixture(scope="session")
def report(result: AuditResult, snapshot: Snapshot, profile: Profile) -> AuditReport:
    return build_report(result, snapshot, {"pm2": profile})


@pytest.fixture(scope="session")
def pages(report: AuditReport, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from auditor.reports.html import write_html

    return write_html(report, tmp_path_factory.mktemp("html")).parent
