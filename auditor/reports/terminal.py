"""The summary of an audit for a terminal: where the portfolio stands, what is worst, what is missing."""

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from auditor.reports.model import AuditReport, ConclusionView, FindingView, ManagedView, ProjectView, ScoreView, WaiverView
from auditor.reports.waivers import ASKS_NOTHING, urgency, waivers_in_order
from auditor.reports.words import MEANINGS, days_in_words, place_in_chain

_COLOURS = {"green": "green", "amber": "yellow", "red": "red", "grey": "bright_black", "none": "bright_black"}
_GRADES = {"critical": "bold red", "major": "yellow", "minor": "cyan", "observation": "bright_black"}
_BAR = 20
_BAR_BESIDE_MANAGED = 11
_MOST_PROJECTS = 40
_MOST_SAID = 4


def summary(report: AuditReport, *, findings: int = 8, gaps: int = 5) -> RenderableType:
    """Return the summary of *report* with its worst *findings* and the *gaps* that leave most decisions open."""
    parts: list[RenderableType] = [_headline(report), _projects(report)]
    worst = _worst(report, findings)
    if worst:
        parts += [Text("Worst findings", style="bold"), _finding_table(worst), Text()]
    if report.portfolio.conclusions:
        parts += [Text("Over the portfolio", style="bold"), *_conclusions(report.portfolio.conclusions), Text()]
    told = [item for item in waivers_in_order(report) if urgency(item) < ASKS_NOTHING]
    if told:
        parts += [Text("Waivers to look at", style="bold"), *waiver_lines(told, with_project=True), Text()]
    if report.gaps:
        parts += [Text("What is missing, and what it would unlock", style="bold"), _gap_table(report, gaps), Text()]
    return Group(*parts)


def project_page(project: ProjectView) -> RenderableType:
    """Return one project: characteristics, score, findings with their evidence, what was not assessed."""
    name = project.id if project.name == project.id else f"{project.name} ({project.id})"
    parts: list[RenderableType] = [Text(clean(name), style="bold")]
    parts.extend(Text(f"  {trait.name}: {clean(trait.value)} ({trait.basis})") for trait in project.traits)
    parts += [_score_line(project.score), *_managed_line(project.managed), Text()]
    if project.conclusions:
        parts += [Text("What follows", style="bold"), *_conclusions(project.conclusions), Text()]
    for finding in project.findings:
        parts.append(finding_page(finding))
    if project.waivers:
        parts += [Text(f"Waivers: {len(project.waivers)}", style="bold"), *waiver_lines(project.waivers), Text()]
    if project.open_questions:
        parts.append(Text(f"Not assessed: {len(project.open_questions)}", style="bold"))
        reasons: dict[str, list[str]] = {}
        for question in project.open_questions:
            reasons.setdefault(question.reason, []).append(question.rule)
        for reason, rules in sorted(reasons.items(), key=lambda item: (-len(item[1]), item[0])):
            parts.append(Hanging(f"  {reason.replace('_', ' ')}: ", f"{MEANINGS.get(reason, '')} {', '.join(rules)}"))
    return Group(*parts)


def _conclusions(conclusions: Iterable[ConclusionView]) -> list[RenderableType]:
    lines: list[RenderableType] = []
    for item in conclusions:
        more = f" … and {len(item.says) - _MOST_SAID} more" if len(item.says) > _MOST_SAID else ""
        lines.append(Hanging(f"  {clean(item.title)}: ", "; ".join(item.says[:_MOST_SAID]) + more))
    return lines


def waiver_lines(waivers: Iterable[WaiverView], *, with_project: bool = False) -> list[RenderableType]:
    """Return each waiver with how it stands, who granted it, and why."""
    lines: list[RenderableType] = []
    for item in waivers:
        what = " ".join(part for part in (item.project if with_project else "", item.rule, item.subject or "") if part)
        kind = "" if item.kind == "waived" else "risk accepted, "
        said = [
            f"{kind}{item.says}",
            "open again" if item.is_open_again else "",
            place_in_chain(item.earlier),
            f"no longer needed: {item.because}" if item.state != "expired" and item.need == "no" else "",
            f"approved by {item.approver}, has run {days_in_words(item.days)}: {item.reason}",
        ]
        lines.append(Hanging(f"  {clean(what)}: ", "; ".join(part for part in said if part)))
    return lines


