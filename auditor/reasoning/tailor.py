"""Tailoring: what each project owes and which rules change for it, from obligations and productions of the packs of its profile."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from auditor.checks.inputs import ExpectedProduct, Plan, ProjectPlan, TailoredParam
from auditor.reasoning.compile import Compiled, compile_productions
from auditor.reasoning.facts import Project, Told
from auditor.reasoning.program import Fact
from auditor.reasoning.reasoner import EngineName, Reasoner
from auditor.reasoning.trace import Derivation, Held, holding
from auditor.rulebook.obligations import Obligation
from auditor.rulebook.production import Stated, Step, chosen_rules
from auditor.rulebook.profile import Profile

_OF_PROJECT = " of the project"


@dataclass(frozen=True)
class Tailored:
    """What tailoring says of all projects of one profile.

    Attributes:
        derivations: project → the productions that held, in their order.
        notes: what went wrong with an engine and was mended by another one.
    """

    plan: Plan
    derivations: Mapping[str, tuple[Derivation, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def productions_of(profile: Profile, step: Step) -> list[Stated]:
    """Return the productions of a profile's packs and of those that they require, the highest pack first: of two that differ it wins."""
    order: dict[str, int] = {}
    waiting = list(reversed(profile.lineage))
    while waiting:
        name = waiting.pop(0)
        if name in profile.rulebook.packs and name not in order:
            order[name] = len(order)
            waiting += profile.rulebook.packs[name].requires
    own = [item for item in profile.rulebook.productions if item.step == step and item.pack in order]
    return sorted(own, key=lambda item: order[item.pack])


def product_kinds(profile: Profile) -> set[str]:
    """Return the products that obligations or productions of a profile name."""
    kinds = {item.kind for pack in profile.lineage for item in profile.rulebook.obligations.get(pack, ())}
    steps: tuple[Step, ...] = ("tailoring", "conclusions")
    for step in steps:
        for stated in productions_of(profile, step):
            for pattern in stated.production.when:
                named = pattern.where.get("product")
                kinds |= {
                    one for one in (named if isinstance(named, list) else [named]) if isinstance(one, str) and not one.startswith("$")
                }
    return kinds


def tailor(projects: Mapping[str, Project], profile: Profile, engine: EngineName | None = None) -> Tailored:
    """Return the plan of every project.

    Args:
        projects: project id → what is known of it.
        profile: its packs bring obligations and productions; a production outranks obligations, and of two that differ that of the pack
            that stands highest, then the first.
        engine: which engine derives; None: the preferred one.

    Raises:
        ReasoningError: no engine could answer.
        RuleError: productions wait for each other.
    """
    obligations = [item for pack in profile.lineage for item in profile.rulebook.obligations.get(pack, ())]
    compiled = compile_productions(productions_of(profile, "tailoring"), "tailoring")
    plans: dict[str, ProjectPlan] = {}
    derivations: dict[str, tuple[Derivation, ...]] = {}
    with Reasoner(compiled.program, engine) as reasoner:
        for project, known in projects.items():
            held = holding(compiled, reasoner.derive(as_facts(compiled, known.facts())))
            plans[project] = _plan(known.traits, obligations, held, profile)
            sure = tuple(item.derivation(_follows(item, profile)) for item in held if item.is_sure)
            if sure:
                derivations[project] = sure
        notes = tuple(reasoner.notes)
    return Tailored(Plan(projects=plans), derivations, notes)


def as_facts(compiled: Compiled, told: Iterable[Told]) -> list[Fact]:
    """Return facts as the program reads them; kinds that it does not know are left out."""
    return [fact for item in told if item.kind in compiled.kinds for fact in compiled.facts(item.kind, item.values, item.unknown)]


