"""Conditions: from a text in a rule to a typed tree, or to an error that says where and what to write instead.

The text is SQL as DuckDB writes it, parsed by sqlglot; what comes out knows nothing of SQL. Everything that is not named here is refused:
nodes, functions, tables, columns, parameters.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache, cached_property, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from auditor.errors import Location, RuleError, did_you_mean
from auditor.model.schema import COMMON, TABLES
from auditor.model.types import ColumnType, Kind
from auditor.rulebook import expression as ir
from auditor.rulebook.expression import Node, Source
from auditor.rulebook.folding import joined, same_text
from auditor.rulebook.names import Event, Term, View
from auditor.rulebook.rule import Each, Param, Rule

if TYPE_CHECKING:
    from sqlglot import exp

LONGEST = 4_000
MOST_NODES = 400
DEEPEST = 60
MOST_WRITTEN_OUT = 6_000
"""Parts of a condition once its terms are written out: terms that name others twice, and these others, would grow without end."""

HISTORY = "_history"
EVERY = "all_"
PHASES = ("initiating", "planning", "executing", "closing", "closed")
PROJECT = Source("project", "project", -1)
"""The row of the project, which every condition may name."""

VIEW_TYPES: Mapping[str, ColumnType] = MappingProxyType(
    {
        "boolean": ColumnType(Kind.BOOLEAN, "BOOLEAN", "unknown"),
        "integer": ColumnType(Kind.INTEGER, "BIGINT", "unknown"),
        "decimal": ColumnType(Kind.DECIMAL, "DECIMAL(28,6)", "unknown"),
        "text": ColumnType(Kind.TEXT, "VARCHAR", "absent"),
        "any": ColumnType(Kind.TEXT, "VARCHAR", "absent"),
        "code": ColumnType(Kind.CODE, "VARCHAR", "unknown"),
        "reference": ColumnType(Kind.REFERENCE, "VARCHAR", "absent"),
        "person": ColumnType(Kind.PERSON, "VARCHAR", "absent", personal=True),
        "day": ColumnType(Kind.DAY, "DATE", "absent"),
        "instant": ColumnType(Kind.INSTANT, "TIMESTAMP", "absent"),
    }
)
"""How a column of a view is stored and compared, by the type that its declaration names."""

PARAM_KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "integer": Kind.INTEGER,
        "days": Kind.INTEGER,
        "working_days": Kind.INTEGER,
        "number": Kind.DECIMAL,
        "share": Kind.DECIMAL,
        "money": Kind.DECIMAL,
        "text": Kind.TEXT,
        "pattern": Kind.TEXT,
        "boolean": Kind.BOOLEAN,
        "date": Kind.DAY,
    }
)

_INTERVAL = ColumnType(Kind.INSTANT, "TIMESTAMP", "absent", unit="UTC")
_NEVER = ("project_id",)  # every sub-query is bound to the project anyway
_AT = re.compile(r"at", re.IGNORECASE)


class Described(NamedTuple):
    """A column that a condition may name."""

    type: ColumnType
    bit: int | None


@dataclass(frozen=True)
class Language:
    """What conditions may name: the words of the packs, and the tables of the model.

    Attributes:
        extra: further sources with their columns, for cases of terms.
    """

    terms: Mapping[str, Term] = field(default_factory=dict)
    views: Mapping[str, View] = field(default_factory=dict)
    events: Mapping[str, Event] = field(default_factory=dict)
    extra: Mapping[str, Mapping[str, Described]] = field(default_factory=dict)

    @cached_property
    def sources(self) -> Collection[str]:
        """Every table, history, 'all of' and view."""
        return [*TABLES, *self.views, *self.extra]

    def columns(self, source: str) -> Mapping[str, Described] | None:
        """Return the columns of a source by name; None when there is no such source."""
        if source in self.extra:
            return self.extra[source]
        view = self.views.get(source)
        return view_columns(view) if view is not None else _table_columns(source)

    def origin(self, source: str) -> str:
        """Return the table whose ids the rows of *source* bear: the first table that a view selects from."""
        view = self.views.get(source)
        seen = set()
        while view is not None and view.name not in seen:
            seen.add(view.name)
            first = re.search(r"\bfrom\s+([A-Za-z_][A-Za-z0-9_]*)", view.select, re.IGNORECASE)
            source = first[1].lower() if first else source
            view = self.views.get(source)
        return source.removeprefix(EVERY).removesuffix(HISTORY) if source not in TABLES else source


@cache
def _table_columns(source: str) -> Mapping[str, Described] | None:
    name, interval = source, False
    if source not in TABLES:
        if source.endswith(HISTORY) and (table := TABLES.get(source.removesuffix(HISTORY))) and table.has_history:
            name, interval = table.name, True
        else:
            name = source.removeprefix(EVERY)
    found = TABLES.get(name)
    if found is None:
        return None
    columns = {column.name: Described(column.type, column.bit) for column in found.columns if column.name != "unknown_bits"}
    # A source that does not fill a column has no words for it either: where both are missing, both are unknown.
    columns |= {raw: Described(columns[raw].type, column.bit) for column in found.own if (raw := f"{column.name}_raw") in columns}
    if interval:
        columns |= {"valid_from": Described(_INTERVAL, None), "valid_to": Described(_INTERVAL, None)}
    return MappingProxyType(columns)


def view_columns(view: View) -> Mapping[str, Described]:
    """Return the columns of a view: the common ones, and its own with their places in `unknown_bits`."""
    risk = TABLES["risk"].by_name
    columns = {name: Described(risk[name].type, None) for name in COMMON}
    own = [name for name in view.columns if name not in COMMON]
    columns |= {name: Described(VIEW_TYPES[view.columns[name]], bit) for bit, name in enumerate(own)}
    return columns


def has_history(source: str) -> bool:
    """Return whether *source* can be read as it stood on a day."""
    return source in TABLES and TABLES[source].has_history


@dataclass(frozen=True)
class Context:
    """Where a condition stands.

    Attributes:
        subject: the table or view whose rows it is about; None: the project.
        element: name of the list's element, when the rule is about a list.
    """

    language: Language
    subject: str | None = None
    element: str | None = None
    element_kind: Kind = Kind.TEXT
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True)
class Condition:
    """A condition that was understood.

    Attributes:
        tables: tables of the model that it reads, through views and terms too.
        sources: what it reads by name: tables, histories, views.
        columns: (source, column) pairs.
    """

    text: str
    node: Node
    tables: frozenset[str]
    sources: frozenset[str]
    columns: frozenset[tuple[str, str]]
    params: frozenset[str]
    terms: frozenset[str]

    @property
    def kind(self) -> Kind:
        """The kind of its value."""
        return self.node.kind


Locate = Callable[[int], Location | None]


def analyse(text: str, context: Context, *, wants: Collection[Kind] = (Kind.BOOLEAN,), at: Locate | None = None) -> Condition:
    """Return the meaning of *text*.

    Args:
        text: the condition or expression.
        context: what it may name.
        wants: kinds that its value may have.
        at: tells the place of a character of *text* in its file.

    Raises:
        RuleError: it is not well formed, names what does not exist, compares what cannot be compared, or asks for what is refused.
    """
    locate = at or (lambda _offset: None)
    try:
        reader = Reader(context)
        node = reader.read(text, wants)
    except Wrong as wrong:
        raise RuleError(wrong.message, at=locate(wrong.offset), hint=wrong.hint) from None
    except RecursionError:
        raise RuleError("the condition is nested too deeply", at=locate(0), hint="name a part of it as a term") from None
    return _condition(text, node, context.language, frozenset(reader.terms))


def _condition(text: str, node: Node, language: Language, terms: frozenset[str]) -> Condition:
    sources: set[str] = set()
    columns: set[tuple[str, str]] = set()
    params: set[str] = set()
    for part in node.walk():
        match part:
            case ir.ColumnRef(source=source, name=name):
                columns.add((source.name, name))
                if source.depth < 0:
                    sources.add(source.name)
            case ir.Query(source=source, day=day):
                sources.add(source.name)
                if day is not None:
                    sources.add(source.name + HISTORY)
            case ir.SamePerson() | ir.IsGroup():
                sources.add("person")
            case ir.WorkingDays() | ir.AddWorkingDays():
                sources.add("calendar_day")
            case ir.Dated(tables=tables):
                sources.update(tables)
            case ir.ParamRef(name=name):
                params.add(name)
            case _:
                pass
    return Condition(text, node, frozenset(tables_of(sources, language)), frozenset(sources), frozenset(columns), frozenset(params), terms)


def tables_of(sources: Collection[str], language: Language) -> Iterator[str]:
    """Yield the tables of the model behind *sources*: views are followed, histories and copies are their table."""
    waiting, seen = list(sources), set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        view = language.views.get(name)
        if view is not None:
            waiting.extend(view.known_when)
        elif name in TABLES:
            yield name
        elif name not in language.extra:
            yield name.removeprefix(EVERY).removesuffix(HISTORY)


def rule_context(rule: Rule, language: Language) -> Context:
    """Return where `where` and `require` of *rule* stand."""
    about = rule.about
    if isinstance(about, str):
        return Context(language, None if about == "project" else about, params=rule.params)
    values = about.each
    param = rule.params.get(values.removeprefix("$")) if isinstance(values, str) else None
    found = values if isinstance(values, list) else (param.default if param else None) or []
    numbers = bool(found) and all(isinstance(item, int) and not isinstance(item, bool) for item in found)
    return Context(language, None, about.as_, Kind.INTEGER if numbers else Kind.TEXT, rule.params)


def rule_conditions(rule: Rule, language: Language, at: Callable[[str, int], Location | None] | None = None) -> dict[str, Condition]:
    """Return the conditions of *rule* by the field they stand in: applies, due, where, require, allow_share (where it is an expression).

    Args:
        rule: the rule.
        language: what it may name.
        at: tells the place of a character of a field.

    Raises:
        ExceptionGroup: of RuleError, one for each field that is wrong.
    """
    errors: list[RuleError] = []
    found: dict[str, Condition] = {}
    whole = Context(language, params=rule.params)
    rows = rule_context(rule, language)
    due = None if isinstance(rule.due, date) else rule.due
    share = rule.allow_share if isinstance(rule.allow_share, str) else None
    asked: list[tuple[str, str | None, Context, tuple[Kind, ...]]] = [
        ("applies", rule.applies, whole, (Kind.BOOLEAN,)),
        ("due", due, whole, (Kind.BOOLEAN, Kind.DAY)),
        ("where", rule.where, rows, (Kind.BOOLEAN,)),
        ("require", rule.require, rows, (Kind.BOOLEAN,)),
        ("allow_share", share, whole, (Kind.INTEGER, Kind.DECIMAL)),
    ]
    if isinstance(rule.about, str) and language.columns(rule.about) is None:
        place = at("about", 0) if at else None
        errors.append(RuleError(f"unknown table or view {rule.about[:60]!r}", at=place, hint=did_you_mean(rule.about, language.sources)))
        asked = asked[:2]
    for name, text, context, wants in asked:
        if text is None:
            continue
        try:
            found[name] = analyse(text, context, wants=wants, at=_field(at, name))
        except RuleError as error:
            errors.append(error)
    if errors:
        raise ExceptionGroup(f"the rule {rule.id} has mistakes", errors)
    return found


def _field(at: Callable[[str, int], Location | None] | None, name: str) -> Locate | None:
    return None if at is None else lambda offset: at(name, offset)


def rule_reads(rule: Rule, language: Language) -> frozenset[str]:
    """Return the tables behind `where` and `require` and the population itself, terms and views followed.

    Raises:
        ExceptionGroup: of RuleError.
    """
    conditions = rule_conditions(rule, language)
    tables = {table for name in ("where", "require") if name in conditions for table in conditions[name].tables}
    if isinstance(rule.about, str) and rule.about != "project":
        tables |= set(tables_of([rule.about], language))
    return frozenset(tables)


class Wrong(Exception):
    """A mistake at a character of the text."""

    def __init__(self, message: str, offset: int, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.hint = hint


_ARTICLES = {
    Kind.BOOLEAN: "a condition (true or false)",
    Kind.INTEGER: "a whole number",
    Kind.DECIMAL: "a number",
    Kind.DAY: "a day",
    Kind.INSTANT: "a time",
    Kind.PERSON: "a person",
    Kind.CODE: "a value of a fixed list",
    Kind.REFERENCE: "the id of a row",
    Kind.TEXT: "a text",
}


def check_size(node: Node) -> None:
    """Refuse what has too many parts once its terms are written out.

    Raises:
        Wrong: it has.
    """
    if _size(node, {}) > MOST_WRITTEN_OUT:
        raise Wrong(f"more than {MOST_WRITTEN_OUT} parts once its terms are written out", node.at, "name parts of it as views")


def _size(node: Node, sizes: dict[int, int]) -> int:
    """Return how many parts *node* has when what it names twice is counted twice; parts stand in *sizes* by their identity."""
    found = sizes.get(id(node))
    if found is None:
        found = sizes[id(node)] = 1 + sum(_size(part, sizes) for part in node.children())
    return found


def _a(kind: Kind) -> str:
    return _ARTICLES[kind]


@cache
def _dialect() -> Any:
    """Return DuckDB's dialect without its functions: every `name(…)` arrives as it was written."""
    from sqlglot.dialects.duckdb import DuckDB  # noqa: PLC0415  (half a second that a cached plan does not pay)

    # A column or table of the model may be called like a statement (`comment`); a condition is never one.
    statements = {*DuckDB.Parser.STATEMENT_PARSERS, *DuckDB.Tokenizer.COMMANDS}
    ours = {word for word, token in DuckDB.Tokenizer.KEYWORDS.items() if token in statements and word != "DESC"} | {"OVERLAPS"}

    class Conditions(DuckDB):
        class Tokenizer(DuckDB.Tokenizer):
            KEYWORDS = {word: token for word, token in DuckDB.Tokenizer.KEYWORDS.items() if word not in ours}

        class Parser(DuckDB.Parser):  # type: ignore[valid-type,misc]  # sqlglot makes this name at run time
            FUNCTIONS: dict[str, Any] = {}
            FUNCTION_PARSERS: dict[str, Any] = {}
            NO_PAREN_FUNCTIONS: dict[Any, Any] = {}
            NO_PAREN_FUNCTION_PARSERS = {name: parser for name, parser in DuckDB.Parser.NO_PAREN_FUNCTION_PARSERS.items() if name == "CASE"}

    return Conditions()


