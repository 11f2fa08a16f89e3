"""Editions, bases that contradict each other, and any graph of profiles against a resolver that knows none of our code."""

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.rulebook.load import Rulebook
from auditor.rulebook.profile import resolve_profile
from tests.rulebook.profiles.conftest import GOOD

Loads = Callable[..., Rulebook]
DEEP = os.environ.get("LAWS") == "deep"
CHANGE = "change: [{{rules: [ACME-RSK-01], severity: {}, because: x}}]"


def mistakes(rulebook: Rulebook, name: str) -> list[str]:
    with pytest.raises(ExceptionGroup) as caught:
        resolve_profile(rulebook, name)
    return [str(error) for error in caught.value.exceptions]


def test_an_edition_leaves_out_what_only_others_ask_and_sets_its_values(with_profiles: Loads, tmp_path: Path) -> None:
    """Rules of other standards stay; a parameter that differs between editions has the edition's value and says so."""
    profile = resolve_profile(with_profiles(old="extends: [acme, house]\nedition: '1'"), "old")
    assert "ACME-RSK-01" in profile.rules
    setting = profile.setting("ACME-RSK-01", "params.high_score")
    assert (setting.value, setting.set_by, setting.because) == (16, "old.yaml:3", "the value of edition 1")
    assert profile.rules["ACME-RSK-01"].params["high_score"].default_by_edition == {}
    rule = (GOOD / "acme" / "planning" / "ACME-PLA-01.yaml").read_text(encoding="utf-8")
    pack = tmp_path / "new" / "planning"
    pack.mkdir(parents=True)
    (tmp_path / "new" / "pack.yaml").write_text(
        "name: new\ntitle: N\nstandard: new\neditions: ['1', '2']\nversion: 1.0.0\nrequires: [acme]\n"
    )
    clause = "{id: NEW-PLA-01, area: planning, requirement: R., status: automatic, rules: [NEW-PLA-01]}"
    (tmp_path / "new" / "clauses.yaml").write_text(f"clauses:\n- {clause}\n")
    renamed = rule.replace("ACME-PLA-01", "NEW-PLA-01")
    cites = next(line for line in renamed.splitlines() if line.startswith("cites:"))
    only = 'cites: [{standard: new, editions: ["2"], section: "1"}]'
    (pack / "NEW-PLA-01.yaml").write_text(renamed.replace(cites, only), encoding="utf-8")
    book = with_profiles(
        first="extends: [new]\nedition: '1'\nadd: [{rules: [ACME-PLA-01], because: x}]", second="extends: [new]\nedition: '2'"
    )
    first = resolve_profile(book, "first")
    assert list(first.rules) == ["ACME-PLA-01"]
    assert first.dropped["NEW-PLA-01"].because == "asked by edition 2 only"
    assert list(resolve_profile(book, "second").rules) == ["NEW-PLA-01"]


def test_an_edition_that_no_pack_has_is_an_error(with_profiles: Loads) -> None:
    """With its place and what there is."""
    (found,) = mistakes(with_profiles(old="extends: [acme]\nedition: '3'"), "old")
    assert "old.yaml:3:10: no pack of the profile has the edition '3'" in found
    assert "there are: 1, 2" in found


def test_bases_that_contradict_each_other_are_an_error_until_somebody_says_which_holds(with_profiles: Loads) -> None:
    """Neither knows of the other, so neither was meant to win."""
    both = {"left": f"extends: [acme]\n{CHANGE.format('minor')}", "right": f"extends: [acme]\n{CHANGE.format('critical')}"}
    (found,) = mistakes(with_profiles(**both, both="extends: [left, right]"), "both")
    assert (
        "both.yaml:2:10: the bases contradict each other: severity of ACME-RSK-01 is minor (left.yaml:3) and critical (right.yaml:3)"
        in found
    )
    settled = with_profiles(
        said=f"extends: [left, right]\n{CHANGE.format('observation')}",
        out="extends: [left, right]\ndrop: [{rules: [ACME-RSK-01], because: x}]",
        same=f"extends: [acme]\n{CHANGE.format('minor')}",
        agreed="extends: [left, same]",
    )
    assert resolve_profile(settled, "said").rules["ACME-RSK-01"].severity == "observation"
    assert "ACME-RSK-01" not in resolve_profile(settled, "out").rules
    assert resolve_profile(settled, "agreed").rules["ACME-RSK-01"].severity == "minor"


def test_scores_that_contradict_each_other_are_an_error(with_profiles: Loads) -> None:
    """The same law holds for weights, bands and coverage."""
    one, two = (f"extends: [acme]\nscoring: {{weights: {{major: {n}}}, because: x}}" for n in (1, 2))
    (found,) = mistakes(with_profiles(one=one, two=two, both="extends: [one, two]"), "both")
    assert "weights.major of the scoring is 1 (one.yaml:3) and 2 (two.yaml:3)" in found


def test_a_contradiction_survives_a_third_base_that_only_went_further(with_profiles: Loads) -> None:
    """The third stands on the second, and the first still says something else."""
    book = with_profiles(
        a=f"extends: [acme]\n{CHANGE.format('minor')}",
        b=f"extends: [acme]\n{CHANGE.format('critical')}",
        c=f"extends: [b]\n{CHANGE.format('observation')}",
        all="extends: [a, b, c]",
    )
    assert len(mistakes(book, "all")) == 1


History = tuple[tuple[str, Any], ...]
"""Who set what, the first one first; it begins with the pack."""


