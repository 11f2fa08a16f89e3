"""pdf: lines by geometry, headings by size and weight, tables by their rules.

A file without a text layer is never empty, but unreadable.
"""

import ctypes
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from itertools import pairwise

import pypdfium2
import pypdfium2.raw as pdfium

from auditor.connect.document import Cell, Document, TableBlock
from auditor.connect.scans import no_text
from auditor_connectors.documents.limits import Limits, Unreadable
from auditor_connectors.documents.look import Line, finish
from auditor_connectors.documents.ruled import Edges, Frame, Grid, grids_of
from auditor_connectors.documents.text import clean, is_placeholder

_LEADER = re.compile(r"(?:\.\s?){4,}\s*[\divxlc]+$|…{2,}\s*\d+$")
_BULLET = re.compile(r"[•◦▪▫●○■□➢➤✓✔–‣∙·o\uf0b7\uf0a7\uf0d8\uf06f\uf076]\s+(?=\S)")
_ITEM = re.compile(r"(?:[•◦▪▫●○■□➢➤✓✔‣∙·\uf0b7\uf0a7\uf0d8\uf06f\uf076]|[-–o*](?=\s)|\(?(?:\d{1,2}|[a-z])[.)](?=\s))")
_DIGITS = re.compile(r"\d+")
_PAGE_WORDS = re.compile(r"(?i)[\s\d|/.\-–—]*(?:(?:page|seite|página|pagina|pág\.?|p\.|of|von|de|sur|di)[\s\d|/.\-–—]*){0,3}")
_BOLD = re.compile(r"(?i)bold|black|heavy|semibd|demi")
_FORCE_BOLD = 1 << 18
_ITALIC = 1 << 6
_NAMES = {
    "Title": "title",
    "Author": "creator",
    "Subject": "subject",
    "Keywords": "keywords",
    "CreationDate": "created",
    "ModDate": "modified",
    "Creator": "application",
}
_PDF_DATE = re.compile(r"D?:?(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:(Z)|([+-])(\d{2})'?(\d{2})?)?")
_MOST_LETTERS = 200_000  # on one page
_MOST_SEGMENTS = 20_000
_FEWEST_COLUMNS = 3
_CLOSE, _APART, _LEADING = 1.2, 1.15, 1.5  # of the closest lines, of those, of the size of the letters
_FEWEST_ROWS = 3  # of a table without rules, its head included


@dataclass(slots=True)
class Word:
    """Letters without space between them; positions in points from the lower left corner of the page."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    is_bold: bool
    is_italic: bool

    @property
    def middle(self) -> tuple[float, float]:
        """Centre of the word."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2


@dataclass(slots=True)
class _Row:
    """The words of one visual line."""

    words: list[Word]

    @property
    def left(self) -> float:
        return self.words[0].left

    @property
    def right(self) -> float:
        return max(word.right for word in self.words)

    @property
    def bottom(self) -> float:
        return min(word.bottom for word in self.words)

    @property
    def top(self) -> float:
        return max(word.top for word in self.words)

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def size(self) -> float:
        sizes: Counter[float] = Counter()
        for word in self.words:
            sizes[word.size] += len(word.text)
        return max(sizes, key=lambda size: (sizes[size], size))

    @property
    def is_bold(self) -> bool:
        return sum(len(word.text) for word in self.words if word.is_bold) > 0.9 * sum(len(word.text) for word in self.words)

    @property
    def is_italic(self) -> bool:
        return sum(len(word.text) for word in self.words if word.is_italic) > 0.9 * sum(len(word.text) for word in self.words)


@dataclass(slots=True)
class _Page:
    number: int
    height: float
    rows: list[_Row] = field(default_factory=list)
    tables: list[tuple[Frame, tuple[tuple[Cell, ...], ...]]] = field(default_factory=list)
    letters: int = 0
    has_picture: bool = False


