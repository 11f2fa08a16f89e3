"""Productions: what follows for a project from what is known of it. Packs state them in `reasoning/*.yaml`.

A production holds for every way in which facts fill its patterns. Facts are read as a set: the order of productions matters only where two
say different things of one product or parameter, then the first one wins.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import Field, StrictInt, model_validator

from auditor.errors import did_you_mean
from auditor.model.row import Frozen
from auditor.model.schema import TABLES
from auditor.model.types import Kind
from auditor.rulebook.obligations import CHARACTERISTICS, Duty
from auditor.rulebook.params import param_value
from auditor.rulebook.rule import Citation, Rule, Severity

Step = Literal["tailoring", "conclusions", "portfolio"]
"""When productions run: before the checks, after them, and once over all projects."""

MOST_PATTERNS = 14
"""How many patterns a production may have: the engine takes 16, two of them are its own."""

MOST_PROPERTIES = 40
_NAME = r"^[a-z][a-z0-9_]*$"

FIELD = re.compile(r"\{(?P<alias>[a-z][a-z0-9_]*)\.(?P<name>[a-z][a-z0-9_]*)\}")
"""What a sentence takes from a fact: `{name.property}`."""


@dataclass(frozen=True, slots=True)
class Property:
    """What a fact says.

    Attributes:
        kind: text, number (whole) or flag (true or false).
        codes: the values that a text may have; (): any.
        is_sure: never unknown; only such properties are joined.
        is_quiet: told only where a production asks for it: projects that differ in nothing else are then one question.
    """

    kind: Literal["text", "number", "flag"]
    codes: tuple[str, ...] = ()
    is_sure: bool = True
    is_quiet: bool = False


def _characteristic(name: str, *, is_quiet: bool = False) -> Property:
    type_ = TABLES["project"].by_name[name].type
    return Property("flag" if type_.kind is Kind.BOOLEAN else "text", tuple(type_.codes or ()), is_sure=False, is_quiet=is_quiet)


_TEXT = Property("text")
_FLAG = Property("flag")
_NUMBER = Property("number")
_MAYBE = Property("flag", is_sure=False)
_DUTY = Property("text", get_args(Duty))
_SEVERITY = Property("text", tuple(str(one) for one in Severity))
_VERDICT = Property("text", ("conform", "nonconform", "not_assessed", "not_applicable"))

_PROJECT = MappingProxyType(
    {
        **{name: _characteristic(name) for name in (*CHARACTERISTICS, "phase")},
        **{name: _characteristic(name, is_quiet=True) for name in ("department", "currency")},
        "budget": Property("number", is_sure=False, is_quiet=True),  # whole units of its currency, parts of one cut off
    }
)
_OWED = MappingProxyType({"product": _TEXT, "obligation": _DUTY})
_GATE = MappingProxyType({"gate": _TEXT, "decision": Property("text", is_sure=False), "is_past": _MAYBE})
_PRODUCT = MappingProxyType({"product": _TEXT, "is_found": _MAYBE, "is_approved": _MAYBE})

FACTS: Mapping[Step, Mapping[str, Mapping[str, Property]]] = MappingProxyType(
    {
        "tailoring": MappingProxyType(
            {
                "project": _PROJECT,
                "product": _PRODUCT,
                "declared": MappingProxyType({"product": _TEXT, "is_used": _FLAG, "has_reason": _FLAG, "is_approved": _MAYBE}),
                "gate": _GATE,
            }
        ),
        "conclusions": MappingProxyType(
            {
                "project": _PROJECT,
                "product": _PRODUCT,
                "gate": _GATE,
                "expected": _OWED,
                "evaluation": MappingProxyType(
                    {
                        "rule": _TEXT,
                        "title": _TEXT,
                        "area": _TEXT,
                        "gate": _TEXT,
                        "severity": _SEVERITY,
                        "verdict": _VERDICT,
                        "reason": _TEXT,
                        "next_verdict": _VERDICT,
                        "is_attested": _FLAG,
                        "is_contradicted": _FLAG,
                        "failed": _NUMBER,
                    }
                ),
                "earlier": MappingProxyType({"rule": _TEXT, "verdict": _VERDICT, "times": _NUMBER}),
                "disagreement": MappingProxyType(
                    {
                        "table": _TEXT,
                        "column": _TEXT,  # of `role`: the role
                        "source": _TEXT,
                        "other_source": _TEXT,
                        "count": _NUMBER,  # of how many things the two say different; the rest is of one of them
                        "title": _TEXT,
                        "said": _TEXT,  # of `status`: 'ended' or 'open'
                        "other_said": _TEXT,
                        "row": _TEXT,
                        "other_row": _TEXT,
                    }
                ),
            }
        ),
        "portfolio": MappingProxyType(
            {
                "rule": MappingProxyType(
                    {
                        "rule": _TEXT,
                        "title": _TEXT,
                        "area": _TEXT,
                        "severity": _SEVERITY,
                        "conform": _NUMBER,
                        "nonconform": _NUMBER,
                        "not_assessed": _NUMBER,
                        "unseen": _NUMBER,  # of those not assessed, where no person's answer is all that is missing
                        "percent_nonconform": _NUMBER,  # of those assessed
                        "percent_unseen": _NUMBER,  # of those that it concerns
                    }
                ),
                "conclusion": MappingProxyType(
                    {"conclusion": _TEXT, "about": _TEXT, "state": _TEXT, "projects": _NUMBER, "percent": _NUMBER}
                ),
            }
        ),
    }
)
"""What productions may read in each step: kind of fact → property. What they derive comes on top."""


class When(Frozen):
    """One pattern: a fact that is there, that is not there, or how many there are.

    Attributes:
        fact: its kind. `no`: no other fact of this kind is like that. `count`: so many of this kind are.
        where: property → test: a value, a list of values, `$name.property` of an earlier pattern, or
            {not: …}, {is: …}, {at_least: n}, {at_most: n}, {present: true or false}. `known: true` beside one of these: while nobody knows
            the value the pattern is not filled, rather than perhaps; {known: false} alone: nobody knows it.
        as_: the name by which later patterns and consequences speak of it.
        at_least, at_most: of `count`; one of them, or both.
        by: property of `count` whose values are counted apart; `$name.key` is the value, `$name.n` the number.
    """

    fact: str | None = None
    no: str | None = None
    count: str | None = None
    where: dict[str, Any] = {}
    as_: Annotated[str | None, Field(alias="as", pattern=_NAME)] = None
    at_least: StrictInt | None = None
    at_most: StrictInt | None = None
    by: str | None = None

    @property
    def kind(self) -> str:
        """The kind of fact."""
        return self.fact or self.no or self.count or ""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(item is not None for item in (self.fact, self.no, self.count)) != 1:
            raise ValueError("say one of: fact, no, count")
        if self.count is None and (self.at_least is not None or self.at_most is not None or self.by is not None):
            raise ValueError("at_least, at_most and by belong to count")
        if self.count is not None and self.at_least is None and self.at_most is None:
            raise ValueError("count needs at_least or at_most")
        if self.no is not None and self.as_ is not None:
            raise ValueError("what is not there has no name")
        if self.by is not None and (self.at_least is None or self.at_most is not None):
            raise ValueError("what is counted apart has at_least alone: a value that no fact has is never counted")
        return self


class Then(Frozen):
    """One consequence: require, drop and set where a project is tailored, conclude after the checks, derive in every step.

    Attributes:
        require: product that is owed, with its `obligation`; `$name.property` takes it from a fact.
        drop: rules (ids or globs) that do not apply.
        set: rules (ids or globs) whose `severity`, or parameter `param`, changes to `value`.
        conclude: name of a conclusion, with what it is `about`, its `state` and a sentence `says`.
        derive: kind of a fact that others may read, with the properties `values`.
    """

    require: str | None = None
    obligation: Duty | None = None
    drop: list[str] | None = None
    set: list[str] | None = None
    severity: Severity | None = None
    param: str | None = None
    value: Any = None
    conclude: Annotated[str | None, Field(pattern=_NAME)] = None
    about: str = ""
    state: str = ""
    says: str = ""
    derive: Annotated[str | None, Field(pattern=_NAME)] = None
    values: dict[str, str | bool | StrictInt] = {}

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = [name for name in ("require", "drop", "set", "conclude", "derive") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("say one of: require, drop, set, conclude, derive")
        own = {
            "require": {"obligation"},
            "drop": set[str](),
            "set": {"severity", "param", "value"},
            "conclude": {"about", "state", "says"},
            "derive": {"values"},
        }
        for name in ("obligation", "severity", "param", "value", "about", "state", "says", "values"):
            if name in self.model_fields_set and name not in own[given[0]]:
                raise ValueError(f"{name} does not belong to {given[0]}")
        if self.require is not None and self.obligation is None:
            raise ValueError("require needs obligation")
        if self.set is not None and (self.severity is None) == (self.param is None):
            raise ValueError("set needs severity, or param and value")
        if self.param is not None and self.value is None:
            raise ValueError("param needs value")
        if self.conclude is not None and not self.says:
            raise ValueError("conclude needs says: the sentence that people read")
        return self

    @property
    def word(self) -> str:
        """Which of the five it is."""
        return next(name for name in ("require", "drop", "set", "conclude", "derive") if getattr(self, name) is not None)


class Production(Frozen):
    """When all patterns are filled, everything in `then` follows."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=80)]
    when: Annotated[list[When], Field(min_length=1)]
    then: Annotated[list[Then], Field(min_length=1)]
    because: str
    cites: list[Citation] = []