def treatment_of(finding: FindingView) -> str:
    """Return what is done about a finding as a whole: `waived until 2026-09-30`; '' where nothing is."""
    if finding.treatment == "none":
        return ""
    if len(finding.treatments) == 1:
        return finding.treatments[0].says
    return "waived" if finding.treatment == "waived" else "accepted as a risk"


def finding_page(finding: FindingView) -> RenderableType:
    """Return one finding with the evidence that is kept."""
    head = Text.assemble(
        (finding.grade.upper(), _GRADES.get(finding.grade, "")), f" {finding.rule} {clean(finding.title)}  ({finding.key})"
    )
    counted = f"{finding.failed} of {finding.population} fail" if finding.population > 1 else "it fails"
    lines: list[RenderableType] = [head, Text(f"  {counted}" + (f", counts towards {finding.gate}" if finding.gate else ""))]
    for treatment in finding.treatments:
        what = f"{treatment.subject} " if treatment.subject else ""
        by = f"approved by {treatment.approver}, asked for by {treatment.requester}"
        lines.append(Hanging("  ◌ ", f"{what}{treatment.says}, {by}: {treatment.reason}"))
    if finding.treatments and finding.treatment == "none":
        lines.append(Text(f"  the finding stays open: {finding.failed - finding.treated} of {finding.failed} are not waived"))
    for item in finding.evidence:
        mark = "" if item.treatment == "none" else f" ({item.treatment})"
        lines.append(Hanging("  · ", (item.says or item.called) + mark))
        if item.place:
            place = " · ".join(part for part in (item.place, item.source) if part)
            lines.append(Hanging("    ", f"at {place}", style="bright_black"))
    if finding.failed > len(finding.evidence):
        lines.append(Text(f"  · and {finding.failed - len(finding.evidence)} more"))
    lines.append(Text())
    return Group(*lines)


class Hanging:
    """A text behind a head, its further lines under its first one; where lines are not broken (a pipe, a file) it stays one line."""

    def __init__(self, head: str, text: str, *, head_style: str = "", style: str = "") -> None:
        self._head = Text(head, style=head_style)
        self._text = Text(clean(text), style=style)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the lines."""
        if console.soft_wrap:
            yield Text.assemble(self._head, self._text)
            return
        lines = self._text.wrap(console, max(options.max_width - self._head.cell_len, 20))
        for number, line in enumerate(lines):
            yield Text.assemble(self._head if number == 0 else " " * self._head.cell_len, line)


def clean(text: str) -> str:
    """Return *text* without control characters: what comes from a source cannot move the cursor."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def percent(value: float | None) -> str:
    """Return a share as a percentage; a dash where there is none."""
    return "—" if value is None else f"{value:.0%}".replace("%", " %")


def _headline(report: AuditReport) -> Text:
    counts = report.portfolio.decisions
    grades = ", ".join(f"{count} {grade}" for grade, count in report.portfolio.findings_by_grade.items()) or "none"
    lines = [
        f"Audit {report.audit}, as of {report.as_of.isoformat()}: {report.portfolio.projects} projects, {len(report.rules)} rules",
        "  " + " · ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items()),
        f"  findings: {grades}",
        f"  scores: median {percent(report.portfolio.median)} of {report.portfolio.scored} projects"
        + (
            f", quartiles {percent(report.portfolio.lower_quartile)} and {percent(report.portfolio.upper_quartile)}"
            if report.portfolio.scored
            else ""
        ),
        *_treated(report),
        "",
    ]
    return Text("\n".join(lines))


def _treated(report: AuditReport) -> list[str]:
    """Return what waivers make of findings and scores, beside what is actual; nothing where no finding is treated."""
    counts = report.portfolio.findings_by_treatment
    if not counts:
        return []
    names = {"waived": "waived", "accepted": "accepted as a risk"}
    told = ", ".join(f"{count} {names[name]}" for name, count in counts.items())
    return [f"  of the findings {told}; managed scores: median {percent(report.portfolio.managed_median)}"]


