"""The sections of a document: which content item of the standard each is, and which product stands inside another document.

A section reaches to the next heading of its own or a higher level; its text, words and emptiness include what stands in its
subsections, since that is where people look for it. A sheet of a workbook is a section with the sheet's name as heading.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

from auditor.connect.document import TableBlock, TextBlock
from auditor.connect.protocol import Parsed
from auditor.connect.values import clean, fold, is_placeholder, is_put_off
from auditor.rulebook.recognition import CORE, DeclaredKind, Recognition
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.kinds import (
    SURE,
    Compiled,
    Key,
    KindGuess,
    best_kind,
    columns_of,
    compile_recognition,
    section_kinds,
    without_number,
)
from auditor.snapshot.documents.language import detect_language
from auditor.snapshot.words import words as listed

LONGEST_TEXT = 20_000
"""Characters of a section's text that are kept."""

_MOST_SECTIONS = 5_000
_FEWEST_WORDS = 8  # a product inside another document says at least that much
_FEWEST_WORDS_UNNAMED = 25  # the same when the heading only names the topic
_MOST_WORDS_ELSEWHERE = 80  # a longer section that also refers to another document still says something itself
_WORDS_FOR_LANGUAGE = 20
_LONGEST_HEADING = 500
_LONGEST_HEADER_CELL = 60
_FRONT = 2  # sections that may be the cover
_WORDS_OF_COVER = 80
_COVER = frozenset({"document_control", "approval"})
_FIRST_BLOCKS = 40  # among which the title stands
_FEWEST_COLLECTED = 3
_MOST_OF_TITLE = 12  # words of a title among which the name of a collection is looked for
_IN_BRACKETS = re.compile(r"\(([^()]{3,60})\)")
_PART = re.compile(r"\s*(?:part|teil|partie|parte|volume|band|tome|tomo)\s+(?:[A-Z]|[IVX]+|\d+)\b", re.IGNORECASE)
_COLUMNS = frozenset({"position", "level", "heading", "kind", "text", "language", "word_count", "placeholder_count", "is_empty"})


@dataclass(frozen=True, slots=True)
class SectionProduct:
    """A product that stands as a section (or sheet) inside another document.

    Attributes:
        kind, standard: what it is.
        section: `own_id` of the section's row; '' for a table that stands below no heading.
        confidence: from `DOUBT` on; below `SURE` it is a candidate only.
        because: in words.
        locator: the place in the document.
    """

    kind: str
    standard: str
    section: str
    confidence: Decimal
    because: str
    locator: str


@dataclass(frozen=True, slots=True)
class RecognisedSections:
    """What `recognise_sections` found, in reading order."""

    found: tuple[Found, ...]  # rows of table `section`; their `own_id` tells them apart within the document
    products: tuple[SectionProduct, ...]
    tables: Mapping[str, str]  # locator of a table → `own_id` of the innermost section that it stands in


@dataclass(slots=True)
class _Open:
    """A section while its blocks are read."""

    heading: str
    level: int
    locator: str
    path: str  # folded headings down to it
    parent: "_Open | None"
    parts: list[str] = field(default_factory=list)
    length: int = 0
    words: int = 0
    placeholders: int = 0
    has_content: bool = False
    is_cut: bool = False
    is_long: bool = False  # its text is not kept to the end
    tables: list[str] = field(default_factory=list)  # locators of those directly below it
    all_tables: list[str] = field(default_factory=list)  # and below its subheadings
    columns: set[str] = field(default_factory=set)
    kinds: tuple[Key, ...] = ()  # products that it is
    is_titled: bool = False  # a sheet whose first line is the name of these products

    @property
    def rank(self) -> int:
        """How far down it stands."""
        return _rank(self.heading, self.level)

    def add(self, text: str) -> None:
        if self.length < LONGEST_TEXT:
            self.parts.append(text)
            self.length += len(text) + 1
        else:
            self.is_long = True


