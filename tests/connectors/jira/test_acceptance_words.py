"""In how many ways a story says when it is accepted."""

import pytest

from auditor_connectors.jira.issue import states_criteria


@pytest.mark.parametrize(
    "text",
    [
        "As a clerk I want a list.\nAcceptance criteria:\n- it is sorted",
        "Sort the list.\nConditions of satisfaction\n1. by name",
        "Sort the list.\nDone when: it is sorted",
        "AC1: it is sorted\nAC2: it is short",
        "Sort it.\nAC: sorted by name",
        "Given a list\nWhen I open it\nThen it is sorted",
        "Angenommen, eine Liste\nWenn ich sie öffne\nDann ist sie sortiert",
        "Étant donné une liste\nQuand je l\u2019ouvre\nAlors elle est triée",
        "Dado una lista\nCuando la abro\nEntonces está ordenada",
        "Liste sortieren\nAbnahmebedingungen: nach Namen",
    ],
)
def test_criteria_are_seen(text: str) -> None:
    assert states_criteria(text)


@pytest.mark.parametrize(
    "text",
    [
        "Sort the list.",
        "Access to the list is slow.\nACME wants it faster.",
        "Given that the list is long\nwe sort it when it is opened.",
        "When I open the list\nthen it is not sorted",
        "Nobody accepted the criteria.",
    ],
)
def test_other_texts_state_none(text: str) -> None:
    assert not states_criteria(text)
