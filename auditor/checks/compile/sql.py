"""Small builders of SQL trees. Names are always quoted, values always literals."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.generator import Generator

Sql = exp.Expression


def column(table: str, name: str) -> Sql:
    """Return `table.name`."""
    return exp.Column(this=exp.to_identifier(name, quoted=True), table=exp.to_identifier(table, quoted=True))


def name(text: str) -> exp.Identifier:
    """Return a quoted name."""
    return exp.to_identifier(text, quoted=True)


def value(given: Any) -> Sql:
    """Return a literal of an exact value."""
    if given is None:
        return exp.Null()
    if isinstance(given, bool):
        return exp.Boolean(this=given)
    if isinstance(given, int):
        number = exp.Literal.number(abs(given))
        return exp.Paren(this=exp.Neg(this=number)) if given < 0 else number
    if isinstance(given, Decimal):
        number = exp.Literal.number(format(abs(given), "f"))
        return exp.Paren(this=exp.Neg(this=number)) if given < 0 else number
    if isinstance(given, datetime):
        return cast(exp.Literal.string(given.isoformat(sep=" ")), "TIMESTAMP")
    if isinstance(given, date):
        return cast(exp.Literal.string(given.isoformat()), "DATE")
    return exp.Literal.string(str(given))


def named(item: Sql, name_: str) -> Sql:
    """Return `item as name`."""
    return exp.Alias(this=item, alias=name(name_))


def cast(item: Sql, type_: str) -> Sql:
    """Return a cast to a type of DuckDB."""
    return exp.Cast(this=item, to=_type(type_))


@cache
def _type(written: str) -> exp.DataType:
    return exp.DataType.build(written, dialect="duckdb")


def both(items: Iterable[Sql]) -> Sql:
    """Return the conjunction of *items*; true when there are none."""
    return _chain(exp.And, list(items), true())


def either(items: Iterable[Sql]) -> Sql:
    """Return the disjunction of *items*; false when there are none."""
    return _chain(exp.Or, list(items), false())


def _chain(kind: type[exp.And | exp.Or], items: Sequence[Sql], empty: Sql) -> Sql:
    if not items:
        return empty
    result = items[0]
    for item in items[1:]:
        result = exp.Paren(this=kind(this=result, expression=item))
    return result


def true() -> Sql:
    """Return TRUE."""
    return exp.Boolean(this=True)


def false() -> Sql:
    """Return FALSE."""
    return exp.Boolean(this=False)


def null() -> Sql:
    """Return NULL."""
    return exp.Null()


def no(item: Sql) -> Sql:
    """Return the negation."""
    return exp.Paren(this=exp.Not(this=exp.Paren(this=item)))


def is_null(item: Sql) -> Sql:
    """Return `item IS NULL`."""
    return exp.Paren(this=exp.Is(this=item, expression=exp.Null()))


def is_there(item: Sql) -> Sql:
    """Return `item IS NOT NULL`."""
    return exp.Paren(this=exp.Not(this=exp.Is(this=item, expression=exp.Null())))


def is_true(item: Sql) -> Sql:
    """Return `coalesce(item, false)`: true where it is known to be true."""
    return call("coalesce", item, false())


_OPERATORS: dict[str, type[exp.Binary]] = {
    "=": exp.EQ,
    "<>": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
    "+": exp.Add,
    "-": exp.Sub,
    "*": exp.Mul,
}


def binary(operator: str, left: Sql, right: Sql) -> Sql:
    """Return a comparison or a sum, difference, product, in parentheses."""
    return exp.Paren(this=_OPERATORS[operator](this=left, expression=right))


def call(function: str, *arguments: Sql) -> Sql:
    """Return a call of a function by its name."""
    return exp.Anonymous(this=function, expressions=list(arguments))


def case(*pairs: tuple[Sql, Sql], otherwise: Sql | None = None) -> Sql:
    """Return `case when … then … else … end`; without *otherwise* NULL."""
    ifs = [exp.If(this=test, true=result) for test, result in pairs]
    return exp.Case(ifs=ifs, default=otherwise)


def count_if(test: Sql) -> Sql:
    """Return how many rows meet *test*."""
    return exp.Count(this=case((test, value(1))))


def test_bit(bits: Sql, mask: int) -> Sql:
    """Return whether a bit of *mask* is set; never NULL."""
    masked = exp.Paren(this=exp.BitwiseAnd(this=bits, expression=exp.Literal.number(mask)))
    return exp.Paren(this=exp.NEQ(this=masked, expression=exp.Literal.number(0)))


def text(tree: Sql) -> str:
    """Return *tree* as DuckDB reads it. The tree is not copied: parts of it may stand in several places and are never changed."""
    return _generator().generate(tree, copy=False)


@cache
def _generator() -> Generator:
    return DuckDB().generator(comments=False)