def recognise_sections(
    parsed: Parsed,
    kinds: Sequence[KindGuess],
    recognition: Recognition,
    *,
    language: str | None = None,
    registers: Mapping[str, Mapping[str, int]] | None = None,
) -> RecognisedSections:
    """Return the rows of table `section` of a document, and the products that stand inside it.

    Args:
        parsed: the document.
        kinds: what the document may be, from `recognise_kind`: it decides which content item an ambiguous heading is.
        recognition: what the packs say.
        language: of the document, for sections too short to tell their own.
        registers: locator of a table → table of the model → rows that were read from it. A table that is missing is judged by its headers.

    Returns:
        A document without headings has no sections, which says nothing about its contents. Where a limit cut the document, text, words
        and emptiness of the last sections are unknown, not blank. Column `artefact_id` is left to whoever gives the document its id.
    """
    compiled = compile_recognition(recognition)
    seen: dict[str, int] = {}
    found: list[Found] = []
    products: list[SectionProduct] = []
    tables: dict[str, str] = {}
    sections = _read(parsed, compiled)
    _chapters(compiled, parsed, sections)
    collected = _collected(parsed, sections)
    of_section = _with_covers(sections, [_kind(compiled, section, kinds) for section in sections])
    for position, (section, kind) in enumerate(zip(sections, of_section, strict=True), start=1):
        ordinal = seen[section.path] = seen.get(section.path, 0) + 1
        own_id = _digest(section.path, str(ordinal))
        found.append(_found(section, own_id, position, kind, language))
        is_whole = section.parent is None and section.heading in collected
        products.extend(_products(compiled, section, own_id, kinds, registers or {}, is_whole=is_whole))
        tables |= dict.fromkeys(section.tables, own_id)
    return RecognisedSections(tuple(found), tuple(products), tables)


def _collected(parsed: Parsed, sections: Sequence[_Open]) -> frozenset[str]:
    """Return the chapters that a document collects: 'Management approaches' of 'Risk management approach' and others.

    Its title is the plural of the word with which at least three chapters of products end.
    """
    document = parsed.document
    titles = [block.text for block in document.blocks[:_FIRST_BLOCKS] if isinstance(block, TextBlock) and block.is_title]
    said = {fold(title).split()[-1] for title in (*titles, document.properties.get("title", "")) if fold(title)}
    chapters: dict[str, list[str]] = {}
    for section in sections:
        words = fold(without_number(section.heading)).split()
        if section.parent is None and section.kinds and len(words) > 1:
            chapters.setdefault(words[-1], []).append(section.heading)
    return frozenset(
        heading
        for last, headings in chapters.items()
        if len(headings) >= _FEWEST_COLLECTED and any(word != last and word.startswith(last[:-1]) for word in said)
        for heading in headings
    )


def _chapters(compiled: Compiled, parsed: Parsed, sections: Sequence[_Open]) -> None:
    """Give the chapters of a document that is called as a collection the kinds that their topics name: 'Risk', 'Issues and changes'.

    'Management approaches' is such a title, of a document or of a chapter that has the others below it; of three chapters the topic must
    be one that is known.
    """
    document = parsed.document
    titles = [block.text for block in document.blocks[:_FIRST_BLOCKS] if isinstance(block, TextBlock) and block.is_title]
    names = (*titles, document.properties.get("title", ""), PurePosixPath(parsed.path).stem)
    is_whole = any(_is_collection(compiled, name) for name in names)
    groups: dict[int, list[tuple[_Open, tuple[Key, ...]]]] = {}
    for section in sections:
        # The title may be the one heading that has all chapters below it.
        is_below = section.parent is not None and _is_collection(compiled, without_number(section.parent.heading))
        if (is_below or (section.parent is None and is_whole)) and (topic := _topic(compiled, section.heading)):
            groups.setdefault(id(section.parent), []).append((section, topic))
    for chapters in groups.values():
        if len(chapters) >= _FEWEST_COLLECTED:
            for section, topic in chapters:
                section.kinds, section.is_titled = tuple(dict.fromkeys((*topic, *section.kinds))), True