def parse_sql(text: str, *, into_query: bool = False) -> "tuple[exp.Expression, dict[int, tuple[str, int]]]":
    """Return sqlglot's tree of *text*, and the `at <day>` of its tables by the offset of the table's name.

    Raises:
        Wrong: it is too long, too large, or no expression.
    """
    from sqlglot import exp  # noqa: PLC0415
    from sqlglot.errors import ParseError, SqlglotError  # noqa: PLC0415

    if len(text) > LONGEST:
        raise Wrong(f"{len(text)} characters; {LONGEST} are allowed", 0, "name parts of it as terms or views")
    if "\0" in text:
        raise Wrong("a NUL character", text.index("\0"))
    try:
        plain, days = _without_days(text)
        tree = _dialect().parse(plain)
        found = tree[0] if len(tree) == 1 else None
    except ParseError as error:
        place = error.errors[0] if error.errors else {}
        line, column = int(place.get("line") or 1), int(place.get("col") or 1)
        offset = sum(len(part) + 1 for part in text.split("\n")[: line - 1]) + column - 1
        what = str(place.get("description") or "it cannot be read").rstrip(".")
        raise Wrong(f"this is no condition: {what}", min(max(offset, 0), max(len(text) - 1, 0))) from None
    except SqlglotError as error:
        raise Wrong(f"this is no condition: {str(error).splitlines()[0][:120]}", 0) from None
    if found is None:
        raise Wrong("there is no condition" if not plain.strip() else "one condition is wanted, and no semicolon", 0)
    most = 4 * MOST_NODES if into_query else MOST_NODES
    for count, _node in enumerate(found.walk(), start=1):
        if count > most:
            raise Wrong(f"more than {MOST_NODES} parts", 0, "name parts of it as terms or views")
    if isinstance(found, (exp.Query, exp.Block)) and not isinstance(found, exp.Subquery) and not into_query:
        raise Wrong("a condition is wanted, no statement", 0)
    return found, days


