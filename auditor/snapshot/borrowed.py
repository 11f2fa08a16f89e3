"""A declared mapping with the headers of registers in documents behind it: fields of tools are called what columns of sheets are called."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from auditor.config.mapping import ColumnMapping, EntryMapping, RegisterMapping, fold
from auditor.model.schema import TABLES
from auditor.model.types import Kind
from auditor.rulebook.registers_spec import RegisterColumn, RegisterSpec, RegistersSpec

_WITHOUT = frozenset({"id", "title", "description", "name"})
"""Columns that every entry of a tool has a field of its own for."""


def with_headers(mapping: EntryMapping, registers: RegistersSpec | None) -> EntryMapping:
    """Return *mapping* with the headers and values that *registers* declares behind its own.

    A header counts behind the fields that the mapping names and before the source's native ones, which every entry has (a field
    'Identification date' says more than the day of entry). A header of two columns of a register is neither's, unless it names the
    register in one of them. What such a field is called says less than a declaration: left empty, it is blank only where another entry of
    the same register has it filled (`ColumnMapping.borrowed`).
    """
    if registers is None or not mapping.registers:
        return mapping
    made = dict(mapping.registers)
    for table, register in mapping.registers.items():
        spec = registers.registers.get(table)
        if spec is not None and (spec.table or table) == table:
            made[table] = _extended(register, spec, registers, mapping.native)
    return replace(mapping, registers=made)


def _extended(register: RegisterMapping, spec: RegisterSpec, registers: RegistersSpec, native: frozenset[str]) -> RegisterMapping:
    taken = {said for column in register.columns.values() for said in column.fields} | native
    # What a sheet calls 'type' or 'category' says of which kind its rows are; a field of that name says anything.
    headers = {name: tuple(dict.fromkeys(_headers(column, registers, own_only=name == "kind"))) for name, column in spec.columns.items()}
    own_of = Counter(fold(word) for column in spec.columns.values() for word in dict.fromkeys(column.own))
    uses = Counter(word for said in headers.values() for word in said)
    declared = TABLES[register.table].by_name
    columns = dict(register.columns)
    for name, said in headers.items():
        if name in _WITHOUT:
            continue
        before = columns.get(name, ColumnMapping(()))
        values = before.values
        if declared[name].type.kind in _WITH_VALUES and name != "kind":
            values = {**_values(spec.columns[name], registers), **before.values}
        of_register = {fold(word) for word in spec.columns[name].own if own_of[fold(word)] == 1}
        own = tuple(word for word in said if word and word not in taken and (uses[word] == 1 or word in of_register))
        if name == "status":
            own = ()  # it has its native field, whose workflow is the register's: fields beside it say something else
        first = next((place for place, word in enumerate(before.fields) if word in native), len(before.fields))
        fields = (*before.fields[:first], *own, *before.fields[first:])
        if fields:
            columns[name] = replace(before, fields=fields, values=values, borrowed=frozenset(own))
    return replace(register, columns=columns)


_WITH_VALUES = (Kind.CODE, Kind.BOOLEAN, Kind.INTEGER)


def _headers(column: RegisterColumn, registers: RegistersSpec, *, own_only: bool) -> Iterator[str]:
    others = () if own_only else (*column.headers, *(word for name in column.words for word in registers.words[name]))
    for said in (*column.own, *others):
        yield fold(said)


def _values(column: RegisterColumn, registers: RegistersSpec) -> Mapping[str, str]:
    lists = [column.values, *(registers.value_lists[name] for name in column.value_lists)]
    return {fold(word): value for one in reversed(lists) for value, words in one.items() for word in words}
