"""Documents as rows: which are current, what ids their rows have, what they fulfil."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from auditor.config.mapping import fold
from auditor.connect.protocol import Parsed, Record, Unread
from auditor.model.schema import TABLES
from auditor.rulebook.recognition import CORE, Recognition
from auditor.snapshot.copies import Holder, mark_copies, own_ids, twice_numbered
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.kinds import DOUBT, SURE, KindGuess, best_kind, guess_from_path
from auditor.snapshot.documents.read import DocumentRead
from auditor.snapshot.documents.tasks import TABLE as WORK
from auditor.snapshot.editions import Lines, edits, noted
from auditor.snapshot.hidden import is_attendance_list
from auditor.snapshot.meetings import join_meetings
from auditor.snapshot.observed import Earlier, changes, keyed, versions_of
from auditor.snapshot.raw import Seen
from auditor.snapshot.references import REFERS
from auditor.snapshot.review import NONE, Review
from auditor.snapshot.rows import Made, digest_id
from auditor.snapshot.words import words

_VERSION = re.compile(
    r"(?<![a-z0-9])(?:v|ver|version|rev|revision|r)[\s._-]?(\d{1,3}(?:-\d{1,2}(?![\d-])|(?:[._]\d{1,3}){0,3}))(?![a-z0-9])", re.IGNORECASE
)
_BARE_VERSION = re.compile(r"(?<![\d.])(\d{1,2}\.\d{1,2}(?:\.\d{1,2})?)(?![\d.])")
_DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d{2}[-_. ]?(?:0[1-9]|1[0-2])(?:[-_. ]?(?:0[1-9]|[12]\d|3[01]))?|"
    r"(?:0[1-9]|[12]\d|3[01])[-_. ](?:0[1-9]|1[0-2])[-_. ](?:19|20)\d{2})(?!\d)"
)
_COPY = re.compile(r"\(\d{1,2}\)")
_EDITABLE = {"docx": 3, "xlsx": 3, "pptx": 3, "odt": 2, "ods": 2, "odp": 2, "md": 2, "csv": 1, "txt": 1, "html": 1, "pdf": 0}
_PERIODIC = frozenset({"report", "meeting"})
_NEITHER = frozenset({"superseded", "archived"})
_WORKBOOKS = frozenset({"xlsx", "ods", "csv"})
_DOCUMENT = {"approval", "distribution", "comment"}
"""Tables whose rows name the row that they are about; from a document it is the document."""
_NOT_IN_URL = "/:!$'()*,;=@"


@dataclass(slots=True)
class Doc:
    """One document of a project.

    Attributes:
        id: of its row in `artefact`, from its lineage.
        kind: best kind for the project's methodology, None when it is none.
        products: kinds that the whole document is, with their confidence.
        doubts: kinds that it may be.
    """

    source: str
    record: Record
    seen: Seen
    parsed: Parsed
    read: DocumentRead
    id: str
    kind: str | None = None
    confidence: Decimal | None = None
    products: tuple[tuple[str, Decimal], ...] = ()
    doubts: tuple[tuple[str, Decimal], ...] = ()
    is_current: bool = True
    earlier: tuple[Earlier, ...] = ()
    lines: Lines | None = None
    appeared_at: datetime | None = None  # in the time zone of the project; None: it was there when the source was first looked at
    values: dict[str, Any] = field(default_factory=dict)
    filled: set[str] = field(default_factory=set)

    @property
    def path(self) -> str:
        """Where it lies, relative to the source's root."""
        return self.parsed.path


def doc_of(source: str, record: Record, seen: Seen, parsed: Parsed, read: DocumentRead) -> Doc:
    """Return a document with the columns that its repository and its content fill."""
    doc = Doc(source, record, seen, parsed, read, digest_id(source, "artefact", seen.lineage))
    folder, _, name = parsed.path.rpartition("/")
    doc.values = {"path": parsed.path, "folder": folder, "file_name": name, **read.artefact, **parsed.values}
    doc.filled = {"path", "folder", "file_name", *read.filled, *parsed.filled}
    if "version" not in doc.filled:
        _state_version(doc)
    return doc


STATED = ("version_on_cover", "version_in_history", "version_in_name")


