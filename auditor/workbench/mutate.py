"""Mutations of a rule's conditions: little mistakes that at least one of its cases must notice."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from auditor.errors import RuleError
from auditor.rulebook.condition import Language, parse_sql, rule_conditions
from auditor.rulebook.rule import Rule

if TYPE_CHECKING:
    from sqlglot import exp

_FLIPPED = {"EQ": "NEQ", "NEQ": "EQ", "LT": "GTE", "LTE": "GT", "GT": "LTE", "GTE": "LT"}
_EDGE = {"LT": "LTE", "LTE": "LT", "GT": "GTE", "GTE": "GT"}


@dataclass(frozen=True, slots=True)
class Mutation:
    """A rule with one mistake.

    Attributes:
        field: where or require.
        change: what was changed, in words.
    """

    rule: Rule
    field: str
    change: str


def mutations(rule: Rule, language: Language) -> Iterator[Mutation]:
    """Yield *rule* with one mistake after the other, in a fixed order; mistakes that are no conditions any more are left out.

    Dropped and swapped conjunctions, negated parts, turned comparisons and bounds, changed literals.
    """
    seen = {rule.where, rule.require}
    for name in ("where", "require"):
        text = getattr(rule, name)
        if text is None or text == "true" or " at " in text:  # the past is no SQL that could be written back
            continue
        for change, written in _changes(text):
            if written in seen:
                continue
            seen.add(written)
            changed = rule.model_copy(update={name: written})
            try:
                rule_conditions(changed, language)
            except ExceptionGroup:
                continue
            yield Mutation(changed, name, change)


def _changes(text: str) -> Iterator[tuple[str, str]]:
    from sqlglot import exp  # noqa: PLC0415  (half a second that only mutations pay)

    try:
        tree, _ = parse_sql(text)
    except RuleError:
        return
    count = len(list(tree.walk()))
    for number in range(count):
        for kind in range(3):
            copy = tree.copy()
            root = exp.Paren(this=copy)
            node = cast("exp.Expression", list(root.walk())[number + 1])
            before = _written(node)
            found = _changed(node, kind)
            if found is None:
                continue
            what, new = found
            node.replace(new)
            yield f"{before} {what}", _written(root.this)


def _written(node: "exp.Expression") -> str:
    return node.sql(dialect="duckdb")


def _changed(node: "exp.Expression", kind: int) -> "tuple[str, exp.Expression] | None":
    """Return what the *kind*-th change makes of a part, and what it is called."""
    from sqlglot import exp  # noqa: PLC0415  (as above)

    name = type(node).__name__
    match node, kind:
        case (exp.And() | exp.Or(), 0):
            other = exp.Or if isinstance(node, exp.And) else exp.And
            return f"with {other.__name__.lower()}", exp.Paren(this=other(this=node.this.copy(), expression=node.expression.copy()))
        case (exp.And() | exp.Or(), 1):
            return "without its first part", node.expression.copy()
        case (exp.And() | exp.Or(), 2):
            return "without its last part", node.this.copy()
        case (exp.Not(), 0):
            return "without its not", node.this.copy()
        case (exp.Binary(), 0) if name in _FLIPPED:
            return "turned", getattr(exp, _FLIPPED[name])(this=node.this.copy(), expression=node.expression.copy())
        case (exp.Binary(), 1) if name in _EDGE:
            return "with the other edge", getattr(exp, _EDGE[name])(this=node.this.copy(), expression=node.expression.copy())
        case (exp.Anonymous() | exp.Exists() | exp.In() | exp.Like(), 0) if not isinstance(node.parent, exp.Not) and _is_condition(node):
            return "negated", exp.Not(this=exp.Paren(this=node.copy()))
        case (exp.Literal(), 0) if not node.is_string and isinstance(node.parent, exp.Binary):
            return "one more", exp.Literal.number(int(node.this) + 1) if node.this.isdigit() else None  # type: ignore[return-value]
        case _:
            return None


def _is_condition(node: "exp.Expression") -> bool:
    """Say whether a part stands where a condition does, not as a value of a comparison or of a function."""
    from sqlglot import exp  # noqa: PLC0415  (as above)

    return isinstance(node.parent, (exp.And, exp.Or, exp.Paren, exp.Where))