class ReasoningFile(Frozen):
    """`reasoning/*.yaml`: productions of one step."""

    step: Step
    productions: list[Production]


@dataclass(frozen=True, slots=True)
class Stated:
    """A production with the pack that states it."""

    pack: str
    step: Step
    production: Production


Mistake = tuple[tuple[str | int, ...], str, str]
"""Path inside a production, what is wrong, and a hint."""

_ALLOWED: Mapping[Step, frozenset[str]] = MappingProxyType(
    {
        "tailoring": frozenset({"require", "drop", "set", "derive"}),
        "conclusions": frozenset({"conclude", "derive"}),
        "portfolio": frozenset({"conclude", "derive"}),
    }
)
_COUNTED = MappingProxyType({"key": _TEXT, "n": _NUMBER})


def derived_kinds(productions: Collection[Production], step: Step) -> dict[str, dict[str, Property]]:
    """Return what productions of a step derive: kind of fact → its properties, each of the type that is stated first."""
    found: dict[str, dict[str, Property]] = {}
    changed = True
    while changed:  # what is taken from a derived fact has the type that it has there
        changed = False
        for production in productions:
            names = named(production, {**FACTS[step], **found})
            for then in production.then:
                if then.derive is None:
                    continue
                own = found.setdefault(then.derive, {})
                for name, value in then.values.items():
                    property_ = _referred(value, names) if is_reference(value) else Property(_kind(value))
                    if name not in own and property_ is not None:
                        own[name] = Property(property_.kind)
                        changed = True
    return found


