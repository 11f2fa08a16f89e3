"""Schedules of one project as rows of the model: the latest of every lineage counts. Pure."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from auditor.config.mapping import fold
from auditor.connect.protocol import Fact, Filled, Item, Record, Unmapped
from auditor.connect.values import clean

_NOTHING = frozenset({"", "na", "n/a"})
_DURATION = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?")
_LINKS = {"0": "FF", "1": "FS", "2": "SF", "3": "SS"}
_VERSION = re.compile(
    r"(?i)(?:[\s_.-]*(?:v(?:ersion)?[\s_.-]*\d+(?:[._]\d+)*|\d{4}[-_.]?\d{2}(?:[-_.]?\d{2})?|final|draft|old|new|copy|rev\d*|baseline\d*))+$"
)
_WORK_RESOURCE = "1"
_EPOCH = datetime(1984, 1, 1, tzinfo=UTC)  # what Microsoft Project cannot tell apart from nothing
_FILLED = {
    "work_item": {
        "key", "kind", "title", "status_category", "status", "priority", "assignee_id", "parent_id", "wbs_code", "created_at", "start_on",
        "due_on", "baseline_start_on", "baseline_due_on", "started_at", "done_at", "estimate_hours", "spent_hours", "remaining_hours",
        "has_description",
    },
    "milestone": {"title", "baseline_on", "forecast_on", "achieved_on"},
    "link": {"from_table", "from_id", "to_table", "to_id", "kind", "is_broken"},
    "baseline": {"version"},
}  # fmt: skip


@dataclass(slots=True)
class _Row:
    """A row being filled: None is blank, what is not put is unknown."""

    table: str
    id: str
    locator: str
    values: dict[str, Any] = field(default_factory=dict)
    filled: set[str] = field(default_factory=set)

    def put(self, column: str, value: Any) -> None:
        self.filled.add(column)
        if value is not None:
            self.values[column] = value

    def fact(self) -> Fact:
        return Fact(self.table, self.id, self.values, frozenset(self.filled), self.locator)


class _Unknown(Exception):
    """A value that is there has no declared shape."""


def read_place(records: Iterable[Record], zone: ZoneInfo) -> Iterator[tuple[Record, Item]]:
    """Yield the rows of the current schedules of one place, and what their files fill."""
    lineages: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.kind == "msproject.schedule":
            lineages[lineage_of(record)].append(record)
    if not lineages:
        return
    first: Record | None = None
    gaps: dict[str, str] = {}
    for lineage, versions in sorted(lineages.items()):
        ordered = sorted(versions, key=lambda record: (_saved(record), record.key))
        current = ordered[-1]
        first = first or current
        reading = _Schedule(current, zone, f"{lineage[:8]}:")
        for item in reading.items():
            yield current, item
        gaps |= reading.gaps
        for older in ordered[:-1]:
            yield (
                older,
                Unmapped(
                    "work_item", f"{older.payload['path']} (an earlier version of {current.payload['path']})", len(older.payload["tasks"])
                ),
            )
    assert first is not None
    for table, columns in sorted(_FILLED.items()):
        yield first, Filled(table, frozenset(columns), table not in gaps, reason=gaps.get(table, ""))
    yield first, Filled("person", frozenset({"name", "kind"}), is_complete=False, reason="seen_in_rows_only")


def lineage_of(record: Record) -> str:
    """Return what stays the same when a schedule is saved under another name: its GUID, else its title or file name without a version."""
    project = record.payload["project"]
    guid = str(project.get("GUID") or "").strip("{} ").casefold()
    if guid and guid.strip("0-"):
        return guid
    stem = str(record.payload["path"]).rpartition("/")[2].rpartition(".")[0]
    said = next((text for text in (project.get("Title"), stem) if fold(_VERSION.sub("", str(text or "")))), stem)
    return hashlib.blake2b(fold(_VERSION.sub("", said)).encode(), digest_size=6).hexdigest()


def _saved(record: Record) -> tuple[str, str]:
    project = record.payload["project"]
    said = next((project[name] for name in ("LastSaved", "StatusDate", "CreationDate") if _is_said(project.get(name))), "")
    return (str(said), record.changed_at.isoformat() if record.changed_at else "")


def _is_said(value: Any) -> bool:
    return value is not None and str(value).strip().casefold() not in _NOTHING


class _Schedule:
    """One schedule."""

    def __init__(self, record: Record, zone: ZoneInfo, prefix: str) -> None:
        self._record = record
        self._zone = zone
        self._prefix = prefix
        self._path = str(record.payload["path"])
        self.gaps: dict[str, str] = {}
        self._bad: Counter[tuple[str, str]] = Counter()

    def items(self) -> Iterator[Item]:
        payload = self._record.payload
        people = {resource.get("UID"): resource for resource in payload["resources"] if resource.get("IsNull") != "1"}
        held: dict[str, list[str]] = defaultdict(list)
        for assignment in payload["assignments"]:
            resource = people.get(assignment.get("ResourceUID"))
            # Materials and costs are resources, too; they do no work.
            if resource is not None and resource.get("Type", _WORK_RESOURCE) == _WORK_RESOURCE and (name := _name(resource)):
                held[str(assignment.get("TaskUID"))].append(name)
        tasks = [task for task in payload["tasks"] if task.get("IsNull") != "1" and task.get("UID") is not None]
        known = {task["UID"] for task in tasks}
        doubles = [uid for uid, count in Counter(task["UID"] for task in tasks).items() if count > 1]
        if doubles:
            self._gap_all("duplicate_id", f"{len(doubles)} tasks share their UID with another")
        above: list[tuple[int, str]] = []
        met: set[str] = set()
        summary: dict[str, Any] | None = None
        numbers: set[str] = set()
        for task in tasks:
            if task["UID"] in met:
                continue
            met.add(task["UID"])
            level = int(task["OutlineLevel"]) if str(task.get("OutlineLevel", "")).isdecimal() else None
            if level == 0 or task["UID"] == "0":
                summary = summary or task
                continue
            parent = None
            if level is not None:
                while above and above[-1][0] >= level:
                    above.pop()
                parent = above[-1][1] if above else None
                above.append((level, task["UID"]))
            if task.get("Active") == "0" or task.get("ExternalTask") == "1":
                # Neither is planned here: one was set aside, the other belongs to another schedule.
                self._bad["work_item", "inactive tasks" if task.get("Active") == "0" else "tasks of other schedules"] += 1
                continue
            numbers |= {str(baseline.get("Number", "")) for baseline in task.get("baselines", ())}
            yield from self._task(task, parent, level is not None, held.get(task["UID"], []))
            yield from self._links(task, known)
        yield from self._project(payload["project"], summary)
        for number in sorted(filter(str.isdecimal, numbers), key=int):
            row = self._row("baseline", f"baseline:{number}", f"baseline {number}")
            row.put("version", number)
            yield row.fact()
        for (table, what), count in sorted(self._bad.items()):
            yield Unmapped(table, what, count)

    # Rows

    def _row(self, table: str, row_id: str, where: str) -> _Row:
        return _Row(table, self._prefix + row_id, f"{self._path} {where}")

    def _task(self, task: Mapping[str, Any], parent: str | None, has_level: bool, people: list[str]) -> Iterator[Item]:
        uid, number = task["UID"], task.get("ID", task["UID"])
        where = f"task {number}"
        baseline: Mapping[str, Any] = next((said for said in task.get("baselines", ()) if said.get("Number") == "0"), {})
        row = self._row("work_item", uid, where)
        row.put("key", str(number))
        title = clean(task.get("Name", ""), 500) or None
        row.put("title", title)
        row.put("kind", "epic" if task.get("Summary") == "1" else "task")
        row.values["kind_raw"] = "summary task" if task.get("Summary") == "1" else "task"
        row.put("wbs_code", clean(task.get("WBS") or task.get("OutlineNumber") or "") or None)
        if has_level:
            row.put("parent_id", None if parent is None else self._prefix + parent)
        self._progress(row, task)
        row.put("priority", task.get("Priority") or None)
        row.put("assignee_id", "; ".join(dict.fromkeys(people)) or None)
        row.put("has_description", task.get("has_notes") is True)
        for column, said in (("start_on", task.get("Start")), ("due_on", task.get("Finish"))):
            self._put(row, column, self._day, said)
        for column, said in (("baseline_start_on", baseline.get("Start")), ("baseline_due_on", baseline.get("Finish"))):
            self._put(row, column, self._day, said)
        for column, said in (("created_at", "CreateDate"), ("started_at", "ActualStart"), ("done_at", "ActualFinish")):
            self._put(row, column, self._instant, task.get(said))
        for column, said in (("estimate_hours", "Work"), ("spent_hours", "ActualWork"), ("remaining_hours", "RemainingWork")):
            if said in task:
                self._put(row, column, _hours, task[said])
        yield row.fact()
        if task.get("Milestone") == "1":
            milestone = self._row("milestone", uid, where)
            milestone.put("title", title)
            self._put(milestone, "baseline_on", self._day, baseline.get("Finish"))
            self._put(milestone, "forecast_on", self._day, task.get("Finish"))
            self._put(milestone, "achieved_on", self._day, task.get("ActualFinish"))
            yield milestone.fact()

    def _progress(self, row: _Row, task: Mapping[str, Any]) -> None:
        said = str(task.get("PercentComplete", ""))
        if not said.isdecimal() or int(said) > 100:
            return
        row.put("status", f"{int(said)} %")
        row.put("status_category", "done" if int(said) == 100 else "in_progress" if int(said) else "todo")
        row.values["status_category_raw"] = f"{int(said)} %"

    def _links(self, task: Mapping[str, Any], known: set[str]) -> Iterator[Item]:
        for number, link in enumerate(task.get("predecessors", ()), start=1):
            before = link.get("PredecessorUID")
            type_ = _LINKS.get(str(link.get("Type", "1")), "")
            lag = link.get("LinkLag", "0")
            told = f"predecessor {type_ or link.get('Type')}" + (
                f", lag {_lag(lag, link.get('LagFormat', ''))}" if lag not in {"0", ""} else ""
            )
            row = self._row("link", f"{task['UID']}:{number}", f"task {task.get('ID', task['UID'])}, {told}")
            row.put("from_table", "work_item")
            row.put("to_table", "work_item")
            row.put("to_id", self._prefix + task["UID"])
            # Only a finish that another task waits for to start blocks it; the other types join two tasks.
            if type_:
                row.put("kind", "blocks" if type_ == "FS" else "relates")
            row.values["kind_raw"] = type_ or str(link.get("Type", ""))
            if link.get("CrossProject") != "1" and before is not None:
                row.put("from_id", self._prefix + before)
                row.put("is_broken", before not in known)
            yield row.fact()

    def _project(self, said: Mapping[str, Any], summary: Mapping[str, Any] | None) -> Iterator[Item]:
        row = self._row("project", self._record.place or "schedule", "properties")
        name = clean(said.get("Title") or re.sub(r"(?i)\.(xml|mpp)$", "", said.get("Name") or ""), 255)
        row.put("name", name or None)
        if currency := str(said.get("CurrencyCode") or "").strip().upper():
            row.put("currency", currency)
        baseline: Mapping[str, Any] = next((one for one in (summary or {}).get("baselines", ()) if one.get("Number") == "0"), {})
        self._put(row, "start_on", self._day, (summary or {}).get("ActualStart") or (summary or {}).get("Start") or said.get("StartDate"))
        if _is_said(baseline.get("Finish")):
            self._put(row, "planned_end_on", self._day, baseline["Finish"])
        self._put(row, "forecast_end_on", self._day, (summary or {}).get("Finish") or said.get("FinishDate"))
        yield row.fact()
        if manager := clean(said.get("Manager") or "", 200):
            # Who manages a schedule's file is a fact of the file: the standard's role is said elsewhere, and agrees or does not.
            held = self._row("role", "manager", "properties")
            held.put("role", "schedule_manager")
            held.put("person_id", manager)
            yield held.fact()

    # Values

    def _gap_all(self, reason: str, text: str) -> None:
        self.gaps |= dict.fromkeys(_FILLED, reason)
        self._bad["work_item", text] += 1

    def _put(self, row: _Row, column: str, read: Any, said: Any) -> None:
        """Fill a column; what has no declared shape stays unknown and is counted."""
        if not _is_said(said):
            row.put(column, None)
            return
        try:
            row.put(column, read(said))
        except _Unknown:
            self._bad[row.table, f"{column} of no known shape"] += 1
            if column.endswith("_on"):
                row.values[f"{column}_raw"] = clean(str(said), 100)

    def _moment(self, said: Any) -> datetime:
        try:
            found = datetime.fromisoformat(str(said).strip())
        except ValueError as error:
            raise _Unknown from error
        if found.tzinfo is None:
            found = found.replace(tzinfo=self._zone)  # the format knows no zones: it is the project's wall clock
        if found <= _EPOCH:
            raise _Unknown
        return found

    def _day(self, said: Any) -> date:
        return self._moment(said).astimezone(self._zone).date()

    def _instant(self, said: Any) -> datetime:
        try:
            return self._moment(said).astimezone(UTC)
        except OverflowError as error:
            raise _Unknown from error


def _hours(said: Any) -> Decimal:
    found = _DURATION.fullmatch(str(said).strip())
    if found is None or not any(found.groups()):
        raise _Unknown
    days, hours, minutes, seconds = (Decimal(part or 0) for part in found.groups())
    if days:
        raise _Unknown  # work is written in hours; nobody says how long a day is
    return (hours + minutes / 60 + seconds / 3600).quantize(Decimal("0.01"))


def _lag(tenths: Any, lag_format: Any) -> str:
    """Return a lag for a person: tenths of a minute, or per cent."""
    text = str(tenths)
    if not re.fullmatch(r"-?\d{1,12}", text):
        return clean(text, 20)
    if str(lag_format) in {"19", "20", "51", "52"}:
        return f"{text} %"
    return f"{Decimal(text) / 600:g} h"


def _name(resource: Mapping[str, Any]) -> str:
    """Return a resource as somebody would write the person: with the address, where there is one."""
    name = clean(resource.get("Name") or "", 200)
    mail = clean(resource.get("EmailAddress") or "", 200)
    return f"{name} <{mail}>" if name and "@" in mail else name
