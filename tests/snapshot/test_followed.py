"""Actions of meetings and what later minutes say of them."""

from datetime import date
from typing import Any

import pytest

from auditor.snapshot.followed import follow_actions
from auditor.snapshot.rows import Made

DAYS = {"m1": date(2026, 2, 18), "m2": date(2026, 4, 15), "m3": date(2026, 6, 17)}


def meetings() -> list[Made]:
    return [
        Made("meeting", name, values := {"held_on": day, "minutes_artefact_id": name}, set(values), "files", artefact=name)
        for name, day in DAYS.items()
    ]


def action(where: str, row_id: str, title: str, status: str | None = "open", **more: Any) -> Made:
    values = {"title": title, "status": status}
    return Made("action", row_id, values, set(values), "files", artefact=where, **more)


def states(*rows: Made) -> list[str | None]:
    follow_actions([*meetings(), *rows])
    return [row.get("status") for row in rows]


@pytest.mark.parametrize(
    "line",
    [
        action("m2", "5e3c", "A-06-1", "done"),
        action("m2", "5e3c", "a-06-1 ", "done"),
        action("m2", "5e3c", "A-06-1: baseline 2", "done"),
        action("m2", "5e3c", "A-06-1 – la référence", "done"),
        action("m2", "A-06-1", "Baseline 2", "done"),
    ],
)
def test_the_state_that_later_minutes_tell_is_the_actions(line: Made) -> None:
    assert states(action("m1", "A-06-1", "Baseline 2 in writing"), line) == ["done", "done"]


def test_the_latest_minutes_count() -> None:
    agreed = action("m1", "A1", "Draft the plan")
    assert states(agreed, action("m3", "x", "A1", "done"), action("m2", "y", "A1", "in_progress"))[0] == "done"
    assert states(action("m1", "A1", "Draft the plan"), action("m3", "x", "A1", "open"), action("m2", "y", "A1", "done"))[0] == "open"


@pytest.mark.parametrize(
    ("agreed", "line"),
    [
        (action("m2", "A1", "Draft the plan"), action("m1", "x", "A1", "done")),  # earlier minutes
        (action("m1", "A1", "Draft the plan"), action("m2", "x", "A1", None)),  # no state
        (action("m1", "A1", "Draft the plan"), action("m2", "x", "A10", "done")),  # another number
        (action("m1", "A1", "Draft the plan"), action("m2", "x", "Close A1", "done")),  # words about it
        (action("m1", "A1", "Draft the plan"), action("log", "x", "A1", "done")),  # of no meeting
        (action("m1", "A1", "Draft the plan"), action("m2", "x", "A1", "done", is_gone=True)),
        (action("m1", "1", "Draft the plan"), action("m2", "1", "Buy licences", "done")),  # minutes that count anew
        (action("m1", "3", "Draft the plan"), action("m2", "x", "3 licences to buy", "done")),
    ],
)
def test_what_does_not_speak_of_it_changes_nothing(agreed: Made, line: Made) -> None:
    assert states(agreed, line)[0] == "open"


def test_a_number_that_two_actions_of_a_day_have_is_nobodys() -> None:
    assert states(action("m1", "1", "Draft"), action("m1", "1", "Print"), action("m2", "x", "1", "done"))[:2] == ["open", "open"]


def test_two_lines_of_one_day_that_differ_leave_it_as_it_was() -> None:
    assert states(action("m1", "A1", "Draft"), action("m2", "x", "A1", "done"), action("m2", "y", "A1", "open"))[0] == "open"
