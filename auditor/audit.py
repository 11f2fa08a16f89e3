"""An audit: the one place that calls the steps in their order, from a snapshot to findings."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from auditor import __version__
from auditor.checks.evaluation import Evaluation, Reason, Verdict
from auditor.checks.inputs import Answer, Plan
from auditor.checks.run import run_checks
from auditor.errors import UsageError, did_you_mean
from auditor.findings.derive import derive_findings
from auditor.findings.treat import Decided, WaiverBook, treat
from auditor.model.schema import TABLES
from auditor.reasoning.conclude import Concluded, Conclusion, EarlierVerdict, conclude, conclude_portfolio, conclusion_order
from auditor.reasoning.facts import Project, read_projects
from auditor.reasoning.reasoner import EngineName
from auditor.reasoning.tailor import Tailored, product_kinds, productions_of, tailor
from auditor.results.audit_result import AuditedProject, AuditResult, audit_id
from auditor.rulebook.digest import canonical, digest
from auditor.rulebook.load import Rulebook
from auditor.rulebook.production import Step
from auditor.rulebook.profile import Profile, resolve_profile
from auditor.rulebook.profile_choice import FAMILIES, Offer, fallback, offered, offers
from auditor.snapshot.store import Snapshot, connection, verify_snapshot

_LIKELY = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class ProfileChoice:
    """Which profile a project is audited by. What a person wrote comes before what profiles say of themselves.

    Attributes:
        forced: for every project, whatever else is said (`--profile`).
        by_project: project id → profile (`[[project]] profile`).
        by_methodology: methodology → profile (`[profiles]`).
        default: for projects whose methodology nothing tells, or has no profile of its own and the profile names none.
        offers: what the profiles say of the projects that they are for.
        default_is_for: the methodology that the default profile is for; None: for any.
    """

    forced: str | None = None
    by_project: Mapping[str, str] = field(default_factory=dict)
    by_methodology: Mapping[str, str] = field(default_factory=dict)
    default: str | None = None
    offers: tuple[Offer, ...] = ()
    default_is_for: str | None = None

    def named(self) -> set[str]:
        """Return every profile that a person named."""
        if self.forced:
            return {self.forced}
        return {*self.by_project.values(), *self.by_methodology.values(), *([self.default] if self.default else [])}

    def of(self, project: str, traits: Mapping[str, Any]) -> str | None:
        """Return the name of the profile for a project; None when none is for its methodology.

        Args:
            project: its id.
            traits: its row of `project`; None where the value is not known.

        Raises:
            UsageError: several profiles say to be for it, and nobody said which holds.
        """
        if self.forced:
            return self.forced
        if project in self.by_project:
            return self.by_project[project]
        methodology = traits.get("methodology")
        if methodology is None and self.default_is_for is not None and (likely := _likely(traits)) is not None:
            methodology = likely if FAMILIES.get(likely, likely) != self.default_is_for else None
        traits = {**traits, "methodology": methodology}
        family = FAMILIES.get(methodology or "", methodology)
        chosen = self.by_methodology.get(methodology or "") or self.by_methodology.get(family or "")
        if chosen:
            return chosen
        own = offered(self.offers, traits)
        if len(own) == 1:
            return own[0]
        if self.default is not None and (self.default_is_for in (None, family) or methodology in (None, "other")):
            return self.default
        if own:
            raise UsageError(
                f"several profiles are for the project {project[:60]} ({methodology}): {', '.join(own)}",
                hint=f'write `{methodology} = "…"` under [profiles] in auditor.toml, or `chosen: by_name` into all but one of them',
            )
        return None


def _likely(traits: Mapping[str, Any]) -> str | None:
    """Return the methodology whose artefacts a project more likely keeps than not.

    Too little for a rule to rely on, enough to ask by its rules rather than by those of a default that nothing speaks for.
    """
    found, confidence = traits.get("methodology_raw"), traits.get("methodology_confidence")
    is_likely = traits.get("methodology_basis") == "artefact" and confidence is not None and confidence >= _LIKELY
    return found if is_likely and found in TABLES["project"].by_name["methodology"].type.codes else None


@dataclass(frozen=True, slots=True)
class AuditPlan:
    """What an audit will do, settled before anything is decided."""

    as_of: date
    profiles: Mapping[str, Profile]  # name → profile
    chosen: Mapping[str, str | None]  # project → name of its profile
    tailored: Mapping[str, Tailored]  # name of a profile → what tailoring says of its projects
    projects: Mapping[str, Project]  # project → what productions are told of it
    engine: EngineName | None = None  # which reasoning engine derives; None: the preferred one

    @property
    def plans(self) -> dict[str, Plan]:
        """Name of a profile → plan of its projects."""
        return {name: item.plan for name, item in self.tailored.items()}


def plan_audit(
    snapshot: Snapshot,
    rulebook: Rulebook,
    choice: ProfileChoice,
    *,
    projects: Collection[str] = (),
    as_of: date | None = None,
    engine: EngineName | None = None,
) -> AuditPlan:
    """Return what an audit of *projects* (empty: all of the snapshot) will do, by the reasoning engine *engine* (None: the preferred one).

    Raises:
        UsageError: a project is not in the snapshot, no profile was chosen, several are for a project, or *as_of* lies after the snapshot.
        ExceptionGroup: of RuleError, mistakes of a profile.
    """
    traits = project_traits(snapshot)
    for project in projects:
        if project not in traits:
            raise UsageError(f"there is no project {project[:60]!r} in the snapshot", hint=did_you_mean(project, traits) or _some(traits))
    if as_of is not None and as_of > snapshot.as_of:
        raise UsageError(f"the snapshot is of {snapshot.as_of}, nothing is known of {as_of}", hint="run `auditor pull` then")
    choice = _completed(choice, rulebook)
    wanted = sorted(projects) if projects else sorted(traits)
    chosen = {project: choice.of(project, traits[project]) for project in wanted}
    meant = choice.named() | {name for name in chosen.values() if name is not None}
    profiles = {name: resolve_profile(rulebook, name) for name in sorted(meant)}
    used = {name: profile for name, profile in profiles.items() if name in chosen.values()}
    kinds = {kind for profile in used.values() for kind in product_kinds(profile)}
    known = read_projects(snapshot, {project: traits[project] for project in wanted}, kinds, as_of)
    tailored = {
        name: tailor({project: known[project] for project in wanted if chosen[project] == name}, profile, engine)
        for name, profile in used.items()
    }
    return AuditPlan(as_of or snapshot.as_of, used, chosen, tailored, known, engine)


def run_audit(
    snapshot: Snapshot,
    plan: AuditPlan,
    *,
    answers: tuple[Answer, ...] = (),
    evidence_limit: int = 5,
    inputs: Mapping[str, str] | None = None,
    progress: Callable[[int], None] | None = None,
    seconds: float | None = None,
    earlier: Mapping[str, Mapping[str, EarlierVerdict]] | None = None,
    waivers: WaiverBook | None = None,
) -> AuditResult:
    """Return the result of auditing *snapshot* as *plan* says.

    Args:
        snapshot: what was true.
        plan: of this snapshot.
        answers: what people said.
        evidence_limit: how many subjects are kept per rule and project; the counts count all.
        inputs: further inputs with their digests.
        progress: is told how many evaluations are ready, now and then.
        seconds: how long one statement may take; see `run_checks`.
        earlier: project → rule → what audits before said of it.
        waivers: what was let be; no verdict depends on it.

    Raises:
        StoreError: the snapshot cannot be read.
    """
    past = plan.as_of if plan.as_of != snapshot.as_of else None
    evaluations: list[Evaluation] = []
    for name, profile in plan.profiles.items():
        projects = [project for project, chosen in plan.chosen.items() if chosen == name]
        for evaluation in run_checks(
            snapshot,
            profile,
            profile.rulebook,
            plan.plans[name],
            answers,
            as_of=past,
            projects=projects,
            evidence_limit=evidence_limit,
            seconds=seconds,
        ):
            evaluations.append(_exact(evaluation))
            if progress is not None and len(evaluations) % 1_000 == 0:
                progress(len(evaluations))
    if any(item.reason is Reason.RULE_ERROR for item in evaluations):
        verify_snapshot(snapshot)  # a damaged file makes every rule about it fail: that is no mistake of the rules
    evaluations.extend(_out_of_scope(plan))
    evaluations.sort(key=lambda item: (item.project, item.rule))
    severities = {project: dict(item.severities) for each in plan.plans.values() for project, item in each.projects.items()}
    findings = [
        finding
        for name, profile in plan.profiles.items()
        for finding in derive_findings((item for item in evaluations if plan.chosen[item.project] == name), profile.rules, severities)
    ]
    concluded, notes = _conclusions(plan, evaluations, earlier or {})
    book = _of_audit(waivers or WaiverBook(), snapshot, plan)
    decided = decided_of(snapshot, plan, evaluations)
    decided = replace(decided, failing=_failing(snapshot, plan, book, decided, answers))
    treated, statuses = treat(sorted(findings, key=lambda item: (item.project, item.rule)), book, decided)
    every = audit_inputs(snapshot, plan, answers, evidence_limit) | dict(inputs or {})
    every["waivers"] = book.digest()[:16]
    if earlier:
        every["earlier"] = digest(
            {project: {rule: (one.verdict, one.times) for rule, one in own.items()} for project, own in earlier.items()}
        )[:16]
    return AuditResult(
        id=audit_id(plan.as_of, every.items()),
        as_of=plan.as_of,
        snapshot=snapshot.id,
        generator=f"auditor {__version__}",
        inputs=every,
        projects=tuple(
            AuditedProject(
                id=project,
                profile=name,
                severities=severities.get(project, {}),
                derivations=plan.tailored[name].derivations.get(project, ()) if name is not None else (),
            )
            for project, name in sorted(plan.chosen.items())
        ),
        evaluations=tuple(evaluations),
        findings=treated,
        conclusions=concluded,
        waivers=statuses,
        soon_days=book.soon_days,
        notes=notes,
    )


def decided_of(snapshot: Snapshot, plan: AuditPlan, evaluations: Iterable[Evaluation]) -> Decided:
    """Return what waivers need to know of the projects of *plan* and of what was decided."""
    traits = project_traits(snapshot)
    return Decided(
        as_of=plan.as_of,
        evaluations={(item.project, item.rule): item for item in evaluations},
        rules={project: plan.profiles[name].rules if name is not None else {} for project, name in plan.chosen.items()},
        closed=closed_projects(traits),
    )


def closed_projects(traits: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
    """Return the projects that are closed or cancelled."""
    return frozenset(
        project for project, row in traits.items() if row.get("status") in ("closed", "cancelled") or row.get("phase") == "closed"
    )


def _of_audit(book: WaiverBook, snapshot: Snapshot, plan: AuditPlan) -> WaiverBook:
    """Return the waivers that an audit is about: those of its projects, and of projects that are gone where it is about all."""
    present = snapshot.project_ids()
    is_whole = set(present) <= set(plan.chosen)
    kept = [waiver for waiver in book.waivers if waiver.project in plan.chosen or (is_whole and waiver.project not in present)]
    keys = {waiver.ends_with for waiver in kept}
    return book.model_copy(
        update={
            "waivers": tuple(sorted(kept, key=lambda waiver: waiver.key)),
            "issues": tuple(sorted((issue for issue in book.issues if issue.key in keys), key=lambda issue: issue.key)),
        }
    )


def _failing(
    snapshot: Snapshot, plan: AuditPlan, book: WaiverBook, decided: Decided, answers: tuple[Answer, ...]
) -> dict[tuple[str, str], frozenset[str]]:
    """Return (project, rule) → every failing subject, where subjects are waived one by one and the evidence shows only the first few.

    The rules in question are decided once more with everything shown. Where that counts otherwise (an answer holds for what was shown, and
    more is shown now) nothing is said of them.
    """
    asked: dict[str, dict[str, set[str]]] = {}  # profile → rule → projects
    for waiver in book.waivers:
        place = (waiver.project, waiver.rule)
        if waiver.subject is not None and place in decided.evaluations and not decided.subjects(*place)[1]:
            name = plan.chosen[waiver.project]
            if name is not None:
                asked.setdefault(name, {}).setdefault(waiver.rule, set()).add(waiver.project)
    found: dict[tuple[str, str], frozenset[str]] = {}
    past = plan.as_of if plan.as_of != snapshot.as_of else None
    for name, rules in asked.items():
        profile = plan.profiles[name]
        few = replace(
            profile,
            rules=MappingProxyType({rule: profile.rules[rule] for rule in rules}),
            settings=MappingProxyType({rule: profile.settings[rule] for rule in rules}),
        )
        places = [(project, rule) for rule, asked_of in rules.items() for project in asked_of]
        most = max(decided.evaluations[place].failed for place in places)  # those that fail are shown first
        projects = sorted({project for project, _ in places})
        for item in run_checks(snapshot, few, few.rulebook, plan.plans[name], answers, as_of=past, projects=projects, evidence_limit=most):
            place = (item.project, item.rule)
            if item.project in rules[item.rule] and item.failed == decided.evaluations[place].failed:
                found[place] = frozenset(each.subject_id for each in item.evidence if each.outcome == "failed")
    return found


def _conclusions(
    plan: AuditPlan, evaluations: Collection[Evaluation], earlier: Mapping[str, Mapping[str, EarlierVerdict]]
) -> tuple[tuple[Conclusion, ...], tuple[str, ...]]:
    """Return what follows for each project and over all of them, and what went wrong with a reasoning engine."""
    steps: list[Concluded] = []
    for name, profile in plan.profiles.items():
        projects = {project: plan.projects[project] for project, chosen in plan.chosen.items() if chosen == name}
        steps.append(conclude(projects, plan.tailored[name].plan.projects, evaluations, profile, plan.engine, earlier=earlier))
    each = tuple(sorted((item for step in steps for item in step.conclusions), key=conclusion_order))
    if len(plan.chosen) > 1:
        steps.append(conclude_portfolio(evaluations, each, plan.profiles.values(), len(plan.chosen), plan.engine))
        each = (*steps[-1].conclusions, *each)
    notes = [note for item in plan.tailored.values() for note in item.notes] + [note for item in steps for note in item.notes]
    return each, tuple(dict.fromkeys(notes))


def audit_inputs(snapshot: Snapshot, plan: AuditPlan, answers: tuple[Answer, ...], evidence_limit: int) -> dict[str, str]:
    """Return name → digest or version of everything that the result depends on."""
    return {
        "auditor": __version__,
        "snapshot": f"{snapshot.id} {digest(dict(snapshot.manifest.get('digests', {})))[:16]}",
        "as_of": plan.as_of.isoformat(),
        "answers": digest(answers)[:16],
        "projects": digest(sorted(plan.chosen.items()))[:16],
        "evidence_limit": str(evidence_limit),
        **{f"profile {name}": profile.digest[:16] for name, profile in plan.profiles.items()},
        **{f"plan {name}": digest(item)[:16] for name, item in plan.plans.items()},
        **{f"conclusions {name}": _production_digest(profile) for name, profile in plan.profiles.items()},
    }


def _production_digest(profile: Profile) -> str:
    steps: tuple[Step, ...] = ("conclusions", "portfolio")
    return digest([item.production for step in steps for item in productions_of(profile, step)])[:16]


def project_traits(snapshot: Snapshot) -> dict[str, dict[str, Any]]:
    """Return project id → its row of `project`; None where the value is blank or unknown."""
    database = connection()
    try:
        cursor = database.execute(
            "select * from read_parquet(?) where is_gone is not true order by project_id", [str(snapshot.file("project"))]
        )
        names = [column[0] for column in cursor.description or ()]
        return {str(row[names.index("project_id")]): dict(zip(names, row, strict=True)) for row in cursor.fetchall()}
    finally:
        database.close()


def _out_of_scope(plan: AuditPlan) -> Iterator[Evaluation]:
    """Yield the rules of every profile as out of scope for the projects that no profile is for: they show as such, not as nothing."""
    rules = sorted({rule for profile in plan.profiles.values() for rule in profile.rules})
    for project, name in plan.chosen.items():
        if name is None:
            for rule in rules:
                yield Evaluation(
                    rule=rule,
                    project=project,
                    verdict=Verdict.NOT_APPLICABLE,
                    reason=Reason.OUT_OF_SCOPE,
                    detail="no profile is for the methodology of this project",
                )


def _exact(evaluation: Evaluation) -> Evaluation:
    """Return *evaluation* with values as they come back from the store: exact numbers and days as JSON says them."""
    evidence = tuple(item.model_copy(update={"values": canonical(item.values)}) for item in evaluation.evidence)
    params = {name: item.model_copy(update={"value": canonical(item.value)}) for name, item in evaluation.params.items()}
    return evaluation.model_copy(update={"evidence": evidence, "params": params})


def _completed(choice: ProfileChoice, rulebook: Rulebook) -> ProfileChoice:
    """Return *choice* with what the profiles themselves say of the methodology that they are for."""
    if choice.forced:
        return choice
    names = sorted(rulebook.profiles) or sorted({rulebook.pack_of[rule] for rule in rulebook.rules})
    default = choice.default or (names[0] if len(names) == 1 else fallback(rulebook))
    is_for = rulebook.profiles[default].methodology if default is not None and default in rulebook.profiles else None
    completed = replace(choice, default=default, default_is_for=is_for, offers=offers(rulebook))
    if completed.named() or completed.offers:
        return completed
    raise UsageError(
        "no profile was chosen" if names else "there are no rules to audit by",
        hint=f'write `[profiles]` with `default = "…"` into auditor.toml, or give --profile; there are: {", ".join(names)}'
        if names
        else "reinstall auditor, or name the folders of your rules under [rules]",
    )


def _some(traits: Mapping[str, Any]) -> str:
    names = sorted(traits)
    return f"there are: {', '.join(names[:8])}{' …' if len(names) > 8 else ''}" if names else "the snapshot holds no project"
