"""Little projects for a shipped rule: its cases, changed at random with the values that its cases know."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from auditor.model.schema import TABLES
from auditor.model.types import ColumnType, Kind
from auditor.rulebook.condition import Language, rule_conditions, tables_of
from auditor.rulebook.load import Rulebook
from auditor.rulebook.params import param_value
from auditor.rulebook.rule import Rule
from auditor.workbench.cases import case_project, owed_products
from tests.laws.generate import ALWAYS_SEEN, COMMON, DAYS, MOMENTS, SETTINGS, Little, Organisation, complete_people
from tests.laws.naive import BLANK, UNKNOWN
from tests.laws.worlds import world

Rows = list[dict[str, Any]]
_TEXTS = ["Fire", "1.0", "TBC", "a text of more than eight words, so that it is long enough"]
_LITERAL = re.compile(r"'([^']+)'")


def anything(type_: ColumnType) -> list[Any]:
    """Return values that a column of a type may have."""
    if type_.codes:
        return list(type_.codes)
    plain: dict[Kind, list[Any]] = {
        Kind.DAY: DAYS,
        Kind.BOOLEAN: [True, False],
        Kind.INTEGER: [0, 1, 3, 5],
        Kind.DECIMAL: [Decimal("0.50"), Decimal(2)],
        Kind.PERSON: ["p:1", "p:2"],
        Kind.INSTANT: MOMENTS,
    }
    return plain.get(type_.kind, _TEXTS)


@dataclass
class Pool:
    """What the cases of a rule know.

    Attributes:
        bases: the cases as little projects.
        values: (table, column) → values that occur.
        tables: tables that the rule reads, and those that its cases give.
        pasts: tables that it reads as they stood on a day.
    """

    rule: Rule
    bases: list[Little] = field(default_factory=list)
    values: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    tables: tuple[str, ...] = ()
    pasts: tuple[str, ...] = ()

    def domain(self, table: str, column: str) -> list[Any]:
        """Return the values that a column may have: those of the cases, and some that no case has."""
        return self.values.get((table, column), []) * 2 + anything(TABLES[table].by_name[column].type)

    def value(self, random: Random, table: str, column: str, *, unknown: float, blank: float) -> Any:
        """Return a random value."""
        chance, choices = random.random(), self.domain(table, column)
        return UNKNOWN if chance < unknown else BLANK if chance < unknown + blank or not choices else random.choice(choices)

    def changed(self, random: Random, table: str, rows: Rows, change: float, unknown: float) -> Rows:
        """Return the rows of a table with some of their values and themselves changed."""
        own = table.removesuffix("_history") if table not in TABLES else table
        if own in ALWAYS_SEEN:
            return rows
        kept = [dict(row) for row in rows if own == "project" or random.random() >= change / 2]
        if kept and own != "project" and random.random() < 0.5:
            kept.append(random.choice(kept) | {"id": f"{own}-more"})
        for row in kept:
            for column in row:
                if column not in COMMON and row[column] is not UNKNOWN and random.random() < change:
                    row[column] = self.value(random, own, column, unknown=0.0 if column.endswith("_raw") else unknown, blank=0.3)
            for column in row:
                if column.endswith("_raw") and row[column] in (BLANK, UNKNOWN):
                    row[column] = UNKNOWN if row.get(column.removesuffix("_raw")) is UNKNOWN else BLANK
        return kept

    def project(self, random: Random) -> Little:
        """Return a case with some of its values and rows changed."""
        base = random.choice(self.bases)
        change = random.choice([0.0, 0.1, 0.3])
        unknown = random.choice([0.0, 0.0, 0.3])
        tables = {table: self.changed(random, table, rows, change, unknown) for table, rows in base.tables.items()}
        around = {table: self.changed(random, table, rows, change, unknown) for table, rows in base.organisation.tables.items()}
        complete = {table for table in sorted(base.complete) if table == "project" or random.random() > change / 4}
        since = {table: day for table, day in base.history_from.items() if random.random() > change / 4}
        return replace(
            base, tables=tables, complete=complete, history_from=since, organisation=Organisation(around, base.organisation.complete)
        )

    def completed(self, random: Random, table: str, little: Little) -> Rows:
        """Return the rows of a table in one world that *little* may be."""
        known = little.tables.get(table) or little.organisation.tables.get(table, [])
        rows = [dict(row) for row in known]
        if table in ALWAYS_SEEN:
            return rows
        if table not in little.complete | little.organisation.complete:
            known = known or next((base.tables[table] for base in self.bases if base.tables.get(table)), [])
            for number in range(random.randint(0, 2)):
                base = random.choice(known) if known and random.random() < 0.6 else {}
                rows.append(base | {"id": f"{table}-9{number}"})
        return self.filled(random, table, rows)

    def filled(self, random: Random, table: str, rows: Rows) -> Rows:
        """Return *rows* with a value for everything that is unknown."""
        blank = random.choice([0.1, 0.4])
        for row in rows:
            for column in TABLES[table].own:
                row.setdefault(column.name, UNKNOWN)
        if table == "person":
            complete_people(random, rows)
        for row in rows:
            for name, value in row.items():
                if value is UNKNOWN and name not in SETTINGS.get(table, ()):
                    row[name] = self.value(random, table, name, unknown=0.0, blank=blank)
        return rows

    def past(self, random: Random, table: str, little: Little) -> Rows:
        """Return the history of a table in one world that *little* may be."""
        known = little.tables.get(f"{table}_history", [])
        rows = [dict(row) for row in known]
        since = little.history_from.get(table)
        if since is None or table not in little.complete or since > min(DAYS):
            models = known or little.tables.get(table) or [{}]
            for number in range(random.randint(0, 2)):
                start = random.choice([datetime.combine(little.as_of - timedelta(days=back), time()) for back in (400, 40, 5)])
                told = {"id": f"{table}-8{number}", "valid_from": start, "valid_to": random.choice([BLANK, start + timedelta(days=20)])}
                rows.append(random.choice(models) | told)
        return self.filled(random, table, rows)

    def completion(self, random: Random, little: Little) -> Little:
        """Return one world that *little* may be."""
        tables = {table: self.completed(random, table, little) for table in self.tables}
        organisation = {table: tables.pop(table) for table in self.tables if TABLES[table].is_organisational}
        tables |= {f"{table}_history": self.past(random, table, little) for table in self.pasts}
        expected = list(little.expected)
        if not little.knows_expected:
            seen = {kind for kind, _ in expected}
            expected += [(kind, "mandatory") for kind in self._named() if kind not in seen and random.random() < 0.5]
        return replace(
            little,
            tables=tables,
            complete={*tables, "candidate"},
            expected=expected,
            knows_expected=True,
            history_from=dict.fromkeys(self.pasts, date(1900, 1, 1)),
            organisation=Organisation(organisation, frozenset(organisation)),
        )

    def _named(self) -> list[str]:
        return sorted(set(_LITERAL.findall(f"{self.rule.applies} {self.rule.where} {self.rule.require}")))


def pool(rulebook: Rulebook, language: Language, rule: Rule) -> Pool:
    """Return what the cases of *rule* know."""
    found = Pool(rule)
    products = owed_products(rulebook, rule)
    for case in rule.cases:
        made = case_project(case, "P", rule=rule, products=products)
        rows = {name: [*made.rows.get(name, ()), *made.organisation.get(name, ())] for name in {**made.rows, **made.organisation}}
        plain = world("P", rows, made.plan, made.as_of)
        tables: dict[str, Rows] = {}
        for name, listed in plain.tables.items():
            if name in ("expected", "completeness"):
                continue
            table = TABLES[name if name in TABLES else name.removesuffix("_history")]
            own = {*COMMON, *(column.name for column in table.own)} - {"is_gone", "is_record"}
            own |= {f"{column.name}_raw" for column in table.own if column.type.has_raw}
            tables[name] = [{column: value for column, value in row.items() if column in own} for row in listed]
            for row in tables[name]:
                for column, value in row.items():
                    if column not in COMMON and value is not UNKNOWN and value is not BLANK:
                        found.values.setdefault((table.name, column), []).append(value)
        around = {name: tables.pop(name) for name in list(tables) if name in TABLES and TABLES[name].is_organisational}
        seen = frozenset(name for name in plain.complete if name in TABLES and TABLES[name].is_organisational)
        found.bases.append(
            Little(
                tables,
                plain.complete - {"expected"} - seen | {"project", "project_parameter"},
                [(item.kind, item.obligation) for item in made.plan.expected],
                made.plan.is_known,
                dict(plain.history_from),
                Organisation(around, seen),
                made.as_of,
                dict(case.params),
            )
        )
    read = {source for condition in rule_conditions(rule, language).values() for source in condition.sources}
    if isinstance(rule.about, str):
        read.add(rule.about)
    read |= {table for event in language.events.values() if event.name in str(rule) for table in event.known_when}
    given = {table.removesuffix("_history") for base in found.bases for table in (*base.tables, *base.organisation.tables)}
    found.tables = tuple(sorted((given | set(tables_of(read, language)) | {"project"}) - {"expected"}))
    found.pasts = tuple(sorted(source.removesuffix("_history") for source in read if source not in TABLES and source.endswith("_history")))
    return found


def with_params(rule: Rule, values: Mapping[str, Any]) -> Rule:
    """Return *rule* as a profile that sets parameters has it."""
    changed = {
        name: rule.params[name].model_copy(update={"default": param_value(rule.params[name], value)}) for name, value in values.items()
    }
    return rule.model_copy(update={"params": {**rule.params, **changed}})
