"""What every command stands on once there is a configuration: rules, snapshot, answers, and an audit of them."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from auditor.audit import AuditPlan, ProfileChoice, closed_projects, plan_audit, project_traits, run_audit
from auditor.checks.evaluation import Evaluation
from auditor.checks.inputs import Answer
from auditor.checks.run import run_checks
from auditor.config.settings import Settings
from auditor.errors import StoreError, UsageError, did_you_mean
from auditor.findings.derive import derive_findings
from auditor.findings.treat import Decided, WaiverBook, WaiverStatus, treat
from auditor.ledger.joined import joined_answers, ledger_of
from auditor.ledger.trail import Mark
from auditor.reasoning.trace import Derivation
from auditor.reports.build import build_report
from auditor.reports.model import AuditReport
from auditor.reports.telling import Telling, telling
from auditor.reports.words import conclusion_title
from auditor.results.audit_result import AuditResult
from auditor.results.earlier import earlier_verdicts
from auditor.results.store import open_result, write_result
from auditor.rulebook.cache import cache_folder, kept_rulebook
from auditor.rulebook.condition import Language
from auditor.rulebook.load import Rulebook
from auditor.rulebook.plain import facts_in_words
from auditor.rulebook.profile import Profile, resolve_profile
from auditor.snapshot.store import Snapshot, open_snapshot
from auditor.workbench.waiving import waiver_book


def _speaks_of(derivation: Derivation, about: str) -> bool:
    words = re.compile(rf"(?<![\w-]){re.escape(about)}(?![\w-])")
    return any(words.search(text) for text in (*derivation.follows, *derivation.facts))


@dataclass(frozen=True)
class Desk:
    """One configuration at work. Parts are loaded when they are asked for, once."""

    settings: Settings
    snapshot_id: str = "latest"

    @classmethod
    def without_settings(cls) -> "Desk":
        """Return a desk with the installed rules only, for questions about rules where there is no configuration."""
        return cls(Settings(Path("auditor.toml")))

    @cached_property
    def rulebook(self) -> Rulebook:
        """Packs and profiles: the installed ones and those of `[rules] folders`."""
        return kept_rulebook(self.settings.rules.folders, cache_folder())

    @property
    def language(self) -> Language:
        """What conditions may name."""
        return self.rulebook.language

    @cached_property
    def snapshot(self) -> Snapshot:
        """The newest snapshot, or the one that was asked for."""
        return open_snapshot(self.settings.store.path, self.snapshot_id)

    def waivers(self, until: int | None = None) -> WaiverBook:
        """Return what was let be, by the files beside `auditor.toml` and by the ledger up to a position of its trail."""
        return waiver_book(self.settings, self.rulebook, self.snapshot, until)

    def waivers_on(self, profile: Profile, evaluation: Evaluation) -> tuple[WaiverStatus, ...]:
        """Return how the waivers of the one rule of *profile* stand for the project of *evaluation*, given what it says."""
        place = (evaluation.project, evaluation.rule)
        book = self.waivers()
        mine = [waiver for waiver in book.waivers if (waiver.project, waiver.rule) == place]
        if not mine:
            return ()
        closed = closed_projects(project_traits(self.snapshot))
        decided = Decided(self.snapshot.as_of, {place: evaluation}, {evaluation.project: profile.rules}, closed)
        return treat(derive_findings([evaluation], profile.rules), book.model_copy(update={"waivers": tuple(mine)}), decided)[1]

    def choice(self, profile: str | None = None) -> ProfileChoice:
        """Return how profiles are chosen; *profile* forces one."""
        by_project = {project.id: project.profile for project in self.settings.projects if project.profile}
        by_methodology = {key: value for key, value in self.settings.profiles.items() if key != "default"}
        return ProfileChoice(profile, by_project, by_methodology, self.settings.profiles.get("default"))

    def plan(self, *, profile: str | None = None, projects: Collection[str] = (), as_of: date | None = None) -> AuditPlan:
        """Return what an audit would do; see `plan_audit`."""
        engine = self.settings.rules.engine
        return plan_audit(self.snapshot, self.rulebook, self.choice(profile), projects=projects, as_of=as_of, engine=engine)

    def audit(
        self,
        *,
        profile: str | None = None,
        projects: Collection[str] = (),
        as_of: date | None = None,
        evidence_limit: int = 5,
        progress: Callable[[int], None] | None = None,
        until: int | None = None,
    ) -> tuple[AuditResult, AuditPlan]:
        """Audit the snapshot, keep the result in the store, and return it with its plan.

        What people wrote counts up to the position *until* of the ledger's trail (None: everything). The position and its hash are among
        the inputs of the result: it can be repeated, and shows later whether the trail was cut off or written anew.
        """
        plan = self.plan(profile=profile, projects=projects, as_of=as_of)
        mark = self.ledger_mark(until)
        position = mark.position if mark is not None else 0
        before = earlier_verdicts(self.settings.store.path, plan.as_of, plan.chosen)
        result = run_audit(
            self.snapshot,
            plan,
            earlier=before.verdicts,
            answers=self.answers(position),
            waivers=self.waivers(position),
            evidence_limit=evidence_limit,
            inputs={"ledger": str(mark)} if mark is not None else {},
            progress=progress,
            seconds=self.settings.rules.max_seconds,
        )
        write_result(self.settings.store.path, result)
        return result, plan

    def ledger_mark(self, until: int | None = None) -> Mark | None:
        """Return where the ledger's trail stands, or stood at a position; None: nothing was written.

        Raises:
            UsageError: *until* is no position of the trail.
            StoreError: the ledger cannot be read.
        """
        with ledger_of(self.settings) as ledger:
            if ledger is None and until:
                raise UsageError(f"the trail has no position {until}", hint="nothing was written yet")
            mark = ledger.mark(until=until) if ledger is not None else None
        return mark if mark is not None and mark.position else None

    def answers(self, until: int | None = None) -> tuple[Answer, ...]:
        """Return what people answered to rules, in the file and in the ledger up to a position of its trail (None: the newest).

        Raises:
            StoreError: the ledger cannot be read.
            ExceptionGroup: mistakes of `answers.yaml`, or it contradicts the ledger.
        """
        with ledger_of(self.settings) as ledger:
            return joined_answers(self.settings, ledger, rules=self.rulebook.rules, projects=project_traits(self.snapshot), until=until)

    def report(self, result: AuditResult, profiles: Mapping[str, Profile], *, in_words: bool = True) -> AuditReport:
        """Return what the reports of *result* show; see `build_report`. The result must be of this desk's snapshot."""
        return build_report(result, self.snapshot, profiles, in_words=in_words)

    def kept(self, audit: str = "latest", *, in_words: bool = True) -> tuple["Desk", AuditResult, AuditReport]:
        """Return an audit of the store with its report (see `build_report`), at a desk with the snapshot that it was made of.

        Raises:
            StoreError: there is no such audit, or its profiles are no longer those that it was made by.
        """
        result = open_result(self.settings.store.path, audit)
        desk = replace(self, snapshot_id=result.snapshot)
        names = sorted({project.profile for project in result.projects if project.profile})
        profiles = {name: resolve_profile(self.rulebook, name) for name in names}
        gone = sorted({item.rule for item in result.evaluations} - {rule for profile in profiles.values() for rule in profile.rules})
        if gone:
            raise StoreError(
                f"the audit {result.id} was made by other rules ({gone[0]} is no longer there)", hint="run `auditor audit` again"
            )
        return desk, result, desk.report(result, MappingProxyType(profiles), in_words=in_words)

    def rule_profile(self, rule: str, project: str | None = None, profile: str | None = None) -> Profile:
        """Return the profile by which *rule* is asked (of *project*), with this one rule in it.

        Raises:
            UsageError: no such rule, or the project's profile does not ask it.
        """
        if rule not in self.rulebook.rules:
            raise UsageError(f"there is no rule {rule[:60]!r}", hint=did_you_mean(rule, self.rulebook.rules) or "`auditor rules list`")
        if project is not None:
            plan = self.plan(profile=profile, projects=[project])
            found = next(iter(plan.profiles.values()), None)
            if found is None:
                raise UsageError(f"no profile is for the methodology of {project}", hint="give --profile")
        else:
            names = [profile] if profile else [*self.rulebook.profiles, *self.rulebook.packs]
            having = (resolve_profile(self.rulebook, name) for name in names if name in self.rulebook.profiles or self._has_rules(name))
            found = next((item for item in having if rule in item.rules), None)
        if found is None or rule not in found.rules:
            raise UsageError(f"the profile {found.name if found else profile} does not ask {rule}", hint="give another one with --profile")
        return replace(found, rules=MappingProxyType({rule: found.rules[rule]}), settings=MappingProxyType({rule: found.settings[rule]}))

    def _has_rules(self, pack: str) -> bool:
        return pack in self.rulebook.pack_of.values()

    def derivations(self, project: str, about: str, audit: str = "latest") -> list[tuple[str, Derivation]]:
        """Return what was derived for a project about a product, a rule or a conclusion, each with its title, from an audit of the store.

        Args:
            project: its id; '' is the portfolio.
            about: a product, a rule, a conclusion or what one is about (`rfe`); '' is everything.
            audit: its id, or 'latest'.

        Raises:
            StoreError: there is no such audit.
            UsageError: the audit does not have the project.
        """
        result = open_result(self.settings.store.path, audit)
        known = {item.id: item for item in result.projects}
        if project and project not in known:
            raise UsageError(f"the audit {result.id} has no project {project[:60]!r}", hint=did_you_mean(project, known))
        found = [("Tailoring", item) for item in (known[project].derivations if project else ()) if not about or _speaks_of(item, about)]
        for conclusion in result.conclusions:
            if conclusion.project == project:
                title = conclusion_title(conclusion.name, conclusion.about, conclusion.state)
                is_meant = about in ("", conclusion.name, conclusion.about)
                found += [(title, item) for item in conclusion.derivations if is_meant or _speaks_of(item, about)]
        return found

    def telling(self, profile: Profile) -> Telling:
        """Return what persons of the snapshot, and the facts of the rules of *profile*, are called."""
        return telling(self.snapshot, {id_: facts_in_words(rule, profile.rulebook) for id_, rule in profile.rules.items()})

    def try_rule(self, profile: Profile, project: str, *, evidence_limit: int = 20, as_of: date | None = None) -> Evaluation:
        """Return what the one rule of *profile* says of *project*."""
        plan = self.plan(profile=profile.name, projects=[project], as_of=as_of)
        answers = self.answers()
        past = plan.as_of if plan.as_of != self.snapshot.as_of else None
        return next(
            iter(
                run_checks(
                    self.snapshot,
                    profile,
                    profile.rulebook,
                    plan.plans[profile.name],
                    answers,
                    as_of=past,
                    projects=[project],
                    evidence_limit=evidence_limit,
                )
            )
        )
