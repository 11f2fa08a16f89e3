"""What several evaluations mean together: per project after the checks, then once over the portfolio."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditor.checks.evaluation import Evaluation, Reason, Verdict
from auditor.checks.inputs import ProjectPlan
from auditor.model.row import Frozen
from auditor.reasoning.compile import Compiled, compile_productions
from auditor.reasoning.facts import Project, Told
from auditor.reasoning.reasoner import EngineName, Reasoner
from auditor.reasoning.tailor import as_facts, productions_of
from auditor.reasoning.trace import Derivation, Held, holding
from auditor.rulebook.profile import Profile
from auditor.rulebook.rule import Rule


@dataclass(frozen=True, slots=True)
class EarlierVerdict:
    """What audits before said of a rule and a project.

    Attributes:
        verdict: of the last audit that could assess it; where none could, the last verdict.
        times: in how many audits in a row it was that.
    """

    verdict: str
    times: int


class Conclusion(Frozen):
    """What follows from several evaluations: gate readiness, a pattern, a contradiction, a systemic weakness.

    Attributes:
        project: whom it is about; '' is the portfolio.
        name: what kind of conclusion: `gate_readiness`.
        about: what it is about: `rfe`; '' the project as a whole.
        state: what it says: `not_ready`; '' that it is so.
        says: the sentences, one for each way in which it follows, sorted.
        derivations: the productions that held.
    """

    project: str
    name: str
    about: str
    state: str
    says: tuple[str, ...]
    derivations: tuple[Derivation, ...]


@dataclass(frozen=True)
class Concluded:
    """The conclusions of one step.

    Attributes:
        conclusions: by project, name, subject and state.
        notes: what went wrong with an engine and was mended by another one.
    """

    conclusions: tuple[Conclusion, ...]
    notes: tuple[str, ...] = ()


def conclude(
    projects: Mapping[str, Project],
    plans: Mapping[str, ProjectPlan],
    evaluations: Iterable[Evaluation],
    profile: Profile,
    engine: EngineName | None = None,
    *,
    earlier: Mapping[str, Mapping[str, EarlierVerdict]] | None = None,
) -> Concluded:
    """Return what follows for every project of one profile.

    Args:
        projects: project id → what is known of it.
        plans: what tailoring said.
        evaluations: of these projects; others are left out.
        profile: its packs bring the productions; its rules have areas, gates and severities.
        engine: which engine derives; None: the preferred one.
        earlier: project → rule, by any of its ids → what audits before said of it.

    Raises:
        ReasoningError: no engine could answer.
        RuleError: productions wait for each other.
    """
    compiled = compile_productions(productions_of(profile, "conclusions"), "conclusions")
    if not compiled.program.matches:
        return Concluded(())
    told: dict[str, list[Told]] = {
        project: [*known.facts(), *known.disagreements, *_expected(plans.get(project))] for project, known in projects.items()
    }
    for item in evaluations:
        if item.project in told and item.rule in profile.rules:
            severity = plans[item.project].severities.get(item.rule) if item.project in plans else None
            told[item.project].append(evaluation_fact(item, profile.rules[item.rule], severity))
    for project in told:
        told[project] += _earlier((earlier or {}).get(project, {}), profile.rules)
    found: list[Conclusion] = []
    with Reasoner(compiled.program, engine) as reasoner:
        for project, facts in told.items():
            found += _concluded(project, compiled, reasoner, facts)
        return Concluded(tuple(sorted(found, key=conclusion_order)), tuple(reasoner.notes))


def conclude_portfolio(
    evaluations: Iterable[Evaluation],
    conclusions: Sequence[Conclusion],
    profiles: Iterable[Profile],
    projects: int,
    engine: EngineName | None = None,
) -> Concluded:
    """Return what follows over all projects.

    Args:
        evaluations: of every project.
        conclusions: of every project.
        profiles: every profile that was used.
        projects: how many there are.
        engine: which engine derives; None: the preferred one.

    Raises:
        ReasoningError: no engine could answer.
        RuleError: productions wait for each other.
    """
    stated = {item.production.name: item for profile in profiles for item in productions_of(profile, "portfolio")}
    compiled = compile_productions(list(stated.values()), "portfolio")
    if not compiled.program.matches:
        return Concluded(())
    rules = {rule.id: rule for profile in profiles for rule in profile.rules.values()}
    facts = [*_rule_facts(evaluations, rules), *_conclusion_facts(conclusions, projects)]
    with Reasoner(compiled.program, engine) as reasoner:
        return Concluded(tuple(sorted(_concluded("", compiled, reasoner, facts), key=conclusion_order)), tuple(reasoner.notes))


def conclusion_order(item: Conclusion) -> tuple[str, ...]:
    """Return by what conclusions are sorted."""
    return item.project, item.name, item.about, item.state


def _expected(plan: ProjectPlan | None) -> Iterator[Told]:
    for item in plan.expected if plan is not None else ():
        yield Told("expected", {"product": item.kind, "obligation": item.obligation})


def _earlier(said: Mapping[str, EarlierVerdict], rules: Mapping[str, Rule]) -> Iterator[Told]:
    for rule in rules.values():
        verdict = next((said[name] for name in (rule.id, *rule.aliases) if name in said), None)
        if verdict is not None:
            yield Told("earlier", {"rule": rule.id, "verdict": verdict.verdict, "times": verdict.times})


def evaluation_fact(item: Evaluation, rule: Rule, severity: str | None) -> Told:
    """Return a verdict as productions are told of it; *severity* where tailoring changed it."""
    values: dict[str, Any] = {
        "rule": rule.id,
        "title": rule.title,
        "area": rule.area,
        "gate": rule.gate,
        "severity": severity or str(rule.severity),
        "verdict": str(item.verdict),
        "reason": item.reason and str(item.reason),
        "next_verdict": item.next_verdict and str(item.next_verdict),
        "is_attested": item.is_attested,
        "is_contradicted": item.contradictions > 0,
        "failed": item.failed,
    }
    return Told("evaluation", {name: value for name, value in values.items() if value is not None})


def _concluded(project: str, compiled: Compiled, reasoner: Reasoner, facts: Iterable[Told]) -> Iterator[Conclusion]:
    """Yield the conclusions about one project; ways to the same one are put together."""
    ways: dict[tuple[str, str, str], list[tuple[str, Held]]] = {}
    for held in holding(compiled, reasoner.derive(compiled.relevant(as_facts(compiled, facts)))):
        if not held.is_sure:
            continue
        for then in held.production.then:
            if then.conclude is not None:
                key = (then.conclude, str(held.value(then.about) or ""), str(held.value(then.state) or ""))
                ways.setdefault(key, []).append((held.sentence(then.says), held))
    for (name, about, state), own in ways.items():
        derivations: list[Derivation] = []
        for says, held in own:
            derivation = held.derivation([says])
            if derivation not in derivations:
                derivations.append(derivation)
        yield Conclusion(
            project=project,
            name=name,
            about=about,
            state=state,
            says=tuple(sorted({says for says, _ in own})),
            derivations=tuple(derivations),
        )


def _rule_facts(evaluations: Iterable[Evaluation], rules: Mapping[str, Rule]) -> Iterator[Told]:
    counts: dict[str, Counter[Verdict]] = {}
    waiting: Counter[str] = Counter()
    for item in evaluations:
        counts.setdefault(item.rule, Counter())[item.verdict] += 1
        waiting[item.rule] += item.reason is Reason.AWAITING_ANSWER
    for id_, own in sorted(counts.items()):
        conform, nonconform, open_ = own[Verdict.CONFORM], own[Verdict.NONCONFORM], own[Verdict.NOT_ASSESSED]
        values = {
            "rule": id_,
            "title": rules[id_].title,
            "area": rules[id_].area,
            "severity": str(rules[id_].severity),
            "conform": conform,
            "nonconform": nonconform,
            "not_assessed": open_,
            "unseen": open_ - waiting[id_],
        }
        if conform + nonconform:
            values["percent_nonconform"] = 100 * nonconform // (conform + nonconform)
        if conform + nonconform + open_:
            values["percent_unseen"] = 100 * (open_ - waiting[id_]) // (conform + nonconform + open_)
        yield Told("rule", values)


def _conclusion_facts(conclusions: Iterable[Conclusion], projects: int) -> Iterator[Told]:
    counts = Counter((item.name, item.about, item.state) for item in conclusions)
    for (name, about, state), number in sorted(counts.items()):
        values: dict[str, Any] = {"conclusion": name, "projects": number, "percent": 100 * number // max(projects, 1)}
        yield Told("conclusion", values | {key: value for key, value in (("about", about), ("state", state)) if value})
