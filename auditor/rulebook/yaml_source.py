"""Strict YAML: plain data together with the place of every key and value.

A file written by a person is material to doubt. Refused, with their place: anchors, aliases and tags (a small alias bomb makes any walk
explode), merge keys, keys that occur twice, second documents, files that are too large or too deep, what is not UTF-8. Only `true` and
`false` are booleans (`no` and `off` are words), dates stay text until a model wants them, decimals are exact.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from auditor.errors import AuditorError, Location, RuleError, did_you_mean

MOST_BYTES = 4_000_000
MOST_DEPTH = 32
MOST_VALUES = 400_000
_MOST_DIGITS = 40
_LONGEST_SHOWN_LINE = 240

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?[0-9]+\.[0-9]+")
_NULLS = frozenset({"", "~", "null"})
_UNPRINTABLE = re.compile(r"[^ -~\u00a0-\u200a\u2010-\u2027\u2030-\u205f\u2070-\ud7ff\uf900-\U0001ffff]")

Path_ = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


class _Mark(NamedTuple):
    line: int  # from 0
    column: int  # from 0
    style: str  # '' plain, ' and " quoted, | and > block, { container
    spans_lines: bool


class Positions:
    """Where each key and value of one file stands.

    Paths are tuples of keys and list indexes, as in `("params", "high_score", "default")`; `()` is the whole file.
    """

    def __init__(self, file: str, text: str = "") -> None:
        self.file = file
        self._lines = _BREAK.split(text)
        self._keys: dict[Path_, _Mark] = {}
        self._values: dict[Path_, _Mark] = {}

    @property
    def first_line(self) -> str:
        """The first line of the file."""
        return self._lines[0]

    def place(self, line: int, column: int) -> Location:
        """Return the location of *line* and *column*, both from 0, with the text of the line where it can be shown."""
        text = self._lines[line] if 0 <= line < len(self._lines) else ""
        if column > _LONGEST_SHOWN_LINE:
            text = ""
        return Location(self.file, line + 1, column + 1, _UNPRINTABLE.sub(" ", text[:_LONGEST_SHOWN_LINE]).rstrip())

    def at(self, *path: str | int, offset: int = 0) -> Location:
        """Return where the value of *path* stands, or the nearest thing around it that exists.

        Args:
            path: keys and indexes.
            offset: characters into a text value, for errors inside a condition; exact for texts on one line and for `|` blocks.
        """
        for length in range(len(path), -1, -1):
            mark = self._values.get(path[:length])
            if mark is not None:
                return self._inside(mark, offset) if length == len(path) and offset else self.place(mark.line, mark.column)
        return Location(self.file)

    def at_key(self, *path: str | int) -> Location:
        """Return where the last key of *path* stands; for list items and unknown paths the same as `at`."""
        mark = self._keys.get(path)
        return self.at(*path) if mark is None else self.place(mark.line, mark.column)

    def has(self, *path: str | int) -> bool:
        """Return whether the file says anything at *path*."""
        return path in self._values

    def _inside(self, mark: _Mark, offset: int) -> Location:
        if mark.style == "|":
            return self._inside_block(mark, offset)
        if mark.spans_lines or mark.style == ">":
            return self.place(mark.line, mark.column)
        return self.place(mark.line, mark.column + offset + (1 if mark.style in {"'", '"'} else 0))

    def _inside_block(self, mark: _Mark, offset: int) -> Location:
        body = self._lines[mark.line + 1 :]
        indent = next((len(line) - len(line.lstrip(" ")) for line in body if line.strip()), 0)
        for number, line in enumerate(body, start=mark.line + 1):
            length = max(len(line) - indent, 0)
            if offset <= length:
                return self.place(number, indent + offset)
            offset -= length + 1
        return self.place(mark.line, mark.column)

    def _add(self, path: Path_, key: _Mark | None, value: _Mark) -> None:
        if key is not None:
            self._keys[path] = key
        self._values[path] = value


class Source(NamedTuple):
    """What a file says and where."""

    data: Any  # dict, list, str, int, Decimal, bool or None
    positions: Positions


def read_bounded(file: Path | Traversable, name: str) -> bytes:
    """Return the bytes of *file*.

    Raises:
        RuleError: it cannot be read, or it holds more than `MOST_BYTES`.
    """
    try:
        if not file.is_file():
            raise RuleError("there is no such file", at=Location(name))
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "unusable name"
        raise RuleError(f"the file cannot be read: {reason}", at=Location(name)) from error
    if len(content) > MOST_BYTES:
        raise RuleError(f"the file is larger than {MOST_BYTES:,} bytes", at=Location(name), hint="divide it into several files")
    return content


def load_yaml(file: Path | Traversable, name: str | None = None) -> Source:
    """Return the data of *file* and the place of everything in it.

    Args:
        file: what to read.
        name: how errors call the file; default: its path.

    Raises:
        RuleError: the file cannot be read or is not strict YAML.
    """
    shown = name or str(file)
    return parse_yaml(read_bounded(file, shown), shown)


def parse_yaml(content: bytes, name: str) -> Source:
    """Return the data of *content*, which errors call *name*; see `load_yaml`."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start)
        raise RuleError("the file is not UTF-8", at=Location(name, line + 1, 1), hint="save it as UTF-8") from error
    positions = Positions(name, text)
    try:
        data = _Builder(positions).build(yaml.parse(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = positions.place(mark.line, mark.column) if mark else Location(name)
        raise RuleError(f"not YAML: {error.problem or error.context}", at=at, hint=_yaml_hint(error.problem)) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) if isinstance(error.position, int) else 0
        raise RuleError(f"not YAML: {error.reason}", at=positions.place(line, 0)) from error
    return Source(data, positions)


def _yaml_hint(problem: str | None) -> str | None:
    if problem and "mapping values are not allowed" in problem:
        return "a text with ': ' in it is put in quotes"
    if problem and "cannot start any token" in problem:
        return "a text that begins with a special character is put in quotes; indent with spaces"
    return None


class _Open:
    """A mapping or list whose end has not been read."""

    __slots__ = ("container", "key", "key_mark", "path")

    def __init__(self, container: dict[str, Any] | list[Any], path: Path_) -> None:
        self.container = container
        self.path = path
        self.key: str | None = None
        self.key_mark: _Mark | None = None


class _Builder:
    """Builds data from events: one pass, no recursion, each limit checked before anything grows."""

    def __init__(self, positions: Positions) -> None:
        self._positions = positions
        self._open: list[_Open] = []
        self._root: Any = None
        self._values = 0
        self._documents = 0

    def build(self, events: Iterable[Any]) -> Any:
        """Return the data of the one document among *events*."""
        for event in events:
            self._take(event)
        return self._root

    def _take(self, event: Any) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._start(event)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._open.pop()
        elif isinstance(event, yaml.AliasEvent):
            raise self._wrong(event, "YAML aliases are not allowed", "write the value out")
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise self._wrong(event, "a file holds one YAML document", "remove the '---' line")

    def _wrong(self, event: Any, message: str, hint: str | None = None) -> RuleError:
        return RuleError(message, at=self._positions.place(event.start_mark.line, event.start_mark.column), hint=hint)

    def _check(self, event: Any) -> None:
        if event.anchor is not None:
            raise self._wrong(event, "YAML anchors are not allowed", "write the value out where it is needed")
        if event.tag is not None:
            raise self._wrong(event, "YAML tags are not allowed", "a plain value is enough; put a text that begins with '!' in quotes")
        self._values += 1
        if self._values > MOST_VALUES:
            raise self._wrong(event, f"the file holds more than {MOST_VALUES:,} values", "divide it into several files")

    def _start(self, event: Any) -> None:
        self._check(event)
        top = self._open[-1] if self._open else None
        if top is not None and isinstance(top.container, dict) and top.key is None:
            raise self._wrong(event, "a key is a text")
        if len(self._open) >= MOST_DEPTH:
            raise self._wrong(event, f"the file is nested more than {MOST_DEPTH} levels deep")
        container: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        path = self._put(container, _Mark(event.start_mark.line, event.start_mark.column, "{", spans_lines=True))
        self._open.append(_Open(container, path))

    def _scalar(self, event: Any) -> None:
        self._check(event)
        start = event.start_mark
        mark = _Mark(start.line, start.column, event.style or "", event.end_mark.line != start.line)
        top = self._open[-1] if self._open else None
        if top is not None and isinstance(top.container, dict) and top.key is None:
            self._key(top, event, mark)
            return
        self._put(_value(event.value) if event.implicit[0] else event.value, mark)

    def _key(self, top: _Open, event: Any, mark: _Mark) -> None:
        if event.value == "<<" and event.implicit[0]:
            raise self._wrong(event, "YAML merge keys are not allowed", "write the keys out")
        if event.value in top.container:
            first = self._positions.at_key(*top.path, event.value)
            raise self._wrong(event, f"the key {event.value[:80]!r} occurs twice", f"first in line {first.line}")
        top.key, top.key_mark = event.value, mark

    def _put(self, value: Any, mark: _Mark) -> Path_:
        if not self._open:
            self._root = value
            self._positions._add((), None, mark)  # noqa: SLF001  (the only writer of positions)
            return ()
        top = self._open[-1]
        path: Path_
        if isinstance(top.container, dict):
            assert top.key is not None
            path = (*top.path, top.key)
            top.container[top.key] = value
            self._positions._add(path, top.key_mark, mark)  # noqa: SLF001
            top.key = top.key_mark = None
        else:
            path = (*top.path, len(top.container))
            top.container.append(value)
            self._positions._add(path, None, mark)  # noqa: SLF001
        return path


def _value(text: str) -> Any:
    """Return what an unquoted word means: null, a boolean, a number, or itself."""
    if text in _NULLS:
        return None
    if text in {"true", "false"}:
        return text == "true"
    if len(text) <= _MOST_DIGITS and text[0] in "+-0123456789":
        if _WHOLE.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return Decimal(text)
    return text


@dataclass(frozen=True, slots=True)
class _Problem:
    path: Path_
    message: str
    hint: str | None
    of_union: bool
    on_key: bool


def read_model(model: type[Model], source: Source, errors: list[AuditorError], *under: str | int) -> Model | None:
    """Return what *source* says as a *model*, or add every mistake with its place to *errors* and return None.

    Args:
        model: the declaration.
        source: a loaded file.
        errors: where mistakes are collected.
        under: read only the part of the file at this path.
    """
    data = source.data
    for step in under:
        data = data[step]
    try:
        return model.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=True)
    except RecursionError:
        errors.append(RuleError("nested too deep", at=source.positions.at(*under)))
        return None
    errors.extend(_located(model, data, details, source.positions, under))
    return None