def _is_collection(compiled: Compiled, name: str) -> bool:
    tokens = [token.word for token in compiled.tokens(name[:_LONGEST_HEADING].replace("_", " ")) if not token.word.isdigit()][
        :_MOST_OF_TITLE
    ]
    starts = range(min(len(tokens), _MOST_BEFORE + 1))
    return any("".join(tokens[start:end]) in compiled.collections for start in starts for end in range(start + 1, len(tokens) + 1))


def _topic(compiled: Compiled, heading: str) -> tuple[Key, ...]:
    """Return the kinds that a chapter of a collection is by its heading, with or without what stands in brackets behind it."""
    plain = without_number(heading)
    names = (plain, _OF_WHAT.split(plain, maxsplit=1)[0], *_IN_BRACKETS.findall(plain))
    return next(filter(None, (compiled.chapters.get(compiled.key(name), ()) for name in names)), ())


def _with_covers(sections: Sequence[_Open], kinds: Sequence[str | None]) -> list[str | None]:
    """Return *kinds*, of a cover that it controls the document: a line at the front below which nothing but control and approval stands."""
    found = list(kinds)
    for place, section in enumerate(sections[:_FRONT]):
        below = [other for other in range(place + 1, len(sections)) if section in _parents(sections[other])]
        words = section.words - sum(sections[other].words for other in below if sections[other].parent is section)
        if found[place] is None and below and words <= _WORDS_OF_COVER and all(kinds[other] in _COVER for other in below):
            found[place] = "document_control"
    return found


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _read(parsed: Parsed, compiled: Compiled) -> list[_Open]:
    document = parsed.document
    is_workbook = document.format in {"xlsx", "ods", "csv"}
    is_of_checklists = is_workbook and speaks_of_checklists(compiled, parsed.path)
    found: list[_Open] = []
    stack: list[_Open] = []
    for block in document.blocks:
        if isinstance(block, TextBlock) and block.level and block.text.strip():
            if len(found) >= _MOST_SECTIONS:
                break
            rank = _rank(block.text, block.level)
            while stack and stack[-1].rank >= rank:
                stack.pop()
            section = _open(compiled, block.text, block.level, block.locator, stack[-1] if stack else None)
            found.append(section)
            stack.append(section)
        elif isinstance(block, TableBlock) and is_workbook and block.name:
            if block.is_hidden or len(found) >= _MOST_SECTIONS:
                continue
            section = _open(compiled, block.name, 1, block.locator, None)
            if titled := _titled(compiled, block) or _listed(compiled, block.name, is_of_checklists=is_of_checklists):
                section.kinds, section.is_titled = titled, True
            found.append(section)
            stack = [section]
            _add_table(compiled, block, stack)
            section.is_cut = block.is_cut
        elif isinstance(block, TableBlock):
            _add_table(compiled, block, stack)
        else:
            _add_text(block, stack)
    if document.is_cut:
        for section in stack:
            section.is_cut = True
    return found


def _rank(heading: str, level: int) -> int:
    """Return how far down a heading stands: 'Part B – …' above others of its level, which people write below it."""
    return 2 * level - (_PART.match(heading) is not None)


def _open(compiled: Compiled, heading: str, level: int, locator: str, parent: _Open | None) -> _Open:
    text = clean(heading, _LONGEST_HEADING).replace("\n", " ")
    path = "\x1e".join(part for part in (parent.path if parent else "", fold(without_number(text))) if part)
    section = _Open(text, level, locator, path, parent)
    section.kinds = tuple(key for name in (text, without_number(text)) for key in compiled.inside.get(compiled.key(name), ()))
    if not section.kinds and (annexed := _annexed(compiled, text)):
        section.kinds, section.is_titled = annexed, True
    return section


