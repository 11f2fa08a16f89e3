"""What fulfils which product: whole files, sections of files, registers held in a tool."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from auditor.connect.values import fold
from auditor.model.schema import TABLES
from auditor.rulebook.recognition import CORE, Recognition
from auditor.snapshot.artefacts import Doc, located, version_of
from auditor.snapshot.coverage import Claims, Records
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.kinds import SURE, compile_recognition, kinds_mentioned
from auditor.snapshot.documents.matters.words import version_order
from auditor.snapshot.documents.template import residue_words
from auditor.snapshot.rows import Made, digest_id
from auditor.snapshot.words import words

_NAMED = Decimal("0.7")  # from which confidence on a file is named as what it is
_FEWEST_WORDS = 15  # a page with a title and a line is no document yet
_FROM_ARTEFACT = ("status", "version", "approved_on", "approved_by")
_VERSIONS = ("version_in_name", "version_on_cover", "version")


@dataclass(frozen=True, slots=True)
class RegisterKinds:
    """Which kinds of products a register is.

    Attributes:
        by_table: table → kinds, of the standard that counts.
        feeding: table → kinds of documents that hold such rows: while one is in doubt the table is not complete.
    """

    by_table: Mapping[str, frozenset[str]]
    feeding: Mapping[str, frozenset[str]]


def register_kinds(recognition: Recognition, wanted: str | None) -> RegisterKinds:
    """Return which kinds of products each register is, by what the packs declare."""
    kinds = [kind for kind in recognition.kinds if kind.standard != CORE and wanted in {None, kind.standard}]
    known = {kind.id for kind in kinds}
    by_table: dict[str, set[str]] = {}
    feeding: dict[str, set[str]] = {}
    for kind in kinds:
        for table in kind.spec.registers:
            by_table.setdefault(table, set()).add(kind.id)
            feeding.setdefault(table, set()).add(kind.id)
    if recognition.registers is not None:
        for name, spec in recognition.registers.registers.items():
            table = spec.table or name
            feeding.setdefault(table, set()).update(known & set(spec.products))
            if name == table:
                by_table.setdefault(table, set()).update(known & set(spec.products))
    return RegisterKinds(
        {table: frozenset(found) for table, found in by_table.items()}, {table: frozenset(found) for table, found in feeding.items()}
    )


def products_and_candidates(docs: Sequence[Doc], wanted: str | None, rows: Sequence[Made], recognition: Recognition) -> Iterator[Made]:
    """Yield what the documents fulfil, and what they may fulfil and is not sure.

    A template that nobody filled in fulfils nothing, and nobody can say that there is nothing: it is a candidate. A register without
    entries is a register.
    """
    registers: dict[str, frozenset[str]] = {}
    holding = {declared.id for declared in recognition.kinds if declared.spec.holds}
    for declared in recognition.kinds:
        registers[declared.id] = registers.get(declared.id, frozenset()) | frozenset(declared.spec.registers)
    sections = {(row.artefact, row.extra.get("own_id")): row for row in rows if row.table == "section"}
    artefacts = {row.id: row for row in rows if row.table == "artefact"}
    for doc in docs:
        artefact = artefacts[doc.id]
        held = {row.table for row in doc.read.found}
        for kind, confidence in doc.products:
            if _is_only_a_template(doc, registers.get(kind, frozenset()), held, recognition):
                yield _candidate(doc, kind, SURE - Decimal("0.01"))
                continue
            yield _product(doc, artefact, kind, confidence, None, doc.record.url, "")
        whole = {kind for kind, _ in doc.products}
        is_other = bool(whole) and not whole & holding
        best: dict[str, Any] = {}
        for part in doc.read.products:
            if wanted not in {None, part.standard} or part.kind in whole:
                continue
            if part.kind not in best or part.confidence > best[part.kind].confidence:
                best[part.kind] = part
        headed = {kept.table for kept in doc.read.kept}
        for kind, confidence in doc.doubts:
            if kind in best and best[kind].confidence >= SURE:
                continue  # a sheet or section of it surely is what the whole may be
            # Named so, and its columns are those of the register: nothing is in doubt but whether there is anything to enter.
            if (
                kind == doc.kind
                and confidence >= _NAMED
                and registers.get(kind, frozenset()) & headed
                and not _is_only_a_template(doc, registers[kind], held, recognition)
            ):
                yield _product(doc, artefact, kind, SURE, None, doc.record.url, "")
                continue
            yield _candidate(doc, kind, confidence)
        for kind, part in sorted(best.items()):
            if part.confidence >= SURE and not _is_only_a_template(doc, registers.get(kind, frozenset()), held, recognition):
                section = sections.get((doc.id, part.section))
                yield _product(doc, artefact, kind, part.confidence, section, located(doc.record.url, part.locator), part.locator)
            elif kind not in dict(doc.doubts) and not (is_other and registers.get(kind)):
                # A plan names its checks and a business case its main risks: the chapter of a document of another kind that only may be
                # a register is not where the register is kept.
                yield _candidate(doc, kind, min(part.confidence, SURE - Decimal("0.01")))


def _is_only_a_template(doc: Doc, registers: frozenset[str], held: set[str], recognition: Recognition) -> bool:
    """Say whether *doc* is a template or a stub that nobody made their own, as far as can be told from its text, entries and name."""
    if doc.confidence == 1 or registers & held:
        return False  # a person said what it is, or it has entries
    is_unchanged = doc.values.get("is_template_unchanged")
    says_template = bool(residue_words(recognition).template & set(fold(doc.path.rpartition("/")[2].rpartition(".")[0]).split()))
    if registers:
        return says_template
    word_count = doc.values.get("word_count")
    if isinstance(word_count, int) and word_count < _FEWEST_WORDS:
        return True
    return is_unchanged is True or (says_template and is_unchanged is not False)


def _first_approval(doc: Doc) -> date | None:
    """Return the day on which the first released version was approved by all who are listed, where a document lists several versions.

    A history says it, too: '1.0 | 2 April 2025 | Accepted by the board on 8 April 2025'.
    """
    days: dict[tuple[int, ...], list[date | None]] = {}
    for row in doc.read.found:
        if row.table == "approval" and row.values.get("action") in {"approve", "authorise"} and row.values.get("decision") == "approved":
            version = version_order(str(row.values.get("version", "")))
            if version is not None and version[0] >= 1:
                days.setdefault(version, []).append(row.values.get("decided_on"))
    told = {version: row.values.get("approved_on") for version, row in _released(doc) if version not in days}
    days |= {version: [day] for version, day in told.items() if day is not None}
    if len(days) < 2 and not days.keys() & told.keys():
        return _first_round(doc)
    dated = [day for day in days[min(days)] if day is not None]
    return max(dated) if len(dated) == len(days[min(days)]) else None


def _first_round(doc: Doc) -> date | None:
    """Return the last day of the first round of approvals of a document that gives them no version: somebody approved it twice.

    It counts where the history lists a later released version, and the first one is not younger than that round.
    """
    rounds: list[tuple[date, str]] = []
    for row in doc.read.found:
        if row.table == "approval" and row.values.get("action") in {"approve", "authorise"} and row.values.get("decision") == "approved":
            day, person = row.values.get("decided_on"), row.values.get("person_id")
            if row.values.get("version") is None and day is not None and person:
                rounds.append((day, str(person)))
    again = min((day for day, person in rounds if any(other == person and before < day for before, other in rounds)), default=None)
    released = dict(_released(doc))
    if again is None or len(released) < _TWO:
        return None
    first = max(day for day, _ in rounds if day < again)
    begun = released[min(released)].values.get("modified_at")
    return first if begun is not None and begun.date() <= first else None


_TWO = 2  # versions


def _released(doc: Doc) -> Iterator[tuple[tuple[int, ...], Found]]:
    """Yield the lines of a document's history that are of a released version."""
    for row in doc.read.found:
        if row.table == "artefact_version":
            version = version_order(str(row.values.get("version", "")))
            if version is not None and version[0] >= 1:
                yield version, row


