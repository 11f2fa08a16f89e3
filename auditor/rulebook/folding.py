"""Parts of a condition that are known as soon as it is written: terms are often lists of cases, one of which is meant."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from auditor.model.types import Kind
from auditor.rulebook import expression as ir
from auditor.rulebook.expression import Node


def same_text(left: Node, right: Node) -> bool | None:
    """Return whether two literals are the same text; None where one is no literal, or only the engine's comparison can say."""
    if not (isinstance(left, ir.Constant) and isinstance(right, ir.Constant)):
        return None
    one, other = left.value, right.value
    if not (isinstance(one, str) and isinstance(other, str)):
        return None
    if one == other:
        return True
    return False if one.casefold().split() != other.casefold().split() else None


def joined(kind: type[ir.And | ir.Or], items: Iterable[Node], at: int = 0) -> Node:
    """Return And or Or of *items* without what is known of them already."""
    decisive = kind is ir.Or
    left = []
    for item in items:
        known = _known(item)
        if known is None:
            left.append(item)
        elif known is decisive:
            return ir.Constant(decisive, Kind.BOOLEAN, at=at)
    if not left:
        return ir.Constant(not decisive, Kind.BOOLEAN, at=at)
    return left[0] if len(left) == 1 else kind(tuple(left), at=at)


class Holding:
    """Which parts of conditions hold a node of some kinds, each looked at once."""

    def __init__(self, *kinds: type[Node]) -> None:
        self._kinds = kinds
        self._known: dict[int, tuple[Node, bool]] = {}  # by identity; the node is kept so that no other takes its place

    def of(self, node: Node) -> bool:
        """Return whether *node* is or holds one."""
        found = self._known.get(id(node))
        if found is None:
            holds = isinstance(node, self._kinds) or any(self.of(child) for child in node.children())
            found = self._known[id(node)] = node, holds
        return found[1]


def per_element(node: Node, elements: Iterable[str], speaking: Holding, asking: Holding) -> Node:
    """Return a condition about the elements of a list with its sub-queries asked for each element by itself.

    A sub-query that speaks of the element is asked anew for every project and element; one that names it is asked once per project, and
    shared with the other rules that ask the same.

    Args:
        node: the condition, the values of its parameters put in.
        elements: the texts that the list holds in every project; no two of them alike but for case and spaces.
        speaking: of ir.Element; for many conditions the same.
        asking: of ir.Query.
    """
    listed = list(elements)

    def changed(part: Node) -> Node | None:
        if not speaking.of(part) or not asking.of(part):
            return part
        if part.kind is not Kind.BOOLEAN or not any(isinstance(below, ir.Query) and speaking.of(below) for below in part.walk()):
            return None
        if isinstance(part, ir.Named):
            return replace(part, item=_unrolled(part.item, listed, speaking))
        return _unrolled(part, listed, speaking) if isinstance(part, ir.Exists) else None

    return mapped(node, changed)


def mapped(node: Node, change: Callable[[Node], Node | None]) -> Node:
    """Return *node* with the parts replaced for which *change* gives something else, the upper ones first."""
    changed = change(node)
    if changed is not None:
        return changed
    updates: dict[str, Any] = {}
    for name in ir.names_of(node):
        value = getattr(node, name)
        if isinstance(value, Node):
            new: Any = mapped(value, change)
        elif isinstance(value, tuple) and any(isinstance(part, Node) for part in value):
            new = tuple(mapped(part, change) if isinstance(part, Node) else part for part in value)
        else:
            continue
        if new is not value:
            updates[name] = new
    return replace(node, **updates) if updates else node


def _known(node: Node) -> bool | None:
    while isinstance(node, ir.Named):
        node = node.item
    return node.value if isinstance(node, ir.Constant) and isinstance(node.value, bool) else None


def _unrolled(node: Node, elements: Iterable[str], speaking: Holding) -> Node:
    (element, *_) = (part for part in node.walk() if isinstance(part, ir.Element))
    branches = []
    for text in elements:
        meant = ir.Constant(text, element.kind)
        branches.append(joined(ir.And, (ir.Compare("=", element, meant), _told(node, meant, speaking))))
    return joined(ir.Or, branches)


def _told(node: Node, element: ir.Constant, speaking: Holding) -> Node:
    """Return *node* with the element known, and without what follows from it."""

    def told(part: Node) -> Node:
        return mapped(part, changed)

    def changed(part: Node) -> Node | None:
        if not speaking.of(part):
            return part
        match part:
            case ir.Element():
                return element
            case ir.And(items=items) | ir.Or(items=items):
                return joined(type(part), [told(item) for item in items], part.at)
            case ir.Not(item=item):
                inner = told(item)
                known = _known(inner)
                return replace(part, item=inner) if known is None else ir.Constant(not known, Kind.BOOLEAN, at=part.at)
            case ir.Compare(operator="=" | "<>", left=left, right=right):
                sides = told(left), told(right)
                same = same_text(*sides)
                if same is None:
                    return replace(part, left=sides[0], right=sides[1])
                return ir.Constant(same == (part.operator == "="), Kind.BOOLEAN, at=part.at)
            case ir.InList(item=item, values=values):
                inner, others = told(item), tuple(told(value) for value in values)
                found = [same_text(inner, other) for other in others]
                if None in found:
                    return replace(part, item=inner, values=others)
                return ir.Constant(any(found), Kind.BOOLEAN, at=part.at)
            case _:
                return None

    return told(node)