def _located(model: type[BaseModel], data: Any, details: list[ErrorDetails], positions: Positions, under: Path_) -> Iterator[RuleError]:
    problems = [_problem(model, data, detail) for detail in details]
    seen: dict[Path_, list[_Problem]] = {}
    for problem in problems:
        deeper = any(len(other.path) > len(problem.path) and other.path[: len(problem.path)] == problem.path for other in problems)
        if not (problem.of_union and deeper):
            seen.setdefault(problem.path, []).append(problem)
    for path, found in seen.items():
        messages = list(dict.fromkeys(problem.message for problem in found))
        hint = next((problem.hint for problem in found if problem.hint), None)
        at = positions.at_key(*under, *path) if found[0].on_key else positions.at(*under, *path)
        yield RuleError(", or ".join(messages), at=at, hint=hint)


def _problem(model: type[BaseModel], data: Any, detail: ErrorDetails) -> _Problem:
    kind, value = detail["type"], detail["input"]
    path, of_union = _path(data, detail["loc"], names_field=kind in {"missing", "extra_forbidden"})
    name = str(detail["loc"][-1]) if detail["loc"] else ""
    if kind == "missing":
        return _Problem((*path, name), f"the field {name!r} is missing", None, of_union, on_key=True)
    if kind == "extra_forbidden":
        known = _fields(model, path[:-1])
        hint = did_you_mean(name, known) or (f"known are: {', '.join(sorted(known))}" if known else None)
        return _Problem(path, f"unknown field {name[:80]!r}", hint, of_union, on_key=True)
    context = detail.get("ctx", {})
    shown = _shown(value)
    if kind in {"literal_error", "enum"}:
        known = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        hint = did_you_mean(str(value), known) or f"one of: {', '.join(known)}"
        return _Problem(path, f"{shown} is none of the allowed values", hint, of_union, on_key=False)
    if kind == "value_error":
        return _Problem(path, str(context.get("error", detail["msg"])), None, of_union, on_key=False)
    expected = _EXPECTED.get(kind)
    message = f"{shown} is not {expected}" if expected else f"{shown}: {detail['msg'][0].lower()}{detail['msg'][1:]}"
    hint = "put it in quotes" if kind == "string_type" and isinstance(value, (int, Decimal, bool)) else None
    return _Problem(path, message, hint, of_union, on_key=False)