def _annexed(compiled: Compiled, heading: str) -> tuple[Key, ...]:
    """Return the products that an annex is by its heading: 'Annex B: Stage plan 1 (initiation), version 1.0'.

    What is bound into another document that way is approved with it, whatever kind it is; a register is one by its rows.
    """
    found = _ANNEX.match(heading)
    if found is None or fold(found["word"]) not in listed("annex"):
        return ()
    name = _NUMBER_BEHIND.sub("", _END_OF_NAME.split(found["name"], maxsplit=1)[0]).strip()
    return tuple(
        dict.fromkeys(
            hit.key
            for hit in compiled.names.get(compiled.key(name), ())
            if hit.is_strong and hit.key[0] != CORE and not compiled.recognition.by_id[hit.key].spec.registers
        )
    )


_MOST_BEFORE = 2  # words before the name of a checklist: the name of the project
_CHECKLIST: Key = (CORE, "checklist")
_ANNEX = re.compile(r"\s*(?P<word>[^\W\d_]+)\s*(?:[A-Z]|[IVX]{1,4}|\d{1,2})?\s*[:.\-\u2013\u2014]?\s+(?P<name>.+)")
_NUMBER_BEHIND = re.compile(r"\s+(?:\d{1,2}|[IVX]{1,4}|[A-Z])$")
_END_OF_NAME = re.compile(r"\s*[(:,;]\s*|\s+[\u2013\u2014|-]\s+|\s+(?=[vV]?\d+\.\d)")
_OF_TABLES = frozenset({"check", "product"})
_OF_WHAT = re.compile(r"\s+[\u2013\u2014|-]\s+|\s*:\s+|\s*\(")
"""What stands between the name of a product and what this one is about: 'Phase-exit review – Planning'."""


def _titled(compiled: Compiled, sheet: TableBlock) -> tuple[Key, ...]:
    """Return the products that the first line of a sheet names, where that is all it says."""
    lines = ([cell.text for cell in row if cell.text.strip() and not cell.is_covered] for row in sheet.rows)
    first = next(filter(None, lines), [])
    if len(first) != 1:
        return ()
    names = (first[0], _OF_WHAT.split(first[0], maxsplit=1)[0])
    for name in names:
        if hits := tuple(dict.fromkeys(hit.key for hit in compiled.names.get(compiled.key(name), ()) if hit.is_strong)):
            return hits
    for name in names:  # 'AQUA phase-exit review: Planning': the project's name stands before it
        tokens = compiled.tokens(name)
        for start in range(1, min(len(tokens), _MOST_BEFORE + 1)):
            said = compiled.names.get("".join(token.word for token in tokens[start:]), ())
            if found := tuple(dict.fromkeys(hit.key for hit in said if hit.is_strong and _is_of_checks(compiled, hit.key))):
                return found
    return ()


def _is_of_checks(compiled: Compiled, key: Key) -> bool:
    return key[0] != CORE and "check" in compiled.recognition.by_id[key].spec.columns


def speaks_of_checklists(compiled: Compiled, path: str) -> bool:
    """Say whether a workbook is, by its name, one of checklists: 'Checklists.xlsx', 'Quality checklists and registry.xlsx'."""
    said = compiled.key(PurePosixPath(path).stem.replace("_", " "))
    return any(name in said for name in _checklist_words(compiled))


@lru_cache(maxsize=4)
def _checklist_words(compiled: Compiled) -> tuple[str, ...]:
    return tuple(name for name, hits in compiled.names.items() if any(hit.key == _CHECKLIST and hit.is_strong for hit in hits))