def _state_version(doc: Doc) -> None:
    """Fill `version` of a document whose repository keeps no versions: what it says of itself, blank where its place for it is empty.

    A cover that history and file name contradict with one voice was forgotten: approvals of the version that it names are of an older one.
    """
    said = next((doc.values[column] for column in STATED if doc.values.get(column)), None)
    if doc.values.get("version_in_history") == doc.values.get("version_in_name"):
        said = doc.values.get("version_in_name") or said
    if said is not None or "version_on_cover" in doc.filled:
        doc.values["version"] = said
        doc.filled.add("version")


def choose_kinds(docs: Iterable[Doc], review: Review, recognition: Recognition, methodology: str | None) -> None:
    """Give every document its kind, the products that it is and those that it may be."""
    wanted = standard_of(methodology, recognition)
    for doc in docs:
        corrected = review.kind(doc.source, doc.path)
        if corrected is not None:
            doc.kind = None if corrected == NONE else corrected
            doc.confidence = None if corrected == NONE else Decimal(1)
            doc.products = () if corrected == NONE else ((corrected, Decimal(1)),)
            doc.doubts = ()
            continue
        best = best_kind(doc.read.guesses, methodology)
        doc.kind, doc.confidence = (best.kind, best.confidence) if best else (None, None)
        doc.products, doc.doubts = products_of(doc.read.guesses, wanted)


def standard_of(methodology: str | None, recognition: Recognition) -> str | None:
    """Return the standard whose kinds count for a methodology, or None: all of them."""
    standard = (methodology or "").removesuffix("_agile")
    return standard if standard in recognition.standards else None


def products_of(
    guesses: Sequence[KindGuess], wanted: str | None
) -> tuple[tuple[tuple[str, Decimal], ...], tuple[tuple[str, Decimal], ...]]:
    """Return what a document surely is, at most one kind per standard, and what it may be when it surely is nothing."""
    sure: dict[str, Decimal] = {}
    doubts: dict[str, Decimal] = {}
    other = next((guess.confidence for guess in guesses if guess.standard == CORE), Decimal(0))
    for standard in dict.fromkeys(guess.standard for guess in guesses):
        if standard == CORE or (wanted and standard != wanted):
            continue
        of_standard = [guess for guess in guesses if guess.standard == standard]
        best = of_standard[0]
        if best.confidence >= SURE and other < best.confidence:
            sure[best.kind] = max(best.confidence, sure.get(best.kind, Decimal(0)))
            if best.is_joint:  # 'Risk and issue approach' is both
                sure |= {guess.kind: guess.confidence for guess in of_standard if guess.is_joint and guess.confidence >= SURE}
        elif other < SURE:
            for guess in of_standard:
                if guess.confidence >= DOUBT:
                    doubts[guess.kind] = max(min(guess.confidence, SURE - Decimal("0.01")), doubts.get(guess.kind, Decimal(0)))
    if sure:
        # What it is in one standard it cannot be something else of in another.
        doubts = {}
    return tuple(sorted(sure.items())), tuple(sorted(doubts.items()))


# Current


def mark_current(docs: Sequence[Doc]) -> None:
    """Mark in every family of files (same name but for its version) the newest, and of a kind nothing from an archive but its last."""
    families: dict[tuple[str, ...], list[Doc]] = defaultdict(list)
    for doc in docs:
        families[family_of(doc)].append(doc)
    for family in families.values():
        newest = max(family, key=_age)
        for doc in family:
            doc.is_current = doc is newest
    by_kind: dict[tuple[str, str], list[Doc]] = defaultdict(list)
    for doc in docs:
        if doc.seen.gone_at is not None or str(doc.values.get("status")) in _NEITHER:
            doc.is_current = False
        if doc.kind is not None and not is_periodic(doc):
            by_kind[doc.source, doc.kind].append(doc)
    for same in by_kind.values():
        live = [doc for doc in same if doc.is_current]
        outside = [doc for doc in live if not in_archive(doc.path)]
        if outside:
            for doc in live:
                doc.is_current = doc in outside
        elif live:
            newest = max(live, key=_age)
            for doc in live:
                doc.is_current = doc is newest
    books = [doc for doc in docs if doc.is_current and doc.parsed.document.format in _WORKBOOKS]
    held = {(doc.source, kind) for doc in books if not in_archive(doc.path) for kind in _held_by(doc)}
    for doc in books:
        if in_archive(doc.path) and (doc.source, doc.kind) in held:
            doc.is_current = False  # a register that a workbook of several replaced
    for doc in docs:
        if doc.kind is None and in_archive(doc.path):
            doc.is_current = False


