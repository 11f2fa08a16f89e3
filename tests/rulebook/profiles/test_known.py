"""`known` and `is` in the patterns of productions: what nobody knows, and what may not be the case while nobody knows."""

from typing import Any

import pytest

from auditor.rulebook.production import Production, mistakes


def production(where: dict[str, Any], fact: str = "project") -> Production:
    return Production.model_validate(
        {"name": "p", "when": [{"fact": fact, "where": where}], "then": [{"require": "risk_log", "obligation": "optional"}], "because": "x"}
    )


@pytest.mark.parametrize(
    ("fact", "where", "message"),
    [
        ("project", {"size": {"known": "no"}}, "known is true or false"),
        ("project", {"size": {"known": False, "not": "small"}}, "what nobody knows is not compared"),
        ("declared", {"product": {"known": True}}, "this is always known"),
        ("project", {"size": {"is": "tiny", "known": True}}, "'tiny' is no value of it"),
        ("project", {"budget": {"is": "much"}}, "'much' is no number"),
        ("project", {"size": {"konwn": True}}, "'konwn' is no test"),
    ],
)
def test_what_cannot_be_meant_is_refused(fact: str, where: dict[str, Any], message: str) -> None:
    """With what the pattern says wrongly."""
    assert [found[1] for found in mistakes(production(where, fact), "tailoring", {}, {})] == [message]


@pytest.mark.parametrize(
    "where",
    [
        {"size": {"known": False}},
        {"size": {"is": ["small", "medium"], "known": True}},
        {"budget": {"at_least": 5, "known": True}},
        {"is_agile": {"is": True}},
    ],
)
def test_what_can_be_meant_is_taken(where: dict[str, Any]) -> None:
    assert list(mistakes(production(where), "tailoring", {}, {})) == []
