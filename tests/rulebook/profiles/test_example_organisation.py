"""The example that a methodology owner copies: it loads, is proved by its cases, and does what its page says."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.errors import AuditorError
from auditor.reasoning.facts import Project, Told
from auditor.reasoning.tailor import tailor
from auditor.rulebook.decision_format import FORMATS, load_table, write_table
from auditor.rulebook.decision_table import read_table, table_mistakes
from auditor.rulebook.lint import lint_rulebook
from auditor.rulebook.load import Rulebook, load_rulebook
from auditor.rulebook.profile import describe_profile, resolve_profile
from auditor.rulebook.profile_choice import offered, offers
from auditor.workbench.cases import run_rule_cases
from tests.shipped import shipped_rulebook

FOLDER = Path(__file__).parents[3] / "docs" / "example-organisation"
NAMES = ("lakeside", "lakeside-small")


@pytest.fixture(scope="module")
def town() -> Rulebook:
    return load_rulebook([FOLDER / "rules"], understood=shipped_rulebook())


@pytest.mark.parametrize("name", NAMES)
def test_its_profiles_are_known(name: str, town: Rulebook, golden: Callable[[str, str], None]) -> None:
    golden(f"{name}.txt", describe_profile(resolve_profile(town, name)))


def test_its_rules_hold_in_their_cases_and_keep_our_habits(town: Rulebook) -> None:
    outcomes = run_rule_cases(town, ("LAKE-GOV-01", "LAKE-RSK-01"))
    assert len(outcomes) >= 10
    assert [str(outcome) for outcome in outcomes if not outcome.holds] == []
    assert [str(finding) for finding in lint_rulebook(town) if "LAKE" in str(finding) or "lakeside" in str(finding)] == []


def test_its_profiles_are_chosen_without_being_named(town: Rulebook) -> None:
    """As the page of the example says."""
    found = {size: offered(offers(town), {"methodology": "pm2", "size": size}) for size in ("small", "large", None)}
    assert found == {"small": ("lakeside-small",), "large": ("lakeside",), None: ("lakeside",)}


def test_what_small_projects_are_spared_stays_out_of_what_the_town_asks_of_them(town: Rulebook) -> None:
    """Both bases left something out, and both are heard."""
    dropped = resolve_profile(town, "lakeside-small").dropped
    assert {"PM2-SCH-07", "PM2-INI-10", "PM2-STK-03"} <= set(dropped)


@pytest.mark.parametrize(
    ("traits", "duties", "longest", "dropped"),
    [
        ({"size": "small", "budget": 49_999, "is_outsourced": False}, ("optional", "not_used"), 184, True),
        ({"size": "small", "budget": 50_000, "is_outsourced": False}, ("recommended", "optional"), None, False),
        ({"size": "small", "budget": 500_000, "is_outsourced": False}, ("mandatory", "mandatory"), 31, False),
        ({"size": "large", "budget": None, "is_outsourced": None}, ("mandatory", "mandatory"), 31, False),
        ({"size": "medium", "budget": 9, "is_outsourced": True}, ("recommended", "recommended"), None, False),
        ({"size": None, "budget": 9, "is_outsourced": True}, ("recommended", "recommended"), None, False),
        ({"size": "medium", "budget": 9, "is_outsourced": None}, (None, None), None, False),
    ],
)
def test_its_table_tailors_projects(
    traits: dict[str, Any], duties: tuple[str | None, ...], longest: int | None, *, dropped: bool, town: Rulebook
) -> None:
    """By size, budget and outsourcing; where nobody knows who does the work, what hangs on it stays open."""
    plan = tailor({"P": Project({"methodology": "pm2", **traits})}, resolve_profile(town, "lakeside")).plan.projects["P"]
    found = {item.kind: item.obligation for item in plan.expected}
    assert (found.get("quality_review_report"), found.get("configuration_registry")) == duties
    own = plan.params.get("LAKE-RSK-01", {})
    assert (own["longest"].value if own else None) == longest
    assert ("PM2-CFG-03" in plan.dropped) == dropped


def test_what_a_project_declared_comes_before_the_table(town: Rulebook) -> None:
    """The tailoring table of its Handbook says that there is no registry."""
    declared = Told("declared", {"product": "configuration_registry", "is_used": False, "has_reason": True}, ("is_approved",))
    traits = {"methodology": "pm2", "size": "large", "budget": 900_000, "is_outsourced": False}
    plan = tailor({"P": Project(traits, (declared,))}, resolve_profile(town, "lakeside")).plan.projects["P"]
    found = {item.kind: item.obligation for item in plan.expected}
    assert (found["configuration_registry"], found["quality_review_report"]) == ("not_used", "mandatory")


def test_its_table_is_the_same_in_every_format(tmp_path: Path) -> None:
    """And the file that is shipped is the one that auditor would write."""
    errors: list[AuditorError] = []
    file = FOLDER / "rules" / "lakeside" / "reasoning" / "sizes.csv"
    read = load_table(file, "sizes.csv", errors)
    assert read is not None
    for kind in FORMATS:
        (tmp_path / f"t{kind}").write_bytes(write_table(read[0], kind))
        again = load_table(tmp_path / f"t{kind}", f"t{kind}", errors)
        assert again is not None
        assert again[0] == read[0]
    assert errors == []
    assert (tmp_path / "t.csv").read_bytes() == file.read_bytes()


def test_its_page_names_every_file() -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    for file in (FOLDER / "rules").rglob("*.*"):
        assert file.name in page, file


def test_the_table_of_the_guide_has_no_mistakes(town: Rulebook, tmp_path: Path) -> None:
    """Complete, without overlaps, over rules and parameters that exist."""
    page = (FOLDER.parent / "guide-methodology-owner.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```csv\n(.*?)```", page, re.DOTALL)
    (tmp_path / "t.csv").write_text(block, encoding="utf-8")
    errors: list[AuditorError] = []
    read = load_table(tmp_path / "t.csv", "t.csv", errors)
    assert read is not None
    compiled = read_table(*read, errors)
    assert errors == []
    assert compiled is not None
    assert list(table_mistakes(compiled, town.rules)) == []
