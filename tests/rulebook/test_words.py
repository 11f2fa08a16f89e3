"""Words and views of the shipped packs: their cases, decided by the engine."""

from collections.abc import Iterator
from typing import Any

import pytest

from auditor.rulebook.condition import BUILT_IN_WORDS
from auditor.rulebook.load import Rulebook
from auditor.rulebook.names import Term, View
from auditor.rulebook.rule import Case, Rule
from auditor.workbench.cases import run_rule_cases
from tests.shipped import shipped_rulebook

SAID = {True: "conform", False: "nonconform", None: "not_assessed"}


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return shipped_rulebook()


def test_every_built_in_word_is_documented(rulebook: Rulebook) -> None:
    """What the compiler knows, people can look up."""
    plain = {"lower", "upper", "trim", "length", "abs", "year", "month", "day", "contains", "today"}  # as in every SQL
    assert sorted(BUILT_IN_WORDS - plain - set(rulebook.terms)) == []


def test_words_and_views_have_cases(rulebook: Rulebook) -> None:
    """Each is proved."""
    assert [term.name for term in rulebook.terms.values() if not term.cases] == []
    assert [view.name for view in rulebook.views.values() if not view.cases] == []


def rule(name: str, about: str, require: str, cases: list[Case], where: str = "true") -> Rule:
    fields: dict[str, Any] = {
        "id": name,
        "title": name,
        "requirement": name,
        "cites": [],
        "answers": [],
        "area": "words",
        "severity": "minor",
    }
    return Rule(**fields, about=about, require=require, where=where, cases=cases)


def case(name: str, given: Any, verdict: str, **more: Any) -> Case:
    return Case.model_validate({"name": name, "given": given, "expect": {"verdict": verdict}, **more})


def of_term(term: Term) -> Iterator[Rule]:
    """Yield a rule per case of a word: true is conform, false nonconform, unknown not assessed."""
    for number, item in enumerate(term.cases):
        proof = case(term.name, item["tables"], SAID[item["expect"]], unknown=item.get("unknown", {}))
        yield rule(f"{term.name}-{number}", item.get("about", "project"), item["says"], [proof])


def of_view(view: View) -> Iterator[Rule]:
    """Yield rules per case of a view: how many rows it has, and what each expected row holds."""
    for number, item in enumerate(view.cases):
        given, unknown = item["given"], item.get("unknown", {})
        name = f"{view.name}-{number}"
        if item["expect"] == "unknown":
            yield rule(f"{name}-all", "project", f"exists (from {view.name})", [case(name, given, "not_assessed", unknown=unknown)])
            continue
        count = f"(select count(*) from {view.name}) = {len(item['expect'])}"
        yield rule(f"{name}-all", "project", count, [case(name, given, "conform", unknown=unknown)])
        for row in item["expect"]:
            tests = [said(view, column, value) for column, value in row.items() if column != "id"]
            where = f"{view.name}.id = '{row['id']}'"
            yield rule(
                f"{name}-{row['id']}", view.name, " and ".join(tests) or "true", [case(name, given, "conform", unknown=unknown)], where
            )


def said(view: View, column: str, value: Any) -> str:
    """Return the condition that a column has a value."""
    if value is None:
        return f"blank({column})"
    kind = view.columns[column]
    if kind == "day":
        return f"{column} = date '{value}'"
    if kind == "boolean":
        return column if value else f"not {column}"
    return f"{column} = {value}" if kind in ("integer", "decimal") else f"{column} = '{value}'"


@pytest.mark.parametrize("kind", ["terms", "views"])
def test_the_cases_hold(rulebook: Rulebook, kind: str) -> None:
    """Every case of a word or view gives what it says."""
    rules = [made for item in getattr(rulebook, kind).values() for made in (of_term(item) if kind == "terms" else of_view(item))]
    outcomes = run_rule_cases(rulebook, (), rules=rules)
    assert len(outcomes) >= len(rules)
    assert [f"{item.name}: {', '.join(item.differences)}" for item in outcomes if not item.holds] == []
