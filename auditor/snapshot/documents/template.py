"""What a document still holds of its template: placeholders, guidance, and whether anybody has filled it in at all.

'n/a' and '-' are answers, 'TBD', '<project name>' and '[describe the scope]' are none. What is instruction and what is text is told by
brackets, by what the reader of the file marked, and by italics together with an imperative; an imperative alone is a step or a task.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from auditor.connect.document import Document, TableBlock, TextBlock
from auditor.connect.values import fold, parse_day, parse_period
from auditor.rulebook.recognition import Phrases, Recognition

_COVER = 15  # leading blocks that may show the name of a project that nobody has filled in
_LONGEST_INSIDE = 120
_FEWEST, _MANY = 3, 6  # pieces of residue
_FEWEST_WORDS = 15  # fewer words of one's own are none
_MOST_OF_IT, _MUCH, _LITTLE = 60, 35, 12  # per cent of the words

_WHOLE = re.compile(r"(<[^<>].*>|\[[^\[\]].*\]|\{.+\})[\s.,;:]*", re.DOTALL)
_ANGLE = re.compile(r"(?<![\w<])<([A-Za-zÀ-ÿ][^<>\n]{1,80})>(?!\w)")
_QUOTED = re.compile(r"“[^”]{3,}(?:”|$)|„[^“”]{3,}[“”]|«[^»]{3,}»")  # 'As a <user>, I want <goal>' in quotes speaks of a template
_SQUARE = re.compile(r"\[([^\[\]\n]{3,120})\]|\{\{([^{}\n]{2,80})\}\}")
_NAMED = re.compile(r"\[[^\[\]\n]{1,60}\](?:[._]?\[[^\[\]\n]{1,60}\])+")  # '[DPW][Topic][type]' says how something is named
_TAG = re.compile(
    r"[/!?].*|(a|abbr|b|br|div|dl|dt|em|h[1-6]|hr|html|i|img|li|meta|ol|p|pre|script|span|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul)"
    r"(\s+[\w-]+=.*|\s*/?)"
)
_ADDRESS = re.compile(r"[=@]|://|www\.", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]{3}")
_GUIDANCE_STYLE = re.compile(r"guid|instruct|hint|hinweis|ausf[uü]ll|consigne|instruc|help ?text|infoblue|template", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Residue:
    """What a document holds of its template.

    Attributes:
        count: pieces of residue: placeholders in cells and texts, paragraphs of guidance.
        words: of residue.
        own_words: that somebody wrote into it: texts below headings and cells beside labels or below headers.
        is_unchanged: True when nobody filled it in, False when it is clearly somebody's own text, None when neither is clear.
    """

    count: int
    words: int
    own_words: int
    is_unchanged: bool | None


@dataclass(frozen=True, slots=True)
class ResidueWords:
    """What packs say about templates, compiled."""

    residue: frozenset[str]
    slots: frozenset[str]
    guidance: tuple[str, ...]  # each with a blank behind it
    template: frozenset[str]

    def is_residue(self, text: str) -> bool:
        """Say whether the whole of *text* waits to be replaced: 'TBD', '<name>', '[describe …]'."""
        stripped = text.strip()
        if len(stripped) < 3:
            return False
        if stripped[0] in "<[{" and _WHOLE.fullmatch(stripped):
            inside = stripped.rstrip(" .,;:")[1:-1]
            return (
                _LETTERS.search(inside) is not None and not _ADDRESS.search(inside) and not (stripped[0] == "<" and _TAG.fullmatch(inside))
            )
        return len(stripped) < _LONGEST_INSIDE and fold(stripped) in self.residue

    def is_guidance(self, text: str) -> bool:
        """Say whether *text* begins as an instruction to whoever fills in a template does."""
        start = f"{fold(text[:_LONGEST_INSIDE])} "
        return start.startswith(self.guidance)

    def pieces(self, text: str) -> int:
        """Return how many placeholders stand within *text*."""
        if "<" not in text and "[" not in text and "{{" not in text:
            return 0
        text = _QUOTED.sub(lambda quoted: "" if len(_ANGLE.findall(quoted[0])) > 1 else quoted[0], text)
        angled = sum(not _TAG.fullmatch(inside) and not _ADDRESS.search(inside) for inside in _ANGLE.findall(text))
        squared = (fold(first or second) for first, second in _SQUARE.findall(_NAMED.sub(" ", text)))
        return angled + sum(inside in self.slots or inside in self.residue or self.is_guidance(inside) for inside in squared)


@lru_cache(maxsize=4)
def residue_words(recognition: Recognition) -> ResidueWords:
    """Return what *recognition* says about templates, ready for use."""
    words = recognition.words
    return ResidueWords(
        residue=_folded(words.residue),
        slots=_folded(words.slots),
        guidance=tuple(sorted(f"{phrase} " for phrase in _folded(words.guidance))),
        template=_folded(words.template),
    )


def _folded(phrases: Phrases) -> frozenset[str]:
    return frozenset(fold(phrase) for listed in phrases.values() for phrase in listed)


def read_residue(document: Document, words: ResidueWords, *, name: str = "") -> Residue:
    """Return what *document* still holds of its template.

    Args:
        document: its structure.
        words: what the packs say.
        name: of the file and the title: 'Risk Log Template' asks for less to be taken for an unchanged template.
    """
    count = residue = own = 0
    on_cover = False
    for position, (text, is_own, is_residue) in enumerate(_pieces(document, words)):
        length = len(text.split())
        if is_residue:
            count += 1
            residue += length
            on_cover = on_cover or position < _COVER
        else:
            inner = words.pieces(text)
            count += inner
            on_cover = on_cover or (inner > 0 and position < _COVER)
            own += length if is_own else 0
    count = max(count, document.placeholder_count)
    is_template = bool(words.template & set(fold(name).split()))
    return Residue(count, residue, own, _is_unchanged(document, count, residue, own, on_cover=on_cover, is_template=is_template))


def _is_unchanged(document: Document, count: int, residue: int, own: int, *, on_cover: bool, is_template: bool) -> bool | None:
    share = residue * 100 // max(residue + own, 1)
    if own < _FEWEST_WORDS:
        has_form = any(isinstance(block, TableBlock) and len(block.rows) > 0 for block in document.blocks)
        if count >= _FEWEST or (is_template and (count or has_form)):
            return None if document.is_cut else True
        return None
    if share < _LITTLE and not (is_template and on_cover):
        return False
    if document.is_cut:
        return None
    filled_in = not on_cover and count < _MANY
    if count >= _FEWEST and not filled_in and share >= (_MUCH if is_template or on_cover else _MOST_OF_IT):
        return True
    return None


def _pieces(document: Document, words: ResidueWords) -> Iterator[tuple[str, bool, bool]]:
    """Yield texts with whether they are somebody's own (no heading, header or label) and whether they are residue."""
    for block in document.blocks:
        if isinstance(block, TextBlock):
            text = block.text.strip()
            if text and not block.is_struck:
                is_residue = block.is_placeholder or words.is_residue(text)
                looks = block.is_italic or _GUIDANCE_STYLE.search(block.style) is not None
                yield text, not block.level and not block.is_title, is_residue or (looks and words.is_guidance(text))
        elif not block.is_hidden and not block.is_layout:
            yield from _cells(block, words)


