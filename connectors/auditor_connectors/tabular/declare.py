r"""What a table of an export means: declared in YAML, with mistakes told by file and line.

    tables:
      - name: costs                            # stands in the keys of rows: do not change it lightly
        files: ["costs/*.csv"]                 # below the source's root
        project: {column: Project}             # or {value: ALPHA}, {file: 'costs-(\w+)'}, {folder: 1}
        id: [Document no, Line]                # left out: a digest of what is mapped
        rows:
          - table: cost
            columns:                           # a header that is missing makes the table incomplete
              category: Cost type
              kind: {column: Value type, values: {commitment: [Obligo], actual: [Ist]}}
              amount: Amount
            optional:                          # these may be missing; then they are unknown
              period_on: [Posting date, Buchungsdatum]
            constants: {currency: EUR}

Headers and words are compared without case, accents and punctuation. Of several headers the first that the file has counts.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from auditor.config.mapping import fold
from auditor.errors import AuditorError, Location, UsageError, did_you_mean, raise_all
from auditor.model.schema import TABLES, Column
from auditor.model.types import Kind

_SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BOOLEAN = "tag:yaml.org,2002:bool"


class _LOADER(_SAFE):  # type: ignore[misc]  # the C loader has no types
    """Only true and false are booleans, and days stay text: 'No' is a header, 'Ja' a word."""


_LOADER.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag not in {_BOOLEAN, "tag:yaml.org,2002:timestamp"}]
    for first, found in _SAFE.yaml_implicit_resolvers.items()
}
_LOADER.add_implicit_resolver(_BOOLEAN, re.compile(r"^(?:true|false)$"), list("tf"))
_NAME = r"^[A-Za-z0-9][\w-]{0,63}$"
Headers = tuple[str, ...]


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, (str, int)) and not isinstance(value, bool) else value


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


class Cells(_Declared):
    """Where the value of a column comes from."""

    column: Headers = ()
    """Header, or several: the first that the file has counts."""
    take: Literal["", "header", "cell", "id"] = ""
    """Within `each`: the part of the header or of the cell; 'id': the id of the line."""
    match: str = ""
    """Regular expression with one group: the part of the text that counts; a text that does not match is unknown."""
    values: dict[str, Headers] = Field(default_factory=dict)
    """Standard value → the tool's words for it."""
    unit: Literal["", "seconds", "minutes", "hours", "percent"] = ""
    """Of the numbers; hours of a text such as '40 hrs' need none."""
    blank: str = ""
    """Standard value that a blank cell stands for; left out: a blank is a blank."""
    bands: dict[str, int] = Field(default_factory=dict)
    """Standard value → the percentage from which on it counts: {todo: 0, in_progress: 1, done: 100}."""
    negative_when: "tuple[Test, ...]" = ()
    """An amount counts as negative when one of these holds: credit notes that are written without a sign."""

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        if isinstance(value, (str, list, tuple)):
            return {"column": value}
        return value

    _columns = field_validator("column", mode="before")(_listed)

    @field_validator("negative_when", mode="before")
    @classmethod
    def _several(cls, value: Any) -> Any:
        return (value,) if isinstance(value, dict) else value

    @field_validator("values", mode="before")
    @classmethod
    def _words(cls, value: Any) -> Any:
        return {code: _listed(words) for code, words in value.items()} if isinstance(value, dict) else value

    @field_validator("match")
    @classmethod
    def _is_pattern(cls, value: str) -> str:
        return _pattern(value)

    @model_validator(mode="after")
    def _has_a_place(self) -> Self:
        if bool(self.column) == bool(self.take):
            raise ValueError("needs either `column` or `take`")
        return self

    @cached_property
    def codes(self) -> Mapping[str, str]:
        """Folded word → standard value."""
        return {fold(word): code for code, words in self.values.items() for word in words}

    @cached_property
    def pattern(self) -> "re.Pattern[str] | None":
        """`match`, compiled."""
        return re.compile(self.match) if self.match else None


