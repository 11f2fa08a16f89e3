"""Profiles: what is inherited, changed and by whom."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import RuleError
from auditor.rulebook.load import Rulebook, load_rulebook
from auditor.rulebook.profile import describe_profile, resolve_profile


@pytest.fixture
def rulebook(folders: Path) -> Rulebook:
    return load_rulebook([folders / "good"], installed=False)


def with_profiles(folders: Path, tmp_path: Path, **profiles: str) -> Rulebook:
    for name, text in profiles.items():
        (tmp_path / f"{name}.yaml").write_text(f"name: {name}\n{text}\n")
    return load_rulebook([folders / "good", tmp_path], installed=False)


def mistakes(rulebook: Rulebook, name: str) -> list[str]:
    with pytest.raises(ExceptionGroup) as caught:
        resolve_profile(rulebook, name)
    assert all(isinstance(error, RuleError) and error.at and error.at.line for error in caught.value.exceptions)
    return [str(error) for error in caught.value.exceptions]


def test_a_pack_is_a_profile_of_its_own_rules(rulebook: Rulebook) -> None:
    """Without a profile of that name, all rules of a pack as they are."""
    profile = resolve_profile(rulebook, "acme")
    assert list(profile.rules) == ["ACME-PLA-01", "ACME-RSK-01"]
    assert all(setting.set_by == "acme" for setting in profile.settings["ACME-RSK-01"].values())
    assert profile.lineage == ("acme",)


def test_every_field_knows_who_set_it(rulebook: Rulebook) -> None:
    """A changed field names the line that changed it and what it was; the last change holds."""
    profile = resolve_profile(rulebook, "site")
    severity = profile.setting("ACME-RSK-01", "severity")
    assert severity.describe("severity") == "severity: critical, set by site.yaml:11, was major in acme"
    assert severity.because == "insurance asks for it"
    score = profile.setting("ACME-RSK-01", "params.high_score")
    assert (score.value, score.set_by) == (16, "branch.yaml:9")
    assert profile.rules["ACME-RSK-01"].params["high_score"].default == 16
    assert profile.rules["ACME-RSK-01"].params["high_score"].default_by_edition == {}
    assert profile.rules["ACME-PLA-01"].say == "There is no {role_id}."


def test_what_is_left_out_says_by_whom(rulebook: Rulebook) -> None:
    """A dropped rule stays visible with its reason."""
    profile = resolve_profile(rulebook, "site")
    assert profile.dropped["HOUSE-01"].by == "site.yaml:8"
    assert profile.dropped["HOUSE-01"].because == "the site has another register"
    assert "HOUSE-01" not in profile.rules


def test_scoring_is_inherited_value_by_value(rulebook: Rulebook) -> None:
    """Weights, bands and coverage are exact, and each comes from the nearest profile that sets it."""
    scoring = resolve_profile(rulebook, "site").scoring
    assert scoring.weights == {"critical": 10, "major": 5, "minor": 2, "observation": 1}
    assert (scoring.green_from, scoring.amber_from, scoring.min_coverage) == (Fraction(19, 20), Fraction(4, 5), Fraction(3, 4))
    assert scoring.settings["weights.observation"].set_by == "branch.yaml:16"
    assert scoring.settings["weights.major"].set_by == "auditor"
    assert resolve_profile(rulebook, "acme").scoring.min_coverage == Fraction(3, 5)


def test_resolving_changes_nothing_of_the_rulebook(rulebook: Rulebook) -> None:
    """The same inputs give the same profile, however often and in whatever order profiles are resolved."""
    first = resolve_profile(rulebook, "site").digest
    resolve_profile(rulebook, "branch")
    assert rulebook.rules["ACME-RSK-01"].severity == "major"
    assert resolve_profile(rulebook, "site").digest == first
    assert resolve_profile(rulebook, "branch").digest != first


def test_the_resolved_profile_is_known(rulebook: Rulebook, golden: Callable[[str, str], None]) -> None:
    """No rule and no value changes in silence."""
    golden("site.txt", describe_profile(resolve_profile(rulebook, "site")))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("drop: [{rules: [ACME-RSK-02], because: x}]", "unknown rule 'ACME-RSK-02'"),
        ("drop: [{rules: ['PM2-*'], because: x}]", "no rule matches 'PM2-*'"),
        ("drop: [{rules: [HOUSE-01], because: x}]", "is not among the inherited ones"),
        ("add: [{rules: [HOUSE-99], because: x}]", "unknown rule 'HOUSE-99'"),
        ("select: [{areas: [riks], because: x}]", "did you mean 'risk'?"),
        ("select: [{severities: [critical], because: x}]", "no rule of the profile meets this choice"),
        ("select: [{because: x}]", "nothing is chosen"),
        ("drop: [{areas: [risk, planning], because: x}]", "the profile 'p' has no rules"),
        ("change: [{rules: [ACME-RSK-01], because: x}]", "nothing is changed"),
        ("change: [{rules: [ACME-RSK-01], params: {high_scor: 1}, because: x}]", "did you mean 'high_score'?"),
        ("change: [{areas: [risk], params: {until: 1}, because: x}]", "none of the chosen rules has a parameter 'until'"),
        ("change: [{rules: [ACME-RSK-01], params: {high_score: '1'}, because: x}]", "'1' is not a whole number"),
        ("change: [{rules: [ACME-PLA-01], params: {until: 31.3.2026}, because: x}]", "'31.3.2026' is not a day"),
        ("change: [{rules: [ACME-RSK-01], texts: {say: '{titel}'}, because: x}]", "unknown value {titel}"),
        ("change: [{rules: [ACME-RSK-01], texts: {say: '{'}, because: x}]", "a single '{'"),
        ("change: [{rules: [ACME-RSK-01], gate: rfx, because: x}]", "unknown gate 'rfx'"),
        ("change: [{rules: [ACME-RSK-01], allow_share: 2, because: x}]", "allow_share is a share"),
        ("change: [{rules: [ACME-RSK-01], allow_share: $x, because: x}]", "unknown parameter '$x'"),
        ("scoring: {because: x}", "nothing is changed"),
    ],
)
def test_what_a_profile_cannot_mean_is_refused(folders: Path, tmp_path: Path, text: str, message: str) -> None:
    """Unknown rules, fields and parameters, wrong values and empty selections are errors with a place."""
    found = mistakes(with_profiles(folders, tmp_path, p=f"extends: [acme]\n{text}"), "p")
    assert len(found) == 1
    assert message in found[0]


@pytest.mark.parametrize(
    "text",
    [
        "change: [{rules: [ACME-RSK-01], severity: minor}]",
        "drop: [{rules: [ACME-RSK-01]}]",
        "chance: []",
        "scoring: {weights: {major: -1}, because: x}",
        "scoring: {bands: {green: 0.5, amber: 0.9}, because: x}",
        "scoring: {min_coverage: 60, because: x}",
        "extends: []",
    ],
)
def test_what_is_no_profile_is_refused_when_it_is_loaded(folders: Path, tmp_path: Path, text: str) -> None:
    """A change without a reason, an unknown field or a share over 1 is found before anybody resolves the profile."""
    with pytest.raises(ExceptionGroup):
        with_profiles(folders, tmp_path, p=text if text.startswith("extends") else f"extends: [acme]\n{text}")


def test_profiles_that_extend_each_other_are_refused(folders: Path, tmp_path: Path) -> None:
    """A cycle of any length is one error that shows it."""
    rulebook = with_profiles(folders, tmp_path, a="extends: [b]", b="extends: [c]", c="extends: [acme, a]", d="extends: [d]")
    assert [message for message in mistakes(rulebook, "a") if "a → b → c → a" in message]
    assert any("extends itself" in message for message in mistakes(rulebook, "d"))


def test_a_profile_may_be_called_as_its_pack(folders: Path, tmp_path: Path) -> None:
    """Inside the profile the name means the pack, elsewhere the profile."""
    rulebook = with_profiles(folders, tmp_path, acme="extends: [acme]\ndrop: [{areas: [planning], because: x}]", p="extends: [acme]")
    assert list(resolve_profile(rulebook, "acme").rules) == ["ACME-RSK-01"]
    assert list(resolve_profile(rulebook, "p").rules) == ["ACME-RSK-01"]


def test_of_two_bases_the_one_that_went_further_holds(folders: Path, tmp_path: Path) -> None:
    """A change made on top of a shared base is not undone by another base that left it alone."""
    change = "change: [{{rules: [ACME-RSK-01], severity: {}, because: x}}]"
    rulebook = with_profiles(
        folders,
        tmp_path,
        root=f"extends: [acme]\n{change.format('minor')}",
        left=f"extends: [root]\n{change.format('critical')}",
        right="extends: [root]",
        both="extends: [left, right]",
    )
    assert resolve_profile(rulebook, "both").rules["ACME-RSK-01"].severity == "critical"


def test_an_unknown_profile_is_an_error(rulebook: Rulebook) -> None:
    """A misspelt name never means 'the default'."""
    with pytest.raises(RuleError, match="did you mean 'branch'"):
        resolve_profile(rulebook, "brunch")


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(["critical", "major", "minor", "observation"]), min_size=1, max_size=40))
def test_the_last_of_any_number_of_profiles_holds(tmp_path_factory: pytest.TempPathFactory, severities: list[str]) -> None:
    """Profiles extend each other to any depth; the outermost change holds and the chain of changes is kept."""
    folders = Path(__file__).parent / "folders"
    base = "acme"
    texts = {}
    for number, severity in enumerate(severities):
        name = f"p{number}"
        texts[name] = f"extends: [{base}]\nchange: [{{rules: [ACME-RSK-01], severity: {severity}, because: x}}]"
        base = name
    profile = resolve_profile(with_profiles(folders, tmp_path_factory.mktemp("deep"), **texts), base)
    setting = profile.setting("ACME-RSK-01", "severity")
    chain = []
    while setting.before is not None:
        chain.append(setting.value)
        setting = setting.before
    assert chain == severities[::-1]


def test_a_thousand_profiles_deep_is_no_problem(folders: Path, tmp_path: Path) -> None:
    """Depth costs neither stack nor much time."""
    texts = {"p0": "extends: [acme]"}
    for number in range(1, 1000):
        texts[f"p{number}"] = f"extends: [p{number - 1}]\nscoring: {{weights: {{major: {number}}}, because: x}}"
    profile = resolve_profile(with_profiles(folders, tmp_path, **texts), "p999")
    assert profile.scoring.weights["major"] == 999
    assert profile.digest
