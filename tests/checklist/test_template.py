"""Templates are data: what they may say, what they extend, and every mistake with its message and its place."""

from pathlib import Path

import pytest

from auditor.checklist.template import Shelf, lint_shelf, load_shelf
from auditor.errors import AuditorError
from auditor.rulebook.load import Rulebook
from tests.checklist.builders import shelf
from tests.shipped import shipped_rulebook


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return shipped_rulebook()


BASE = """\
kind: base
title: Base
groups:
- id: first
  title: First
  rules:
  - {areas: [risk]}
  questions:
  - {id: B-1, text: Is it?}
  - {id: B-2, text: Is it too?}
- id: second
  title: Second
  questions:
  - {id: B-3, text: And this?}
"""


def errors(folder: Path, rulebook: Rulebook | None = None, **files: str) -> list[str]:
    with pytest.raises(ExceptionGroup) as raised:
        shelf(folder, rulebook=rulebook, **files)
    found = list(raised.value.exceptions)
    assert all(isinstance(error, AuditorError) for error in found)
    return [str(error) for error in found]


def groups(found: Shelf, kind: str) -> dict[str, list[str]]:
    return {group.id: [question.id for question in group.questions] for group in found.templates[kind].groups}


WRONG = {
    "unknown key": ("kind: a\ntitle: A\ngroops: []\n", "x.yaml:3:1: unknown field 'groops'", "did you mean 'groups'?"),
    "no title": ("kind: a\n", "x.yaml:1:1: a checklist has a title", ""),
    "kind of a wrong form": ("kind: A B\ntitle: A\n", "x.yaml:1:7:", ""),
    "unknown scheme": ("kind: a\ntitle: A\nscheme: mine\n", "x.yaml:3:9: there is no scoring scheme 'mine'", "known are: none"),
    "extends nothing": (
        "kind: a\ntitle: A\nextends: bass\n",
        "x.yaml:3:10: there is no checklist 'bass' to extend",
        "did you mean 'base'?",
    ),
    "extends itself": ("kind: a\ntitle: A\nextends: a\n", "x.yaml:3:10: there is no earlier checklist 'a' to extend", ""),
    "group twice": (
        "kind: a\ntitle: A\ngroups:\n- {id: g, title: G}\n- {id: g, title: H}\n",
        "x.yaml:5:8: the group 'g' occurs twice",
        "first in line 4",
    ),
    "group without title": ("kind: a\ntitle: A\ngroups:\n- {id: g}\n", "x.yaml:4:3: the group 'g' has no title", ""),
    "question twice": (
        "kind: a\ntitle: A\ngroups:\n- id: g\n  title: G\n  questions: [{id: B-1, text: T}]\n",
        "x.yaml:6:20: the question B-1 is asked twice",
        "base.yaml:9",
    ),
    "question without text": (
        "kind: a\ntitle: A\ngroups:\n- id: g\n  title: G\n  questions: [{id: A-1}]\n",
        "x.yaml:6:15: the field 'text' is missing",
        "",
    ),
    "selection of nothing": ("kind: a\ntitle: A\ngroups:\n- {id: g, title: G, rules: [{}]}\n", "x.yaml:4:29: a selection names rules", ""),
    "unknown rule": (
        "kind: a\ntitle: A\ngroups:\n- id: g\n  title: G\n  rules: [{rules: [PM2-RSK-77]}]\n",
        "x.yaml:6:20: there is no rule 'PM2-RSK-77'",
        "did you mean",
    ),
    "unknown clause": (
        "kind: a\ntitle: A\ngroups:\n- id: g\n  title: G\n  questions: [{id: A-1, text: T, clauses: [PM2-XXX-01]}]\n",
        "there is no clause 'PM2-XXX-01'",
        "",
    ),
    "called like a rule": (
        "kind: a\ntitle: A\ngroups:\n- id: g\n  title: G\n  questions: [{id: PM2-RSK-07, text: T}]\n",
        "PM2-RSK-07 is a rule or a clause",
        "selected under `rules`",
    ),
    "reads like a rule": (
        "kind: a\ntitle: A\ngroups:\n- id: g\n  title: G\n  questions: [{id: PM2-RSK-99, text: T}]\n",
        "PM2-RSK-99 reads like a rule",
        "prefix",
    ),
    "unknown characteristic": (
        "kind: a\ntitle: A\ngroups:\n- {id: g, title: G, when: {sise: small}}\n",
        "x.yaml:4:28: project has no property 'sise'",
        "did you mean 'size'?",
    ),
    "unknown value": (
        "kind: a\ntitle: A\ngroups:\n- {id: g, title: G, when: {size: tiny}}\n",
        "'tiny' is no value of it",
        "small, medium, large",
    ),
    "flag as text": ("kind: a\ntitle: A\ngroups:\n- {id: g, title: G, when: {is_agile: maybe}}\n", "'maybe' is no flag", ""),
    "unknown test": (
        "kind: a\ntitle: A\ngroups:\n- {id: g, title: G, when: {size: {least: small}}}\n",
        "'least' is no test",
        "at_least, at_most",
    ),
    "drop without extends": (
        "kind: a\ntitle: A\ndrop: [{groups: [first], because: b}]\n",
        "x.yaml:3:8: `drop` leaves out what the extended template has",
        "say `extends`",
    ),
    "drop of a stranger": (
        "kind: a\nextends: base\ndrop: [{groups: [frist], because: b}]\n",
        "x.yaml:3:18: base has no group 'frist'",
        "did you mean 'first'?",
    ),
    "drop of a strange question": (
        "kind: a\nextends: base\ndrop: [{questions: [B-9], because: b}]\n",
        "base has no question 'B-9'",
        "did you mean",
    ),
    "drop of a strange rule": ("kind: a\nextends: base\ndrop: [{rules: [ZZZ-*], because: b}]\n", "'ZZZ-*' names no rule", ""),
    "drop without because": ("kind: a\nextends: base\ndrop: [{groups: [first]}]\n", "x.yaml:3:8: the field 'because' is missing", ""),
    "before nothing": ("kind: a\nextends: base\ngroups: [{id: g, title: G, before: thirst}]\n", "there is no group 'thirst'", ""),
    "before without extends": (
        "kind: a\ntitle: A\ngroups: [{id: g, title: G, before: first}]\n",
        "`before` names a group of the template that is extended",
        "say `extends`",
    ),
    "also a stranger": ("kind: a\ntitle: A\ngroups: [{id: g, title: G, also: [B-7]}]\n", "no template asks 'B-7'", "did you mean"),
    "also its own": (
        "kind: a\ntitle: A\ngroups: [{id: g, title: G, questions: [{id: A-1, text: T}], also: [A-1]}]\n",
        "A-1 is a question of this template",
        "",
    ),
    "also what it has": ("kind: a\nextends: base\ngroups: [{id: second, also: [B-1]}]\n", "a asks B-1 2 times", "take it out of `also`"),
    "weight below nothing": (
        "kind: a\ntitle: A\ngroups:\n- id: g\n  title: G\n  questions: [{id: A-1, text: T, weight: -1}]\n",
        "x.yaml:6:42:",
        "",
    ),
    "an alias": ("kind: &k a\ntitle: *k\n", "YAML anchors are not allowed", ""),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_told_with_its_place(name: str, tmp_path: Path, rulebook: Rulebook) -> None:
    """Every wrong input gives its message, the file and line, and what to do."""
    content, message, hint = WRONG[name]
    told = errors(tmp_path / "own", rulebook, base=BASE, x=content)
    assert any(message in error and hint in error for error in told), told
    assert len(told) == len(set(told))


SCHEMES = {
    "a point too many": ("schemes: [{id: s, title: S, points: {yes: 101, no: 0, partly: 5}}]", "less than or equal to 100"),
    "an answer without points": ("schemes: [{id: s, title: S, points: {yes: 100, no: 0}}]", "points are given for yes, partly and no"),
    "bands from above": ("schemes: [{id: s, title: S, bands: [{from_percent: 50, title: A}]}]", "bands begin at 0 and rise"),
    "bands that fall": (
        "schemes: [{id: s, title: S, bands: [{from_percent: 0, title: A}, {from_percent: 0, title: B}]}]",
        "bands begin at 0 and rise",
    ),
    "twice": ("schemes: [{id: s, title: S}, {id: s, title: T}]", "the scheme 's' exists twice"),
}


@pytest.mark.parametrize("name", SCHEMES)
def test_a_wrong_scheme_is_told(name: str, tmp_path: Path) -> None:
    content, message = SCHEMES[name]
    told = errors(tmp_path / "own", schemes=content)
    assert any(message in error and "schemes.yaml:1" in error for error in told), told


def test_kinds_that_extend_each_other_are_told(tmp_path: Path) -> None:
    told = errors(tmp_path / "own", a="kind: a\ntitle: A\nextends: b\n", b="kind: b\ntitle: B\nextends: a\n")
    assert any("checklists extend each other: a, b" in error for error in told), told


def test_a_second_template_of_a_kind_must_extend_the_first(tmp_path: Path) -> None:
    """A shipped list is never replaced by accident; with `extends` of its own kind an organisation changes it."""
    told = errors(tmp_path / "one", base=BASE, other="kind: base\ntitle: Mine\n")
    assert any("the checklist 'base' exists twice" in error and "`extends: base` takes its place" in error for error in told), told
    found = shelf(tmp_path / "two", base=BASE, other="kind: base\nextends: base\ntitle: Mine\ndrop: [{questions: [B-2], because: never}]\n")
    assert found.templates["base"].title == "Mine"
    assert groups(found, "base") == {"first": ["B-1"], "second": ["B-3"]}


def test_an_extending_template_adds_and_drops(tmp_path: Path, rulebook: Rulebook) -> None:
    """Groups and questions of its own come on top, at the place that it names; what it drops is gone; the rest it has of the other."""
    own = """\
kind: own
extends: base
drop: [{groups: [second], rules: ["PM2-RSK-0*"], because: we never do this}]
groups:
- id: first
  questions: [{id: O-1, text: Ours?}]
- {id: third, title: Third, before: first, questions: [{id: O-2, text: Ours too?}]}
- {id: fourth, title: Fourth}
"""
    found = shelf(tmp_path / "own", rulebook=rulebook, base=BASE, own=own)
    assert groups(found, "own") == {"third": ["O-2"], "first": ["B-1", "B-2", "O-1"], "fourth": []}
    assert found.templates["own"].title == "Base"
    assert found.templates["own"].dropped == ("PM2-RSK-0*",)
    assert found.templates["own"].lineage == ("base", "own")
    assert groups(found, "base") == {"first": ["B-1", "B-2"], "second": ["B-3"]}


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ExceptionGroup) as raised:
        load_shelf([tmp_path / "nowhere"], installed=False)
    assert "there is no such folder of checklists" in str(raised.value.exceptions[0])


def test_the_shipped_templates_have_no_remarks(rulebook: Rulebook) -> None:
    """Every selection of a shipped template means a rule, every product is one that some pack names; PRINCE2's rules come by area."""
    found = [item for item in lint_shelf(load_shelf(rulebook=rulebook), rulebook) if not item.at.file.startswith("prince2/")]
    assert not found


def test_lint_tells_selections_without_rules_and_unknown_products(tmp_path: Path, rulebook: Rulebook) -> None:
    found = shelf(
        tmp_path / "own",
        rulebook=rulebook,
        a="kind: a\ntitle: A\ngroups: [{id: g, title: G, product: risk_lug, rules: [{areas: [rsik]}]}]\n",
    )
    assert {item.code for item in lint_shelf(found, rulebook)} == {"empty-selection", "unknown-product"}
