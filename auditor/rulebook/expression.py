"""What a condition means once its names are resolved: a typed tree without any text of SQL in it.

Nodes compare by what they say, not by where it stands, so that equal parts of different rules are computed once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from auditor.model.types import ColumnType, Kind

Operator = Literal["=", "<>", "<", "<=", ">", ">="]
Direct = Literal["all", "history", "table", "view"]

TEXTS = frozenset({Kind.TEXT, Kind.CODE, Kind.REFERENCE})
NUMBERS = frozenset({Kind.INTEGER, Kind.DECIMAL})


@dataclass(frozen=True, slots=True)
class Source:
    """A table, history or view under the name that a condition gives it; `depth` 0 is the rule's subject, 1 a sub-query's row."""

    name: str
    alias: str
    depth: int


class _Hashed:
    """Counts the hash of a node once: those of deep trees are asked for again and again."""

    __slots__ = ("_hash",)

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        counted = cls.__dict__.get("__hash__")
        if counted is None:
            return  # `dataclass` makes it, and then the class anew

        def kept(self: _Hashed) -> int:
            try:
                return self._hash
            except AttributeError:
                found: int = counted(self)
                object.__setattr__(self, "_hash", found)
                return found

        cls.__hash__ = kept  # type: ignore[method-assign, assignment]

    _hash: int


_NAMES: dict[type, tuple[str, ...]] = {}


def names_of(node: "Node") -> tuple[str, ...]:
    """Return the names of the parts of a node, without where it stands."""
    found = _NAMES.get(type(node))
    if found is None:
        found = _NAMES[type(node)] = tuple(item.name for item in fields(node) if item.name != "at")
    return found


@dataclass(frozen=True, slots=True)
class Node(_Hashed):
    """One part of a condition. `at` is where it stands in the text, in characters."""

    at: int = field(default=0, compare=False, kw_only=True)

    @property
    def kind(self) -> Kind:
        """The kind of its value."""
        return Kind.BOOLEAN

    def children(self) -> Iterator["Node"]:
        """Yield the nodes directly below."""
        for name in names_of(self):
            value = getattr(self, name)
            if isinstance(value, Node):
                yield value
            elif isinstance(value, tuple):
                yield from (part for part in value if isinstance(part, Node))

    def walk(self) -> Iterator["Node"]:
        """Yield this node and everything below, first the upper ones, in reading order."""
        waiting: list[Node] = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(list(node.children())))


class Pool:
    """Nodes of which those that say the same are one: kept, compared and looked at once, however many conditions hold them."""

    def __init__(self) -> None:
        self._of: dict[tuple[object, ...], Node] = {}
        self._given: dict[int, tuple[Node, Node]] = {}  # by identity; the node is kept so that no other takes its place

    def of(self, node: Node) -> Node:
        """Return the node that stands for all that say what *node* says; it may stand elsewhere in its text."""
        found = self._given.get(id(node))
        if found is not None:
            return found[1]
        updates: dict[str, Any] = {}
        key: list[object] = [type(node)]
        for name in names_of(node):
            value = getattr(node, name)
            if isinstance(value, Node):
                new: Any = self.of(value)
                key.append(id(new))
            elif isinstance(value, tuple):
                new = tuple(self.of(part) if isinstance(part, Node) else part for part in value)
                key.append(tuple(id(part) if isinstance(part, Node) else part for part in new))
                new = value if all(one is other for one, other in zip(new, value, strict=True)) else new
            else:
                new = value
                key.append((type(value), str(value)) if isinstance(value, Decimal) else value)  # 1.0 is not written 1.00
            if new is not value:
                updates[name] = new
        one = self._of.setdefault(tuple(key), replace(node, **updates) if updates else node)
        self._given[id(node)] = node, one
        self._given[id(one)] = one, one
        return one


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """A literal, or what a parameter holds; `value` None with `reason` is the unknown itself, as terms need it."""

    value: bool | int | Decimal | str | date | None
    value_kind: Kind
    reason: str = ""
    param: str = field(default="", compare=False)  # the parameter that it stands for; the same value is the same wherever it comes from

    @property
    def kind(self) -> Kind:
        """The kind of its value."""
        return self.value_kind


@dataclass(frozen=True, slots=True)
class ParamRef(Node):
    """`$name`: the value that holds for the project."""

    name: str
    value_kind: Kind
    is_list: bool = False

    @property
    def kind(self) -> Kind:
        """The kind of its value, or of its elements."""
        return self.value_kind


@dataclass(frozen=True, slots=True)
class Today(Node):
    """The day of the audit."""

    @property
    def kind(self) -> Kind:
        """A day."""
        return Kind.DAY


@dataclass(frozen=True, slots=True)
class ColumnRef(Node):
    """A column of a row."""

    source: Source
    name: str
    type: ColumnType
    bit: int | None  # place in `unknown_bits`; None: never unknown

    @property
    def kind(self) -> Kind:
        """The kind of the column."""
        return self.type.kind


@dataclass(frozen=True, slots=True)
class Element(Node):
    """The subject of a rule about a list."""

    name: str
    value_kind: Kind

    @property
    def kind(self) -> Kind:
        """The kind of the list's elements."""
        return self.value_kind


