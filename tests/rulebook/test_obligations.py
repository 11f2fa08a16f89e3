"""Obligations: strict files, the first statement that holds wins."""

from pathlib import Path

import pytest

from auditor.rulebook.load import Rulebook, load_rulebook
from tests.shipped import shipped_rulebook

PACK = "name: acme\ntitle: Acme\nstandard: acme\nversion: 1.0.0\n"


def load(folder: Path, obligations: str) -> Rulebook:
    (folder / "acme").mkdir()
    (folder / "acme/pack.yaml").write_text(PACK, encoding="utf-8")
    (folder / "acme/obligations.yaml").write_text(f"obligations:\n{obligations}", encoding="utf-8")
    return load_rulebook([folder], installed=False)


def test_statements_keep_their_order(tmp_path: Path) -> None:
    """The file's order is what decides, so it is kept."""
    text = """\
- {kind: risk_log, obligation: optional, when: {size: [small, medium], is_outsourced: false}, why: short}
- {kind: risk_log, obligation: mandatory, why: long, section: "9.7"}
"""
    first, second = load(tmp_path, text).obligations["acme"]
    assert (first.obligation, dict(first.when)) == ("optional", {"size": ("small", "medium"), "is_outsourced": False})
    assert (second.obligation, dict(second.when), second.section) == ("mandatory", {}, "9.7")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{kind: risk_log, obligation: must, why: x}", "one of: mandatory, recommended, optional, not_used"),
        ("{kind: risk_log, obligation: mandatory, when: {siez: small}, why: x}", "did you mean 'size'"),
        ("{kind: risk_log, obligation: mandatory, when: {size: tiny}, why: x}", "one of: small, medium, large"),
        ("{kind: risk_log, obligation: mandatory, when: {is_outsourced: 'true'}, why: x}", "is_outsourced is true or false"),
        ("{kind: risk_log, obligation: mandatory, when: {size: []}, why: x}", "a text or a list of texts"),
        ("{kind: Risk-Log, obligation: mandatory, why: x}", "'Risk-Log'"),
        ("{kind: risk_log, obligation: mandatory}", "why"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, line: str, message: str) -> None:
    """Each mistake names its place and what would be right."""
    with pytest.raises(ExceptionGroup) as caught:
        load(tmp_path, f"- {line}\n")
    (error,) = caught.value.exceptions
    assert "obligations.yaml:2" in str(error)
    assert message in str(error)


def test_a_statement_that_never_holds_is_refused(tmp_path: Path) -> None:
    """Behind one that always holds nothing else is heard."""
    text = "- {kind: risk_log, obligation: mandatory, why: x}\n- {kind: risk_log, obligation: optional, when: {size: small}, why: y}\n"
    with pytest.raises(ExceptionGroup) as caught:
        load(tmp_path, text)
    assert "this never holds: line 2 says it of 'risk_log' first" in str(caught.value.exceptions[0])


def test_every_artefact_of_pm2_has_a_statement_for_every_project() -> None:
    """Whatever the project is like, the last statement about a product holds."""
    last = {item.kind: item for item in shipped_rulebook().obligations["pm2"]}
    assert len(last) == 47
    assert [kind for kind, item in last.items() if item.when] == []
