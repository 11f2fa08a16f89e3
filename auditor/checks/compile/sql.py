"""Small builders of SQL as text. Names are always quoted, values always literals, and whatever has parts stands in parentheses.

Text, not trees: a statement is written once and read by the database alone, and a library's trees cost ten times as much to build and
write as the text itself. What is known already is not written: to understand a statement is what a small database spends its time with.
"""

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from auditor.checks.quoting import literal, quoted


class Sql(str):
    """An expression."""

    __slots__ = ()


class Known(Sql):
    """An expression whose value is known.

    Attributes:
        known: the value; None: NULL.
    """

    __slots__ = ("known",)
    known: Any


def known(text: str, given: Any) -> Known:
    """Return *text* as an expression with that value."""
    found = Known(text)
    found.known = given
    return found


@dataclass
class Select:
    """A query.

    Attributes:
        columns: what it gives.
        source: what stands behind FROM.
        joins: each with its LEFT JOIN or JOIN.
        where: NULL and false leave a row out; None: every row.
        group, order: by what.
        before: common table expressions, by name.
    """

    columns: Sequence[Sql]
    source: str
    joins: Sequence[str] = ()
    where: Sql | None = None
    group: Sequence[Sql] = ()
    order: Sequence[Sql] = ()
    before: "dict[str, Select]" = field(default_factory=dict)


def column(table: str, name: str) -> Sql:
    """Return `table.name`; the name alone where *table* is ''."""
    return Sql(f"{quoted(table)}.{quoted(name)}" if table else quoted(name))


def value(given: Any) -> Known:
    """Return a literal of an exact value."""
    if given is None:
        return null()
    if isinstance(given, bool):
        return true() if given else false()
    if isinstance(given, int):
        return known(f"({given})" if given < 0 else f"{given}", given)
    if isinstance(given, Decimal):
        return known(f"({given:f})" if given < 0 else f"{given:f}", given)
    if isinstance(given, datetime):
        return known(f"CAST({literal(given.isoformat(sep=' '))} AS TIMESTAMP)", given)
    if isinstance(given, date):
        return known(f"CAST({literal(given.isoformat())} AS DATE)", given)
    return known(literal(str(given)), str(given))


def named(item: Sql, name: str) -> Sql:
    """Return `item as name`."""
    return Sql(f"{item} AS {quoted(name)}")


_CAST: Mapping[str, type] = {"BOOLEAN": bool, "BIGINT": int, "INTEGER": int, "VARCHAR": str, "DATE": date, "TIMESTAMP": datetime}


def cast(item: Sql, type_: str) -> Sql:
    """Return a cast to a type of DuckDB."""
    text = f"CAST({item} AS {type_})"
    if not isinstance(item, Known):
        return Sql(text)
    if item.known is None:
        return known(f"CAST(NULL AS {type_})", None)
    if type(item.known) is bool and type_ == "UTINYINT":
        return value(int(item.known))
    if type(item.known) is _CAST.get(type_):
        return item if type_ in ("BOOLEAN", "VARCHAR", "DATE", "TIMESTAMP") else known(text, item.known)
    return Sql(text)


def both(items: Iterable[Sql]) -> Sql:
    """Return the conjunction of *items*; true when there are none."""
    return _chain(" AND ", items, neutral=True)


def either(items: Iterable[Sql]) -> Sql:
    """Return the disjunction of *items*; false when there are none."""
    return _chain(" OR ", items, neutral=False)


def _chain(word: str, items: Iterable[Sql], *, neutral: bool) -> Sql:
    open_: dict[Sql, None] = {}
    for item in items:
        if isinstance(item, Known) and isinstance(item.known, bool):
            if item.known is not neutral:
                return value(not neutral)
        else:
            open_[item] = None
    listed = list(open_)
    if not listed:
        return value(neutral)
    return listed[0] if len(listed) == 1 else Sql(f"({word.join(listed)})")


def true() -> Known:
    """Return TRUE."""
    return known("TRUE", True)


def false() -> Known:
    """Return FALSE."""
    return known("FALSE", False)


def null() -> Known:
    """Return NULL."""
    return known("NULL", None)


def _maybe() -> Known:
    """Return a condition that is NULL."""
    return known("CAST(NULL AS BOOLEAN)", None)


def no(item: Sql) -> Sql:
    """Return the negation."""
    if isinstance(item, Known):
        return _maybe() if item.known is None else value(not item.known)
    return Sql(f"(NOT {item})")


def is_null(item: Sql) -> Sql:
    """Return `item IS NULL`."""
    return value(item.known is None) if isinstance(item, Known) else Sql(f"({item} IS NULL)")


def is_there(item: Sql) -> Sql:
    """Return `item IS NOT NULL`."""
    return value(item.known is not None) if isinstance(item, Known) else Sql(f"({item} IS NOT NULL)")


def is_true(item: Sql) -> Sql:
    """Return `coalesce(item, false)`: true where it is known to be true."""
    return call("coalesce", item, false())


_COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COMPUTED: Mapping[str, Callable[[int, int], int]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}
_SMALL = 1 << 15  # whole numbers below it are computed here: no sum or product of two leaves the type of a literal


def binary(sign: str, left: Sql, right: Sql) -> Sql:
    """Return a comparison or a sum, difference, product."""
    known_ones = [side.known for side in (left, right) if isinstance(side, Known)]
    if sign in _COMPARED and None in known_ones:
        return _maybe()
    if len(known_ones) == 2:
        a, b = known_ones
        if sign in _COMPARED and type(a) is type(b) and (sign in ("=", "<>") or not isinstance(a, str)):
            return value(_COMPARED[sign](a, b))
        if sign in _COMPUTED and type(a) is type(b) is int and abs(a) < _SMALL and abs(b) < _SMALL:
            return value(_COMPUTED[sign](a, b))
    return Sql(f"({left} {sign} {right})")


