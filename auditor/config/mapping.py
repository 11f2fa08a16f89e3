"""Which entries of a tracker or list become which rows of registers: declared, shipped by the connector, overridable in `auditor.toml`.

One grammar for both:

    work_only: [Story, Bug]              # types that are work and no register's entry
    value_lists:
      level: {5: [very high], 1: [very low]}
    registers:
      risk:
        types: [Risk, Risiko]            # the source's words for an entry of this register
        columns:
          title: [summary]               # fields of the source, the first that is filled counts
          status: {fields: [status, status_category], values: {closed: [done, erledigt]}, refused: rejected}
          likelihood: {fields: [Probability], value_list: level}

`native` are fields that every entry has: they mean what is declared here and nothing that a column of a sheet is called.
`refused` is the value that counts when the field `resolution` says that the entry was finished without being done, whatever its status.

Words are compared without case, accents and punctuation. What an override says comes before what it overrides.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from auditor.errors import AuditorError, Location, UsageError, did_you_mean, raise_all
from auditor.model.schema import TABLES, Table
from auditor.model.types import Kind

_NOT_WORD = re.compile(r"[\W_]+")
_SCALE = "1..5"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Ten times faster where PyYAML was built with it."""


@lru_cache(maxsize=16_384)
def fold(word: str) -> str:
    """Return *word* as words of sources are compared: without case, accents and punctuation."""
    if not word.isascii():
        word = "".join(letter for letter in unicodedata.normalize("NFKD", word) if not unicodedata.combining(letter))
    return _NOT_WORD.sub(" ", word.casefold()).strip()


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Where a column's value comes from."""

    fields: tuple[str, ...]  # folded names, most wanted first
    values: Mapping[str, str] = field(default_factory=dict)  # folded word → standard value; '4' for a scale
    refused: str = ""  # the value where the entry was finished without being done; '': what its own field says
    borrowed: frozenset[str] = frozenset()  # those of *fields* that nobody declared for this source
    certain: frozenset[str] = frozenset()  # those of *fields* that the configuration of this source names, not what is shipped


@dataclass(frozen=True, slots=True)
class RegisterMapping:
    """How entries become rows of one register."""

    table: str
    columns: Mapping[str, ColumnMapping]


@dataclass(frozen=True, slots=True)
class EntryMapping:
    """The whole declaration.

    Attributes:
        registers: table → mapping.
        types: folded type → table.
        work_only: folded types that are no register's entries.
    """

    registers: Mapping[str, RegisterMapping] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    work_only: frozenset[str] = frozenset()
    refusals: frozenset[str] = frozenset()  # folded resolutions that say that nothing was done
    native: frozenset[str] = frozenset()  # folded fields that every entry of the source has: they mean what *registers* says, nothing else

    def table_of(self, type_: str) -> str | None:
        """Return the register of entries of this type, or None."""
        return self.types.get(fold(type_))

    def is_work(self, type_: str) -> bool:
        """Say whether entries of this type are known to be no register's."""
        return fold(type_) in self.work_only


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


class _DeclaredColumn(_Declared):
    fields: tuple[str, ...] = ()
    values: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    value_list: str = ""
    refused: str = ""

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"fields": value} if isinstance(value, (list, tuple)) else value


class _DeclaredRegister(_Declared):
    types: tuple[str, ...] = ()
    columns: dict[str, _DeclaredColumn] = Field(default_factory=dict)


class _DeclaredMapping(_Declared):
    work_only: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    native: tuple[str, ...] = ()
    value_lists: dict[str, dict[str, tuple[str, ...]]] = Field(default_factory=dict)
    registers: dict[str, _DeclaredRegister] = Field(default_factory=dict)


def load_mapping(text: str, *, file: str) -> EntryMapping:
    """Return the mapping that a YAML text declares.

    Raises:
        UsageError: it is no YAML.
        ExceptionGroup: everything that is wrong with it, of `UsageError`.
    """
    try:
        data = yaml.load(text, Loader=_LOADER)  # noqa: S506  (a safe loader, too)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = Location(file, mark.line + 1, mark.column + 1) if mark else Location(file)
        raise UsageError("this is no YAML", at=at, hint=str(getattr(error, "problem", ""))) from error
    return extend_mapping(EntryMapping(), data if data is not None else {}, file=file, is_shipped=True)