def doubt_first_approvals(rows: Sequence[Made], docs: Iterable[Doc]) -> None:
    """Take the day of approval from products of which only a later version's is known, where an earlier one may have been approved in time.

    The history lists an earlier released version, nothing says when that was approved, and between its day and the known approval lies the
    decision of a gate or the approval of another product: whether the product was approved before that nobody can say.
    """
    docs_of = {doc.id: doc for doc in docs}
    products = [row for row in rows if row.table == "product" and not row.is_gone]
    known = {(row.get("kind"), row.get("version")): row.get("approved_on") for row in products}
    days = {(row.get("decided_on"), "") for row in rows if row.table == "gate" and not row.is_gone}
    days |= {(row.get("approved_on"), str(row.get("kind"))) for row in products}
    for row in products:
        doc, approved = docs_of.get(str(row.get("artefact_id"))), row.get("approved_on")
        current = version_order(str(row.get("version") or ""))
        if doc is None or approved is None or current is None:
            continue
        earlier = {version: line for version, line in _released(doc) if version < current}
        if not earlier or _first_approval(doc) is not None:
            continue
        line = earlier[min(earlier)]
        begun = line.values.get("modified_at")
        if known.get((row.get("kind"), line.values.get("version"))) is not None or begun is None or begun.date() >= approved:
            continue
        if any(day is not None and kind != row.get("kind") and begun.date() <= day < approved for day, kind in days):
            row.values.pop("approved_on", None)
            row.filled.discard("approved_on")