def _cells(table: TableBlock, words: ResidueWords) -> Iterator[tuple[str, bool, bool]]:
    width = max((len(row) for row in table.rows), default=0)
    headers = table.header_rows or (1 if width > 2 else 0)
    for number, row in enumerate(table.rows):
        for position, cell in enumerate(row):
            text = cell.text.strip()
            if not text or cell.is_covered or cell.is_struck:
                continue
            is_own = number >= headers and (position > 0 or width == 1 or len(text) > _LONGEST_INSIDE)
            yield text, is_own, cell.is_placeholder or words.is_residue(text)


def words_of(document: Document) -> int:
    """Return the number of words in texts and visible cells."""
    total = 0
    for block in document.blocks:
        if isinstance(block, TextBlock):
            total += len(block.text.split())
        elif not block.is_hidden:
            total += sum(len(cell.text.split()) for row in block.rows for cell in row if not cell.is_covered)
    return total


def title_of(
    document: Document,
    words: ResidueWords,
    labelled: str = "",
    *,
    is_name: Callable[[str], bool] = lambda _: False,
    is_block: Callable[[str], bool] = lambda _: False,
) -> str | None:
    """Return what the document calls itself, or None.

    Candidates are, in this order: lines in style Title, what a control block says, a title alone in its row of a sheet, a heading that
    comes first, the property when a person seems to have written it, the first headings. The first that names a kind of document is
    taken, else the first.

    Args:
        document: its structure.
        words: what the packs say about templates.
        labelled: the title that a control block states, '' when none.
        is_name: says whether a line names a kind of document.
        is_block: says whether a line heads a block about the document itself: 'Revision History' is never what a document is called.
    """
    said = (" ".join(text.split()) for text in _titles(document, labelled))
    lines = [line for line in said if _is_title(line, words) and not is_block(line)]
    return next((line for line in lines if is_name(line)), lines[0] if lines else None)


