"""What each project owes: obligations of the packs applied to the project's characteristics. A plain function until reasoning exists."""

from collections.abc import Iterable, Mapping
from typing import Any

from auditor.checks.inputs import ExpectedProduct, Plan, ProjectPlan
from auditor.rulebook.obligations import Obligation
from auditor.rulebook.profile import Profile


def tailor(projects: Mapping[str, Mapping[str, Any]], profile: Profile) -> Plan:
    """Return the plan of every project.

    Args:
        projects: project id → its characteristics (columns of `project`); a characteristic that is missing or None is unknown.
        profile: its packs bring the obligations; of several packs each states its own products.
    """
    obligations = [item for pack in profile.lineage for item in profile.rulebook.obligations.get(pack, ())]
    return Plan(projects={project: _plan(traits, obligations) for project, traits in projects.items()})


def _plan(traits: Mapping[str, Any], obligations: Iterable[Obligation]) -> ProjectPlan:
    expected: dict[str, ExpectedProduct] = {}
    undecided: dict[str, str] = {}  # kind → characteristic that is unknown
    for item in obligations:
        if item.kind in expected or item.kind in undecided:
            continue  # the first statement that holds wins
        unknown = [name for name in item.when if traits.get(name) is None]
        known_false = any(traits.get(name) is not None and traits[name] not in values for name, values in _conditions(item))
        if known_false:
            continue
        if unknown:
            undecided[item.kind] = unknown[0]
            continue
        because = ", ".join(f"{name} is {traits[name]}" for name in item.when)
        expected[item.kind] = ExpectedProduct(kind=item.kind, obligation=item.obligation, why=item.why, because_of=because)
    names = sorted(set(undecided.values()))
    return ProjectPlan(
        expected=tuple(expected[kind] for kind in sorted(expected)),
        is_known=not undecided,
        unknown_because=f"{', '.join(names)} of the project {'is' if len(names) == 1 else 'are'} not known" if names else "",
    )


def _conditions(item: Obligation) -> Iterable[tuple[str, tuple[Any, ...]]]:
    for name, value in item.when.items():
        yield name, tuple(value) if isinstance(value, (list, tuple)) else (value,)