@lru_cache(maxsize=512)  # some words stand in hundreds of conditions; reading changes no tree
def _parsed(text: str) -> "tuple[exp.Expression, dict[int, tuple[str, int]], int]":
    """Return what `parse_sql` does, and how many parts the tree has."""
    tree, days = parse_sql(text)
    return tree, days, sum(1 for _ in tree.walk())


def _without_days(text: str) -> tuple[str, dict[int, tuple[str, int]]]:
    """Return *text* with each `at <day>` behind a table blanked out, and these by the offset of the table's name."""
    from sqlglot import TokenType  # noqa: PLC0415

    tokens = _dialect().tokenize(text)
    depth = 0
    for token in tokens:
        depth += {TokenType.L_PAREN: 1, TokenType.R_PAREN: -1}.get(token.token_type, 0)
        if depth > DEEPEST:
            raise Wrong("the condition is nested too deeply", token.start, "name a part of it as a term")
    days: dict[int, tuple[str, int]] = {}
    pieces = list(text)
    for number, token in enumerate(tokens):
        if token.token_type is not TokenType.FROM or number + 2 >= len(tokens):
            continue
        table = tokens[number + 1]
        place = next((n for n in (number + 2, number + 3) if n < len(tokens) and _AT.fullmatch(tokens[n].text)), None)
        if place is None or (place == number + 3 and tokens[number + 2].token_type in (TokenType.WHERE, TokenType.R_PAREN)):
            continue
        depth, end = 0, place + 1
        while end < len(tokens):
            kind = tokens[end].token_type
            if depth == 0 and kind in (TokenType.WHERE, TokenType.R_PAREN):
                break
            depth += {TokenType.L_PAREN: 1, TokenType.R_PAREN: -1}.get(kind, 0)
            end += 1
        start, stop = tokens[place].start, tokens[end - 1].end + 1
        inside = tokens[place].end + 1
        if not text[inside:stop].strip():
            raise Wrong("a day is wanted behind 'at'", start)
        days[table.start] = (text[inside:stop], inside)
        pieces[start:stop] = " " * (stop - start)
    return "".join(pieces), days


_COMPARISONS: dict[str, ir.Operator] = {"EQ": "=", "NEQ": "<>", "LT": "<", "LTE": "<=", "GT": ">", "GTE": ">="}
_ABSORBING = {
    "Is": "'is null' turns unknown into known; say filled(…) or blank(…)",
    "NullSafeEQ": "'is not distinct from' turns unknown into known; compare with =",
    "NullSafeNEQ": "'is distinct from' turns unknown into known; compare with <>",
    "Case": "'case' turns unknown into known; write it as and/or, or as a term that says absorbs_unknown",
}
_ABSORBING_FUNCTIONS = ("coalesce", "ifnull", "nvl", "nullif", "greatest", "least", "concat", "concat_ws", "if", "isnull")
_HINTS = {
    "now": "today is the day of the audit",
    "current_date": "today is the day of the audit",
    "current_timestamp": "today is the day of the audit",
    "getdate": "today is the day of the audit",
    "regexp_matches": "matches(text, pattern)",
    "date_diff": "days(a, b)",
    "datediff": "days(a, b)",
    "date_trunc": "day(x)",
    "exists": "exists (from table where …)",
}
_FUNCTIONS: Mapping[str, tuple[tuple[Collection[Kind], ...], Kind]] = MappingProxyType(
    {
        "lower": ((ir.TEXTS,), Kind.TEXT),
        "upper": ((ir.TEXTS,), Kind.TEXT),
        "trim": ((ir.TEXTS,), Kind.TEXT),
        "length": ((ir.TEXTS,), Kind.INTEGER),
        "abs": ((ir.NUMBERS,), Kind.DECIMAL),
        "year": (((Kind.DAY,),), Kind.INTEGER),
        "month": (((Kind.DAY,),), Kind.INTEGER),
        "day": (((Kind.INSTANT,),), Kind.DAY),
        "days": (((Kind.DAY,), (Kind.DAY,)), Kind.INTEGER),
        "contains": ((ir.TEXTS, (Kind.TEXT,)), Kind.BOOLEAN),
        "matches": ((ir.TEXTS, (Kind.TEXT,)), Kind.BOOLEAN),
        "names": ((ir.TEXTS, ir.TEXTS), Kind.BOOLEAN),
    }
)
"""Functions that conditions may call, with the kinds of their arguments and of their value; those of the vocabulary not included."""

_LITERAL_SECOND = ("matches",)


