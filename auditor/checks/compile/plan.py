"""Which rules are decided over which rows, with their conditions understood: everything that does not depend on a snapshot."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from auditor.errors import AuditorError, RuleError
from auditor.rulebook import expression as ir
from auditor.rulebook.condition import Condition, Language, rule_conditions
from auditor.rulebook.expression import Node, Selection
from auditor.rulebook.load import Rulebook
from auditor.rulebook.rule import Each, Rule
from auditor.rulebook.selection import analyse_view
from auditor.rulebook.sentence import placeholders

WHOLE = "project"
"""The population that is the project itself."""


@dataclass(frozen=True)
class RulePlan:
    """One rule with its conditions.

    Attributes:
        conditions: by field: applies, due, where, require, allow_share.
        error: why it cannot be decided; '' when it can.
    """

    rule: Rule
    conditions: Mapping[str, Condition] = field(default_factory=dict)
    error: str = ""

    @property
    def about(self) -> str:
        """The table or view of its subjects; '' when they are the elements of a list."""
        return "" if isinstance(self.rule.about, Each) else self.rule.about

    def node(self, name: str) -> Node | None:
        """Return the condition of a field; None where the rule has none."""
        found = self.conditions.get(name)
        return None if found is None or found.node == ir.TRUE else found.node

    @property
    def named(self) -> tuple[str, ...]:
        """What its sentence names, in its order."""
        return tuple(dict.fromkeys(item.name for item in placeholders(self.rule.say)))


@dataclass(frozen=True)
class CheckPlan:
    """Rules ready to be decided, in the order of their ids."""

    rules: Mapping[str, RulePlan]
    language: Language
    selections: Mapping[str, Selection | str] = field(default_factory=dict)  # view → its meaning, or why it has none


def compile_rules(rules: Iterable[Rule], language: Language, rulebook: Rulebook | None = None) -> CheckPlan:
    """Return the plan by which *rules* are decided.

    A rule that cannot be understood is in the plan with its error: it becomes `rule_error`, the others go on.

    Args:
        rules: the rules.
        language: what they may name.
        rulebook: where that language comes from; what it understood already is not read again.
    """
    found: dict[str, RulePlan] = {}
    for rule in sorted(rules, key=lambda one: one.id):
        try:
            conditions = rule_conditions(rule, language) if rulebook is None else rulebook.conditions_of(rule)
            found[rule.id] = RulePlan(rule, conditions)
        except ExceptionGroup as group:
            found[rule.id] = RulePlan(rule, error="; ".join(_message(error) for error in group.exceptions))
    used = {plan.about for plan in found.values()}
    used |= {source for plan in found.values() for condition in plan.conditions.values() for source in condition.sources}
    selections = _selections(used, language, {} if rulebook is None else rulebook.selections)
    return CheckPlan(MappingProxyType(found), language, selections)


def _message(error: Exception) -> str:
    return error.message if isinstance(error, AuditorError) else str(error)


def _selections(used: set[str], language: Language, known: Mapping[str, Selection]) -> dict[str, Selection | str]:
    """Return the views among *used*, and those behind them."""
    found: dict[str, Selection | str] = {}
    waiting = sorted(used)
    while waiting:
        name = waiting.pop()
        view = language.views.get(name)
        if view is None or name in found:
            continue
        try:
            selection = known[name] if name in known else analyse_view(view, language)
        except RuleError as error:
            found[name] = error.message
            continue
        found[name] = selection
        waiting += [source.name for source in selection.sources] + view.known_when
    return found
