"""Findings as a workbook: what a QA officer sorts, filters and sends on."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from auditor.reports.html import is_link
from auditor.reports.model import AuditReport, TreatmentView
from auditor.reports.words import MEANINGS

_LONGEST = 32_000  # a cell holds 32,767 characters
_GRADE_COLOURS = {"critical": "#FBDCDC", "major": "#FDEBC8", "minor": "#DFEAFA", "observation": "#E4E8EE"}


def write_workbook(report: AuditReport, path: Path) -> Path:
    """Write *report* as xlsx: findings, evidence, what was not assessed, scores, what vanished, what it rests on; return *path*."""
    import xlsxwriter  # noqa: PLC0415  (only where a workbook is written)

    partial = path.with_suffix(".part")
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": False}
    with xlsxwriter.Workbook(str(partial), options) as workbook:
        formats = _Formats(workbook)
        _table(workbook, formats, "Findings", _FINDINGS, _findings(report))
        _table(workbook, formats, "Evidence", _EVIDENCE, _evidence(report))
        _table(workbook, formats, "Not assessed", _OPEN, _open(report))
        _table(workbook, formats, "Scores", _SCORES, _scores(report))
        _table(workbook, formats, "Waivers", _WAIVERS, _waivers(report))
        _table(workbook, formats, "Vanished", _VANISHED, _vanished(report))
        _table(workbook, formats, "Inputs", (("Input", 30), ("Digest or version", 80)), sorted(report.inputs.items()))
    partial.replace(path)
    return path


class _Formats:
    def __init__(self, workbook: Any) -> None:
        common = {"valign": "top", "text_wrap": True, "border": 1, "border_color": "#CDD5DF"}
        self.head = workbook.add_format(
            {"bold": True, "bg_color": "#1D4F91", "font_color": "#FFFFFF", "valign": "vcenter", "text_wrap": True}
        )
        self.text = workbook.add_format(common)
        self.share = workbook.add_format(common | {"num_format": "0 %"})
        self.link = workbook.add_format(common | {"font_color": "#1D4F91", "underline": 1})
        self.grades = {grade: workbook.add_format(common | {"bg_color": colour, "bold": True}) for grade, colour in _GRADE_COLOURS.items()}


_FINDINGS = (
    ("Key", 15),
    ("Project", 22),
    ("Grade", 12),
    ("Rule", 14),
    ("Finding", 40),
    ("Area", 16),
    ("Gate", 8),
    ("Failing", 9),
    ("Looked at", 10),
    ("First evidence", 60),
    ("What to do", 50),
    ("Requirement", 50),
    ("Review", 10),
    ("Treatment", 22),
    ("Granted by", 20),
    ("Reason", 44),
)
_EVIDENCE = (
    ("Key", 15),
    ("Project", 22),
    ("Rule", 14),
    ("Subject", 24),
    ("Says", 70),
    ("Facts", 60),
    ("Source", 14),
    ("Place", 40),
    ("Link", 40),
    ("Content hash", 20),
    ("Treatment", 11),
)
_WAIVERS = (
    ("Project", 22),
    ("Rule", 14),
    ("What is asked", 40),
    ("Subject", 14),
    ("Kind", 14),
    ("State", 34),
    ("Ended and open", 10),
    ("Ends soon", 8),
    ("In a row", 8),
    ("Needed", 28),
    ("Treats", 8),
    ("Days", 8),
    ("From", 12),
    ("Until", 14),
    ("Asked by", 20),
    ("Granted by", 20),
    ("Reason", 50),
)
_OPEN = (("Project", 22), ("Rule", 14), ("Severity", 12), ("Question", 60), ("Reason", 18), ("Meaning", 44), ("What is missing", 50))
_SCORES = (
    ("Project", 22),
    ("Area", 18),
    ("Score", 9),
    ("Lowest", 9),
    ("Highest", 9),
    ("Managed", 9),
    ("Managed lowest", 10),
    ("Managed highest", 10),
    ("Waived", 8),
    ("Accepted", 9),
    ("Coverage", 10),
    ("Conform", 9),
    ("Nonconform", 11),
    ("Not assessed", 12),
    ("Not applicable", 13),
)


_VANISHED = (("Project", 22), ("Source", 14), ("Table", 18), ("What the source does not show any more", 70))


def _vanished(report: AuditReport) -> Iterable[Sequence[Any]]:
    names = {project.id: project.name for project in report.projects}
    for item in report.vanished:
        for named in item.named:
            yield names.get(item.project, item.project), item.source, item.table, named
        if item.count > len(item.named):
            yield names.get(item.project, item.project), item.source, item.table, f"and {item.count - len(item.named)} more"


def _findings(report: AuditReport) -> Iterable[Sequence[Any]]:
    rules = {rule.id: rule for rule in report.rules}
    for project in report.projects:
        for finding in project.findings:
            first = next((item.says or item.called for item in finding.evidence), "")
            rule = rules[finding.rule]
            yield (
                finding.key,
                project.name,
                finding.grade,
                finding.rule,
                finding.title,
                finding.area,
                finding.gate,
                finding.failed,
                finding.population,
                first,
                rule.fix,
                rule.requirement,
                finding.review,
                "; ".join(dict.fromkeys(_part(item, item.says) for item in finding.treatments)),
                "; ".join(dict.fromkeys(item.approver for item in finding.treatments)),
                "; ".join(dict.fromkeys(_part(item, item.reason) for item in finding.treatments)),
            )


def _part(item: TreatmentView, text: str) -> str:
    """Return *text* with the subject that it is about, where it is about one."""
    return f"{item.subject}: {text}" if item.subject else text


def _waivers(report: AuditReport) -> Iterable[Sequence[Any]]:
    names = {project.id: project.name for project in report.projects}
    for item in [waiver for project in report.projects for waiver in project.waivers] + report.waivers.gone:
        yield (
            names.get(item.project, item.project),
            item.rule,
            item.title,
            item.subject,
            "waived" if item.kind == "waived" else "risk accepted",
            item.says,
            "yes" if item.is_open_again else "",
            "yes" if item.is_soon else "",
            item.earlier + 1,
            {"yes": "yes", "no": f"no: {item.because}", "unknown": f"not known: {item.because}"}[item.need],
            item.treats,
            item.days,
            item.begins_on.isoformat(),
            item.ends_on.isoformat() if item.ends_on else item.ends_with,
            item.requester,
            item.approver,
            item.reason,
        )


def _evidence(report: AuditReport) -> Iterable[Sequence[Any]]:
    for project in report.projects:
        for finding in project.findings:
            for item in finding.evidence:
                yield (
                    finding.key,
                    project.name,
                    finding.rule,
                    item.called,
                    item.says,
                    "; ".join(item.told),
                    item.source,
                    item.place,
                    item.url,
                    item.content_hash,
                    "" if item.treatment == "none" else item.treatment,
                )


def _open(report: AuditReport) -> Iterable[Sequence[Any]]:
    for project in report.projects:
        for question in project.open_questions:
            yield (
                project.name,
                question.rule,
                question.severity,
                question.ask or question.title,
                question.reason.replace("_", " "),
                MEANINGS.get(question.reason, ""),
                question.detail,
            )


def _scores(report: AuditReport) -> Iterable[Sequence[Any]]:
    for project in report.projects:
        rows = [("all", project.score, project.managed), *((item.area, item.score, item.managed) for item in project.areas)]
        for area, score, managed in rows:
            yield (
                project.name,
                area,
                score.value,
                score.lowest,
                score.highest,
                managed.score.value,
                managed.score.lowest,
                managed.score.highest,
                managed.waived,
                managed.accepted,
                score.coverage,
                score.conform,
                score.nonconform,
                score.not_assessed,
                score.not_applicable,
            )


def _table(workbook: Any, formats: _Formats, name: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Any]]) -> None:
    sheet = workbook.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for number, (title, width) in enumerate(columns):
        sheet.set_column(number, number, width)
        sheet.write_string(0, number, title, formats.head)
    last = 0
    for last, row in enumerate(rows, start=1):
        for number, ((title, _), value) in enumerate(zip(columns, row, strict=True)):
            _cell(sheet, formats, last, number, title, value)
    sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)


def _cell(sheet: Any, formats: _Formats, row: int, column: int, title: str, value: Any) -> None:
    match value:
        case None:
            sheet.write_blank(row, column, None, formats.text)
        case float():
            sheet.write_number(row, column, value, formats.share)
        case int():
            sheet.write_number(row, column, value, formats.text)
        case str() if title == "Link" and is_link(value):
            # A URL beyond Excel's limit is dropped in silence by write_url: as text it stays.
            if sheet.write_url(row, column, value[:_LONGEST], formats.link, value[:255]) != 0:
                sheet.write_string(row, column, value[:_LONGEST], formats.text)
        case _:
            text = str(value)[:_LONGEST]
            sheet.write_string(row, column, text, formats.grades.get(text, formats.text) if title == "Grade" else formats.text)
