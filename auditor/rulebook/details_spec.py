"""How control blocks, approver tables, minutes and the like are recognised: what packs say in `recognition/details.yaml`.

    labels:                                  # what stands left of a value, by what the value is
      version: {en: [document version, version], fr: [version du document]}
    tables:                                  # tables that are no registers
      approvers:
        headings: {en: [document approvers]} # above the table
        columns: {name: {en: [name]}, action: {en: [action]}}
        sure: [[name, action]]               # columns of which one group must be there
        named: [[name]]                      # the same below one of the headings
        against: {en: [interest]}            # a column that says it is something else, where no heading names the table
        telling: {en: [approver]}            # a column that says so as a heading does, where there are days too
    headings: {minutes: {en: [minutes of meeting]}}
    values: {action: {approve: {en: [approve, approver]}}}
    lists: {assumption: {en: [assumptions]}} # headings below which items of `listed_item` stand
    markers: {decision: {en: [decision]}}    # what a line begins with: 'Decision: …'
    roles: {project_owner: {names: {en: [project owner]}, short: [PO], side: requestor}}
    parameters: {risk_review_days: {about: {en: [risks are reviewed]}, says: interval}}

Words are compared without case, accents and punctuation, in every language at once. Lists of several packs are joined.
"""

from collections.abc import Iterable, Iterator, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import StringConstraints, model_validator

from auditor.errors import AuditorError, did_you_mean, raise_all
from auditor.model.row import Frozen
from auditor.model.schema import TABLES
from auditor.rulebook.pack import find_packs
from auditor.rulebook.yaml_source import Source, load_yaml, read_model

FILE = "details.yaml"
"""Name of the file, in the folder `recognition` of a pack."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Value = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$", max_length=60)]
Phrase = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Phrases = dict[Language, list[Phrase]]

LABELS = (
    "title",
    "project_title",
    "author",
    "document_owner",
    "project_owner",
    "project_manager",
    "solution_provider",
    "business_manager",
    "version",
    "issue_number",
    "date",
    "sensitivity",
    "status",
    "approved_on",
    "approved_by",
    "submitted_on",
    "project_start",
    "project_end",
    "budget",
    "meeting",
    "meeting_date",
    "chair",
    "meeting_organiser",
    "minute_taker",
    "minutes_sent",
    "agenda_sent",
    "attendees",
    "absentees",
    "distribution",
    "period",
    "period_from",
    "period_to",
    "report_date",
    "report_author",
    "rag",
    "phase",
    "work_package",
    "gate",
    "review_date",
    "review_result",
    "reviewer",
    "gate_decision",
    "decided_on",
    "decided_by",
    "screening_done",
    "processing_began",
)
"""What a label may stand for."""

TABLES_READ: Mapping[str, tuple[str, ...]] = {
    "approvers": (
        *("name", "on_behalf_of"),
        *("role", "action", "requested", "date", "decision", "signature", "version", "comment", "organisation"),
    ),
    "history": ("version", "issue", "date", "author", "changes", "status", "approved_by", "approved_on"),
    "distribution": ("name", "role", "organisation", "version", "date", "medium"),
    "roles": (
        "role",
        "name",
        "first",
        "last",
        "responsibility",
        "deputy",
        "organisation",
        "contact",
        "from",
        "to",
        "share",
        "accepted",
        "appointed",
        "term",
    ),
    "deputies": ("role", "name", "deputy", "from"),
    "attendance": ("name", "first", "last", "role", "present", "initials", "organisation", "deputy", "absent"),
    "actions": ("id", "title", "owner", "due", "status", "raised", "closed"),
    "decisions": ("id", "title", "owner", "date", "rationale", "status"),
    "tailoring": ("artefact", "used", "location", "reason"),
    "escalation": ("level", "decides", "limit"),
    "delegations": ("authority", "name", "limit", "cumulative"),
    "reports_in_use": ("report", "responsible", "frequency", "audience"),
    "communication": ("what", "audience", "frequency", "medium", "responsible", "purpose"),
    "stages": (
        "number", "phase", "planned_start", "planned_end", "start", "end", "forecast_end", "actual_start", "actual_end",
        "authorised_on", "authorised_by",
    ),
    "checkpoints": ("date", "period", "from", "to", "package", "done", "before", "next", "tolerance", "by"),
    "ledger": ("from", "to", "stage", "amount", "cumulative"),
    "postings": ("posted", "stage", "amount", "text"),
    "cost_figures": ("allocated", "planned", "spent", "forecast", "remaining", "rag"),
    "schedule_figures": ("baseline_end", "forecast_end", "rag"),
    "references": ("id", "name", "location"),
    "items": ("id", "name", "text", "date", "owner", "value"),
}  # fmt: skip
"""Tables that are read, and their columns."""


class TableSpec(Frozen):
    """How one kind of table is told from others."""

    headings: Phrases = {}
    columns: dict[Name, Phrases]
    sure: list[list[Name]] = []
    named: list[list[Name]] = []
    against: Phrases = {}
    telling: Phrases = {}


class RoleSpec(Frozen):
    """A role of a standard; the key is the model's id."""

    names: Phrases
    short: list[Phrase] = []  # abbreviations, compared with their case
    side: Literal["requestor", "provider"] | None = None