@dataclass(frozen=True, slots=True)
class Not(Node):
    """Negation."""

    item: Node


@dataclass(frozen=True, slots=True)
class And(Node):
    """All of them."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    """At least one of them."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """A comparison; false where a side is known absent."""

    operator: Operator
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class InList(Node):
    """Whether a value is one of those given."""

    item: Node
    values: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Like(Node):
    """Whether a text is like a pattern with % and _."""

    item: Node
    pattern: Node
    is_case_blind: bool


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """Sum, difference or product; a day plus or minus days is a day."""

    operator: Literal["+", "-", "*"]
    left: Node
    right: Node
    value_kind: Kind

    @property
    def kind(self) -> Kind:
        """The kind of the result."""
        return self.value_kind


@dataclass(frozen=True, slots=True)
class Function(Node):
    """A plain function of values: nothing about unknown but that it stays unknown."""

    name: str
    arguments: tuple[Node, ...]
    value_kind: Kind

    @property
    def kind(self) -> Kind:
        """The kind of the result."""
        return self.value_kind


@dataclass(frozen=True, slots=True)
class Query(Node):
    """Rows of a source of the same project; `day` reads them as they stood at the end of that day."""

    source: Source
    where: Node | None
    select: Node | None = None
    day: Node | None = None


@dataclass(frozen=True, slots=True)
class Exists(Node):
    """Whether there is such a row."""

    query: Query


@dataclass(frozen=True, slots=True)
class Count(Node):
    """How many rows there are: an interval while some are undecided or unseen."""

    query: Query

    @property
    def kind(self) -> Kind:
        """A whole number."""
        return Kind.INTEGER


@dataclass(frozen=True, slots=True)
class Aggregate(Node):
    """The least, the greatest, or the sum of `query.select`."""

    function: Literal["min", "max", "sum"]
    query: Query

    @property
    def kind(self) -> Kind:
        """The kind of what is aggregated."""
        assert self.query.select is not None
        return self.query.select.kind


@dataclass(frozen=True, slots=True)
class Dated(Node):
    """A day that is known not to exist only when `unless` is false and `tables` are complete.

    Attributes:
        is_absent_false: a comparison with a day that is known not to exist is false (products, gates), else unknown (events).
    """

    value: Node
    unless: Node | None
    tables: tuple[str, ...]
    is_absent_false: bool

    @property
    def kind(self) -> Kind:
        """A day."""
        return self.value.kind


@dataclass(frozen=True, slots=True)
class Filled(Node):
    """Whether there is a value."""

    item: Node


@dataclass(frozen=True, slots=True)
class SamePerson(Node):
    """Whether two ids are one person."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class IsGroup(Node):
    """Whether an id is a group or a placeholder, no single person."""

    item: Node


@dataclass(frozen=True, slots=True)
class KnownTrue(Node):
    """True where the item is known to be true, else false: for terms that say that they absorb the unknown."""

    item: Node


@dataclass(frozen=True, slots=True)
class IsNull(Node):
    """True where there is no value, blank or unknown: for terms that absorb the unknown."""

    item: Node


@dataclass(frozen=True, slots=True)
class Coalesce(Node):
    """The first value that there is: for terms that absorb the unknown."""

    items: tuple[Node, ...]

    @property
    def kind(self) -> Kind:
        """The kind of its items."""
        kinds = {item.kind for item in self.items}
        return Kind.DECIMAL if kinds == NUMBERS else self.items[0].kind


