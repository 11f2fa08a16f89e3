"""What is known of a condition as it is written changes nothing that it says."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from auditor.model.types import Kind
from auditor.rulebook import expression as ir
from auditor.rulebook.expression import Node, Source
from auditor.rulebook.folding import Holding, joined, per_element, same_text

TEXTS = ("a", "b", "c")
ELEMENT = ir.Element("part", Kind.TEXT)


def text(value: str) -> ir.Constant:
    return ir.Constant(value, Kind.TEXT)


def truth(value: bool | None) -> ir.Constant:
    return ir.Constant(value, Kind.BOOLEAN)


def exists(where: Node) -> ir.Exists:
    return ir.Exists(ir.Query(Source("section", "s", 1), where))


LEAVES = st.one_of(
    st.sampled_from([True, False, None]).map(truth),
    st.builds(ir.Compare, st.sampled_from(["=", "<>"]), st.just(ELEMENT), st.sampled_from(TEXTS).map(text)),
    st.builds(ir.InList, st.just(ELEMENT), st.lists(st.sampled_from(TEXTS).map(text), min_size=1, max_size=2).map(tuple)),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda items: ir.And(tuple(items))),
        st.lists(inner, min_size=2, max_size=3).map(lambda items: ir.Or(tuple(items))),
        inner.map(ir.Not),
        inner.map(lambda item: ir.Named("a term", item)),
        inner.map(exists),
    ),
    max_leaves=12,
)


def value(node: Node, element: str) -> bool | None:
    """Return what a condition says where one row is looked at: three values, written down as in a textbook."""
    match node:
        case ir.Constant(value=bool() | None as known):
            return known
        case ir.Compare(operator=operator, left=ir.Element() | ir.Constant() as left, right=ir.Constant(value=right)):
            mine = element if isinstance(left, ir.Element) else left.value
            return (mine == right) == (operator == "=")
        case ir.InList(item=ir.Element(), values=values):
            return any(isinstance(item, ir.Constant) and item.value == element for item in values)
        case ir.Not(item=item):
            inner = value(item, element)
            return None if inner is None else not inner
        case ir.And(items=items):
            found = [value(item, element) for item in items]
            return False if False in found else None if None in found else True
        case ir.Or(items=items):
            found = [value(item, element) for item in items]
            return True if True in found else None if None in found else False
        case ir.Named(item=item):
            return value(item, element)
        case ir.Exists(query=ir.Query(where=where)):
            assert where is not None
            return value(where, element)
        case _:
            raise AssertionError(node)


@given(items=st.lists(CONDITIONS, min_size=1, max_size=4), is_all=st.booleans())
def test_joining_says_the_same(items: list[Node], *, is_all: bool) -> None:
    kind = ir.And if is_all else ir.Or
    for element in TEXTS:
        assert value(joined(kind, items), element) == value(kind(tuple(items)), element)


@given(node=CONDITIONS)
def test_asking_for_each_element_says_the_same(node: Node) -> None:
    asked = per_element(node, TEXTS, Holding(ir.Element), Holding(ir.Query))
    for element in TEXTS:
        assert value(asked, element) == value(node, element)


@given(node=CONDITIONS)
def test_no_sub_query_speaks_of_the_element(node: Node) -> None:
    """What is asked per element is a question about the project: it is asked once, whichever rules ask it."""
    for part in per_element(ir.Named("a term", node), TEXTS, Holding(ir.Element), Holding(ir.Query)).walk():
        if isinstance(part, ir.Query):
            assert not any(isinstance(below, ir.Element) for below in part.walk())


def test_only_what_is_surely_the_same_or_another_text_is_known() -> None:
    """Texts that differ in case or spaces are left to the engine's own comparison."""
    known: Mapping[tuple[str, str], bool | None] = {("a", "a"): True, ("a", "b"): False, ("a", "A"): None, ("a b", "a  b"): None}
    for (left, right), same in known.items():
        assert same_text(text(left), text(right)) is same
    assert same_text(text("a"), ELEMENT) is None
