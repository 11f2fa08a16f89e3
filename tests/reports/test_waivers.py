"""Every place where a finding is shown says what a waiver does about it, beside the true verdict."""

import json
import re
from datetime import date
from html import unescape
from pathlib import Path

import openpyxl
import pytest
from rich.console import Console

from auditor.findings.derive import derive_findings
from auditor.reports.build import build_report
from auditor.reports.explain import explain_waivers
from auditor.reports.json_report import json_bytes
from auditor.reports.model import AuditReport, FindingView, ProjectView
from auditor.reports.terminal import finding_page, project_page, summary
from auditor.reports.workbook import write_workbook
from auditor.results.audit_result import AuditResult
from auditor.results.store import open_result, waivers_used, write_result
from auditor.rulebook.profile import Profile
from auditor.snapshot.store import Snapshot

STATES = {"in_force": 6, "expired": 2, "to_confirm": 1, "unknown": 1, "not_begun": 1}


@pytest.fixture(scope="module")
def alpine(report: AuditReport) -> ProjectView:
    return next(project for project in report.projects if project.id == "ALPINE")


def printed(shown: object) -> str:
    console = Console(width=200, record=True, force_terminal=False, soft_wrap=True)
    with console.capture() as captured:
        console.print(shown)
    return captured.get()


def by_treatment(project: ProjectView) -> dict[str, list[FindingView]]:
    found: dict[str, list[FindingView]] = {}
    for finding in project.findings:
        found.setdefault("partly" if finding.treated and finding.treatment == "none" else finding.treatment, []).append(finding)
    return found


def test_what_the_model_says(report: AuditReport, alpine: ProjectView) -> None:
    """The report counts findings by treatment and waivers by state; scores stand in pairs; who granted what is told."""
    found = by_treatment(alpine)
    assert [len(found[name]) for name in ("waived", "accepted", "partly")] == [2, 1, 1]
    assert report.portfolio.findings_by_treatment == {"waived": 2, "accepted": 1}
    assert report.waivers.by_state == {name: STATES[name] for name in ("not_begun", "in_force", "expired", "unknown", "to_confirm")}
    assert report.waivers.by_approver == {"Olga <b>Brandt</b>": 6}
    assert [waiver.project for waiver in report.waivers.gone] == ["gone"]
    assert (alpine.managed.waived, alpine.managed.accepted) == (2, 1)
    assert alpine.managed.accepted_share
    assert alpine.score.value is not None
    assert alpine.managed.score.value is not None
    assert alpine.managed.score.value > alpine.score.value
    for project in report.projects:
        if project is not alpine:
            assert project.managed.score == project.score


def test_waivers_change_nothing_else(result: AuditResult, report: AuditReport, snapshot: Snapshot, profile: Profile) -> None:
    """Without waivers the report has the same evaluations, the same actual scores, the same findings but for what is done about them."""
    plain = build_report(
        result.model_copy(update={"findings": tuple(derive_findings(result.evaluations, profile.rules)), "waivers": ()}),
        snapshot,
        {"pm2": profile},
    )
    for ours, theirs in zip(report.projects, plain.projects, strict=True):
        assert ours.evaluations == theirs.evaluations
        assert ours.score == theirs.score
        assert [area.score for area in ours.areas] == [area.score for area in theirs.areas]
        assert ours.open_questions == theirs.open_questions
        bare = [
            item.model_copy(
                update={
                    "treatment": "none",
                    "treated": 0,
                    "treatments": [],
                    "evidence": [each.model_copy(update={"treatment": "none"}) for each in item.evidence],
                }
            )
            for item in ours.findings
        ]
        assert bare == theirs.findings
        assert theirs.managed.score == theirs.score
    text = printed(summary(plain))
    assert "managed" not in text.lower()
    assert "waive" not in text.lower()


def test_a_kept_result_gives_the_same_bytes(
    result: AuditResult, report: AuditReport, snapshot: Snapshot, profile: Profile, tmp_path: Path
) -> None:
    """What comes back from the store prints the same report to the byte, and tells which waivers were used."""
    write_result(tmp_path, result)
    kept = open_result(tmp_path)
    assert kept == result
    assert json_bytes(build_report(kept, snapshot, {"pm2": profile})) == json_bytes(report)
    used = waivers_used(tmp_path)
    assert used == {status.waiver.key: result.as_of for status in result.waivers if status.treats}
    assert len(used) == 4


def test_the_terminal(report: AuditReport) -> None:
    """The summary tells managed beside actual, and the waivers that ask somebody to act, each for its reason, the most urgent first."""
    text = printed(summary(report))
    assert "of the findings 2 waived, 1 accepted as a risk; managed scores: median" in text
    assert "Managed" in text
    told = text.partition("Waivers to look at\n")[2].partition("\n\n")[0]
    for noise, word in ((r"<script>.*", "WHY"), (r"PM2-[A-Z]+-\d+[a-z]?", "RULE"), (r"Olga <b>Brandt</b>", "SHE")):
        told = re.sub(noise, word, told)
    assert told == GOLDEN