def among(item: Sql, values: Iterable[Sql]) -> Sql:
    """Return `item in (values)`."""
    listed = list(values)
    if isinstance(item, Known):
        if item.known is None:
            return _maybe()
        if all(isinstance(one, Known) and type(one.known) is type(item.known) for one in listed):
            return value(any(isinstance(one, Known) and one.known == item.known for one in listed))
    return Sql(f"({item} IN ({', '.join(listed)}))")


def within(item: Sql, select: Select) -> Sql:
    """Return `item in (select)`."""
    return Sql(f"({item} IN ({text(select)}))")


def call(function: str, *arguments: Sql) -> Sql:
    """Return a call of a function by its name."""
    if function == "coalesce":
        return _first_of(arguments)
    if function == "nullif" and all(isinstance(one, Known) and (one.known is None or isinstance(one.known, bool)) for one in arguments):
        first, second = arguments
        return _maybe() if first == second else first
    return Sql(f"{function}({', '.join(arguments)})")


def names(text: Sql, word: Sql) -> Sql:
    """Return whether *word* stands in *text* with neither letter, digit, hyphen nor underscore beside it, in capitals or not."""
    beside = r"[^\pL\pN_-]"
    form = f"'(^|{beside})' || regexp_escape(lower({word})) || '({beside}|$)'"
    # an expression for every pair of rows is compiled where the word stands in the text at all: that is what takes the time
    found = f"case when not contains(lower({text}), lower({word})) then false else regexp_matches(lower({text}), {form}) end"
    return Sql(f"({word} <> '' and {found})")


def _first_of(items: Sequence[Sql]) -> Sql:
    left: list[Sql] = []
    gone: list[Sql] = []
    for item in items:
        if isinstance(item, Known) and item.known is None:
            gone.append(item)
            continue
        left.append(item)
        if isinstance(item, Known):
            break
    if not left:
        return items[0]
    if len(left) > 1:
        return Sql(f"coalesce({', '.join(left)})")
    only, type_ = left[0], next((_TYPE.fullmatch(item) for item in gone), None)
    if isinstance(only, Known) and type_ is not None and type_[1] not in _CAST:
        return known(f"CAST({only} AS {type_[1]})", only.known)  # a decimal has the digits of what is missing
    return only


_TYPE = re.compile(r"CAST\(NULL AS (.+)\)")


def case(*pairs: tuple[Sql, Sql], otherwise: Sql | None = None) -> Sql:
    """Return `case when … then … else … end`; without *otherwise* NULL."""
    open_: list[tuple[Sql, Sql]] = []
    for test, result in pairs:
        if isinstance(test, Known):
            if not test.known:
                continue
            otherwise = result
            break
        open_.append((test, result))
    if not open_:
        if otherwise is not None:
            return otherwise
        result = pairs[0][1]
        if isinstance(result, Known) and result.known is None:
            return result
        if isinstance(result, Known):
            kind = next((name for name, type_ in _CAST.items() if type(result.known) is type_), None)
            return null() if kind is None else cast(null(), kind)
        return Sql(f"CASE WHEN FALSE THEN {result} END")
    whens = " ".join(f"WHEN {test} THEN {result}" for test, result in open_)
    return Sql(f"CASE {whens} END" if otherwise is None else f"CASE {whens} ELSE {otherwise} END")


def count_rows() -> Sql:
    """Return `count(*)`."""
    return Sql("COUNT(*)")


def count_if(test: Sql) -> Sql:
    """Return how many rows meet *test*."""
    return call("COUNT", case((test, value(1))))


def distinct(item: Sql) -> Sql:
    """Return the argument of an aggregate that takes each value once."""
    return Sql(f"DISTINCT {item}")


def test_bit(bits: Sql, mask: int) -> Sql:
    """Return whether a bit of *mask* is set; never NULL."""
    return Sql(f"(({bits} & {mask}) <> 0)")


def empty_list(of: str) -> Sql:
    """Return a list without elements of a type."""
    return cast(Sql("[]"), f"{of}[]")


def ordered(item: Sql, *, is_descending: bool = False) -> Sql:
    """Return a key of an order in which what has no value stands last."""
    return Sql(f"{item}{' DESC' if is_descending else ''} NULLS LAST")


def over(item: Sql, partition: Sequence[Sql], order: Sequence[Sql], rows: str) -> Sql:
    """Return a window function. *rows*: which rows around the row it takes; '': as its order says."""
    parts = [f"PARTITION BY {', '.join(partition)}"]
    if order:
        parts.append(f"ORDER BY {', '.join(order)}")
    if rows:
        parts.append(rows)
    return Sql(f"{item} OVER ({' '.join(parts)})")


def relation(name: str, alias: str) -> str:
    """Return a relation under another name, for FROM and JOIN."""
    return f"{quoted(name)} AS {quoted(alias)}"


def rows_of(select: Select, alias: str) -> str:
    """Return a query as a relation, for FROM and JOIN."""
    return f"({text(select)}) AS {quoted(alias)}"


def text(select: Select) -> str:
    """Return a query as DuckDB reads it."""
    parts = []
    if select.before:
        parts.append("WITH " + ", ".join(f"{quoted(name)} AS ({text(query)})" for name, query in select.before.items()))
    parts.append(f"SELECT {', '.join(select.columns)} FROM {select.source}")
    parts += select.joins
    if select.where is not None:
        parts.append(f"WHERE {select.where}")
    if select.group:
        parts.append(f"GROUP BY {', '.join(select.group)}")
    if select.order:
        parts.append(f"ORDER BY {', '.join(select.order)}")
    return " ".join(parts)