def _is_title(line: str, words: ResidueWords) -> bool:
    if not 2 < len(line) <= _LONGEST_TITLE or line.endswith((":", ";", ",")) or not _LETTERS.search(line) or words.is_residue(line):
        return False
    return len(line) > _LONGEST_DAY or (parse_day(line) is None and parse_period(line) is None)


_LONGEST_TITLE = 300
_LONGEST_DAY = 40
_GENERATED = re.compile(
    r"untitled|docx?|xlsx?|pptx?|pdf|microsoft|(microsoft )?powerpoint([ -]presentation|-präsentation)?|présentation powerpoint|"
    r"presentaci[oó]n de powerpoint|presentation|document\d*|book\d*|sheet\d*|slide \d+|title|.*\.(docx?|xlsx?|pptx?|odt|pdf|indd|tmp)",
    re.IGNORECASE,
)


def _titles(document: Document, labelled: str) -> Iterator[str]:
    head = document.blocks[:40]
    yield from (block.text for block in head if isinstance(block, TextBlock) and block.is_title)
    yield labelled
    if document.format in {"xlsx", "ods", "csv"}:
        for block in head[:3]:
            if isinstance(block, TableBlock) and not block.is_hidden:
                for row in block.rows[:4]:
                    texts = [cell.text for cell in row if cell.text.strip() and not cell.is_covered]
                    if len(texts) == 1 and len(texts[0]) < _LONGEST_INSIDE:
                        yield texts[0]
    elif (
        first := next((block for block in head if isinstance(block, TextBlock) and block.text.strip()), None)
    ) is not None and first.level:
        yield first.text
    own = document.properties.get("title", "").strip()
    if own and not _GENERATED.fullmatch(own):
        yield own
    headings = [block.text for block in head if isinstance(block, TextBlock) and block.level == 1]
    yield from headings[:1]
    yield from (block.text for block in head[:_COVER] if isinstance(block, TextBlock) and block.level and not block.text[:1].isdigit())


_VERSION = re.compile(
    r"(?<![A-Za-z0-9])(?:v|ver|vers|version|versi[oó]n|rev|revision|r[ée]vision)[ ._-]?"
    r"(\d{1,3}(?:-\d{1,2}(?![\d-])|(?:[._]\d{1,3}(?!\d)){0,2}))(?![^\W_])",
    re.IGNORECASE,
)  # also 'v1-0', and not the day in 'v1-2026-05-03' or 'v1.0_20260503'
_VERSION_BARE = re.compile(r"[ _-](\d{1,2}\.\d{1,2})(?=$|[ _-](?:draft|final|approved|signed|entwurf|brouillon|borrador)\b)", re.IGNORECASE)


def version_in_name(path: str) -> str | None:
    """Return the version that a file name states, as figures: 'Charter_v01_2.docx' → '1.2'; None when it states none."""
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", path.rsplit("/", 1)[-1])
    found = _VERSION.findall(stem.replace("_v", " v").replace("_V", " V")) or _VERSION_BARE.findall(stem)
    if not found:
        return None
    return ".".join(str(int(part)) for part in re.split(r"[._-]", found[-1]))