def _projects(report: AuditReport) -> Table:
    is_managed = bool(report.portfolio.findings_by_treatment)
    shown = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for name, right in (
        ("Project", False),
        ("Phase", False),
        ("Score", True),
        ("could be", True),
        ("", False),
        *([("Managed", True)] if is_managed else []),
        ("Coverage", True),
        ("Critical", True),
        ("Major", True),
        ("Minor", True),
    ):
        shown.add_column(name, justify="right" if right else "left", no_wrap=True)
    for project in sorted(report.projects, key=_severity_order)[:_MOST_PROJECTS]:
        phase = next((trait.value for trait in project.traits if trait.name == "phase"), "?")
        grades = [sum(1 for finding in project.findings if finding.grade == grade) for grade in ("critical", "major", "minor")]
        score = project.score
        span = "" if score.value is None else f"{percent(score.lowest)} to {percent(score.highest)}"
        shown_name = Text(clean(project.name if project.name == project.id else f"{project.id} {project.name}"))
        shown_name.truncate(34, overflow="ellipsis")
        shown.add_row(
            shown_name,
            Text(clean(phase)),
            Text(percent(score.value), style=_COLOURS[score.rag]),
            span,
            _bar(score, _BAR if not is_managed else _BAR_BESIDE_MANAGED),
            *([percent(project.managed.score.value)] if is_managed else []),
            percent(score.coverage),
            *(str(count) if count else "·" for count in grades),
        )
    if len(report.projects) > _MOST_PROJECTS:
        shown.add_row(Text(f"… and {len(report.projects) - _MOST_PROJECTS} more"))
    shown.add_row()
    return shown


def _severity_order(project: ProjectView) -> tuple[float, str]:
    return (project.score.value if project.score.value is not None else 2.0, project.id)


def _bar(score: ScoreView, width: int) -> Text:
    if score.value is None or score.lowest is None or score.highest is None:
        return Text("·" * width, style="bright_black")
    cells = ["░" if score.lowest * width <= place + 0.5 <= score.highest * width else " " for place in range(width)]
    cells[min(int(score.value * width), width - 1)] = "█"
    return Text("".join(cells), style=_COLOURS[score.rag])


def _score_line(score: ScoreView) -> Text:
    if score.value is None:
        return Text(f"  score —: nothing of {score.not_assessed} rules was assessed")
    attested = f", {percent(score.attested)} rest on statements" if score.attested else ""
    return Text(
        f"  score {percent(score.value)} (between {percent(score.lowest)} and {percent(score.highest)}), "
        f"{percent(score.coverage)} of what applies was assessed{attested}",
        style=_COLOURS[score.rag],
    )


def _managed_line(managed: ManagedView) -> list[Text]:
    if not managed.waived and not managed.accepted:
        return []
    score = managed.score
    parts = [f"{managed.waived} waived" if managed.waived else "", f"{managed.accepted} accepted as a risk" if managed.accepted else ""]
    told = ", ".join(part for part in parts if part)
    if score.value is None:
        return [Text(f"  managed —: nothing is left to assess ({told})")]
    cost = f"; accepted risks cost {percent(managed.accepted_share)}" if managed.accepted_share else ""
    return [Text(f"  managed {percent(score.value)} (between {percent(score.lowest)} and {percent(score.highest)}): {told}{cost}")]


def _worst(report: AuditReport, count: int) -> list[tuple[ProjectView, FindingView]]:
    order = list(_GRADES)
    every = [(project, finding) for project in report.projects for finding in project.findings]
    every.sort(key=lambda pair: (order.index(pair[1].grade) if pair[1].grade in order else len(order), pair[1].rule, pair[0].id))
    return every[:count]


def _finding_table(worst: Iterable[tuple[ProjectView, FindingView]]) -> Table:
    shown = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for _ in range(4):
        shown.add_column(overflow="fold")
    for project, finding in worst:
        first = next((item.says for item in finding.evidence if item.says), finding.title)
        more = f" (+{finding.failed - 1})" if finding.failed > 1 else ""
        more += f" [{treatment_of(finding)}]" if finding.treatment != "none" else ""
        shown.add_row(
            Text(finding.grade, style=_GRADES.get(finding.grade, "")),
            Text(clean(project.id)),
            Text(finding.rule),
            Text(clean(first) + more),
        )
    return shown


def _gap_table(report: AuditReport, count: int) -> Table:
    shown = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for _ in range(3):
        shown.add_column(overflow="fold")
    for gap in report.gaps[:count]:
        shown.add_row(Text(f"{gap.decisions} decisions"), Text(clean(gap.what)), Text(f"ask {gap.who}"))
    return shown