def naive(name: str, files: dict[str, dict[str, Any]], field: tuple[str, str], first: Any) -> tuple[History | None, bool]:
    """Return the history of a field of a rule (None: the rule is left out), and whether a contradiction stands somewhere below."""
    rule = field[0]
    file = files[name]
    held: History | None = None
    is_wrong = is_out = False
    rivals: list[tuple[str, Any]] = []
    for base in file["extends"]:
        history, wrong = ((("acme", first),), False) if base == "acme" else naive(base, files, field, first)
        is_wrong = is_wrong or wrong
        if history is None:
            is_out = True
            continue
        if held is None:
            held, rivals = history, []
        elif len(history) > 1 and history[-1] not in held:
            candidates = [held[-1], *rivals] if len(held) > 1 else rivals
            rivals = [rival for rival in candidates if rival[1] != history[-1][1] and rival not in history]
            held = history
    if is_out or rule in file["drop"]:
        return None, is_wrong
    if held is not None and field in file["change"]:
        return (*held, (name, file["change"][field])), is_wrong
    return held, is_wrong or bool(rivals)


def random_files(draw: random.Random) -> dict[str, dict[str, Any]]:
    files: dict[str, dict[str, Any]] = {}
    for number in range(draw.randint(2, 14)):
        below = [*files, "acme"]
        files[f"p{number}"] = {
            "extends": draw.sample(below, min(len(below), draw.choice([1, 1, 2, 3]))),
            "drop": ["ACME-PLA-01"] if draw.random() < 0.1 else [],
            "change": {
                field: draw.choice(values)
                for field, values in (
                    (("ACME-RSK-01", "severity"), ["critical", "minor", "observation"]),
                    (("ACME-PLA-01", "severity"), ["critical", "observation"]),
                    (("ACME-RSK-01", "params.high_score"), [1, 2, 3]),
                )
                if draw.random() < 0.35
            },
        }
    return files


def as_text(file: dict[str, Any]) -> str:
    lines = [f"extends: [{', '.join(file['extends'])}]"]
    if file["drop"]:
        lines.append("drop: [{rules: [ACME-PLA-01], because: x}]")
    changes = []
    for (rule, field), value in file["change"].items():
        set_ = f"severity: {value}" if field == "severity" else f"params: {{high_score: {value}}}"
        changes.append(f"  - {{rules: [{rule}], {set_}, because: x}}")
    return "\n".join([*lines, *(["change:", *changes] if changes else [])])


@pytest.mark.parametrize("seed", range(400 if DEEP else 25))
def test_any_graph_of_profiles_resolves_as_a_naive_resolver_says(seed: int, with_profiles: Loads) -> None:
    """Values, who set them, rules left out and contradictions: all as following every base by hand gives."""
    files = random_files(random.Random(seed))  # noqa: S311  (a test)
    fields = {("ACME-RSK-01", "severity"): "major", ("ACME-PLA-01", "severity"): "minor", ("ACME-RSK-01", "params.high_score"): 20}
    for file in files.values():  # what a profile does not have it cannot change
        below = [naive(base, files, ("ACME-PLA-01", "severity"), "minor")[0] for base in file["extends"] if base != "acme"]
        if any(history is None for history in below):
            file["drop"] = []
            file["change"].pop(("ACME-PLA-01", "severity"), None)
        elif file["drop"]:
            file["change"].pop(("ACME-PLA-01", "severity"), None)
    book = with_profiles(**{name: as_text(file) for name, file in files.items()})
    for name in files:
        expected = {field: naive(name, files, field, first) for field, first in fields.items()}
        if any(is_wrong for _, is_wrong in expected.values()):
            assert any("contradict" in text for text in mistakes(book, name))
            continue
        profile = resolve_profile(book, name)
        for (rule, field), (history, _) in expected.items():
            if history is None:
                assert rule not in profile.rules
                continue
            chain = []
            setting = profile.setting(rule, field)
            while setting is not None:
                chain.append((setting.set_by.split(".")[0], str(setting.value)))
                setting = setting.before
            assert chain[::-1] == [(who, str(value)) for who, value in history]


def test_what_one_base_drops_stays_out_unless_it_is_added_again(with_profiles: Loads) -> None:
    """A base that left the rule alone does not bring it back; what is merely not selected does come back with a base that asks it."""
    out = "extends: [acme]\ndrop: [{rules: [ACME-PLA-01], because: not ours}]"
    book = with_profiles(
        out=out,
        plain="extends: [acme]",
        again="extends: [out]\nadd: [{rules: [ACME-PLA-01], because: ours again}]",
        risks="extends: [acme]\nselect: [{areas: [risk], because: x}]",
        plans="extends: [acme]\nselect: [{areas: [planning], because: x}]",
        both="extends: [plain, out]",
        knows="extends: [out, again]",
        selected="extends: [risks, plans]",
    )
    assert list(resolve_profile(book, "both").rules) == ["ACME-RSK-01"]
    assert resolve_profile(book, "both").dropped["ACME-PLA-01"].because == "not ours"
    assert list(resolve_profile(book, "knows").rules) == ["ACME-PLA-01", "ACME-RSK-01"]
    assert list(resolve_profile(book, "selected").rules) == ["ACME-PLA-01", "ACME-RSK-01"]
    assert resolve_profile(book, "selected").dropped == {}


def test_sixty_profiles_deep_the_last_word_holds_and_all_are_remembered(with_profiles: Loads) -> None:
    """Depth 60, each of them with a change."""
    texts = {"p0": "extends: [acme]"}
    for number in range(1, 61):
        texts[f"p{number}"] = (
            f"extends: [p{number - 1}]\nchange: [{{rules: [ACME-RSK-01], params: {{high_score: {number}}}, because: b{number}}}]"
        )
    setting = resolve_profile(with_profiles(**texts), "p60").setting("ACME-RSK-01", "params.high_score")
    values = []
    while setting is not None:
        values.append(setting.value)
        setting = setting.before
    assert values == [*range(60, 0, -1), 20]
