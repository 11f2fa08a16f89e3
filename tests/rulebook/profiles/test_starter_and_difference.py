"""A profile to begin with, and what differs between two profiles."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.errors import RuleError
from auditor.rulebook.load import Rulebook, load_rulebook
from auditor.rulebook.profile import resolve_profile
from auditor.rulebook.profile_data import difference_data, profile_data
from auditor.rulebook.profile_difference import compare_profiles
from auditor.rulebook.profile_starter import starter_profile
from tests.rulebook.profiles.conftest import GOOD
from tests.shipped import shipped_rulebook

Loads = Callable[..., Rulebook]


def test_a_profile_to_begin_with_is_valid_with_and_without_its_comments(shipped: Rulebook, tmp_path: Path) -> None:
    """What is written loads and asks what its base asks; each commented word is right too once its # is gone."""
    bases = ("pm2", "pm2-small", "pm2-agile")
    for base in bases:
        text = starter_profile(shipped, f"as-{base}", base, schema="schema/profile.json")
        assert text.startswith("# yaml-language-server: $schema=schema/profile.json\n")
        (tmp_path / f"as-{base}.yaml").write_text(text, encoding="utf-8")
        every = re.sub(r"(?m)^# (?=[a-z_]+:|- |  )", "", text).replace(f"as-{base}", f"all-{base}")
        every = re.sub(r"(?ms)^select:.*?^$", "", every)  # with so few areas there would be nothing left to change
        (tmp_path / f"all-{base}.yaml").write_text(every, encoding="utf-8")
    book = load_rulebook([tmp_path], understood=shipped_rulebook())
    for base in bases:
        inherited = resolve_profile(shipped, base)
        assert not compare_profiles(inherited, resolve_profile(book, f"as-{base}"))
        assert len(resolve_profile(book, f"all-{base}").dropped) > len(inherited.dropped)


@pytest.mark.parametrize(("name", "says"), [("pm2", "already"), ("Ours", "no name of a profile"), ("-", "no name")])
def test_a_name_that_cannot_be_is_refused(name: str, says: str, shipped: Rulebook) -> None:
    with pytest.raises(RuleError, match=says):
        starter_profile(shipped, name, "pm2", schema="s")


def test_a_difference_tells_rules_and_fields_with_who_set_them(with_profiles: Loads) -> None:
    """Added, left out with its reason, changed field by field; what is set to the same value is no difference."""
    book = with_profiles(
        one="extends: [acme]\nchange: [{rules: [ACME-RSK-01], severity: major, because: the same}]",
        two="extends: [acme]\nadd: [{rules: [HOUSE-01], because: h}]\ndrop: [{rules: [ACME-PLA-01], because: roles are elsewhere}]\n"
        "change: [{rules: [ACME-RSK-01], params: {high_score: 9}, because: strict}]\nscoring: {min_coverage: 0.5, because: few}",
    )
    found = compare_profiles(resolve_profile(book, "one"), resolve_profile(book, "two"))
    assert [item.rule for item in found.added] == ["HOUSE-01"]
    assert [(item.rule, item.why.because, item.why.by) for item in found.left_out if item.why] == [
        ("ACME-PLA-01", "roles are elsewhere", "two.yaml:4")
    ]
    assert {rule: [field.field for field in fields] for rule, fields in found.changed.items()} == {"ACME-RSK-01": ["params.high_score"]}
    assert [field.field for field in found.scoring] == ["min_coverage"]
    data = difference_data(found)
    assert data["changed"]["ACME-RSK-01"][0]["second"] == {
        "value": 9,
        "set_by": "two.yaml:5",
        "because": "strict",
        "before": [{"value": 20, "set_by": "acme"}],
    }


def test_a_profile_does_not_differ_from_itself() -> None:
    book = load_rulebook([GOOD], installed=False)
    assert not compare_profiles(resolve_profile(book, "site"), resolve_profile(book, "site"))


def test_a_profile_as_data_holds_every_rule_and_every_value() -> None:
    """Whatever the text shows is there for programs too."""
    profile = resolve_profile(load_rulebook([GOOD], installed=False), "site")
    data = profile_data(profile)
    assert set(data["rules"]) == set(profile.rules)
    assert data["left_out"]["HOUSE-01"] == {"by": "site.yaml:8", "because": "the site has another register"}
    assert data["rules"]["ACME-RSK-01"]["fields"]["severity"]["before"] == [{"value": "major", "set_by": "acme"}]
    assert data["scoring"]["green_from"]["value"] == "19/20"
