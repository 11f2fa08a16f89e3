"""How tables of documents and sheets are recognised as registers: the part `registers` of a pack's `recognition.yaml`.

    words:                                  # what any register may call a column, by idea
      owner: [owner, responsible, responsable, verantwortlich]
    value_lists:
      level: {5: [very high, vh], 1: [very low]}
    registers:
      risk:
        table: risk                         # of the model; default: the key
        nouns: [risk, risiko, risque]       # 'risk owner' is 'owner' and says that this is a risk
        names: [risk register, risk log]    # in titles, sheet names, headings, file names
        products: [risk_log]                # kinds of artefacts that hold this register
        needs: [[title, description]]       # of each group one column must be there; a row must fill one of the first
        columns:
          title: {own: [risk event], words: [title], headers: [summary]}
          status: {words: [status], values: {closed: [done, erledigt]}}

`own` headers say by themselves which register this is; `headers` and `words` do not. Words are compared without case, accents and
punctuation. Several packs add to each other (`merge_registers`).
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from auditor.errors import AuditorError, RuleError, did_you_mean, raise_all
from auditor.model.row import Frozen
from auditor.model.schema import TABLES
from auditor.model.types import Kind
from auditor.rulebook.yaml_source import Source, load_yaml, read_model

ValueWords = dict[str, list[str]]
_SCALE = frozenset("12345")


class RegisterColumn(Frozen):
    """How one column is found and read."""

    own: list[str] = []  # headers that name this register
    headers: list[str] = []  # headers that others use too
    maybe: list[str] = []  # headers that mean it where no other header does
    words: list[str] = []  # names of lists of `words`
    values: ValueWords = {}  # standard value → words
    value_lists: list[str] = []  # names of lists of `value_lists`
    joins: bool = False  # several headers make one text ('Cause', 'Event', 'Effect')
    last: bool = False  # takes a header only when no other column wants it


class RegisterSpec(Frozen):
    """How one register is told from other tables."""

    table: str = ""
    nouns: list[str] = []
    names: list[str] = []
    maybe_names: list[str] = []  # titles below which it often stands, others too
    products: list[str] = []
    needs: list[list[str]] = Field(default=[])
    short_needs: list[str] = []  # columns of which one stands in every short header below a title that says nothing; []: any but texts
    columns: dict[str, RegisterColumn]
    constants: dict[str, str] = {}
    titled: dict[str, ValueWords] = {}  # column of codes that the header lacks → value → titles that say it
    not_alone: list[str] = []  # columns that beside names and ids tell another list: who is told how often is a plan of communication
    foreign: list[str] = []  # headers that speak against it
    never_with: list[list[str]] = []  # a header that has a word of each of these lists is not its own
    others: list[str] = []  # headers that speak for it and that the model has no column for
    others_beside_calendar: list[str] = []  # those that do so where the months of a calendar stand beside them
    repeats: bool = False  # rows with the same number and words may stand in several tables: steps of tests
    mere_date: dict[Literal["before", "after"], str] = {}  # what 'Date' means that stands before the title, or after the owner
    row_words: list[str] = []  # what a column 'Type' of a register of several kinds calls such a row


class RegistersSpec(Frozen):
    """The part `registers` of a `recognition.yaml`."""

    words: dict[str, list[str]] = {}
    value_lists: dict[str, ValueWords] = {}
    share_scales: list[list[Decimal]] = []  # usual scales of likelihoods in percent: upper bounds of 1..4 as shares; used where all agree
    costs: dict[str, list[str]] = {}  # lists of words of the reader of cost tables
    combined: list[str] = []  # headers of the column that says to which register a row belongs ('Type' of a RAID log)
    combined_names: list[str] = []  # what sheets with such a column are called ('RAID')
    other_rows: list[str] = []  # what such a column calls rows of no register ('assumption')
    stems: dict[str, list[str]] = {}  # list of `words` → beginnings of words in headers of days and people that mean the same
    tracker: dict[Literal["type", "other"], list[str]] = {}  # headers of exports of work trackers; two of them: the rows are work
    not_rows: dict[
        Literal["total", "example", "nothing", "filler", "note", "instruction", "field_type"], list[str]
    ] = {}  # how a row begins that is none; what a cell says that tells what is to stand below it
    not_registers: list[str] = []  # titles and sheet names of value lists, legends, pivots
    not_register_words: list[str] = []  # single words of such titles
    foreign: list[str] = []  # headers that speak against every register
    dictionary: dict[Literal["field", "meaning"], list[str]] = {}  # the two first headers of tables that explain what fields mean
    registers: dict[str, RegisterSpec]

    @model_validator(mode="after")
    def _names_exist(self) -> "RegistersSpec":
        wrong = [problem for name, register in self.registers.items() for problem in self._problems(name, register)]
        if wrong:
            raise ValueError("; ".join(wrong))
        if missing := sorted(self.stems.keys() - self.words.keys()):
            raise ValueError(f"stems: no lists of words {', '.join(missing)}")
        if any(len(bounds) != 4 or sorted(bounds) != bounds for bounds in self.share_scales):
            raise ValueError("each of share_scales holds four ascending shares")
        return self

    def _problems(self, name: str, register: RegisterSpec) -> Iterator[str]:
        table = TABLES.get(register.table or name)
        if table is None:
            yield f"unknown table {register.table or name!r}" + _hint(register.table or name, TABLES)
            return
        own = {column.name: column for column in table.own}
        for column, said in register.columns.items():
            if column != "id" and column not in own:
                yield f"{name}: unknown column {column!r}" + _hint(column, own)
                continue
            yield from (f"{name}.{column}: unknown list of words {word!r}" for word in said.words if word not in self.words)
            yield from (f"{name}.{column}: unknown list of values {word!r}" for word in said.value_lists if word not in self.value_lists)
            if column == "id":
                continue
            type_ = own[column].type
            allowed = _SCALE if type_.unit == "1..5" else frozenset(type_.codes) if type_.kind is Kind.CODE else None
            lists = [said.values, *(self.value_lists[word] for word in said.value_lists if word in self.value_lists)]
            if allowed is not None:
                yield from (f"{name}.{column}: {value!r} is no value" for values in lists for value in values if value not in allowed)
        for column in {column for group in register.needs for column in group} - set(register.columns):
            yield f"{name}.needs: column {column!r} is not declared"
        for column in set(register.short_needs) - set(register.columns):
            yield f"{name}.short_needs: column {column!r} is not declared"
        for column, value in register.constants.items():
            if column not in own or (own[column].type.codes and value not in own[column].type.codes):
                yield f"{name}.constants: {column} cannot be {value!r}"
        for column, said_by in register.titled.items():
            for value in said_by:
                if column not in own or not own[column].type.codes or value not in own[column].type.codes:
                    yield f"{name}.titled: {column} cannot be {value!r}"


def _hint(name: str, known: Iterable[str]) -> str:
    hint = did_you_mean(name, list(known))
    return f" ({hint})" if hint else ""


def registers_of(source: Source, errors: list[AuditorError]) -> RegistersSpec | None:
    """Return the part `registers` of a loaded `recognition.yaml`; None when it has none or when it is wrong (see *errors*)."""
    if not isinstance(source.data, Mapping):
        errors.append(RuleError("recognition.yaml is a mapping", at=source.positions.at()))
        return None
    return read_model(RegistersSpec, source, errors, "registers") if "registers" in source.data else None


def load_registers(file: Path | Traversable, name: str | None = None) -> RegistersSpec | None:
    """Return the part `registers` of *file*, or None when it has none.

    Raises:
        ExceptionGroup: of `RuleError`s, one per mistake, each with its place.
    """
    errors: list[AuditorError] = []
    found = registers_of(load_yaml(file, name), errors)
    raise_all("recognition of registers", errors)
    return found


def merge_registers(specs: Iterable[RegistersSpec]) -> RegistersSpec:
    """Return what all *specs* say together; lists are joined, single values of later ones win."""
    merged: RegistersSpec | None = None
    for spec in specs:
        merged = spec if merged is None else RegistersSpec.model_validate(_merged(merged.model_dump(), spec.model_dump(exclude_unset=True)))
    return merged if merged is not None else RegistersSpec(registers={})


def _merged(first: object, second: object) -> object:
    if isinstance(first, dict) and isinstance(second, dict):
        keys = dict.fromkeys([*first, *second])
        return {
            key: _merged(first[key], second[key]) if key in first and key in second else first.get(key, second.get(key)) for key in keys
        }
    if isinstance(first, list) and isinstance(second, list):
        return [*first, *(item for item in second if item not in first)]
    return second