def named(production: Production, kinds: Mapping[str, Mapping[str, Property]]) -> dict[str, Mapping[str, Property]]:
    """Return the patterns that have a name: name → properties."""
    return {item.as_: _COUNTED if item.count is not None else kinds.get(item.kind, {}) for item in production.when if item.as_ is not None}


def mistakes(
    production: Production, step: Step, derived: Mapping[str, Mapping[str, Property]], rules: Mapping[str, Rule]
) -> Iterator[Mistake]:
    """Yield what is wrong with a production.

    Args:
        production: what is looked at.
        step: when it runs.
        derived: what productions of this step derive.
        rules: every rule, by id.
    """
    kinds = {**FACTS[step], **derived}
    names: dict[str, Mapping[str, Property]] = {}
    if production.when[0].fact is None:
        yield ("when", 0), "the first pattern is a fact that is there", "put `no` and `count` behind it"
    patterns = len(production.when) + sum(item.at_least is not None and item.at_most is not None for item in production.when)
    if patterns > MOST_PATTERNS:
        yield ("when",), f"{patterns} patterns are too many", f"at most {MOST_PATTERNS}; derive facts in between"
    for number, item in enumerate(production.when):
        path: tuple[str | int, ...] = ("when", number)
        properties = kinds.get(item.kind)
        if properties is None:
            word = "fact" if item.fact else "no" if item.no else "count"
            yield (
                (*path, word),
                f"there are no facts of the kind {item.kind!r} here",
                did_you_mean(item.kind, kinds) or ", ".join(sorted(kinds)),
            )
            continue
        for name, test in item.where.items():
            here = (*path, "where", name)
            if name not in properties:
                yield here, f"{item.kind} has no property {name!r}", did_you_mean(name, properties) or ", ".join(properties)
                continue
            yield from ((here, *wrong) for wrong in _test_mistakes(test, properties[name], names, is_counted=item.count is not None))
        if item.by is not None and (item.by not in properties or properties[item.by].kind != "text" or not properties[item.by].is_sure):
            yield (*path, "by"), f"{item.kind} cannot be counted by {item.by!r}", "by a text that is always known"
        if item.as_ is not None:
            if item.as_ in names:
                yield (*path, "as"), f"the name {item.as_!r} is taken", "give each pattern its own"
            names[item.as_] = _COUNTED if item.count is not None else properties
    for number, then in enumerate(production.then):
        for where, wrong, hint in _then_mistakes(then, step, kinds, names, rules):
            yield ("then", number, *where), wrong, hint