GOLDEN = """\
  ALPINE RULE: ended on 2026-05-31; open again; approved by SHE, has run 150 days: WHY
  ALPINE RULE: does not hold: the rule asks something else since, somebody must confirm it again; approved by SHE, has run 29 days: WHY
  ALPINE RULE: does not hold: nobody knows whether ALPINE-7 was closed since it began; approved by SHE, has run 29 days: WHY
  ALPINE RULE R-0: holds until 2026-07-15, 15 days left; approved by SHE, has run 29 days: WHY
  ALPINE RULE: holds until 2026-12-31, 184 days left; no longer needed: the requirement is met; approved by SHE, has run 29 days: WHY
  gone RULE: holds until 2026-12-31, 184 days left; no longer needed: the project is gone; approved by SHE, has run 29 days: WHY
  ALPINE RULE: holds until 2026-08-31, 62 days left; the 2nd in a row; approved by SHE, has run 29 days: WHY"""


def test_a_finding_in_the_terminal(alpine: ProjectView) -> None:
    """A finding tells who waived it, for whom, why and until when; one that is waived in part says that it stays open."""
    found = by_treatment(alpine)
    waived = printed(finding_page(next(item for item in found["waived"] if item.treatments[0].ends_on == date(2026, 12, 31))))
    assert "◌ waived until 2026-12-31, approved by Olga <b>Brandt</b>, asked for by Jan Kowalski: <script>" in waived
    assert "7 of 9 fail" in waived
    assert "(waived)" in waived
    assert "accepted as a risk until" in printed(finding_page(found["accepted"][0]))
    partly = printed(finding_page(found["partly"][0]))
    assert "◌ R-0 waived until 2026-07-15" in partly
    assert "the finding stays open: 6 of 7 are not waived" in partly
    assert partly.count("(waived)") == 1
    page = printed(project_page(alpine))
    assert re.search(r"managed \d+ % \(between \d+ % and \d+ %\): 2 waived, 1 accepted as a risk; accepted risks cost \d+ %", page)
    assert "Waivers: 10" in page


def test_an_explanation(result: AuditResult) -> None:
    """`explain` tells each waiver with its end, approver and reason."""
    text = printed(explain_waivers(result.waivers))
    assert text.count("approved by Olga <b>Brandt</b>, asked for by Jan Kowalski: <script>") == len(result.waivers)
    for part in ("begins on 2026-09-01", "and it is open again", "; soon", "the 2nd in a row", "no longer needed: the project is gone"):
        assert part in text
    assert re.search(r"^  accepted +every subject: holds until 2026-12-31", text, re.MULTILINE)
    assert re.search(r"^  waived +R-0: holds until 2026-07-15", text, re.MULTILINE)


def test_the_pages(report: AuditReport, alpine: ProjectView, pages: Path) -> None:
    """Both pages show waivers beside the verdict; what people wrote is escaped."""
    page = (pages / "projects" / "ALPINE.html").read_text("utf-8")
    assert "Olga <b>" not in page
    assert page.count('<p class="waiver">') == 4
    assert page.count("is-treated") - page.count("is-treated{") == 3
    plain = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", page)))
    assert "Waived until 2026-12-31, approved by Olga <b>Brandt</b>, asked for by Jan Kowalski." in plain
    assert "The finding stays open: 6 of 7 are not waived." in plain
    assert "managed: what is waived left out" in plain
    for waiver in alpine.waivers:
        assert waiver.says[1:] in plain
    index = (pages / "index.html").read_text("utf-8")
    plain = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", index)))
    assert "Olga <b>" not in index
    for part in (
        "median of the managed scores",
        "and the finding is open again",
        "In force by who granted them: Olga <b>Brandt</b> 6",
        "(waived)",
        "(accepted)",
    ):
        assert part in plain
    assert all(waiver.says[1:] in plain for waiver in report.waivers.gone)


def test_the_workbook(report: AuditReport, alpine: ProjectView, tmp_path: Path) -> None:
    """The workbook has what is done about each finding and item, both scores, and a sheet of all waivers."""
    book = openpyxl.load_workbook(write_workbook(report, tmp_path / "findings.xlsx"))

    def rows(sheet: str) -> list[dict[str, object]]:
        head, *body = book[sheet].iter_rows(values_only=True)
        return [dict(zip(map(str, head), row, strict=True)) for row in body]

    treatments = [str(row["Treatment"]) for row in rows("Findings") if row["Treatment"]]
    assert sorted(treatments) == [
        "R-0: waived until 2026-07-15",
        "accepted as a risk until 2026-12-31",
        "waived until 2026-08-31",
        "waived until 2026-12-31",
    ]
    assert {row["Granted by"] for row in rows("Findings") if row["Treatment"]} == {"Olga <b>Brandt</b>"}
    assert [row["Treatment"] for row in rows("Evidence") if row["Treatment"]].count("waived") == 5
    all_ = next(row for row in rows("Scores") if row["Area"] == "all" and row["Waived"])
    assert all_["Managed"] == alpine.managed.score.value
    assert all_["Score"] == alpine.score.value
    waivers = rows("Waivers")
    assert len(waivers) == 11
    assert sum(1 for row in waivers if row["Ended and open"]) == 1
    assert {str(row["Needed"]).partition(":")[0] for row in waivers} == {"yes", "no"}


def test_json(report: AuditReport) -> None:
    """The JSON report holds every waiver with the words of the other reports."""
    data = json.loads(json_bytes(report))
    said = [waiver["says"] for project in data["projects"] for waiver in project["waivers"]]
    assert len(said) == 10
    assert "begins on 2026-09-01" in said
    assert data["schema_version"] == "1.3"
