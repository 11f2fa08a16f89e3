"""A filled-in page or Markdown text. What their marks mean is told at the top of `markdown.py` and `html.py`."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from auditor.checklist.checklist import Misread, Says
from auditor.checklist.identity import SAYS, ListMark, looks_like_mark, read_field_mark, read_line_mark, read_list_mark
from auditor.checklist.labels import Field
from auditor.checklist.lines import Raw, RawLine, RawList, shown
from auditor.errors import Location, UsageError
from auditor.office.links import printable

MOST_BYTES = 20 * 2**20
_MOST_UNKNOWN = 200
_COMMENT = re.compile(r"\s*<!--\s*(auditor:.*?)\s*-->\s*")
_BOX = re.compile(r"\s*[-*+]\s*\[([^\]]{0,20})\]\s*(.*?)\s*(?:<!--\s*(\w+)\s*-->)?\s*")
_LABEL = re.compile(r"\s*(?:\*\*[^*]{1,80}:\s*\*\*|\*\*[^*]{1,80}\*\*\s*:|[^:*]{1,80}:)\s?(.*)")
_ESCAPED = re.compile(r"\\([\\`*_<>\[\]|&#+~=.)-])")
_TICKS = frozenset({"x", "X", "✓", "✔", "☒", "☑"})
_FIELDS: dict[str, Field] = {"note": "note", "evidence": "evidence", "until": "expires_on"}


def read_text(path: Path) -> str:
    """Return the text of a file that is no archive.

    Raises:
        UsageError: it cannot be read, is too large, or no text.
    """
    at = Location(path.name)
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(f"the file cannot be read: {error.strerror or error}", at=at) from error
    if len(data) > MOST_BYTES:
        raise UsageError(f"the file is larger than {MOST_BYTES // 2**20} MB", at=at)
    try:
        return printable(data.decode("utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UsageError("the file is no text in UTF-8", at=at, hint="lists are .xlsx, .docx, .html or .md") from error


@dataclass(slots=True)
class Asked:
    """A question while its part of the file is read.

    Attributes:
        identity: its mark as it stands.
        ticked: answers that are chosen, each with its place.
        was: what the file held when it was written; None: nothing is known of it.
    """

    identity: str
    place: str
    title: str = ""
    ticked: list[tuple[Says, str]] = field(default_factory=list)
    fields: dict[Field, Raw] = field(default_factory=dict)
    was: dict[str, str] | None = None

    @property
    def is_untouched(self) -> bool:
        """Whether the fields say what they said when the file was written."""
        was = self.was or {}
        says = self.ticked[0][0] if len(self.ticked) == 1 else "" if not self.ticked else None
        return says == was.get("says", "") and all(
            _plain(self.fields[name].text if name in self.fields else "") == _plain(was.get(key, ""))
            for name, key in (("note", "note"), ("evidence", "evidence"), ("expires_on", "expires_on"))
        )


def close(asked: Asked | None, found: RawList) -> None:
    """Add a question that was read to the list."""
    if asked is None:
        return
    mark = read_line_mark(asked.identity)
    if mark is None:
        written = next((raw.text for raw in asked.fields.values() if raw.text), asked.title)
        why = "the hidden identity of the line is damaged"
        found.misread.append(Misread(place=asked.place, what=shown(written), why=why, hint="copy the answer into a fresh list"))
        return
    fields = dict(asked.fields)
    if asked.is_untouched:
        fields = {}
    elif len(asked.ticked) == 1:
        says, place = asked.ticked[0]
        fields["answer"] = Raw(found.mark.says.get(says, says), place)
    elif asked.ticked:
        words = ", ".join(found.mark.says.get(says, says) for says, _ in asked.ticked)
        fields["answer"] = Raw(words, asked.ticked[0][1], problem="more than one answer is chosen", hint="leave one of them")
    else:
        fields["answer"] = Raw("", asked.place, problem="no answer is chosen any more" if (asked.was or {}).get("says") else "")
    found.lines.append(RawLine(mark, fields, asked.place))


def read_was(text: str) -> dict[str, str]:
    """Return the answer that a file held when it was written; {} when nobody can tell."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return {str(key): str(value) for key, value in values.items() if value is not None} if isinstance(values, dict) else {}


