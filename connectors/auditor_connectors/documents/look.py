"""From lines with their look to blocks: headings that no style marks, the title, names of tables, counts.

The same for docx, odt, pptx and pdf, so that a document reads alike in every format.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from auditor.connect.document import TableBlock, TextBlock
from auditor_connectors.documents.limits import Limits
from auditor_connectors.documents.text import broken_reference_count, is_placeholder, numbering_depth, placeholder_count, reads_as_guidance

_CAPTION = re.compile(r"(?i)(?:table|tabelle|tableau|tabla|tabella|tab\.)\s*[\divx.\-]+\s*[:.\-–—]?\s*\S?")
_LABEL = re.compile(r":\s*\S")
_STAMP = re.compile(
    r"(?i)(?:(?:version|versión|ver\.?|v\.?|revision|révision|revisión|rev\.?|stand|date|datum|fecha|draft|entwurf|borrador)[\s:.#]*)?"
    r"(?:\d[\d\s.,/\-]*[a-z]?"
    r"|(?:\d{1,2}(?:st|nd|rd|th|er|\.)?\s+(?:de\s+)?)?"
    r"(?:jan|feb|fév|mar|mär|apr|avr|abr|may|mai|jun|juin|jul|juil|aug|aoû|ago|sep|oct|okt|nov|dec|dez|déc|dic|ene)[^\W\d_]*"
    r"\.?[\s,]+(?:de\s+)?(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?(?:19|20)\d{2})"
)
"""A day, a month, a version: what stands on covers in large letters and is neither title nor heading."""

_FULL_STOP = (".", ";", ",", "?", "!")
_MOST_WORDS = 14
_MOST_LETTERS = 120


@dataclass(slots=True)
class Line:
    """A paragraph before anybody judged whether it is a heading. *size* is in points, None where the format does not say."""

    text: str
    level: int = 0
    level_basis: Literal["", "style", "outline", "look", "numbering"] = ""
    locator: str = ""
    is_list_item: bool = False
    list_level: int = 0
    style: str = ""
    size: float | None = None
    is_bold: bool = False
    is_italic: bool = False
    is_struck: bool = False
    is_placeholder: bool = False
    is_title: bool = False
    is_toc: bool = False
    is_caption: bool = False
    may_be_guidance: bool = False  # in a style for instructions of the template, which people also write over
    number_depth: int = 0  # of the number that a list prints before it; 0: none, or a bullet
    page: int | None = None

    def block(self) -> TextBlock:
        """Return the block that the line becomes."""
        return TextBlock(
            self.text,
            self.level,
            self.level_basis,
            self.locator,
            self.is_list_item,
            self.list_level,
            self.style,
            self.is_bold,
            self.is_italic,
            self.is_struck,
            self.is_placeholder,
            self.is_title,
            self.page,
        )


@dataclass(frozen=True, slots=True)
class Finished:
    """Blocks and what was counted in them."""

    blocks: tuple[TextBlock | TableBlock, ...]
    placeholder_count: int
    broken_reference_count: int
    is_cut: bool


def finish(items: Sequence[Line | TableBlock], limits: Limits, *, by_look: bool = True) -> Finished:
    """Judge headings and title by look (unless not *by_look*), name the tables, count residue, and apply the limits on blocks and text."""
    _mark_guidance(items)
    _settle_titles(items)
    if by_look:
        body = _body_size(items)
        _mark_title(items, body)
        _mark_headings(items, body)
    blocks: list[TextBlock | TableBlock] = []
    placeholders = broken = used = 0
    is_cut = False
    heading = ""
    caption = ""
    for item in items:
        if len(blocks) >= limits.blocks or used > limits.text:
            is_cut = True
            break
        if isinstance(item, TableBlock):
            for row in item.rows:
                for cell in row:
                    if cell.text and not cell.is_covered:
                        used += len(cell.text)
                        placeholders += max(placeholder_count(cell.text), int(cell.is_placeholder))
                        broken += broken_reference_count(cell.text)
            blocks.append(item if item.name else replace(item, name=caption or heading))
            is_cut = is_cut or item.is_cut
            caption = ""
            continue
        if not item.is_placeholder:
            item.is_placeholder = is_placeholder(item.text)
        used += len(item.text)
        placeholders += max(placeholder_count(item.text), int(item.is_placeholder))
        broken += broken_reference_count(item.text)
        caption = item.text[:200] if item.is_caption or (len(item.text) < 200 and _CAPTION.match(item.text)) else ""
        if item.level:
            heading = item.text[:200]
        blocks.append(item.block())
    return Finished(tuple(blocks), placeholders, broken, is_cut)


def _mark_guidance(items: Sequence[Line | TableBlock]) -> None:
    """Settle which lines in a style for instructions are still instructions.

    People write their own text over instructions and keep the style; then most of the text stands in it.
    """
    lines = [item for item in items if isinstance(item, Line) and not item.level and not item.is_toc]
    doubtful = sum(len(line.text) for line in lines if line.may_be_guidance)
    is_rare = doubtful < 0.4 * sum(len(line.text) for line in lines)
    for line in lines:
        if line.may_be_guidance and (is_rare or reads_as_guidance(line.text)):
            line.is_placeholder = True


def _settle_titles(items: Sequence[Line | TableBlock]) -> None:
    """Leave the style of titles its meaning on the cover only: further on it marks headings, and days and versions are neither."""
    has_begun = False
    for item in items:
        if isinstance(item, TableBlock):
            has_begun = True
        elif item.is_title:
            item.is_title = not has_begun and not _STAMP.fullmatch(item.text)
            if has_begun:
                item.level, item.level_basis = 1, "style"
        elif item.level or len(item.text) > 150:
            has_begun = True


def _body_size(items: Sequence[Line | TableBlock]) -> float | None:
    sizes: Counter[float] = Counter()
    for item in items:
        if isinstance(item, Line) and item.size and not item.is_toc:
            sizes[item.size] += min(len(item.text), 400)
    return min(sizes, key=lambda size: (-sizes[size], size)) if sizes else None


def _mark_title(items: Sequence[Line | TableBlock], body: float | None) -> None:
    """Mark the first large line as title when no style does."""
    if any(isinstance(item, Line) and item.is_title for item in items) or body is None:
        return
    first: list[Line] = []
    for item in items[:25]:
        if isinstance(item, TableBlock):
            if first:
                break
            continue
        if item.level or item.is_toc:
            break
        if item.page is not None and first and item.page != first[0].page:
            break
        first.append(item)
    large = [
        line
        for line in first
        if line.size
        and line.size >= 1.3 * body
        and len(line.text) <= 200
        and any(map(str.isalpha, line.text))
        and not _STAMP.fullmatch(line.text)
    ]
    if not large:
        return
    size = max(line.size or 0 for line in large)
    rivals = sum(1 for item in items if isinstance(item, Line) and item.size and item.size >= size and item not in first)
    if rivals > 1:  # as large as the headings: the first line is one of them
        return
    # Only the first of them: what follows in the same size is as often the first heading as the rest of the title.
    next(line for line in first if line.size == size).is_title = True


def _mark_headings(items: Sequence[Line | TableBlock], body: float | None) -> None:
    strengths = [_strength(item, body) if isinstance(item, Line) else 0 for item in items]
    _drop_runs(items, strengths)
    large = sorted(
        {item.size for item, strength in zip(items, strengths, strict=True) if strength == _LARGE and isinstance(item, Line) and item.size},
        reverse=True,
    )
    ranks = _ranks(large)
    styled = 0  # level of the last heading that a style marks
    for index, (item, strength) in enumerate(zip(items, strengths, strict=True)):
        if isinstance(item, TableBlock):
            continue
        if item.level:
            styled = item.level
            continue
        if not strength or not _is_followed(items, index):
            continue
        depth = item.number_depth if item.is_list_item else numbering_depth(item.text)
        if depth:
            level = depth
        elif strength == _LARGE and item.size:
            level = ranks[item.size]
        else:
            level = len(set(ranks.values())) + 1
        if styled and not depth:
            level = max(level, styled + 1)
        item.level = min(level, 9)
        item.level_basis = "numbering" if strength == _NUMBERED else "look"
        item.is_list_item = False


_NUMBERED = 1
_BOLD = 2
_LARGE = 3


def _strength(line: Line, body: float | None) -> int:
    """Return how much a line looks like a heading; 0 for not."""
    text = line.text
    if line.level or line.is_title or line.is_toc or line.is_caption or line.is_struck or not 2 <= len(text) <= _MOST_LETTERS:
        return 0
    if _STAMP.fullmatch(text):
        return 0
    words = text.split()
    if len(words) > _MOST_WORDS or "\n" in text or not any(map(str.isalpha, text)) or text.endswith((";", ",")):
        return 0
    depth = numbering_depth(text)
    if line.is_list_item and line.number_depth and line.is_bold and not text.endswith((".", ":")) and len(words) <= 10:
        return _NUMBERED
    is_large = body is not None and line.size is not None and line.size >= 1.12 * body
    if line.is_list_item and not (line.is_bold and is_large):
        return 0
    if text.endswith(_FULL_STOP) and not (is_large and text.endswith(("?", "!"))):
        return 0
    if _LABEL.search(text) and not depth and not is_large:
        return 0
    if is_large:
        return _LARGE
    if line.is_bold and (body is None or line.size is None or line.size >= 0.95 * body):
        return _BOLD
    return _NUMBERED if depth >= 2 and len(text) <= 80 and not _LABEL.search(text) else 0


def _drop_runs(items: Sequence[Line | TableBlock], strengths: list[int]) -> None:
    """Take back what stands in rows: bold lines of an address, numbered lines of a list."""
    start = 0
    while start < len(items):
        end = start
        while end < len(items) and strengths[end] and strengths[end] == strengths[start] and _same_look(items[start], items[end]):
            end += 1
        if end - start >= 3:
            for index in range(start, end):
                strengths[index] = 0
        start = max(end, start + 1)


def _same_look(one: Line | TableBlock, other: Line | TableBlock) -> bool:
    return (
        isinstance(one, Line)
        and isinstance(other, Line)
        and one.size == other.size
        and one.is_bold == other.is_bold
        and (one.number_depth or numbering_depth(one.text)) == (other.number_depth or numbering_depth(other.text))
    )


def _is_followed(items: Sequence[Line | TableBlock], index: int) -> bool:
    return index + 1 < len(items)


def _ranks(sizes: Sequence[float]) -> dict[float, int]:
    """Return size → level; sizes within 4 % of each other share one."""
    ranks: dict[float, int] = {}
    level = 0
    last = 0.0
    for size in sizes:
        if not level or size < last * 0.96:
            level += 1
            last = size
        ranks[size] = level
    return ranks
