"""Who may decide on changes up to which amount."""

from decimal import Decimal

import pytest
from details_notation import read


@pytest.mark.parametrize(
    ("header", "group"),
    [
        ("| Authority | Limit for one change | Limit for a stage |", "Change Control Group (chair Bo Ek)"),
        ("| Change authority | Limit per change | Stage limit |", "Change Authority"),
        ("| Befugnis | Grenze je Änderung | Grenze für eine Phase |", "Änderungskontrollgruppe"),
    ],
)
def test_limits_for_one_change_and_for_a_stage(header: str, group: str) -> None:
    found = read(
        f"% Change Control Approach\n# Who decides\n{header}\n| Project Manager (Ann Lee) | £2,500 | £10,000 |\n| {group} | £15,000 | £60,000 |\n"
        "| Project Board | All above | Change budget £150,000 |",
        kind="change_control_approach",
    )
    rows = [row for row in found.found if row.values.get("kind") == "delegation"]
    assert [(row.values.get("role"), row.values.get("number")) for row in rows[:2]] == [
        ("project_manager", Decimal(2500)),
        ("change_authority", Decimal(15000)),
    ]
    assert rows[1].values["text"] == "£60,000"
    assert all("number" not in row.values for row in rows[2:])
