"""Conditions in plain words: what a rule looks at and what it asks, for people who read no SQL."""

import re
from collections.abc import Mapping
from typing import Any

from auditor.rulebook import expression as ir
from auditor.rulebook.condition import Language
from auditor.rulebook.expression import Node
from auditor.rulebook.load import Rulebook
from auditor.rulebook.rule import Each, Rule
from auditor.rulebook.sentence import show_value

_OPERATORS = {"=": "is", "<>": "is not", "<": "is less than", "<=": "is at most", ">": "is more than", ">=": "is at least"}
_WORDS = {
    "exists_product": "there is a {0}",
    "approved_on": "the day on which the {0} was approved",
    "required": "the {0} is mandatory",
    "uses": "the project uses the {0}",
    "phase_reached": "the phase {0} is reached",
    "gate_on": "the day of the gate {0}",
    "happened_by": "{0} is not later than {1}",
    "held_role": "the person of “{0}” held the role {1} on “{2}”",
    "is_group": "{0} is a group, not one person",
    "same_person": "{0} and {1} are the same person",
    "linked": "a {1} {0} it",
    "links_to": "it {0} a {1}",
    "matched": "a {0} says the same",
    "exposure": "the exposure (score, else likelihood × impact)",
    "days": "the days from {0} to {1}",
    "working_days": "the working days from {0} to {1}",
    "matches": "{0} has the form {1}",
    "contains": "{0} contains {1}",
    "names": "{0} names {1}",
    "day": "the day of {0}",
    "length": "the length of {0}",
    "stage_of": "the stage of {0}",
    "previous": "the report before",
}
"""Words of the core vocabulary → how they read, with their arguments."""
_DAY_OPERATORS = {"=": "is", "<>": "is not", "<": "is before", "<=": "is not after", ">": "is after", ">=": "is not before"}


def rule_in_words(rule: Rule, rulebook: Rulebook, params: Mapping[str, Any] | None = None) -> str:
    """Return what *rule* looks at and what it asks, in one or a few sentences.

    Args:
        rule: as the profile has it.
        rulebook: where it stands.
        params: values that hold; left out: those of the rule.
    """
    conditions, language = rulebook.conditions_of(rule), rulebook.language
    values = {name: param.default for name, param in rule.params.items()} | dict(params or {})
    words = _Words(values, language)
    parts = []
    if "applies" in conditions and conditions["applies"].node != ir.TRUE:
        parts.append(f"Concerns projects where {words.of(conditions['applies'].node)}.")
    if rule.about == "project":
        subject = "the project"
    elif isinstance(rule.about, Each):
        subject = f"each {_spaced(rule.about.as_)}"
    else:
        subject = f"each {_noun(rule.about, language)}"
    where = conditions["where"].node
    if where != ir.TRUE:
        subject += f" where {words.of(where)}"
    if "require" in conditions:
        parts.append(f"For {subject}: {words.of(conditions['require'].node)}.")
    else:
        parts.append(f"For {subject}: a person answers.")
    share = rule.allow_share
    if share not in (0, "0"):
        parts.append(f"A share of {show_value(share) if not isinstance(share, str) else share} may fail.")
    return _with_articles(" ".join(parts))


def concerned_in_words(rule: Rule, rulebook: Rulebook) -> str:
    """Return which projects *rule* of *rulebook* concerns: 'the phase is known and …'; '' when every one."""
    if rule.applies == "true":
        return ""
    node = rulebook.conditions_of(rule)["applies"].node
    words = _Words({name: param.default for name, param in rule.params.items()}, rulebook.language)
    return "" if node == ir.TRUE else _with_articles(_CALL.sub("", words.of(node)))


_CALL = re.compile(r" \[[a-z_]+\([^\]]*\)\]")
"""The call itself, which stands behind the sentence of a term of one's own."""


def _with_articles(text: str) -> str:
    """Return *text* with 'an' before a vowel."""
    return re.sub(r"\b([Aa]) (?=[aeio])", r"\1n ", text)


def facts_in_words(rule: Rule, rulebook: Rulebook) -> dict[str, str]:
    """Return how the facts that decide *rule* of *rulebook* read: name of a value of the evidence → words. No mere columns."""
    words = _Words({name: param.default for name, param in rule.params.items()}, rulebook.language, is_brief=True)
    found: dict[str, str] = {}
    for condition in rulebook.conditions_of(rule).values():
        for node in condition.node.walk():
            if not isinstance(node, (ir.Constant, ir.ColumnRef, ir.ParamRef, ir.Element, ir.Today, ir.And, ir.Or, ir.Query)):
                found.setdefault(ir.words(node), _with_articles(words.of(node)))
    return found


def column_in_words(name: str) -> str:
    """Return how the name of a column reads: 'owner', 'decided on', 'escalated'."""
    return _spaced(name.removesuffix("_id").removesuffix("_raw").removeprefix("is_"))


def value_in_words(value: Any) -> str:
    """Return a value as people read it: codes such as `project_owner` without their underscores."""
    if isinstance(value, (list, tuple)):
        return ", ".join(map(value_in_words, value))
    return _spaced(value) if isinstance(value, str) and _CODE.fullmatch(value) else show_value(value)


_CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _noun(name: str, language: Language) -> str:
    view = language.views.get(name)
    return f"{_spaced(name)} ({view.sentence})" if view is not None else _spaced(name)