def read_pdf(data: bytes, limits: Limits) -> Document:
    """Return the structure of a PDF.

    Raises:
        Unreadable: encrypted, damaged, or with no text layer on (nearly) all pages.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        message = str(error).casefold()
        if "password" in message or "security" in message:
            raise Unreadable("encrypted", "a password is needed to open it") from error
        raise Unreadable("damaged", "the structure of the PDF is broken") from error
    try:
        return _Reader(document, limits).read()
    finally:
        document.close()


class _Reader:
    def __init__(self, document: pypdfium2.PdfDocument, limits: Limits) -> None:
        self._document = document
        self._limits = limits
        self._letters = 0
        self._is_cut = False

    def read(self) -> Document:
        count = len(self._document)
        if not count:
            raise Unreadable("empty", "the PDF has no pages")
        pages: list[_Page] = []
        broken = 0
        for index in range(count):
            if index >= self._limits.pages or self._letters > self._limits.text:
                self._is_cut = True
                break
            try:
                pages.append(self._page(index))
            except pypdfium2.PdfiumError:
                broken += 1
        if not pages:
            raise Unreadable("damaged", "no page can be read")
        silent = [page for page in pages if page.letters < 8 and page.has_picture]
        spoken = [page for page in pages if page.letters >= 8]
        if not spoken or (len(silent) > 3 and len(spoken) * 10 <= len(silent)):
            if not silent and not broken and not any(page.letters for page in pages):
                if all(not page.has_picture for page in pages) and not self._has_paths():
                    raise Unreadable("empty", "nothing stands on its pages")
                raise Unreadable("no_text_layer", no_text(count, what="drawn, not written"))
            if not spoken and any(page.letters for page in pages) and not silent:
                pass  # a page with a word or two is a page with text
            else:
                raise Unreadable("no_text_layer", no_text(count, len(silent), what="a scan"))
        headers = _running(pages)
        items = self._items(pages)
        finished = finish(items, self._limits)
        properties = self._properties()
        return Document(
            "pdf",
            finished.blocks,
            properties | {"pages": str(count)},
            headers=headers,
            page_count=count,
            broken_reference_count=finished.broken_reference_count,
            placeholder_count=finished.placeholder_count,
            is_cut=finished.is_cut or self._is_cut or bool(silent) or bool(broken),
        )

    def _has_paths(self) -> bool:
        return any(True for index in range(min(len(self._document), 3)) for _ in self._document[index].get_objects(max_depth=2))

    def _properties(self) -> dict[str, str]:
        found = {}
        for name, ours in _NAMES.items():
            try:
                value = clean(self._document.get_metadata_value(name))[:4_000]
            except (pypdfium2.PdfiumError, UnicodeDecodeError):
                continue
            if name.endswith("Date"):
                value = _iso(value)
            if value:
                found[ours] = value
        return found

    # One page

    def _page(self, index: int) -> _Page:
        page = self._document[index]
        text = page.get_textpage()
        try:
            found = _Page(index + 1, page.get_height())
            words = list(self._words(text))
            found.letters = sum(len(word.text) for word in words)
            self._letters += found.letters
            edges, found.has_picture = _drawn(page)
        finally:
            text.close()
            page.close()
        width_of_words = {id(word): word for word in words}
        for grid in grids_of(edges):
            inside = [word for word in width_of_words.values() if grid.holds(*word.middle)]
            rows = _cells(grid, inside, self._limits)
            if rows is not None:
                found.tables.append((grid, rows))
                for word in inside:
                    del width_of_words[id(word)]
        found.rows, aligned = _aligned(_rows(list(width_of_words.values())))
        found.tables += aligned
        return found

    def _words(self, text: "pypdfium2.PdfTextPage") -> Iterator[Word]:
        raw = text.raw
        count = pdfium.FPDFText_CountChars(raw)
        if count > _MOST_LETTERS:
            self._is_cut = True
            count = _MOST_LETTERS
        left, right, bottom, top = ctypes.c_double(), ctypes.c_double(), ctypes.c_double(), ctypes.c_double()
        room = pdfium.FS_RECTF()
        ends = 0.0  # where the letter before gives way to the next one
        name = ctypes.create_string_buffer(200)
        flags = ctypes.c_int()
        word: Word | None = None
        for index in range(count):
            code = pdfium.FPDFText_GetUnicode(raw, index)
            if code in {0, 9, 10, 13, 32, 0xA0, 0x2002, 0x2003, 0x2009, 0xFFFE} or not pdfium.FPDFText_GetCharBox(
                raw, index, left, right, bottom, top
            ):
                if code in {0xFFFE, 2} and word is not None:  # a hyphen at the end of a line
                    word.text += "-"
                if word is not None:
                    yield word
                    word = None
                continue
            letter = chr(code) if code < 0x110000 and not 0xD800 <= code <= 0xDFFF else ""
            if code == 2:
                letter = "-"
            x0, x1, y0, y1 = left.value, right.value, bottom.value, top.value
            # Letters are narrower than the room that they take: between the figures of '11' there is nearly as much white as in a space.
            has_room = pdfium.FPDFText_GetLooseCharBox(raw, index, room)
            begins = min(x0, room.left) if has_room else x0
            if word is not None and (
                begins - max(ends, word.right) > 0.2 * word.size
                or x0 < word.left - word.size
                or not (y0 < word.top + 1 and y1 > word.bottom - 1)
            ):
                yield word
                word = None
            ends = max(x1, room.right) if has_room else x1
            if word is None:
                size = round(pdfium.FPDFText_GetFontSize(raw, index) * 2) / 2
                if size <= 1.5:  # the matrix scales the font: the height of the letters tells
                    size = max(round((y1 - y0) * 2.6) / 2, 4.0)
                pdfium.FPDFText_GetFontInfo(raw, index, name, 200, flags)
                font = name.value.decode("utf-8", "replace")
                weight = pdfium.FPDFText_GetFontWeight(raw, index)
                is_bold = bool(_BOLD.search(font)) or flags.value & _FORCE_BOLD != 0 or weight >= 600
                word = Word(letter, x0, x1, y0, y1, size, is_bold, bool(flags.value & _ITALIC) or "talic" in font or "blique" in font)
            else:
                word.text += letter
                word.right = max(word.right, x1)
                word.bottom = min(word.bottom, y0)
                word.top = max(word.top, y1)
        if word is not None:
            yield word

    # The whole

    def _items(self, pages: list[_Page]) -> list[Line | TableBlock]:
        items: list[Line | TableBlock] = []
        last: tuple[Frame, int] | None = None  # the table that ends a page, and where it stands in items
        for page in pages:
            locator = f"page {page.number}"
            lines = [(top, line) for top, line in _paragraphs(page)]
            tables = sorted(page.tables, key=lambda pair: -pair[0].top)
            number = 0
            for index, (grid, rows) in enumerate(tables):
                while lines and lines[0][0] > grid.top - 2:
                    _, line = lines.pop(0)
                    line.locator = locator
                    items.append(line)
                    last = None
                number += 1
                if last is not None and index == 0 and number == 1 and last[0].matches(grid):
                    earlier = items[last[1]]
                    if isinstance(earlier, TableBlock) and len(earlier.rows[0]) == len(rows[0]):
                        again = rows[0] == earlier.rows[0]
                        items[last[1]] = replace(earlier, rows=_gone_on(earlier.rows, rows[1:] if again else rows))
                        last = (grid, last[1])
                        continue
                items.append(TableBlock(rows, locator=f"{locator} table {number}"))
                last = (grid, len(items) - 1)
            for _, line in lines:
                line.locator = locator
                items.append(line)
                last = None
        # A column that is empty on one page may be filled on the next, so those that are empty everywhere go last.
        return [_without_blank(item) if isinstance(item, TableBlock) else item for item in items]


def _without_blank(table: TableBlock) -> TableBlock:
    used = _used(table.rows)
    return table if len(used) == len(table.rows[0]) else replace(table, rows=tuple(tuple(row[at] for at in used) for row in table.rows))


def _gone_on(rows: tuple[tuple[Cell, ...], ...], more: tuple[tuple[Cell, ...], ...]) -> tuple[tuple[Cell, ...], ...]:
    """Return a table with its rows of the next page.

    A row that the page cuts in two is one: it begins with nothing, where every other row begins with something.
    """
    if not more or more[0][0].text or not all(row and row[0].text for row in rows):
        return rows + more
    said = [place for place, cell in enumerate(more[0]) if cell.text]
    if not said or any(not rows[-1][place].text for place in said) or 2 * len(said) > len(more[0]):
        return rows + more
    whole = tuple(
        replace(above, text=_joined([above.text, below.text])) if below.text else above
        for above, below in zip(rows[-1], more[0], strict=True)
    )
    return (*rows[:-1], whole, *more[1:])


def _drawn(page: "pypdfium2.PdfPage") -> tuple[Edges, bool]:
    """Return the rules on a page, and whether a picture is on it."""
    width, height = page.get_size()
    edges = Edges(0.93 * width, 0.93 * height)
    has_picture = False
    segments = 0
    for thing in page.get_objects(max_depth=3):
        if thing.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            has_picture = True
        if thing.type != pdfium.FPDF_PAGEOBJ_PATH or segments > _MOST_SEGMENTS:
            continue
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(thing.raw, fill, stroke)
        if not fill.value and not stroke.value:
            continue
        if not stroke.value and not _is_thin(thing.get_bounds()):
            continue  # the shade behind a text or cell, not a rule
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFPageObj_GetMatrix(thing.raw, matrix)
        count = min(pdfium.FPDFPath_CountSegments(thing.raw), 2_000)
        segments += count
        x, y = ctypes.c_float(), ctypes.c_float()
        start: tuple[float, float] | None = None
        at: tuple[float, float] | None = None
        for index in range(count):
            segment = pdfium.FPDFPath_GetPathSegment(thing.raw, index)
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            point = (matrix.a * x.value + matrix.c * y.value + matrix.e, matrix.b * x.value + matrix.d * y.value + matrix.f)
            kind = pdfium.FPDFPathSegment_GetType(segment)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                start = at = point
                continue
            if kind == pdfium.FPDF_SEGMENT_LINETO and at is not None:
                edges.add(*at, *point)
            at = point
            if pdfium.FPDFPathSegment_GetClose(segment) and start is not None:
                edges.add(*at, *start)
                at = start
    return edges, has_picture


def _is_thin(bounds: tuple[float, float, float, float]) -> bool:
    left, bottom, right, top = bounds
    return min(right - left, top - bottom) <= 2.5


def _cells(grid: Grid, words: list[Word], limits: Limits) -> tuple[tuple[Cell, ...], ...] | None:
    """Return the cells of a ruled table; None when what is in the grid is no table."""
    by_cell: dict[tuple[int, int], list[Word]] = defaultdict(list)
    for word in words:
        place = grid.cell_at(*word.middle)
        if place is not None:
            by_cell[grid.origin(*place)].append(word)
    if len(by_cell) < 2 or len(grid.xs) - 1 > limits.columns:
        return None
    used_columns = [
        column
        for column in range(len(grid.xs) - 1)
        if any(grid.origin(row, column)[1] == column and grid.origin(row, column) in by_cell for row in range(len(grid.ys) - 1))
    ]
    used_rows = [
        row
        for row in range(len(grid.ys) - 1)
        if any(grid.origin(row, column) in by_cell for column in range(len(grid.xs) - 1)) or grid.ys[row] - grid.ys[row + 1] > 6
    ]
    # Columns where nothing ever begins are the other half of double rules, unless they are as wide as a column.
    used_columns = sorted(set(used_columns) | {column for column in range(len(grid.xs) - 1) if grid.xs[column + 1] - grid.xs[column] > 12})
    if len(used_columns) < 2 or not used_rows:
        return None
    made: dict[tuple[int, int], Cell] = {}
    rows: list[tuple[Cell, ...]] = []
    seen: set[tuple[int, int]] = set()
    for row in used_rows:
        out: list[Cell] = []
        for column in used_columns:
            origin = grid.origin(row, column)
            if origin not in made:
                made[origin] = _cell(by_cell.get(origin, []), grid.span(origin, used_rows, used_columns))
            cell = made[origin]
            if origin in seen:
                cell = replace(cell, row_span=1, column_span=1, is_covered=True)
            seen.add(origin)
            out.append(cell)
        rows.append(tuple(out))
    while rows and not any(cell.text for cell in rows[-1]):
        rows.pop()
    while rows and not any(cell.text for cell in rows[0]):
        rows.pop(0)
    return tuple(rows) if len(_used(rows)) > 1 else None


def _used(rows: Sequence[tuple[Cell, ...]]) -> list[int]:
    """Return the columns in which anything stands."""
    return [column for column in range(len(rows[0]) if rows else 0) if any(row[column].text for row in rows)]


def _aligned(rows: list[_Row]) -> tuple[list[_Row], list[tuple[Frame, tuple[tuple[Cell, ...], ...]]]]:
    """Return the lines that are text, and the tables without rules: lines whose words stand in three columns or more."""
    text: list[_Row] = []
    tables = []
    at = 0
    while at < len(rows):
        end, lefts = _columns(rows, at)
        if lefts:
            tables.append((Frame([*lefts, max(row.right for row in rows[at:end])], rows[at].top), _without_rules(rows[at:end], lefts)))
            at = end
        else:
            text.append(rows[at])
            at += 1
    return text, tables


def _segments(row: _Row) -> list[list[Word]]:
    """Return the words of a line, divided where the space is wider than between words."""
    found = [[row.words[0]]]
    for before, word in pairwise(row.words):
        if word.left - before.right > max(1.3 * word.size, 8.0):
            found.append([word])
        else:
            found[-1].append(word)
    return found


def _columns(rows: list[_Row], at: int) -> tuple[int, list[float]]:
    """Return where the table that begins at line *at* ends, and where its columns begin; no columns when none begins there."""
    head = _segments(rows[at])
    if len(head) < _FEWEST_COLUMNS:
        return at, []
    lefts = [segment[0].left for segment in head]
    end, full, letters, count = at + 1, 1, 0, 0
    while end < len(rows):
        before, row = rows[end - 1], rows[end]
        if not -0.5 * row.size < before.bottom - row.top < 3.0 * row.size:
            break
        segments = _segments(row)
        placed = [_column_of(segment, lefts, row.size) for segment in segments]
        if any(place is None for place in placed) or len(set(placed)) != len(placed):
            break
        full += len(segments) >= _FEWEST_COLUMNS
        letters += sum(len(word.text) for segment in segments for word in segment)
        count += len(segments)
        end += 1
    is_prose = count > 0 and letters / count > 35  # columns of a newsletter
    return (end, lefts) if full >= _FEWEST_ROWS and not is_prose else (at, [])


def _column_of(segment: list[Word], lefts: list[float], size: float) -> int | None:
    """Return the column that a piece of a line stands in, None when it reaches into the next one or begins between two."""
    left, right = segment[0].left, segment[-1].right
    for column, start in enumerate(lefts):
        following = lefts[column + 1] if column + 1 < len(lefts) else float("inf")
        if start - 0.8 * size <= left < following - 0.8 * size:
            is_near = left - start <= 6 * size or column == len(lefts) - 1
            return column if is_near and right <= following + 0.3 * size else None
    return None


def _without_rules(rows: list[_Row], lefts: list[float]) -> tuple[tuple[Cell, ...], ...]:
    """Return the cells of a table without rules.

    Where lines stand in groups, wider apart than inside, each group is a row; else a line that leaves the first column empty goes on with
    the row above.
    """
    placed = [_placed(row, lefts) for row in rows]
    if groups := _groups(rows):
        grouped = [_merged([placed[at] for at in group]) for group in groups]
        if all(cells[0] and sum(map(bool, cells)) > 1 for cells in grouped):
            return tuple(tuple(_cell(cell, (1, 1)) for cell in cells) for cells in grouped)
    lines: list[list[list[Word]]] = []
    for row, cells in zip(rows, placed, strict=True):
        filled = sum(1 for cell in cells if cell)
        if lines and filled < len(lefts) and (not cells[0] or (filled == 1 and row is not rows[0])):
            lines[-1] = _merged([lines[-1], cells])
        else:
            lines.append(cells)
    return tuple(tuple(_cell(cell, (1, 1)) for cell in line) for line in lines)


def _placed(row: _Row, lefts: list[float]) -> list[list[Word]]:
    """Return the words of a line by column."""
    cells: list[list[Word]] = [[] for _ in lefts]
    for segment in _segments(row):
        cells[_column_of(segment, lefts, row.size) or 0] += segment
    return cells


def _merged(lines: list[list[list[Word]]]) -> list[list[Word]]:
    return [[word for part in parts for word in part] for parts in zip(*lines, strict=True)]


def _groups(rows: list[_Row]) -> list[range]:
    """Return the runs of lines that stand close together, when the space between runs is clearly wider; none when all stand alike."""
    pitches = [before.top - row.top for before, row in pairwise(rows)]
    close = [pitch for pitch in pitches if pitch <= _CLOSE * min(pitches)]
    apart = [pitch for pitch in pitches if pitch > _CLOSE * min(pitches)]
    if not apart or min(apart) < _APART * max(close) or max(close) > _LEADING * max(row.size for row in rows):
        return []
    starts = [0, *(at + 1 for at, pitch in enumerate(pitches) if pitch >= min(apart))]
    return [range(start, end) for start, end in pairwise([*starts, len(rows)])]


def _cell(words: list[Word], span: tuple[int, int]) -> Cell:
    rows = _rows(words)
    text = clean(_joined([row.text for row in rows]))
    if not text:
        return Cell("", None, "empty", *span)
    return Cell(text, None, "text", *span, is_bold=all(row.is_bold for row in rows), is_placeholder=is_placeholder(text))


def _joined(lines: list[str]) -> str:
    """Return lines that were wrapped as one text."""
    text = ""
    for line in lines:
        if not text:
            text = line
        elif text.endswith("-") and line[:1].islower() and len(text) > 1 and text[-2].isalpha():
            text = text[:-1] + line
        elif _ITEM.match(line):
            text += "\n" + line
        else:
            text += " " + line
    return text


def _rows(words: list[Word]) -> list[_Row]:
    """Return the words as visual lines from top to bottom; columns side by side keep the order in which the file writes them."""
    rows: list[_Row] = []
    current: list[Word] = []
    for word in words:
        if current and _is_same_line(current, word):
            current.append(word)
        else:
            if current:
                rows.append(_Row(sorted(current, key=lambda one: one.left)))
            current = [word]
    if current:
        rows.append(_Row(sorted(current, key=lambda one: one.left)))
    if _is_single_column(rows):
        rows.sort(key=lambda row: (-row.top, row.left))
        merged: list[_Row] = []
        for row in rows:
            if merged and _is_same_line(merged[-1].words, row.words[0]):
                merged[-1].words = sorted(merged[-1].words + row.words, key=lambda one: one.left)
            else:
                merged.append(row)
        return merged
    return rows


def _is_same_line(words: list[Word], word: Word) -> bool:
    other = words[-1]
    overlap = min(other.top, word.top) - max(other.bottom, word.bottom)
    return overlap > 0.5 * min(other.top - other.bottom, word.top - word.bottom)


def _is_single_column(rows: list[_Row]) -> bool:
    """Say whether lines hardly ever stand side by side with long text on both sides."""
    side = 0
    ordered = sorted(rows, key=lambda row: -row.top)
    for one, other in pairwise(ordered):
        if min(one.top, other.top) - max(one.bottom, other.bottom) > 2 and len(one.text) > 25 and len(other.text) > 25:
            side += 1
    return side <= max(1, len(rows) * 0.15)


def _paragraphs(page: _Page) -> Iterator[tuple[float, Line]]:
    """Yield the lines of a page joined to paragraphs, each with its top."""
    rows = page.rows
    if not rows:
        return
    right = sorted(row.right for row in rows)[int(len(rows) * 0.9)]
    start = 0
    while start < len(rows):
        end = start + 1
        while end < len(rows) and _continues(rows[end - 1], rows[end], right):
            end += 1
        part = rows[start:end]
        text = clean(_joined([row.text for row in part]))
        first = part[0]
        bullet = _BULLET.match(text)
        line = Line(
            text[bullet.end() :] if bullet else text,
            is_list_item=bullet is not None,
            size=first.size,
            is_bold=all(row.is_bold for row in part),
            is_italic=all(row.is_italic for row in part),
            is_toc=bool(_LEADER.search(text)) or (len(part) == 1 and _is_toc(first)),
            page=page.number,
        )
        if line.text:
            yield first.top, line
        start = end


def _continues(before: _Row, row: _Row, right: float) -> bool:
    """Say whether a line goes on with the paragraph of the one before it."""
    size = before.size
    if abs(row.size - size) > 0.5 or before.is_bold != row.is_bold or _ITEM.match(row.text) or _LEADER.search(before.text):
        return False
    gap = before.bottom - row.top
    if gap > 0.9 * size or gap < -0.5 * size:
        return False
    room = right - before.right
    return room < len(row.words[0].text) * 0.6 * size + 0.6 * size and not _is_toc(before)


def _is_toc(row: _Row) -> bool:
    """Say whether a line ends with a page number far from the words before it."""
    return len(row.words) > 1 and row.words[-1].text.isdecimal() and row.words[-1].left - row.words[-2].right > 2.5 * row.size


def _running(pages: list[_Page]) -> tuple[str, ...]:
    """Take the headers and footers out of the pages and return them."""
    if len(pages) < 3:
        return ()
    places: Counter[tuple[str, int]] = Counter()
    for page in pages:
        places.update({(text, round(row.bottom / 6)) for row in page.rows[:3] + page.rows[-3:] for text in _recurring(row, page)})
    common = {text for (text, _), count in places.items() if count >= max(3, len(pages) * 0.4)}
    found: dict[str, str] = {}
    for page in pages:
        kept = []
        for index, row in enumerate(page.rows):
            recurring = _recurring(row, page) & common if index < 3 or index >= len(page.rows) - 3 else frozenset[str]()
            if recurring:
                found.setdefault(min(recurring), clean(row.text))
            else:
                kept.append(row)
        page.rows = kept
    return tuple(filter(None, found.values()))


def _recurring(row: _Row, page: _Page) -> AbstractSet[str]:
    """Return the text of a line with the number of the page left open, as often as it is not sure which of its numbers that is.

    Other numbers stay: 'Sprint 1', 'Sprint 2' at the top of pages are headings. A page number that starts elsewhere is told by its words
    or by its place in the margin, where it comes first or last: 'Stage plan 3, version 1.0, page 7'.
    """
    text = row.text
    found = {_DIGITS.sub(lambda match: "#0" if match[0] == str(page.number) else match[0], text)}
    numbers = list(_DIGITS.finditer(text))
    if numbers and (row.bottom > 0.94 * page.height or row.top < 0.06 * page.height or _PAGE_WORDS.fullmatch(text)):
        for number in (numbers[0], numbers[-1]):
            if len(number[0]) < 5:
                found.add(f"{text[: number.start()]}#{int(number[0]) - page.number}{text[number.end() :]}")
    return found


def _iso(value: str) -> str:
    """Return a date of a PDF as ISO text; '' when it is none."""
    match = _PDF_DATE.match(value)
    if not match:
        return ""
    year, month, day, hour, minute, second, zulu, sign, hours, minutes = match.groups()
    text = f"{year}-{month or '01'}-{day or '01'}"
    if hour:
        text += f"T{hour}:{minute or '00'}:{second or '00'}"
        if zulu or (sign and hours == "00"):
            text += "Z"
        elif sign:
            text += f"{sign}{hours}:{minutes or '00'}"
    return text
