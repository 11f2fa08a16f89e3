"""Agenda and minutes of one meeting."""

import datetime as dt
from typing import Any

import pytest

from auditor.snapshot.meetings import join_meetings
from auditor.snapshot.rows import Made

HELD = dt.date(2026, 3, 2)


def _row(row_id: str, **values: Any) -> Made:
    return Made("meeting", row_id, dict(values), set(values), "documents", artefact=f"doc {row_id}")


def test_an_agenda_belongs_to_the_minutes_of_its_day() -> None:
    """One row remains, that of the minutes, with the day on which the agenda was sent."""
    minutes = _row("m", kind="planning_kick_off", held_on=HELD, has_minutes=True)
    agendas = [
        _row(str(day), kind="planning_kick_off", held_on=HELD, has_agenda=True, agenda_on=dt.date(2026, 2, day)) for day in (24, 20, 26)
    ]
    (row,) = join_meetings([agendas[0], minutes, *agendas[1:]])
    assert row.id == "m"
    assert (row.get("agenda_on"), row.get("has_agenda")) == (dt.date(2026, 2, 20), True)


def test_a_blank_day_of_the_agenda_stays_blank() -> None:
    """The agenda has a place for the day on which it was sent, and the place is empty."""
    minutes = _row("m", kind="planning_kick_off", held_on=HELD, has_minutes=True)
    (row,) = join_meetings([minutes, _row("a", kind="planning_kick_off", held_on=HELD, has_agenda=True, agenda_on=None)])
    assert "agenda_on" in row.filled
    assert row.get("agenda_on") is None


@pytest.mark.parametrize(
    "other", [{"kind": "steering_committee", "held_on": HELD}, {"kind": "planning_kick_off", "held_on": dt.date(2026, 3, 9)}, {}]
)
def test_an_agenda_alone_does_not_say_that_the_meeting_was_held(other: dict[str, Any]) -> None:
    """The day of another meeting, or of one without minutes, becomes unknown."""
    minutes = _row("m", has_minutes=True, **other)
    agenda = _row("a", kind="planning_kick_off", held_on=HELD, has_agenda=True, agenda_on=dt.date(2026, 2, 20))
    rows = {row.id: row for row in join_meetings([minutes, agenda])}
    assert rows.keys() == {"m", "a"}
    assert "held_on" not in rows["a"].filled
    assert rows["a"].get("agenda_on") == dt.date(2026, 2, 20)
    assert "has_agenda" not in rows["m"].filled


def test_meetings_of_tools_and_other_rows_are_left_alone() -> None:
    """What a tool says of a meeting is not judged by documents."""
    tool = Made("meeting", "t", {"held_on": HELD}, {"held_on"}, "calendar")
    other = Made("risk", "r", {}, set(), "documents", artefact="doc")
    assert list(join_meetings([tool, other])) == [tool, other]
    assert tool.get("held_on") == HELD