class Test(_Declared):
    """Whether something is to be done with a line."""

    column: Headers
    is_: Headers = Field(default=(), alias="is")
    """Words for which it holds; left out: any text does."""
    not_: Headers = Field(default=(), alias="not")
    """Words for which it does not. Where both stand here, any other word is undecided: it is told, and the table is incomplete."""

    _lists = field_validator("column", "is_", "not_", mode="before")(_listed)

    def holds(self, text: str) -> bool | None:
        """Say whether it holds for a cell; None: nobody can tell."""
        word = fold(text)
        yes, no = {fold(said) for said in self.is_}, {fold(said) for said in self.not_}
        if yes:
            return True if word in yes else None if word and no and word not in no else False
        return word not in no and bool(text.strip())


class Each(_Declared):
    """A line gives several rows: one per header that fits, or one per part of a cell."""

    headers: Headers = ()
    """`periods`: every header that names a year, quarter or month; else headers with `*` in them. Blank cells give no row."""
    column: Headers = ()
    split: str = ","
    """Regular expression between the parts of the cell."""

    _lists = field_validator("column", "headers", mode="before")(_listed)

    @field_validator("split")
    @classmethod
    def _is_pattern(cls, value: str) -> str:
        return _pattern(value)

    @model_validator(mode="after")
    def _has_a_place(self) -> Self:
        if bool(self.column) == bool(self.headers):
            raise ValueError("needs either `headers` or `column`")
        return self


class Rows(_Declared):
    """A row of the model that a line gives."""

    table: str
    suffix: Annotated[str, Field(pattern=r"^[\w-]*$")] = ""
    """Comes behind the line's id; needed where a line gives several rows of one table."""
    when: tuple[Test, ...] = ()
    each: Each | None = None
    columns: dict[str, Cells] = Field(default_factory=dict)
    optional: dict[str, Cells] = Field(default_factory=dict)
    constants: dict[str, str | bool | int] = Field(default_factory=dict)

    @field_validator("when", mode="before")
    @classmethod
    def _several(cls, value: Any) -> Any:
        return (value,) if isinstance(value, dict) else value

    @property
    def sources(self) -> Mapping[str, Cells]:
        """Every column that comes from cells."""
        return {**self.optional, **self.columns}


class Entries(_Declared):
    """A line is an entry of a tracker: the mapping of the Jira connector, and `[source.mapping]`, turn it into a row of a register."""

    type: str = ""
    """The type of every line."""
    type_column: Headers = ()
    """Or the column that holds it."""
    columns: dict[str, Headers] = Field(default_factory=dict)
    """Field of the mapping → headers; every other header is a field by its own name."""
    optional: dict[str, Headers] = Field(default_factory=dict)

    @field_validator("columns", "optional", mode="before")
    @classmethod
    def _fields(cls, value: Any) -> Any:
        return {name: _listed(headers) for name, headers in value.items()} if isinstance(value, dict) else value

    _lists = field_validator("type_column", mode="before")(_listed)

    @model_validator(mode="after")
    def _has_a_type(self) -> Self:
        if bool(self.type) == bool(self.type_column):
            raise ValueError("needs either `type` or `type_column`")
        return self


class Project(_Declared):
    """Which project a line belongs to."""

    column: Headers = ()
    values: dict[str, Headers] = Field(default_factory=dict)
    """Project → the tool's words for it; other words stand for themselves."""
    value: str = ""
    file: str = ""
    """Regular expression with one group, looked for in the path of the file."""
    folder: Annotated[int, Field(ge=0)] = 0
    """The n-th folder of the path; 1 lies directly below the root."""

    _lists = field_validator("column", mode="before")(_listed)

    @field_validator("values", mode="before")
    @classmethod
    def _words(cls, value: Any) -> Any:
        return {code: _listed(words) for code, words in value.items()} if isinstance(value, dict) else value

    @field_validator("file")
    @classmethod
    def _is_pattern(cls, value: str) -> str:
        return _pattern(value)

    @model_validator(mode="after")
    def _has_one(self) -> Self:
        if sum(map(bool, (self.column, self.value, self.file, self.folder))) != 1:
            raise ValueError("needs one of `column`, `value`, `file`, `folder`")
        return self

    @cached_property
    def words(self) -> Mapping[str, str]:
        """Folded word → project."""
        return {fold(word): project for project, words in self.values.items() for word in words}


