"""Tables of a text that somebody drew as one: what the document is called, its versions, who approved it, each with its own header."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from auditor.connect.document import Cell, Document, TableBlock
from auditor.connect.values import clean, fold
from auditor.snapshot.documents.headers import variants
from auditor.snapshot.documents.matters.words import TableWords

_TEXTS = frozenset({"docx", "odt", "pdf", "html", "md"})
_KINDS = ("approvers", "history")
_FEWEST = 3  # cells of a header: 'Name | Date' may be a label and its value
_LONGEST = 40  # rows of a form; a longer table repeats no header by chance


def unstacked(document: Document, tables: Mapping[str, TableWords]) -> Document:
    """Return *document* with every table parted where, below other rows, the header of a list of versions or of approvers stands.

    Such a header is a row of which each cell is a name of a column of that list; no entry of another list reads so. The parts keep the
    numbers of their rows.
    """
    if document.format not in _TEXTS:
        return document
    blocks = tuple(part for block in document.blocks for part in (_parts(block, tables) if isinstance(block, TableBlock) else (block,)))
    return document if len(blocks) == len(document.blocks) else replace(document, blocks=blocks)


def _parts(block: TableBlock, tables: Mapping[str, TableWords]) -> Iterator[TableBlock]:
    starts = [0]
    if len(block.rows) <= _LONGEST:
        first = _said(block.rows[0]) if block.rows else []
        starts += [at for at, row in enumerate(block.rows) if at and _said(row) != first and _is_header(row, tables)]
    for at, end in zip(starts, [*starts[1:], len(block.rows)], strict=True):
        if len(starts) == 1:
            yield block
            continue
        rows = block.rows[at:end]
        width = max((place + 1 for row in rows for place, cell in enumerate(row) if cell.text.strip() or cell.is_covered), default=0)
        yield replace(
            block,
            rows=tuple(row[:width] for row in rows),
            name=block.name if at == 0 else "",
            first_row=block.first_row + at,
            header_rows=block.header_rows if at == 0 else 0,
        )


def _said(row: tuple[Cell, ...]) -> list[str]:
    return [fold(text) for cell in row if not cell.is_covered and (text := clean(cell.text, 300))]


def _is_header(row: tuple[Cell, ...], tables: Mapping[str, TableWords]) -> bool:
    texts = ["" if cell.is_covered else clean(cell.text, 300) for cell in row]
    said = [text for text in texts if text]
    if len(said) < _FEWEST or len(set(said)) < len(said):
        return False
    for kind in _KINDS:
        words = tables[kind]
        is_known = all(any(variant in words.columns for variant, _ in variants(text)[:2]) for text in said)
        if is_known and words.columns_of(texts, is_named=True) is not None:
            return True
    return False