def _held_by(doc: Doc) -> set[str]:
    """Return the kinds that a document surely is, or of which a part of it is one."""
    return {kind for kind, _ in doc.products} | {part.kind for part in doc.read.products if part.confidence >= SURE}


def family_of(doc: Doc) -> tuple[str, ...]:
    """Return what the versions of one document share: source, folder (archives count as the folder around them), name without version."""
    folder, _, name = doc.path.rpartition("/")
    stem, dot, extension = name.rpartition(".")
    stem = stem if dot else extension
    kept = [part for part in folder.split("/") if not _is_archive(part)]
    plain = _state().sub(" ", (_COPY.sub(" ", _VERSION.sub(" ", stem.replace("_", " ")))))
    dates = " ".join(_DATE.findall(plain))
    plain = _DATE.sub(" ", plain)
    plain = _BARE_VERSION.sub(" ", plain)
    return (doc.source, "/".join(kept), fold(plain), dates if is_periodic(doc) or not fold(plain) else "")


def is_periodic(doc: Doc) -> bool:
    """Say whether a document is one of a series (a report, minutes): each of them counts, a later one does not replace it."""
    return any(row.table in _PERIODIC for row in doc.read.found)


def in_archive(path: str) -> bool:
    """Say whether a file lies in a folder for what is no longer in use (below the project's own folder)."""
    return any(_is_archive(part) for part in path.split("/")[1:-1])


def _is_archive(folder: str) -> bool:
    said = {word for word in fold(folder).split() if not word.isdecimal()}  # '90 Superseded', 'Archive 2025'
    return bool(said & words("archive")) and said - words("archive") <= words("archive_beside")


@cache
def _state() -> re.Pattern[str]:
    said = "|".join(re.escape(word) for word in sorted(words("states"), key=lambda word: (-len(word), word)))
    return re.compile(rf"(?<![^\W\d_])(?:{said})(?![^\W\d_])", re.IGNORECASE)


def version_of(text: str | None) -> tuple[int, ...]:
    """Return a version as numbers; () when it is none."""
    found = re.search(r"\d{1,3}(?:[._]\d{1,3}){0,3}", text or "")
    return tuple(int(part) for part in re.split(r"[._]", found[0])) if found else ()


_NEVER = datetime(1, 1, 1, tzinfo=UTC)


def _age(doc: Doc) -> tuple[Any, ...]:
    values = doc.values
    version = version_of(values.get("version_in_name"))
    stated = version or version_of(values.get("version_on_cover")) or version_of(values.get("version")) or version_of(None)
    modified = values.get("modified_at")
    dated = _DATE.search(doc.path.rpartition("/")[2])
    return (
        doc.seen.gone_at is None,
        str(values.get("status")) not in _NEITHER,
        stated,
        _digits(dated[0]) if dated else "",
        _EDITABLE.get(doc.parsed.document.format, 0),
        not in_archive(doc.path),
        modified if isinstance(modified, datetime) else _NEVER,
        doc.path,
    )


def _digits(found: str) -> str:
    numbers = re.findall(r"\d+", found)
    if len(numbers) == 3 and len(numbers[2]) == 4:
        numbers.reverse()
    return "".join(numbers)


# Rows


def rows_of(docs: Sequence[Doc], feeding: Mapping[str, frozenset[str]] = MappingProxyType({})) -> Iterator[Made]:
    """Yield the rows of the documents of one source and project: artefacts and everything that they state, with stable ids.

    Args:
        docs: of one source and project, with their kinds.
        feeding: table → kinds of documents that are its register, or hold it.
    """
    holders = [_holder(doc, feeding) for doc in docs]
    own = own_ids(holders)
    rows = [*join_meetings(row for doc in docs for row in _of_document(doc, own))]
    for row in _moved_together(rows):
        row.values.pop("modified_at")
        row.filled.discard("modified_at")
    mark_copies(rows, holders)
    yield from rows


_FEWEST_MOVED, _MOST_OF_THEM = 8, 0.8


def _moved_together(rows: Iterable[Made]) -> list[Made]:
    """Return the documents whose day of change says when somebody copied, restored or unpacked the folder, not when they were written.

    So it is where nearly all files of a project share one day and nobody is named who changed them.
    """
    files = [row for row in rows if row.table == "artefact" and not row.is_gone and isinstance(row.get("modified_at"), datetime)]
    files = [row for row in files if not row.get("modified_by")]
    days = Counter(row.values["modified_at"].date() for row in files)
    if len(files) < _FEWEST_MOVED or not days:
        return []
    day, count = max(days.items(), key=lambda item: (item[1], item[0]))
    return [row for row in files if row.values["modified_at"].date() == day] if count >= _MOST_OF_THEM * len(files) else []


