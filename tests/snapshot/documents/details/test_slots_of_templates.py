"""Items of lists that a template numbers for its author to replace."""

import pytest
from details_notation import read

REPORT = "# Project status report 4\n## Risks\n- {one} and its state.\n- {two} and its state.\n"


@pytest.mark.parametrize(
    ("one", "two", "wanted"),
    [
        ("[Risk 1]", "[Risk 2]", 0),
        ("[Riesgo 1]", "[Riesgo 2]", 0),
        ("Late permits", "A strike", 2),
        ("[Annex 3] tells of late permits", "[Paper 7] tells of a strike", 2),
    ],
)
def test_numbered_slots_are_no_items(one: str, two: str, wanted: int) -> None:
    """'[Risk 1]', '[Risk 2]' wait for somebody's words; brackets that do not count from one refer to something."""
    found = read(REPORT.format(one=one, two=two), kind="project_status_report").found
    assert sum(row.table == "listed_item" and row.values["kind"] == "risk" for row in found) == wanted
