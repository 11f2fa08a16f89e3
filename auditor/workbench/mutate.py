"""Mutations of a rule: little mistakes, in its conditions or in what it is given, that at least one of its cases must notice."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from auditor.errors import RuleError
from auditor.model.schema import TABLES
from auditor.rulebook import expression as ir
from auditor.rulebook.condition import Language, parse_sql, rule_conditions, rule_reads
from auditor.rulebook.rule import Case, Decides, Rule

if TYPE_CHECKING:
    from sqlglot import exp

_FLIPPED = {"EQ": "NEQ", "NEQ": "EQ", "LT": "GTE", "LTE": "GT", "GT": "LTE", "GTE": "LT"}
_NAMED = re.compile(r"FILLED\((\w+\.person_id)\) without its last part$")
_EDGE = {"LT": "LTE", "LTE": "LT", "GT": "GTE", "GTE": "GT"}


@dataclass(frozen=True, slots=True)
class Mutation:
    """A rule with one mistake.

    Attributes:
        field: where or require, or cases: what every case gives was changed.
        change: what was changed, in words.
    """

    rule: Rule
    field: str
    change: str

    @property
    def name(self) -> str:
        """What a rule's `equivalent` calls it."""
        return f"{self.field}: {self.change}"

    @property
    def equal_because(self) -> str:
        """Why the change makes no difference that anybody could notice; '' when it makes one."""
        if self.field == "require" and self.rule.decides is Decides.NOTHING:
            return "the condition decides nothing, it only collects what a person looks at"
        dropped = _NAMED.search(self.change)
        if dropped and self.field == "require" and f"SAME_PERSON({dropped[1]}, " in str(self.rule.require):
            return "same_person is false where nobody is named, and unknown where it is unknown who is"
        return next((item.because for item in self.rule.equivalent if item.change == self.name), "")


def mutations(rule: Rule, language: Language) -> Iterator[Mutation]:
    """Yield *rule* with one mistake after the other, in a fixed order; mistakes that are no conditions any more are left out.

    Dropped and swapped conjunctions, negated parts, turned comparisons and bounds, changed literals; then, in all cases at once, each
    column that a condition reads blank and unknown, and each table incomplete.
    """
    yield from _of_conditions(rule, language)
    yield from _of_cases(rule, language)


def _of_conditions(rule: Rule, language: Language) -> Iterator[Mutation]:
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


def _of_cases(rule: Rule, language: Language) -> Iterator[Mutation]:
    conditions = rule_conditions(rule, language)
    read = {pair for name in ("where", "require") if name in conditions for pair in conditions[name].columns}
    for source, column in sorted(read):
        table = TABLES.get(source)
        if table is None or column not in table.by_name or table.by_name[column].bit is None:
            continue
        rows = [row for case in rule.cases for row in case.given.get(source, ())]
        if any(row.get(column) is not None for row in rows):
            yield _in_cases(rule, f"{source}.{column} is unknown", lambda case, s=source, c=column: _unknown(case, s, c))  # type: ignore[misc]
            yield _in_cases(rule, f"{source}.{column} is blank", lambda case, s=source, c=column: _blank(case, s, c))  # type: ignore[misc]
    asked = {part.source.name for condition in conditions.values() for part in condition.node.walk() if isinstance(part, ir.Query)}
    for source in sorted(rule_reads(rule, language)):
        if source == "project" or (source == "person" and source not in {*asked, rule.about}):
            continue  # there is one project; people whom rows name are looked up, whoever else there is
        if any(source in case.given and source not in case.incomplete for case in rule.cases):
            yield _in_cases(rule, f"{source} is incomplete", lambda case, s=source: _incomplete(case, s))  # type: ignore[misc]


def _in_cases(rule: Rule, change: str, made: Callable[[Case], Case]) -> Mutation:
    return Mutation(rule.model_copy(update={"cases": [made(case) for case in rule.cases]}), "cases", change)


def _unknown(case: Case, source: str, column: str) -> Case:
    if source not in case.given:
        return case
    return case.model_copy(update={"unknown": case.unknown | {source: [*case.unknown.get(source, ()), column]}})


def _blank(case: Case, source: str, column: str) -> Case:
    if source not in case.given:
        return case
    rows = [row | {column: None} if row.get(column) is not None else row for row in case.given[source]]
    return case.model_copy(update={"given": case.given | {source: rows}})


def _incomplete(case: Case, source: str) -> Case:
    if source not in case.given or source in case.incomplete:
        return case
    return case.model_copy(update={"incomplete": [*case.incomplete, source]})


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
