"""Waivers as people keep them: `waivers.yaml` and `waivers.csv` beside `auditor.toml`, read strictly, every mistake with its place.

    waivers:
      - rule: PM2-RSK-07
        requirement: r-3f2a9c0d41b           # digest of what the rule asked then: `auditor waiver new` writes it
        project: BOREAL
        subject: R-02                        # left out: every subject
        kind: waived                         # or accepted: the risk of the lapse is borne
        reason: The owner of the interface is named after the reorganisation.
        requester: Jan Kowalski
        approver: Olga Brandt
        begins_on: 2026-06-01
        ends_on: 2026-09-30                  # or ends_with: BOREAL-12, the issue whose closing ends it

The CSV has the same fields as columns, separated by commas or semicolons.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from auditor.errors import AuditorError, Location, RuleError, did_you_mean, raise_all
from auditor.findings.separation import are_two_people, names_one
from auditor.findings.treat import lasts_until
from auditor.ledger.waiver import END_MISTAKES, EndingIssue, Waiver, ended_by, requirement_digest
from auditor.model.row import Frozen
from auditor.rulebook.rule import Rule
from auditor.rulebook.yaml_source import Positions, Source, load_yaml, read_bounded, read_model
from auditor.snapshot.people import Aliases

YAML_NAME, CSV_NAME = "waivers.yaml", "waivers.csv"

DERIVED = ("state", "days", "days_left", "need")
"""Columns that `auditor waiver csv` adds; they are computed, and skipped where they are read."""

GUARDED = ("=", "+", "-", "@", "'")
"""Beginnings of texts that get an apostrophe before them in a CSV, so that no spreadsheet takes them for a formula."""

_HINTS = {
    "approver": "who granted it? A waiver that nobody approved waives nothing",
    "requester": "who asked for it?",
    "reason": "why is it right to let this be? Whoever reads the report sees it",
    "begins_on": "its first day: YYYY-MM-DD",
    "project": "the id of the project",
    "rule": "the id of the rule",
}
_TEXTS = ("reason", "requester", "approver")


@dataclass(frozen=True, slots=True)
class Granted:
    """A waiver and where it stands written.

    Attributes:
        places: field → place; '' is the entry as a whole.
        file: name of the file in which a person can mend it; '': the ledger holds it. That was checked when it was written, and may speak
            of a project or a rule that is gone since.
    """

    waiver: Waiver
    places: Mapping[str, Location]
    file: str

    def at(self, field: str = "") -> Location:
        """Return the place of a field, or of the entry where it does not say the field."""
        return self.places.get(field) or self.places[""]


@dataclass(frozen=True, slots=True)
class Grounds:
    """What waivers are judged by.

    Attributes:
        rules: id → rule, of every pack.
        projects: ids of the snapshot's projects, those that are gone too.
        aliases: which names are one person.
        issues: for keys of issues, what is known of each; keys that are not known are left out.
    """

    rules: Mapping[str, Rule]
    projects: Collection[str]
    aliases: Aliases
    issues: Callable[[Collection[str]], Mapping[str, EndingIssue]]


class _File(Frozen):
    waivers: list[dict[str, Any]]


def load_waivers(folder: Path, grounds: Grounds, join: Callable[[list[Granted]], Iterable[Granted]] = list) -> tuple[Granted, ...]:
    """Return the waivers of the files of *folder* and what is joined to them, by project, rule and first day; no file is no waiver.

    Args:
        folder: where the files lie.
        grounds: what waivers are judged by.
        join: puts what the files say together with what is kept elsewhere; called only where the files are well-formed.

    Raises:
        ExceptionGroup: of RuleError, every mistake of every file with its place.
    """
    errors: list[AuditorError] = []
    read = [*_read_yaml(folder / YAML_NAME, grounds, errors), *_read_csv(folder / CSV_NAME, grounds, errors)]
    granted = [_by_present_id(item, grounds.rules) for item in (read if errors else join(read))]
    errors += mistakes_of(granted, grounds)
    raise_all("waivers have mistakes", errors)
    return tuple(sorted(granted, key=lambda item: item.waiver.key))


def mistakes_of(granted: Iterable[Granted], grounds: Grounds) -> list[AuditorError]:
    """Return what is wrong with waivers that are well-formed, each with its place: unknown names, a wrong approver, overlaps."""
    every = list(granted)
    issues = grounds.issues(sorted({item.waiver.ends_with for item in every if item.waiver.ends_with}))
    errors: list[AuditorError] = []
    for item in every:
        errors += _names(item, grounds)
        errors += _people(item, grounds.aliases)
        issue = issues.get(item.waiver.ends_with or "")
        if issue is not None and issue.is_closed and issue.closed_on and ended_by(item.waiver, issue) is None:
            message = f"{issue.key} was closed on {max(issue.closed_on)}, before the waiver begins: its closing cannot end it"
            errors.append(RuleError(message, at=item.at("ends_with"), hint="name an open issue, or a last day as `ends_on`"))
    return errors + _overlaps(every, issues)


def _names(item: Granted, grounds: Grounds) -> list[AuditorError]:
    waiver = item.waiver
    if not item.file:
        return []
    errors = _unknown(waiver.rule, waiver.project, item.at, grounds)
    rule = grounds.rules.get(waiver.rule)
    if rule is not None and waiver.kind == "waived" and not rule.waivable:
        hint = "`kind: accepted` records that somebody bears the risk"
        errors.append(RuleError(f"{waiver.rule} may not be waived; a lapse can only be accepted as a risk", at=item.at("kind"), hint=hint))
    return errors


def _unknown(rule: Any, project: Any, at: Callable[[str], Location], grounds: Grounds) -> list[AuditorError]:
    errors: list[AuditorError] = []
    if isinstance(rule, str) and rule not in grounds.rules and not any(rule in item.aliases for item in grounds.rules.values()):
        hint = did_you_mean(rule, grounds.rules) or "`auditor rules list` names them"
        errors.append(RuleError(f"there is no rule {rule[:60]!r}", at=at("rule"), hint=hint))
    if isinstance(project, str) and project not in grounds.projects:
        hint = did_you_mean(project, grounds.projects) or "a waiver of a project that is no longer looked at can be taken out"
        errors.append(RuleError(f"there is no project {project[:60]!r}", at=at("project"), hint=hint))
    return errors


def _people(item: Granted, aliases: Aliases) -> list[AuditorError]:
    waiver = item.waiver
    errors: list[AuditorError] = []
    empty = [field for field in _TEXTS if not getattr(waiver, field).strip()]
    if empty:
        return [RuleError(f"the {field} is missing", at=item.at(field), hint=_HINTS[field]) for field in empty]
    known = aliases.identities.values()
    for field in ("requester", "approver"):
        name = getattr(waiver, field)
        if name.strip() not in known and not names_one(name):
            message = f"the {field} {name[:60]!r} is no person"
            errors.append(RuleError(message, at=item.at(field), hint="name the one person who did it, not a group or a role"))
    if errors:
        return errors
    match are_two_people(waiver.requester, waiver.approver, aliases):
        case False:
            message = f"{waiver.approver} approved what {waiver.requester} asked for: one person"
            errors.append(RuleError(message, at=item.at("approver"), hint="somebody else with the right to do so must approve it"))
        case None:
            message = f"nobody knows whether {waiver.requester!r} and {waiver.approver!r} are two people"
            hint = "write both names in full, or confirm in people.yaml who they are"
            errors.append(RuleError(message, at=item.at("approver"), hint=hint))
    return errors


def _overlaps(every: Iterable[Granted], issues: Mapping[str, EndingIssue]) -> list[AuditorError]:
    by_place: dict[tuple[str, str], list[Granted]] = defaultdict(list)
    for item in sorted(every, key=lambda item: (item.waiver.key, str(item.at()))):
        by_place[item.waiver.project, item.waiver.rule].append(item)
    errors: list[AuditorError] = []
    for items in by_place.values():
        for number, item in enumerate(items):
            other = next((one for one in items[:number] if _meet(one.waiver, item.waiver, issues)), None)
            if other is not None:
                what = item.waiver.subject or "the rule"
                message = f"a second waiver of {what} for {item.waiver.project} at the same time; the other one: {_where(other)}"
                hint = "let the later one begin after the end of the earlier, or keep the one that holds"
                errors.append(RuleError(message, at=item.at(), hint=hint))
    return errors


def _where(item: Granted) -> str:
    at = item.at()
    return f"{at.file}, line {at.line}" if at.line else at.file


def _meet(one: Waiver, other: Waiver, issues: Mapping[str, EndingIssue]) -> bool:
    if one.subject != other.subject and None not in (one.subject, other.subject):
        return False
    first, second = lasts_until(one, issues.get(one.ends_with or "")), lasts_until(other, issues.get(other.ends_with or ""))
    return (first is None or other.begins_on <= first) and (second is None or one.begins_on <= second)


def _by_present_id(item: Granted, rules: Mapping[str, Rule]) -> Granted:
    """Return a waiver by the present id of its rule, where it names an older one."""
    if item.waiver.rule in rules:
        return item
    present = next((rule.id for rule in rules.values() if item.waiver.rule in rule.aliases), None)
    return item if present is None else replace(item, waiver=item.waiver.model_copy(update={"rule": present}))


# Files


def _read_yaml(path: Path, grounds: Grounds, errors: list[AuditorError]) -> list[Granted]:
    if not path.is_file():
        return []
    try:
        source = load_yaml(path, path.name)
    except RuleError as error:
        errors.append(error)
        return []
    if isinstance(source.data, dict) and source.data.get("waivers", 0) is None:
        return []  # `waivers:` with nothing below it yet
    read = read_model(_File, source, errors)
    return _entries(source, len(read.waivers) if read else 0, grounds, errors)


def read_text(content: bytes, name: str, grounds: Grounds) -> tuple[list[Granted], list[AuditorError]]:
    """Return what the text of a YAML file says and the mistakes of its form, without judging the waivers."""
    from auditor.rulebook.yaml_source import parse_yaml  # noqa: PLC0415  (only where a file is written)

    errors: list[AuditorError] = []
    source = parse_yaml(content, name)
    read = read_model(_File, source, errors)
    return _entries(source, len(read.waivers) if read else 0, grounds, errors), errors


def _entries(source: Source, count: int, grounds: Grounds, errors: list[AuditorError]) -> list[Granted]:
    found = []
    for number in range(count):
        raw = source.data["waivers"][number]
        place = source.positions.at("waivers", number)
        mistakes: list[AuditorError] = []
        formal: list[AuditorError] = []
        says_end = _end_of(raw, source.positions, number, mistakes)
        waiver = read_model(Waiver, source, formal, "waivers", number)
        mistakes += [error for error in formal if says_end or not error.message.startswith(END_MISTAKES)]
        for error in mistakes:
            _complete(error, raw, source.positions, number, grounds)
        if mistakes:
            mistakes += _unknown(raw.get("rule"), raw.get("project"), partial(source.positions.at, "waivers", number), grounds)
        errors += mistakes
        if waiver is not None and not mistakes:
            places = {field: source.positions.at("waivers", number, field) for field in raw}
            found.append(Granted(waiver, places | {"": place}, source.positions.file))
    return found


def _end_of(raw: Mapping[str, Any], positions: Positions, number: int, errors: list[AuditorError]) -> bool:
    """Return whether an entry says one end that is not before its beginning; what is wrong is added to *errors*."""
    ends = [field for field in ("ends_on", "ends_with") if raw.get(field) not in (None, "")]
    if len(ends) == 1:
        begins, last = _day(raw.get("begins_on")), _day(raw.get("ends_on"))
        if begins is None or last is None or begins <= last:
            return True
        message = f"the waiver would end on {last}, before it begins on {begins}"
        errors.append(RuleError(message, at=positions.at("waivers", number, "ends_on"), hint="`ends_on` is its last day"))
        return False
    if ends:
        message, hint = "a waiver has one end, here are two", "keep `ends_on` (its last day) or `ends_with` (an issue), not both"
        errors.append(RuleError(message, at=positions.at("waivers", number, "ends_with"), hint=hint))
        return False
    hint = "write `ends_on: YYYY-MM-DD` (its last day), or `ends_with: KEY-1` (the issue whose closing ends it)"
    errors.append(RuleError("the waiver has no end", at=positions.at("waivers", number), hint=hint))
    return False


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value.strip()) if isinstance(value, str) else None
    except ValueError:
        return None


def _complete(error: AuditorError, raw: Mapping[str, Any], positions: Positions, number: int, grounds: Grounds) -> None:
    """Say what to do about a field that is missing, or stands there empty."""
    for field, hint in _HINTS.items():
        is_empty = field in raw and raw[field] is None and error.at == positions.at("waivers", number, field)
        if is_empty or error.message == f"the field {field!r} is missing":
            error.message, error.hint = f"the field {field!r} is missing", hint
    if error.message == "the field 'requirement' is missing":
        rule = grounds.rules.get(str(raw.get("rule")))
        wanted = f"; of what {rule.id} asks now it is {requirement_digest(rule.requirement)}" if rule is not None else ""
        error.hint = f"`auditor waiver new` writes the digest of the requirement{wanted}"


class _Cells(Positions):
    """Where each cell of a CSV file stands: errors name line and cell."""

    def __init__(self, file: str, rows: Sequence[tuple[int, int]], columns: Mapping[str, int]) -> None:
        super().__init__(file)
        self._rows = rows  # line of the file, row of the sheet
        self._columns = columns

    def at(self, *path: str | int, offset: int = 0) -> Location:  # noqa: ARG002  (as of every source)
        match path:
            case (_, int() as number, str() as field, *_) if field in self._columns:
                line, row = self._rows[number]
                return Location(f"{self.file}, line {line}, cell {_letters(self._columns[field])}{row}")
            case (_, int() as number, *_):
                return Location(f"{self.file}, line {self._rows[number][0]}")
        return Location(self.file)


def _letters(column: int) -> str:
    """Return the letters of a column, from 0: A, B, … AA."""
    first, last = divmod(column, 26)
    return (_letters(first - 1) if first else "") + chr(ord("A") + last)


def _read_csv(path: Path, grounds: Grounds, errors: list[AuditorError]) -> list[Granted]:
    if not path.is_file():
        return []
    try:
        text = read_bounded(path, path.name).decode("utf-8-sig")
    except RuleError as error:
        errors.append(error)
        return []
    except UnicodeDecodeError:
        errors.append(RuleError("the file is not UTF-8", at=Location(path.name), hint="save it as “CSV UTF-8”"))
        return []
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",", strict=True)
    rows: list[dict[str, Any]] = []
    places: list[tuple[int, int]] = []
    columns: dict[str, int] = {}
    try:
        for position, row in enumerate(reader, start=1):
            if not columns:
                columns = _header(row, path.name, errors)
                if not columns:
                    return []
            elif any(cell.strip() for cell in row):
                rows.append({field: _plain(row[place]) for field, place in columns.items() if place < len(row) and row[place].strip()})
                places.append((reader.line_num, position))
    except csv.Error as error:
        errors.append(RuleError(f"not CSV: {error}", at=Location(f"{path.name}, line {reader.line_num}")))
        return []
    return _entries(Source({"waivers": rows}, _Cells(path.name, places, columns)), len(rows), grounds, errors)


def _header(row: Sequence[str], name: str, errors: list[AuditorError]) -> dict[str, int]:
    """Return field → number of its column; empty where the header is wrong."""
    known = (*Waiver.model_fields, *DERIVED)
    at, before = Location(f"{name}, line 1"), len(errors)
    titles = [cell.strip() for cell in row]
    for title in titles:
        if title and title not in known:
            errors.append(
                RuleError(f"unknown column {title[:60]!r}", at=at, hint=did_you_mean(title, known) or f"known are: {', '.join(known)}")
            )
        elif title and titles.count(title) > 1:
            errors.append(RuleError(f"the column {title!r} occurs twice", at=at))
    for field, column in Waiver.model_fields.items():
        if column.is_required() and field not in titles:
            errors.append(RuleError(f"the column {field!r} is missing", at=at, hint=_HINTS.get(field)))
    return {title: place for place, title in enumerate(titles) if title in Waiver.model_fields} if len(errors) == before else {}


def _plain(cell: str) -> str:
    """Return the text of a cell without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in GUARDED else text