@dataclass(frozen=True, slots=True)
class IfBlank(Node):
    """The second value where the first is known blank; unknown where the first is unknown."""

    item: Node
    otherwise: Node

    @property
    def kind(self) -> Kind:
        """The kind of the first."""
        return Kind.DECIMAL if {self.item.kind, self.otherwise.kind} == NUMBERS else self.item.kind


@dataclass(frozen=True, slots=True)
class Choice(Node):
    """`case when … then … else … end`: for terms that absorb the unknown."""

    tests: tuple[Node, ...]
    values: tuple[Node, ...]
    otherwise: Node | None

    @property
    def kind(self) -> Kind:
        """The kind of its values."""
        return self.values[0].kind


@dataclass(frozen=True, slots=True)
class During(Node):
    """Whether a day lies between two others, both included; a blank bound is open."""

    day: Node
    start: Node
    end: Node


@dataclass(frozen=True, slots=True)
class Overlaps(Node):
    """Whether two spans of days share a day; a blank bound is open."""

    first_start: Node
    first_end: Node
    second_start: Node
    second_end: Node


@dataclass(frozen=True, slots=True)
class HappenedBy(Node):
    """Whether something happened by the end of a day."""

    event: Node
    day: Node


@dataclass(frozen=True, slots=True)
class Ratio(Node):
    """A quotient, compared by cross-multiplying; unknown when the divisor is 0."""

    dividend: Node
    divisor: Node

    @property
    def kind(self) -> Kind:
        """A number."""
        return Kind.DECIMAL


@dataclass(frozen=True, slots=True)
class LongestGap(Node):
    """The most days between neighbours of a series, both ends counted."""

    query: Query
    start: Node
    end: Node

    @property
    def kind(self) -> Kind:
        """Days."""
        return Kind.INTEGER


@dataclass(frozen=True, slots=True)
class WorkingDays(Node):
    """Working days after `start` up to and including `end`, by the project's calendar."""

    start: Node
    end: Node

    @property
    def kind(self) -> Kind:
        """Days."""
        return Kind.INTEGER


@dataclass(frozen=True, slots=True)
class AddWorkingDays(Node):
    """The day that is so many working days after another."""

    start: Node
    days: Node

    @property
    def kind(self) -> Kind:
        """A day."""
        return Kind.DAY


@dataclass(frozen=True, slots=True)
class Named(Node):
    """What a term of the vocabulary expanded to, with the term's own words for explanations and evidence."""

    text: str
    item: Node

    @property
    def kind(self) -> Kind:
        """The kind of what it expanded to."""
        return self.item.kind


@dataclass(frozen=True, slots=True)
class GroupAggregate(Node):
    """An aggregate over the rows of a group of a view; NULL when one of the values is unknown."""

    function: Literal["count", "count_distinct", "min", "max", "sum"]
    item: Node | None  # None: count(*)
    test: Node | None = None  # `filter (where …)`

    @property
    def kind(self) -> Kind:
        """A number of rows, or the kind of what is aggregated."""
        return Kind.INTEGER if self.item is None or self.function.startswith("count") else self.item.kind


@dataclass(frozen=True, slots=True)
class Ordered(Node):
    """A key by which rows are ordered; what is blank comes last."""

    item: Node
    is_descending: bool


@dataclass(frozen=True, slots=True)
class Window(Node):
    """A value taken from other rows of the same project and partition, in a view."""

    function: str
    arguments: tuple[Node, ...]
    partition: tuple[Node, ...]
    order: tuple[Ordered, ...]
    rows: tuple[str, str] | None = None  # `rows between … and …`

    @property
    def kind(self) -> Kind:
        """A number, or the kind of what is taken."""
        return Kind.INTEGER if self.function in COUNTING or not self.arguments else self.arguments[0].kind


COUNTING = frozenset({"row_number", "rank", "dense_rank", "count", "count_distinct"})


@dataclass(frozen=True, slots=True)
class Joined:
    """A source that a view joins to those before it, within the project."""

    source: Source
    is_left: bool
    on: Node | None