def _product(doc: Doc, artefact: Made, kind: str, confidence: Decimal, section: Made | None, url: str, locator: str) -> Made:
    made = Made(
        "product",
        digest_id(doc.source, "product", doc.id, kind, section.id if section else ""),
        {},
        set(),
        doc.source,
        url,
        locator,
        doc.record.version,
        doc.record.content_hash,
        doc.seen.seen_at,
        is_gone=artefact.is_gone,
        is_record=doc.is_current,
        artefact=doc.id,
    )
    for column, value in (
        ("kind", kind),
        ("artefact_id", doc.id),
        ("section_id", section.id if section else None),
        ("table_name", None),
        ("confidence", confidence),
        ("is_current", doc.is_current),
    ):
        made.put(column, value)
    for column in _FROM_ARTEFACT:
        if column in artefact.filled or artefact.get(column) is not None:
            made.put(column, artefact.get(column))
        for raw in (f"{column}_raw",):
            if artefact.values.get(raw) is not None and raw in TABLES["product"].by_name:
                made.values[raw] = artefact.values[raw]
    if (first := _first_approval(doc)) is not None and made.get("approved_on") is not None and first < made.get("approved_on"):
        made.put("approved_on", first)  # a later edition was approved again; the product had been approved before
    if artefact.get("date_on_cover") is not None:
        made.put("created_on", artefact.get("date_on_cover"))
    if not doc.is_current and made.get("status") is None and (state := _state_of_earlier(made.get("approved_on"), doc)) is not None:
        made.put("status", state)
    return made


def _state_of_earlier(approved_on: date | None, doc: Doc) -> str | None:
    """Return what an edition that is no longer in force was, where it does not say so itself: what was approved was in force."""
    if approved_on is not None:
        return "superseded"
    version = next((found for name in _VERSIONS if (found := version_of(doc.values.get(name)))), ())
    return "draft" if version[:1] == (0,) else None


def _candidate(doc: Doc, kind: str, confidence: Decimal) -> Made:
    values = {"kind": kind, "artefact_id": doc.id, "path": doc.path, "confidence": confidence, "reason": "low_confidence"}
    return Made(
        "candidate",
        digest_id(doc.source, "candidate", doc.id, kind),
        values,
        set(values),
        doc.source,
        doc.record.url,
        record_version=doc.record.version,
        content_hash=doc.record.content_hash,
        seen_at=doc.seen.seen_at,
        is_gone=doc.seen.gone_at is not None,
    )


