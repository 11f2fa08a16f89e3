"""Closed accounts of a tracker are departures without a day."""

from typing import Any

from auditor.snapshot.accounts import closed_accounts
from auditor.snapshot.rows import Made


def _person(own_id: str, *, is_gone: bool = False, **values: Any) -> Made:
    return Made("person", own_id, values, set(values), "tracker", is_gone=is_gone)


def test_who_has_a_closed_account_left() -> None:
    rows = [
        _person("a", name="Ann Lee", kind="person", is_active=False),
        _person("b", name="Bo Ash", kind="person", is_active=True),
        _person("c", name="Cy Dee", kind="person"),
        _person("d", name="Test team", kind="group", is_active=False),
        _person("e", name="Di Marsh", kind="person", is_active=False, is_gone=True),
    ]
    assert [(row.get("person_id"), row.get("kind"), row.get("reason"), row.get("on_date")) for row in closed_accounts(rows)] == [
        ("a", "departure", "account_closed", None)
    ]
