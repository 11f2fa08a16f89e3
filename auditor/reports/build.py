"""From the result of an audit to what every report shows."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote, urlsplit

from auditor.checks.evaluation import Evaluation, Evidence, Reason, Verdict
from auditor.findings.finding import GRADES, Finding, Item, Treatment, TreatmentName
from auditor.findings.score import Managed, Score, Scoring, distribution, managed_score, score
from auditor.findings.treat import WaiverState, WaiverStatus
from auditor.model.schema import TABLES
from auditor.reports.model import (
    AreaView,
    AuditReport,
    ConclusionView,
    EvaluationView,
    EvidenceView,
    FindingView,
    Gap,
    ManagedView,
    OpenQuestion,
    ParamView,
    PortfolioView,
    ProjectView,
    RuleView,
    ScoreView,
    SourceView,
    Trait,
    TreatmentView,
    UnreadableView,
    VanishedView,
    WaiverSummary,
    WaiverView,
)
from auditor.reports.telling import Telling, detail_in_words, telling
from auditor.reports.words import BASES, METHODS, conclusion_title, treatment_in_words, waiver_in_words
from auditor.results.audit_result import AuditResult
from auditor.rulebook.pack import Pack
from auditor.rulebook.plain import facts_in_words, rule_in_words, value_in_words
from auditor.rulebook.profile import Profile
from auditor.rulebook.rule import Citation, Rule
from auditor.rulebook.sentence import show_value
from auditor.snapshot.store import Snapshot, connection

_TRAITS = ("methodology", "phase", "size", "status", "start_on", "planned_end_on", "budget", "department", "is_outsourced", "is_agile")

WHO: Mapping[str, str] = MappingProxyType(
    {
        "no_data": "the project manager, or whoever connects the sources",
        "incomplete_data": "whoever runs auditor",
        "access_denied": "the owner of the source",
        "unmapped": "whoever maps the sources",
        "unreadable": "the project manager",
        "source_error": "whoever runs the source",
        "stale_data": "whoever runs auditor",
        "low_confidence": "the QA officer (`auditor sources review`)",
        "identity_unknown": "whoever keeps people.yaml",
        "no_history": "nobody: the source keeps none",
        "not_configured": "the methodology owner",
        "rule_error": "the author of the rule",
        "awaiting_answer": "the QA officer",
    }
)
"""Reason of *not assessed* → who can mend it."""

_MOST_GAPS = 200


def build_report(
    result: AuditResult,
    snapshot: Snapshot,
    profiles: Mapping[str, Profile],
    link: Callable[[str], str] = lambda url: url,
    *,
    in_words: bool = True,
) -> AuditReport:
    """Return what the reports of *result* show.

    Args:
        result: of an audit of *snapshot* by *profiles*.
        snapshot: for the projects' characteristics, coverage, and what could not be read.
        profiles: name → profile, all that the result names.
        link: turns the url of a piece of evidence into the one that is shown.
        in_words: whether conditions and facts are told in words. A summary shows neither, and is quicker without.
    """
    rules = {rule.id: rule for profile in profiles.values() for rule in profile.rules.values()}
    told = telling(snapshot, _facts(result, profiles) if in_words else {})
    by_project: dict[str, list[Evaluation]] = defaultdict(list)
    for evaluation in result.evaluations:
        by_project[evaluation.project].append(evaluation)
    findings: dict[str, list[Finding]] = defaultdict(list)
    for finding in result.findings:
        findings[finding.project].append(finding)
    rows = _rows(snapshot, "project")
    facts = {str(row["project_id"]): row for row in rows}
    treatments: dict[tuple[str, str], TreatmentName] = {(item.project, item.rule): item.treatment for item in result.findings}
    views, scores, managed = [], [], []
    for project in result.projects:
        profile = profiles.get(project.profile or "")
        scoring = _scoring(profile)
        severity_of = _severities(rules, project.severities)
        every = by_project[project.id]
        total = score(((item, severity_of(item.rule)) for item in every), scoring)
        scores.append(total)
        honoured = managed_score(((item, severity_of(item.rule)) for item in every), treatments, scoring)
        managed.append(honoured.score)
        views.append(
            ProjectView(
                id=project.id,
                name=str(facts.get(project.id, {}).get("name") or project.id),
                profile=project.profile or "none",
                traits=_traits(facts.get(project.id, {})),
                score=_score(total),
                managed=_managed(honoured),
                areas=_areas(every, rules, severity_of, scoring, treatments),
                conclusions=_conclusions(result, project.id),
                findings=[_finding(item, link, told) for item in sorted(findings[project.id], key=_by_grade)],
                open_questions=_open(every, rules, severity_of, link, told),
                waivers=[_waiver(item, rules) for item in result.waivers if item.waiver.project == project.id],
                evaluations=[_evaluation(item) for item in every],
            )
        )
    first = next(iter(profiles.values()), None)
    return AuditReport(
        generator=result.generator,
        audit=result.id,
        as_of=result.as_of,
        inputs=dict(result.inputs),
        weights=dict(_scoring(first).weights),
        min_coverage=float(_scoring(first).min_coverage),
        portfolio=_portfolio(result, scores, managed),
        waivers=_waivers(result, rules),
        projects=views,
        rules=[_rule(rule, profiles, in_words=in_words) for _, rule in sorted(rules.items())],
        sources=_sources(snapshot, {project.id for project in result.projects}),
        unreadable=_unreadable(snapshot, {project.id for project in result.projects}),
        vanished=_vanished(snapshot, {project.id for project in result.projects}),
        gaps=gaps(result.evaluations),
    )


def gaps(evaluations: Iterable[Evaluation]) -> list[Gap]:
    """Return what is missing, that which leaves most decisions open first."""
    found: dict[tuple[str, str], list[Evaluation]] = defaultdict(list)
    for item in evaluations:
        if item.verdict is Verdict.NOT_ASSESSED and item.reason is not None:
            what = "an answer of a person" if item.reason is Reason.AWAITING_ANSWER else detail_in_words(item.detail)
            found[item.reason.value, what].append(item)
    listed = [
        Gap(
            what=what or reason.replace("_", " "),
            reason=reason,
            who=WHO[reason],
            rules=sorted({item.rule for item in items}),
            projects=sorted({item.project for item in items}),
            decisions=len(items),
        )
        for (reason, what), items in found.items()
    ]
    return sorted(listed, key=lambda gap: (-gap.decisions, gap.reason, gap.what))[:_MOST_GAPS]


def _severities(rules: Mapping[str, Rule], changed: Mapping[str, str]) -> Callable[[str], str]:
    return lambda rule: changed.get(rule, rules[rule].severity.value)


def _scoring(profile: Profile | None) -> Scoring:
    if profile is None:
        return Scoring()
    said = profile.scoring
    return Scoring(weights=dict(said.weights), green_from=said.green_from, amber_from=said.amber_from, min_coverage=said.min_coverage)


def _share(value: Fraction | None) -> float | None:
    return None if value is None else round(float(value), 4)


def _score(value: Score) -> ScoreView:
    return ScoreView(
        value=_share(value.value),
        lowest=_share(value.lowest),
        highest=_share(value.highest),
        coverage=_share(value.coverage),
        attested=_share(value.attested),
        conform=value.conform,
        nonconform=value.nonconform,
        not_assessed=value.not_assessed,
        not_applicable=value.not_applicable,
        rag=value.rag,
    )


def _managed(value: Managed) -> ManagedView:
    return ManagedView(score=_score(value.score), waived=value.waived, accepted=value.accepted, accepted_share=_share(value.accepted_share))


def _areas(
    every: list[Evaluation],
    rules: Mapping[str, Rule],
    severity_of: Callable[[str], str],
    scoring: Scoring,
    treatments: Mapping[tuple[str, str], TreatmentName],
) -> list[AreaView]:
    views = []
    for name in sorted({rules[item.rule].area for item in every}):
        pairs = [(item, severity_of(item.rule)) for item in every if rules[item.rule].area == name]
        views.append(AreaView(area=name, score=_score(score(pairs, scoring)), managed=_managed(managed_score(pairs, treatments, scoring))))
    return views


def _treatment(item: Treatment) -> TreatmentView:
    return TreatmentView(**{name: getattr(item, name) for name in Treatment.model_fields}, says=treatment_in_words(item))


def _waiver(status: WaiverStatus, rules: Mapping[str, Rule]) -> WaiverView:
    waiver = status.waiver
    return WaiverView(
        rule=waiver.rule,
        title=rules[waiver.rule].title if waiver.rule in rules else "",
        project=waiver.project,
        subject=waiver.subject,
        kind=waiver.kind,
        reason=waiver.reason,
        requester=waiver.requester,
        approver=waiver.approver,
        begins_on=waiver.begins_on,
        ends_on=waiver.ends_on,
        ends_with=waiver.ends_with,
        state=status.state.value,
        says=waiver_in_words(status),
        days=status.days,
        days_left=status.days_left,
        is_soon=status.is_soon,
        earlier=status.earlier,
        treats=status.treats,
        need=status.need,
        because=status.because,
        is_open_again=status.is_open_again,
    )


def _waivers(result: AuditResult, rules: Mapping[str, Rule]) -> WaiverSummary:
    audited = {project.id for project in result.projects}
    states = Counter(item.state.value for item in result.waivers)
    approvers = Counter(item.waiver.approver for item in result.waivers if item.state is WaiverState.IN_FORCE)
    return WaiverSummary(
        soon_days=result.soon_days,
        by_state={state.value: states[state.value] for state in WaiverState if states[state.value]},
        by_approver=dict(sorted(approvers.items(), key=lambda item: (-item[1], item[0]))),
        gone=[_waiver(item, rules) for item in result.waivers if item.waiver.project not in audited],
    )


def _by_grade(finding: Finding) -> tuple[int, str]:
    return GRADES.index(finding.grade), finding.rule


def _facts(result: AuditResult, profiles: Mapping[str, Profile]) -> dict[str, Mapping[str, str]]:
    """Return how the facts read by which the shown evidence was decided: rule → name of a value → words."""
    found: dict[str, Mapping[str, str]] = {}
    profile_of = {project.id: project.profile for project in result.projects}
    for item in result.evaluations:
        profile = profiles.get(profile_of.get(item.project) or "")
        if item.rule not in found and profile is not None and any(not key.isidentifier() for each in item.evidence for key in each.values):
            found[item.rule] = facts_in_words(profile.rules[item.rule], profile.rulebook)
    return found


def place_of(item: Evidence) -> str:
    """Return where evidence stands, in words: the name of the file or page, and the place in it."""
    path = unquote(urlsplit(item.url).path) if item.url and _is_url(item.url) else item.url or ""
    return ", ".join(part for part in (path.rstrip("/").rpartition("/")[2], item.locator) if part)


def _is_url(text: str) -> bool:
    try:
        return bool(urlsplit(text).scheme)
    except ValueError:
        return False


def _evidence(item: Evidence, link: Callable[[str], str], told: Telling, rule: str, project: str) -> EvidenceView:
    return EvidenceView(
        subject=f"{item.subject_table} {item.subject_id}".strip(),
        called=told.subject(item),
        outcome=item.outcome,
        says=told.sentence(project, item.says),
        values=item.values,
        told=told.told(rule, project, item),
        place=place_of(item),
        source=item.source,
        locator=item.locator,
        url=link(item.url) if item.url else None,
        content_hash=item.content_hash,
        reason=item.reason.value if item.reason else None,
    )


def _item(item: Item, link: Callable[[str], str], told: Telling, finding: Finding) -> EvidenceView:
    shown = _evidence(item.evidence, link, told, finding.rule, finding.project)
    return shown if item.treatment == "none" else shown.model_copy(update={"treatment": item.treatment})


def _finding(finding: Finding, link: Callable[[str], str], told: Telling) -> FindingView:
    return FindingView(
        key=finding.key,
        rule=finding.rule,
        title=finding.title,
        area=finding.area,
        grade=finding.grade,
        gate=finding.gate,
        review=finding.review,
        treatment=finding.treatment,
        treated=finding.treated,
        treatments=[_treatment(item) for item in finding.treatments],
        failed=finding.failed,
        population=finding.population,
        is_attested=finding.is_attested,
        params=[ParamView(name=name, value=param.value, origin=param.origin) for name, param in sorted(finding.params.items())],
        evidence=[_item(item, link, told, finding) for item in finding.items],
    )


def _open(
    every: list[Evaluation], rules: Mapping[str, Rule], severity_of: Callable[[str], str], link: Callable[[str], str], told: Telling
) -> list[OpenQuestion]:
    questions = [
        OpenQuestion(
            rule=item.rule,
            title=rules[item.rule].title,
            area=rules[item.rule].area,
            severity=severity_of(item.rule),
            reason=item.reason.value if item.reason else "",
            detail=detail_in_words(item.detail),
            ask=rules[item.rule].ask,
            evidence=[_evidence(each, link, told, item.rule, item.project) for each in item.evidence],
        )
        for item in every
        if item.verdict is Verdict.NOT_ASSESSED
    ]
    return sorted(questions, key=lambda question: (question.reason, question.rule))


def _evaluation(item: Evaluation) -> EvaluationView:
    return EvaluationView(
        rule=item.rule,
        verdict=item.verdict.value,
        reason=item.reason.value if item.reason else None,
        detail=detail_in_words(item.detail),
        population=item.population,
        passed=item.passed,
        failed=item.failed,
        undecided=item.undecided,
        is_attested=item.is_attested,
        next_verdict=item.next_verdict.value if item.next_verdict else None,
    )


def _traits(row: Mapping[str, Any]) -> list[Trait]:
    found = []
    for name in _TRAITS:
        value = row.get(name)
        shown = show_value(value, "money" if name == "budget" else None) if value is not None else row.get(f"{name}_raw")
        shown = METHODS.get(shown, value_in_words(shown)) if isinstance(shown, str) else shown
        if shown is None:
            continue
        basis = row.get(f"{name}_basis")
        confidence = row.get(f"{name}_confidence")
        how = "declared"
        if basis not in (None, "declared"):
            sure = f", {float(confidence):.0%} sure".replace("%", " %") if confidence is not None else ""
            how = f"inferred from {BASES.get(basis, basis)}{sure}" + ("" if value is not None else "; too little to rely on")
        found.append(Trait(name=name.removesuffix("_on").removeprefix("is_").replace("_", " "), value=str(shown), basis=how))
    return found


def _rule(rule: Rule, profiles: Mapping[str, Profile], *, in_words: bool) -> RuleView:
    profile = next(item for item in profiles.values() if rule.id in item.rules)
    book = profile.rulebook
    setting = profile.setting(rule.id, "severity")
    return RuleView(
        id=rule.id,
        title=rule.title,
        requirement=rule.requirement,
        source=cited(rule.cites, book.packs),
        area=rule.area,
        severity=rule.severity.value,
        severity_origin=setting.set_by,
        gate=rule.gate,
        condition=rule_in_words(rule, book) if in_words else "",
        why=rule.why,
        fix=rule.fix,
        ask=rule.ask,
        known_gaps=rule.known_gaps,
    )


def cited(cites: Iterable[Citation], packs: Mapping[str, Pack]) -> str:
    """Return where a requirement stands: 'PM² 3.1, section 9.7'."""
    return "; ".join(
        _standard(packs, item.standard)
        + (f" {item.editions[-1]}" if item.editions else "")
        + (f", section {item.section}" if item.section else "")
        for item in cites
    )


def _standard(packs: Mapping[str, Pack], name: str) -> str:
    return next((pack.title.split(" ")[0] for pack in packs.values() if pack.standard == name), name)


_ORDER = ("gate_readiness", "escalation", "contradiction", "systemic", "recurring_weakness", "weakness", "blind_spot")
_FIRST = {name: place for place, name in enumerate(_ORDER)}


def _conclusions(result: AuditResult, project: str) -> list[ConclusionView]:
    return [
        ConclusionView(
            name=item.name,
            about=item.about,
            state=item.state,
            title=conclusion_title(item.name, item.about, item.state),
            says=list(item.says),
            because=sorted({derivation.because for derivation in item.derivations}),
        )
        for item in sorted(result.conclusions, key=lambda item: _FIRST.get(item.name, len(_FIRST)))
        if item.project == project
    ]


def _portfolio(result: AuditResult, scores: list[Score], managed: list[Score]) -> PortfolioView:
    spread = distribution(scores)
    honoured = distribution(managed)
    treated = Counter(finding.treatment for finding in result.findings)
    grades = Counter(finding.grade for finding in result.findings)
    verdicts = Counter(item.verdict.value for item in result.evaluations)
    return PortfolioView(
        projects=spread.projects,
        scored=spread.scored,
        median=_share(spread.median),
        lower_quartile=_share(spread.lower_quartile),
        upper_quartile=_share(spread.upper_quartile),
        managed_median=_share(honoured.median),
        managed_lower_quartile=_share(honoured.lower_quartile),
        managed_upper_quartile=_share(honoured.upper_quartile),
        findings_by_treatment={name: treated[name] for name in ("waived", "accepted") if treated[name]},
        findings_by_grade={grade: grades[grade] for grade in GRADES if grades[grade]},
        decisions={verdict.value: verdicts[verdict.value] for verdict in Verdict},
        conclusions=_conclusions(result, ""),
    )


def _rows(snapshot: Snapshot, table: str) -> list[dict[str, Any]]:
    database = connection()
    try:
        cursor = database.execute("select * from read_parquet(?) order by project_id nulls first, id", [str(snapshot.file(table))])
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    finally:
        database.close()


def _sources(snapshot: Snapshot, projects: set[str]) -> list[SourceView]:
    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in _rows(snapshot, "coverage"):
        if row["project_id"] in projects:
            found[str(row["source"]), str(row["project_id"])].append(row)
    return [
        SourceView(
            source=source,
            project=project,
            tables_complete=sum(1 for row in rows if row["is_complete"]),
            tables_incomplete=sum(1 for row in rows if not row["is_complete"]),
            reasons=dict(sorted(Counter(str(row["reason"]) for row in rows if row["reason"]).items())),
        )
        for (source, project), rows in sorted(found.items())
    ]


def _unreadable(snapshot: Snapshot, projects: set[str]) -> list[UnreadableView]:
    return [
        UnreadableView(
            project=str(row["project_id"]),
            path=str(row["path"]),
            reason=str(row["reason"]),
            candidates=_candidates(row["candidate_kinds"]),
        )
        for row in _rows(snapshot, "unreadable")
        if row["project_id"] in projects
    ]


_MOST_VANISHED = 100
_KNOWN_BY = ("title", "name", "subject", "path")


def _vanished(snapshot: Snapshot, projects: set[str]) -> list[VanishedView]:
    """Return what is gone, by project, source and table.

    Of a document only itself is told, not what stood in it, and of an entry of a tracker not its work item, too.
    """
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    documents: set[tuple[str, str, str]] = set()  # project, source, address
    entries: set[tuple[str, str, str, str]] = set()  # project, source, id, address
    registers = [table.name for table in TABLES.values() if table.is_register]
    for table in ("artefact", *sorted(registers), "work_item"):
        columns = TABLES[table].by_name
        name = next((column for column in _KNOWN_BY if column in columns), "id")
        key = "key" if "key" in columns else "id"
        for project, source, row_id, url, own, title in _gone(snapshot, table, key, name):
            document = (project, source, str(url or "").partition("#")[0])
            entry = (project, source, str(row_id), str(url or ""))
            if project not in projects or document in documents or entry in entries:
                continue
            entries.add(entry)
            if table == "artefact" and url:
                documents.add(document)
            shown = [str(own)] if table != "artefact" and len(str(own)) < _LONG_ID else []
            found[project, source, table].append(" ".join([*shown, *([str(title)] if title and title != own else [])]) or str(row_id))
    return [
        VanishedView(project=project, source=source, table=table, count=len(named), named=sorted(named)[:_MOST_VANISHED])
        for (project, source, table), named in sorted(found.items())
    ]


_LONG_ID = 20  # ids that are made here are longer, and tell nobody anything


def _gone(snapshot: Snapshot, table: str, key: str, name: str) -> list[tuple[Any, ...]]:
    database = connection()
    try:
        return database.execute(
            f'select project_id, source, id, url, "{key}", "{name}" from read_parquet(?) where is_gone order by project_id, source, id',
            [str(snapshot.file(table))],
        ).fetchall()
    finally:
        database.close()


def _candidates(text: str | None) -> list[str]:
    """Return the kinds of a list that is stored as JSON, or separated by commas."""
    if not text:
        return []
    if text.startswith("["):
        return [str(item) for item in json.loads(text)]
    return [part.strip() for part in text.split(",") if part.strip()]