class Reader:
    """Turns sqlglot's tree into ours, one condition at a time."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._language = context.language
        self._frames: list[Source] = []
        if context.subject is not None:
            self._frames.append(Source(context.subject, context.subject, 0))
        elif context.element is None:
            self._frames.append(PROJECT)
        self._days: dict[int, tuple[str, int]] = {}
        self._arguments: Mapping[str, Node] | None = None  # inside a term: what its parameters stand for
        self._inside_term: list[str] = []
        self._absorbing = False
        self._base = 0  # where the text that is read begins
        self._fixed: int | None = None  # inside a term: the place of the call, for every mistake
        self._written_out = 0
        self._read: dict[int, list[Node]] = {}  # call → its arguments, until its words are written down
        self.terms: set[str] = set()

    def read(self, text: str, wants: Collection[Kind]) -> Node:
        """Return the meaning of *text*, whose value is of one of the kinds *wants*."""
        tree, self._days = parse_sql(text)
        node = self._node(tree)
        check_size(node)
        if node.kind not in wants:
            message = f"this is {_a(node.kind)}; {' or '.join(_a(kind) for kind in wants)} is wanted"
            raise Wrong(message, node.at)
        return node

    # Places

    def _at(self, tree: "exp.Expression") -> int:
        if self._fixed is not None:
            return self._fixed
        starts = [part.meta["start"] for part in tree.walk() if "start" in part.meta]
        return self._base + (min(starts) if starts else 0)

    def _wrong(self, message: str, tree: "exp.Expression", hint: str | None = None) -> Wrong:
        if self._inside_term:
            hint = f"in the term {self._inside_term[-1]!r}" + (f"; {hint}" if hint else "")
        return Wrong(message, self._at(tree), hint)

    # Nodes

    def _boolean(self, tree: "exp.Expression") -> Node:
        node = self._node(tree)
        if node.kind is not Kind.BOOLEAN:
            raise self._wrong(f"this is {_a(node.kind)}; {_a(Kind.BOOLEAN)} is wanted", tree)
        return node

    def _node(self, tree: "exp.Expression") -> Node:
        from sqlglot import exp  # noqa: PLC0415

        name = type(tree).__name__
        at = self._at(tree)
        if name in _COMPARISONS:
            return self._compare(_COMPARISONS[name], tree)
        match tree:
            case exp.Paren():
                return self._node(tree.this)
            case exp.And() | exp.Or():
                kind = type(tree)
                items = tuple(self._boolean(item) for item in tree.flatten() if isinstance(item, exp.Expression))
                if self._inside_term:
                    return joined(ir.And if kind is exp.And else ir.Or, items, at)
                return ir.And(items, at=at) if kind is exp.And else ir.Or(items, at=at)
            case exp.Not():
                if isinstance(tree.this, exp.Is) and not self._absorbing:
                    raise self._wrong("this is refused in conditions", tree, _ABSORBING["Is"])
                return ir.Not(self._boolean(tree.this), at=at)
            case exp.Literal():
                return self._literal(tree)
            case exp.Boolean():
                return ir.Constant(bool(tree.this), Kind.BOOLEAN, at=at)
            case exp.Null():
                raise self._wrong("a comparison with null is always unknown", tree, "say filled(…) or blank(…)")
            case exp.Placeholder():
                return self._param(tree)
            case exp.Column():
                return self._column(tree)
            case exp.Between():
                if tree.args.get("symmetric"):
                    raise self._wrong("'symmetric' is refused", tree)
                low = self._compare_nodes(">=", self._node(tree.this), self._node(tree.args["low"]), tree)
                high = self._compare_nodes("<=", self._node(tree.this), self._node(tree.args["high"]), tree)
                return ir.And((low, high), at=at)
            case exp.In():
                return self._in(tree)
            case exp.Like() | exp.ILike():
                return self._like(tree)
            case exp.Add() | exp.Sub() | exp.Mul():
                return self._arithmetic(tree)
            case exp.Neg():
                item = self._node(tree.this)
                if isinstance(item, ir.Constant) and item.kind in ir.NUMBERS and not isinstance(item.value, (str, date, type(None))):
                    return ir.Constant(-item.value, item.value_kind, at=at)
                if item.kind not in ir.NUMBERS:
                    raise self._wrong(f"this is {_a(item.kind)}; a number is wanted", tree)
                return ir.Arithmetic("*", ir.Constant(-1, Kind.INTEGER), item, item.kind, at=at)
            case exp.Div() | exp.IntDiv() | exp.Mod():
                raise self._wrong("division is refused: nobody says what happens at 0", tree, "ratio(a, b)")
            case exp.Cast():
                return self._cast(tree)
            case exp.Exists():
                return ir.Exists(self._query(tree.this, wants_select=False), at=at)
            case exp.Subquery():
                return self._scalar(tree)
            case exp.Anonymous():
                return self._call(tree)
            case exp.Is() | exp.NullSafeEQ() | exp.NullSafeNEQ() | exp.Case():
                return self._absorb(tree)
            case _:
                raise self._wrong(f"{_shown(tree)!r} is refused in conditions", tree, _ABSORBING.get(name))

    def _literal(self, tree: "exp.Literal") -> Node:
        at = self._at(tree)
        if tree.is_string:
            return ir.Constant(str(tree.this), Kind.TEXT, at=at)
        text = str(tree.this)
        if re.fullmatch(r"[0-9]{1,18}", text):
            return ir.Constant(int(text), Kind.INTEGER, at=at)
        if re.fullmatch(r"[0-9]{0,12}\.[0-9]{1,9}", text):
            try:
                return ir.Constant(Decimal(text), Kind.DECIMAL, at=at)
            except InvalidOperation:
                pass
        raise self._wrong(f"{text[:40]!r} is no number that can be compared exactly", tree, "for example 20 or 0.25")

    def _cast(self, tree: "exp.Cast") -> Node:
        """Return the day of `date '2026-06-30'`: the only cast there is."""
        from sqlglot import exp  # noqa: PLC0415

        literal = tree.this
        if tree.to.this is exp.DataType.Type.DATE and isinstance(literal, exp.Literal) and literal.is_string:
            try:
                return ir.Constant(date.fromisoformat(str(literal.this)), Kind.DAY, at=self._at(tree))
            except ValueError:
                raise self._wrong(f"{str(literal.this)[:40]!r} is no day", tree, "date '2026-06-30'") from None
        raise self._wrong("casts are refused", tree, "day(x_at) gives the day of a time, date '2026-06-30' a day")

    def _param(self, tree: "exp.Placeholder") -> Node:
        name = str(tree.this or "")
        param = self._context.params.get(name)
        if self._inside_term or not name:
            raise self._wrong("a term has no parameters of a rule" if self._inside_term else "'?' is refused", tree, "write $name")
        if param is None:
            known = self._context.params
            raise self._wrong(f"unknown parameter '${name[:60]}'", tree, did_you_mean(name, known) or "declare it under params")
        at = self._at(tree)
        if param.type == "table":
            raise self._wrong(f"${name} is a table; conditions compare single values and lists", tree)
        if param.type in ("list", "one_of"):
            values: list[Any] = (param.default if param.type == "list" else param.one_of) or []
            is_whole = bool(values) and all(isinstance(item, int) and not isinstance(item, bool) for item in values)
            return ir.ParamRef(name, Kind.INTEGER if is_whole else Kind.TEXT, param.type == "list", at=at)
        return ir.ParamRef(name, PARAM_KINDS[param.type], at=at)

    # Names

    def _column(self, tree: "exp.Column") -> Node:
        if tree.args.get("db") or tree.args.get("catalog"):
            raise self._wrong(f"{_shown(tree)!r} has too many parts", tree, "table.column")
        name, table = str(tree.name).lower(), str(tree.table).lower()
        at = self._at(tree)
        if not table:
            return self._bare(name, tree, at)
        source = next((frame for frame in reversed(self._frames) if frame.alias == table), None)
        if source is None and table == "project":
            source = PROJECT
        if source is None:
            known = [*(frame.alias for frame in self._frames), "project"]
            raise self._wrong(
                f"nothing is called {table[:60]!r} here", tree, did_you_mean(table, known) or f"known are: {', '.join(known)}"
            )
        return self._column_of(source, name, tree)

    def _bare(self, name: str, tree: "exp.Column", at: int) -> Node:
        if self._arguments is not None and name in self._arguments:
            return self._arguments[name]
        if name == "today":
            return ir.Today(at=at)
        if name == "unknown" and self._inside_term:
            return ir.Constant(None, Kind.BOOLEAN, reason="awaiting_answer", at=at)
        if name == self._context.element and not self._inside_term:
            return ir.Element(name, self._context.element_kind, at=at)
        frames = [frame for frame in self._frames if not (self._inside_term and frame.depth <= 0)]
        owners = [frame for frame in frames if name in (self._language.columns(frame.name) or {})]
        if len(owners) > 1:
            raise self._wrong(
                f"{name!r} is a column of {' and of '.join(owner.alias for owner in owners)}", tree, f"{owners[-1].alias}.{name}"
            )
        if owners:
            return self._column_of(owners[0], name, tree)
        known = [column for frame in frames for column in self._language.columns(frame.name) or {}]
        hint = did_you_mean(name, [*known, *(self._arguments or {}), "today"])
        if hint is None and name in (self._language.columns("project") or {}):
            hint = f"project.{name}"
        if hint is None and name in self._language.terms:
            hint = f"{name} is a term: {name}(…)"
        raise self._wrong(f"unknown column {name[:60]!r}", tree, hint)

    def _column_of(self, source: Source, name: str, tree: "exp.Expression") -> Node:
        columns = self._language.columns(source.name) or {}
        if name in _NEVER:
            raise self._wrong("a rule sees one project only; rows are bound to it", tree, "leave the comparison of project_id out")
        if name not in columns:
            raise self._wrong(f"{source.name} has no column {name[:60]!r}", tree, did_you_mean(name, columns))
        described = columns[name]
        return ir.ColumnRef(source, name, described.type, described.bit, at=self._at(tree))

    # Comparisons

    def _compare(self, operator: ir.Operator, tree: "exp.Expression") -> Node:
        return self._compare_nodes(operator, self._node(tree.this), self._node(tree.expression), tree)

    def _compare_nodes(self, operator: ir.Operator, left: Node, right: Node, tree: "exp.Expression") -> Node:
        self._comparable(operator, left, right, tree)
        is_same = same_text(left, right) if self._inside_term and operator in ("=", "<>") else None
        if is_same is not None:
            return ir.Constant(is_same == (operator == "="), Kind.BOOLEAN, at=self._at(tree))
        return ir.Compare(operator, left, right, at=self._at(tree))

    def _comparable(self, operator: ir.Operator, left: Node, right: Node, tree: "exp.Expression") -> None:
        kinds = {left.kind, right.kind}
        for node in (left, right):
            if isinstance(node, ir.ParamRef) and node.is_list:
                raise self._wrong(f"${node.name} is a list", tree, f"x in ${node.name}")
        if Kind.PERSON in kinds:
            raise self._wrong(
                "two ids may be one person, and one name two; persons are not compared as texts", tree, "same_person(a, b) or held_role(…)"
            )
        if kinds == {Kind.DAY, Kind.INSTANT}:
            raise self._wrong("a time is compared with a day", tree, "day(x_at) gives the day of a time in the project's time zone")
        both_text = kinds <= ir.TEXTS
        if not (both_text or kinds <= ir.NUMBERS or len(kinds) == 1):
            hint = "date '2026-06-30' is a day" if Kind.DAY in kinds and kinds & ir.TEXTS else None
            raise self._wrong(f"{_a(left.kind)} is compared with {_a(right.kind)}", tree, hint)
        if operator not in ("=", "<>") and (both_text or kinds == {Kind.BOOLEAN}):
            raise self._wrong(f"{_a(left.kind)} has no order; only = and <> are possible", tree)
        self._codes(left, right, tree)
        self._codes(right, left, tree)

    def _codes(self, column: Node, value: Node, tree: "exp.Expression") -> None:
        """Check that a literal is one of the values that an enumerated column can have."""
        if not isinstance(column, ir.ColumnRef) or not column.type.codes or not isinstance(value, ir.Constant):
            return
        codes = column.type.codes
        if value.value not in codes:
            meant = did_you_mean(str(value.value), codes) or f"one of: {', '.join(codes)}"
            raise self._wrong(f"{value.value!r} is no value of {column.source.name}.{column.name}", tree, meant)

    def _in(self, tree: "exp.In") -> Node:
        item = self._node(tree.this)
        at = self._at(tree)
        if tree.args.get("unnest") is not None:
            raise self._wrong("'unnest' is refused", tree)
        inside = tree.args.get("query")
        if inside is not None:
            query = self._query(inside.this, wants_select=True)
            assert query.select is not None
            self._comparable("=", query.select, item, tree)
            same = ir.Compare("=", query.select, item, at=at)
            where = ir.conjunction([*ir.conjuncts(query.where), same])
            return ir.Exists(ir.Query(query.source, where, None, query.day, at=at), at=at)
        listed = tree.args.get("field")
        values = (self._node(listed),) if listed is not None else tuple(self._node(value) for value in tree.expressions)
        for value in values:
            if isinstance(value, ir.ParamRef) and value.is_list:
                self._comparable("=", item, ir.Constant(None, value.kind), tree)
                continue
            if listed is not None:
                raise self._wrong("a list is wanted behind 'in'", tree, "x in ('a', 'b') or x in $list")
            self._comparable("=", item, value, tree)
        known = [same_text(item, value) for value in values] if self._inside_term else [None]
        if None not in known:
            return ir.Constant(any(known), Kind.BOOLEAN, at=at)
        return ir.InList(item, values, at=at)

    def _like(self, tree: "exp.Like | exp.ILike") -> Node:
        from sqlglot import exp  # noqa: PLC0415

        item, pattern = self._node(tree.this), self._node(tree.expression)
        if item.kind not in ir.TEXTS or not isinstance(pattern, (ir.Constant, ir.ParamRef)) or pattern.kind is not Kind.TEXT:
            raise self._wrong("like compares a text with a literal pattern or a parameter", tree)
        found = ir.Like(item, pattern, isinstance(tree, exp.ILike), at=self._at(tree))
        return ir.Not(found, at=found.at) if tree.args.get("negate") else found  # some versions of sqlglot say `not like` in one node

    def _arithmetic(self, tree: "exp.Expression") -> Node:
        operator = {"Add": "+", "Sub": "-", "Mul": "*"}[type(tree).__name__]
        left, right = self._node(tree.this), self._node(tree.expression)
        kinds = (left.kind, right.kind)
        at = self._at(tree)
        if set(kinds) <= ir.NUMBERS:
            kind = Kind.DECIMAL if Kind.DECIMAL in kinds else Kind.INTEGER
            return ir.Arithmetic(operator, left, right, kind, at=at)  # type: ignore[arg-type]  # one of the three by the mapping above
        if operator in "+-" and kinds == (Kind.DAY, Kind.INTEGER):
            return ir.Arithmetic(operator, left, right, Kind.DAY, at=at)  # type: ignore[arg-type]  # as above
        hint = "days(a, b) counts the days from a to b" if kinds == (Kind.DAY, Kind.DAY) else None
        raise self._wrong(f"{_a(kinds[0])} {operator} {_a(kinds[1])} is no sum", tree, hint)

    # Sub-queries

    def _query(self, tree: "exp.Expression", *, wants_select: bool) -> ir.Query:
        from sqlglot import exp  # noqa: PLC0415

        depth = max((frame.depth for frame in self._frames), default=0)
        if depth >= 1:
            raise self._wrong("a sub-query in a sub-query is refused", tree, "name the inner one as a view")
        if isinstance(tree, exp.Subquery):
            tree = tree.this
        if not isinstance(tree, exp.Select):
            raise self._wrong("a sub-query is 'from table where …'", tree)
        allowed = {"expressions", "from_", "from", "where", "kind", "distinct"}
        extra = sorted(key for key, value in tree.args.items() if value and key not in allowed)
        if extra or tree.args.get("distinct"):
            what = (extra or ["distinct"])[0].rstrip("_")
            raise self._wrong(f"'{what}' is refused in sub-queries of conditions", tree, "name it as a view")
        table = tree.args["from_"].this if tree.args.get("from_") else None
        if not isinstance(table, exp.Table) or not isinstance(table.this, exp.Identifier) or table.args.get("db"):
            raise self._wrong("a sub-query reads one table or view by its name", tree if table is None else table)
        if any(value for key, value in table.args.items() if value and key not in ("this", "alias")):
            raise self._wrong("a sub-query reads one table or view by its name", table)
        name = str(table.name).lower()
        columns = self._language.columns(name)
        if columns is None:
            raise self._wrong(f"unknown table or view {name[:60]!r}", table, did_you_mean(name, self._language.sources))
        alias = str(table.alias or name).lower()
        if any(frame.alias == alias and frame.depth >= 0 for frame in self._frames) or alias == "project" != name:
            raise self._wrong(f"{alias!r} already means the subject", table, f"from {name} other where …")
        source = Source(name, alias, 1)
        day = self._day(table, name)
        self._frames.append(source)
        try:
            where = self._boolean(tree.args["where"].this) if tree.args.get("where") else None
            select = None
            selected = [item for item in tree.expressions if not isinstance(item, exp.Star)]
            if wants_select:
                if len(tree.expressions) != 1 or len(selected) != 1:
                    raise self._wrong("one column is wanted behind 'select'", tree)
                select = self._node(selected[0])
            elif any(not isinstance(item, exp.Literal) for item in selected):
                raise self._wrong("exists needs no columns", tree, f"exists (from {name} where …)")
        finally:
            self._frames.pop()
        return ir.Query(source, where, select, day, at=self._at(tree))

    def _day(self, table: "exp.Table", name: str) -> Node | None:
        found = self._days.get(table.this.meta.get("start", -1))
        if found is None:
            return None
        if not has_history(name):
            raise self._wrong(f"{name} has no history", table, "only tables with history can be read as they stood on a day")
        text, offset = found
        days, base = self._days, self._base
        try:
            tree, self._days = parse_sql(text)
            self._base = base + offset
            node = self._node(tree)
        except Wrong as wrong:
            raise Wrong(wrong.message, wrong.offset if wrong.offset >= offset else wrong.offset + offset, wrong.hint) from None
        finally:
            self._days, self._base = days, base
        if node.kind is not Kind.DAY:
            raise self._wrong(f"{_a(node.kind)} stands behind 'at'; a day is wanted", table)
        return node

    def _scalar(self, tree: "exp.Subquery") -> Node:
        """Return `(select count(*) | min(x) | max(x) | sum(x) from …)`."""
        from sqlglot import exp  # noqa: PLC0415

        select = tree.this
        if not isinstance(select, exp.Select) or len(select.expressions) != 1:
            raise self._wrong("a sub-query that stands for a value is (select count(*) from …), or min, max, sum of one column", tree)
        call = select.expressions[0]
        name = str(call.this).lower() if isinstance(call, exp.Anonymous) else ""
        if name not in ("count", "min", "max", "sum"):
            raise self._wrong(
                "a sub-query that stands for a value is (select count(*) from …), or min, max, sum of one column", tree, "name a view"
            )
        if len(call.expressions) != 1:
            raise self._wrong(f"{name} has one argument", tree)
        argument = call.expressions[0]
        at = self._at(tree)
        inner = select.copy()
        if name == "count":
            if not isinstance(argument, exp.Star):
                raise self._wrong("only count(*) is possible", tree, "for distinct values name a view; filled(x) may stand in 'where'")
            inner.set("expressions", [exp.Star()])
            return ir.Count(self._query(inner, wants_select=False), at=at)
        inner.set("expressions", [argument.copy()])
        query = self._query(inner, wants_select=True)
        assert query.select is not None
        kind = query.select.kind
        fits = kind in ir.NUMBERS if name == "sum" else kind in ir.NUMBERS | {Kind.DAY, Kind.INSTANT}
        if not fits:
            raise self._wrong(f"{name} of {_a(kind)} is refused", tree)
        return ir.Aggregate(name, query, at=at)  # type: ignore[arg-type]  # one of the three by the test above

    # Calls

    def _call(self, tree: "exp.Anonymous") -> Node:
        try:
            return self._called(tree)
        finally:
            self._read.pop(id(tree), None)

    def _called(self, tree: "exp.Anonymous") -> Node:
        name = str(tree.this).lower()
        if tree.args.get("distinct") or any(
            type(item).__name__ in ("PropertyEQ", "Distinct", "Lambda", "Order") for item in tree.expressions
        ):
            raise self._wrong("arguments are plain values", tree)
        term = self._language.terms.get(name)
        if term is not None and term.expression is not None:
            return self._term(term, tree)
        word = _WORDS.get(name)
        if word is not None:
            self.terms.add(name)
            node = word(self, tree)
            return ir.Named(self._call_text(tree), node, at=self._at(tree)) if name in _EXPANDED else node
        if name in _FUNCTIONS:
            return self._function(name, tree)
        if name in _ABSORBING_FUNCTIONS:
            return self._absorb(tree)
        if name in ("count", "min", "max", "sum", "avg"):
            raise self._wrong(f"{name} stands in a sub-query", tree, f"(select {name}(…) from table where …)")
        known = [*self._language.terms, *_WORDS, *_FUNCTIONS]
        raise self._wrong(f"unknown term or function {name[:60]!r}", tree, _HINTS.get(name) or did_you_mean(name, known))

    def _call_text(self, tree: "exp.Anonymous") -> str:
        read = self._read.get(id(tree))
        if read is not None:
            return f"{str(tree.this).lower()}({', '.join(map(ir.words, read))})"
        arguments = []
        for item in tree.expressions:
            try:
                arguments.append(ir.words(self._node(item)))
            except Wrong:
                arguments.append(_shown(item))
        return f"{str(tree.this).lower()}({', '.join(arguments)})"

    def _function(self, name: str, tree: "exp.Anonymous") -> Node:
        wanted, kind = _FUNCTIONS[name]
        arguments = self._arguments_of(tree, len(wanted))
        for argument, kinds in zip(arguments, wanted, strict=True):
            if argument.kind not in kinds:
                hint = "day(x_at) gives the day of a time" if argument.kind is Kind.INSTANT and Kind.DAY in kinds else None
                if name == "day" and argument.kind is Kind.DAY:
                    hint = "it is a day already"
                raise self._wrong(f"{name} takes {_a(next(iter(sorted(kinds))))}, not {_a(argument.kind)}", tree, hint)
        if name in _LITERAL_SECOND and not isinstance(arguments[1], (ir.Constant, ir.ParamRef)):
            raise self._wrong(f"the second argument of {name} is a literal or a parameter", tree)
        if name == "matches":
            self._pattern(arguments[1], tree)
        if name == "abs":
            kind = arguments[0].kind
        return ir.Function(name, tuple(arguments), kind, at=self._at(tree))

    def _pattern(self, pattern: Node, tree: "exp.Expression") -> None:
        if isinstance(pattern, ir.Constant):
            text = str(pattern.value)
            if len(text) > 500:
                raise self._wrong("the pattern is longer than 500 characters", tree)
            if re.search(r"\(\?<?[=!]|\\[1-9]", text):
                raise self._wrong("look-around and back references are not linear in time and refused", tree)
            try:
                re.compile(text)
            except re.error as error:
                raise self._wrong(f"the pattern cannot be read: {error}", tree) from None

    def _arguments_of(self, tree: "exp.Anonymous", count: int) -> list[Node]:
        name = str(tree.this).lower()
        if len(tree.expressions) != count:
            raise self._wrong(f"{name} has {count} argument{'s' if count != 1 else ''}, not {len(tree.expressions)}", tree)
        self._read[id(tree)] = found = [self._node(item) for item in tree.expressions]
        return found

    def _write_out(self, expression: str, tree: "exp.Anonymous") -> "exp.Expression":
        """Return the tree of what *tree*, a term or event, stands for."""
        inner, self._days, parts = _parsed(expression)
        self._written_out += parts
        if self._written_out > MOST_WRITTEN_OUT:
            raise self._wrong(f"more than {MOST_WRITTEN_OUT} parts once its terms are written out", tree, "name parts of it as views")
        return inner

    def _term(self, term: Term, tree: "exp.Anonymous") -> Node:
        if term.name in self._inside_term:
            raise self._wrong(f"the term {term.name!r} uses itself", tree)
        arguments = self._arguments_of(tree, len(term.parameters))
        for argument, (parameter, wanted) in zip(arguments, term.parameters.items(), strict=True):
            if not fits(argument, wanted):
                raise self._wrong(f"{parameter!r} of {term.name} is {wanted}, not {_a(argument.kind)}", tree)
        at = self._at(tree)
        text = f"{term.name}({', '.join(map(ir.words, arguments))})"
        self.terms.add(term.name)
        before = (self._arguments, self._absorbing, self._fixed, self._days, self._base)
        self._inside_term.append(term.name)
        self._arguments, self._absorbing = dict(zip(term.parameters, arguments, strict=True)), term.absorbs_unknown is not None
        self._fixed, self._base = at, 0
        try:
            node = self._node(self._write_out(term.expression or "", tree))
        finally:
            self._inside_term.pop()
            self._arguments, self._absorbing, self._fixed, self._days, self._base = before
        if not fits(node, term.type):
            raise self._wrong(f"the term {term.name} says that it is {term.type}; its expression is {_a(node.kind)}", tree)
        return ir.Named(text, node, at=at)

    def _absorb(self, tree: "exp.Expression") -> Node:
        from sqlglot import exp  # noqa: PLC0415

        name = type(tree).__name__
        called = str(tree.this).lower() if isinstance(tree, exp.Anonymous) else ""
        if not self._absorbing or called not in ("", "coalesce"):
            hint = _ABSORBING.get(name) or f"{called} turns unknown into known; only a term that says absorbs_unknown may use it"
            raise self._wrong("this is refused in conditions", tree, hint)
        at = self._at(tree)
        if isinstance(tree, exp.Is) and isinstance(tree.expression, exp.Null):
            return ir.IsNull(self._node(tree.this), at=at)
        if isinstance(tree, exp.Case) and tree.this is None:
            tests = tuple(self._boolean(item.this) for item in tree.args["ifs"])
            values = tuple(self._node(item.args["true"]) for item in tree.args["ifs"])
            default = tree.args.get("default")
            return ir.Choice(tests, values, None if default is None else self._node(default), at=at)
        if called == "coalesce" and tree.expressions:
            items = tuple(self._node(item) for item in tree.expressions)
            return ir.Coalesce(items, at=at)
        raise self._wrong(f"{_shown(tree)!r} is refused", tree)

    # The words of the core vocabulary

    def _row(self, tree: "exp.Expression") -> Source:
        """Return the row that a word such as `linked` speaks of: the innermost one."""
        frames = [frame for frame in self._frames if frame.depth >= 0]
        if not frames:
            raise self._wrong("there is no row here that could be linked", tree, "it speaks of the rows that a rule is about")
        return frames[-1]

    def _of(self, source: Source, name: str) -> Node:
        described = (self._language.columns(source.name) or {})[name]
        return ir.ColumnRef(source, name, described.type, described.bit)

    def _inner(self, table: str) -> Source:
        depth = max((frame.depth for frame in self._frames), default=0)
        return Source(table, f"{table}_{max(depth, 0) + 1}", max(depth, 0) + 1)

    def _want(self, node: Node, kinds: Collection[Kind], tree: "exp.Anonymous") -> Node:
        if node.kind not in kinds:
            hint = "day(x_at) gives the day of a time" if node.kind is Kind.INSTANT and Kind.DAY in kinds else None
            message = f"{str(tree.this).lower()} takes {_a(next(iter(sorted(kinds))))}, not {_a(node.kind)}"
            raise self._wrong(message, tree, hint)
        return node

    def _text_of(self, tree: "exp.Expression", what: str, known: Collection[str]) -> str:
        """Return a literal argument that names something."""
        from sqlglot import exp  # noqa: PLC0415

        value = None
        if isinstance(tree, exp.Literal) and tree.is_string:
            value = str(tree.this)
        elif isinstance(tree, exp.Column) and self._arguments is not None:
            node = self._arguments.get(str(tree.name).lower())
            value = str(node.value) if isinstance(node, ir.Constant) else None
        if value is None:
            raise self._wrong(f"{what} is named by a literal text", tree)
        if value not in known:
            raise self._wrong(
                f"unknown {what} {value[:60]!r}", tree, did_you_mean(value, known) or f"known are: {', '.join(sorted(known))}"
            )
        return value

    def _count_arguments(self, tree: "exp.Anonymous", count: int) -> None:
        if len(tree.expressions) != count:
            name = str(tree.this).lower()
            raise self._wrong(f"{name} has {count} argument{'s' if count != 1 else ''}, not {len(tree.expressions)}", tree)

    def _filled(self, tree: "exp.Anonymous") -> Node:
        return ir.Filled(self._arguments_of(tree, 1)[0], at=self._at(tree))

    def _blank(self, tree: "exp.Anonymous") -> Node:
        return ir.Not(ir.Filled(self._arguments_of(tree, 1)[0], at=self._at(tree)), at=self._at(tree))

    def _same_person(self, tree: "exp.Anonymous") -> Node:
        left, right = (self._want(node, (Kind.PERSON,), tree) for node in self._arguments_of(tree, 2))
        return ir.SamePerson(left, right, at=self._at(tree))

    def _is_group(self, tree: "exp.Anonymous") -> Node:
        return ir.IsGroup(self._want(self._arguments_of(tree, 1)[0], (Kind.PERSON,), tree), at=self._at(tree))

    def _rows(self, table: str, *tests: Callable[[Source], Node], select: str | None = None) -> ir.Query:
        source = self._inner(table)
        self._frames.append(source)
        try:
            where = ir.conjunction([test(source) for test in tests])
            return ir.Query(source, where, None if select is None else self._of(source, select))
        finally:
            self._frames.pop()

    def _is(self, column: str, value: Node | str | bool) -> Callable[[Source], Node]:
        kind = Kind.BOOLEAN if isinstance(value, bool) else Kind.TEXT
        node = value if isinstance(value, Node) else ir.Constant(value, kind)
        return lambda source: ir.Compare("=", self._of(source, column), node)

    def _kind_argument(self, tree: "exp.Anonymous") -> Node:
        return self._want(self._arguments_of(tree, 1)[0], ir.TEXTS, tree)

    def _exists_product(self, tree: "exp.Anonymous") -> Node:
        kind = self._kind_argument(tree)
        found = ir.Exists(self._rows("product", self._is("kind", kind)))
        return ir.Or((found, *self._doubts(kind)), at=self._at(tree))

    def _doubts(self, kind: Node) -> Iterator[Node]:
        """Yield nodes that are unknown while a candidate for *kind* is left, and false when there is none."""
        unread = ir.Exists(self._rows("candidate", self._is("kind", kind), self._is("reason", "unreadable")))
        doubtful = ir.Exists(self._rows("candidate", self._is("kind", kind)))
        yield ir.And((unread, ir.Constant(None, Kind.BOOLEAN, reason="unreadable")))
        yield ir.And((doubtful, ir.Constant(None, Kind.BOOLEAN, reason="low_confidence")))

    def _approved_on(self, tree: "exp.Anonymous") -> Node:
        kind = self._kind_argument(tree)
        approved = self._rows(
            "product", self._is("kind", kind), lambda source: ir.Filled(self._of(source, "approved_on")), select="approved_on"
        )
        value = ir.Aggregate("min", approved)
        return ir.Dated(value, ir.Or(tuple(self._doubts(kind))), (), is_absent_false=True, at=self._at(tree))

    def _obligation(self, *obligations: str) -> Callable[["exp.Anonymous"], Node]:
        def word(tree: "exp.Anonymous") -> Node:
            kind = self._kind_argument(tree)
            owed = tuple(ir.Constant(item, Kind.TEXT) for item in obligations)
            query = self._rows("expected", self._is("kind", kind), lambda source: ir.InList(self._of(source, "obligation"), owed))
            return ir.Exists(query, at=self._at(tree))

        return word

    def _phase_reached(self, tree: "exp.Anonymous") -> Node:
        self._count_arguments(tree, 1)
        phase = self._text_of(tree.expressions[0], "phase", PHASES)
        later = tuple(ir.Constant(item, Kind.TEXT) for item in PHASES[PHASES.index(phase) :])
        return ir.InList(self._of(PROJECT, "phase"), later, at=self._at(tree))

    def _gate_on(self, tree: "exp.Anonymous") -> Node:
        self._count_arguments(tree, 1)
        gate = self._text_of(tree.expressions[0], "gate", TABLES["gate"].by_name["gate"].type.codes)
        passed = tuple(ir.Constant(item, Kind.TEXT) for item in ("approved", "conditional"))
        query = self._rows(
            "gate", self._is("gate", gate), lambda source: ir.InList(self._of(source, "decision"), passed), select="decided_on"
        )
        return ir.Dated(ir.Aggregate("min", query), None, (), is_absent_false=True, at=self._at(tree))

    def _event(self, tree: "exp.Anonymous") -> Node:
        self._count_arguments(tree, 1)
        name = self._text_of(tree.expressions[0], "event", self._language.events)
        event = self._language.events[name]
        if f"event {name}" in self._inside_term:
            raise self._wrong(f"the event {name!r} uses itself", tree)
        at = self._at(tree)
        before = (self._arguments, self._absorbing, self._fixed, self._days, self._base, self._frames)
        self._inside_term.append(f"event {name}")
        self._arguments, self._absorbing, self._fixed, self._base = {}, False, at, 0
        self._frames = [PROJECT]
        try:
            value = self._node(self._write_out(event.expression, tree))
        finally:
            self._inside_term.pop()
            self._arguments, self._absorbing, self._fixed, self._days, self._base, self._frames = before
        if value.kind is not Kind.DAY:
            raise self._wrong(f"the event {name!r} is {_a(value.kind)}; a day is wanted", tree)
        return ir.Dated(value, None, tuple(event.known_when), is_absent_false=False, at=at)

    def _during(self, tree: "exp.Anonymous") -> Node:
        day, start, end = (self._want(node, (Kind.DAY,), tree) for node in self._arguments_of(tree, 3))
        return ir.During(day, start, end, at=self._at(tree))

    def _overlaps(self, tree: "exp.Anonymous") -> Node:
        first, second, third, fourth = (self._want(node, (Kind.DAY,), tree) for node in self._arguments_of(tree, 4))
        return ir.Overlaps(first, second, third, fourth, at=self._at(tree))

    def _happened_by(self, tree: "exp.Anonymous") -> Node:
        event, day = (self._want(node, (Kind.DAY,), tree) for node in self._arguments_of(tree, 2))
        return ir.HappenedBy(event, day, at=self._at(tree))

    def _stage_of(self, tree: "exp.Anonymous") -> Node:
        day = self._want(self._arguments_of(tree, 1)[0], (Kind.DAY,), tree)
        query = self._rows(
            "stage", lambda source: ir.During(day, self._of(source, "started_on"), self._of(source, "ended_on")), select="id"
        )
        return ir.Aggregate("min", query, at=self._at(tree))

    def _previous(self, tree: "exp.Anonymous") -> Node:
        from sqlglot import exp  # noqa: PLC0415

        self._count_arguments(tree, 1)
        argument = tree.expressions[0]
        alias = str(argument.name).lower() if isinstance(argument, exp.Column) and not argument.table else ""
        source = next((frame for frame in self._frames if frame.alias == alias), None)
        if (
            source is None
            or self._language.origin(source.name) != "report"
            or "previous_id" not in (self._language.columns(source.name) or {})
        ):
            raise self._wrong("previous takes the report that the rule is about", tree, "previous(report)")
        if "report_before" not in self._language.views:
            raise self._wrong("previous needs the view report_before of the pack core", tree)
        chain = self._rows(
            "report_before", self._is("id", self._of(source, "id")), lambda row: ir.Filled(self._of(row, "before_id")), select="before_id"
        )
        return ir.IfBlank(self._of(source, "previous_id"), ir.Aggregate("min", chain), at=self._at(tree))

    def _linked(self, tree: "exp.Anonymous") -> Node:
        return self._link(tree, here="to", there="from")

    def _links_to(self, tree: "exp.Anonymous") -> Node:
        return self._link(tree, here="from", there="to")

    def _link(self, tree: "exp.Anonymous", *, here: str, there: str) -> Node:
        self._count_arguments(tree, 2)
        kind = self._text_of(tree.expressions[0], "kind of link", TABLES["link"].by_name["kind"].type.codes)
        table = self._text_of(tree.expressions[1], "table", TABLES)
        row = self._row(tree)
        query = self._rows(
            "link",
            self._is(f"{here}_id", self._of(row, "id")),
            self._is("kind", kind),
            self._is(f"{there}_table", table),
            self._is(f"{here}_table", self._language.origin(row.name)),
            lambda source: ir.Not(ir.KnownTrue(self._of(source, "is_broken"))),
        )
        return ir.Exists(query, at=self._at(tree))

    def _matched(self, tree: "exp.Anonymous") -> Node:
        self._count_arguments(tree, 1)
        table = self._text_of(tree.expressions[0], "table", TABLES)
        row = self._row(tree)
        sides = [
            self._rows(
                "match",
                self._is(f"{here}_id", self._of(row, "id")),
                self._is("kind", "same_thing"),
                self._is(f"{there}_table", table),
                self._is(f"{here}_table", self._language.origin(row.name)),
            )
            for here, there in (("from", "to"), ("to", "from"))
        ]
        return ir.Or(tuple(ir.Exists(side) for side in sides), at=self._at(tree))

    def _held_role(self, tree: "exp.Anonymous") -> Node:
        person, role, day = self._arguments_of(tree, 3)
        self._want(person, (Kind.PERSON,), tree)
        self._want(role, ir.TEXTS, tree)
        self._want(day, (Kind.DAY,), tree)
        query = self._rows(
            "role",
            self._is("role", role),
            lambda source: ir.SamePerson(self._of(source, "person_id"), person),
            lambda source: ir.During(day, self._of(source, "from_on"), self._of(source, "to_on")),
        )
        return ir.Exists(query, at=self._at(tree))

    def _ratio(self, tree: "exp.Anonymous") -> Node:
        first, second = (self._want(node, ir.NUMBERS, tree) for node in self._arguments_of(tree, 2))
        return ir.Ratio(first, second, at=self._at(tree))

    def _exposure(self, tree: "exp.Anonymous") -> Node:
        score, likelihood, impact = (self._want(node, ir.NUMBERS, tree) for node in self._arguments_of(tree, 3))
        return ir.IfBlank(ir.Arithmetic("*", likelihood, impact, Kind.INTEGER), score, at=self._at(tree))

    def _working_days(self, tree: "exp.Anonymous") -> Node:
        first, second = (self._want(node, (Kind.DAY,), tree) for node in self._arguments_of(tree, 2))
        return ir.WorkingDays(first, second, at=self._at(tree))

    def _add_working_days(self, tree: "exp.Anonymous") -> Node:
        first, second = self._arguments_of(tree, 2)
        return ir.AddWorkingDays(self._want(first, (Kind.DAY,), tree), self._want(second, (Kind.INTEGER,), tree), at=self._at(tree))

    def _series(self, tree: "exp.Expression") -> ir.Query:
        """Return the days of `(select x from …)`, or of `view.column`: every row of the view."""
        from sqlglot import exp  # noqa: PLC0415

        if isinstance(tree, exp.Column) and tree.table and self._language.columns(str(tree.table).lower()) is not None:
            name = str(tree.table).lower()
            source = self._inner(name)
            select = self._column_of(source, str(tree.name).lower(), tree)
            query = ir.Query(source, None, select, at=self._at(tree))
        else:
            query = self._query(tree, wants_select=True)
        if query.select is None or query.select.kind is not Kind.DAY:
            raise self._wrong("a series is made of days", tree, "(select issued_on from report where …) or view.column")
        return query

    def _longest_gap_days(self, tree: "exp.Anonymous") -> Node:
        self._count_arguments(tree, 3)
        start, end = (self._want(self._node(item), (Kind.DAY,), tree) for item in tree.expressions[1:])
        return ir.LongestGap(self._series(tree.expressions[0]), start, end, at=self._at(tree))

    def _kept_every(self, tree: "exp.Anonymous") -> Node:
        self._count_arguments(tree, 5)
        series = self._series(tree.expressions[0])
        interval, grace = (self._want(self._node(item), (Kind.INTEGER,), tree) for item in tree.expressions[1:3])
        start, end = (self._want(self._node(item), (Kind.DAY,), tree) for item in tree.expressions[3:])
        longest = ir.Arithmetic("+", interval, grace, Kind.INTEGER)
        return ir.Compare("<=", ir.LongestGap(series, start, end), longest, at=self._at(tree))


_WORDS: dict[str, Callable[[Reader, "exp.Anonymous"], Node]] = {
    "filled": Reader._filled,  # noqa: SLF001  (the table of words belongs to the reader)
    "blank": Reader._blank,  # noqa: SLF001
    "same_person": Reader._same_person,  # noqa: SLF001
    "is_group": Reader._is_group,  # noqa: SLF001
    "exists_product": Reader._exists_product,  # noqa: SLF001
    "approved_on": Reader._approved_on,  # noqa: SLF001
    "required": lambda reader, tree: reader._obligation("mandatory")(tree),  # noqa: SLF001
    "uses": lambda reader, tree: reader._obligation("mandatory", "recommended", "optional")(tree),  # noqa: SLF001
    "phase_reached": Reader._phase_reached,  # noqa: SLF001
    "gate_on": Reader._gate_on,  # noqa: SLF001
    "event": Reader._event,  # noqa: SLF001
    "during": Reader._during,  # noqa: SLF001
    "overlaps": Reader._overlaps,  # noqa: SLF001
    "happened_by": Reader._happened_by,  # noqa: SLF001
    "stage_of": Reader._stage_of,  # noqa: SLF001
    "previous": Reader._previous,  # noqa: SLF001
    "linked": Reader._linked,  # noqa: SLF001
    "links_to": Reader._links_to,  # noqa: SLF001
    "matched": Reader._matched,  # noqa: SLF001
    "held_role": Reader._held_role,  # noqa: SLF001
    "ratio": Reader._ratio,  # noqa: SLF001
    "exposure": Reader._exposure,  # noqa: SLF001
    "working_days": Reader._working_days,  # noqa: SLF001
    "add_working_days": Reader._add_working_days,  # noqa: SLF001
    "longest_gap_days": Reader._longest_gap_days,  # noqa: SLF001
    "kept_every": Reader._kept_every,  # noqa: SLF001
}
"""Words of the core vocabulary that are built into the compiler; the pack `core` documents them."""

_EXPANDED = frozenset(
    {
        *("exists_product", "approved_on", "required", "uses", "phase_reached", "gate_on", "event", "happened_by", "stage_of", "previous"),
        *("linked", "links_to", "matched", "held_role", "exposure", "kept_every", "longest_gap_days", "working_days", "add_working_days"),
        *("same_person", "is_group"),
    }
)

BUILT_IN_WORDS = frozenset({*_WORDS, *_FUNCTIONS, "today"})
"""Words that no pack needs to define."""

_FITS: Mapping[str, Collection[Kind]] = MappingProxyType(
    {
        "boolean": (Kind.BOOLEAN,),
        "integer": (Kind.INTEGER,),
        "decimal": ir.NUMBERS,
        "text": ir.TEXTS,
        "code": ir.TEXTS,
        "reference": ir.TEXTS,
        "person": (Kind.PERSON,),
        "day": (Kind.DAY,),
        "instant": (Kind.INSTANT,),
    }
)


def fits(node: Node, wanted: str) -> bool:
    """Return whether the kind of *node* is the one that a declaration names."""
    kinds = _FITS.get(wanted)
    return kinds is None or node.kind in kinds


def _shown(tree: "exp.Expression") -> str:
    try:
        text = tree.sql("duckdb")
    except Exception:  # noqa: BLE001  (sqlglot's generator on a tree that we refuse anyway)
        text = type(tree).__name__
    return " ".join(text.split())[:60]


def is_each(rule: Rule) -> bool:
    """Return whether *rule* is about a list."""
    return isinstance(rule.about, Each)
