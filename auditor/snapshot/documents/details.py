"""What a document states beside its registers: control block, approvals, history, roles, minutes, reports, plans.

`read_details` is pure. It knows only what the packs declare in `recognition/details.yaml` (`load_detail_words`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from auditor.connect.protocol import Parsed
from auditor.connect.values import UNSETTLED, DayOrder
from auditor.rulebook.details_spec import load_details_spec
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.acceptance import read_acceptance
from auditor.snapshot.documents.matters.activities import read_activities, without_activities
from auditor.snapshot.documents.matters.approvals import read_approvals, read_distribution, read_history
from auditor.snapshot.documents.matters.breaches import read_breaches
from auditor.snapshot.documents.matters.contracts import read_contracts
from auditor.snapshot.documents.matters.control import CONTROL, Facts, read_control, settle_cover
from auditor.snapshot.documents.matters.corrected import read_corrected
from auditor.snapshot.documents.matters.criteria import read_criteria
from auditor.snapshot.documents.matters.data_protection import read_data_protection
from auditor.snapshot.documents.matters.departures import read_departures
from auditor.snapshot.documents.matters.descriptions import read_descriptions
from auditor.snapshot.documents.matters.diaries import read_diary
from auditor.snapshot.documents.matters.edits import read_edits
from auditor.snapshot.documents.matters.findings import read_findings
from auditor.snapshot.documents.matters.gates import read_checklist, read_gates
from auditor.snapshot.documents.matters.grid import Reading, is_label_table, read_structure, table_of
from auditor.snapshot.documents.matters.ladders import read_ladders
from auditor.snapshot.documents.matters.ledgers import read_ledgers
from auditor.snapshot.documents.matters.minutes import read_minutes
from auditor.snapshot.documents.matters.packages import read_package
from auditor.snapshot.documents.matters.plans import read_plans
from auditor.snapshot.documents.matters.ratings import read_ratings
from auditor.snapshot.documents.matters.records import read_records
from auditor.snapshot.documents.matters.reports import KINDS, read_mentions, read_report
from auditor.snapshot.documents.matters.roles import read_roles
from auditor.snapshot.documents.matters.tolerances import read_tolerances
from auditor.snapshot.documents.matters.trainings import read_trainings
from auditor.snapshot.documents.matters.whole_costs import read_whole_costs
from auditor.snapshot.documents.matters.words import DetailWords, Kinds, compile_details

__all__ = ["DetailWords", "DetailsRead", "compile_details", "load_detail_words", "read_details"]

_WHOLE = frozenset({"docx", "odt", "md"})  # formats whose text is read whole, with its tables
_FEWEST_BLOCKS = 5
_LABEL_AND_VALUE = 2  # cells
_ITSELF = frozenset({"meeting", "report", "review"})  # tables of which a document may be a row itself


@dataclass(frozen=True, slots=True)
class DetailsRead:
    """What `read_details` found.

    Attributes:
        artefact: columns of `artefact` that the document states of itself: title, version_on_cover, version_in_history, date_on_cover,
            author_id, owner_id, sensitivity, status, submitted_on, approved_on, approved_by.
        artefact_filled: those of them for which it has a place. One that is missing in *artefact* is blank.
        found: rows. Columns that name the document itself (`artefact_id`, `row_id`) are left to whoever gives it its id.
        registers: the rows handed in, but for those that were read here as what the document itself is; actions of minutes name their
            meeting, decisions of minutes are in *found* as listed items.
        looked_for: columns of a control block of which the document says nothing although it was read whole. Whoever knows that
            documents of its kind carry a control block may take them as blank.
    """

    artefact: Mapping[str, Any] = field(default_factory=dict)
    artefact_filled: frozenset[str] = frozenset()
    found: tuple[Found, ...] = ()
    registers: tuple[Found, ...] = ()
    looked_for: frozenset[str] = frozenset()


def load_detail_words(folders: Iterable[Path | Traversable] = (), *, installed: bool = True, kinds: Kinds | None = None) -> DetailWords:
    """Return the words of the installed packs and those in *folders*.

    Args:
        folders: what `[rules] folders` names.
        installed: whether the packs of installed distributions belong.
        kinds: gives the kind of artefact that a name means ('Project Charter' → 'project_charter'), for tailoring tables.

    Raises:
        ExceptionGroup: of `RuleError`s, one per mistake, each with its place.
    """
    return compile_details(load_details_spec(folders, installed=installed), kinds)


def read_details(
    parsed: Parsed,
    words: DetailWords,
    *,
    language: str | None,
    kind: str | None,
    registers: Sequence[Found] = (),
    sections: Sequence[Found] = (),
    habit: DayOrder = UNSETTLED,
    checklists: Collection[str] = (),
) -> DetailsRead:
    """Return what *parsed* states beside its registers; a document without such blocks gives nothing.

    Args:
        parsed: the document.
        words: what packs declare.
        language: of the document ('en', 'fr', 'de', 'es'), for numbers and days; None when it is not known.
        kind: of artefact, only when it is sure. Minutes, agendas, reports and checklists are read as such only then; None reads the rest.
        registers: what `read_registers` found. Its tables are not read again, its decisions may be those of gates, and its actions
            belong to the meeting when the document is minutes.
        sections: rows of table `section` of the document, to name the one that an item stands in.
        habit: how the project's other documents write days in figures.
        checklists: places of the sheets that are phase-exit checklists where the document as a whole is none.
    """
    reading = read_structure(parsed, words, language=language, kind=kind, habit=habit)
    reading.sections = {row.locator: row.own_id for row in sections if row.own_id is not None}
    facts = Facts()
    found: list[Found] = list(read_checklist(reading, checklists))
    found += read_control(reading, facts)
    found += read_approvals(reading, facts)
    found += read_history(reading, facts)
    settle_cover(reading, facts)
    accepted, registers = read_acceptance(reading, [row for row in found if row.table == "approval"], registers)
    found += accepted
    minuted, joined = read_minutes(reading, without_activities(reading, registers))
    found += [row for row in (minuted.meeting, *minuted.rows) if row is not None]
    found += read_report(reading)
    found += read_distribution(reading)
    found += read_data_protection(reading)
    found += read_breaches(reading)
    found += read_descriptions(reading)
    found += read_package(reading)
    found += read_tolerances(reading)
    found += read_roles(reading)
    found += read_departures(reading)
    found += read_diary(reading)
    found += read_contracts(reading)
    found += read_activities(reading, [row for row in found if row.table == "approval"], accepted)
    found += read_criteria(reading, accepted)
    found += read_corrected(reading)
    found += read_findings(reading)
    found += read_records(reading, [row for row in found if row.table == "approval"])
    found += read_trainings(reading)
    found += read_ratings(reading)
    found += read_plans(reading, {table_of(row.locator) for row in registers if row.table == "stage"})
    found += read_ledgers(reading, {table_of(row.locator) for row in registers if row.table == "cost"})
    found += read_whole_costs(
        reading, [row for row in found if row.table == "artefact_version"], facts.values.get("version_on_cover"), _day_of(facts)
    )
    found += read_mentions(reading, registers, {table_of(row.locator) for row in found if row.table == "listed_item"})
    found += read_ladders(reading)
    found += read_edits(reading)
    found += read_gates(reading, [*joined, *minuted.decisions], minuted.held_on)
    joined = _without_forms(reading, joined, {row.table for row in found} & _ITSELF)
    if reading.kind in KINDS:
        joined = _without_covers(reading, joined)
    document = parsed.document
    is_whole = document.format in _WHOLE and not document.is_cut and len(document.blocks) >= _FEWEST_BLOCKS
    looked_for = frozenset(column for column in CONTROL if not facts.said(column)) if is_whole else frozenset()
    return DetailsRead(dict(facts.values), frozenset(facts.filled), tuple(found), joined, looked_for)


def _day_of(facts: Facts) -> date | None:
    """Return the day of a document: on which it was approved, or which its cover bears."""
    day = facts.values.get("approved_on") or facts.values.get("date_on_cover")
    return day if isinstance(day, date) else None


def _without_covers(reading: Reading, registers: Sequence[Found]) -> tuple[Found, ...]:
    """Return *registers* without the packages that the form of a report seems to list: 'Work package | WP-04' above 'Period | …'."""
    forms = {
        grid.table.locator or grid.table.name
        for grid in reading.grids
        if grid.lines and all(sum(1 for cell in line.cells if not cell.is_covered) == _LABEL_AND_VALUE for line in grid.lines)
    }
    return tuple(row for row in registers if row.table != "work_package" or table_of(row.locator) not in forms)


def _without_forms(reading: Reading, registers: Sequence[Found], itself: Collection[str]) -> tuple[Found, ...]:
    """Return *registers* without the rows that forms of the document say of the document itself, where that was read as its own row."""
    forms = {grid.table.locator or grid.table.name for grid in reading.grids if is_label_table(reading, grid)} if itself else set()
    return tuple(row for row in registers if row.table not in itself or table_of(row.locator) not in forms)
