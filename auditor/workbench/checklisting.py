"""Checklists of the projects of a configuration: on the newest audit where it still holds, else on a new one."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType

from auditor.audit import AuditPlan, audit_inputs, project_traits
from auditor.checklist.build import MOST_SHOWN, Basis, build_checklist, selected
from auditor.checklist.checklist import Checklist
from auditor.checklist.pointers import read_things
from auditor.checklist.template import Shelf, Template, load_shelf
from auditor.checklist.texts import Texts, load_texts
from auditor.checks.evaluation import Evaluation, Evidence, Reason, Verdict
from auditor.checks.inputs import Answer, ProjectPlan
from auditor.checks.run import run_checks
from auditor.errors import StoreError, UsageError, did_you_mean
from auditor.ledger.joined import ledger_of
from auditor.reports.telling import Telling, telling
from auditor.results.audit_result import AuditResult
from auditor.results.store import audits, open_result
from auditor.rulebook.plain import facts_in_words
from auditor.rulebook.profile import Profile
from auditor.rulebook.rule import Decides, Rule
from auditor.workbench.desk import Desk

Ahead = tuple[Evaluation, tuple[Evidence, ...]]
"""What a rule would say, and the subjects that a yes rests on."""

Looked = tuple[Mapping[str, Mapping[str, Sequence[Evidence]]], Mapping[tuple[str | None, str], Mapping[str, Ahead]]]
"""Project → rule → subjects that meet it; (gate, project) → rule that is not due → what it would say."""


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

    def make(self, kinds: Sequence[str], projects: Iterable[str], language: str = "en") -> list[Checklist]:
        """Return a list of each of *kinds* for each of *projects*, by kind and then by project.

        Raises:
            RuleError: there is no such kind, or nothing in the language.
            UsageError: there is no such project.
        """
        templates, texts = [self.shelf.template(kind) for kind in kinds], self.texts(language)
        result, plan = self.audited
        wanted = list(projects)
        for project in wanted:
            if project not in plan.chosen:
                hint = did_you_mean(project, plan.chosen) or f"there are: {', '.join(list(plan.chosen)[:8])}"
                raise UsageError(f"there is no project {project[:60]!r} in the snapshot", hint=hint)
        traits = project_traits(self.desk.snapshot)
        passing, ahead = self._looked(tuple(kinds), tuple(wanted))
        is_now = plan.as_of == self.desk.snapshot.as_of  # of a past day it is not known where things stood
        things = read_things(self.desk.snapshot, wanted) if is_now else {}
        made = []
        for template in templates:
            for project in wanted:
                name = plan.chosen[project]
                hypothetical = ahead.get((template.gate, project), {}) if template.ahead else {}
                basis = Basis(
                    result=result,
                    project=project,
                    title=str(traits[project].get("name") or project),
                    rulebook=self.desk.rulebook,
                    profile=plan.profiles[name] if name else None,
                    plan=(plan.plans[name].projects.get(project) if name else None) or ProjectPlan(is_known=False),
                    traits=traits[project],
                    answers=self.answers,
                    own_answers=self.own_answers,
                    passing={**passing.get(project, {}), **{rule: shown for rule, (_, shown) in hypothetical.items()}},
                    ahead={rule: evaluation for rule, (evaluation, _) in hypothetical.items()},
                    told=self._told,
                    things=things.get(project, {}),
                )
                made.append(build_checklist(template, basis, texts))
        return made

    def _looked(self, kinds: tuple[str, ...], projects: tuple[str, ...]) -> "Looked":
        """Return what `_passing` and `_ahead` find; looked up once for lists that differ by their language."""
        if (kinds, projects) not in self._kept_looks:
            result, plan = self.audited
            templates = [self.shelf.template(kind) for kind in kinds]
            self._kept_looks[kinds, projects] = (
                self._passing(templates, projects, result, plan),
                self._ahead(templates, projects, result, plan),
            )
        return self._kept_looks[kinds, projects]

    @cached_property
    def _kept_looks(self) -> dict[tuple[tuple[str, ...], tuple[str, ...]], "Looked"]:
        return {}

    @cached_property
    def _told(self) -> Telling:
        """What persons and facts are called."""
        rules = {rule.id: rule for profile in self.audited[1].profiles.values() for rule in profile.rules.values()}
        return telling(self.desk.snapshot, {id_: facts_in_words(rule, self.desk.rulebook) for id_, rule in rules.items()})

    def _passing(
        self, templates: Sequence[Template], projects: Collection[str], result: AuditResult, plan: AuditPlan
    ) -> Mapping[str, Mapping[str, Sequence[Evidence]]]:
        """Return project → rule → the first subjects that meet it, of the rules of the lists that conform: what a yes rests on."""
        found: dict[str, dict[str, tuple[Evidence, ...]]] = {}
        conform = {(item.project, item.rule) for item in result.evaluations if item.verdict is Verdict.CONFORM}
        for name, profile in plan.profiles.items():
            own = [project for project in projects if plan.chosen[project] == name]
            rules = {
                id_: profile.rules[id_]
                for id_ in self._asked(templates, profile)
                if id_ in profile.rules and any((project, id_) in conform for project in own)
            }
            for item in self._run(_showing(profile, rules), own, plan, name):
                subjects = tuple(each for each in item.evidence if each.reason is Reason.AWAITING_ANSWER)
                if (item.project, item.rule) in conform and subjects:
                    found.setdefault(item.project, {})[item.rule] = subjects
        return found

    def _ahead(
        self, templates: Sequence[Template], projects: Collection[str], result: AuditResult, plan: AuditPlan
    ) -> Mapping[tuple[str | None, str], Mapping[str, Ahead]]:
        """Return (gate, project) → rule that is not due yet → what it would say if it were due, and what a yes rests on."""
        found: dict[tuple[str | None, str], dict[str, Ahead]] = {}
        early = {(item.project, item.rule) for item in result.evaluations if item.reason is Reason.NOT_DUE_YET}
        gates = sorted({template.gate for template in templates if template.ahead}, key=str)
        for name, profile in plan.profiles.items():
            own = [project for project in projects if plan.chosen[project] == name]
            wanted = {
                gate: [
                    id_
                    for id_ in self._asked([one for one in templates if one.ahead and one.gate == gate], profile)
                    if id_ in profile.rules
                ]
                for gate in gates
            }
            whole = {id_ for ids in wanted.values() for id_ in ids if any((project, id_) in early for project in own)}
            plain = {id_: _as_if_due(profile.rules[id_], None) for id_ in sorted(whole)}
            at_any = self._as_if(plain, own, profile, plan, name)
            for gate, ids in wanted.items():
                named = {id_: rule for id_ in ids if id_ in plain and (rule := _as_if_due(profile.rules[id_], gate)) != plain[id_]}
                at_gate = at_any | self._as_if(named, own, profile, plan, name)
                for project in own:
                    found[gate, project] = {id_: at_gate[project, id_] for id_ in ids if (project, id_) in early}
        return found

    def _as_if(
        self, rules: Mapping[str, Rule], projects: Sequence[str], profile: Profile, plan: AuditPlan, name: str
    ) -> dict[tuple[str, str], Ahead]:
        """Return (project, rule) → what changed *rules* say, and what a yes of theirs rests on."""
        said = {(item.project, item.rule): item for item in self._run(_with(profile, rules), projects, plan, name)}
        met = {id_: rule for id_, rule in rules.items() if any(said[one, id_].verdict is Verdict.CONFORM for one in projects)}
        shown = {(item.project, item.rule): item.evidence for item in self._run(_showing(profile, met), projects, plan, name)}
        found: dict[tuple[str, str], Ahead] = {}
        for key, item in said.items():
            is_met = item.verdict is Verdict.CONFORM
            found[key] = item, tuple(each for each in shown.get(key, ()) if is_met and each.reason is Reason.AWAITING_ANSWER)
        return found

    def _asked(self, templates: Sequence[Template], profile: Profile) -> list[str]:
        return sorted({id_ for template in templates for ids in selected(template, profile) for id_ in ids})

    def _run(self, profile: Profile, projects: Sequence[str], plan: AuditPlan, name: str) -> Iterator[Evaluation]:
        """Yield what the rules of *profile* say of *projects*; nothing is kept, and nobody's answer counts."""
        if profile.rules and projects:
            yield from run_checks(
                self.desk.snapshot,
                profile,
                profile.rulebook,
                plan.plans[name],
                as_of=plan.as_of if plan.as_of != self.desk.snapshot.as_of else None,
                projects=projects,
                evidence_limit=MOST_SHOWN,
                seconds=self.desk.settings.rules.max_seconds,
            )


def _with(profile: Profile, rules: Mapping[str, Rule]) -> Profile:
    """Return *profile* with these rules only."""
    settings = {id_: own for id_, own in profile.settings.items() if id_ in rules}
    return replace(profile, rules=MappingProxyType(dict(rules)), settings=MappingProxyType(settings))


def _showing(profile: Profile, rules: Mapping[str, Rule]) -> Profile:
    """Return *profile* with these rules only, each so that it shows the subjects that meet it."""
    return _with(profile, {id_: rule.model_copy(update={"decides": Decides.REFUTES}) for id_, rule in rules.items()})


def _as_if_due(rule: Rule, gate: str | None) -> Rule:
    """Return *rule* as it is asked before it is due: the day of *gate*, which nobody decided yet, is today."""
    changed: dict[str, str] = {"due": "true"}
    for field in ("where", "require"):
        text = getattr(rule, field)
        if gate is not None and isinstance(text, str):
            changed[field] = re.sub(rf"\bgate_on\(\s*'{re.escape(gate)}'\s*\)", "today", text)
    return rule.model_copy(update=changed)