def read_markdown(text: str, name: str) -> RawList:
    """Return what stands in a filled-in Markdown text.

    Args:
        text: of the file.
        name: of the file, for messages.

    Raises:
        UsageError: it is no list that auditor wrote.
    """
    lines = text.split("\n")
    mark = next((mark for line in lines if (comment := _comment(line)) and (mark := read_list_mark(comment))), None)
    if mark is None:
        raise no_list(name)
    return _Markdown(lines, mark).read()


def no_list(name: str) -> UsageError:
    """Return the error of a file that is no list."""
    return UsageError("this file is no checklist that auditor wrote", at=Location(name), hint="`auditor checklist new` writes one")


class _Markdown:
    def __init__(self, lines: Sequence[str], mark: ListMark) -> None:
        self._lines = lines
        self._found = RawList(mark)
        self._asked: Asked | None = None
        self._unknown = 0

    def read(self) -> RawList:
        """Return what the lines say."""
        number = 0
        while number < len(self._lines):
            line = self._lines[number]
            comment = _comment(line)
            if comment:
                number = self._mark(comment, number)
            elif box := _BOX.fullmatch(line):
                self._box(box, number)
            elif self._asked is not None and not self._asked.title and line.startswith("#"):
                self._asked.title = line.lstrip("# ")
            number += 1
        close(self._asked, self._found)
        return self._found

    def _mark(self, comment: str, number: int) -> int:
        """Read what a comment announces; return the number of the last line that belongs to it."""
        if looks_like_mark(comment):
            close(self._asked, self._found)
            self._asked = Asked(comment, f"line {number + 1}")
        elif comment == "auditor:end":
            close(self._asked, self._found)
            self._asked = None
        elif comment.startswith("auditor:was:") and self._asked is not None:
            self._asked.was = read_was(comment.removeprefix("auditor:was:"))
        elif comment.startswith("auditor:f:"):
            return self._whole(comment, number)
        elif (name := _FIELDS.get(comment.removeprefix("auditor:"))) is not None and self._asked is not None:
            return self._field(self._asked, name, number)
        return number

    def _field(self, asked: Asked, name: Field, number: int) -> int:
        first = number + 1
        last = first
        if name != "expires_on":  # a day is one line: behind it the next heading follows
            while last + 1 < len(self._lines) and not _comment(self._lines[last + 1]):
                last += 1
        text = "\n".join([self._value(first), *self._lines[first + 1 : last + 1]])
        asked.fields[name] = Raw(_unescaped(text), f"line {first + 1}")
        return min(last, len(self._lines) - 1)

    def _value(self, number: int) -> str:
        """Return what stands behind the label of a line."""
        line = self._lines[number] if number < len(self._lines) else ""
        label = _LABEL.fullmatch(line)
        return label[1] if label else line

    def _whole(self, comment: str, number: int) -> int:
        raw = Raw(_unescaped(self._value(number + 1)), f"line {number + 2}")
        match read_field_mark(comment):
            case ("filled_by",):
                self._found.filled_by = raw
            case ("filled_on",):
                self._found.filled_on = raw
            case ("sign", role):
                self._found.signatures.append((role, raw, Raw(_unescaped(self._value(number + 2)), f"line {number + 3}")))
                return number + 2
        return number + 1

    def _box(self, box: re.Match[str], number: int) -> None:
        place = f"line {number + 1}"
        tick = box[1].strip()
        if not tick:
            return
        if self._asked is None:
            self._unknown += 1
            if self._unknown <= _MOST_UNKNOWN:
                why = "the line belongs to no question of the list"
                self._found.unknown.append(Misread(place=place, what=shown(box[2]), why=why))
            return
        says = next((says for says in SAYS if says == box[3]), None)
        if says is None or tick not in _TICKS:
            why = "this is no answer of the list" if says is None else "a box is ticked with an x"
            self._found.misread.append(Misread(place=place, what=shown(f"[{tick}] {box[2]}"), why=why, hint="write [x] before the answer"))
            return
        self._asked.ticked.append((says, place))


def _comment(line: str) -> str:
    found = _COMMENT.fullmatch(line)
    return found[1] if found else ""


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: found[1], text).strip()


def _plain(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