def _test_mistakes(
    test: Any, property_: Property, names: Mapping[str, Mapping[str, Property]], *, is_counted: bool
) -> Iterator[tuple[str, str]]:
    if isinstance(test, dict):
        strange = set(test) - {"not", "is", "at_least", "at_most", "present", "known"}
        if strange or not test:
            yield f"{', '.join(map(repr, sorted(strange))) or 'nothing'} is no test", "not, is, at_least, at_most, present, known"
            return
        if "known" in test:
            yield from _known_mistakes(test, property_)
        for word in ("at_least", "at_most"):
            if word in test and (property_.kind != "number" or isinstance(test[word], bool) or not isinstance(test[word], int)):
                yield f"{word} compares a whole number", "texts and flags are equal or not"
        if "present" in test and not isinstance(test["present"], bool):
            yield "present is true or false", ""
        for word in ("not", "is"):
            if word in test:
                yield from _value_mistakes(test[word], property_, names, is_counted=is_counted)
        return
    yield from _value_mistakes(test, property_, names, is_counted=is_counted)


def _known_mistakes(test: Mapping[str, Any], property_: Property) -> Iterator[tuple[str, str]]:
    if not isinstance(test["known"], bool):
        yield "known is true or false", ""
    elif property_.is_sure:
        yield "this is always known", "leave `known` out"
    elif test["known"] is False and len(test) > 1:
        yield "what nobody knows is not compared", "`known: false` stands alone"


