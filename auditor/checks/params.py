"""Which value of a parameter holds for which project: the project's own documents, then tailoring, the profile, the pack."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from auditor.checks.compile.lower import SQL_TYPES, Variable
from auditor.checks.compile.plan import CheckPlan
from auditor.checks.compile.scope import PARAMS
from auditor.checks.inputs import Plan
from auditor.model.types import Kind
from auditor.rulebook import expression as ir
from auditor.rulebook.expression import Node
from auditor.rulebook.folding import Holding, mapped
from auditor.rulebook.params import param_value, param_value_from_text
from auditor.rulebook.rule import Each, Param

if TYPE_CHECKING:
    import duckdb

    from auditor.checks.database import Database


@dataclass(frozen=True, slots=True)
class Stated:
    """What a document of a project says about a parameter."""

    value: str
    where: str


@dataclass(frozen=True, slots=True)
class Held:
    """A value; `where` is the place in the project's documents that states it, or the edition it is for; '' for the profile's."""

    value: Any
    where: str = ""


class Params:
    """The values of all parameters of all rules, for every project."""

    def __init__(self, con: "duckdb.DuckDBPyConnection", checks: CheckPlan, projects: Sequence[str], plan: Plan) -> None:
        self._rules = {id_: plan.rule for id_, plan in checks.rules.items()}
        self._projects = projects
        self._con = con
        self._named = Holding(ir.ParamRef)
        self._tailored = {project: plan.projects[project].params for project in projects if project in plan.projects}
        self._stated: dict[tuple[str, str], Stated] = {}
        self._editions: dict[str, str | None] = {}
        self._variables: dict[str, tuple[str, str, str]] = {}  # column → rule, parameter, SQL type
        params = [param for rule in self._rules.values() for param in rule.params.values()]
        self._has_editions = any(param.default_by_edition for param in params)
        self._wanted = {name for param in params for name in param.stated_as}

    def store(self, database: "Database") -> None:
        """Read what the projects state and store what differs between them."""
        if self._wanted:
            database.ensure("project_parameter")
            found = self._con.execute(
                "select project_id, name, value, source, locator, artefact_id from project_parameter "
                "where project_id is not null and name is not null order by project_id, name, id, source"
            ).fetchall()
            for project, name, value, source, locator, artefact in found:
                if name in self._wanted and value is not None:
                    where = " ".join(part for part in (source or artefact, locator) if part) or "the project's documents"
                    self._stated.setdefault((project, name), Stated(value, where))
        if self._has_editions:
            rows = self._con.execute("select project_id, methodology_edition from _project").fetchall()
            self._editions = dict(rows)
        names = {name for _, name in self._stated}
        for id_, rule in self._rules.items():
            for name, param in rule.params.items():
                is_tailored = any(name in own.get(id_, ()) for own in self._tailored.values())
                if param.default_by_edition or not names.isdisjoint(param.stated_as) or is_tailored:
                    self._variables[f"{id_}.{name}"] = (id_, name, "")
        columns = {"project_id": "VARCHAR"}
        for column, (id_, name, _) in self._variables.items():
            columns[column] = _sql_type(self._rules[id_].params[name])
        database.load(PARAMS, columns, self._rows() if self._variables else ({"project_id": project} for project in self._projects))

    def _rows(self) -> Iterator[dict[str, Any]]:
        for project in self._projects:
            row: dict[str, Any] = {"project_id": project}
            for column, (id_, name, _) in self._variables.items():
                row[column] = self.value(id_, name, project).value
            yield row

    def value(self, rule: str, name: str, project: str) -> Held:
        """Return the value of a parameter for a project; None: not configured."""
        param = self._rules[rule].params[name]
        stated = next((found for named in param.stated_as if (found := self._stated.get((project, named))) is not None), None)
        if stated is not None:
            try:
                return Held(_checked(param, param_value_from_text(param, stated.value)), stated.where)
            except ValueError:
                return Held(None, f"{stated.where}: {stated.value[:80]!r} is no value of it")
        tailored = self._tailored.get(project, {}).get(rule, {}).get(name)
        if tailored is not None:
            return Held(param_value(param, tailored.value), tailored.origin)
        if param.default_by_edition:
            edition = self._editions.get(project)
            if edition in param.default_by_edition:
                return Held(param_value(param, param.default_by_edition[edition]), f"edition {edition}")
        return Held(param_value(param, param.default))

    def of(self, rule: str, project: str) -> Mapping[str, Held]:
        """Return the values of all parameters of a rule for a project."""
        return {name: self.value(rule, name, project) for name in self._rules[rule].params}

    def differs(self, rule: str) -> bool:
        """Return whether a parameter of the rule differs between projects."""
        return any(id_ == rule for id_, _, _ in self._variables.values())

    def elements(self, rule: str, project: str) -> list[Any] | None:
        """Return the elements that a rule about a list speaks of; None: not configured."""
        about = self._rules[rule].about
        assert isinstance(about, Each)
        if isinstance(about.each, list):
            return about.each
        found = self.value(rule, about.each.removeprefix("$"), project).value
        return found if isinstance(found, list) else None

    def texts(self, rule: str) -> list[str] | None:
        """Return the elements of a rule about a list of texts where every project has the same, none like another; None otherwise."""
        about = self._rules[rule].about
        if not isinstance(about, Each):
            return None
        if isinstance(about.each, list):
            listed: Any = about.each
        else:
            name = about.each.removeprefix("$")
            param = self._rules[rule].params[name]
            listed = None if f"{rule}.{name}" in self._variables else param_value(param, param.default)
        if not isinstance(listed, (list, tuple)) or not all(isinstance(item, str) for item in listed):
            return None
        return list(listed) if len({" ".join(item.casefold().split()) for item in listed}) == len(listed) else None

    def resolved(self, rule: str, node: Node) -> Node:
        """Return a condition of a rule with the values of its parameters in it."""
        return mapped(node, partial(self._resolve, rule))

    def _resolve(self, rule: str, part: Node) -> Node | None:
        """Return what stands for a part of a condition once values are known; None: its parts are looked at."""
        if not self._named.of(part):
            return part
        if isinstance(part, ir.ParamRef):
            if f"{rule}.{part.name}" in self._variables:
                return Variable(f"{rule}.{part.name}", part.value_kind, part.is_list)
            value = param_value(self._rules[rule].params[part.name], self._rules[rule].params[part.name].default)
            if value is None or part.is_list:
                return ir.Constant(None, part.value_kind, f"not_configured:{part.name}", part.name) if value is None else None
            return ir.Constant(value, part.value_kind, param=part.name)
        if isinstance(part, ir.InList) and any(isinstance(value, ir.ParamRef) and value.is_list for value in part.values):
            return self._in_list(rule, part)
        return None

    def _in_list(self, rule: str, part: ir.InList) -> Node:
        values: list[Node] = []
        for value in part.values:
            if isinstance(value, ir.ParamRef) and value.is_list and f"{rule}.{value.name}" not in self._variables:
                listed = self._rules[rule].params[value.name].default
                if listed is None:
                    values.append(ir.Constant(None, value.value_kind, f"not_configured:{value.name}", value.name))
                else:
                    values += [ir.Constant(item, value.value_kind, param=value.name) for item in listed]
            else:
                values.append(self.resolved(rule, value))
        return ir.InList(self.resolved(rule, part.item), tuple(values), at=part.at)


def _checked(param: Param, value: Any) -> Any:
    """Return *value*, or raise ValueError for a pattern that is none."""
    if param.type == "pattern" and isinstance(value, str):
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(str(error)) from None
    return value


def _sql_type(param: Param) -> str:
    match param.type:
        case "integer" | "days" | "working_days":
            return SQL_TYPES[Kind.INTEGER]
        case "number" | "share" | "money":
            return "DECIMAL(28,9)"
        case "boolean":
            return SQL_TYPES[Kind.BOOLEAN]
        case "date":
            return SQL_TYPES[Kind.DAY]
        case "list" | "one_of":
            values = (param.default if param.type == "list" else param.one_of) or []
            whole = bool(values) and all(isinstance(item, int) and not isinstance(item, bool) for item in values)
            return ("BIGINT" if whole else "VARCHAR") + ("[]" if param.type == "list" else "")
        case _:
            return SQL_TYPES[Kind.TEXT]
