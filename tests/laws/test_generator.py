"""The generator of random conditions says everything that the language can say: a node, word or kind of source without it fails here."""

from collections import Counter
from random import Random
from typing import get_args

import pytest

from auditor.model.schema import TABLES
from auditor.rulebook import expression as ir
from auditor.rulebook.condition import BUILT_IN_WORDS, rule_conditions
from auditor.rulebook.rule import Decides, Each, ParamType
from auditor.rulebook.selection import analyse_view
from tests.laws.generate import PARAMS, language, random_rule

WORDS = language()
RULES = 1_200
NODES = {
    item.__name__ for item in vars(ir).values() if isinstance(item, type) and issubclass(item, ir.Node) and item not in (ir.Node, ir.Query)
}
OPERATORS = {
    *(f"Compare {sign}" for sign in ("=", "<>", "<", "<=", ">", ">=")),
    *(f"Arithmetic {sign}" for sign in ("+", "-", "*")),
    *(f"Aggregate {function}" for function in ("min", "max", "sum")),
    *("Like", "Like blind", "ParamRef", "ParamRef list", "Constant unknown", "InList param"),
}
SOURCES = {
    "table",
    "view",
    "view of views",
    "all_ table",
    "history",
    "as it stood",
    "organisation",
    "expected",
    "no where",
    "names the subject",
}
RULE_FORMS = {
    *(f"decides {item.value}" for item in Decides),
    *("about a table", "about a view", "about all_ table", "about project", "about expected", "about a list", "about a list of numbers"),
    *("about the list of a param", "share", "share of a param", "due a day", "due a condition", "applies"),
}


def _parts(node: ir.Node, subject: str):
    for part in node.walk():
        name = type(part).__name__
        yield name
        match part:
            case ir.Compare(operator=sign) | ir.Arithmetic(operator=sign):
                yield f"{name} {sign}"
            case ir.Aggregate(function=function):
                yield f"{name} {function}"
            case ir.Like(is_case_blind=True):
                yield "Like blind"
            case ir.ParamRef(is_list=True):
                yield "ParamRef list"
            case ir.InList(values=values) if any(isinstance(value, ir.ParamRef) for value in values):
                yield "InList param"
            case ir.Constant(value=None):
                yield "Constant unknown"
            case ir.Function(name=function):
                yield f"word {function}"
            case ir.Query():
                yield from _source(part, subject)
            case _:
                pass


def _source(query: ir.Query, subject: str):
    name = query.source.name
    view = WORDS.views.get(name)
    if view is not None:
        yield "view of views" if any(other in view.select for other in WORDS.views if other != name) else "view"
    elif name in TABLES:
        yield "organisation" if TABLES[name].is_organisational else "expected" if name == "expected" else "table"
    else:
        yield "history" if name.endswith("_history") else "all_ table"
    if query.day is not None:
        yield "as it stood"
    if query.where is None:
        yield "no where"
    elif any(isinstance(part, ir.ColumnRef) and part.source.name == subject and part.source.depth == 0 for part in query.where.walk()):
        yield "names the subject"


def _forms(rule):
    yield f"decides {Decides(rule.decides).value}"
    if isinstance(rule.about, Each):
        values = rule.about.each
        yield (
            "about the list of a param" if isinstance(values, str) else "about a list of numbers" if values == [1, 2, 3] else "about a list"
        )
    elif rule.about in ("project", "expected"):
        yield f"about {rule.about}"
    else:
        yield "about a view" if rule.about in WORDS.views else "about a table" if rule.about in TABLES else "about all_ table"
    yield "share of a param" if isinstance(rule.allow_share, str) else "share" if rule.allow_share else ""
    yield "due a condition" if isinstance(rule.due, str) and rule.due != "true" else "due a day" if rule.due != "true" else ""
    yield "applies" if rule.applies != "true" else ""


@pytest.fixture(scope="module")
def said() -> Counter[str]:
    """How often each thing is said."""
    found: Counter[str] = Counter()
    for number in range(RULES):
        rule = random_rule(Random(number), WORDS, number)
        found.update(_forms(rule))
        subject = rule.about if isinstance(rule.about, str) else ""
        for condition in rule_conditions(rule, WORDS).values():
            found.update(_parts(condition.node, subject))
            found.update(f"word {word}" for word in condition.terms)
            found.update(f"param {PARAMS[name].type}" for name in condition.params)
    for view in WORDS.views.values():
        found.update(part for node in analyse_view(view, WORDS).nodes() for part in _parts(node, ""))
    return found


@pytest.mark.parametrize("wanted", sorted(NODES))
def test_every_node_is_written(said, wanted):
    assert said[wanted] >= 5


@pytest.mark.parametrize("wanted", sorted(OPERATORS | SOURCES | RULE_FORMS))
def test_every_form_is_written(said, wanted):
    assert said[wanted] >= 5


@pytest.mark.parametrize("wanted", sorted(BUILT_IN_WORDS - {"today"}))
def test_every_word_is_written(said, wanted):
    assert said[f"word {wanted}"] >= 5


@pytest.mark.parametrize("wanted", sorted({*get_args(ParamType)} - {"table"}))
def test_every_type_of_parameter_is_written(said, wanted):
    assert said[f"param {wanted}"] >= 5