def _arguments(text: str) -> list[str]:
    """Return the arguments of a call as it is written; commas in brackets and quotes do not divide."""
    parts, depth, quoted = [""], 0, False
    for letter in text:
        quoted ^= letter == "'"
        depth += 0 if quoted else {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0 and not quoted:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


class _Words:
    def __init__(self, params: Mapping[str, Any], language: Language, *, is_brief: bool = False) -> None:
        self._params = params
        self._language = language
        self._is_brief = is_brief  # terms by their sentence alone, long patterns left out
        self._inner = False

    def of(self, node: Node) -> str:
        match node:
            case ir.Constant(value=value):
                return "not known" if value is None else value_in_words(value)
            case ir.ParamRef(name=name):
                value = self._params.get(name)
                shown = "not configured" if value is None else value_in_words(value)
                return f"{shown} ({_spaced(name)})"
            case ir.Today():
                return "the day of the audit"
            case ir.ColumnRef(source=source, name=name):
                column = _spaced(name.removesuffix("_id").removesuffix("_on").removesuffix("_at"))
                if name.endswith(("_on", "_at")):
                    column += " date"
                if source.depth == 0:
                    return f"its {column}" if self._inner else column
                return f"{_spaced(source.name)} {column}" if source.depth < 0 else column
            case ir.Element(name=name):
                return column_in_words(name)
            case ir.Named(text=text, item=item):
                return self._named(text, item)
            case ir.Function(name="matches", arguments=arguments) if self._is_brief:
                return f"{self.of(arguments[0])} is one that the rule looks for"
            case ir.Function(name="lower", arguments=(item,)):
                return self.of(item)
            case ir.Function(name=name, arguments=arguments) if name in _WORDS:
                return _WORDS[name].format(*map(self.of, arguments))
            case ir.Arithmetic(operator=operator, left=left, right=right):
                return f"{self._inside(left)} {'×' if operator == '*' else operator} {self._inside(right)}"
            case ir.Not(item=ir.Filled(item=item)):
                return f"{self.of(item)} is blank"
            case ir.Not(item=ir.Exists(query=query)):
                return f"there is no {self._query(query)}"
            case ir.Not(item=item):
                return f"not ({self.of(item)})"
            case ir.And(items=items):
                return " and ".join(self._inside(item) for item in items)
            case ir.Or(items=items):
                return " or ".join(self._inside(item) for item in items)
            case ir.Compare(operator=operator, left=left, right=right):
                words = _DAY_OPERATORS if "day" in (left.kind, right.kind) else _OPERATORS
                return f"{self.of(left)} {words[operator]} {self.of(right)}"
            case ir.InList(item=item, values=values):
                return f"{self.of(item)} is one of {', '.join(self.of(value) for value in values)}"
            case ir.Like(item=item, pattern=pattern):
                return f"{self.of(item)} is like {self.of(pattern)}"
            case ir.Filled(item=item):
                return f"{self.of(item)} is filled"
            case ir.SamePerson(left=left, right=right):
                return f"{self.of(left)} and {self.of(right)} are the same person"
            case ir.Exists(query=query):
                return f"there is a {self._query(query)}"
            case ir.Count(query=query):
                return f"the number of {self._query(query)}"
            case ir.Aggregate(function=function, query=query):
                name = {"min": "the least", "max": "the greatest", "sum": "the sum of"}[function]
                assert query.select is not None
                return f"{name} {self.of(query.select)} of {self._query(query)}"
            case ir.During(day=day, start=start, end=end):
                return f"{self.of(day)} lies from {self.of(start)} to {self.of(end)}"
            case ir.HappenedBy(event=event, day=day):
                return f"{self.of(event)} is not later than {self.of(day)}"
            case ir.Ratio(dividend=dividend, divisor=divisor):
                return f"{self.of(dividend)} divided by {self.of(divisor)}"
            case _:
                return ir.words(node)

    def _named(self, text: str, item: Node) -> str:
        name, _, rest = text.partition("(")
        event = self._language.events.get(rest.removesuffix(")").strip("'")) if name == "event" else None
        if event is not None:
            return f"the day on which {event.sentence}"
        term = self._language.terms.get(name)
        if term is not None and term.expression is not None:
            return term.sentence if self._is_brief else f"{term.sentence} [{text}]"
        if isinstance(item, ir.Named):
            return self.of(item)
        pattern = _WORDS.get(name)
        if pattern is None:
            return text
        if isinstance(item, (ir.HappenedBy, ir.SamePerson, ir.IsGroup)):
            return pattern.format(*map(self.of, item.children()))
        return pattern.format(*(self._argument(part.strip()) for part in _arguments(rest.removesuffix(")"))))

    def _argument(self, text: str) -> str:
        if text.startswith("$"):
            return value_in_words(self._params.get(text[1:]))
        event = re.fullmatch(r"(event|gate_on|approved_on)\('([a-z0-9_]+)'\)", text)
        if event is not None:
            known = self._language.events.get(event[2]) if event[1] == "event" else None
            return f"the day on which {known.sentence}" if known else _WORDS.get(event[1], "{0}").format(_spaced(event[2]))
        if text.startswith("'"):
            return _spaced(text.strip("'"))
        return _spaced(text.partition("(")[0]) if text.endswith(")") else _spaced(text.rpartition(".")[2])

    def _query(self, query: ir.Query) -> str:
        text = _spaced(query.source.name)
        was, self._inner = self._inner, True
        try:
            return self._rows(text, query)
        finally:
            self._inner = was

    def _rows(self, text: str, query: ir.Query) -> str:
        if query.day is not None:
            text += f" as of {self.of(query.day)}"
        return text if query.where is None or query.where == ir.TRUE else f"{text} where {self.of(query.where)}"

    def _inside(self, node: Node) -> str:
        return f"({self.of(node)})" if isinstance(node, (ir.And, ir.Or)) else self.of(node)