class ParameterSpec(Frozen):
    """A value that documents set for their project."""

    about: Phrases  # a sentence with one of these and a value sets the parameter
    says: Literal["interval", "number", "line"]  # 'every two weeks' → days; '15 or more' → 15; 'a score above 15' → 16
    after: Phrases = {}  # for numbers: what stands before the number
    named: Phrases = {}  # what it is called in a table of reports and meetings, where a sentence would have to say more


class DetailsSpec(Frozen):
    """What one `details.yaml` says, or all of them together."""

    labels: dict[Name, Phrases] = {}
    tables: dict[Name, TableSpec] = {}
    headings: dict[Name, Phrases] = {}
    values: dict[Name, dict[Value, Phrases]] = {}
    lists: dict[Name, Phrases] = {}
    markers: dict[Name, Phrases] = {}
    roles: dict[Name, RoleSpec] = {}
    parameters: dict[Name, ParameterSpec] = {}

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        wrong = list(self._problems())
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    def _problems(self) -> Iterator[str]:
        yield from _unknown("label", self.labels, LABELS)
        yield from _unknown("table", self.tables, TABLES_READ)
        for name, table in self.tables.items():
            known = TABLES_READ.get(name, ())
            yield from _unknown(f"column of {name}", table.columns, known)
            yield from _unknown(f"column of {name}", (column for group in (*table.sure, *table.named) for column in group), known)
        yield from _unknown("kind of listed item", self.lists, _codes("listed_item", "kind"))
        for name, (table_name, column) in CODES.items():
            yield from _unknown(f"value of {name}", self.values.get(name, {}), _codes(table_name, column))


CODES: Mapping[str, tuple[str, str]] = {
    "action": ("approval", "action"),
    "decision": ("approval", "decision"),
    "status": ("artefact", "status"),
    "meeting_kind": ("meeting", "kind"),
    "rag": ("report", "rag"),
    "gate": ("gate", "gate"),
    "gate_decision": ("gate", "decision"),
    "review_result": ("review", "result"),
    "action_status": ("action", "status"),
}
"""Lists of `values` whose keys are the values of a column."""


def _codes(table: str, column: str) -> tuple[str, ...]:
    return tuple(next(item.type.codes for item in TABLES[table].own if item.name == column))


def _unknown(what: str, names: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    known = list(known)
    for name in dict.fromkeys(names):
        if name not in known:
            hint = did_you_mean(name, known)
            yield f"unknown {what} {name!r}" + (f" ({hint})" if hint else "")


def details_of(source: Source, errors: list[AuditorError]) -> DetailsSpec | None:
    """Return what a loaded `details.yaml` says; None when it is wrong (see *errors*)."""
    return read_model(DetailsSpec, source, errors)


def read_details_spec(files: Iterable[Path | Traversable]) -> DetailsSpec:
    """Return what *files* say together.

    Raises:
        ExceptionGroup: of `RuleError`s, one per mistake, each with its place.
    """
    errors: list[AuditorError] = []
    found: list[DetailsSpec] = []
    for file in files:
        spec = details_of(load_yaml(file), errors)
        if spec is not None:
            found.append(spec)
    raise_all("recognition of details", errors)
    return merge_details(found)


def load_details_spec(folders: Iterable[Path | Traversable] = (), *, installed: bool = True) -> DetailsSpec:
    """Return what the installed packs and those in *folders* say in `recognition/details.yaml`. Raises as `read_details_spec`."""
    files = []
    for pack in find_packs(tuple(folders), installed=installed).packs:
        home = getattr(pack.files["pack.yaml"].path, "parent", None)  # every Traversable of a file in a folder or zip has one
        file = None if home is None else home / "recognition" / FILE
        if file is not None and file.is_file():
            files.append(file)
    return read_details_spec(files)


def merge_details(specs: Iterable[DetailsSpec]) -> DetailsSpec:
    """Return what all *specs* say together; lists are joined, single values of later ones win."""
    merged: object = {}
    for spec in specs:
        merged = _merged(merged, spec.model_dump(exclude_unset=True))
    return DetailsSpec.model_validate(merged)


def _merged(first: object, second: object) -> object:
    if isinstance(first, dict) and isinstance(second, dict):
        keys = dict.fromkeys([*first, *second])
        return {
            key: _merged(first[key], second[key]) if key in first and key in second else first.get(key, second.get(key)) for key in keys
        }
    if isinstance(first, list) and isinstance(second, list):
        return [*first, *(item for item in second if item not in first)]
    return second
