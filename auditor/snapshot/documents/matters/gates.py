"""Decisions at gates, from decision logs, minutes and phase-exit checklists; the reviews that checklists record."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date

from auditor.connect.document import Cell
from auditor.connect.values import clean, fold
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.grid import (
    Filling,
    Grid,
    Line,
    Pair,
    Reading,
    day_of,
    header_texts,
    is_known,
    pairs_of,
    text_of,
)
from auditor.snapshot.documents.matters.minutes import is_of_minutes
from auditor.snapshot.documents.matters.sentences import deeds_in, sentences_in
from auditor.snapshot.documents.matters.words import DetailWords
from auditor.snapshot.words import words

CHECKLISTS = frozenset({"phase_exit_review_checklist"})
_FIRST_LINES = 40  # of a report, among which it says who looked and when
_REVIEWS = {"quality_review_report": "quality", "audit_report": "audit"}
"""Kinds of documents that report one review, with the kind of it."""

_NOT_YET = (
    " not ",
    " nicht ",
    " pas ",
    " wait",
    " request",
    " submit",
    " prepare",
    " plan to ",
    " will be ",
    " to be ",
    " sera ",
    " wird ",
    " no esta ",
    " no fue ",
    " no ha sido ",
    " no se ",
    " if ",
    " pending ",
)
_STILL_TO_BE = re.compile(
    r" (?:cannot|(?:shall|should|must|may|can|could|would)(?: only)?) be (?:\w+ )?(?:approv|accept|authori|releas|sign|confirm)\w*"
    r"| (?:doit|doivent|devra|devront|peut|pourra|devrait) etre "
    r"| (?:soll|sollte|muss|kann|darf) (?:\w+ ){0,8}(?:genehmigt|freigegeben|abgenommen|beschlossen) werden"
    r"| (?:debe|debera|puede|podra) ser "
)
"""What a decision says of one that is still to be taken; folded. 'The pilot may be run in May' is none."""
_MOST_TITLE_ROWS = 5
_PHASE_GATES = {"initiating": "rfp", "planning": "rfe", "executing": "rfc"}


def read_gates(reading: Reading, decisions: Sequence[Found], held_on: date | None) -> Iterator[Found]:
    """Yield a row of `gate` for each of *decisions* that names one gate and says what was decided.

    Args:
        reading: the document.
        decisions: rows of table `decision`, of its registers or minutes.
        held_on: day of the meeting when the document is minutes. It dates decisions that have no id of their own; one with an id is
            an entry of the decision log, which dates it, unless it is a mere number: minutes number what they hold.
    """
    for row in decisions:
        if row.table != "decision":
            continue
        gate = gate_of(reading.words, _text(row))
        if gate is None:
            continue
        stage = stage_begun(_text(row)) if gate[0] in {"stage_boundary", "project_authorisation"} else None
        day = row.values.get("decided_on")
        if day is None and held_on is not None and "decided_on" not in row.filled and is_of_minutes(row.own_id):
            day = held_on
        if day is None and held_on is not None:
            continue
        found = Filling(reading, "gate")
        found.set("gate", gate[0])
        found.raw("gate", str(row.values.get("title", "")))
        found.set("decision", gate[1])
        if day is not None or "decided_on" in row.filled:
            found.set("decided_on", day)
        if stage is not None:
            found.refer("stage_id", "stage", stage)
        if (who := row.values.get("decided_by") or row.values.get("owner_id")) is not None or {"decided_by", "owner_id"} & row.filled:
            found.set("decided_by", who)  # blank where the log has a column for it
        yield found.found(row.locator, "gate", gate[0], str(day or ""))


def gate_of(words: DetailWords, whole: str) -> tuple[str, str] | None:
    """Return gate and decision that a decision states, None when it names no gate, several, or does not say what was decided."""
    gates = words.all_inside("gate", whole) | _short_gates(whole)
    if not gates and _approves_documentation(whole):
        gates = {"project_authorisation"}
    if not gates and stage_begun(whole) is not None:
        gates = {"stage_boundary"}
    if len(gates) != 1:
        return None
    decision = decision_in(words, whole)
    return (gates.pop(), decision) if decision is not None else None


def _text(row: Found) -> str:
    return " ".join(str(row.values.get(column) or "") for column in ("title", "description"))


_DOCUMENTATION = (
    r"(?:PID|project initiation document(?:ation|s)?|Projektleitdokumentation|Projektinitiierungsdokument(?:ation)?"
    r"|(?:dossier|documentation) d['’]initialisation(?: du projet)?|documentación de inicio(?: del proyecto)?)"
)
_FIRST_EDITION = r"(?:\s*\(?(?:version|issue|edition|Fassung|Ausgabe|versión|edición|édition)?\s*v?1[.,]0\)?)?"
_TAKEN = r"(?:approved|accepted|genehmigt|freigegeben|approuvée?|validée?|aprobad[ao])"
_DOCUMENTATION_APPROVED = re.compile(
    rf"(?:^|[.;:,]\s+)(?:the |la |le |die |das |el )?{_DOCUMENTATION}{_FIRST_EDITION}"
    r"(?=[\s,])(?!\s*\(?[^\W\d_]*\s?v?\d)"
    rf"(?:(?!\b(?:draft|outline|Entwurf|ébauche|projet de|borrador|update|updated)\b)[^.;]|\.\d)*?\b{_TAKEN}\b",
    re.IGNORECASE,
)


def _approves_documentation(text: str) -> bool:
    """Say whether *text* approves the first edition of the initiation documentation, with which a board authorizes the project.

    'PID 1.0, business case 1.0 and project plan 1.0 approved'; a later edition, a draft, or a change of it is another matter.
    """
    return _DOCUMENTATION_APPROVED.search(clean(text, 2000)) is not None


_STAGE = r"(?:stage|phase|managementphase|séquence|sequence|étape|etapa|fase)"
_BEGUN = r"(?:authori[sz]ed|released|freigegeben|genehmigt|autorisée?|autorizad[ao])"
_NOT_WHEN = r"(?:not|nicht|kein\w*|pas|no|if|wenn|si|until|unless|once|hardly|erst|kaum|sobald|cuando|lorsque)"
_WHEN = rf"(?:\s+(?!{_NOT_WHEN}\b)[^\s;,:]+){{0,8}}?"  # 'from 16 March to 19 June'
_STAGE_BEGUN = (
    re.compile(rf"\b{_STAGE}\s+(\d{{1,2}})(?:\s+(?:is|was|has been|ist|wird|wurde|est|es|está){_WHEN})?\s+{_BEGUN}\b", re.IGNORECASE),
    re.compile(
        rf"\b(?:authori[sz]es?|release of|freigabe(?: der)?|autorise|autoriza)\s+(?:la\s+|the\s+)?{_STAGE}\s+(\d{{1,2}})\b", re.IGNORECASE
    ),
)


def stage_begun(text: str) -> str | None:
    """Return the number of the one stage that *text* authorizes: 'Stage 2 authorized from 16 March', 'Freigabe der Phase 3'."""
    found = {match[1] for pattern in _STAGE_BEGUN for match in pattern.finditer(text)}
    return found.pop() if len(found) == 1 else None


def _short_gates(text: str) -> set[str]:
    words = set(
        clean(text, 1000)
        .replace("/", " ")
        .replace(":", " ")
        .replace(".", " ")
        .replace(",", " ")
        .replace("(", " ")
        .replace(")", " ")
        .split()
    )
    return {short.casefold() for short in ("RfP", "RfE", "RfC") if short in words or (short.upper() in words and short != "RfP")}


def decision_in(words: DetailWords, text: str) -> str | None:
    """Return what *text* says was decided; None when it says nothing, or several things."""
    said = words.all_inside("gate_decision", text)
    if "conditional" in said:
        said.discard("approved")
    if "rejected" in said and "approved" in said:
        said.discard("approved")
    padded = f" {fold(clean(text, 2000))} "
    if said == {"approved"} and (any(phrase in padded for phrase in _NOT_YET) or _STILL_TO_BE.search(padded)):
        return None
    return said.pop() if len(said) == 1 else None


def read_checklist(reading: Reading, sheets_of: Collection[str] = ()) -> Iterator[Found]:
    """Yield what a phase-exit checklist or a report says of its review: a row of `review`; and one of `gate` where it has the decision.

    Args:
        reading: the document.
        sheets_of: places of the sheets that are phase-exit checklists in a workbook that holds other things as well.
    """
    if reading.kind in _REVIEWS:
        pairs = [pair for grid in reading.grids if grid.is_front for pair in pairs_of(reading, grid)]
        front = [(line.text, line.block.locator) for line in reading.prose if line.is_front]
        said = [(text, line.block.locator) for line in reading.prose[:_FIRST_LINES] for text in sentences_in(line.text)]
        pairs += [pair for text, place in (*front, *said) if (pair := _line_pair(reading, text, place)) is not None]
        pairs += _told(reading, said)
        if any("reviewer" in pair.names for pair in pairs):
            yield from _review(reading, pairs, None, _REVIEWS[reading.kind])
        return
    listed = [row for grid in reading.grids for row in _listed_by_phase(reading, grid)]
    yield from listed
    if reading.kind not in CHECKLISTS:
        for grid in reading.grids:
            if not grid.is_sheet or listed:
                continue
            pairs = pairs_of(reading, grid)
            gate = _gate(reading, pairs) or _gate_of_sheet(reading, grid)
            if grid.table.locator in sheets_of or (gate is not None and _is_dated(pairs) and _says_phase_exit(_own_titles(grid))):
                yield from _review(reading, pairs, gate)
        return
    if listed:
        return
    sheets = [(grid, pairs_of(reading, grid)) for grid in reading.grids if grid.is_sheet]
    dated = [(grid, pairs, _gate(reading, pairs) or _gate_of_sheet(reading, grid)) for grid, pairs in sheets if _is_dated(pairs)]
    if len({gate for *_, gate in dated if gate is not None}) > 1:  # a sheet for each phase, and others on other matters
        for _, pairs, gate in dated:
            if gate is not None:
                yield from _review(reading, pairs, gate)
        return
    if sum(any("review_date" in pair.names for pair in pairs) for _, pairs, _ in dated) > 1:
        for _, pairs, gate in dated:
            yield from _review(reading, pairs, gate)
        return
    pairs = [pair for grid in reading.grids for pair in pairs_of(reading, grid)]
    pairs += [pair for line in reading.prose if (pair := _line_pair(reading, line.text, line.block.locator)) is not None]
    above = [row for grid, _ in sheets for row in _title_rows(grid)]
    titles = [*reading.titles, *(text for text, _ in above)]
    pairs += _told(reading, above)
    yield from _review(reading, pairs, _gate(reading, pairs) or _gate_of_titles(reading, titles))


def _is_dated(pairs: Sequence[Pair]) -> bool:
    """Say whether labels tell a day of the review, or a bare day beside who reviewed."""
    said = {name for pair in pairs for name in pair.names}
    return "review_date" in said or {"date", "reviewer"} <= said


def _listed_by_phase(reading: Reading, grid: Grid) -> Iterator[Found]:
    """Yield the reviews of a table of questions that names the phase of each, and the day on which it was answered.

    A review is held when the last of its questions is answered; one that has a question without a day is not finished, and says nothing.
    """
    if not _says_phase_exit((*_own_titles(grid), *reading.titles)):
        return
    for at, line in enumerate(grid.lines[:_MOST_TITLE_ROWS]):
        columns: dict[str, int] = {}
        for place, head in enumerate(header_texts(line)):
            for name in reading.words.label(head) if head else ():
                columns.setdefault(name, place)
        day = columns.get("review_date", columns.get("date"))
        if "phase" not in columns or day is None:
            continue
        asked: dict[str, list[Line]] = {}
        for row in grid.lines[at + 1 :]:
            phase = reading.words.value("phases", text_of(row.cell(columns["phase"])))
            if phase in _PHASE_GATES:
                asked.setdefault(_PHASE_GATES[phase], []).append(row)
        for gate, rows in asked.items():
            days = [day_of(reading, row.cell(day)) for row in rows]
            if None in days:
                continue
            review = Filling(reading, "review")
            review.set("kind", "phase_exit")
            review.set("subject", gate)
            review.set("held_on", max(found for found in days if found is not None))
            if "reviewer" in columns:
                review.person("reviewer_id", rows[-1].cell(columns["reviewer"]))
            yield review.found(rows[0].locator, "phase_exit", gate, str(review.values["held_on"]))
        return


def _own_titles(grid: Grid) -> Iterator[str]:
    """Yield how a table is called: by its sheet or caption, and in the rows above its header."""
    yield grid.table.name
    yield from grid.above[:1]
    for text, _ in _title_rows(grid):
        yield text


def _says_phase_exit(titles: Iterable[str]) -> bool:
    return any(f" {word} " in f" {fold(title)} " for title in titles for word in words("phase_exit"))


def _title_rows(grid: Grid) -> Iterator[tuple[str, str]]:
    """Yield the texts that stand alone in the first rows of a sheet, with their places."""
    for line in grid.lines[:_MOST_TITLE_ROWS]:
        filled = [cell for cell in line.cells if text_of(cell) and not cell.is_covered]
        if len(filled) != 1:
            return
        yield text_of(filled[0]), line.locator


def _told(reading: Reading, texts: Sequence[tuple[str, str]]) -> Iterator[Pair]:
    """Yield when and by whom a review was held, where one sentence says so: 'Phase-exit review held on 3 May 2026 by Jo Lake'."""
    told = [(deed, place) for text, place in texts for deed in deeds_in(reading, [text]) if deed.action == "hold" and len(deed.days) == 1]
    if len(told) == 1:
        deed, place = told[0]
        yield Pair(("review_date",), "", Cell(deed.days[0][1].isoformat()), place)
        yield Pair(("reviewer",), "", Cell("; ".join(doer.name for doer in deed.doers)), place)


def _review(reading: Reading, pairs: Sequence[Pair], gate: str | None, kind: str = "phase_exit") -> Iterator[Found]:
    """Yield the review that labels tell of, and the decision where they record it."""
    review = Filling(reading, "review")
    review.set("kind", kind)
    if gate is not None:
        review.set("subject", gate)
    for pair in pairs:
        if "review_date" in pair.names and "held_on" not in review.values:
            review.day("held_on", pair.cell)
        if "review_result" in pair.names and "result" not in review.values:
            review.code("result", "review_result", pair.cell)
        if "reviewer" in pair.names and "reviewer_id" not in review.values:
            review.person("reviewer_id", pair.cell)
    if "held_on" not in review.values:
        for pair in pairs:
            if pair.names[0] == "date" and "held_on" not in review.values:
                review.day("held_on", pair.cell)
    if review.filled - {"kind", "subject"}:
        labels = (("review_date", "review_result"), ("date", "reviewer"))
        locator = next((pair.locator for of in labels for pair in pairs if set(of) & set(pair.names)), "")
        yield review.found(locator, kind, gate or "", str(review.values.get("held_on", "")))
    yield from _recorded(reading, pairs, gate)


def _recorded(reading: Reading, pairs: Sequence[Pair], gate: str | None) -> Iterator[Found]:
    said = [pair for pair in pairs if "gate_decision" in pair.names and is_known(pair.cell)]
    values = {value for pair in said if (value := reading.words.value("gate_decision", text_of(pair.cell))) is not None}
    if gate is None or len(values) != 1:
        return
    row = Filling(reading, "gate")
    row.set("gate", gate)
    row.set("decision", values.pop())
    for pair in pairs:
        if "decided_on" in pair.names:
            row.day("decided_on", pair.cell)
        if "decided_by" in pair.names:
            row.person("decided_by", pair.cell)
    if "decided_on" in row.filled:
        yield row.found(said[0].locator, "gate", gate)


def _gate(reading: Reading, pairs: Sequence[Pair]) -> str | None:
    for pair in pairs:
        if "gate" in pair.names:
            found = reading.words.all_inside("gate", text_of(pair.cell)) | _short_gates(text_of(pair.cell))
            if len(found) == 1:
                return found.pop()
    for pair in pairs:
        if "phase" in pair.names and (phase := reading.words.value("phases", text_of(pair.cell))) in _PHASE_GATES:
            return _PHASE_GATES[phase]
    return None


def _gate_of_sheet(reading: Reading, grid: Grid) -> str | None:
    """Return the gate that a sheet is about, by its first line and its name."""
    first = next((cell.text for line in grid.lines[:1] for cell in line.cells if cell.text.strip()), "")
    return _gate_of_titles(reading, (first, *grid.above))


def _gate_of_titles(reading: Reading, titles: Iterable[str]) -> str | None:
    for title in titles:
        found = reading.words.all_inside("gate", title)
        phases = reading.words.all_inside("phases", title) & _PHASE_GATES.keys()
        if len(found) == 1:
            return found.pop()
        if len(phases) == 1:
            return _PHASE_GATES[phases.pop()]
    return None


def _line_pair(reading: Reading, text: str, locator: str) -> Pair | None:
    label, sign, value = text.partition(":")
    if not sign:  # 'Review held on 3 May 2026.'
        said = text.rstrip(" .").split()
        for count in range(len(said) - 1, 0, -1):
            names = reading.words.label(" ".join(said[:count]))
            if "review_date" in names and reading.day(" ".join(said[count:])) is not None:
                return Pair(names, " ".join(said[:count]), Cell(" ".join(said[count:])), locator)
        return None
    names = reading.words.label(label)
    return Pair(names, label, Cell(value.strip(" .")), locator) if names else None