def _plan(traits: Mapping[str, Any], obligations: Sequence[Obligation], held: Sequence[Held], profile: Profile) -> ProjectPlan:
    expected: dict[str, ExpectedProduct] = {}
    undecided: dict[str, str] = {}  # kind → what is unknown
    dropped: dict[str, str] = {}
    severities: dict[str, str] = {}
    params: dict[str, dict[str, TailoredParam]] = {}
    doubts: dict[str, str] = {}  # rule → what is unknown
    surely = {(item.production.name, item.facts()) for item in held if item.is_sure}
    for item in held:
        if not item.is_sure and (item.production.name, item.facts()) in surely:
            continue
        unknown = " and ".join(item.unknown()) or "what tailoring asks of the project"
        for then in item.production.then:
            if then.require is not None:
                kind = item.value(then.require)
                if kind is None or kind in expected or kind in undecided:
                    continue
                if not item.is_sure:
                    undecided[kind] = unknown
                    continue
                because = "; ".join(item.facts())
                expected[kind] = ExpectedProduct(
                    kind=kind, obligation=then.obligation or "optional", why=item.production.because, because_of=because
                )
            elif then.drop is not None:
                for id_ in chosen_rules(then.drop, profile.rules):
                    if item.is_sure:
                        dropped.setdefault(id_, item.production.because)
                    else:
                        doubts.setdefault(id_, unknown)
            elif then.set is not None:
                for id_ in chosen_rules(then.set, profile.rules):
                    _set(id_, then, item, unknown, severities, params, doubts)
    for obligation in obligations:
        _oblige(obligation, traits, expected, undecided)
    return ProjectPlan(
        expected=tuple(expected[kind] for kind in sorted(expected)),
        is_known=not undecided,
        unknown_because=_not_known(undecided.values()),
        dropped=dict(sorted(dropped.items())),
        severities=dict(sorted(severities.items())),
        params={id_: dict(sorted(own.items())) for id_, own in sorted(params.items())},
        doubts={id_: doubt for id_, doubt in sorted(doubts.items()) if id_ not in dropped},
    )


def _not_known(unknown: Iterable[str]) -> str:
    names = sorted({name for one in unknown for name in one.split(" and ")})
    if all(name.endswith(_OF_PROJECT) for name in names):
        names = [name.removesuffix(_OF_PROJECT) for name in names]
        end = _OF_PROJECT
    else:
        end = ""
    return f"{', '.join(names)}{end} {'is' if len(names) == 1 else 'are'} not known" if names else ""


def _set(
    id_: str,
    then: Any,
    item: Held,
    unknown: str,
    severities: dict[str, str],
    params: dict[str, dict[str, TailoredParam]],
    doubts: dict[str, str],
) -> None:
    if then.severity is not None:
        if item.is_sure:
            severities.setdefault(id_, str(then.severity))
        return
    if then.param in params.get(id_, {}):
        return
    if item.is_sure:
        origin = f"{item.stated.pack}: {item.production.name}"
        params.setdefault(id_, {})[then.param] = TailoredParam(value=then.value, origin=origin)
    else:
        doubts.setdefault(id_, unknown)


def _oblige(item: Obligation, traits: Mapping[str, Any], expected: dict[str, ExpectedProduct], undecided: dict[str, str]) -> None:
    """Add what an obligation says of its product, unless something before it did: the first statement that holds wins."""
    if item.kind in expected or item.kind in undecided:
        return
    unknown = [name for name in item.when if traits.get(name) is None]
    if any(traits.get(name) is not None and traits[name] not in values for name, values in _conditions(item)):
        return
    if unknown:
        undecided[item.kind] = f"{unknown[0]} of the project"
        return
    because = ", ".join(f"{name} is {traits[name]}" for name in item.when)
    expected[item.kind] = ExpectedProduct(kind=item.kind, obligation=item.obligation, why=item.why, because_of=because)


def _conditions(item: Obligation) -> Iterable[tuple[str, tuple[Any, ...]]]:
    for name, value in item.when.items():
        yield name, tuple(value) if isinstance(value, (list, tuple)) else (value,)


def _follows(item: Held, profile: Profile) -> list[str]:
    """Return the consequences in words."""
    found = []
    for then in item.production.then:
        if then.require is not None:
            found.append(f"{item.value(then.require)} is {(then.obligation or '').replace('_', ' ')}")
        elif then.drop is not None:
            found.append(f"left out: {', '.join(chosen_rules(then.drop, profile.rules))}")
        elif then.set is not None:
            what = f"severity {then.severity}" if then.severity is not None else f"{then.param} = {then.value}"
            found.append(f"{what} for {', '.join(chosen_rules(then.set, profile.rules))}")
        elif then.derive is not None:
            values = ", ".join(f"{name} {item.value(value)}" for name, value in then.values.items())
            found.append(f"{then.derive.replace('_', ' ')}{f': {values}' if values else ''}")
    return found