def _listed(compiled: Compiled, name: str, *, is_of_checklists: bool) -> tuple[Key, ...]:
    """Return the products that a sheet is by its name: 'Configuration registry'; of a workbook of checklists that of the checklist.

    'Transition' in it is the transition checklist. A sheet called as a register is no register yet: that its rows tell.
    """
    own = compiled.key(name)
    said = [own]
    if is_of_checklists:
        said += [whole for word in _checklist_words(compiled) for whole in (own + word, word + own)]
    for whole in said:
        found = tuple(
            dict.fromkeys(
                hit.key
                for hit in compiled.names.get(whole, ())
                if hit.is_strong and hit.key[0] != CORE and _is_of_tables(compiled.recognition.by_id[hit.key])
            )
        )
        if found:
            return found
    return ()


def _is_of_tables(kind: DeclaredKind) -> bool:
    """Say whether a kind consists of a table that no register is."""
    return bool(set(kind.spec.columns) & _OF_TABLES) and not kind.spec.registers


def _add_text(block: TextBlock, stack: Sequence[_Open]) -> None:
    text = block.text.strip()
    if not text or block.is_struck:
        return
    is_residue = block.is_placeholder or is_placeholder(text) or is_put_off(text)
    words = 0 if is_residue else len(text.split())
    for section in stack:
        section.placeholders += is_residue
        section.words += words
        if not is_residue:
            section.has_content = True
            section.add(text)


def _add_table(compiled: Compiled, table: TableBlock, stack: Sequence[_Open]) -> None:
    if table.is_layout and not stack:
        return
    columns = columns_of(compiled, table)
    width = max((len(row) for row in table.rows), default=0)
    residues = words = 0
    has_content = False
    lines: list[str] = []
    for number, row in enumerate(table.rows):
        texts = []
        for position, cell in enumerate(row):
            text = cell.text.strip()
            if cell.is_covered or not text:
                continue
            if cell.is_placeholder or is_placeholder(text) or is_put_off(text):
                residues += 1
                continue
            texts.append(text)
            words += len(text.split())
            has_content = has_content or _is_value(table, text, number, position, width)
        if texts:
            lines.append(" | ".join(texts))
    text = "\n".join(lines)
    if stack:
        stack[-1].tables.append(table.locator)
    for section in stack:
        section.all_tables.append(table.locator)
        section.placeholders += residues
        section.words += words
        section.has_content = section.has_content or has_content
        if columns is not None:
            section.columns.add(columns)
        if text:
            section.add(text)


def _is_value(table: TableBlock, text: str, number: int, position: int, width: int) -> bool:
    """Say whether a cell is content rather than a header or a label."""
    if len(table.rows) == 1 and width > 2:
        return len(text) > _LONGEST_HEADER_CELL or re.search(r"\d", text) is not None
    return (number > 0 or width <= 2) and (position > 0 or width == 1)


def _found(section: _Open, own_id: str, position: int, kind: str | None, language: str | None) -> Found:
    text = clean("\n".join(section.parts), LONGEST_TEXT)
    values: dict[str, Any] = {
        "position": position,
        "level": section.level,
        "heading": section.heading,
        "kind": kind,
        "text": text or None,
        "language": (detect_language(text) if section.words >= _WORDS_FOR_LANGUAGE else None) or language,
        "word_count": section.words,
        "placeholder_count": section.placeholders,
        "is_empty": not section.has_content,
    }
    unknown: set[str] = set()
    if section.is_cut:
        unknown |= {"text", "word_count", "placeholder_count"}
        if not section.has_content:
            unknown.add("is_empty")
    if section.is_long or section.length > LONGEST_TEXT:
        unknown.add("text")
    if values["language"] is None:
        unknown.add("language")
    kept = {name: value for name, value in values.items() if name not in unknown or name == "text"}
    return Found("section", kept, _COLUMNS - unknown, section.locator or section.heading, own_id=own_id)