def extend_mapping(mapping: EntryMapping, declared: Any, *, file: str, is_shipped: bool = False) -> EntryMapping:
    """Return *mapping* with what *declared* (the grammar above, as plain data) says put before it.

    Args:
        mapping: what is extended.
        declared: the declaration.
        file: where it stands.
        is_shipped: whether it is no user's own: its names fit many sources, and this one may use a name for something else.

    Raises:
        ExceptionGroup: everything that is wrong with *declared*, of `UsageError`.
    """
    try:
        read = _DeclaredMapping.model_validate(declared)
    except ValidationError as error:
        raise_all(
            f"{file}: the mapping is wrong",
            [UsageError(f"{'.'.join(map(str, item['loc']))}: {item['msg'].lower()}", at=Location(file)) for item in error.errors()],
        )
        raise
    errors: list[AuditorError] = []
    registers = dict(mapping.registers)
    types = dict(mapping.types)
    work_only = set(mapping.work_only)
    for name, register in read.registers.items():
        table = TABLES.get(name)
        if table is None:
            errors.append(UsageError(f"registers.{name}: no table of the model", at=Location(file), hint=did_you_mean(name, TABLES)))
            continue
        before = registers.get(name, RegisterMapping(name, {}))
        registers[name] = replace(before, columns=_columns(before, table, register, read, file, errors, is_shipped=is_shipped))
        for said in register.types:
            if (
                taken := next((other for other, it in read.registers.items() if other != name and said in it.types), None)
            ) and taken < name:
                errors.append(UsageError(f"registers.{name}.types: {said!r} is a type of {taken!r} already", at=Location(file)))
            types[fold(said)] = name
            work_only.discard(fold(said))
    for said in read.work_only:
        work_only.add(fold(said))
        types.pop(fold(said), None)
    raise_all(f"{file}: the mapping is wrong", errors)
    refusals = mapping.refusals | frozenset(map(fold, read.refusals))
    native = mapping.native | frozenset(map(fold, read.native))
    return EntryMapping(registers, types, frozenset(work_only), refusals, native)


def _columns(
    before: RegisterMapping,
    table: Table,
    register: _DeclaredRegister,
    read: _DeclaredMapping,
    file: str,
    errors: list[AuditorError],
    *,
    is_shipped: bool,
) -> dict[str, ColumnMapping]:
    columns = dict(before.columns)
    own = {column.name: column for column in table.own}
    for name, said in register.columns.items():
        where = f"registers.{table.name}.columns.{name}"
        if name not in own:
            errors.append(UsageError(f"{where}: no column of {table.name!r}", at=Location(file), hint=did_you_mean(name, own)))
            continue
        lists = read.value_lists.get(said.value_list, {})
        if said.value_list and not lists:
            hint = did_you_mean(said.value_list, read.value_lists)
            errors.append(UsageError(f"{where}: no list of values {said.value_list!r}", at=Location(file), hint=hint))
        values: dict[str, str] = {}
        for code, words in (*lists.items(), *said.values.items()):
            allowed = _allowed(own[name].type.kind, own[name].type.codes, own[name].type.unit)
            if allowed and code not in allowed:
                errors.append(
                    UsageError(f"{where}: {code!r} is no value of this column", at=Location(file), hint=did_you_mean(code, allowed))
                )
            values |= {fold(word): code for word in words}
        older = columns.get(name, ColumnMapping(()))
        fields = tuple(dict.fromkeys((*map(fold, said.fields), *older.fields)))
        if said.refused and said.refused not in own[name].type.codes:
            hint = did_you_mean(said.refused, own[name].type.codes)
            errors.append(UsageError(f"{where}.refused: {said.refused!r} is no value of this column", at=Location(file), hint=hint))
        certain = older.certain if is_shipped else older.certain | frozenset(map(fold, said.fields))
        columns[name] = replace(
            older, fields=fields, values={**older.values, **values}, refused=said.refused or older.refused, certain=certain
        )
    return columns


def _allowed(kind: Kind, codes: tuple[str, ...], unit: str | None) -> tuple[str, ...]:
    if kind is Kind.CODE:
        return codes
    if kind is Kind.BOOLEAN:
        return ("true", "false")
    return ("1", "2", "3", "4", "5") if unit == _SCALE else ()
