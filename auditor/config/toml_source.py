"""TOML with places: which line and column each key stands at, so that a mistake can be shown where it is."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from auditor.errors import Location, UsageError

Path_ = tuple[str | int, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_AT = re.compile(r"\(at line (\d+), column (\d+)\)")
_SPACE = " \t"


@dataclass(frozen=True, slots=True)
class TomlSource:
    """The data of a file and where its keys stand.

    Attributes:
        places: path of keys and positions in lists → (line, column), both from 1.
    """

    file: str
    lines: tuple[str, ...]
    data: dict[str, Any]
    places: dict[Path_, tuple[int, int]] = field(default_factory=dict)

    def at(self, path: Path_) -> Location:
        """Return the place of a key, or of the nearest one around it that has a place."""
        while path and path not in self.places:
            path = path[:-1]
        line, column = self.places.get(path, (0, 0))
        return Location(self.file, line, column, self.lines[line - 1] if line else "")


def read_toml(path: Path) -> TomlSource:
    """Return what a TOML file says, with places.

    Raises:
        UsageError: it cannot be read, or is no TOML.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}", hint="`auditor init` writes one") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: is not UTF-8", at=Location(str(path))) from error
    return parse_toml(text, file=str(path))


def parse_toml(text: str, *, file: str) -> TomlSource:
    """Return what a TOML text says, with places.

    Raises:
        UsageError: it is no TOML.
    """
    lines = tuple(text.splitlines())
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        if found := _AT.search(message):
            line, column = int(found[1]), int(found[2])
            at = Location(file, line, column, lines[line - 1] if line <= len(lines) else "")
        else:
            at = Location(file, len(lines), 1, lines[-1] if lines else "")
        raise UsageError(f"this is no TOML: {_AT.sub('', message).strip()}", at=at) from error
    return TomlSource(file, lines, data, _Scan(text).run())


class _Scan:
    """One pass over a text that is known to be TOML."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._places: dict[Path_, tuple[int, int]] = {}
        self._lengths: dict[Path_, int] = {}  # path of a list of tables → how many so far

    def run(self) -> dict[Path_, tuple[int, int]]:
        table: Path_ = ()
        while self._skip_blank():
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
        return self._places

    def _header(self) -> Path_:
        start = self._at
        is_list = self._text.startswith("[[", start)
        self._at += 2 if is_list else 1
        keys = self._keys()
        path: Path_ = ()
        for key in keys[:-1]:
            path = self._inside((*path, key))
        path = (*path, keys[-1])
        if is_list:
            count = self._lengths.get(path, 0)
            self._lengths[path] = count + 1
            self._places.setdefault(path, self._place(start))
            path = (*path, count)
        self._places.setdefault(path, self._place(start))
        self._at = self._end_of_line(self._at)
        return path

    def _inside(self, path: Path_) -> Path_:
        return (*path, self._lengths[path] - 1) if path in self._lengths else path

    def _pair(self, table: Path_) -> None:
        start = self._at
        path = table
        for key in self._keys():
            path = (*path, key)
            self._places.setdefault(path, self._place(start))
        self._space()
        self._at += 1  # =
        self._value(path)

    def _keys(self) -> list[str]:
        keys = []
        while True:
            self._space()
            if self._text[self._at] in "\"'":
                keys.append(self._string())
            else:
                found = _BARE.match(self._text, self._at)
                assert found is not None
                keys.append(found[0])
                self._at = found.end()
            self._space()
            if self._at < len(self._text) and self._text[self._at] == ".":
                self._at += 1
            else:
                return keys

    def _value(self, path: Path_) -> None:
        self._skip_blank()
        self._places.setdefault(path, self._place(self._at))
        letter = self._text[self._at]
        if letter in "\"'":
            self._string()
        elif letter == "[":
            self._at += 1
            for count in range(len(self._text)):
                self._skip_blank()
                if self._text[self._at] == ",":
                    self._at += 1
                    self._skip_blank()
                if self._text[self._at] == "]":
                    break
                self._value((*path, count))
            self._at += 1
        elif letter == "{":
            self._at += 1
            while True:
                self._skip_blank()
                if self._text[self._at] == ",":
                    self._at += 1
                    self._skip_blank()
                if self._text[self._at] == "}":
                    break
                self._pair(path)
            self._at += 1
        else:
            while self._at < len(self._text) and self._text[self._at] not in ",]}#\n\r":
                self._at += 1

    def _string(self) -> str:
        quote = self._text[self._at]
        mark = quote * 3 if self._text.startswith(quote * 3, self._at) else quote
        start = self._at
        self._at += len(mark)
        while not self._text.startswith(mark, self._at):
            self._at += 2 if quote == '"' and self._text[self._at] == "\\" else 1
        self._at += len(mark)
        while len(mark) > 1 and self._at < len(self._text) and self._text[self._at] == quote:
            self._at += 1  # up to two quotes may stand before the closing ones
        said = self._text[start : self._at]
        return str(tomllib.loads(f"x = {said}")["x"])

    def _space(self) -> None:
        while self._at < len(self._text) and self._text[self._at] in _SPACE:
            self._at += 1

    def _skip_blank(self) -> bool:
        """Go to the next letter that says something; False at the end."""
        while self._at < len(self._text):
            if self._text[self._at] == "#":
                self._at = self._end_of_line(self._at)
            elif self._text[self._at] in " \t\r\n":
                self._at += 1
            else:
                return True
        return False

    def _end_of_line(self, at: int) -> int:
        end = self._text.find("\n", at)
        return len(self._text) if end < 0 else end

    def _place(self, at: int) -> tuple[int, int]:
        begin = self._text.rfind("\n", 0, at) + 1
        return self._text.count("\n", 0, at) + 1, at - begin + 1
