"""Kinds of rows that no column states and their words tell: management stages, decisions of a board, and whether those were taken."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from auditor.connect.values import fold
from auditor.snapshot.documents.matters.reports import KINDS as REPORTS
from auditor.snapshot.rows import Made
from auditor.snapshot.words import words

_CHANGES = frozenset({"request_for_change", "off_specification"})
_OWN_ID = re.compile(r"(?<![\w-])[A-Za-z]{1,10}[-_.]?\d{1,6}(?![\w-])")
_LONG_BEGINNING = 4
_NEAR = 8
_DONE = frozenset({"resolved", "closed"})
_FEWEST_RESOLVED = 3  # issues with the day of their resolution, from which a register is one that gives it
BOARD = "steering_committee"
"""Kind of a meeting of those who decide on the project."""
STAGED = "prince2"
"""The method whose stages are management stages: initiation, then delivery."""
_OF_METHODS = frozenset({"status", "progress", "highlight", "checkpoint", "end_project"})
"""Kinds of reports that several methods have under names of their own."""
_PLANNING = frozenset({"business_case", "project_plan", "stage_plan", "project_work_plan"})


def settle_kinds(rows: Iterable[Made], wanted: str | None) -> None:
    """Fill the kind of stages, decisions and costs that their registers have no column for, where their words leave no doubt.

    A report is of the kind that its document is in the method of the project: 'Status report' is a highlight report in another.

    Args:
        rows: of one project.
        wanted: the standard of its method, None when that is not known.
    """
    rows = [row for row in rows if not row.is_gone]
    planning = {row.artefact for row in rows if row.table == "product" and row.get("kind") in _PLANNING}
    checks = {row.artefact for row in rows if row.table == "product" and row.get("kind") == "quality_register"}
    changes = {str(row.id) for row in rows if row.table == "issue" and row.get("kind") in _CHANGES and _OWN_ID.fullmatch(str(row.id))}
    reports = {row.artefact: REPORTS.get(str(row.get("kind"))) for row in rows if row.table == "artefact"}
    held = {(row.artefact, row.get("held_on")) for row in rows if row.table == "meeting" and row.get("kind") == BOARD}
    for row in rows:
        if row.table == "listed_item" and row.get("kind") == "decision":
            is_of_board = (row.artefact, row.get("on_date")) in held
            row.put("value", "closure" if is_of_board and ends(f"{row.get('name') or ''} . {row.get('text') or ''}") else None)
        if row.table == "report" and row.get("kind") in _OF_METHODS and reports.get(row.artefact) in _OF_METHODS:
            row.put("kind", reports[row.artefact])
        if row.table == "decision":
            _settle_status(row)
        is_phase = row.table == "stage" and wanted == STAGED and row.get("kind") == "phase" and not row.get("kind_raw")
        if "kind" in row.filled and not is_phase:  # a table of stages whose names are also those of phases
            continue
        if row.table == "stage" and wanted == STAGED:
            kind = _stage_kind(fold(str(row.get("name") or "")))
        elif row.table == "cost" and row.artefact in planning and not row.get("kind_raw"):
            kind = "budget"  # 'Cost | Amount' in a case or a plan: what it will cost
        elif row.table == "review" and row.artefact in checks:
            # What the quality register plans and records, by whatever method: 'Load test of 600 bookings'.
            is_other = any(word in fold(str(row.get("kind_raw") or "")) for word in words("other_reviews"))
            kind = None if is_other or "audit" in fold(str(row.get("subject") or "")) else "quality"
        elif row.table == "decision" and not row.get("kind_raw"):
            kind = decision_kind(f"{row.get('title') or ''} . {row.get('description') or ''}")
            if kind is None and not changes.isdisjoint(_OWN_ID.findall(str(row.get("title") or ""))):
                kind = "change"  # 'CR-05 approved'
        else:
            continue
        if kind is not None:
            row.put("kind", kind)
    if wanted == STAGED:
        _settle_by_number([row for row in rows if row.table == "stage"], _said_initiation(rows, planning))


def settle_open_issues(rows: Iterable[Made]) -> None:
    """Take an issue as being worked on whose status is a word that nobody knows, where its register tells it otherwise.

    It has no day of its resolution, which each resolved one of the register has, and its action is due after the last of these days, or
    the word may as well say that somebody works on it ('bearbeitet').
    """
    registers: dict[str | None, list[Made]] = defaultdict(list)
    for row in rows:
        if row.table == "issue" and not row.is_gone:
            registers[row.artefact].append(row)
    for issues in registers.values():
        days = [row.get("resolved_on") for row in issues if row.get("status") in _DONE]
        known = [day for day in days if isinstance(day, date)]
        if len(known) < max(len(days), _FEWEST_RESOLVED):
            continue
        for row in issues:
            due = row.get("due_on")
            is_open = "resolved_on" in row.filled and row.get("resolved_on") is None and not row.get("resolved_on_raw")
            is_worked_on = fold(str(row.get("status_raw") or "")) in words("worked_on")
            if "status" not in row.filled and is_open and (is_worked_on or (isinstance(due, date) and due > max(known))):
                row.put("status", "in_progress")


def _settle_by_number(stages: Sequence[Made], said: Collection[int]) -> None:
    """Give a stage that a list calls by its number alone the kind that other lists tell of that number: 'Stage 1', 'Stage 1 Initiation'.

    What follows the initiation delivers, where nothing names it. *said*: numbers that documents of the project call the initiation.
    """
    kinds: dict[object, set[object]] = defaultdict(set)
    for row in stages:
        kinds[row.get("number")].add(row.get("kind"))
    for number in said:
        kinds[number].add("initiation")
    first = [number for number, told in kinds.items() if isinstance(number, int) and told - {None} == {"initiation"}]
    for row in stages:
        number = row.get("number")
        told = kinds[number] - {None}
        is_open = row.get("kind") is None and not row.get("kind_raw") and number is not None
        if not is_open or not _BY_NUMBER.fullmatch(fold(str(row.get("name") or ""))):
            continue
        if len(told) == 1:
            row.put("kind", told.pop())
        elif not told and len(first) == 1 and isinstance(number, int) and number > first[0]:
            row.put("kind", "delivery")


def _said_initiation(rows: Iterable[Made], planning: Collection[str | None]) -> set[int]:
    """Return the numbers that plans and reports of stages, and the budgets of plans, call the initiation: 'Stage 1 (Initiation)'."""
    texts: list[str] = []
    for row in rows:
        if row.table == "artefact" and row.get("kind") in _OF_STAGES:
            texts += [str(row.get("title") or ""), str(row.get("file_name") or "")]
        elif row.table == "cost" and row.artefact in planning and (name := str(row.get("category") or ""))[:1].isdigit():
            texts.append(f"stage {name}")  # '1 Initiation' below 'Stage'
    found = set()
    for text in texts:
        said = fold(text).split()
        for place, word in enumerate(said[:-1]):
            before = said[max(place - 2, 0) : place]
            if (
                _NUMBER.fullmatch(word)
                and said[place + 1] in words("initiation_stage")
                and not words("stages_of_projects").isdisjoint(before)
            ):
                found.add(int(word))
    return found


def _settle_status(row: Made) -> None:
    """Call a dated decision taken where its register has no column for that: a list of decisions lists what was decided.

    One whose words say that it is still to come, or was not agreed to, stays unknown.
    """
    if "status" in row.filled or row.get("status_raw") or not isinstance(row.get("decided_on"), date):
        return
    if is_settled(f"{row.get('title') or ''} {row.get('description') or ''}"):
        row.put("status", "approved")


def is_settled(text: str) -> bool:
    """Say whether *text* tells of something that was decided: nothing in it is still to come, or was not agreed to."""
    said = fold(text).split()
    return bool(said) and not any(_begins(word, "unsettled") for word in said)


def _begins(word: str, listed: str) -> bool:
    """Say whether a word is a short one of the list, or begins with a longer one."""
    return any(word == beginning or (len(beginning) >= _LONG_BEGINNING and word.startswith(beginning)) for beginning in words(listed))


_LONGEST_CLOSING = 4  # words of the name of a stage that only closes


_FIRST = re.compile(r"(?:\w+ )?(?:0|1|i|one)")
_NUMBER = re.compile(r"\d{1,2}")
_BY_NUMBER = re.compile(r"(?:\w+ )?(?:\d{1,2}|i|one)")
_OF_STAGES = frozenset({"stage_plan", "exception_plan", "end_stage_report"})


def _stage_kind(name: str) -> str | None:
    if not any(map(str.isalpha, name)) or _FIRST.fullmatch(name):
        return None  # '2' names nothing, and 'Stage 1' may be the initiation
    said = f" {name} "
    if any(f" {word} " in said for word in words("before_stages")):
        return None
    if any(f" {word} " in said for word in words("initiation_stage")):
        return "initiation"
    is_closing = len(name.split()) <= _LONGEST_CLOSING and any(f" {word} " in said for word in words("closing_stage"))
    return "closing" if is_closing else "delivery"  # 'Dues, migration, go-live, closure' delivers


def decision_kind(text: str) -> str | None:
    """Return what a decision is about: 'closure', 'exception', 'change' or 'gate'; None when its words say none of them, or several.

    What closes the project passes its last gate, so closure counts before gate.
    """
    said = f" {fold(text)} "
    found = {
        kind
        for kind, name in (("closure", "closing_decision"), ("exception", "exception_decision"), ("change", "change_decision"))
        if any(f" {phrase} " in said for phrase in words(name))
    }
    if _ends_project(said.split()):
        found.add("closure")
    if not found and (any(f" {phrase} " in said for phrase in words("gate_decision")) or _lets_begin(said.split())):
        found = {"gate"}
    return found.pop() if len(found) == 1 else None


def tells_of_end(text: str) -> bool:
    """Say whether *text* says in so many words that it ends the project: a plan or a report of its closure is another matter."""
    return _ends_project(fold(text).split())


def ends(said: str) -> bool:
    """Say whether a decision of the board ends the project: it says so, and nothing in it is still to come."""
    return decision_kind(said) == "closure" and tells_of_end(said) and is_settled(said)


def _ends_project(said: Sequence[str]) -> bool:
    """Say whether *said* ends the project: 'the project is hereby closed', 'das Projekt wird zum 3. Mai abgeschlossen'. Not its stages."""
    for place, word in enumerate(said):
        if word in words("projects_at_gates") and words("genitives").isdisjoint(said[max(place - 2, 0) : place]):
            near = said[place + 1 : place + 1 + _NEAR]
            end = next((at for at, other in enumerate(near) if other in words("ended")), None)
            if end is not None and words("stages_of_projects").isdisjoint(near[:end]):
                return True
    return False


def _lets_begin(said: Sequence[str]) -> bool:
    """Say whether *said* lets a stage or the project begin: 'Stage 3 is authorised', 'Freigabe der Phase 2'."""
    if not words("stages_of_projects").isdisjoint(said):
        return any(word.startswith(tuple(words("approval"))) for word in said)
    return not words("projects_at_gates").isdisjoint(said) and any(word.startswith(tuple(words("authorised"))) for word in said)