_WITH_RISKS_OF_ITS_OWN = frozenset({"impact_assessment"})
"""Documents of no standard that list risks for others than the project: for people whose data are processed, for the environment."""
_FIRST = frozenset(
    {"project_initiation_request", "business_case", "outline_business_case", "project_charter", "project_mandate", "project_brief"}
)
_PLANS = frozenset({"stage_plan", "project_plan", "team_plan", "exception_plan"})


def _holder(doc: Doc, feeding: Mapping[str, frozenset[str]]) -> Holder:
    kinds = _held_by(doc)
    changed = doc.record.changed_at
    return Holder(
        doc.id,
        f"{changed.isoformat() if changed else ''} {doc.path}",
        doc.read.found,
        frozenset(table for table, fed_by in feeding.items() if kinds & fed_by),
        bool(doc.products) or any(guess.kind in _WITH_RISKS_OF_ITS_OWN and guess.confidence >= SURE for guess in doc.read.guesses),
        is_periodic(doc),
        doc.is_current,
        doc.seen.gone_at is not None,
        doc.parsed.document.format in _WORKBOOKS,
        bool(kinds & _PLANS),
        doc.values.get("status") == "draft",
        bool(kinds & _FIRST),
    )


def _of_document(doc: Doc, own: Mapping[tuple[str, str], str | None]) -> Iterator[Made]:
    artefact = _artefact(doc)
    yield artefact
    stated = [*_stated(doc, own)]
    told: dict[int, datetime] = {}
    if doc.lines is not None and doc.seen.gone_at is None:
        told = noted(doc.lines, stated)
        yield from edits(doc.lines, stated, artefact)
    yield from (row for _, row in stated)
    yield from _known(doc)
    if doc.earlier and doc.seen.gone_at is None:
        by_found = {id(found): row for found, row in stated}
        known = {key: by_found[id(found)] for key, found in keyed(doc.read.found).items() if id(found) in by_found}
        since = {key: told[id(found)] for key, found in keyed(doc.read.found).items() if id(found) in told}
        if not any(fact.table == "artefact_version" for fact in doc.parsed.facts):
            yield from versions_of(doc.earlier, artefact)
        yield from changes(doc.earlier, doc.read, doc.record.changed_at, known, artefact, since)


def _artefact(doc: Doc) -> Made:
    made = Made(
        "artefact",
        doc.id,
        dict(doc.values),
        set(doc.filled),
        doc.source,
        doc.record.url,
        "",
        doc.record.version,
        doc.record.content_hash,
        doc.seen.seen_at,
        is_gone=doc.seen.gone_at is not None,
        artefact=doc.id,
        extra=_times(doc),
    )
    for column, value in (("kind", doc.kind), ("kind_confidence", doc.confidence), ("lineage_id", doc.id), ("is_current", doc.is_current)):
        made.put(column, value)
    if "is_checked_out" in doc.filled and "checked_out_at" not in doc.filled:
        # No repository tells since when. The pull that found it so first does, at the latest.
        if not doc.values.get("is_checked_out"):
            made.put("checked_out_at", None)
        elif doc.seen.written_at is not None:
            made.put("checked_out_at", doc.seen.written_at)
    return made


def _times(doc: Doc) -> dict[str, Any]:
    """Return since when the document is as it is, and since when it is gone."""
    return {"modified_at": doc.record.changed_at or doc.values.get("modified_at"), "gone_at": doc.seen.gone_at}


def _known(doc: Doc) -> Iterator[Made]:
    """Yield what the repository knows of a document besides its own row."""
    for fact in doc.parsed.facts:
        made = Made(
            fact.table,
            digest_id(doc.source, fact.table, doc.id, fact.id),
            dict(fact.values),
            set(fact.filled),
            doc.source,
            fact.url or doc.record.url,
            fact.locator,
            doc.record.version,
            doc.record.content_hash,
            doc.seen.seen_at,
            is_gone=doc.seen.gone_at is not None,
            artefact=doc.id,
            extra=_times(doc),
        )
        if fact.table in _DOCUMENT:
            made.put("table_name", "artefact")
            made.put("row_id", doc.id)
        elif "artefact_id" in TABLES[fact.table].by_name:
            made.put("artefact_id", doc.id)
        yield made