@dataclass(frozen=True, slots=True)
class Selection:
    """What a view says: rows of sources, chosen, grouped, and its columns by name."""

    first: Source
    joins: tuple[Joined, ...]
    where: Node | None
    group: tuple[Node, ...] | None
    columns: tuple[tuple[str, Node], ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        """All sources in their order."""
        return (self.first, *(joined.source for joined in self.joins))

    def nodes(self) -> Iterator[Node]:
        """Yield every condition, key and column."""
        yield from (joined.on for joined in self.joins if joined.on is not None)
        yield from (node for node in (self.where, *(self.group or ())) if node is not None)
        yield from (node for _, node in self.columns)

    def pooled(self, pool: Pool) -> "Selection":
        """Return the same with the nodes of *pool*."""

        def of(node: Node | None) -> Node | None:
            return None if node is None else pool.of(node)

        return Selection(
            self.first,
            tuple(replace(joined, on=of(joined.on)) for joined in self.joins),
            of(self.where),
            None if self.group is None else tuple(map(pool.of, self.group)),
            tuple((name, pool.of(node)) for name, node in self.columns),
        )


TRUE = Constant(value=True, value_kind=Kind.BOOLEAN)


def conjuncts(node: Node | None) -> list[Node]:
    """Return the parts that must all be true."""
    if node is None or node == TRUE:
        return []
    if isinstance(node, And):
        return [part for item in node.items for part in conjuncts(item)]
    return [node]


EDITS, _OF = "history_entry", "table_name"


def edits_of(where: Node | None, source: Source) -> str:
    """Return the name under which it is known whether the rows of *source* that *where* leaves are all there are.

    It is that of the table; of edits whose table a condition names it is 'history_entry.work_item': those of a tracker's work may be known
    though of the registers that documents hold the past is not.
    """
    if source.name != EDITS:
        return source.name
    for part in conjuncts(where):
        if isinstance(part, Compare) and part.operator == "=":
            for column, value in ((part.left, part.right), (part.right, part.left)):
                if isinstance(column, ColumnRef) and (column.source, column.name) == (source, _OF) and isinstance(value, Constant):
                    return f"{EDITS}.{value.value}"
    return source.name


def conjunction(nodes: list[Node]) -> Node:
    """Return one node that is true when all of *nodes* are."""
    return TRUE if not nodes else nodes[0] if len(nodes) == 1 else And(tuple(nodes), at=nodes[0].at)


def words(node: Node) -> str:
    """Return *node* as a person would write it; a parameter stays one, whatever its value is for the project at hand."""
    match node:
        case Constant(param=param) if param:
            return f"${param}"
        case Constant(value=value):
            return "unknown" if value is None else f"'{value}'" if isinstance(value, str) else str(value).lower()
        case ParamRef(name=name):
            return f"${name.rpartition('.')[2]}"
        case Today():
            return "today"
        case ColumnRef(source=source, name=name):
            return f"{source.alias}.{name}"
        case Element(name=name):
            return name
        case Named(text=text):
            return text
        case Not(item=item):
            return f"not {_inside(item)}"
        case And(items=items):
            return " and ".join(map(_inside, items))
        case Or(items=items):
            return " or ".join(map(_inside, items))
        case Compare(operator=operator, left=left, right=right):
            return f"{words(left)} {operator} {words(right)}"
        case InList(item=item, values=values):
            return f"{words(item)} in ({', '.join(dict.fromkeys(map(words, values)))})"
        case Like(item=item, pattern=pattern):
            return f"{words(item)} like {words(pattern)}"
        case Arithmetic(operator=operator, left=left, right=right):
            return f"{_inside(left)} {operator} {_inside(right)}"
        case Function(name=name, arguments=arguments):
            return f"{name}({', '.join(map(words, arguments))})"
        case Query():
            return _query(node, node.select)
        case Exists(query=query):
            return f"exists {_query(query, None)}"
        case Count(query=query):
            return f"count{_query(query, None)}"
        case Aggregate(function=function, query=query):
            return f"{function}{_query(query, query.select)}"
        case _:
            name = "".join("_" + letter.lower() if letter.isupper() else letter for letter in type(node).__name__).lstrip("_")
            return f"{name}({', '.join(map(words, node.children()))})"


def _inside(node: Node) -> str:
    return f"({words(node)})" if isinstance(node, (And, Or, Arithmetic)) else words(node)


def _query(query: Query, select: Node | None) -> str:
    source = query.source
    text = source.name if source.alias == source.name else f"{source.name} {source.alias}"
    if query.day is not None:
        text += f" at {words(query.day)}"
    if query.where is not None:
        text += f" where {words(query.where)}"
    return f"({words(select)} from {text})" if select is not None else f"(from {text})"