_EXPECTED = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "dict_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)",
    "model_attributes_type": "a mapping (key: value)",
    "list_type": "a list",
    "decimal_type": "a number",
    "decimal_parsing": "a number",
    "float_type": "a number",
    "float_parsing": "a number",
    "date_type": "a day (YYYY-MM-DD)",
    "date_from_datetime_parsing": "a day (YYYY-MM-DD)",
    "date_parsing": "a day (YYYY-MM-DD)",
}


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:59] + "…")
    return str(value)[:60]


def _path(data: Any, loc: tuple[int | str, ...], *, names_field: bool) -> tuple[Path_, bool]:
    """Return the part of *loc* that exists in *data*, and whether pydantic's names of union members were left out.

    Args:
        data: what was validated.
        loc: pydantic's path into it.
        names_field: whether its last step is a field, there or missing, rather than a member of a union.
    """
    path: list[str | int] = []
    left_out = False
    for position, step in enumerate(loc):
        is_there = (isinstance(data, dict) and step in data) or (isinstance(data, list) and isinstance(step, int) and step < len(data))
        if is_there:
            path.append(step)
            data = data[step]
        elif position < len(loc) - 1 or not names_field:
            left_out = True
    return tuple(path), left_out


def _fields(model: type[BaseModel], path: Path_) -> Collection[str]:
    """Return the names of the fields that may stand at *path*."""
    models: set[type[BaseModel]] = {model}
    for step in path:
        if isinstance(step, int):
            continue
        found: set[type[BaseModel]] = set()
        for candidate in models:
            for name, field in candidate.model_fields.items():
                if step in {name, field.alias}:
                    found |= set(_models_in(field.annotation))
        models = found or models
    return {field.alias or name for candidate in models for name, field in candidate.model_fields.items()}


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


def guarded(errors: list[AuditorError], step: Callable[[], Source]) -> Source | None:
    """Return what *step* gives, or add its error to *errors* and return None."""
    try:
        return step()
    except AuditorError as error:
        errors.append(error)
        return None