def _stated(doc: Doc, own: Mapping[tuple[str, str], str | None]) -> Iterator[tuple[Found, Made]]:
    ordinal: Counter[tuple[str, ...]] = Counter()
    ids: dict[tuple[str, str], str] = {}
    made: list[tuple[Found, Made]] = []
    twice = twice_numbered(doc.read.found) if doc.is_current else {}
    for at, row in enumerate(doc.read.found):
        if row.table not in TABLES:
            continue
        item = _made(doc, row, own, ordinal)
        if at in twice and (row.table, row.own_id) in own and own[row.table, str(row.own_id)] is None:
            item.id = twice[at]
        made.append((row, item))
        if row.own_id:
            ids.setdefault((row.table, row.own_id), made[-1][1].id)
    for row, item in made:
        for column, target in row.refers.items():
            if target in ids:
                item.put(column, ids[target])
            else:
                item.filled.discard(column)  # it names something that the document does not hold
                item.extra.setdefault(REFERS, {})[column] = target
        yield row, item


def _made(doc: Doc, row: Found, own: Mapping[tuple[str, str], str | None], ordinal: Counter[tuple[str, ...]]) -> Made:
    table = TABLES[row.table]
    if row.own_id and table.is_register and own.get((row.table, row.own_id)) == doc.id:
        row_id = row.own_id
    else:
        parts = (doc.source, row.table, doc.id, row.register, row.own_id or "", *row.key)
        ordinal[parts] += 1
        row_id = digest_id(*parts, str(ordinal[parts]))
    item = Made(
        row.table,
        row_id,
        dict(row.values),
        set(row.filled),
        doc.source,
        located(doc.record.url, row.locator),
        row.locator,
        doc.record.version,
        doc.record.content_hash,
        doc.seen.seen_at,
        is_gone=doc.seen.gone_at is not None,
        is_record=doc.is_current or not (table.is_register or table.name == WORK),
        artefact=doc.id,
        extra={**_times(doc), "names": True, "register": row.register, "own_id": row.own_id},
    )
    if row.own_id and table.is_register and "wbs_code" in table.by_name and "wbs_code" not in item.filled:
        item.put("wbs_code", row.own_id)  # what people call it, also where several documents list it and it is no id
    if "artefact_id" in table.by_name and item.get("artefact_id") is None:
        item.put("artefact_id", doc.id)
    if row.table == "meeting" and item.get("minutes_artefact_id") is None and item.get("has_minutes") is not False:
        item.put("minutes_artefact_id", doc.id)
        if doc.appeared_at is not None and "minutes_published_on" not in item.filled:
            item.put("minutes_published_on", doc.appeared_at.date())
    if row.table in _DOCUMENT and item.get("table_name") is None and item.get("row_id") is None:
        item.put("table_name", "artefact")
        item.put("row_id", doc.id)
    return item


def located(url: str, locator: str) -> str:
    """Return the address of a place in a document."""
    return f"{url}#{quote(locator, safe=_NOT_IN_URL)}" if url and locator and "#" not in url else url


def unread_row(source: str, thing: Unread, seen: Seen, recognition: Recognition, wanted: str | None) -> tuple[Made, list[Made]]:
    """Return the row of what could not be read, and a candidate for every product that it may be."""
    said = [] if is_attendance_list(thing.path) else guess_from_path(thing.path, recognition)
    guesses = [guess for guess in said if guess.standard != CORE and wanted in {None, guess.standard}]
    kinds: dict[str, Decimal] = {}
    for guess in guesses:
        if guess.confidence >= DOUBT:
            kinds[guess.kind] = max(guess.confidence, kinds.get(guess.kind, Decimal(0)))
    values = {"path": thing.path, "reason": thing.reason, "error": thing.error or None, "candidate_kinds": ", ".join(sorted(kinds)) or None}
    row_id = digest_id(source, "unreadable", thing.key)
    made = Made("unreadable", row_id, values, set(values), source, thing.url, seen_at=seen.seen_at)
    candidates = [
        Made(
            "candidate",
            digest_id(source, "candidate", thing.key, kind),
            {"kind": kind, "path": thing.path, "confidence": confidence, "reason": "unreadable", "artefact_id": None},
            {"kind", "path", "confidence", "reason", "artefact_id"},
            source,
            thing.url,
            seen_at=seen.seen_at,
        )
        for kind, confidence in sorted(kinds.items())
    ]
    return made, candidates
