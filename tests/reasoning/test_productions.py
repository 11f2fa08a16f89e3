"""Productions as their authors write them: what is refused, and where."""

from pathlib import Path

import pytest

from auditor.errors import RuleError
from auditor.reasoning.compile import compile_productions
from auditor.rulebook.load import load_rulebook
from auditor.rulebook.production import Production, Stated
from tests.shipped import shipped_rulebook

HEAD = "step: {step}\nproductions:\n"
PRODUCTION = """- name: small-ones
  when:
{when}
  then:
{then}
  because: they are small
"""
WHEN = "  - {fact: project, where: {size: small}, as: p}"
THEN = "  - {require: risk_log, obligation: optional}"


def write(folder: Path, *, step: str = "tailoring", when: str = WHEN, then: str = THEN) -> Path:
    """Write a pack with one production and return its folder."""
    pack = folder / "acme"
    (pack / "reasoning").mkdir(parents=True)
    (pack / "pack.yaml").write_text("name: acme\ntitle: Acme\nstandard: acme\nversion: '1'\nrequires: [core, pm2]\n")
    text = HEAD.format(step=step) + PRODUCTION.format(when=when, then=then)
    (pack / "reasoning" / "own.yaml").write_text(text)
    return pack


def refused(folder: Path, **parts: str) -> list[str]:
    """Return what is said of a pack with mistakes."""
    with pytest.raises(ExceptionGroup) as caught:
        load_rulebook([write(folder, **parts)], understood=shipped_rulebook())
    return [str(error) for error in caught.value.exceptions]


def test_a_production_is_read(tmp_path):
    book = load_rulebook([write(tmp_path)], understood=shipped_rulebook())
    own = [item for item in book.productions if item.pack == "acme"]
    assert [item.production.name for item in own] == ["small-ones"]
    assert book.location("production", "small-ones", "because").file == "acme/reasoning/own.yaml"


MISTAKES: list[tuple[dict[str, str], str, str]] = [
    ({"when": "  - {fact: projekt}"}, "no facts of the kind 'projekt'", ":5:"),
    ({"when": "  - {fact: project, where: {sise: small}}"}, "project has no property 'sise'", ":5:"),
    ({"when": "  - {fact: project, where: {size: tiny}}"}, "'tiny' is no value of it", ":5:"),
    ({"when": "  - {fact: project, where: {is_agile: small}}"}, "'small' is no flag", ":5:"),
    ({"when": "  - {fact: project, where: {size: {at_least: 3}}}"}, "at_least compares a whole number", ":5:"),
    ({"when": "  - {no: project}"}, "the first pattern is a fact that is there", ":5:"),
    ({"when": "  - {fact: project, as: p}\n  - {fact: product, where: {product: $q.kind}}"}, "no earlier pattern is called 'q'", ":6:"),
    (
        {"when": "  - {fact: project, as: p}\n  - {fact: product, where: {product: $p.kind}}"},
        "what may be unknown is not joined",
        ":6:",
    ),
    ({"when": "  - {fact: evaluation}"}, "no facts of the kind 'evaluation'", ":5:"),
    ({"when": "  - {count: project, at_least: 1}"}, "the first pattern is a fact that is there", ":5:"),
    ({"then": "  - {drop: [PM2-XXX-99]}"}, "'PM2-XXX-99' names no rule", ":7:"),
    ({"then": "  - {set: [PM2-RSK-10], param: hihg_score, value: 3}"}, "PM2-RSK-10 has no parameter 'hihg_score'", ":7:"),
    ({"then": "  - {set: [PM2-RSK-10], param: high_score, value: many}"}, "is no value of high_score", ":7:"),
    ({"then": "  - {conclude: x, says: y}"}, "conclude does not belong to tailoring", ":7:"),
    ({"then": "  - {require: $x.kind, obligation: optional}"}, "is nothing that a pattern names", ":7:"),
    ({"then": "  - {derive: project, values: {size: small}}"}, "is told by the audit itself", ":7:"),
    ({"then": "  - {require: risk_log}"}, "require needs obligation", ":7:"),
    ({"then": "  - {drop: [PM2-RSK-10], severity: minor}"}, "severity does not belong to drop", ":7:"),
    (
        {"step": "conclusions", "then": "  - {conclude: x, says: 'it is {p.sise}'}"},
        "'{p.sise}' is nothing that a pattern names",
        ":7:",
    ),
    ({"step": "conclusions", "when": "  - {fact: project}"}, "require does not belong to conclusions", ":7:"),
]


STEPS = (
    frozenset({"require needs obligation", "severity does not belong to drop"}),
    frozenset({"'tiny' is no value of it", "'small' is no flag", "what may be unknown is not joined"}),
)
"""Mistakes that are told together: the shape of a file is looked at before what stands in it, names before what is said of them."""


@pytest.fixture(scope="module")
def all_refused(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What is said of packs with every mistake, each in a file of its own: all of a step are told at once."""
    said = []
    for step in (*STEPS, frozenset({message for _, message, _ in MISTAKES}) - STEPS[0] - STEPS[1]):
        pack = write(tmp_path_factory.mktemp("mistakes"))
        for number, (parts, message, _) in enumerate(MISTAKES):
            if message not in step:
                continue
            production = PRODUCTION.format(when=parts.get("when", WHEN), then=parts.get("then", THEN))
            text = HEAD.format(step=parts.get("step", "tailoring")) + production.replace("small-ones", f"wrong-{number:02}")
            (pack / "reasoning" / f"wrong{number:02}.yaml").write_text(text)
        with pytest.raises(ExceptionGroup) as caught:
            load_rulebook([pack], understood=shipped_rulebook())
        said += [str(error) for error in caught.value.exceptions]
    return said


@pytest.mark.parametrize(("number", "message", "place"), [(number, *mistake[1:]) for number, mistake in enumerate(MISTAKES)])
def test_a_mistake_is_named_with_its_place(all_refused, number, message, place):
    assert any(message in one and f"wrong{number:02}.yaml{place}" in one for one in all_refused), all_refused


def test_what_is_right_is_not_refused(all_refused):
    assert not any("own.yaml" in one for one in all_refused)


def test_a_name_is_used_once(tmp_path):
    pack = write(tmp_path)
    file = pack / "reasoning" / "own.yaml"
    (pack / "reasoning" / "second.yaml").write_text(file.read_text())
    with pytest.raises(ExceptionGroup) as caught:
        load_rulebook([pack], understood=shipped_rulebook())
    assert "stated twice" in str(caught.value.exceptions[0])


def test_too_many_patterns_are_refused(tmp_path):
    said = refused(tmp_path, when="\n".join(["  - {fact: project}"] * 15))
    assert any("15 patterns are too many" in one for one in said)


def test_productions_that_wait_for_each_other_are_refused():
    made = {
        "name": "liar",
        "when": [{"fact": "project"}, {"no": "said", "where": {"name": "a"}}],
        "then": [{"derive": "said", "values": {"name": "a"}}],
        "because": "x",
    }
    with pytest.raises(RuleError, match="wait for each other: liar"):
        compile_productions([Stated("p", "tailoring", Production.model_validate(made))], "tailoring")
