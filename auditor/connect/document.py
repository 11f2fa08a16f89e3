"""The structure of a document, whatever its format: what readers of files hand to recognition.

Nothing here knows a standard. A structure is plain data, it round-trips through JSON (`to_json`, `from_json`) and is kept in the raw
store, so that better recognition never needs to read the file again.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table or sheet."""

    text: str  # as a person sees it; '' when empty
    value: str | int | float | bool | None = None  # typed value; days and instants in ISO form with type 'date'
    type: Literal["text", "number", "date", "boolean", "error", "empty", "uncalculated"] = "text"
    # 'uncalculated': a formula without a cached value; its value is unknown, not blank
    row_span: int = 1
    column_span: int = 1
    is_covered: bool = False  # hidden below a merged cell; text and value are those of the merged cell
    is_struck: bool = False  # strike-through: withdrawn
    is_bold: bool = False
    is_placeholder: bool = False  # template residue: '<name>', 'TBD', a content control that shows its prompt
    link: str | None = None


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table of a document, or the used range of a sheet.

    `rows[i][j]` is the cell at row `first_row + i`, column `first_column + j` (both count from 1; for tables of documents from 1).
    """

    rows: tuple[tuple[Cell, ...], ...]
    name: str = ""  # sheet name, or caption / heading nearest above
    locator: str = ""  # 'Risks' for a sheet, 'table 3' in a docx, 'page 4 table 1' in a pdf
    first_row: int = 1
    first_column: int = 1
    hidden_rows: tuple[int, ...] = ()  # absolute row numbers
    hidden_columns: tuple[int, ...] = ()
    is_hidden: bool = False  # hidden sheet
    is_cut: bool = False  # rows beyond a limit were not read: what is missing is unknown
    header_rows: int = 0  # how many leading rows the format itself marks as header; 0: not marked
    is_layout: bool = False  # the format says it is decoration (one cell, page header)


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A paragraph, list item or heading."""

    text: str
    level: int = 0  # 0 body text; 1..9 heading level
    level_basis: Literal["", "style", "outline", "look", "numbering"] = ""  # how the heading was known
    locator: str = ""  # 'paragraph 12', 'page 3', 'slide 4'
    is_list_item: bool = False
    list_level: int = 0
    style: str = ""
    is_bold: bool = False
    is_italic: bool = False
    is_struck: bool = False
    is_placeholder: bool = False  # the whole text is template residue or guidance
    is_title: bool = False  # style Title / first large line
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment of a reviewer in the file."""

    author: str
    at: str | None  # ISO, as the file says
    text: str
    is_resolved: bool = False


@dataclass(frozen=True, slots=True)
class TrackedChange:
    """An insertion or deletion that nobody has accepted yet."""

    kind: Literal["insertion", "deletion", "move", "format"]
    author: str
    at: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """The structure of one file."""

    format: Literal["docx", "odt", "xlsx", "ods", "pptx", "pdf", "md", "txt", "html", "csv"]
    blocks: tuple[TextBlock | TableBlock, ...]  # in reading order; every table stands where it was found
    properties: dict[str, str] = field(default_factory=dict)
    # core: 'title', 'creator', 'last_modified_by', 'created', 'modified', 'revision', 'subject', 'keywords', 'category', 'description',
    # 'template', 'company', 'language', 'pages'; custom ones as 'custom:<name>'
    headers: tuple[str, ...] = ()  # page headers and footers
    comments: tuple[Comment, ...] = ()
    tracked_changes: tuple[TrackedChange, ...] = ()
    page_count: int | None = None
    broken_reference_count: int = 0  # 'Error! Reference source not found.'
    placeholder_count: int = 0
    is_cut: bool = False  # a limit was reached: what is missing is unknown
    empty_sheets: tuple[str, ...] = ()  # names of sheets in which nothing is written

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values; defaults are left out to keep the raw store small."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        values["properties"] = dict(self.properties)
        values["headers"] = list(self.headers)
        values["empty_sheets"] = list(self.empty_sheets)
        values["comments"] = [asdict(comment) for comment in self.comments]
        values["tracked_changes"] = [asdict(change) for change in self.tracked_changes]
        return _slim(values | {"blocks": [_block_json(block) for block in self.blocks]})

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Document":
        """Return the document that `to_json` wrote."""
        values = dict(data)
        values["blocks"] = tuple(_block_from(block) for block in data.get("blocks", ()))
        values["headers"] = tuple(data.get("headers", ()))
        values["empty_sheets"] = tuple(data.get("empty_sheets", ()))
        values["comments"] = tuple(Comment(**item) for item in data.get("comments", ()))
        values["tracked_changes"] = tuple(TrackedChange(**item) for item in data.get("tracked_changes", ()))
        return cls(**values)


def _slim(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ((), [], {}) or name == "blocks"}


def _plain(item: Any, defaults: Any) -> dict[str, Any]:
    return {
        name: getattr(item, name) for name in item.__dataclass_fields__ if name not in defaults or getattr(item, name) != defaults[name]
    }


_CELL = {
    "value": None,
    "type": "text",
    "row_span": 1,
    "column_span": 1,
    "is_covered": False,
    "is_struck": False,
    "is_bold": False,
    "is_placeholder": False,
    "link": None,
}
_TABLE = {
    "name": "",
    "locator": "",
    "first_row": 1,
    "first_column": 1,
    "hidden_rows": (),
    "hidden_columns": (),
    "is_hidden": False,
    "is_cut": False,
    "header_rows": 0,
    "is_layout": False,
}
_TEXT = {
    "level": 0,
    "level_basis": "",
    "locator": "",
    "is_list_item": False,
    "list_level": 0,
    "style": "",
    "is_bold": False,
    "is_italic": False,
    "is_struck": False,
    "is_placeholder": False,
    "is_title": False,
    "page": None,
}


def _block_json(block: TextBlock | TableBlock) -> dict[str, Any]:
    if isinstance(block, TextBlock):
        return _plain(block, _TEXT)
    return _plain(block, _TABLE) | {"rows": [[_plain(cell, _CELL) for cell in row] for row in block.rows]}


def _block_from(data: dict[str, Any]) -> TextBlock | TableBlock:
    if "rows" not in data:
        return TextBlock(**data)
    values = dict(data)
    values["rows"] = tuple(tuple(Cell(**cell) for cell in row) for row in data["rows"])
    values["hidden_rows"] = tuple(data.get("hidden_rows", ()))
    values["hidden_columns"] = tuple(data.get("hidden_columns", ()))
    return TableBlock(**values)


def texts_of(document: Document, rows: int | None = None) -> Iterator[str]:
    """Yield the texts of paragraphs and cells; of tables the first *rows* only."""
    for block in document.blocks:
        if isinstance(block, TextBlock):
            yield block.text
        else:
            yield from (cell.text for row in block.rows[:rows] for cell in row if cell.text)


def passages_of(document: Document) -> Iterator[tuple[str, str]]:
    """Yield what is written, a paragraph or the row of a table at a time, each with its locator. What is struck through is withdrawn."""
    for block in document.blocks:
        if isinstance(block, TextBlock):
            if block.text and not block.is_struck:
                yield block.text, block.locator
        else:
            for row in block.rows:
                if text := " | ".join(cell.text for cell in row if cell.text and not cell.is_struck and not cell.is_covered):
                    yield text, block.locator


def is_partial(document: Document) -> bool:
    """Return whether a limit left something of the document unread: what is not found in it may be there."""
    return document.is_cut or any(isinstance(block, TableBlock) and block.is_cut for block in document.blocks)