class Declaration(_Declared):
    """One kind of table: which files it lies in, and what its columns mean."""

    name: Annotated[str, Field(pattern=_NAME)]
    files: Headers
    which: Literal["all", "last_by_name", "last_by_time"] = "all"
    """Of several files that fit: all count, or only the last, because every export holds everything."""
    sheet: str = ""
    """Pattern of sheet names; left out: the sheets whose header fits."""
    header: Annotated[int, Field(ge=0)] = 0
    """Row of the header; 0: it is looked for."""
    delimiter: Annotated[str, Field(max_length=1)] = ""
    encoding: str = ""
    dates: tuple[str, ...] = ()
    """`day_first`, `month_first`, or formats such as `%d.%m.%Y %H:%M`. Left out: by the dates of the column that can be read in one way."""
    numbers: Literal["", "comma", "point"] = ""
    """The decimal mark. Left out: by the numbers of the column that can be read in one way."""
    wrapper: Headers = ()
    """How headers wrap names of fields: `Custom field (*)`."""
    project: Project
    id: tuple[Headers, ...] = ()
    """Columns that make the id of a line, each with its alternatives. Left out: a digest of what is mapped."""
    skip: tuple[Test, ...] = ()
    """Lines that are left out on purpose: totals."""
    rows: tuple[Rows, ...] = ()
    entry: Entries | None = None

    _lists = field_validator("files", "dates", "wrapper", mode="before")(_listed)

    @field_validator("id", mode="before")
    @classmethod
    def _alternatives(cls, value: Any) -> Any:
        return tuple(_listed(part) for part in _listed(value)) if isinstance(value, (str, int, list, tuple)) else value

    @field_validator("skip", mode="before")
    @classmethod
    def _several(cls, value: Any) -> Any:
        return (value,) if isinstance(value, dict) else value

    @field_validator("encoding")
    @classmethod
    def _is_known(cls, value: str) -> str:
        try:
            "".encode(value or "utf-8")
        except LookupError as error:
            raise ValueError(f"unknown encoding {value!r}") from error
        return value

    @model_validator(mode="after")
    def _gives_something(self) -> Self:
        if not self.rows and self.entry is None:
            raise ValueError("gives no row: needs `rows` or `entry`")
        names = [(row.table, row.suffix) for row in self.rows]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise ValueError(f"gives several rows of {twice[0]!r}: each needs a `suffix` of its own")
        return self

    def required(self) -> Iterator[Headers]:
        """Yield the headers that a file must have, each with its alternatives."""
        if self.project.column:
            yield self.project.column
        yield from self.id
        for row in self.rows:
            yield from (cells.column for cells in row.columns.values() if cells.column)
            if row.each is not None and row.each.column and row.columns:
                yield row.each.column
        if self.entry is not None:
            yield from filter(None, (self.entry.type_column, *self.entry.columns.values()))

    def known(self) -> Iterator[Headers]:
        """Yield every header that means something, each with its alternatives."""
        yield from self.required()
        for row in self.rows:
            yield from (cells.column for cells in row.optional.values())
            yield from (test.column for test in row.when)
            yield from (test.column for cells in row.sources.values() for test in cells.negative_when)
            if row.each is not None:
                yield row.each.column
        yield from (test.column for test in self.skip)
        if self.entry is not None:
            yield from self.entry.optional.values()

    def tables(self) -> frozenset[str]:
        """Return the tables that rows (not entries) are given of."""
        return frozenset(row.table for row in self.rows)


class _File(_Declared):
    tables: tuple[Declaration, ...]


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"no regular expression: {error}") from error
    return value


def shipped_names() -> tuple[str, ...]:
    """Return the names of the declarations that come with auditor."""
    folder = files(__package__).joinpath("shipped")
    return tuple(sorted(item.name.removesuffix(".yaml") for item in folder.iterdir() if item.name.endswith(".yaml")))


def shipped_text(name: str) -> str:
    """Return a declaration that comes with auditor."""
    return files(__package__).joinpath("shipped", f"{name}.yaml").read_text("utf-8")


def read_declaration(said: str, base: Path) -> tuple[Declaration, ...]:
    """Return what *said* names: a shipped declaration ('jira'), or a YAML file relative to *base*.

    Raises:
        UsageError: there is no such file, or it is no YAML.
        ExceptionGroup: everything that is wrong with it, of `UsageError`.
    """
    if said in shipped_names():
        return load_declaration(shipped_text(said), file=f"tabular/shipped/{said}.yaml")
    path = base / said
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        hint = did_you_mean(said, shipped_names()) or f"shipped: {', '.join(shipped_names())}"
        raise UsageError(f"there is no declaration {said!r} that can be read", hint=hint) from error
    return load_declaration(text, file=str(path))


