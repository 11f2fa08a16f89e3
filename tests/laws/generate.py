"""Random well-typed rules, and random little projects that they are about. Everything follows from one `random.Random`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from auditor.checks.inputs import ExpectedProduct, ProjectPlan
from auditor.model.schema import TABLES
from auditor.model.types import Kind
from auditor.rulebook.condition import Language, rule_conditions
from auditor.rulebook.names import Event, Term, View
from auditor.rulebook.rule import Decides, Each, Param, Rule, Severity
from tests.laws.naive import BLANK, UNKNOWN, World

AS_OF = date(2026, 6, 30)
DAYS = [AS_OF + timedelta(days=offset) for offset in (-40, -3, -1, 0, 1, 5)]
MOMENTS = [datetime.combine(day, time(hour, 30)) for day in DAYS for hour in (0, 12, 23)]
PERSONS = ["p:1", "p:2", "j:1", "j:2"]
KINDS = ["risk_log", "charter", "plan"]

COLUMNS: dict[str, tuple[str, ...]] = {
    "project": ("phase", "size", "start_on", "budget", "is_agile", "name", "time_zone", "calendar", "methodology_edition"),
    "risk": ("title", "status", "score", "likelihood", "impact", "due_on", "identified_on", "owner_id", "is_escalated", "stage_id"),
    "issue": ("title", "status", "cost", "raised_on", "due_on", "owner_id", "raised_by", "priority"),
    "role": ("role", "person_id", "from_on", "to_on"),
    "gate": ("gate", "decision", "decided_on"),
    "link": ("from_table", "from_id", "to_table", "to_id", "kind", "is_broken"),
    "match": ("from_table", "from_id", "to_table", "to_id", "kind"),
    "person": ("kind", "realm", "identity"),
    "product": ("kind", "approved_on", "artefact_id"),
    "candidate": ("kind", "reason"),
    "artefact": ("kind", "title", "modified_at", "approved_on", "is_current"),
    "report": ("kind", "period_to_on", "issued_on", "previous_id", "artefact_id"),
    "stage": ("started_on", "ended_on"),
    "project_parameter": ("name", "value"),
}
"""The columns that conditions read; the others are unknown everywhere."""

ORGANISATION: dict[str, tuple[str, ...]] = {
    "directory": ("person_id", "is_active", "to_on"),
    "calendar_day": ("calendar", "on_date", "is_working"),
}
"""The same of the tables that belong to no project."""

PAST = ("project", "risk", "issue", "artefact", "stage")
"""Tables with a history here."""

SETTINGS = {
    "project": ("time_zone", "calendar", "methodology_edition"),
    "link": ("is_broken",),  # links that are known to be broken do not count, all others do
    "project_parameter": COLUMNS["project_parameter"],
    "calendar_day": ORGANISATION["calendar_day"],
}
"""What states how to reckon and is no fact that a condition reads: without it the default holds, so it is never unknown here."""

ALWAYS_SEEN = ("project_parameter", "calendar_day")
"""Tables that hold nothing but such settings."""

COMMON = ("id", "is_gone", "is_record", "valid_from", "valid_to")
"""What every row has and a source always knows."""

VALUES: dict[tuple[str, str], list[Any]] = {
    ("project", "phase"): ["planning", "executing"],
    ("project", "size"): ["small", "large"],
    ("project", "name"): ["Portal", "Bridge"],
    ("risk", "status"): ["approved", "closed"],
    ("risk", "likelihood"): [1, 3],
    ("risk", "score"): [0, 2, 3],
    ("risk", "stage_id"): ["S1", "S2"],
    ("issue", "status"): ["open", "closed"],
    ("issue", "priority"): [1, 3],
    ("role", "role"): ["project_manager", "project_owner"],
    ("gate", "gate"): ["rfp", "rfe"],
    ("gate", "decision"): ["approved", "rejected"],
    ("link", "from_table"): ["issue", "risk"],
    ("link", "to_table"): ["issue", "risk"],
    ("link", "from_id"): ["risk-1", "risk-2", "issue-1"],
    ("link", "to_id"): ["risk-1", "risk-2", "issue-1"],
    ("link", "kind"): ["mitigates", "relates"],
    ("person", "kind"): ["person", "person", "person", "group"],
    ("person", "realm"): ["docs", "jira"],
    ("person", "identity"): ["A", "B", "C"],
    ("product", "kind"): KINDS,
    ("product", "artefact_id"): ["artefact-1", "artefact-2", "artefact-3"],
    ("candidate", "kind"): KINDS,
    ("candidate", "reason"): ["low_confidence", "unreadable"],
    ("match", "from_table"): ["issue", "risk"],
    ("match", "to_table"): ["issue", "risk"],
    ("match", "from_id"): ["risk-1", "risk-2", "issue-1"],
    ("match", "to_id"): ["risk-1", "risk-2", "issue-1"],
    ("match", "kind"): ["same_thing", "names"],
    ("artefact", "kind"): KINDS,
    ("report", "kind"): ["status", "quality"],
    ("report", "previous_id"): ["report-1", "report-2"],
    ("report", "artefact_id"): ["artefact-1", "artefact-2", "artefact-3"],
    ("project", "time_zone"): ["UTC", "Pacific/Auckland", "America/New_York", "nowhere"],
    ("project", "calendar"): ["eu", "at"],
    ("project", "methodology_edition"): ["1", "2", "3"],
    ("project_parameter", "name"): ["few", "several", "other"],
    ("project_parameter", "value"): ["0", "1", "3"],
    ("calendar_day", "calendar"): ["eu", "at"],
}


def domain(table: str, column: str) -> list[Any]:
    """Return the values that a column may have in this little world."""
    found = VALUES.get((table, column))
    if found is not None:
        return found
    kind = TABLES[table].by_name[column].type.kind
    plain: dict[Kind, list[Any]] = {
        Kind.DAY: DAYS,
        Kind.INSTANT: MOMENTS,
        Kind.PERSON: PERSONS,
        Kind.BOOLEAN: [True, False],
        Kind.TEXT: ["Fire", "Flood ab", "fire"],
        Kind.INTEGER: [0, 1, 3],
        Kind.DECIMAL: [Decimal("0.50"), Decimal(2)],
    }
    return plain[kind]


# Projects


@dataclass(frozen=True)
class Organisation:
    """The rows that all projects of a run see, and of which tables no row is unseen."""

    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    complete: frozenset[str] = frozenset(ORGANISATION)


@dataclass
class Little:
    """A little project: rows and what was not read.

    Attributes:
        history_from: table → the day from which its history is known.
        as_of: the day of the snapshot.
        params: values that the profile sets.
    """

    tables: dict[str, list[dict[str, Any]]]
    complete: set[str]
    expected: list[tuple[str, str]] = field(default_factory=list)
    knows_expected: bool = True
    history_from: dict[str, date] = field(default_factory=dict)
    organisation: Organisation = field(default_factory=Organisation)
    as_of: date = AS_OF
    params: dict[str, Any] = field(default_factory=dict)

    def world(self, language: Language) -> World:
        """Return what the naive evaluator reads."""
        tables = {name: [dict(row) for row in rows] for name, rows in (self.tables | self.organisation.tables).items()}
        tables["expected"] = [
            {"id": kind, "kind": kind, "obligation": duty, "why": BLANK, "because_of": BLANK} for kind, duty in self.expected
        ]
        complete = self.complete | self.organisation.complete | ({"expected"} if self.knows_expected else set())
        return World(tables, complete, self.as_of, language.views, language.terms, language.events, self.history_from)

    def plan(self) -> ProjectPlan:
        """Return what tailoring said."""
        owed = tuple(ExpectedProduct(kind=kind, obligation=duty) for kind, duty in self.expected)  # type: ignore[arg-type]  # from OBLIGATIONS
        return ProjectPlan(expected=owed, is_known=self.knows_expected, unknown_because="" if self.knows_expected else "size")


OBLIGATIONS = ("mandatory", "recommended", "optional", "not_used")


def value(random: Random, table: str, column: str, unknown: float, blank: float) -> Any:
    """Return a random value, or that there is none, or that it is unknown."""
    chance = random.random()
    if column in SETTINGS.get(table, ()):
        unknown = 0.0
    return UNKNOWN if chance < unknown else BLANK if chance < unknown + blank else random.choice(domain(table, column))


def row(random: Random, table: str, name: str, unknown: float = 0.0, blank: float = 0.15) -> dict[str, Any]:
    """Return a random row; a few have vanished or are copies that do not count."""
    columns = (COLUMNS | ORGANISATION)[table]
    made: dict[str, Any] = {"id": name} | {column: value(random, table, column, unknown, blank) for column in columns}
    if table in ("risk", "issue"):
        made |= {"is_gone": random.random() < 0.08, "is_record": random.random() >= 0.08}
    return made


def intervals(random: Random, table: str, rows: list[dict[str, Any]], unknown: float, blank: float) -> list[dict[str, Any]]:
    """Return a random history of *rows*, and of one that is no more."""
    found = []
    lost = [] if table == "project" else [row(random, table, f"{table}-0", unknown, blank)]
    for present in [*rows, *lost]:
        bounds = sorted(random.sample(MOMENTS, random.randint(1, 3)))
        for number, start in enumerate(bounds):
            is_last = number == len(bounds) - 1
            made = dict(present) if is_last else row(random, table, present["id"], unknown, blank)
            found.append(made | {"valid_from": start, "valid_to": BLANK if is_last else bounds[number + 1]})
        if present["id"].endswith("-0"):
            found[-1]["valid_to"] = max(MOMENTS)
    return found


def organisation(random: Random) -> Organisation:
    """Return a random organisation."""
    unknown = random.choice([0.0, 0.2])
    tables = {
        "directory": [row(random, "directory", f"directory-{number}", unknown) for number in range(random.randint(0, 3))],
        "calendar_day": [
            {"id": f"{name}:{day}", "calendar": name, "on_date": day, "is_working": random.random() < 0.5}
            for name in domain("calendar_day", "calendar")
            for day in sorted(random.sample([AS_OF + timedelta(days=offset) for offset in range(-44, 12)], 12))
        ],
    }
    return Organisation(tables, frozenset(name for name in ORGANISATION if name in ALWAYS_SEEN or random.random() < 0.8))


def little_project(random: Random, around: Organisation | None = None) -> Little:
    """Return a random little project."""
    unknown = random.choice([0.0, 0.05, 0.25])
    blank = random.choice([0.0, 0.15, 0.3])
    hidden = random.choice([0.0, 0.2, 0.6])
    tables: dict[str, list[dict[str, Any]]] = {"project": [row(random, "project", "P", unknown, blank)]}
    history_from: dict[str, date] = {}
    for table in COLUMNS:
        names = (
            ["P"]
            if table == "project"
            else PERSONS
            if table == "person"
            else [f"{table}-{number}" for number in range(1, random.choice([0, 1, 1, 2, 2, 3]) + 1)]
        )
        tables.setdefault(table, [row(random, table, name, unknown, blank) for name in names])
        if table == "person" and random.random() < 0.2:
            tables[table].pop()
        if table in PAST:
            tables[f"{table}_history"] = intervals(random, table, tables[table], unknown, blank)
        since = random.choice([None, date(1900, 1, 1), random.choice(DAYS)])
        if since is not None:
            history_from[table] = since
    if random.random() < 0.6:
        tables["candidate"] = []
    complete = {"project", "project_parameter"} | {table for table in COLUMNS if random.random() >= hidden}
    expected = [(kind, random.choice(OBLIGATIONS)) for kind in KINDS if random.random() < 0.7]
    return Little(tables, complete, expected, random.random() >= hidden, history_from, around or Organisation())


def filled_organisation(random: Random, around: Organisation) -> Organisation:
    """Return one organisation that *around* may be."""
    tables = {name: [dict(item) for item in rows] for name, rows in around.tables.items()}
    for table in tables.keys() - around.complete:
        tables[table] += [{"id": f"{table}-9{number}"} | dict.fromkeys(ORGANISATION[table], UNKNOWN) for number in range(2)]
    for table, rows in tables.items():
        complete_rows(random, table, ORGANISATION[table], rows, 0.3)
    return Organisation(tables)


def complete_rows(random: Random, table: str, columns: tuple[str, ...], rows: list[dict[str, Any]], blank: float) -> None:
    """Give every unknown value of *rows* one that it may have."""
    for item in rows:
        for column in columns:
            if item[column] is UNKNOWN:
                item[column] = value(random, table, column, 0.0, blank)


def completion(random: Random, little: Little, around: Organisation | None = None) -> Little:
    """Return one world that *little* may be: nothing is unknown, no row unseen, no past untold.

    Args:
        random: chooses it.
        little: what is known.
        around: the organisation of that world; None: any that it may have.
    """
    blank = random.choice([0.0, 0.3])
    tables: dict[str, list[dict[str, Any]]] = {}
    for table, columns in COLUMNS.items():
        rows = [dict(item) for item in little.tables.get(table, [])]
        if table not in little.complete:
            seen = {item["id"] for item in rows}
            names = [name for name in PERSONS if name not in seen] if table == "person" else [f"{table}-9{number}" for number in range(3)]
            rows += [{"id": name} | dict.fromkeys(columns, UNKNOWN) for name in names[: random.randint(0, len(names))]]
        if table == "person":
            complete_people(random, rows)
        complete_rows(random, table, columns, rows, blank)
        tables[table] = rows
        if table in PAST:
            told = [dict(item) for item in little.tables.get(f"{table}_history", [])]
            complete_rows(random, table, columns, told, blank)
            tables[f"{table}_history"] = told + _untold(random, table, little)
    expected = list(little.expected)
    if not little.knows_expected:
        stated = {kind for kind, _ in expected}
        expected += [(kind, random.choice(OBLIGATIONS)) for kind in KINDS if kind not in stated and random.random() < 0.5]
    since = dict.fromkeys(PAST, date(1900, 1, 1))
    around = around or filled_organisation(random, little.organisation)
    return replace(
        little, tables=tables, complete=set(COLUMNS), expected=expected, knows_expected=True, history_from=since, organisation=around
    )


def _untold(random: Random, table: str, little: Little) -> list[dict[str, Any]]:
    """Return intervals that may have been where the history is not known: before it begins, or at any time where rows are unseen."""
    since = little.history_from.get(table)
    until = datetime.combine(max(DAYS), time()) if since is None or table not in little.complete else datetime.combine(since, time())
    found = []
    for number in range(random.randint(0, 2)):
        start = random.choice(MOMENTS)
        end = min(random.choice(MOMENTS), until - timedelta(days=1))  # a day before: days begin elsewhere earlier
        if start < end:
            name = "P" if table == "project" else f"{table}-8{number}"
            made = row(random, table, name, 0.0, 0.2) | {"valid_from": start, "valid_to": end}
            found.append(made | {column: column == "is_record" for column in ("is_gone", "is_record") if column in made})
    return found


def complete_people(random: Random, rows: list[dict[str, Any]]) -> None:
    """Fill what is unknown about people so that two accounts of one directory are two people, as they are."""
    for item in rows:
        if item["realm"] is UNKNOWN:
            item["realm"] = random.choice(domain("person", "realm"))
        if item["kind"] is UNKNOWN:
            item["kind"] = random.choice(domain("person", "kind"))
    for item in rows:
        if item["identity"] is UNKNOWN:
            taken = {other["identity"] for other in rows if other is not item and other["realm"] == item["realm"]}
            free = [name for name in domain("person", "identity") if name not in taken]
            item["identity"] = random.choice([*free, BLANK, BLANK, item["id"]])


# Rules


NUMBER_SIGNS = ("=", "<>", "<", "<=", ">", ">=")
NUMBERS = (Kind.INTEGER, Kind.DECIMAL)
TEXTS = (Kind.TEXT, Kind.REFERENCE)
KIND_OF = {kind.value: kind for kind in Kind}
SUBJECTS = (
    "project",
    "risk",
    "risk",
    "issue",
    "issue",
    "report",
    "artefact",
    "role",
    "all_risk",
    "late_issue",
    "by_priority",
    "chain",
    "of_product",
)
SOURCES = (
    *("risk", "issue", "role", "gate", "risk", "issue", "report", "artefact", "product", "stage", "directory", "person"),
    *("late_issue", "by_priority", "chain", "of_product", "late_role", "all_risk", "all_issue", "risk_history"),
)


def columns_of(source: str, views: Mapping[str, View]) -> list[tuple[str, Kind, list[Any]]]:
    """Return name, kind and possible values of the columns of *source*."""
    if source in views:
        strays: dict[str, list[Any]] = {
            "integer": [0, 1, 2],
            "decimal": [Decimal("0.50"), Decimal(2)],
            "code": ["open", "status"],
            "day": DAYS,
        }
        kinds = views[source].columns.items()
        return [(name, KIND_OF[kind], strays.get(kind, ["Fire", "risk-1"])) for name, kind in kinds]
    table = source.removeprefix("all_").removesuffix("_history")
    found = [(name, TABLES[table].by_name[name].type.kind, domain(table, name)) for name in (COLUMNS | ORGANISATION)[table]]
    if source.startswith("all_"):
        found += [(name, Kind.BOOLEAN, [True, False]) for name in ("is_gone", "is_record")]
    if source.endswith("_history"):
        found.append(("valid_from", Kind.INSTANT, MOMENTS))
    return found


class Writer:
    """Writes random conditions.

    Attributes:
        subject: the source whose rows the condition is about, or '' for a list and for the expected products.
    """

    def __init__(self, random: Random, subject: str, views: Mapping[str, View]) -> None:
        self.random = random
        self.subject = subject
        self.views = views
        self.inner: str | None = None  # source of the sub-query that is being written, called `o`

    def pick(self, *items: Any) -> Any:
        """Return one of *items*."""
        return self.random.choice(items)

    def column(self, *kinds: Kind) -> tuple[str, list[Any]] | None:
        """Return a column of one of *kinds* that can be named here, and its possible values."""
        owners = [("project", "project")]
        if self.subject not in ("", "project"):
            owners += [(self.subject, self.subject)] * 3
        if self.inner is not None:
            owners += [("o", self.inner)] * 5
        self.random.shuffle(owners)
        for alias, source in owners:
            columns = [item for item in columns_of(source, self.views) if item[1] in kinds]
            if columns:
                name, _, values = self.random.choice(columns)
                return f"{alias}.{name}", values
        return None

    def literal(self, value: Any) -> str:
        """Return a value as conditions write it."""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, date):
            return f"date '{value.isoformat()}'"
        return f"'{value}'" if isinstance(value, str) else str(value)

    def condition(self, depth: int) -> str:
        """Return a condition of at most *depth* levels."""
        if depth > 0 and self.random.random() < 0.6:
            form = self.pick("and", "or", "and", "or", "not")
            if form == "not":
                return f"not ({self.condition(depth - 1)})"
            return f"({self.condition(depth - 1)} {form} {self.condition(depth - 1)})"
        forms = [
            *(self.numbers, self.days, self.codes, self.texts, self.filled, self.flag, self.people, self.during, self.happened),
            *(self.word, self.moments, self.numbers, self.codes),
        ]
        if self.inner is None:
            forms += [
                *(self.exists, self.exists, self.exists, self.counted, self.counted, self.extreme, self.total, self.among),
                *(self.looked_up, self.looked_up, self.series, self.staged),
            ]
        return str(self.random.choice(forms)())

    def number(self) -> str:
        """Return a number."""
        found = self.column(*NUMBERS)
        form = self.pick("column", "column", "literal", "param", "sum", "days", "working", "called", "exposure")
        match form:
            case "days":
                return f"days({self.day()}, {self.day()})"
            case "working":
                return f"working_days({self.day()}, {self.day()})"
            case "param":
                return str(self.pick("$few", "$few", "$several", "$edition", "$rate", "$unset", "$cost", "$delay"))
            case "called":
                day, text = self.column(Kind.DAY), self.column(*TEXTS)
                forms = [f"year({day[0]})", f"month({day[0]})"] if day else []
                forms += [f"length({text[0]})"] if text else []
                forms += [f"abs({found[0]} - 2)"] if found else []
                return str(self.random.choice(forms or ["1"]))
            case "exposure":
                whole = [self.column(Kind.INTEGER) for _ in range(3)]
                return f"exposure({', '.join(item[0] if item else '2' for item in whole)})"
        if form == "literal" or found is None:
            return str(self.pick("0", "1", "2", "2.5", "-1"))
        if form == "sum":
            return f"{found[0]} {self.pick('+', '-', '*')} {self.pick('1', '2', '$few', '$several', found[0])}"
        return found[0]

    def numbers(self) -> str:
        """Return a comparison of numbers."""
        if self.random.random() < 0.15:
            other = self.pick("0.5", "1", f"ratio({self.number()}, {self.number()})")
            return f"ratio({self.number()}, {self.number()}) {self.pick(*NUMBER_SIGNS)} {other}"
        if self.random.random() < 0.2:
            return f"{self.number()} between {self.pick('0', '1')} and {self.pick('2', '$few')}"
        if self.random.random() < 0.1:
            return f"{self.number()} {self.pick('in', 'not in')} (0, 1, {self.pick('2', '$few')})"
        if self.random.random() < 0.1:
            return f"band({self.number()}) = 1"
        return f"{self.number()} {self.pick(*NUMBER_SIGNS)} {self.number()}"

    def day(self) -> str:
        """Return a day."""
        found = self.column(Kind.DAY)
        form = self.pick("column", "column", "column", "literal", "today", "sum", "gate", "param", "later", "of", "product")
        if form == "of" and (moment := self.column(Kind.INSTANT)) is not None:
            return f"day({moment[0]})"
        if form == "param":
            return "$deadline"
        if self.inner is None and form == "gate":
            return f"gate_on('{self.pick('rfp', 'rfe')}')"
        if self.inner is None and form == "product":
            return f"approved_on('{self.random.choice(KINDS)}')"
        if form == "today" or (found is None and form != "literal"):
            return "today"
        if form == "literal" or found is None:
            return self.literal(self.random.choice(DAYS))
        if form == "later":
            return f"add_working_days({found[0]}, {self.pick('0', '1', '3', '$few')})"
        return f"{found[0]} {self.pick('+', '-')} {self.pick('2', '$few')}" if form == "sum" else found[0]

    def days(self) -> str:
        """Return a comparison of days."""
        return f"{self.day()} {self.pick(*NUMBER_SIGNS)} {self.day()}"

    def moments(self) -> str:
        """Return a comparison of moments."""
        found, other = self.column(Kind.INSTANT), self.column(Kind.INSTANT)
        if found is None or other is None:
            return self.days()
        return f"{found[0]} {self.pick(*NUMBER_SIGNS)} {other[0]}" if self.random.random() < 0.5 else f"day({found[0]}) < {self.day()}"

    def codes(self) -> str:
        """Return a comparison of codes."""
        found = self.column(Kind.CODE)
        if found is None:
            return self.texts()
        text, values = found[0], [self.literal(item) for item in found[1]]
        form = self.pick("=", "<>", "in", "not in", "list", "param")
        if form in ("list", "param"):
            return f"{text} in $names" if form == "list" else f"{text} = {self.pick('$word', '$choice')}"
        if form in ("in", "not in"):
            return f"{text} {form} ({', '.join(self.random.sample(values, self.random.randint(1, len(values))))})"
        return f"{text} {form} {self.random.choice(values)}"

    def texts(self) -> str:
        """Return a comparison of texts."""
        found = self.column(*TEXTS)
        if found is None:
            return "true"
        text, values = found
        form = self.pick("=", "<>", "like", "ilike", "matches", "contains", "names", "lower", "upper", "trim", "same", "list")
        match form:
            case "list":
                return f"{text} {self.pick('', 'not ')}in $names"
            case "same":
                other = self.column(*TEXTS)
                return f"{text} {self.pick('=', '<>')} {other[0] if other else text}"
            case "like" | "ilike":
                pattern = self.pick("'f%'", "'F_re'", "$pattern")
                return f"{text} {self.pick('', 'not ')}{form} {pattern}"
            case "matches":
                pattern = self.pick("'[Ff]i.*'", "$pattern")
                return f"matches({text}, {pattern})"
            case "contains":
                part = self.pick("'ire'", "$word")
                return f"contains({text}, {part})"
            case "names":
                named = self.pick("'Fire'", "'f.re'", "''", text)
                return f"names({text}, {named})"
            case "lower" | "trim":
                return f"{form}({text}) = 'fire'"
            case "upper":
                return f"upper({text}) = 'FIRE'"
        return f"{text} {form} {self.literal(self.random.choice(values))}"

    def filled(self) -> str:
        """Return whether a column is filled."""
        found = self.column(*Kind)
        return f"{self.pick('filled', 'blank')}({found[0] if found else 'project.phase'})"

    def flag(self) -> str:
        """Return a boolean."""
        found = self.column(Kind.BOOLEAN)
        if found is None:
            return str(self.pick("phase_reached('executing')", "$strict", "true", "false"))
        other = self.pick("true", "false", "$strict")
        return found[0] if self.random.random() < 0.7 else f"{found[0]} {self.pick('=', '<>')} {other}"

    def people(self) -> str:
        """Return something about people."""
        found, other = self.column(Kind.PERSON), self.column(Kind.PERSON)
        if found is None or other is None:
            return self.days()
        if self.random.random() < 0.2:
            return f"is_group({found[0]})"
        if self.inner is None and self.random.random() < 0.3:
            return f"held_role({found[0]}, '{self.pick('project_manager', 'project_owner')}', {self.day()})"
        return f"same_person({found[0]}, {other[0]})"

    def during(self) -> str:
        """Return a span of days."""
        if self.random.random() < 0.3:
            return f"overlaps({self.day()}, {self.day()}, {self.day()}, {self.day()})"
        return f"during({self.day()}, {self.day()}, {self.day()})"

    def happened(self) -> str:
        """Return whether something happened in time."""
        event = self.pick(self.day(), self.day(), f"event('{self.pick('accepted', 'started')}')" if self.inner is None else "today")
        return f"happened_by({event}, {self.day()})"

    def word(self) -> str:
        """Return a word of the vocabulary."""
        found = self.column(Kind.DAY)
        if found is None or self.random.random() < 0.3:
            return "phase_reached('executing')"
        return str(self.pick(f"is_late({found[0]})", f"surely_late({found[0]})"))

    def query(self, *kinds: Kind, ahead: bool = True) -> str:
        """Return what is selected, '|', and the rest of a sub-query; *ahead*: its table may be read as it stood on a day."""
        while True:
            source = self.random.choice(SOURCES)
            names = [name for name, kind, _ in columns_of(source, self.views) if kind in kinds]
            if names or not kinds:
                break
        day = f" at {self.day()}" if ahead and source in PAST and self.random.random() < 0.3 else ""
        self.inner = source
        try:
            chosen = f"o.{self.random.choice(names)}" if kinds else "from"
            where = self.condition(self.pick(0, 0, 1))
        finally:
            self.inner = None
        if self.subject in ("risk", "issue") and source in ("risk", "issue") and self.random.random() < 0.4:
            mine = self.subject
            same = f"same_person(o.owner_id, {mine}.owner_id)"
            where += " and " + self.pick(same, f"o.due_on <= {mine}.due_on", f"o.title = {mine}.title")
        if "o." in where and self.random.random() < 0.15 and (other := self.column(*TEXTS)) is not None and "title" in where:
            where = f"o.title = {other[0]}"
        return f"{chosen}|{source} o{day}" + (f" where {where}" if self.random.random() < 0.9 else "")

    def exists(self) -> str:
        """Return whether there is such a row."""
        return f"{self.pick('', 'not ')}exists (from {self.query().split('|')[1]})"

    def counted(self) -> str:
        """Return a comparison of a number of rows."""
        count = f"(select count(*) from {self.query().split('|')[1]})"
        if self.random.random() < 0.15:
            more = f"(select count(*) from {self.query().split('|')[1]})"
            if self.random.random() < 0.4:
                return f"ratio({count}, {more}) {self.pick(*NUMBER_SIGNS)} {self.pick('0.5', '1')}"
            count = f"{count} {self.pick('+', '-')} {more}"
        return f"{count} {self.pick(*NUMBER_SIGNS)} {self.pick('0', '1', '2', '$few')}"

    def extreme(self) -> str:
        """Return a comparison of a least or greatest value."""
        chosen, rest = self.query(*NUMBERS, Kind.DAY).split("|")
        kind = {f"o.{name}": kind for name, kind, _ in columns_of(rest.split(" ")[0], self.views)}[chosen]
        limit = self.day() if kind is Kind.DAY else self.pick("1", "2", "$few")
        return f"(select {self.pick('min', 'max')}({chosen}) from {rest}) {self.pick(*NUMBER_SIGNS)} {limit}"

    def total(self) -> str:
        """Return a comparison of a sum."""
        chosen, rest = self.query(*NUMBERS).split("|")
        return f"(select sum({chosen}) from {rest}) {self.pick(*NUMBER_SIGNS)} {self.pick('0', '2', '2.5')}"

    def among(self) -> str:
        """Return whether a text is one of those selected."""
        found = self.column(*TEXTS)
        chosen, rest = self.query(*TEXTS).split("|")
        return f"{found[0] if found else 'project.name'} {self.pick('', 'not ')}in (select {chosen} from {rest})"

    def series(self) -> str:
        """Return a comparison of the longest gap of a series."""
        chosen, rest = self.query(Kind.DAY).split("|")
        days = self.pick(f"(select {chosen} from {rest})", f"(select {chosen} from {rest})", "late_issue.due_on")
        if self.random.random() < 0.5:
            return f"kept_every({days}, {self.pick('1', '$few')}, {self.pick('0', '3')}, {self.day()}, {self.day()})"
        return f"longest_gap_days({days}, {self.day()}, {self.day()}) {self.pick(*NUMBER_SIGNS)} {self.pick('2', '30', '$few')}"

    def staged(self) -> str:
        """Return whether a day lies in a stage, or what is known of the report before."""
        if self.subject == "report":
            return str(self.pick("filled(previous(report))", "previous(report) = 'report-1'"))
        found = self.column(Kind.REFERENCE)
        stage = found[0] if found else "'stage-1'"
        return f"stage_of({self.day()}) {self.pick('=', '<>')} {stage}"

    def looked_up(self) -> str:
        """Return a word that looks something up."""
        forms = [
            "exists_product('{kind}')",
            "required('{kind}')",
            "uses('{kind}')",
            "filled(approved_on('{kind}'))",
            "approved_on('{kind}') <= {day}",
        ]
        if self.subject in ("risk", "issue", "all_risk"):
            forms += ["linked('mitigates', 'issue')", "links_to('relates', 'risk')", "matched('issue')"] * 2
        return str(self.random.choice(forms)).format(kind=self.random.choice(KINDS), day=self.day())


def language() -> Language:
    """Return the words of random conditions."""
    terms = [
        Term(name="is_late", parameters={"day": "day"}, sentence="the day is past", expression="day < today"),
        Term(
            name="surely_late",
            parameters={"day": "day"},
            sentence="the day is surely past",
            expression="coalesce(day < today, false) and not day is null",
            absorbs_unknown="for tests",
        ),
        Term(
            name="band",
            parameters={"number": "decimal"},
            type="integer",
            sentence="1 for what is great",
            expression="case when number > 1 then 1 else 0 end",
            absorbs_unknown="for tests",
        ),
    ]
    accepted = Event(
        name="accepted",
        sentence="an issue was accepted",
        expression="(select min(issue.raised_on) from issue where issue.status = 'closed')",
        known_when=["issue"],
    )
    started = Event(name="started", sentence="the project began", expression="project.start_on", known_when=["project"])
    return Language(
        {term.name: term for term in terms}, {view.name: view for view in _views()}, {event.name: event for event in (accepted, started)}
    )


def _views() -> list[View]:
    def view(name: str, columns: dict[str, str], select: str, *known_when: str) -> View:
        return View(name=name, sentence=name, columns=columns, select=select, known_when=list(known_when))  # type: ignore[arg-type]

    return [
        view(
            "late_issue",
            {"title": "text", "due_on": "day", "owner_id": "person", "cost": "decimal"},
            "select project_id, id, title, due_on, owner_id, cost from issue where due_on < date '2026-06-30'",
            "issue",
        ),
        view(
            "by_priority",
            {"priority": "integer", "issues": "integer", "titles": "integer", "cost": "decimal", "last_on": "day", "opened": "integer"},
            "select issue.project_id, min(issue.id) as id, issue.priority, count(*) as issues, count(distinct issue.title) as titles, "
            "sum(issue.cost) as cost, max(issue.due_on) as last_on, count(*) filter (where issue.status = 'open') as opened "
            "from issue where filled(issue.title) group by issue.project_id, issue.priority",
            "issue",
        ),
        view(
            "chain",
            {
                "title": "text",
                "before_on": "day",
                "after": "text",
                "place": "integer",
                "running": "integer",
                "peers": "integer",
                "first_title": "text",
                "last_on": "day",
                "names": "integer",
                "score": "integer",
            },
            "select risk.project_id, risk.id, risk.title, risk.score, "
            "lag(risk.due_on) over (partition by risk.stage_id order by risk.due_on desc, risk.id) as before_on, "
            "lead(risk.title, 2) over (order by risk.due_on) as after, "
            "row_number() over (partition by risk.project_id order by risk.identified_on) as place, "
            "sum(risk.likelihood) over (order by risk.due_on rows between 1 preceding and current row) as running, "
            "count(*) over (partition by risk.stage_id) as peers, first_value(risk.title) over (order by risk.due_on) as first_title, "
            "max(risk.due_on) over (partition by risk.stage_id) as last_on, "
            "count(distinct risk.title) over (partition by risk.stage_id) as names from risk",
            "risk",
        ),
        view(
            "of_product",
            {"kind": "code", "product_kind": "text", "approved_on": "day", "issued_on": "day", "artefact_id": "reference"},
            "select report.project_id, report.id, report.kind, product.kind as product_kind, product.approved_on, report.issued_on, "
            "report.artefact_id from report left join product on product.project_id = report.project_id "
            "and product.artefact_id = report.artefact_id",
            *("report", "product"),
        ),
        view(
            "late_role",
            {"title": "text", "role": "text", "person_id": "person", "waited": "integer"},
            "select late_issue.project_id, late_issue.id, late_issue.title, role.role, role.person_id, "
            "days(role.from_on, late_issue.due_on) as waited from late_issue join role on role.project_id = late_issue.project_id "
            "and role.from_on <= late_issue.due_on where role.role <> 'project_owner' or late_issue.cost > 1",
            "role",
        ),
        view(
            "report_before",
            {"before_id": "reference"},
            "select report.project_id, report.id, lag(report.id) over (partition by report.project_id, report.kind "
            "order by report.period_to_on, report.id) as before_id from report",
            "report",
        ),
    ]


PARAMS = {
    "few": Param(type="integer", default=2, project_parameter="few"),
    "several": Param(type="days", default=1, project_parameter="several"),
    "edition": Param(type="number", default=Decimal("1.5"), default_by_edition={"1": Decimal(0), "2": Decimal("2.5")}),
    "rate": Param(type="share", default=Decimal("0.5")),
    "unset": Param(type="integer"),
    "cost": Param(type="money", default=Decimal("1.25")),
    "delay": Param(type="working_days", default=1),
    "choice": Param(type="one_of", default="open", one_of=["open", "closed"]),
    "deadline": Param(type="date", default=DAYS[1]),
    "word": Param(type="text", default="ire"),
    "pattern": Param(type="pattern", default="F.*"),
    "strict": Param(type="boolean", default=True),
    "names": Param(type="list", default=["approved", "open", "executing", "Fire"]),
    "share": Param(type="share", default=Decimal("0.5"), default_by_edition={"1": Decimal(0)}),
}
EACH: list[str | list[Any]] = [["project_manager", "project_owner"], "$names", [1, 2, 3]]


SHARES: list[int | Decimal | str] = [0, 0, 0, Decimal("0.5"), Decimal("0.34"), "$share", "$rate * 0.5"]


def _about_a_list(random: Random) -> tuple[Each, str, str]:
    values = random.choice(EACH)
    about = Each(each=values, **{"as": "part"})
    if values == [1, 2, 3]:
        require = random.choice(["(select count(*) from risk r where r.likelihood = part) <= 1", "part < $few", "project.budget > part"])
        return about, "true", require
    inner = random.choice(["filled(r.person_id)", "r.from_on <= today", "not is_group(r.person_id)"])
    product = "exists_product(part)"
    require = random.choice([f"exists (from role r where r.role = part and {inner})", product, "part <> 'open'", "uses(part)"])
    return about, random.choice(["true", "part in ('project_manager', 'open')", "project.is_agile"]), require


def random_rule(random: Random, words: Language, number: int) -> Rule:
    """Return a random rule that is well typed."""
    for _ in range(200):
        about: str | Each = random.choice([*SUBJECTS, "expected", "each", "each"])
        writer = Writer(random, about if isinstance(about, str) and about not in ("expected", "each") else "", words.views)
        where = "true" if random.random() < 0.4 else writer.condition(1)
        require: str | None = writer.condition(random.choice([0, 1, 2]))
        if about == "each":
            about, where, require = _about_a_list(random)
        elif about == "expected":
            where = random.choice(["true", "expected.obligation = 'mandatory'", where])
            require = random.choice(["exists_product(expected.kind)", "approved_on(expected.kind) <= today", require])
        project = Writer(random, "project", words.views)
        decides = Decides(random.choice(["both", "both", "both", "refutes", "supports", "nothing"]))
        dues: list[str | date] = [project.condition(0), "gate_on('rfp')", "event('accepted')", "project.start_on", random.choice(DAYS)]
        due = random.choice(dues)
        rule = Rule(
            id=f"L-{number:04}",
            title="law",
            requirement="law",
            cites=[],
            answers=["L-1"],
            area="laws",
            severity=Severity.MINOR,
            about=about,
            where=where,
            require=require,
            applies="true" if random.random() < 0.8 else project.condition(0),
            due="true" if random.random() < 0.85 else due,
            allow_share=random.choice(SHARES),
            decides=decides,
            params=PARAMS,
            say="{id}" if not isinstance(about, Each) else "{part}",
        )
        try:
            rule_conditions(rule, words)
        except ExceptionGroup:
            continue
        return rule
    raise AssertionError("no well-typed rule in 200 attempts")
