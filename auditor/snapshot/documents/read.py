"""One document, read to the end: what it is, its sections, registers and details, as rows that have no identity yet.

Pure: the same structure and the same words give the same answer, in any process and any order.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from auditor.connect.document import Document, TextBlock
from auditor.connect.protocol import Parsed
from auditor.rulebook.digest import digest
from auditor.rulebook.recognition import Recognition, load_recognition
from auditor.snapshot.documents.found import Found, Kept
from auditor.snapshot.documents.kinds import KindGuess, best_kind, recognise_kind
from auditor.snapshot.documents.language import detect_language
from auditor.snapshot.documents.sections import SectionProduct, recognise_sections
from auditor.snapshot.documents.template import read_residue, residue_words, title_of, version_in_name, words_of
from auditor.snapshot.documents.values import clean

_LONGEST_PROPERTY = 2_000
_MOST_PROPERTIES = 200
_SHOWS_CHANGES = frozenset({"docx", "odt"})
_SHOWS_COMMENTS = frozenset({"docx", "odt", "xlsx", "ods", "pptx"})
_SHOWS_REFERENCES = frozenset({"docx", "odt", "pdf"})
_TABLE_ROWS_FOR_LANGUAGE = 100


@dataclass(frozen=True, eq=False)
class DocumentWords:
    """All that packs say about documents. It can be pickled; what is compiled from it is kept per process, by its digest."""

    recognition: Recognition

    @property
    def digest(self) -> str:
        """Changes when anything changes that decides how documents are read."""
        return digest([self.recognition.digest])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DocumentWords) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.recognition.digest)


@dataclass(frozen=True, slots=True)
class DocumentRead:
    """What one document says.

    Attributes:
        language: ISO 639-1 code, or None when too little says so.
        guesses: what the document may be, surest first, of all standards and of none; `best_kind(guesses, methodology)` chooses.
        kind, kind_confidence: the best of any standard, None when it is none of a standard's.
        artefact: own columns of its row in `artefact` (kind and confidence are chosen by the methodology and are not among them).
        filled: those of them that the document states or leaves blank; the others stay unknown.
        found: rows of other tables: sections, properties, registers, details. Columns that name the document (`artefact_id`) are left to
            whoever gives it its id.
        kept: registers that it holds, with or without rows.
        products: management products that stand inside it, beside what the whole document is.
    """

    language: str | None
    guesses: tuple[KindGuess, ...]
    kind: str | None
    kind_confidence: Decimal | None
    artefact: Mapping[str, Any]
    filled: frozenset[str]
    found: tuple[Found, ...]
    kept: tuple[Kept, ...]
    products: tuple[SectionProduct, ...]


def load_document_words(folders: Iterable[Path | Traversable] = (), *, installed: bool = True) -> DocumentWords:
    """Return what the installed packs and those in *folders* say about documents.

    Raises:
        ExceptionGroup: of RuleError, one per mistake, each with its file, line and column.
        RuleError: a folder cannot be read.
    """
    return DocumentWords(load_recognition(folders, installed=installed))


def read_document(parsed: Parsed, words: DocumentWords) -> DocumentRead:
    """Return what the document says, by the structure that its reader found and by *words*."""
    recognition = words.recognition
    document = parsed.document
    language = detect_language(_texts(document))
    guesses = recognise_kind(parsed, recognition)
    best = best_kind(guesses)
    sections = recognise_sections(parsed, guesses, recognition, language=language)
    artefact, filled = _artefact(parsed, recognition, language)
    return DocumentRead(
        language=language,
        guesses=tuple(guesses),
        kind=best.kind if best else None,
        kind_confidence=best.confidence if best else None,
        artefact=artefact,
        filled=filled,
        found=(*sections.found, *_properties(document)),
        kept=(),
        products=sections.products,
    )


def _texts(document: Document) -> Iterator[str]:
    for block in document.blocks:
        if isinstance(block, TextBlock):
            yield block.text
        else:
            yield from (cell.text for row in block.rows[:_TABLE_ROWS_FOR_LANGUAGE] for cell in row if cell.text)


def _artefact(parsed: Parsed, recognition: Recognition, language: str | None) -> tuple[dict[str, Any], frozenset[str]]:
    document = parsed.document
    residue = residue_words(recognition)
    title = title_of(document, residue)
    left = read_residue(document, residue, name=f"{parsed.path.rsplit('/', 1)[-1]} {title or ''}")
    values: dict[str, Any] = {"title": clean(title, 500) if title else None, "version_in_name": version_in_name(parsed.path)}
    if language is not None:
        values["language"] = language
    if not document.is_cut:
        values |= {"word_count": words_of(document), "placeholder_count": left.count}
        if document.format in _SHOWS_CHANGES:
            values["tracked_change_count"] = len(document.tracked_changes)
        if document.format in _SHOWS_COMMENTS:
            values["comment_count"] = len(document.comments)
        if document.format in _SHOWS_REFERENCES:
            values["broken_reference_count"] = document.broken_reference_count
    if left.is_unchanged is not None:
        values["is_template_unchanged"] = left.is_unchanged
    if document.page_count is not None:
        values["page_count"] = document.page_count
    return values, frozenset(values)


def _properties(document: Document) -> Iterator[Found]:
    for name, value in sorted(document.properties.items())[:_MOST_PROPERTIES]:
        if text := clean(value, _LONGEST_PROPERTY):
            yield Found(
                "artefact_property",
                {"name": clean(name, 200), "value": text},
                frozenset({"name", "value"} if len(value) <= _LONGEST_PROPERTY else {"name"}),
                "properties",
                own_id=name,
            )