def _value_mistakes(
    value: Any, property_: Property, names: Mapping[str, Mapping[str, Property]], *, is_counted: bool
) -> Iterator[tuple[str, str]]:
    if is_reference(value):
        alias, _, name = value[1:].partition(".")
        if is_counted:
            yield "what is counted does not depend on another fact", "count by a property and join `key`"
        elif alias not in names:
            yield f"no earlier pattern is called {alias!r}", did_you_mean(alias, names) or "name it with `as`"
        elif name not in names[alias]:
            yield f"{alias} has no property {name!r}", did_you_mean(name, names[alias]) or ", ".join(names[alias])
        elif not (names[alias][name].is_sure and property_.is_sure):
            yield "what may be unknown is not joined", "compare it with values"
        elif names[alias][name].kind != property_.kind:
            yield f"a {property_.kind} is not compared with a {names[alias][name].kind}", ""
        return
    values = value if isinstance(value, list) else [value]
    if not values:
        yield "an empty list is no test", ""
    for one in values:
        right = {"text": isinstance(one, str), "flag": isinstance(one, bool), "number": isinstance(one, int) and not isinstance(one, bool)}
        if not right[property_.kind]:
            yield f"{one!r} is no {property_.kind}", ""
        elif property_.codes and one not in property_.codes:
            yield f"{one!r} is no value of it", did_you_mean(str(one), property_.codes) or ", ".join(property_.codes)


def is_reference(value: Any) -> bool:
    """Return whether a value is taken from a fact: `$name.property`."""
    return isinstance(value, str) and value.startswith("$")


def chosen_rules(globs: Collection[str], rules: Collection[str]) -> list[str]:
    """Return the ids that *globs* name."""
    return sorted(id_ for id_ in rules if any(fnmatchcase(id_, glob) for glob in globs))


def _then_mistakes(
    then: Then,
    step: Step,
    kinds: Mapping[str, Mapping[str, Property]],
    names: Mapping[str, Mapping[str, Property]],
    rules: Mapping[str, Rule],
) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    if then.word not in _ALLOWED[step]:
        yield (then.word,), f"{then.word} does not belong to {step}", ", ".join(sorted(_ALLOWED[step]))
    for glob in then.drop or then.set or ():
        if not chosen_rules([glob], rules):
            yield (then.word,), f"{glob!r} names no rule", did_you_mean(glob, rules) or ""
    if then.param is not None:
        for id_ in chosen_rules(then.set or (), rules):
            param = rules[id_].params.get(then.param)
            if param is None:
                yield ("param",), f"{id_} has no parameter {then.param!r}", did_you_mean(then.param, rules[id_].params) or ""
                continue
            try:
                param_value(param, then.value)
            except ValueError as error:
                yield ("value",), f"{then.value!r} is no value of {then.param} of {id_}: {error}", ""
    if then.derive is not None:
        if then.derive in FACTS[step]:
            yield ("derive",), f"{then.derive!r} is told by the audit itself", "derive a kind of your own"
        if len(then.values) > MOST_PROPERTIES:
            yield ("values",), "too many properties", f"at most {MOST_PROPERTIES}"
        for name, value in then.values.items():
            known = kinds.get(then.derive, {}).get(name)
            referred = _referred(value, names)
            if is_reference(value) and referred is None:
                yield ("values", name), f"{value!r} is nothing that a pattern names", "write `$name.property`"
            elif known is not None and known.kind != (referred.kind if referred else _kind(value)):
                yield ("values", name), f"{name} is a {known.kind} elsewhere", "a property has one type"
    for found in FIELD.finditer(then.says):
        if found["name"] not in names.get(found["alias"], {}):
            yield ("says",), f"{found[0]!r} is nothing that a pattern names", "write `{name.property}`"
    for word in ("require", "about", "state"):
        value = getattr(then, word)
        if is_reference(value) and _referred(value, names) is None:
            yield (word,), f"{value!r} is nothing that a pattern names", "write `$name.property`"


def _referred(value: Any, names: Mapping[str, Mapping[str, Property]]) -> Property | None:
    if not is_reference(value):
        return None
    alias, _, name = value[1:].partition(".")
    return names.get(alias, {}).get(name)


def _kind(value: Any) -> Literal["text", "number", "flag"]:
    return "flag" if isinstance(value, bool) else "number" if isinstance(value, int) else "text"