def load_declaration(text: str, *, file: str) -> tuple[Declaration, ...]:
    """Return the tables that a YAML text declares.

    Raises:
        UsageError: it is no YAML.
        ExceptionGroup: everything that is wrong with it, of `UsageError`.
    """
    try:
        data = yaml.load(text, Loader=_LOADER)  # noqa: S506  (a safe loader, too)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = Location(file, mark.line + 1, mark.column + 1) if mark else Location(file)
        raise UsageError("this is no YAML", at=at, hint=str(getattr(error, "problem", ""))) from error
    if "&" in text and any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=_LOADER)):
        raise UsageError("aliases are not allowed here", at=Location(file))
    lines = text.splitlines()

    def at_path(path: tuple[Any, ...]) -> Location:
        mark = _mark(node, path)
        return Location(file, mark[0] + 1, mark[1] + 1, lines[mark[0]] if mark[0] < len(lines) else "")

    try:
        declared = _File.model_validate(data).tables
    except ValidationError as error:
        raise_all(f"{file}: the declaration is wrong", [_told(item, at_path) for item in error.errors()])
        raise
    errors: list[AuditorError] = []
    for number, table in enumerate(declared):
        errors += _unknown_columns(table, ("tables", number), at_path)
        if any(other.name == table.name for other in declared[:number]):
            errors.append(UsageError(f"the name {table.name!r} stands here twice", at=at_path(("tables", number, "name"))))
    raise_all(f"{file}: the declaration is wrong", errors)
    return declared


def _told(item: Any, at_path: Any) -> UsageError:
    path = tuple(item["loc"])
    if item["type"] == "extra_forbidden":
        return UsageError(f"unknown key {path[-1]!r}", at=at_path(path))
    if item["type"] == "missing":
        return UsageError(f"`{path[-1]}` is missing", at=at_path(path[:-1]))
    message = str(item["msg"]).removeprefix("Value error, ")
    return UsageError(message[:1].lower() + message[1:], at=at_path(path))


def _mark(node: Any, path: tuple[Any, ...]) -> tuple[int, int]:
    """Return line and column, from 0, of the deepest part of *path* that is written there."""
    place = (node.start_mark.line, node.start_mark.column) if node is not None else (0, 0)
    for key in path:
        if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
            node = node.value[key]
        elif isinstance(node, yaml.MappingNode):
            found = next((pair for pair in node.value if pair[0].value == str(key)), None)
            if found is None:
                continue  # a step of the validation, not of the text
            place = (found[0].start_mark.line, found[0].start_mark.column)
            node = found[1]
            continue
        else:
            continue
        place = (node.start_mark.line, node.start_mark.column)
    return place


def _unknown_columns(declared: Declaration, path: tuple[Any, ...], at_path: Any) -> Iterator[AuditorError]:
    for number, row in enumerate(declared.rows):
        here = (*path, "rows", number)
        table = TABLES.get(row.table)
        if table is None or table.is_organisational or table.family == "evidence":
            yield UsageError(
                f"{row.table!r} is no table of a project", at=at_path((*here, "table")), hint=did_you_mean(row.table, tuple(TABLES))
            )
            continue
        own = {column.name: column for column in table.own}
        for part in ("columns", "optional", "constants"):
            for name, said in getattr(row, part).items():
                where = (*here, part, name)
                if name not in own:
                    yield UsageError(f"{row.table!r} has no column {name!r}", at=at_path(where), hint=did_you_mean(name, tuple(own)))
                    continue
                codes = [str(said)] if part == "constants" else [*said.values, *said.bands, *filter(None, [said.blank])]
                allowed = _allowed(own[name])
                for code in codes:
                    if allowed and code not in allowed:
                        yield UsageError(f"{code!r} is no value of {row.table}.{name}", at=at_path(where), hint=did_you_mean(code, allowed))
                if part != "constants" and said.take in {"header", "cell"} and row.each is None:
                    yield UsageError("`take` needs `each`", at=at_path(where))


def _allowed(column: Column) -> tuple[str, ...]:
    if column.type.kind is Kind.CODE:
        return column.type.codes
    if column.type.kind is Kind.BOOLEAN:
        return ("true", "false", "True", "False")
    return tuple("12345") if column.type.unit == "1..5" else ()
