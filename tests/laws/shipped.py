"""Little projects for a shipped rule: its cases, changed at random with the values that its cases know."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from auditor.model.schema import TABLES
from auditor.model.types import ColumnType, Kind
from auditor.rulebook.condition import Language, rule_conditions, tables_of
from auditor.rulebook.load import Rulebook
from auditor.rulebook.rule import Rule
from auditor.workbench.cases import case_project, owed_products
from tests.laws.generate import DAYS, Little, complete_people
from tests.laws.naive import BLANK, UNKNOWN
from tests.laws.worlds import world

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
        Kind.INSTANT: [],
    }
    return plain.get(type_.kind, _TEXTS)


@dataclass
class Pool:
    """What the cases of a rule know.

    Attributes:
        bases: the cases as little projects.
        values: (table, column) → values that occur.
        tables: tables that the rule reads, and those that its cases give.
    """

    rule: Rule
    bases: list[Little] = field(default_factory=list)
    values: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    tables: tuple[str, ...] = ()

    def domain(self, table: str, column: str) -> list[Any]:
        """Return the values that a column may have: those of the cases, and some that no case has."""
        return self.values.get((table, column), []) * 2 + anything(TABLES[table].by_name[column].type)

    def value(self, random: Random, table: str, column: str, *, unknown: float, blank: float) -> Any:
        """Return a random value."""
        chance, choices = random.random(), self.domain(table, column)
        return UNKNOWN if chance < unknown else BLANK if chance < unknown + blank or not choices else random.choice(choices)

    def project(self, random: Random) -> Little:
        """Return a case with some of its values and rows changed."""
        base = random.choice(self.bases)
        change = random.choice([0.0, 0.1, 0.3])
        unknown = random.choice([0.0, 0.0, 0.3])
        tables = {}
        for table, rows in base.tables.items():
            kept = [dict(row) for row in rows if table == "project" or random.random() >= change / 2]
            if kept and table != "project" and random.random() < 0.5:
                kept.append(random.choice(kept) | {"id": f"{table}-more"})
            for row in kept:
                for column in row:
                    if column != "id" and row[column] is not UNKNOWN and random.random() < change:
                        row[column] = self.value(random, table, column, unknown=0.0 if column.endswith("_raw") else unknown, blank=0.3)
                for column in row:
                    if column.endswith("_raw") and row[column] in (BLANK, UNKNOWN):
                        row[column] = UNKNOWN if row.get(column.removesuffix("_raw")) is UNKNOWN else BLANK
            tables[table] = kept
        complete = {table for table in base.complete if table == "project" or random.random() > change / 4}
        return Little(tables, complete, list(base.expected), base.knows_expected)

    def completion(self, random: Random, little: Little) -> Little:
        """Return one world that *little* may be."""
        blank = random.choice([0.1, 0.4])
        tables = {}
        for table in self.tables:
            rows = [dict(row) for row in little.tables.get(table, [])]
            if table not in little.complete:
                known = little.tables.get(table) or next((base.tables[table] for base in self.bases if base.tables.get(table)), [])
                for number in range(random.randint(0, 2)):
                    base = random.choice(known) if known and random.random() < 0.6 else {}
                    rows.append(base | {"id": f"{table}-9{number}"})
            for row in rows:
                for column in TABLES[table].own:
                    row.setdefault(column.name, UNKNOWN)
            if table == "person":
                complete_people(random, rows)
            for row in rows:
                for name, value in row.items():
                    if value is UNKNOWN:
                        row[name] = self.value(random, table, name, unknown=0.0, blank=blank)
            tables[table] = rows
        expected = list(little.expected)
        if not little.knows_expected:
            seen = {kind for kind, _ in expected}
            expected += [(kind, "mandatory") for kind in self._named() if kind not in seen and random.random() < 0.5]
        return Little(tables, {*self.tables, "candidate"}, expected, knows_expected=True)

    def _named(self) -> list[str]:
        return sorted(set(_LITERAL.findall(f"{self.rule.applies} {self.rule.where} {self.rule.require}")))


def pool(rulebook: Rulebook, language: Language, rule: Rule) -> Pool | None:
    """Return what the cases of *rule* know; None when they need the organisation's tables, another day or the past."""
    found = Pool(rule)
    products = owed_products(rulebook, rule)
    for case in rule.cases:
        made = case_project(case, "P", rule=rule, products=products)
        is_plain = not made.organisation and not any(name.endswith("_history") for name in made.rows) and case.as_of is None
        if not is_plain or case.params or "project_parameter" in made.rows:
            continue
        plain = world("P", made.rows, made.plan, made.as_of)
        tables: dict[str, list[dict[str, Any]]] = {}
        for name, rows in plain.tables.items():
            if name in ("expected", "completeness"):
                continue
            own = {column.name for column in TABLES[name].own} | {
                f"{column.name}_raw" for column in TABLES[name].own if column.type.has_raw
            }
            tables[name] = [{"id": row["id"]} | {column: value for column, value in row.items() if column in own} for row in rows]
            for row in tables[name]:
                for column, value in row.items():
                    if column != "id" and value is not UNKNOWN and value is not BLANK:
                        found.values.setdefault((name, column), []).append(value)
        expected = [(item.kind, item.obligation) for item in made.plan.expected]
        found.bases.append(Little(tables, plain.complete - {"expected"} | {"project"}, expected, made.plan.is_known))
    if not found.bases:
        return None
    read = {source for condition in rule_conditions(rule, language).values() for source in condition.sources}
    if isinstance(rule.about, str):
        read.add(rule.about)
    read |= {table for event in language.events.values() if event.name in str(rule) for table in event.known_when}
    named = {table for base in found.bases for table in base.tables} | set(tables_of(read, language)) | {"project"}
    if any(TABLES[name].is_organisational for name in named):
        return None
    found.tables = tuple(sorted(named - {"expected", "project_parameter"}))
    return found
