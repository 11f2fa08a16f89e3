"""Checklists of the projects of a configuration: on the newest audit where it still holds, else on a new one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType

from auditor.audit import AuditPlan, audit_inputs, project_traits
from auditor.checklist.build import Basis, build_checklist, selected
from auditor.checklist.checklist import Checklist
from auditor.checklist.pointers import read_things
from auditor.checklist.template import Shelf, Template, load_shelf
from auditor.checklist.texts import Texts, load_texts
from auditor.checks.evaluation import Evidence, Reason, Verdict
from auditor.checks.inputs import Answer, ProjectPlan
from auditor.checks.run import run_checks
from auditor.errors import StoreError, UsageError, did_you_mean
from auditor.ledger.joined import ledger_of
from auditor.reports.telling import Telling, telling
from auditor.results.audit_result import AuditResult
from auditor.results.store import audits, open_result
from auditor.rulebook.plain import facts_in_words
from auditor.rulebook.profile import Profile
from auditor.rulebook.rule import Decides
from auditor.workbench.desk import Desk


@dataclass(frozen=True)
class Checklists:
    """The lists that a desk can make. Parts are loaded when they are asked for, once."""

    desk: Desk

    @cached_property
    def shelf(self) -> Shelf:
        """The templates, installed ones and those of `[checklists] folders`."""
        return load_shelf(self.desk.settings.checklists.folders, rulebook=self.desk.rulebook)

    def texts(self, language: str) -> Texts:
        """Return the texts of a language.

        Raises:
            RuleError: nothing is translated into it.
        """
        return load_texts(language, self.shelf, self.desk.settings.rules.folders)

    @cached_property
    def audited(self) -> tuple[AuditResult, AuditPlan]:
        """The newest audit of the store where it still says what one of today would say, else a new one, with its plan."""
        kept = self._kept()
        if kept is not None:
            known = project_traits(self.desk.snapshot)
            if kept.snapshot == self.desk.snapshot.id and {project.id for project in kept.projects} == known.keys():
                plan = self.desk.plan()
                limit = int(kept.inputs.get("evidence_limit", "0"))
                wanted = audit_inputs(self.desk.snapshot, plan, self.answers, limit)
                if all(kept.inputs.get(name) == value for name, value in wanted.items()):
                    return kept, plan
        return self.desk.audit()

    def _kept(self) -> AuditResult | None:
        """Return the newest audit of the store; None when there is none that this version can read, which a new audit mends."""
        store = self.desk.settings.store.path
        if not audits(store):
            return None
        try:
            return open_result(store)
        except StoreError:
            return None

    @cached_property
    def answers(self) -> tuple[Answer, ...]:
        """What people answered to rules."""
        return self.desk.answers()

    @cached_property
    def own_answers(self) -> tuple[Answer, ...]:
        """What people answered to the templates' own questions; `rule` is the question."""
        with ledger_of(self.desk.settings) as ledger:
            return () if ledger is None else tuple(item.answer for item in ledger.answers() if item.kind == "question")

    @property
    def projects(self) -> tuple[str, ...]:
        """The projects of the audit, in the order of their ids."""
        return tuple(project.id for project in self.audited[0].projects)

    def make(self, kind: str, projects: Iterable[str], language: str = "en") -> list[Checklist]:
        """Return a list of *kind* for each of *projects*.

        Raises:
            RuleError: there is no such kind, or nothing in the language.
            UsageError: there is no such project.
        """
        template, texts = self.shelf.template(kind), self.texts(language)
        result, plan = self.audited
        wanted = list(projects)
        for project in wanted:
            if project not in plan.chosen:
                hint = did_you_mean(project, plan.chosen) or f"there are: {', '.join(list(plan.chosen)[:8])}"
                raise UsageError(f"there is no project {project[:60]!r} in the snapshot", hint=hint)
        traits = project_traits(self.desk.snapshot)
        told = self._telling(plan)
        passing = self._passing(template, wanted, result, plan)
        is_now = plan.as_of == self.desk.snapshot.as_of  # of a past day it is not known where things stood
        things = read_things(self.desk.snapshot, wanted) if is_now else {}
        made = []
        for project in wanted:
            name = plan.chosen[project]
            basis = Basis(
                result=result,
                project=project,
                title=str(traits[project].get("name") or project),
                rulebook=self.desk.rulebook,
                profile=plan.profiles[name] if name else None,
                plan=plan.plans[name].projects.get(project, ProjectPlan(is_known=False)) if name else ProjectPlan(is_known=False),
                traits=traits[project],
                answers=self.answers,
                own_answers=self.own_answers,
                passing=passing.get(project, {}),
                told=told,
                things=things.get(project, {}),
            )
            made.append(build_checklist(template, basis, texts))
        return made

    def _telling(self, plan: AuditPlan) -> Telling:
        """Return what persons and facts are called."""
        profiles = plan.profiles
        rules = {rule.id: rule for profile in profiles.values() for rule in profile.rules.values()}
        return telling(self.desk.snapshot, {id_: facts_in_words(rule, self.desk.language) for id_, rule in rules.items()})

    def _passing(
        self, template: Template, projects: Collection[str], result: AuditResult, plan: AuditPlan
    ) -> Mapping[str, Mapping[str, Sequence[Evidence]]]:
        """Return project → rule → the first subjects that meet it, of the rules of the list that conform: what a yes rests on."""
        found: dict[str, dict[str, tuple[Evidence, ...]]] = {}
        conform = {
            (item.project, item.rule)
            for item in result.evaluations
            if item.verdict is Verdict.CONFORM or (template.ahead and item.next_verdict is Verdict.CONFORM)
        }
        for name, profile in plan.profiles.items():
            own = [project for project in projects if plan.chosen[project] == name]
            asked = {id_ for ids in selected(template, profile) for id_ in ids}
            shown = {id_ for id_ in asked if any((project, id_) in conform for project in own)}
            if not own or not shown:
                continue
            past = plan.as_of if plan.as_of != self.desk.snapshot.as_of else None
            seconds = self.desk.settings.rules.max_seconds
            for item in run_checks(
                self.desk.snapshot,
                _showing(profile, shown),
                profile.rulebook,
                plan.plans[name],
                as_of=past,
                projects=own,
                evidence_limit=3,
                seconds=seconds,
            ):
                subjects = tuple(each for each in item.evidence if each.reason is Reason.AWAITING_ANSWER)
                if (item.project, item.rule) in conform and subjects:
                    found.setdefault(item.project, {})[item.rule] = subjects
        return found


def _showing(profile: Profile, rules: Collection[str]) -> Profile:
    """Return *profile* with these rules only, each so that it shows the subjects that meet it."""
    changed = {id_: rule.model_copy(update={"decides": Decides.REFUTES}) for id_, rule in profile.rules.items() if id_ in rules}
    settings = {id_: own for id_, own in profile.settings.items() if id_ in rules}
    return replace(profile, rules=MappingProxyType(changed), settings=MappingProxyType(settings))