def tool_products(rows: Iterable[Made], tool_sources: frozenset[str], kinds: RegisterKinds) -> Iterator[Made]:
    """Yield a product for every register that a tool holds."""
    first: dict[tuple[str, str], Made] = {}
    for row in rows:
        if row.source in tool_sources and row.table in kinds.by_table and not row.is_gone and TABLES[row.table].is_register:
            before = first.get((row.source, row.table))
            if before is None or row.id < before.id:
                first[row.source, row.table] = row
    for (source, table), row in sorted(first.items()):
        for kind in sorted(kinds.by_table[table]):
            made = Made("product", digest_id(source, "product", table, kind), {}, set(), source, row.url, "", seen_at=row.seen_at)
            for column, value in (
                ("kind", kind),
                ("artefact_id", None),
                ("section_id", None),
                ("table_name", table),
                ("confidence", Decimal(1)),
                ("is_current", True),
            ):
                made.put(column, value)
            yield made


def approvals_elsewhere(rows: Iterable[Made], products: Iterable[Made], recognition: Recognition) -> None:
    """Where a decision may have approved a product, that its own document shows no approval proves nothing: it is unknown.

    Args:
        rows: of one project, with decisions of registers and minutes.
        products: of the same project; those without a day of approval lose the certainty that there is none.
        recognition: what the packs say.
    """
    rows = list(rows)
    compiled = compile_recognition(recognition)
    spoken: set[str] = set()
    for row in rows:
        if row.is_gone or not (row.table == "decision" or (row.table == "listed_item" and row.get("kind") == "decision")):
            continue
        text = " . ".join(str(row.get(column) or "") for column in ("title", "name", "description", "text"))
        if any(word.startswith(tuple(words("approval"))) for word in fold(text).split()):
            spoken |= kinds_mentioned(compiled, text)
    if not spoken:
        return
    documents = {(row.source, row.id): row for row in rows if row.table == "artefact"}
    for product in products:
        if product.table != "product" or product.get("kind") not in spoken or product.get("approved_on") is not None:
            continue
        document = documents.get((product.source, str(product.get("artefact_id"))))
        for row in (product, document) if document is not None and document.get("kind") == product.get("kind") else (product,):
            if row.get("approved_on") is None:
                row.filled.discard("approved_on")


def mark_product_records(
    products: Sequence[Made], claims: Claims, records: Records, declared: Mapping[str, str], kinds: RegisterKinds
) -> frozenset[str]:
    """Mark the products that are not of the place of record of their kind; return the kinds whose place nobody declared."""
    table_of = {kind: table for table, found in sorted(kinds.by_table.items()) for kind in found}
    assumed = set()
    live = [row for row in products if not row.is_gone]
    for kind in sorted({str(row.get("kind")) for row in live}):
        mine = [row for row in live if row.get("kind") == kind]
        sources = sorted({row.source for row in mine})
        table = table_of.get(kind, "")
        wanted = declared.get(kind) or declared.get(table) or declared.get("artefact") or declared.get("product")
        if wanted is None and len(sources) > 1:
            assumed.add(kind)
            held = records.sources.get(table)
            wanted = held if held in sources else max(sources, key=lambda source: _weight(claims, source, table))
        elif wanted is None:
            wanted = sources[0]
        for row in mine:
            if row.source != wanted:
                row.is_record = False
    return frozenset(assumed)


def _weight(claims: Claims, source: str, table: str) -> tuple[bool, str, str]:
    claim = claims.known(source, table) or claims.known(source, "artefact")
    if claim is None:
        return False, "", source
    return claim.history_from is not None, claim.changed_at.isoformat() if claim.changed_at else "", source
