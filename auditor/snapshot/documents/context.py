"""What stands around a table, as evidence of which register it is: sheet, caption, headings, the sentence before, the file's name."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from auditor.connect.document import TableBlock, TextBlock
from auditor.connect.values import fold
from auditor.snapshot.documents.grid import Grid, shown
from auditor.snapshot.documents.headers import Registers, is_caption

_MOST_TITLE_ROWS = 5
_NO_REGISTER = -2.0
_SHEET, _ABOVE, _HEADING, _PARENT, _SENTENCE, _FILE_OF_ONE, _FILE = 2.0, 2.0, 1.9, 1.1, 1.4, 1.5, 1.3
_AGREED = 1.0  # least, where the name of the file and a heading above name the same register in part


@dataclass(frozen=True, slots=True)
class Around:
    """How much the place of a table speaks for each register."""

    compiled: Registers
    near: Mapping[str, float] = field(default_factory=dict)  # sheet, caption, nearest heading
    far: Mapping[str, float] = field(default_factory=dict)  # file, title, headings above
    is_no_register: bool = False
    texts: tuple[str, ...] = ()  # nearest first

    def points(self, register: str) -> float:
        """Return from -2 (a value list, a pivot, a legend) over 0 (nothing said) to 2 (the sheet bears the register's name)."""
        near, far = self.near.get(register, 0.0), self.far.get(register, 0.0)
        if near < 1 and any(points >= 1 for points in self.near.values()):
            far /= 2  # it stands under something else's name
        return max(near, far) + (_NO_REGISTER if self.is_no_register and near < 1.9 else 0.0)

    def below(self, grid: Grid, row: int, columns: Sequence[int] | None = None) -> "Around":
        """Return the same with the title rows above *row* of the table (of some of its columns) read as well."""
        near = dict(self.near)
        is_no_register = self.is_no_register
        texts = list(self.texts)
        seen = 0
        for above in range(row - 1, max(row - 1 - 2 * _MOST_TITLE_ROWS, -1), -1):
            filled = grid.filled(above, columns)
            if not filled:
                continue
            if len(filled) > 2:
                break
            seen += 1
            if seen > _MOST_TITLE_ROWS:
                break
            text = shown(grid.text(above, filled[0]))
            texts.insert(0, text)
            _add(near, self.compiled.named_in(text), _ABOVE if seen == 1 else _ABOVE - 0.4)
            is_no_register = is_no_register or self.compiled.names_no_register(text)
        return replace(self, near=near, is_no_register=is_no_register, texts=tuple(texts))


def _add(points: dict[str, float], named: Mapping[str, float], weight: float) -> None:
    for register, quality in named.items():
        points[register] = max(points.get(register, 0.0), weight * quality)


def captions_below(blocks: Sequence[TextBlock | TableBlock]) -> dict[int, str]:
    """Return the captions that stand below their tables ('Table 3: Risk register'), by the number of the table, from 0.

    Where the first captions of a document stand above tables none stands below.
    """
    found: dict[int, str] = {}
    tables = -1
    for at, block in enumerate(blocks):
        if isinstance(block, TableBlock):
            tables += 1
            continue
        if block.level or not is_caption(block.text):
            continue
        before = blocks[at - 1] if at else None
        after = blocks[at + 1] if at + 1 < len(blocks) else None
        if isinstance(before, TableBlock) and not isinstance(after, TableBlock):
            found[tables] = shown(block.text)
        elif isinstance(after, TableBlock) and not isinstance(before, TableBlock):
            return {}
    return found


class Surroundings:
    """Follows the blocks of a document and says what stands around the next table."""

    def __init__(self, compiled: Registers, path: str, title: str, *, is_alone: bool = False) -> None:
        """Begin; *is_alone*: the file holds one sheet only, of which its name speaks as plainly."""
        self._compiled = compiled
        self._file: dict[str, float] = {}
        _add(self._file, compiled.named_in(re.sub(r"[_\-.]+", " ", PurePosixPath(path).stem)), _FILE_OF_ONE if is_alone else _FILE)
        _add(self._file, compiled.named_in(title), _FILE - 0.3)
        self._headings: dict[int, str] = {}
        self._sentence = ""

    def saw(self, block: TextBlock) -> None:
        """Take note of a paragraph or heading."""
        text = shown(block.text)
        if not text:
            return
        if block.level or block.is_title:
            at = block.level or 1
            self._headings = {level: heading for level, heading in self._headings.items() if level < at}
            self._headings[at] = text
            self._sentence = ""
        elif not block.is_placeholder:
            self._sentence = text

    def saw_table(self) -> None:
        """Take note that a table has passed: the sentence before it does not speak of the next one."""
        self._sentence = ""

    def above(self, *, is_heading: bool = True) -> Around:
        """Return what stands above the heading that was seen last: those of higher level, the title, the file's name.

        Without *is_heading* it is a line of text that stands as one, so that all headings are above it.
        """
        lowest = max(self._headings, default=0) + (not is_heading)
        near: dict[str, float] = {}
        far = dict(self._file)
        texts = []
        is_no_register = False
        for depth, level in enumerate(sorted((level for level in self._headings if level < lowest), reverse=True)):
            heading = self._headings[level]
            texts.append(heading)
            _add(near if depth == 0 else far, self._compiled.named_in(heading), _HEADING if depth == 0 else _PARENT)
            is_no_register = is_no_register or (depth == 0 and self._compiled.names_no_register(heading))
            for register in self._file.keys() & self._compiled.named_in(heading).keys():
                far[register] = max(far[register], _AGREED)
        return Around(self._compiled, near, far, is_no_register, tuple(texts))

    def of(self, table: TableBlock, below: str = "") -> Around:
        """Return what stands around *table*; *below* is its caption where that follows it."""
        near: dict[str, float] = {}
        far = dict(self._file)
        texts = [text for text in (shown(table.name), self._sentence, below) if text]
        _add(near, self._compiled.named_in(table.name), _SHEET)
        _add(near, self._compiled.named_in(below), _SENTENCE)
        if self._sentence:
            _add(near, self._compiled.named_in(self._sentence), _SENTENCE)
        is_no_register = self._compiled.names_no_register(table.name)
        for depth, level in enumerate(sorted(self._headings, reverse=True)):
            heading = self._headings[level]
            texts.append(heading)
            named = self._compiled.named_in(heading)
            if depth == 0:
                _add(near, named, _HEADING)
                is_no_register = is_no_register or self._compiled.names_no_register(heading)
            else:
                _add(far, named, _PARENT)
        return Around(self._compiled, near, far, is_no_register, tuple(fold(text) and text for text in texts))
