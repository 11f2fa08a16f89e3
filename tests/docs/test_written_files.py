"""Files that the guides show are files that auditor reads."""

import re
from pathlib import Path

from auditor.checks.answers import load_answers
from auditor.rulebook.load import load_rulebook
from auditor.rulebook.profile import resolve_profile
from auditor.snapshot.people import load_people
from tests.shipped import shipped_rulebook

DOCS = Path(__file__).parents[2] / "docs"


def shown(page: str, begins: str) -> str:
    text = (DOCS / page).read_text("utf-8")
    return next(block for block in re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL) if block.startswith(begins))


def test_people(tmp_path: Path) -> None:
    """The aliases of the guide make one person of a name and an account."""
    (tmp_path / "people.yaml").write_text(shown("guide-qa-officer.md", "# people.yaml"), "utf-8")
    assert set(load_people(tmp_path / "people.yaml").identities.values()) == {"laura.stein"}


def test_answers(tmp_path: Path) -> None:
    """The answer of the guide is one to a shipped rule."""
    (tmp_path / "answers.yaml").write_text(shown("guide-qa-officer.md", "answers:"), "utf-8")
    (answer,) = load_answers(tmp_path / "answers.yaml", rules=shipped_rulebook().rules, projects=["BOREAL"])
    assert answer.says == "yes"


def test_profile(tmp_path: Path) -> None:
    """The profile of the guide resolves, and says who set what."""
    (tmp_path / "our-pm2.yaml").write_text(shown("guide-methodology-owner.md", "# rules/our-pm2.yaml"), "utf-8")
    profile = resolve_profile(load_rulebook([tmp_path], understood=shipped_rulebook()), "our-pm2")
    setting = profile.setting("PM2-RSK-13", "params.threshold")
    assert (setting.value, setting.set_by) == (16, "our-pm2.yaml:8")
    assert "PM2-CST-07" not in profile.rules
