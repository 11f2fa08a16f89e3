"""One document, read to the end: what it is, its sections, registers and details, as rows that have no identity yet.

Pure: the same structure and the same words give the same answer, in any process and any order.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from auditor.connect.document import Document, TextBlock, texts_of
from auditor.connect.protocol import Parsed
from auditor.connect.values import UNSETTLED, DayOrder, clean, fold
from auditor.rulebook.details_spec import DetailsSpec, load_details_spec
from auditor.rulebook.digest import digest
from auditor.rulebook.recognition import CORE, Recognition, load_recognition
from auditor.snapshot.documents.confirm import READ_AS, confirm, hidden_by_doubt
from auditor.snapshot.documents.details import DetailsRead, DetailWords, compile_details, read_details
from auditor.snapshot.documents.found import Found, Kept
from auditor.snapshot.documents.headers import Registers, compile_registers
from auditor.snapshot.documents.house import NO_HOUSE, HouseNames
from auditor.snapshot.documents.kinds import (
    DOUBT,
    SURE,
    Key,
    KindGuess,
    best_kind,
    called_by_house,
    compile_recognition,
    kind_named,
    names_kind,
    recognise_kind,
    without_number,
)
from auditor.snapshot.documents.language import detect_language
from auditor.snapshot.documents.matters.gates import CHECKLISTS
from auditor.snapshot.documents.matters.grid import table_of
from auditor.snapshot.documents.matters.minutes import MINUTES
from auditor.snapshot.documents.registers import RegistersRead, read_registers
from auditor.snapshot.documents.sections import RecognisedSections, SectionProduct, recognise_sections
from auditor.snapshot.documents.stacked import unstacked
from auditor.snapshot.documents.template import read_residue, residue_words, title_of, version_in_name, words_of
from auditor.snapshot.documents.waiting import waiting_registers
from auditor.snapshot.words import words as listed

_FEWEST_LOGGED = 2  # meetings that a register of them lists
_LONGEST_PROPERTY = 2_000
_COLUMN = "library:"
"""Begins the names of properties that are columns of a library: people know them without."""
_MOST_PROPERTIES = 200
_SHOWS_CHANGES = frozenset({"docx", "odt"})
_SHOWS_COMMENTS = frozenset({"docx", "odt", "xlsx", "ods", "pptx"})
_SHOWS_REFERENCES = frozenset({"docx", "odt", "pdf"})
_TABLE_ROWS_FOR_LANGUAGE = 100
_INSIDE = re.compile(r"!|$| rows? | column ")  # what stands behind the locator of a table in that of its row
_WORKBOOKS = frozenset({"xlsx", "ods", "csv"})
_NAMED, _UNNAMED, _PASSING, _ABOUT_OTHERS = Decimal("0.85"), Decimal("0.60"), Decimal("0.50"), Decimal("0.45")
_EXCERPTS = frozenset({"report", "meeting"})  # documents that are such a row show parts of registers that are kept elsewhere


@dataclass(frozen=True, eq=False)
class DocumentWords:
    """All that packs say about documents. It can be pickled; what is compiled from it is kept per process, by its digest."""

    recognition: Recognition  # kinds, sections, registers
    details: DetailsSpec
    digest: str  # changes when anything changes that decides how documents are read

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DocumentWords) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


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
        hidden: kind that it may be and is not surely → tables that it would hold rows of, were it that kind, and they were not read. A kind
            that it may be and that is missing hides nothing: read as such the document says the same.
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
    hidden: Mapping[str, frozenset[str]] = field(default_factory=dict)


def load_document_words(folders: Iterable[Path | Traversable] = (), *, installed: bool = True) -> DocumentWords:
    """Return what the installed packs and those in *folders* say about documents.

    Raises:
        ExceptionGroup: of RuleError, one per mistake, each with its file, line and column.
        RuleError: a folder cannot be read.
    """
    folders = tuple(folders)
    recognition = load_recognition(folders, installed=installed)
    details = load_details_spec(folders, installed=installed)
    return DocumentWords(recognition, details, digest([recognition.digest, details]))


def read_document(parsed: Parsed, words: DocumentWords, habit: DayOrder = UNSETTLED, house: HouseNames = NO_HOUSE) -> DocumentRead:
    """Return what the document says, by the structure that its reader found and by *words*.

    Args:
        parsed: the document.
        words: what packs say about documents.
        habit: how the project's other documents write days in figures, for one that does not show it.
        house: how the project calls artefacts and roles, by one of its documents.
    """
    recognition = words.recognition
    parsed = replace(parsed, document=unstacked(parsed.document, detail_words(words).tables))
    document = parsed.document
    language = detect_language(texts_of(document, _TABLE_ROWS_FOR_LANGUAGE))
    compiled = _registers(words)
    told = house_words(words, house)
    registers = read_registers(parsed, compiled, language=language, habit=habit) if compiled else RegistersRead((), ())
    rows = Counter(row.table for row in registers.found)
    guesses = recognise_kind(parsed, recognition, {kept.table: rows[kept.table] for kept in registers.kept})
    if any(kept.table == "meeting" and "kind" in kept.columns for kept in registers.kept) and rows["meeting"] >= _FEWEST_LOGGED:
        # A register of meetings of several kinds is called like minutes, and is none.
        guesses = [guess for guess in guesses if guess.kind not in MINUTES]
    if house.kinds and (called := house.kind_called(document, parsed.path)) is not None:
        guesses = called_by_house(guesses, called, recognition)
    best = best_kind(guesses)
    if best and best.confidence >= SURE and _DIARY in recognition.by_id[best.standard, best.kind].spec.columns:
        registers = _without(registers, "review")  # its entries look like checks: a day, something done, who and with what result
    if _is_record_of_decision(document):
        registers = _without(registers, "decision")
    sections = recognise_sections(parsed, guesses, recognition, language=language, registers=_rows_of(registers))

    def read_as(kind: str | None) -> DetailsRead:
        return read_details(
            parsed,
            told,
            language=language,
            kind=kind,
            registers=registers.found,
            sections=sections.found,
            habit=habit,
            checklists={part.locator for part in sections.products if part.kind in CHECKLISTS and part.confidence >= SURE},
        )

    is_sure = best is not None and best.confidence >= SURE
    details = read_as(best.kind if best is not None and is_sure else None)
    hidden: Mapping[str, frozenset[str]] = {}
    if not is_sure and not any(guess.standard == CORE and guess.confidence >= SURE for guess in guesses):
        parts = {part.kind for part in sections.products if part.confidence >= SURE}  # what a sheet of it is the whole need not be
        may_be = {guess.kind for guess in guesses if guess.kind in READ_AS - parts and guess.confidence >= DOUBT}
        tried = {kind: read_as(kind) for kind in sorted(may_be)}
        confirmed = confirm(guesses, tried, details)
        if confirmed is not guesses:
            guesses, best = confirmed, best_kind(confirmed)
            if best is not None and best.confidence >= SURE:
                sections = recognise_sections(parsed, guesses, recognition, language=language, registers=_rows_of(registers))
                details = read_as(best.kind)
        if best is None or best.confidence < SURE:
            is_of_logs = document.format in _WORKBOOKS and len({kept.table for kept in registers.kept}) >= _FEWEST_LOGS
            hidden = hidden_by_doubt(guesses, tried, details, is_cut=document.is_cut, is_of_logs=is_of_logs)
    registers, details = _without_people(registers, details)
    before = registers
    registers, details = _without_checks(registers, details, sections)
    if registers is not before:  # what it holds of those who are asked about spoke for the register that it is not
        gone = {kept.table for kept in before.kept} - {kept.table for kept in registers.kept}
        guesses = [guess for guess in guesses if guess.is_named or not _is_register_of(recognition, guess, gone)]
        best = best_kind(guesses)
    is_excerpt = any(row.table in _EXCERPTS for row in details.found)
    held = _held(parsed, words, registers, guesses, sections, is_excerpt=is_excerpt)
    artefact, filled = _artefact(parsed, recognition, language, details, told, guesses)
    if best and best.confidence >= SURE and recognition.by_id[best.standard, best.kind].spec.has_control_block:
        filled |= details.looked_for
    return DocumentRead(
        language=language,
        guesses=tuple(guesses),
        kind=best.kind if best else None,
        kind_confidence=best.confidence if best else None,
        artefact=artefact,
        filled=filled,
        found=(*sections.found, *_properties(document), *details.registers, *details.found),
        kept=registers.kept,
        products=(*sections.products, *held, *waiting_registers(parsed, recognition, registers, _counts(registers))),
        hidden=hidden,
    )


_DIARY = "log_entry"
_FEWEST_LOGS = 2


def _without(registers: RegistersRead, table: str) -> RegistersRead:
    """Return the registers of a document but that of *table*, which its content only looks like."""
    return replace(
        registers,
        found=tuple(row for row in registers.found if row.table != table),
        kept=tuple(kept for kept in registers.kept if kept.table != table),
    )


_FEWEST_BESIDE = 2


def _is_record_of_decision(document: Document) -> bool:
    """Say whether a document is about one decision: 'Context', 'Decision', 'Consequences'. What it lists are parts of that one."""
    headings = [fold(without_number(block.text)) for block in document.blocks if isinstance(block, TextBlock) and block.level]
    is_said = sum(heading in listed("record_of_decision") for heading in headings) == 1
    return is_said and len(listed("beside_decision").intersection(headings)) >= _FEWEST_BESIDE


_WATCHED = {"stakeholders_checklist": "stakeholder"}
"""Checklist → the register whose entries it asks about and does not keep."""


def _is_register_of(recognition: Recognition, guess: KindGuess, tables: set[str]) -> bool:
    spec = recognition.by_id[guess.standard, guess.kind].spec
    return bool(spec.registers) and set(spec.registers) <= tables


def _without_checks(registers: RegistersRead, details: DetailsRead, sections: RecognisedSections) -> tuple[RegistersRead, DetailsRead]:
    """Return both without what a sheet that is a checklist was taken for as well: who is asked about is entered in the register."""
    wrong = {(_WATCHED[part.kind], part.locator) for part in sections.products if part.kind in _WATCHED and part.confidence >= SURE}
    if not wrong:
        return registers, details

    def keep(rows: Iterable[Found]) -> tuple[Found, ...]:
        return tuple(row for row in rows if (row.table, table_of(row.locator)) not in wrong)

    kept = tuple(kept for kept in registers.kept if (kept.table, kept.locator) not in wrong)
    return replace(registers, found=keep(registers.found), kept=kept), replace(details, registers=keep(details.registers))


_OF_PEOPLE = frozenset({"approval", "attendance", "distribution", "artefact_version"})


def _without_people(registers: RegistersRead, details: DetailsRead) -> tuple[RegistersRead, DetailsRead]:
    """Return both without the register that a table of approvers, of those present, of versions or of limits was taken for as well."""
    told: dict[str, set[str]] = {}
    for row in details.found:
        if row.table in _OF_PEOPLE:
            told.setdefault(table_of(row.locator), set()).add(row.locator)
    limits = {table_of(row.locator) for row in details.found if row.values.get("kind") == "delegation"}  # who decides up to which amount
    rows: dict[str, set[str]] = {}
    for row in details.registers:
        if (table_of(row.locator) in told or table_of(row.locator) in limits) and row.own_id is None:
            rows.setdefault(table_of(row.locator), set()).add(row.locator)
    wrong = {table for table, locators in rows.items() if locators <= told.get(table, set()) or table in limits}
    if not wrong:
        return registers, details
    keep = tuple(row for row in registers.found if table_of(row.locator) not in wrong)
    kept = tuple(kept for kept in registers.kept if kept.locator not in wrong)
    return (
        replace(registers, found=keep, kept=kept),
        replace(details, registers=tuple(row for row in details.registers if table_of(row.locator) not in wrong)),
    )


@lru_cache(maxsize=4)
def _registers(words: DocumentWords) -> Registers | None:
    spec = words.recognition.registers
    return None if spec is None else compile_registers(spec)


@lru_cache(maxsize=4)
def detail_words(words: DocumentWords) -> DetailWords:
    """Return what the packs say about matters of documents, compiled."""
    compiled = compile_recognition(words.recognition)
    return compile_details(words.details, lambda name: kind_named(compiled, name))


_STEERING = frozenset({"project_steering_committee", "project_board"})
"""Bodies that are called as their meetings are."""


@lru_cache(maxsize=8)
def house_words(words: DocumentWords, house: HouseNames) -> DetailWords:
    """Return what the packs say about matters of documents, with the names of a house."""
    known = detail_words(words)
    if not house:
        return known
    kinds = dict(house.kinds)
    meetings = {name: "steering_committee" for name, role in house.roles if role in _STEERING}
    values = {**known.values, "meeting_kind": {**known.values.get("meeting_kind", {}), **meetings}}
    return replace(
        known, values=values, roles={**known.roles, **dict(house.roles)}, kinds=lambda name: kinds.get(fold(name)) or known.kind_of(name)
    )


def _held(
    parsed: Parsed,
    words: DocumentWords,
    registers: RegistersRead,
    guesses: Sequence[KindGuess],
    sections: RecognisedSections,
    *,
    is_excerpt: bool,
) -> Iterator[SectionProduct]:
    """Yield the products that registers with rows are, where neither the document nor a section is known to be them.

    In a workbook a register is what it holds, whatever the sheet is called. In a text its heading has to name it: the table of risks of a
    charter may be all the risk log there is, so it is in doubt, and nobody can say that there is none. Reports and minutes show excerpts.
    """
    recognition = words.recognition
    spec = recognition.registers
    if spec is None:
        return
    rows = _rows_of(registers)
    headings = {row.own_id: str(row.values["heading"]) for row in sections.found}
    sure = {(product.standard, product.kind) for product in sections.products if product.confidence >= SURE}
    sure |= {(guess.standard, guess.kind) for guess in guesses if guess.confidence >= SURE}
    about_others = any(guess.standard == CORE and guess.confidence >= SURE for guess in guesses) and best_kind(guesses) is None
    for kept in registers.kept:
        if not kept.product or not rows[kept.locator][kept.table]:
            continue
        kinds = {kind for register in spec.registers.values() if kept.product in register.products for kind in register.products}
        section = sections.tables.get(kept.locator, "")
        for key, kind in recognition.by_id.items():
            if key[0] == CORE or key in sure or key[1] not in kinds or kept.table not in kind.spec.registers:
                continue  # a list of deliverables is no acceptance plan, though such a plan holds one
            confidence = _held_confidence(parsed, recognition, key, headings.get(section, ""), guesses)
            if confidence == _NAMED and _is_to_come(kept, headings.get(section, ""), recognition, key, guesses):
                confidence = _PASSING
            if confidence is None and not is_excerpt:
                confidence = _PASSING
            if confidence is not None:
                sure.add(key)
                yield SectionProduct(
                    key[1],
                    key[0],
                    section,
                    min(confidence, _ABOUT_OTHERS) if about_others else confidence,
                    f"rows of {kept.table}",
                    kept.locator,
                )


_OF_HELD_CHECKS = frozenset({"held_on", "result", "signed_off_on"})


def _is_to_come(kept: Kept, heading: str, recognition: Recognition, key: Key, guesses: Sequence[KindGuess]) -> bool:
    """Say whether a sheet of a plan lists checks that are to come: it has no place for what came of them, so the register is elsewhere."""
    best = best_kind(guesses)
    return (
        kept.table == "review"
        and not _OF_HELD_CHECKS & set(kept.columns)
        and best is not None
        and best.confidence >= SURE
        and not names_kind(compile_recognition(recognition), heading, key)
    )


def _counts(registers: RegistersRead) -> dict[str, int]:
    """Return how many entries each sheet holds, of whatever register."""
    return {locator: counts.total() for locator, counts in _rows_of(registers).items()}


def _rows_of(registers: RegistersRead) -> dict[str, Counter[str]]:
    """Return how many rows of which table each sheet or table of a document holds, by its locator."""
    rows: dict[str, Counter[str]] = {}
    for kept in registers.kept:
        rows.setdefault(kept.locator, Counter())[kept.table] += 0
    for row in registers.found:
        for locator, counts in rows.items():
            if row.locator.startswith(locator) and _INSIDE.match(row.locator, len(locator)):
                counts[row.table] += 1
    return rows


def _held_confidence(parsed: Parsed, recognition: Recognition, key: Key, heading: str, guesses: Sequence[KindGuess]) -> Decimal | None:
    if parsed.document.format in _WORKBOOKS:
        return _NAMED
    if names_kind(compile_recognition(recognition), heading, key):
        return _NAMED
    best = best_kind(guesses)
    return _UNNAMED if best is None or best.confidence < SURE else None


def _artefact(
    parsed: Parsed,
    recognition: Recognition,
    language: str | None,
    details: DetailsRead,
    words: DetailWords,
    guesses: Sequence[KindGuess],
) -> tuple[dict[str, Any], frozenset[str]]:
    document = parsed.document
    residue = residue_words(recognition)
    compiled = compile_recognition(recognition)
    title = title_of(
        document,
        residue,
        str(details.artefact.get("title") or ""),
        is_name=lambda line: any(names_kind(compiled, line, (guess.standard, guess.kind)) for guess in guesses),
        is_block=words.heads_control,
    )
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
    return {**details.artefact, **values}, frozenset(values) | details.artefact_filled


def _properties(document: Document) -> Iterator[Found]:
    for name, value in sorted(document.properties.items())[:_MOST_PROPERTIES]:
        if text := clean(value, _LONGEST_PROPERTY):
            yield Found(
                "artefact_property",
                {"name": clean(name.removeprefix(_COLUMN), 200), "value": text},
                frozenset({"name", "value"} if len(value) <= _LONGEST_PROPERTY else {"name"}),
                "properties",
                own_id=name,
            )
