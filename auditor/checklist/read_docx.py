"""A filled-in document: content controls, and what people typed beside them or in their place.

A line is the part of a table from one hidden identity to the next; a field is the cell with a content control of it, or the cell beside its
label. Deleted text of tracked changes does not count, inserted text does.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditor.checklist.checklist import Misread
from auditor.checklist.identity import LineMark, ListMark, looks_like_mark, read_field_mark, read_line_mark, read_list_mark
from auditor.checklist.labels import FIELDS, LABELS, Field, field_of
from auditor.checklist.lines import Raw, RawLine, RawList, shown
from auditor.errors import UsageError
from auditor.office.links import printable
from auditor.office.package import Package

if TYPE_CHECKING:
    from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NOT_TEXT = frozenset({"del", "moveFrom", "delText", "instrText", "tbl", "footnoteReference", "sdtPr", "rPr", "pPr"})
_OFF = frozenset({"0", "false", "off"})
_HINTS = frozenset(text for labels in LABELS.values() for text in (labels.pick, labels.pick_day, labels.type_here))
_MOST_UNKNOWN = 200


def read_docx(package: Package) -> RawList:
    """Return what stands in a filled-in document.

    Raises:
        UsageError: it is no document, or no list that auditor wrote.
    """
    main = package.main("officeDocument")
    root = package.xml(main) if main else None
    if root is None or root.tag != _W + "document":
        raise package.wrong("this is no document (.docx)", "save it as .docx")
    found = RawList(_list_mark(package, root))
    reading = _Reading(found)
    for number, table in enumerate(root.iter(_W + "tbl"), start=1):
        reading.table(table, number)
    return found


def _list_mark(package: Package, root: "etree._Element") -> ListMark:
    damaged = False
    for paragraph in root.iter(_W + "p"):
        text = _Text(paragraph).hidden.strip()
        if text.startswith("auditor:"):
            mark = read_list_mark(text)
            if mark is not None:
                return mark
            damaged = True
    raise _no_list(package, damaged=damaged)


def _no_list(package: Package, *, damaged: bool) -> UsageError:
    message = "the hidden identity of the list is missing or damaged" if damaged else "this document is no checklist that auditor wrote"
    return package.wrong(message, "`auditor checklist new` writes one")


class _Text:
    """What a paragraph or a cell says: what people see, and the hidden text."""

    def __init__(self, element: "etree._Element") -> None:
        self._seen: list[str] = []
        self._hidden: list[str] = []
        self.tags: list[str] = []
        self.day = ""  # of a control for days, as it says itself
        self._walk(element)
        self.text = "\n".join(line.rstrip() for line in printable("".join(self._seen)).split("\n")).strip()
        self.hidden = printable("".join(self._hidden))
        if self.text in _HINTS:
            self.text = ""  # an office program that knows no content controls made a text of the hint

    def _walk(self, element: "etree._Element") -> None:
        for child in element:
            name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
            if name == "r":
                (self._hidden if _is_hidden(child) else self._seen).append(_run(child))
            elif name == "sdt":
                self._control(child)
            elif name == "p":
                if self._seen and self._seen[-1] != "\n":
                    self._seen.append("\n")
                self._walk(child)
            elif name and name not in _NOT_TEXT:
                self._walk(child)

    def _control(self, element: "etree._Element") -> None:
        properties, content = element.find(_W + "sdtPr"), element.find(_W + "sdtContent")
        if properties is not None:
            tag = properties.find(_W + "tag")
            if tag is not None:
                self.tags.append(tag.get(_W + "val") or "")
            if _is_on(properties, "showingPlcHdr"):
                return
            date = properties.find(_W + "date")
            if date is not None:
                self.day = (date.get(_W + "fullDate") or "")[:10]
        if content is not None:
            self._walk(content)


def _run(element: "etree._Element") -> str:
    parts = []
    for child in element:
        name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if name == "t":
            parts.append(child.text or "")
        elif name in {"br", "cr"}:
            parts.append("\n")
        elif name == "tab":
            parts.append("\t")
        elif name == "noBreakHyphen":
            parts.append("-")
    return "".join(parts)


def _is_hidden(run: "etree._Element") -> bool:
    properties = run.find(_W + "rPr")
    return properties is not None and _is_on(properties, "vanish")


def _is_on(properties: "etree._Element", name: str) -> bool:
    element = properties.find(_W + name)
    return element is not None and (element.get(_W + "val") or "1") not in _OFF


@dataclass(slots=True)
class _Line:
    """A question while its rows are read."""

    mark: LineMark | None  # None: no identity, or a damaged one
    name: str  # for messages: 'question 4'
    damaged: str = ""  # the identity as it stands, when it is damaged
    has_tags: bool = False
    fields: dict[Field, Raw] = field(default_factory=dict)
    said: str = ""  # the longest text that is no answer: the question


class _Reading:
    def __init__(self, found: RawList) -> None:
        self._found = found
        self._names: dict[str, Raw] = {}  # role → who signed
        self._called: set[str] = set()  # numbers of questions that were read
        self._unknown = 0

    def table(self, table: "etree._Element", number: int) -> None:
        """Read the lines of a table."""
        line = _Line(None, f"table {number}")
        for row_number, row in enumerate(_inside(table, "tr"), start=1):
            cells = [_Text(cell) for cell in _inside(row, "tc")]
            marks = [cell.hidden.strip() for cell in cells if looks_like_mark(cell.hidden)]
            if marks:
                self._close(line)
                mark = read_line_mark(marks[0])
                called = cells[0].text if cells[0].text and len(cells[0].text) < 8 else ""
                name = f"question {called}" if called and called not in self._called else f"table {number}"  # a copy has the same number
                self._called.add(called)
                line = _Line(mark, name, "" if mark else marks[0])
            self._row(cells, line, f"table {number}, row {row_number}")
        self._close(line)

    def _row(self, cells: list[_Text], line: _Line, place: str) -> None:
        label: Field | None = None
        for cell in cells:
            if cell.hidden.strip().startswith("auditor:f:"):
                self._whole(cell, place)
                label = None
                continue
            tagged = next((name for tag in cell.tags if (name := _field_of_tag(tag))), None)
            line.has_tags = line.has_tags or tagged is not None
            here = tagged or label
            if here is not None:
                named = f"{line.name}, {LABELS['en'].fields[here]}" if line.mark else place
                text = cell.text or (cell.day if here in {"on", "expires_on"} else "")
                line.fields.setdefault(here, Raw(text, named))
                label = None
                continue
            label = field_of(cell.text)
            if label is None and len(cell.text) > len(line.said):
                line.said = cell.text

    def _close(self, line: _Line) -> None:
        written = [raw for raw in line.fields.values() if raw.text]
        if line.mark is not None:
            self._found.lines.append(RawLine(line.mark, dict(line.fields), line.name))
        elif line.damaged or (line.has_tags and written):
            why = "the hidden identity of the line is damaged" if line.damaged else "the hidden identity of the line is missing"
            place = written[0].place if written else line.name
            hint = "copy the answer into a fresh list"
            self._found.misread.append(Misread(place=place, what=shown(written[0].text if written else line.said), why=why, hint=hint))
        elif written and "answer" in line.fields:
            self._unknown += 1
            if self._unknown <= _MOST_UNKNOWN:
                hint = "a question of your own belongs into the template of the list"
                why = "the line belongs to no question of the list"
                self._found.unknown.append(Misread(place=written[0].place, what=shown(line.said or written[0].text), why=why, hint=hint))

    def _whole(self, cell: _Text, place: str) -> None:
        """Read what concerns the list as a whole."""
        raw = Raw(cell.text, place)
        match read_field_mark(cell.hidden):
            case ("filled_by",):
                self._found.filled_by = raw
            case ("filled_on",):
                self._found.filled_on = Raw(cell.text or cell.day, place)
            case ("sign", role):
                self._names[role] = raw
            case ("sign_on", role) if role in self._names:
                self._found.signatures.append((role, self._names[role], Raw(cell.text or cell.day, place)))


def _field_of_tag(tag: str) -> Field | None:
    parts = tag.split(":")
    return next((name for name in FIELDS if len(parts) == 3 and parts[0] == "auditor" and parts[1] == name), None)


def _inside(element: "etree._Element", name: str) -> Iterator["etree._Element"]:
    """Yield the rows of a table or the cells of a row, also those inside content controls and changes, not those of nested tables."""
    for child in element:
        tag = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if tag == name:
            yield child
        elif tag in {"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"}:
            yield from _inside(child, name)
