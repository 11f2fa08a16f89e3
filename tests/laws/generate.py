"""Random well-typed rules, and random little projects that they are about. Everything follows from one `random.Random`."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from auditor.checks.inputs import ExpectedProduct, ProjectPlan
from auditor.model.schema import TABLES
from auditor.model.types import Kind
from auditor.rulebook.condition import Language, rule_conditions
from auditor.rulebook.names import Event, Term, View
from auditor.rulebook.rule import Each, Param, Rule
from tests.laws.naive import BLANK, UNKNOWN, World

AS_OF = date(2026, 6, 30)
DAYS = [AS_OF + timedelta(days=offset) for offset in (-40, -3, -1, 0, 1, 5)]
PERSONS = ["p:1", "p:2", "j:1", "j:2"]
KINDS = ["risk_log", "charter", "plan"]

COLUMNS: dict[str, tuple[str, ...]] = {
    "project": ("phase", "size", "start_on", "budget", "is_agile", "name"),
    "risk": ("title", "status", "score", "likelihood", "due_on", "identified_on", "owner_id", "is_escalated", "stage_id"),
    "issue": ("title", "status", "cost", "raised_on", "due_on", "owner_id", "raised_by", "priority"),
    "role": ("role", "person_id", "from_on", "to_on"),
    "gate": ("gate", "decision", "decided_on"),
    "link": ("from_table", "from_id", "to_table", "to_id", "kind", "is_broken"),
    "person": ("kind", "realm", "identity"),
    "product": ("kind", "approved_on"),
    "candidate": ("kind",),
}
"""The columns that conditions read; the others are unknown everywhere."""

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
    ("candidate", "kind"): KINDS,
}


def domain(table: str, column: str) -> list[Any]:
    """Return the values that a column may have in this little world."""
    found = VALUES.get((table, column))
    if found is not None:
        return found
    kind = TABLES[table].by_name[column].type.kind
    plain: dict[Kind, list[Any]] = {
        Kind.DAY: DAYS,
        Kind.PERSON: PERSONS,
        Kind.BOOLEAN: [True, False],
        Kind.TEXT: ["Fire", "Flood ab", "fire"],
        Kind.INTEGER: [0, 1, 3],
        Kind.DECIMAL: [Decimal("0.50"), Decimal(2)],
    }
    return plain[kind]


# Projects


@dataclass
class Little:
    """A little project: rows and what was not read."""

    tables: dict[str, list[dict[str, Any]]]
    complete: set[str]
    expected: list[tuple[str, str]] = field(default_factory=list)
    knows_expected: bool = True

    def world(self, language: Language) -> World:
        """Return what the naive evaluator reads."""
        tables = {name: [dict(row) for row in rows] for name, rows in self.tables.items()}
        tables["expected"] = [
            {"id": kind, "kind": kind, "obligation": duty, "why": BLANK, "because_of": BLANK} for kind, duty in self.expected
        ]
        complete = self.complete | ({"expected"} if self.knows_expected else set())
        return World(tables, complete, AS_OF, language.views, language.terms, language.events)

    def plan(self) -> ProjectPlan:
        """Return what tailoring said."""
        owed = tuple(ExpectedProduct(kind=kind, obligation=duty) for kind, duty in self.expected)  # type: ignore[arg-type]  # from OBLIGATIONS
        return ProjectPlan(expected=owed, is_known=self.knows_expected, unknown_because="" if self.knows_expected else "size")


OBLIGATIONS = ("mandatory", "optional", "not_used")


def value(random: Random, table: str, column: str, unknown: float, blank: float) -> Any:
    """Return a random value, or that there is none, or that it is unknown."""
    chance = random.random()
    return UNKNOWN if chance < unknown else BLANK if chance < unknown + blank else random.choice(domain(table, column))


def row(random: Random, table: str, name: str, unknown: float = 0.0, blank: float = 0.15) -> dict[str, Any]:
    """Return a random row."""
    return {"id": name} | {column: value(random, table, column, unknown, blank) for column in COLUMNS[table]}


def little_project(random: Random) -> Little:
    """Return a random little project."""
    unknown = random.choice([0.0, 0.05, 0.25])
    blank = random.choice([0.0, 0.15, 0.3])
    hidden = random.choice([0.0, 0.2, 0.6])
    tables: dict[str, list[dict[str, Any]]] = {"project": [row(random, "project", "P", unknown, blank)]}
    for table in COLUMNS:
        if table == "project":
            continue
        names = PERSONS if table == "person" else [f"{table}-{number}" for number in range(1, random.choice([0, 1, 1, 2, 2, 3]) + 1)]
        tables[table] = [row(random, table, name, unknown, blank) for name in names]
        if table == "person" and random.random() < 0.2:
            tables[table].pop()
    if random.random() < 0.6:
        tables["candidate"] = []
    complete = {"project"} | {table for table in COLUMNS if random.random() >= hidden}
    expected = [(kind, random.choice(OBLIGATIONS)) for kind in KINDS if random.random() < 0.7]
    return Little(tables, complete, expected, random.random() >= hidden)


def completion(random: Random, little: Little) -> Little:
    """Return one world that *little* may be: nothing is unknown, no row unseen."""
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
        for item in rows:
            for column in columns:
                if item[column] is UNKNOWN:
                    item[column] = value(random, table, column, 0.0, blank)
        tables[table] = rows
    expected = list(little.expected)
    if not little.knows_expected:
        stated = {kind for kind, _ in expected}
        expected += [(kind, random.choice(OBLIGATIONS)) for kind in KINDS if kind not in stated and random.random() < 0.5]
    return Little(tables, set(COLUMNS), expected, knows_expected=True)


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


class Writer:
    """Writes random conditions.

    Attributes:
        subject: the table that the rule is about, 'project', or '' for a list.
    """

    def __init__(self, random: Random, subject: str, terms: tuple[str, ...] = ()) -> None:
        self.random = random
        self.subject = subject
        self.terms = terms
        self.inner: str | None = None  # table of the sub-query that is being written, called `o`

    def pick(self, *items: Any) -> Any:
        """Return one of *items*."""
        return self.random.choice(items)

    def column(self, *kinds: Kind) -> tuple[str, str, str] | None:
        """Return (text, table, column) of a column of one of *kinds* that can be named here."""
        owners = [("project", "project")]
        if self.subject not in ("", "project", "expected"):
            owners += [(self.subject, self.subject)] * 3
        if self.inner is not None:
            owners += [("o", self.inner)] * 5
        self.random.shuffle(owners)
        for alias, table in owners:
            columns = [name for name in COLUMNS[table] if TABLES[table].by_name[name].type.kind in kinds]
            if columns:
                name = self.random.choice(columns)
                return f"{alias}.{name}", table, name
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
            self.numbers,
            self.days,
            self.codes,
            self.texts,
            self.filled,
            self.flag,
            self.people,
            self.during,
            self.happened,
            self.word,
        ]
        if self.inner is None:
            forms += [
                self.exists,
                self.exists,
                self.counted,
                self.counted,
                self.extreme,
                self.total,
                self.among,
                self.looked_up,
                self.looked_up,
            ]
        return str(self.random.choice(forms)())

    def number(self) -> str:
        """Return a number."""
        found = self.column(Kind.INTEGER, Kind.DECIMAL)
        form = self.pick("column", "column", "literal", "param", "sum", "days")
        if form == "days":
            return f"days({self.day()}, {self.day()})"
        if form == "param":
            return "$few"
        if form == "literal" or found is None:
            return str(self.pick("0", "1", "2", "2.5"))
        if form == "sum":
            return f"{found[0]} {self.pick('+', '-', '*')} {self.pick('1', '2', '$few', found[0])}"
        return found[0]

    def numbers(self) -> str:
        """Return a comparison of numbers."""
        if self.random.random() < 0.15:
            return f"ratio({self.number()}, {self.number()}) {self.pick(*NUMBER_SIGNS)} {self.pick('0.5', '1')}"
        if self.random.random() < 0.2:
            return f"{self.number()} between {self.pick('0', '1')} and {self.pick('2', '$few')}"
        return f"{self.number()} {self.pick(*NUMBER_SIGNS)} {self.number()}"

    def day(self) -> str:
        """Return a day."""
        found = self.column(Kind.DAY)
        form = self.pick("column", "column", "column", "literal", "today", "sum", "gate")
        if form == "gate" and self.inner is None:
            return f"gate_on('{self.pick('rfp', 'rfe')}')"
        if form == "today" or (found is None and form != "literal"):
            return "today"
        if form == "literal" or found is None:
            return self.literal(self.random.choice(DAYS))
        return f"{found[0]} + 2" if form == "sum" else found[0]

    def days(self) -> str:
        """Return a comparison of days."""
        return f"{self.day()} {self.pick(*NUMBER_SIGNS)} {self.day()}"

    def codes(self) -> str:
        """Return a comparison of codes."""
        found = self.column(Kind.CODE)
        if found is None:
            return self.texts()
        text, table, name = found
        values = [self.literal(item) for item in domain(table, name)]
        form = self.pick("=", "<>", "in", "not in", "list")
        if form == "list":
            return f"{text} in $names"
        if form in ("in", "not in"):
            return f"{text} {form} ({', '.join(self.random.sample(values, self.random.randint(1, len(values))))})"
        return f"{text} {form} {self.random.choice(values)}"

    def texts(self) -> str:
        """Return a comparison of texts."""
        found = self.column(Kind.TEXT, Kind.REFERENCE)
        if found is None:
            return "true"
        text, table, name = found
        form = self.pick("=", "<>", "like", "ilike", "matches", "contains", "length", "lower", "same")
        if form == "same":
            other = self.column(Kind.TEXT, Kind.REFERENCE)
            return f"{text} {self.pick('=', '<>')} {other[0] if other else text}"
        if form in ("like", "ilike"):
            return f"{text} {self.pick('', 'not ')}{form} 'f%'"
        if form == "matches":
            return f"matches({text}, '[Ff]i')"
        if form == "contains":
            return f"contains({text}, 'ire')"
        if form == "length":
            return f"length({text}) {self.pick(*NUMBER_SIGNS)} 4"
        if form == "lower":
            return f"lower({text}) = 'fire'"
        return f"{text} {form} {self.literal(self.random.choice(domain(table, name)))}"

    def filled(self) -> str:
        """Return whether a column is filled."""
        found = self.column(*Kind)
        return f"{self.pick('filled', 'blank')}({found[0] if found else 'project.phase'})"

    def flag(self) -> str:
        """Return a boolean column."""
        found = self.column(Kind.BOOLEAN)
        if found is None:
            return "phase_reached('executing')"
        return found[0] if self.random.random() < 0.7 else f"{found[0]} {self.pick('=', '<>')} {self.pick('true', 'false')}"

    def people(self) -> str:
        """Return something about people."""
        found = self.column(Kind.PERSON)
        other = self.column(Kind.PERSON)
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
        event = self.pick(self.day(), self.day(), "event('accepted')" if self.inner is None else "today")
        return f"happened_by({event}, {self.day()})"

    def word(self) -> str:
        """Return a word of the vocabulary."""
        found = self.column(Kind.DAY)
        if found is None or self.random.random() < 0.3:
            return "phase_reached('executing')"
        return f"is_late({found[0]})" if self.random.random() < 0.5 else f"surely_late({found[0]})"

    def query(self, select: str = "") -> str:
        """Return a sub-query."""
        table = self.pick("risk", "issue", "role", "gate", "risk", "issue", "late_issue")
        self.inner = table if table in COLUMNS else "issue"
        alias = "o"
        try:
            chosen = "from"
            if select:
                kinds = {
                    "number": (Kind.INTEGER, Kind.DECIMAL),
                    "ordered": (Kind.INTEGER, Kind.DECIMAL, Kind.DAY),
                    "text": (Kind.REFERENCE, Kind.TEXT),
                }
                names = [name for name in COLUMNS[self.inner] if TABLES[self.inner].by_name[name].type.kind in kinds[select]]
                if table == "late_issue":
                    names = [name for name in names if name in ("due_on", "cost", "title")]
                if not names:
                    return self.query(select)
                chosen = f"o.{self.random.choice(names)}"
            if table == "late_issue":
                where = self.pick("o.due_on <= today", "filled(o.owner_id)", "o.cost > 1")
            else:
                where = self.condition(self.pick(0, 0, 1))
            if self.subject in ("risk", "issue") and table in ("risk", "issue") and self.random.random() < 0.4:
                where += " and " + self.pick("o.owner_id_is", f"o.due_on <= {self.subject}.due_on", f"o.title = {self.subject}.title")
                where = where.replace("o.owner_id_is", f"same_person(o.owner_id, {self.subject}.owner_id)")
            rest = f"{table} {alias} where {where}" if self.random.random() < 0.9 else f"{table} {alias}"
            return f"{chosen}|{rest}"
        finally:
            self.inner = None

    def exists(self) -> str:
        """Return whether there is such a row."""
        return f"{self.pick('', 'not ')}exists (from {self.query().split('|')[1]})"

    def counted(self) -> str:
        """Return a comparison of a number of rows."""
        rest = self.query().split("|")[1]
        counted = f"(select count(*) from {rest})"
        return f"{counted} {self.pick(*NUMBER_SIGNS)} {self.pick('0', '1', '2', '$few')}"

    def extreme(self) -> str:
        """Return a comparison of a least or greatest value."""
        chosen, rest = self.query("ordered").split("|")
        function = self.pick("min", "max")
        limit = self.day() if chosen.endswith("_on") else self.pick("1", "2", "$few")
        return f"(select {function}({chosen}) from {rest}) {self.pick(*NUMBER_SIGNS)} {limit}"

    def total(self) -> str:
        """Return a comparison of a sum."""
        for _ in range(20):
            chosen, rest = self.query("number").split("|")
            if not chosen.endswith("_on"):
                return f"(select sum({chosen}) from {rest}) {self.pick(*NUMBER_SIGNS)} {self.pick('0', '2', '2.5')}"
        return self.counted()

    def among(self) -> str:
        """Return whether a text is one of those selected."""
        found = self.column(Kind.TEXT, Kind.REFERENCE)
        chosen, rest = self.query("text").split("|")
        return f"{found[0] if found else 'project.name'} {self.pick('', 'not ')}in (select {chosen} from {rest})"

    def looked_up(self) -> str:
        """Return a word that looks something up."""
        forms = [
            "exists_product('{kind}')",
            "required('{kind}')",
            "uses('{kind}')",
            "filled(approved_on('{kind}'))",
            "approved_on('{kind}') <= {day}",
        ]
        if self.subject in ("risk", "issue"):
            forms += ["linked('mitigates', 'issue')", "links_to('relates', 'risk')"] * 2
        return str(self.random.choice(forms)).format(kind=self.random.choice(KINDS), day=self.day())


def language() -> Language:
    """Return the words of random conditions."""
    late = Term(name="is_late", parameters={"day": "day"}, sentence="the day is past", expression="day < today")
    surely = Term(
        name="surely_late",
        parameters={"day": "day"},
        sentence="the day is surely past",
        expression="coalesce(day < today, false) and not day is null",
        absorbs_unknown="for tests",
    )
    accepted = Event(
        name="accepted",
        sentence="an issue was accepted",
        expression="(select min(issue.raised_on) from issue where issue.status = 'closed')",
        known_when=["issue"],
    )
    view = View(
        name="late_issue",
        sentence="issues past their day",
        columns={"title": "text", "due_on": "day", "owner_id": "person", "cost": "decimal"},
        select="select project_id, id, title, due_on, owner_id, cost from issue where due_on < date '2026-06-30'",
        known_when=["issue"],
    )
    return Language({"is_late": late, "surely_late": surely}, {"late_issue": view}, {"accepted": accepted})


PARAMS = {
    "few": Param(type="integer", default=2),
    "names": Param(type="list", default=["approved", "open", "executing"]),
}


def random_rule(random: Random, words: Language, number: int) -> Rule:
    """Return a random rule that is well typed."""
    for _ in range(200):
        about: str | Each = random.choice(["project", "risk", "risk", "issue", "issue", "expected", "late_issue", "each"])
        if about == "each":
            about = Each(each=["project_manager", "project_owner"], **{"as": "role_id"})
        writer = Writer(random, about if isinstance(about, str) and about in COLUMNS else "")
        where = "true" if random.random() < 0.4 else writer.condition(1)
        require = writer.condition(random.choice([0, 1, 2]))
        if isinstance(about, Each):
            require = f"exists (from role r where r.role = role_id and {random.choice(['filled(r.person_id)', 'r.from_on <= today', 'not is_group(r.person_id)'])})"
        elif about == "expected":
            where = random.choice(["true", "expected.obligation = 'mandatory'", where])
            require = random.choice(["exists_product(expected.kind)", "approved_on(expected.kind) <= today", require])
        elif about == "late_issue":
            where = random.choice(["true", "late_issue.cost > 1"])
            require = random.choice(
                ["filled(late_issue.owner_id)", "late_issue.cost < 2", "exists (from risk r where r.title = late_issue.title)"]
            )
        project = Writer(random, "project")
        rule = Rule(
            id=f"L-{number:04}",
            title="law",
            requirement="law",
            cites=[],
            answers=["L-1"],
            area="laws",
            severity="minor",
            about=about,
            where=where,
            require=require,
            applies="true" if random.random() < 0.8 else project.condition(0),
            due="true"
            if random.random() < 0.85
            else random.choice([project.condition(0), "gate_on('rfp')", "event('accepted')", "project.start_on"]),
            allow_share=random.choice([0, 0, 0, Decimal("0.5"), Decimal("0.34")]),
            decides=random.choice(["both", "both", "both", "refutes", "supports"]),
            params=PARAMS,
            say="{id}" if not isinstance(about, Each) else "{role_id}",
        )
        try:
            rule_conditions(rule, words)
        except ExceptionGroup:
            continue
        return rule
    raise AssertionError("no well-typed rule in 200 attempts")