def _kind(compiled: Compiled, section: _Open, guesses: Sequence[KindGuess]) -> str | None:
    """Return the content item below a heading: the one that the document's kinds, or the product around it, call for."""
    candidates = section_kinds(compiled, section.heading)
    if not candidates:
        return None
    scores = dict.fromkeys(candidates, Decimal(0))
    around = [key for parent in _parents(section) for key in parent.kinds]
    weighted = [((guess.standard, guess.kind), guess.confidence) for guess in guesses] + [(key, Decimal(2)) for key in around]
    for key, confidence in weighted:
        sections = compiled.recognition.by_id[key].spec.sections
        for candidate in candidates:
            scores[candidate] += confidence * sections.get(candidate, 0)
    return max(candidates, key=lambda candidate: (scores[candidate], -candidates.index(candidate)))


def _parents(section: _Open) -> Iterator[_Open]:
    parent = section.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def _is_elsewhere(compiled: Compiled, section: _Open) -> bool:
    text = f" {fold(' '.join(section.parts))} "
    return any(phrase in text for phrase in compiled.elsewhere)


def _has_table(section: _Open, kind: DeclaredKind, registers: Mapping[str, Mapping[str, int]]) -> bool:
    """Say whether a table of the section, or of one inside it, is what *kind* consists of."""
    read = [registers[locator] for locator in section.all_tables if locator in registers]
    if read and kind.spec.registers:
        return any(rows.get(table, 0) for rows in read for table in kind.spec.registers)
    return any(name in section.columns for name in kind.spec.columns)


def _products(
    compiled: Compiled,
    section: _Open,
    own_id: str,
    guesses: Sequence[KindGuess],
    registers: Mapping[str, Mapping[str, int]],
    *,
    is_whole: bool,
) -> Iterator[SectionProduct]:
    """Yield what the section is by itself. A document that only demands or tests a product does not hold it."""
    if not section.kinds or not section.has_content:
        return
    best = best_kind(guesses)
    whole = {(guess.standard, guess.kind) for guess in guesses if guess.confidence >= SURE}
    other = next((guess for guess in guesses if guess.standard == CORE), None)
    holder = best is not None and best.confidence >= SURE and compiled.recognition.by_id[best.standard, best.kind].spec.holds
    # A charter has a part on stakeholders and one on risks: a sentence there is not yet their register.
    own = compiled.recognition.by_id[best.standard, best.kind].spec.sections if best is not None and best.confidence >= SURE else {}
    is_own = any(item in own for item in section_kinds(compiled, section.heading))
    is_about_others = best is None and other is not None and other.confidence >= SURE
    for key in dict.fromkeys(section.kinds):
        kind = compiled.recognition.by_id[key]
        if key in whole:
            continue
        has_table = _has_table(section, kind, registers)
        heading = compiled.key(without_number(section.heading))
        is_named = section.is_titled or any(hit.key == key and hit.is_strong for hit in compiled.names.get(heading, ()))
        names_it = any(hit.key == key and hit.is_strong and hit.is_own for hit in compiled.names.get(heading, ()))
        if kind.spec.registers and not (has_table or names_it) and is_own and section.words < _FEWEST_WORDS_UNNAMED:
            continue
        if kind.spec.registers:
            confidence = Decimal("0.85") if has_table else Decimal("0.45")
        elif section.words < (_FEWEST_WORDS if is_named else _FEWEST_WORDS_UNNAMED):
            confidence = Decimal("0.55")
        elif section.words < _MOST_WORDS_ELSEWHERE and _is_elsewhere(compiled, section):
            confidence = Decimal("0.45")
        else:
            is_part = section.is_titled or (is_whole and is_named) or (is_named and _PART.match(section.heading) is not None)
            confidence = Decimal("0.85") if is_part else Decimal("0.60") if not holder else Decimal("0.85") if is_named else Decimal("0.80")
        if is_about_others and not (section.is_titled and _is_of_checks(compiled, key)):
            confidence = min(confidence, Decimal("0.45"))
        place = section.locator or section.heading
        yield SectionProduct(key[1], key[0], own_id, confidence, f"section '{section.heading[:80]}'", place)
